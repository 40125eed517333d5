//! The normalised parameters
//! ([RFC 5849 section 3.4.1.3.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.2)).

use super::gathered::Gathered;
use crate::parameter::{AND, Collected, Known, Literal, Name, Parameter, Text};

/// Writes `name=value&...`, percent-encoded once more.
#[inline(always)]
pub(super) fn write<'u>(collected: &Collected<'_>, mut sink: Gathered<'u>) -> Gathered<'u> {
    let mut pieces = Pieces::of(collected);
    // There is no `&` before the first.
    let mut skipped = AND;
    while let Some((before, text)) = pieces.next() {
        sink.put_literal(before, std::mem::take(&mut skipped));
        sink.put_text(text);
    }
    sink
}

/// All names and values in their order, each with what stands before it. In one list, so that the
/// code that writes them is there once: it is much.
struct Pieces<'c, 'a> {
    /// Of the one of `others` whose name was the last piece.
    value: Option<Text<'a>>,
    others: &'c [Parameter<'a>],
    known: &'c Known<'a>,
    /// Of [`Name::KNOWN`] that are done.
    done: usize,
}

impl<'c, 'a> Pieces<'c, 'a> {
    #[inline(always)]
    fn of(collected: &'c Collected<'a>) -> Self {
        Self {
            value: None,
            others: collected.others.as_slice(),
            known: &collected.known,
            done: 0,
        }
    }

    #[inline(always)]
    fn next(&mut self) -> Option<(&'static Literal, Text<'a>)> {
        if let Some(value) = self.value.take() {
            return Some((&Literal::EQUALS, value));
        }
        let known = self.next_known();
        if let Some((other, rest)) = self.others.split_first()
            && known.is_none_or(|(name, _)| other.is_before(name))
        {
            self.others = rest;
            self.value = Some(other.value());
            return Some((&Literal::AND, other.name()));
        }
        let (name, value) = known?;
        self.done += 1;
        Some((name.in_base_string(), value))
    }

    #[inline(always)]
    fn next_known(&mut self) -> Option<(Name, Text<'a>)> {
        loop {
            let name = *Name::KNOWN.get(self.done)?;
            match self.known.get(name) {
                Some(value) if name != Name::Signature => return Some((name, value)),
                _ => self.done += 1,
            }
        }
    }
}
