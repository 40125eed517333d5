//! The parameters that have no place of their own.

use super::Parameter;

/// A vector that needs no memory of its own while it is short, as nearly all are.
#[derive(Clone)]
pub(crate) struct Others<'a> {
    few: [Parameter<'a>; FEW],
    /// How many of `few` there are; all are in `many` once that has any.
    count: usize,
    many: Vec<Parameter<'a>>,
}

const FEW: usize = 4;

impl Default for Others<'_> {
    #[inline]
    fn default() -> Self {
        Self {
            few: [Parameter::EMPTY; FEW],
            count: 0,
            many: Vec::new(),
        }
    }
}

impl<'a> Others<'a> {
    #[inline]
    pub(super) fn push(&mut self, parameter: Parameter<'a>) {
        if self.many.is_empty()
            && let Some(place) = self.few.get_mut(self.count)
        {
            *place = parameter;
            self.count += 1;
        } else {
            self.push_to_many(parameter);
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
            self.few.get(..self.count).unwrap_or_default()
        } else {
            &self.many
        }
    }

    #[inline]
    pub(super) fn as_mut_slice(&mut self) -> &mut [Parameter<'a>] {
        if self.many.is_empty() {
            self.few.get_mut(..self.count).unwrap_or_default()
        } else {
            &mut self.many
        }
    }

    pub(crate) fn retain(&mut self, keep: impl FnMut(&Parameter<'a>) -> bool) {
        let mut kept = self.as_slice().to_vec();
        kept.retain(keep);
        self.count = 0;
        self.many = kept;
    }
}
