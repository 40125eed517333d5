//! A text read from start to end.

use super::Text;
use crate::{Error, percent};

/// What is left of a text. All of it stays at hand: its end is read in whole windows too.
pub(super) struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    #[inline]
    pub(super) fn new(text: &'a [u8], at: usize) -> Self {
        Self { text, at }
    }

    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn first(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[inline]
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Goes on at `rest`, which is the end of what was left.
    #[inline]
    pub(super) fn go_to(&mut self, rest: &[u8]) {
        self.at = self.text.len() - rest.len();
    }

    /// Whether it went on with `expected`, which is passed over.
    #[inline]
    pub(super) fn skips(&mut self, expected: &[u8]) -> bool {
        let follows = self.rest().starts_with(expected);
        if follows {
            self.skip(expected.len());
        }
        follows
    }

    /// Reads up to a delimiter or the end; `None` at a malformed escape.
    #[inline(always)]
    pub(super) fn text(
        &mut self,
        delimits: impl Fn(u8) -> bool,
        plus_is_space: bool,
    ) -> Option<Text<'a>> {
        let (form, end) = percent::read_until(self.text, self.at, delimits, plus_is_space);
        let text = Text::new(self.rest(), end - self.at, form?);
        self.at = end;
        text
    }
}

/// What [`Reader::text`] refuses.
pub(super) const MALFORMED_ESCAPE: Error = Error::ParameterMalformed("percent encoding");
