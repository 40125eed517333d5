//! The challenge of a 401
//! ([RFC 5849 section 3.5.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.5.1)).

use crate::Realm;

/// The value of WWW-Authenticate, `OAuth realm="..."`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge(String);

impl Challenge {
    /// For a realm; its quotes and backslashes are escaped, other than ASCII is percent-encoded.
    #[must_use]
    pub fn new(realm: &Realm) -> Self {
        let mut value = String::from("OAuth realm=\"");
        for byte in realm.as_str().bytes() {
            match byte {
                b'"' | b'\\' => {
                    value.push('\\');
                    value.push(char::from(byte));
                }
                0x20..0x7f => value.push(char::from(byte)),
                other => value.extend(crate::percent::escape(other).map(char::from)),
            }
        }
        value.push('"');
        Self(value)
    }

    /// The header's value: visible ASCII.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_realm_is_quoted_so_that_it_cannot_break_out() {
        let realm = Realm::new("a\"b\\c é").unwrap();
        assert_eq!(
            Challenge::new(&realm).as_str(),
            r#"OAuth realm="a\"b\\c %C3%A9""#
        );
    }
}
