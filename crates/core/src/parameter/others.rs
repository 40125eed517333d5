//! The parameters that have no place of their own.

use arrayvec::ArrayVec;

use super::Parameter;

/// A vector that needs no memory of its own while it is short, as nearly all are.
#[derive(Clone)]
pub(crate) struct Others<'a> {
    few: ArrayVec<Parameter<'a>, FEW>,
    /// All of them, once they are more.
    many: Vec<Parameter<'a>>,
}

const FEW: usize = 4;

impl<'a> Others<'a> {
    #[inline(always)]
    pub(super) fn none() -> Self {
        Self {
            few: ArrayVec::new(),
            many: Vec::new(),
        }
    }

    /// Makes it where it stays: not elsewhere first, to be copied from there.
    #[inline(always)]
    pub(super) fn push_made(&mut self, make: impl FnOnce() -> Parameter<'a>) {
        if self.many.is_empty() && !self.few.is_full() {
            self.few.push(make());
        } else {
            self.push_to_many(make());
        }
    }

    #[cold]
    fn push_to_many(&mut self, parameter: Parameter<'a>) {
        if self.many.is_empty() {
            self.many.reserve(4 * FEW);
            self.many.extend_from_slice(&self.few);
        }
        self.many.push(parameter);
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[Parameter<'a>] {
        if self.many.is_empty() {
            &self.few
        } else {
            &self.many
        }
    }

    #[inline]
    pub(super) fn as_mut_slice(&mut self) -> &mut [Parameter<'a>] {
        if self.many.is_empty() {
            &mut self.few
        } else {
            &mut self.many
        }
    }

    pub(crate) fn retain(&mut self, keep: impl FnMut(&Parameter<'a>) -> bool) {
        let mut kept = self.as_slice().to_vec();
        kept.retain(keep);
        self.few.clear();
        self.many = kept;
    }
}
