//! All parameters of a request, in the order of their canonical encoding
//! ([RFC 5849 section 3.4.1.3](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3)).

use std::cmp::Ordering;

use super::{Name, Text, known::Known, name::Names, others::Others};
use crate::{Error, Limits, Transport};

/// The parameters, each borrowed as it was sent. The known ones have their places; only the others
/// are sorted.
#[derive(Clone)]
pub(crate) struct Collected<'a> {
    pub(crate) known: Known<'a>,
    pub(crate) others: Others<'a>,
    /// The protocol parameters of each transport.
    transports: [Names; TRANSPORTS.len()],
    /// See [`SentSignature`](super::SentSignature).
    pub(super) signature_and_before: &'a [u8],
    /// Those that are there more than once.
    repeated: Names,
    count: usize,
}

const TRANSPORTS: [Transport; 3] = [Transport::Header, Transport::Body, Transport::Query];

/// One parameter.
#[derive(Clone, Copy)]
pub(crate) struct Parameter<'a> {
    head: u64,
    pub(crate) name: Text<'a>,
    pub(crate) value: Text<'a>,
    pub(crate) transport: Transport,
    pub(crate) is_protocol: bool,
}

impl Parameter<'_> {
    /// By encoded name, then encoded value.
    #[inline]
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        self.head.cmp(&other.head).then_with(|| {
            let by_name = self.name.cmp(other.name);
            by_name.then_with(|| self.value.cmp(other.value))
        })
    }

    /// Whether it stands before all that start with `oauth_`.
    #[inline]
    pub(crate) fn is_before_all(&self) -> bool {
        self.head < u64::from_be_bytes(*b"oauth_\0\0")
    }

    /// Whether it stands before a known one.
    #[cold]
    pub(crate) fn is_before(&self, known: Name) -> bool {
        self.is_protocol && self.name.cmp(known.text()).is_lt()
    }
}

impl<'a> Collected<'a> {
    #[inline(always)]
    pub(super) fn none() -> Self {
        Self {
            known: Known::none(),
            others: Others::none(),
            transports: [Names::NONE; TRANSPORTS.len()],
            signature_and_before: &[],
            repeated: Names::NONE,
            count: 0,
        }
    }

    /// Takes one pair, well-formed.
    #[inline(always)]
    pub(super) fn push(
        &mut self,
        (name, value): (Text<'a>, Text<'a>),
        transport: Transport,
        limits: &Limits,
    ) -> Result<(), Error> {
        let head = name.head();
        let known = Name::of(name, head);
        self.check(name.len(), value.len(), limits)?;
        match known {
            Name::Application => {}
            Name::OtherProtocol => self.is_protocol(known, transport),
            known => {
                self.put(known, value, transport);
                return Ok(());
            }
        }
        self.others.push_made(|| Parameter {
            head,
            name,
            value,
            transport,
            is_protocol: known != Name::Application,
        });
        Ok(())
    }

    /// The same in the Authorization header, of a known name that is within the limits. Where it stood
    /// is noted for all of them by [`Self::end_of_header`].
    #[inline(always)]
    pub(super) fn push_known(
        &mut self,
        known: Name,
        value: Text<'a>,
        limits: &Limits,
    ) -> Result<(), Error> {
        self.check(0, value.len(), limits)?;
        let repeated = self.known.put(known, value);
        self.repeated.insert_all(repeated);
        Ok(())
    }

    /// Of a header that is read before all else.
    pub(super) fn end_of_header(&mut self) {
        let [header, ..] = &mut self.transports;
        header.insert_all(self.known.there());
    }

    #[inline(always)]
    fn check(
        &mut self,
        name_bytes: usize,
        value_bytes: usize,
        limits: &Limits,
    ) -> Result<(), Error> {
        let too_many = self.count >= limits.parameters;
        if too_many | (name_bytes > limits.name_bytes) | (value_bytes > limits.value_bytes) {
            return Err(self.too_large(name_bytes, limits));
        }
        self.count += 1;
        Ok(())
    }

    #[cold]
    fn too_large(&self, name_bytes: usize, limits: &Limits) -> Error {
        Error::TooLarge(if self.count >= limits.parameters {
            "number of parameters"
        } else if name_bytes > limits.name_bytes {
            "parameter name"
        } else {
            "parameter value"
        })
    }

    #[inline(always)]
    fn put(&mut self, known: Name, value: Text<'a>, transport: Transport) {
        self.is_protocol(known, transport);
        let repeated = self.known.put(known, value);
        self.repeated.insert_all(repeated);
    }

    #[inline(always)]
    fn is_protocol(&mut self, known: Name, transport: Transport) {
        if let Some(names) = self.transports.get_mut(transport as usize) {
            names.insert(known);
        }
    }

