//! A name or value as it was sent, read in its canonical encoding without a copy
//! ([RFC 5849 section 3.6](https://www.rfc-editor.org/rfc/rfc5849#section-3.6)).

use std::{borrow::Cow, cmp::Ordering};

use super::reader::{MALFORMED_ESCAPE, Reader, until_end};
use crate::{
    Error,
    percent::{self, Form},
};

/// Raw bytes, known to be well-formed, and how they relate to their canonical encoding.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    /// It, and all that came behind it: many bytes are copied at once, whatever its length.
    and_rest: &'a [u8],
    length: usize,
    form: Form,
}

impl<'a> Text<'a> {
    pub(crate) const EMPTY: Self = Self {
        and_rest: &[],
        length: 0,
        form: Form::PLAIN,
    };

    /// Of the first `length` bytes; `None` if they are malformed.
    #[inline(always)]
    pub(super) fn new(and_rest: &'a [u8], length: usize, form: Form) -> Option<Self> {
        (!form.is_malformed()).then_some(Self {
            and_rest,
            length,
            form,
        })
    }

    /// Of a name known to be unreserved.
    pub(super) fn of_unreserved(raw: &'a [u8]) -> Self {
        Self::new(raw, raw.len(), Form::PLAIN).unwrap_or(Self::EMPTY)
    }

    /// All of a text.
    ///
    /// # Errors
    /// A malformed escape.
    pub(crate) fn whole(raw: &'a [u8], plus_is_space: bool) -> Result<Self, Error> {
        let text = Reader::new(raw).text(until_end, plus_is_space);
        text.ok_or(MALFORMED_ESCAPE)
    }

    #[inline]
    pub(crate) fn raw(self) -> &'a [u8] {
        self.and_rest.get(..self.len()).unwrap_or_default()
    }

    /// The text, with whatever came behind it.
    #[inline]
    pub(crate) fn and_rest(self) -> &'a [u8] {
        self.and_rest
    }

    #[inline]
    pub(crate) fn len(self) -> usize {
        self.length
    }

    pub(crate) fn is_empty(self) -> bool {
        self.length == 0
    }

    /// Whether its canonical encoding is `plain`, which has unreserved bytes only.
    #[inline]
    pub(crate) fn is(self, plain: &[u8]) -> bool {
        match self.canonical_as_sent() {
            Some(canonical) => canonical == plain,
            None => self.canonical().eq(plain.iter().copied()),
        }
    }

    /// By canonical encoding, bytewise.
    #[inline]
    pub(crate) fn cmp(self, other: Self) -> Ordering {
        match (self.canonical_as_sent(), other.canonical_as_sent()) {
            (Some(this), Some(other)) => this.cmp(other),
            _ => self.canonical().cmp(other.canonical()),
        }
    }

    /// The first eight bytes of the canonical encoding: settle nearly all comparisons.
    #[inline(always)]
    pub(super) fn head(self) -> u64 {
        if !self.form.is_canonical() {
            return self.head_of_other();
        }
        let first = percent::first_eight(self.and_rest);
        match 8_usize.checked_sub(self.length) {
            None | Some(0) => first,
            Some(8) => 0,
            Some(past_end) => first >> (past_end * 8) << (past_end * 8),
        }
    }

    #[cold]
    fn head_of_other(self) -> u64 {
        head(self.canonical())
    }

    /// Decoded once; borrowed where there is nothing to decode.
    #[inline(always)]
    pub(crate) fn decoded(self) -> Cow<'a, [u8]> {
        match self.plain() {
            Some(plain) => Cow::Borrowed(plain),
            None => Cow::Owned(self.decoded_anew()),
        }
    }

    #[cold]
    fn decoded_anew(self) -> Vec<u8> {
        self.bytes().collect()
    }

    /// Whether it is its own decoding.
    #[inline]
    pub(crate) fn is_plain(self) -> bool {
        self.form.is_plain()
    }

    /// Whether it is its own encoding.
    #[inline]
    pub(crate) fn is_canonical(self) -> bool {
        self.form.is_canonical()
    }

    /// The text, if it is its own decoding.
    #[inline]
    pub(crate) fn plain(self) -> Option<&'a [u8]> {
        self.is_plain().then(|| self.raw())
    }

    /// The text, if it is its own encoding.
    pub(crate) fn canonical_as_sent(self) -> Option<&'a [u8]> {
        self.form.is_canonical().then(|| self.raw())
    }

    /// The decoded bytes.
    #[inline]
    pub(crate) fn bytes(self) -> percent::Decode<'a> {
        percent::Decode::new(self.raw(), self.plus_is_space())
    }

    /// Whether a `+` stands for a space.
    #[inline]
    pub(crate) fn plus_is_space(self) -> bool {
        self.form.plus_is_space()
    }

    /// The bytes of the canonical encoding.
    fn canonical(self) -> impl Iterator<Item = u8> + 'a {
        self.bytes().flat_map(|byte| {
            let encoding = percent::ONCE.of(byte);
            encoding.as_bytes().iter().copied()
        })
    }
}

/// A signature as it was sent.
#[derive(Clone, Copy)]
pub(crate) struct SentSignature<'a> {
    pub(crate) text: Text<'a>,
    /// It, and what stands before it in the header: many bytes are copied at once. Empty, if it stands
    /// elsewhere or is long.
    pub(crate) and_before: &'a [u8],
}

impl<'a> From<Text<'a>> for SentSignature<'a> {
    fn from(text: Text<'a>) -> Self {
        Self {
            text,
            and_before: &[],
        }
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
