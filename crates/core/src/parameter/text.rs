//! A name or value as it was sent, read in its canonical encoding without a copy
//! ([RFC 5849 section 3.6](https://www.rfc-editor.org/rfc/rfc5849#section-3.6)).

use std::{borrow::Cow, cmp::Ordering};

use crate::{
    Error,
    percent::{self, Form},
};

/// Raw bytes, known to be well-formed, and how they relate to their canonical encoding.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    raw: &'a [u8],
    form: Form,
}

impl<'a> Text<'a> {
    pub(super) const EMPTY: Self = Self {
        raw: &[],
        form: Form::Plain,
    };

    #[inline]
    pub(super) fn new(raw: &'a [u8], form: Form) -> Self {
        Self { raw, form }
    }

    /// Of bytes known to be unreserved.
    #[inline]
    pub(super) fn of_unreserved(raw: &'a [u8]) -> Self {
        Self::new(raw, Form::Plain)
    }

    /// Reads up to a delimiter or the end; gives the rest from the delimiter on.
    ///
    /// # Errors
    /// A malformed escape.
    #[inline]
    pub(super) fn read_until(
        text: &'a [u8],
        delimits: impl Fn(u8) -> bool,
        plus_is_space: bool,
    ) -> Result<(Self, &'a [u8]), Error> {
        let (raw, form, rest) = percent::read_until(text, delimits, plus_is_space);
        let form = form.ok_or(Error::ParameterMalformed("percent encoding"))?;
        Ok((Self { raw, form }, rest))
    }

    /// All of a text.
    ///
    /// # Errors
    /// A malformed escape.
    #[inline]
    pub(super) fn whole(raw: &'a [u8], plus_is_space: bool) -> Result<Self, Error> {
        Self::read_until(raw, |_| false, plus_is_space).map(|(text, _)| text)
    }

    #[inline]
    pub(crate) fn raw(self) -> &'a [u8] {
        self.raw
    }

    #[inline]
    pub(super) fn form(self) -> Form {
        self.form
    }

    pub(crate) fn is_empty(self) -> bool {
        self.raw.is_empty()
    }

    /// Whether its canonical encoding is `plain`, which has unreserved bytes only.
    #[inline]
    pub(crate) fn is(self, plain: &[u8]) -> bool {
        match self.form {
            Form::Plain => self.raw == plain,
            Form::Escaped => false,
            Form::Other { .. } => self.canonical().eq(plain.iter().copied()),
        }
    }

    /// By canonical encoding, bytewise.
    #[inline]
    pub(crate) fn cmp(self, other: Self) -> Ordering {
        match (self.form, other.form) {
            (Form::Other { .. }, _) | (_, Form::Other { .. }) => {
                self.canonical().cmp(other.canonical())
            }
            _ => self.raw.cmp(other.raw),
        }
    }

    /// The first eight bytes of the canonical encoding: settle nearly all comparisons.
    #[inline]
    pub(super) fn head(self) -> u64 {
        let mut head = [0; 8];
        match (self.canonical_as_sent(), self.raw.first_chunk()) {
            (Some(_), Some(first)) => head = *first,
            (Some(raw), None) => copy(&mut head, raw.iter().copied()),
            _ => copy(&mut head, self.canonical()),
        }
        u64::from_be_bytes(head)
    }

    /// Decoded once; borrowed where there is nothing to decode.
    #[inline]
    pub(crate) fn decoded(self) -> Cow<'a, [u8]> {
        if self.form == Form::Plain {
            Cow::Borrowed(self.raw)
        } else {
            let mut decoded = Vec::with_capacity(self.raw.len());
            let mut bytes = self.bytes();
            while let Some(byte) = bytes.next() {
                decoded.push(byte);
                decoded.extend_from_slice(bytes.unreserved());
            }
            Cow::Owned(decoded)
        }
    }

    /// The text, if it is its own decoding.
    pub(crate) fn plain(self) -> Option<&'a [u8]> {
        (self.form == Form::Plain).then_some(self.raw)
    }

    /// The text, if it is its own encoding.
    pub(crate) fn canonical_as_sent(self) -> Option<&'a [u8]> {
        (!matches!(self.form, Form::Other { .. })).then_some(self.raw)
    }

    /// The decoded bytes.
    #[inline]
    pub(crate) fn bytes(self) -> percent::Decode<'a> {
        let plus_is_space = self.form
            == Form::Other {
                plus_is_space: true,
            };
        percent::Decode::new(self.raw, plus_is_space)
    }

    /// The bytes of the canonical encoding.
    fn canonical(self) -> impl Iterator<Item = u8> + 'a {
        self.bytes().flat_map(percent::encode_byte)
    }
}

#[inline]
fn copy(to: &mut [u8], from: impl Iterator<Item = u8>) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = from;
    }
}
