//! What clients get wrong, the most likely first. Codes are frozen: tools read them.

mod address;
mod arrays;
mod body;
mod encoding;
mod key;
mod parameters;
mod seldom;

use super::{Cause, model::Model};

/// A mistake, as a change to what is right. Several share a code where it can be made in
/// different ways, usual and rare ones.
pub(super) struct Mistake {
    pub(super) code: &'static str,
    text: &'static str,
    /// In the order of likelihood.
    pub(super) place: usize,
    pub(super) likelihood: Likelihood,
    pub(super) make: Box<Make>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Likelihood {
    Usual,
    Rare,
    /// Looked for where nothing else is found, and in no pairs: each would cost as much as all pairs
    /// with one of the others.
    Seldom,
}

type Make = dyn Fn(&mut Model<'_>);

impl Mistake {
    pub(super) fn cause(&self) -> Cause {
        Cause {
            code: self.code,
            text: self.text,
        }
    }
}

/// All mistakes, in the order of their likelihood.
pub(super) fn mistakes() -> Vec<Mistake> {
    let mut list = List(Vec::new());
    address::add(&mut list);
    parameters::add(&mut list);
    body::add(&mut list);
    encoding::add(&mut list);
    key::add(&mut list);
    seldom::add(&mut list);
    arrays::add(&mut list);
    list.0.sort_by_key(|mistake| mistake.place);
    list.0
}

/// Encoders that make more than two mistakes at once, each as these.
pub(super) fn encoders() -> impl Iterator<Item = Vec<Mistake>> {
    encoding::of_forms().map(|list| list.0)
}

/// The codes, the most likely first.
pub(super) const CODES: [(&str, &str); 41] = [
    (
        "scheme",
        "the client signed http for https, or https for http",
    ),
    ("port", "the client kept a default port, or dropped another"),
    (
        "host",
        "the client signed another host, or the host in another case",
    ),
    (
        "token_secret_missing",
        "the client left the token secret out of the key",
    ),
    (
        "token_secret_extra",
        "the client put a token secret into the key of a request without token",
    ),
    (
        "query_missing",
        "the client left the query's parameters out",
    ),
    (
        "body_missing",
        "the client left the form body's parameters out",
    ),
    ("body_included", "the client took a body in that is no form"),
    (
        "trailing_slash",
        "the client added or dropped a slash at the path's end",
    ),
    (
        "path_encoding",
        "the client decoded the path, or encoded it twice",
    ),
    (
        "plus_for_space",
        "the client wrote a space as plus, or took a plus for a plus",
    ),
    (
        "double_encoded",
        "the client encoded values, or a part of the base string, twice",
    ),
    ("unsorted", "the client did not sort the parameters"),
    (
        "sorted_before_encoding",
        "the client sorted the parameters before it encoded them",
    ),
    (
        "duplicates_dropped",
        "the client signed a repeated parameter once",
    ),
    (
        "underencoded",
        "the client left some of ! * ' ( ) / or other marks unescaped",
    ),
    ("overencoded", "the client escaped some of ~ - . _"),
    (
        "lowercase_hex",
        "the client wrote escapes with lower-case digits",
    ),
    (
        "method_case",
        "the client signed the HTTP method in another case",
    ),
    (
        "secrets_unencoded",
        "the client did not encode the secrets in the key",
    ),
    ("ampersand_missing", "the client left the & out of the key"),
    (
        "secrets_swapped",
        "the client put the secrets into the key the wrong way round",
    ),
    (
        "other_hash",
        "the client used another hash than the method's name says, or none",
    ),
    (
        "digest_encoding",
        "the client wrote the digest in another encoding than base64",
    ),
    ("realm_included", "the client signed the realm"),
    (
        "signature_included",
        "the client signed oauth_signature itself",
    ),
    (
        "body_hash_missing",
        "the client left oauth_body_hash out of the signature",
    ),
    ("method", "the client signed another HTTP method"),
    ("query_in_uri", "the client signed the URI with its query"),
    (
        "parameter_missing",
        "the client left a parameter out, or it was added afterwards",
    ),
    (
        "empty_values",
        "the client left empty values out, or their equals signs",
    ),
    (
        "array_names",
        "the client signed arrays by other names, as a[], a[0] or a",
    ),
    (
        "unencoded",
        "the client did not encode the parameters, or a part of the base string",
    ),
    (
        "signature_encoding",
        "the client encoded the signature twice, or not at all",
    ),
    (
        "path",
        "the client signed the path in lower case, without dots or double slashes, or not at all",
    ),
    (
        "charset",
        "the client encoded Latin-1, or UTF-8 as if it were Latin-1",
    ),
    (
        "ampersand_escaped",
        "the client escaped the & of the key, or wrote &amp; between parameters",
    ),
    (
        "consumer_secret_missing",
        "the client left the consumer secret out of the key",
    ),
    (
        "key_as_secret",
        "the client took the consumer key or the token for a secret",
    ),
    (
        "secret_whitespace",
        "the client's secret ends with a space or a line end",
    ),
    (
        "hmac_swapped",
        "the client took the base string for the HMAC's key, and the key for its text",
    ),
];

/// Mistakes under way.
struct List(Vec<Mistake>);

impl List {
    fn usual(&mut self, code: &'static str, make: impl Fn(&mut Model<'_>) + 'static) {
        self.push(code, Likelihood::Usual, Box::new(make));
    }

    fn rare(&mut self, code: &'static str, make: impl Fn(&mut Model<'_>) + 'static) {
        self.push(code, Likelihood::Rare, Box::new(make));
    }

    fn seldom(&mut self, code: &'static str, make: impl Fn(&mut Model<'_>) + 'static) {
        self.push(code, Likelihood::Seldom, Box::new(make));
    }

    fn push(&mut self, code: &'static str, likelihood: Likelihood, make: Box<Make>) {
        let found = CODES.iter().zip(0..).find(|((known, _), _)| *known == code);
        if let Some(((_, text), place)) = found {
            self.0.push(Mistake {
                code,
                text,
                place,
                likelihood,
                make,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_mistake_and_every_mistake_a_code() {
        let mistakes = mistakes();
        for (code, text) in CODES {
            assert!(
                mistakes.iter().any(|mistake| mistake.code == code),
                "{code}"
            );
            assert!(!text.is_empty());
        }
    }
}
