//! Values of the known protocol parameters, each in its place
//! ([RFC 5849 section 3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.1)).

use super::{Literal, Name, Text, name::Names};

/// The values as they were sent.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    values: [Option<Text<'a>>; Name::KNOWN.len()],
    /// Which are there.
    there: Names,
}

impl<'a> Known<'a> {
    #[inline(always)]
    pub(super) fn none() -> Self {
        Self {
            values: [None; Name::KNOWN.len()],
            there: Names::NONE,
        }
    }

    #[inline]
    pub(crate) fn get(&self, name: Name) -> Option<&Text<'a>> {
        self.values.get(name.place())?.as_ref()
    }

    #[inline]
    pub(super) fn there(&self) -> Names {
        self.there
    }

    /// Puts a value in its place, and gives which names are there for the second time then: none or
    /// this one. Nothing is put for a name that is not known.
    #[inline(always)]
    pub(super) fn put(&mut self, name: Name, value: Text<'a>) -> Names {
        let twice = self.there.and(name);
        if let Some(place) = self.values.get_mut(name.place()) {
            *place = Some(value);
            self.there.insert(name);
        }
        twice
    }

    /// Those that are there, in the order of a base string.
    #[cfg(feature = "explain")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Name, &Text<'a>)> {
        let there = self.there.iter();
        there.filter_map(|name| Some((name, self.get(name)?)))
    }

    /// The same but for the signature, with what a base string has for the names.
    #[inline]
    pub(crate) fn signed(&self) -> impl Iterator<Item = (Name, &'static Literal, &Text<'a>)> {
        let signed = self.there.without(Name::Signature);
        signed.iter().filter_map(|name| {
            let literal = Literal::of_known().get(name.place())?;
            Some((name, literal, self.get(name)?))
        })
    }
}