    /// The one transport of the protocol parameters, and the first of them; `None` without any.
    ///
    /// # Errors
    /// There is more than one.
    #[inline]
    pub(super) fn transport(&self) -> Result<Option<(Transport, Name)>, Error> {
        let [header, body, query] = self.transports;
        let (names, transport) = match (header.is_empty(), body.is_empty(), query.is_empty()) {
            (false, true, true) => (header, Transport::Header),
            (true, false, true) => (body, Transport::Body),
            (true, true, false) => (query, Transport::Query),
            (true, true, true) => return Ok(None),
            _ => return Err(self.mixed()),
        };
        Ok(names.first().map(|name| (transport, name)))
    }

    /// Names the first parameter that stands elsewhere than the one before it.
    #[cold]
    fn mixed(&self) -> Error {
        let firsts = self.transports.iter().filter_map(|names| names.first());
        let mut firsts: Vec<_> = firsts.collect();
        firsts.sort_unstable_by_key(|name| name.place());
        let second = firsts.get(1).copied().unwrap_or(Name::OtherProtocol);
        Error::TransportMixed(second.as_str())
    }

    /// Sorts by encoded name, then encoded value, bytewise (section 3.4.1.3.2). `%` stands before
    /// every unreserved byte, so comparing decoded bytes would be wrong.
    ///
    /// # Errors
    /// A protocol parameter twice.
    #[inline]
    pub(super) fn sort(&mut self) -> Result<(), Error> {
        match self.others.as_mut_slice() {
            [] | [_] => {}
            [first, second] => {
                if second.order(first).is_lt() {
                    std::mem::swap(first, second);
                }
            }
            more => sort_many(more),
        }
        let has_others = |names: &Names| !names.and(Name::OtherProtocol).is_empty();
        if self.transports.iter().any(has_others) {
            self.find_repeated();
        }
        if self.repeated.is_empty() {
            return Ok(());
        }
        Err(self.duplicated())
    }

    /// Those that are not known, once they are sorted.
    #[cold]
    fn find_repeated(&mut self) {
        let twice = |pair: &[Parameter<'_>]| match pair {
            [before, after] => before.is_protocol && before.name.cmp(after.name).is_eq(),
            _ => false,
        };
        if self.others.as_slice().windows(2).any(twice) {
            self.repeated.insert(Name::OtherProtocol);
        }
    }

    #[cold]
    fn duplicated(&self) -> Error {
        let name = self.repeated.first().unwrap_or(Name::OtherProtocol);
        Error::ParameterDuplicated(name.as_str())
    }
}

#[inline(never)]
fn sort_many(parameters: &mut [Parameter<'_>]) {
    parameters.sort_unstable_by(Parameter::order);
}

#[cfg(test)]
mod tests {
    use crate::{Limits, Parsed, Request};

    fn base_string(query: &str) -> String {
        let query = format!(
            "{query}&oauth_consumer_key=k&oauth_signature_method=PLAINTEXT&oauth_signature=s"
        );
        let request = Request::new("GET", "http", "h", "/", Some(&query));
        let parsed = Parsed::extract(&request, &Limits::default()).unwrap();
        parsed.unwrap().base_string()
    }

    #[test]
    fn parameters_sort_by_their_canonical_encoding_however_they_were_sent() {
        for query in [
            "d=*2&d=*%3D",
            "d=*=&d=%2a2",
            "d=%2A=&d=%2A2",
            "d=*2&d=%2A%3D",
        ] {
            let base_string = base_string(query);
            let sorted = "d%3D%252A%253D%26d%3D%252A2%26oauth";
            assert!(base_string.contains(sorted), "{query}: {base_string}");
        }
    }

    #[test]
    fn parameters_that_are_not_known_stand_between_those_that_are() {
        let query = "p=9&oauth_z=8&oauth_consumer_kez=4&oauth_consumer_k=2&oauth=1&oautha=7\
                     &oauth_signature_=6&oauth_signatur=5&oauth_=0&o=0&%6Fauth_consumer_keya=3";
        let sorted = "o=0&oauth=1&oauth_=0&oauth_consumer_k=2&oauth_consumer_key=k\
                      &oauth_consumer_keya=3&oauth_consumer_kez=4&oauth_signatur=5\
                      &oauth_signature_=6&oauth_signature_method=PLAINTEXT&oauth_z=8&oautha=7&p=9";
        let expected = sorted.replace('=', "%3D").replace('&', "%26");
        assert_eq!(
            base_string(query),
            format!("GET&http%3A%2F%2Fh%2F&{expected}")
        );
    }
}
