//! The signature base string, generated once into any sink
//! ([RFC 5849 section 3.4.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1)).

mod gathered;
mod parameters;
mod uri;

use std::{fmt, ops::Range};

use self::gathered::Gathered;
pub(crate) use self::gathered::{Block, Buffer, EMPTY};
use crate::{parameter::Collected, request::Target};

/// The signature base string of a request (section 3.4.1.1), written piece by piece: no string is
/// built unless one is wanted.
#[derive(Clone, Copy)]
pub struct BaseString<'r> {
    pub(crate) target: &'r Target<'r>,
    pub(crate) collected: &'r Collected<'r>,
}

impl BaseString<'_> {
    /// Hands its bytes to `sink`, in order, in pieces of any length.
    #[inline]
    pub fn write_to(&self, mut sink: impl FnMut(&[u8])) {
        let mut buffer = EMPTY;
        let left = self.write_blocks_to(&mut |block: &Block| sink(block), &mut buffer);
        sink(buffer.get(left).unwrap_or_default());
    }

    /// The same in whole blocks of 64 bytes, but for the end of fewer than two, which stays in the
    /// buffer, with room for a block and 16 bytes behind it: it gives where.
    pub(crate) fn write_blocks_to<S: FnMut(&Block)>(
        &self,
        sink: &mut S,
        buffer: &mut Buffer,
    ) -> Range<usize> {
        let mut sink = Gathered::new(sink, buffer);
        sink.put_by(uri::write, self.target);
        parameters::write(self.collected, &mut sink);
        sink.finish()
    }

    /// All of it.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let mut all = Vec::new();
        self.write_to(|bytes| all.extend_from_slice(bytes));
        all
    }
}

impl fmt::Debug for BaseString<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BaseString")
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}
