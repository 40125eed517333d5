//! All parameters of a request in canonical encoding, sorted
//! ([RFC 5849 section 3.4.1.3](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3)).

use std::{fmt, ops::Range};

use crate::{Error, Limits, Transport, percent};

/// The parameters, each kept once, in its canonical percent encoding. Input that is canonical
/// already is borrowed; the rest is re-encoded into one scratch buffer.
#[derive(Default)]
pub(crate) struct Collected<'a> {
    parameters: Vec<Parameter<'a>>,
    scratch: Vec<u8>,
}

/// One parameter; its texts are read through [`Collected`].
#[derive(Clone)]
pub(crate) struct Parameter<'a> {
    name: Text<'a>,
    value: Text<'a>,
    /// The first eight bytes of the encoded name: settles nearly all comparisons.
    head: u64,
    pub(crate) transport: Transport,
}

#[derive(Clone)]
enum Text<'a> {
    /// Without any escape: its own decoding, too.
    Plain(&'a [u8]),
    Escaped(&'a [u8]),
    Scratch(Range<usize>),
}

impl<'a> Collected<'a> {
    /// Takes one raw pair, decoding it once.
    pub(crate) fn push(
        &mut self,
        (name, value): (&'a [u8], &'a [u8]),
        transport: Transport,
        limits: &Limits,
    ) -> Result<(), Error> {
        if self.parameters.len() >= limits.parameters {
            return Err(Error::TooLarge("number of parameters"));
        }
        if name.len() > limits.name_bytes {
            return Err(Error::TooLarge("parameter name"));
        }
        if value.len() > limits.value_bytes {
            return Err(Error::TooLarge("parameter value"));
        }
        if self.parameters.is_empty() {
            self.parameters.reserve(16.min(limits.parameters));
        }
        let plus_is_space = transport != Transport::Header;
        let name = self.text(name, plus_is_space)?;
        let value = self.text(value, plus_is_space)?;
        let head = head(self.read(&name));
        self.parameters.push(Parameter {
            name,
            value,
            head,
            transport,
        });
        Ok(())
    }

    /// By encoded name, then encoded value, bytewise (section 3.4.1.3.2). `%` stands before every
    /// unreserved byte, so comparing decoded bytes would be wrong.
    pub(crate) fn sort(&mut self) {
        let mut parameters = std::mem::take(&mut self.parameters);
        parameters.sort_unstable_by(|a, b| {
            a.head.cmp(&b.head).then_with(|| {
                self.name(a)
                    .cmp(self.name(b))
                    .then_with(|| self.value(a).cmp(self.value(b)))
            })
        });
        self.parameters = parameters;
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Parameter<'a>> {
        self.parameters.iter()
    }

    pub(crate) fn name<'s>(&'s self, parameter: &'s Parameter<'a>) -> &'s [u8] {
        self.read(&parameter.name)
    }

    pub(crate) fn value<'s>(&'s self, parameter: &'s Parameter<'a>) -> &'s [u8] {
        self.read(&parameter.value)
    }

    /// The value as borrowed from the request, if it has no escapes: then nothing is copied.
    pub(crate) fn plain_value(&self, parameter: &Parameter<'a>) -> Option<&'a [u8]> {
        match parameter.value {
            Text::Plain(text) => Some(text),
            _ => None,
        }
    }

    /// Name and value, and whether either may have an escape.
    pub(crate) fn pair<'s>(&'s self, parameter: &'s Parameter<'a>) -> [(&'s [u8], bool); 2] {
        [&parameter.name, &parameter.value]
            .map(|text| (self.read(text), !matches!(text, Text::Plain(_))))
    }

    pub(crate) fn decoded_name(&self, parameter: &Parameter<'a>) -> Vec<u8> {
        percent::decode(self.name(parameter))
            .unwrap_or_default()
            .into_owned()
    }

    pub(crate) fn decoded_value(&self, parameter: &Parameter<'a>) -> Vec<u8> {
        percent::decode(self.value(parameter))
            .unwrap_or_default()
            .into_owned()
    }

    fn text(&mut self, raw: &'a [u8], plus_is_space: bool) -> Result<Text<'a>, Error> {
        match percent::form(raw) {
            percent::Form::Plain => return Ok(Text::Plain(raw)),
            percent::Form::Escaped => return Ok(Text::Escaped(raw)),
            percent::Form::Other => {}
        }
        let start = self.scratch.len();
        percent::canonicalize(raw, plus_is_space, &mut self.scratch)
            .ok_or(Error::ParameterMalformed("percent encoding"))?;
        Ok(Text::Scratch(start..self.scratch.len()))
    }

    fn read<'s>(&'s self, text: &'s Text<'a>) -> &'s [u8] {
        match text {
            Text::Plain(text) | Text::Escaped(text) => text,
            Text::Scratch(range) => self.scratch.get(range.clone()).unwrap_or_default(),
        }
    }
}

impl fmt::Debug for Collected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} parameters", self.parameters.len())
    }
}

fn head(name: &[u8]) -> u64 {
    let mut head = [0; 8];
    for (to, from) in head.iter_mut().zip(name) {
        *to = *from;
    }
    u64::from_be_bytes(head)
}
