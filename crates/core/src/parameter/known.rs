//! Values of the known protocol parameters, each in its place
//! ([RFC 5849 section 3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.1)).

use super::{Literal, Name, Text};

/// The values as they were sent.
#[derive(Clone, Copy, Default)]
pub(crate) struct Known<'a>([Option<Text<'a>>; Name::KNOWN.len()]);

impl<'a> Known<'a> {
    #[inline]
    pub(crate) fn get(&self, name: Name) -> Option<Text<'a>> {
        self.0.get(name.place()).copied().flatten()
    }

    /// Whether there was a value already; never for a name that is not known.
    #[inline(always)]
    pub(super) fn replace(&mut self, name: Name, value: Text<'a>) -> bool {
        let Some(place) = self.0.get_mut(name.place()) else {
            return false;
        };
        let there = place.is_some();
        *place = Some(value);
        there
    }

    /// Those that are there, in the order of a base string.
    #[cfg(feature = "explain")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Name, &Text<'a>)> {
        let all = Name::KNOWN.iter().zip(&self.0);
        all.filter_map(|(name, value)| Some((*name, value.as_ref()?)))
    }

    /// The same but for the signature, with what a base string has for the names.
    #[inline]
    pub(crate) fn signed(&self) -> impl Iterator<Item = (Name, &'static Literal, &Text<'a>)> {
        let all = Name::KNOWN.iter().zip(Literal::of_known()).zip(&self.0);
        all.filter_map(|((name, literal), value)| {
            let is_signed = *name != Name::Signature;
            Some((*name, literal, value.as_ref().filter(|_| is_signed)?))
        })
    }
}
