//! Realms: to what part of a user's things a token gives access. Others call them scopes.
//!
//! RFC 5849 leaves them to the provider; `realm` of the Authorization header names the protection
//! space ([section 3.5.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.5.1)).

use std::fmt;

use smol_str::SmolStr;

/// A set of realms, such as `photos.read photos.write`: sorted, without repetition.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
#[doc(alias = "scopes")]
pub struct Realms(SmolStr);

/// The most bytes of a set's text.
const TEXT_BYTES: usize = 1_024;

impl Realms {
    /// Of names separated by spaces; `""` is the empty set.
    ///
    /// # Errors
    /// [`RealmsError`] if a name has other characters than OAuth 2.0 allows in a scope (visible
    /// ASCII without `"` and `\`), or all together are longer than 1,024 bytes.
    pub fn parse(text: &str) -> Result<Self, RealmsError> {
        if text.len() > TEXT_BYTES {
            return Err(RealmsError::TooLong);
        }
        let allowed = |b: u8| matches!(b, 0x20..0x7f) && b != b'"' && b != b'\\';
        if !text.bytes().all(allowed) {
            return Err(RealmsError::Characters);
        }
        let mut names: Vec<&str> = text.split(' ').filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        Ok(Self(SmolStr::new(names.join(" "))))
    }

    /// The names, separated by single spaces: what [`Realms::parse`] takes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|name| !name.is_empty())
    }

    /// Whether this one is among them. Names are compared whole, byte by byte.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|own| own == name)
    }

    /// Whether `others` has all of these.
    #[must_use]
    pub fn is_subset_of(&self, others: &Self) -> bool {
        self.iter().all(|name| others.contains(name))
    }
}

impl fmt::Display for Realms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Realms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl std::str::FromStr for Realms {
    type Err = RealmsError;

    fn from_str(text: &str) -> Result<Self, RealmsError> {
        Self::parse(text)
    }
}

/// Why a text names no realms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RealmsError {
    /// It is longer than 1,024 bytes.
    #[error("realms longer than {TEXT_BYTES} bytes")]
    TooLong,
    /// It has a character that no realm has.
    #[error("character not allowed in a realm")]
    Characters,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn realms_are_a_set_of_whole_names() {
        let set = Realms::parse("  write read  write ").unwrap();
        assert_eq!(set.as_str(), "read write");
        assert!(set.contains("read") && !set.contains("rea") && !set.contains("read write"));
        assert!(!set.contains("") && !set.contains("Read"));
        let none = Realms::parse(" ").unwrap();
        assert!(none.is_empty() && none == Realms::default() && none.iter().next().is_none());
        assert!(none.is_subset_of(&set) && !set.is_subset_of(&none) && set.is_subset_of(&set));
    }

    #[test]
    fn what_could_break_out_of_a_header_is_no_realm() {
        for bad in ["a\tb", "a\nb", "a\"b", "a\\b", "\u{fc}", "a\u{7f}"] {
            assert_eq!(Realms::parse(bad), Err(RealmsError::Characters), "{bad:?}");
        }
        assert_eq!(Realms::parse(&"a".repeat(1_025)), Err(RealmsError::TooLong));
    }
}
