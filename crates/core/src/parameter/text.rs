//! A name or value as it was sent, read in its canonical encoding without a copy
//! ([RFC 5849 section 3.6](https://www.rfc-editor.org/rfc/rfc5849#section-3.6)).

use std::{borrow::Cow, cmp::Ordering};

use super::reader::Reader;
use crate::{
    Error,
    percent::{self, Form, Window},
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

    /// All of a text.
    ///
    /// # Errors
    /// A malformed escape.
    #[inline]
    pub(super) fn whole(raw: &'a [u8], plus_is_space: bool) -> Result<Self, Error> {
        Reader::new(raw, 0).text(|_| false, plus_is_space)
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
        match (self.canonical_as_sent(), self.raw.first_chunk()) {
            (Some(_), Some(first)) => u64::from_be_bytes(*first),
            (Some(raw), None) => head(raw.iter().copied()),
            (None, _) => head(self.canonical()),
        }
    }

    /// Decoded once; borrowed where there is nothing to decode.
    #[inline]
    pub(crate) fn decoded(self) -> Cow<'a, [u8]> {
        match self.plain() {
            Some(plain) => Cow::Borrowed(plain),
            None => Cow::Owned(self.bytes().collect()),
        }
    }

    /// The same, in `buffer` if there is room for it and padding.
    #[inline]
    pub(crate) fn decoded_in<'b>(self, buffer: &'b mut [u8]) -> Cow<'b, [u8]>
    where
        'a: 'b,
    {
        if self.form == Form::Plain || self.raw.len() + Window::BYTES > buffer.len() {
            return self.decoded();
        }
        let plus_is_space = self.plus_is_space();
        let length = percent::decode_into(self.raw, plus_is_space, buffer);
        Cow::Borrowed(buffer.get(..length).unwrap_or_default())
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
        percent::Decode::new(self.raw, self.plus_is_space())
    }

    /// Whether a `+` stands for a space.
    #[inline]
    pub(crate) fn plus_is_space(self) -> bool {
        let form = Form::Other {
            plus_is_space: true,
        };
        self.form == form
    }

    /// The bytes of the canonical encoding.
    fn canonical(self) -> impl Iterator<Item = u8> + 'a {
        self.bytes().flat_map(|byte| {
            let encoding = percent::ONCE.of(byte);
            encoding.as_bytes().iter().copied()
        })
    }
}

/// Big-endian, with zeros where there is nothing.
#[inline]
fn head(bytes: impl Iterator<Item = u8>) -> u64 {
    let first = bytes.take(8).enumerate();
    first.fold(0, |head, (at, byte)| {
        head | u64::from(byte) << (56 - 8 * at)
    })
}
