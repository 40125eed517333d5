//! All parameters of a request, sorted by their canonical encoding
//! ([RFC 5849 section 3.4.1.3](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3)).

use std::{cmp::Ordering, fmt};

use super::{Name, Text};
use crate::{Error, Limits, Transport, percent::Form};

/// The parameters, each borrowed as it was sent.
#[derive(Default)]
pub(crate) struct Collected<'a> {
    parameters: Vec<Parameter<'a>>,
}

/// One parameter. Its parts lie flat, so that sorting moves less.
#[derive(Clone, Copy)]
pub(crate) struct Parameter<'a> {
    head: u64,
    raw_name: &'a [u8],
    raw_value: &'a [u8],
    name_form: Form,
    value_form: Form,
    pub(crate) transport: Transport,
    pub(crate) known: Name,
}

impl<'a> Parameter<'a> {
    #[inline]
    pub(crate) fn name(&self) -> Text<'a> {
        Text::new(self.raw_name, self.name_form)
    }

    #[inline]
    pub(crate) fn value(&self) -> Text<'a> {
        Text::new(self.raw_value, self.value_form)
    }

    /// By encoded name, then encoded value.
    #[inline]
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        self.head.cmp(&other.head).then_with(|| {
            let by_name = self.name().cmp(other.name());
            by_name.then_with(|| self.value().cmp(other.value()))
        })
    }

    /// Whether its name starts with `oauth_`.
    #[inline]
    pub(crate) fn is_protocol(&self) -> bool {
        self.known != Name::Application
    }

    #[inline]
    pub(super) fn has_name_of(&self, other: &Self) -> bool {
        self.head == other.head && self.name().cmp(other.name()).is_eq()
    }
}

impl<'a> Collected<'a> {
    /// Takes one pair, well-formed.
    #[inline]
    pub(super) fn push(
        &mut self,
        (name, value): (Text<'a>, Text<'a>),
        transport: Transport,
        limits: &Limits,
    ) -> Result<(), Error> {
        let known = Name::of(name, name.head());
        self.push_known(known, (name, value), transport, limits)
    }

    /// The same, of a name told apart already.
    #[inline]
    pub(super) fn push_known(
        &mut self,
        known: Name,
        (name, value): (Text<'a>, Text<'a>),
        transport: Transport,
        limits: &Limits,
    ) -> Result<(), Error> {
        if self.parameters.len() >= limits.parameters {
            return Err(Error::TooLarge("number of parameters"));
        }
        if name.raw().len() > limits.name_bytes {
            return Err(Error::TooLarge("parameter name"));
        }
        if value.raw().len() > limits.value_bytes {
            return Err(Error::TooLarge("parameter value"));
        }
        if self.parameters.capacity() == 0 {
            self.parameters.reserve(TYPICAL);
        }
        self.parameters.push(Parameter {
            head: name.head(),
            raw_name: name.raw(),
            raw_value: value.raw(),
            name_form: name.form(),
            value_form: value.form(),
            transport,
            known,
        });
        Ok(())
    }

    /// By encoded name, then encoded value, bytewise (section 3.4.1.3.2). `%` stands before every
    /// unreserved byte, so comparing decoded bytes would be wrong.
    pub(super) fn sort(&mut self) {
        self.parameters.sort_unstable_by(Parameter::order);
    }

    pub(crate) fn retain(&mut self, keep: impl FnMut(&Parameter<'a>) -> bool) {
        self.parameters.retain(keep);
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Parameter<'a>> {
        self.parameters.iter()
    }
}

/// Room for the parameters of most requests.
const TYPICAL: usize = 16;

impl fmt::Debug for Collected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} parameters", self.parameters.len())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Limits, Parsed, Request};

    #[test]
    fn parameters_sort_by_their_canonical_encoding_however_they_were_sent() {
        for query in [
            "d=*2&d=*%3D",
            "d=*=&d=%2a2",
            "d=%2A=&d=%2A2",
            "d=*2&d=%2A%3D",
        ] {
            let query = format!(
                "{query}&oauth_consumer_key=k&oauth_signature_method=PLAINTEXT&oauth_signature=s"
            );
            let request = Request::new("GET", "http", "h", "/", Some(&query));
            let parsed = Parsed::extract(&request, &Limits::default()).unwrap();
            let base_string = parsed.unwrap().base_string();
            let sorted = "d%3D%252A%253D%26d%3D%252A2%26oauth";
            assert!(base_string.contains(sorted), "{query}: {base_string}");
        }
    }
}
