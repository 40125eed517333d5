//! A text read from start to end.

use super::Text;
use crate::{
    Error,
    percent::{Form, read_until},
};

/// What is left of a text.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    #[inline]
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { rest: text }
    }

    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    #[inline]
    pub(super) fn first(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    #[inline]
    pub(super) fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// Goes on at `rest`, which is the end of what was left.
    #[inline]
    pub(super) fn go_to(&mut self, rest: &'a [u8]) {
        self.rest = rest;
    }

    /// Whether it went on with `expected`, which is passed over.
    #[inline]
    pub(super) fn skips<const N: usize>(&mut self, expected: &[u8; N]) -> bool {
        let Some((first, rest)) = self.rest.split_first_chunk() else {
            return false;
        };
        let follows = first == expected;
        if follows {
            self.rest = rest;
        }
        follows
    }

    /// Reads up to what `until` finds; `None` at a malformed escape.
    #[inline(always)]
    pub(super) fn text(
        &mut self,
        until: impl Fn(&[u8]) -> (Form, usize),
        plus_is_space: bool,
    ) -> Option<Text<'a>> {
        let (form, end) = until(self.rest);
        let form = if plus_is_space {
            form.with_plus_as_space()
        } else {
            form
        };
        let text = Text::new(self.rest, end, form)?;
        let (_, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(text)
    }
}

// Each reads a text up to a delimiter or the end, and is compiled for itself: it takes all registers
// that there are.

#[inline(never)]
pub(super) fn until_quote(text: &[u8]) -> (Form, usize) {
    read_until(text, |byte| byte == b'"')
}

#[inline(never)]
pub(super) fn until_equals_or_comma(text: &[u8]) -> (Form, usize) {
    read_until(text, |byte| matches!(byte, b'=' | b','))
}

#[inline(never)]
pub(super) fn until_equals_or_and(text: &[u8]) -> (Form, usize) {
    read_until(text, |byte| matches!(byte, b'=' | b'&'))
}

#[inline(never)]
pub(super) fn until_and(text: &[u8]) -> (Form, usize) {
    read_until(text, |byte| byte == b'&')
}

#[inline(never)]
pub(super) fn until_end(text: &[u8]) -> (Form, usize) {
    read_until(text, |_| false)
}

/// What [`Reader::text`] refuses.
pub(super) const MALFORMED_ESCAPE: Error = Error::ParameterMalformed("percent encoding");
