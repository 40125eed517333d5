//! The normalised parameters
//! ([RFC 5849 section 3.4.1.3.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.2)).

use super::gathered::{Block, Buffer, Gathered, Written};
use crate::parameter::{AND, Collected, Literal, Parameter};

/// Writes `name=value&...`, percent-encoded once more.
#[inline(always)]
pub(super) fn write<U: FnMut(&Block)>(collected: &Collected<'_>, sink: &mut Gathered<'_, U>) {
    let others = collected.others.as_slice();
    let before = others.iter().take_while(|other| other.is_before_all());
    let (before, mut others) = others.split_at(before.count());
    // There is no `&` before the first.
    let mut skipped = AND;
    for other in before {
        sink.put_by(write_other, &(other, std::mem::take(&mut skipped)));
    }
    // Of those behind, only protocol parameters stand between the known ones.
    let between = others.first().is_some_and(|other| other.is_protocol);
    for (name, literal, value) in collected.known.signed() {
        if between {
            let count = others.iter().take_while(|other| other.is_before(name));
            let (before, rest) = others.split_at(count.count());
            others = rest;
            for other in before {
                sink.put_by(write_other, &(other, std::mem::take(&mut skipped)));
            }
        }
        sink.put_known(literal, std::mem::take(&mut skipped), value);
    }
    for other in others {
        sink.put_by(write_other, &(other, std::mem::take(&mut skipped)));
    }
}

#[inline(never)]
fn write_other<U: FnMut(&Block)>(
    update: &mut U,
    buffer: &mut Buffer,
    at: Written,
    (parameter, skipped): &(&Parameter<'_>, usize),
) -> Written {
    let mut sink = Gathered::go_on(update, buffer, at);
    sink.put_literal(&Literal::AND, *skipped);
    sink.put_text(&parameter.name);
    sink.put_literal(&Literal::EQUALS, 0);
    sink.put_text(&parameter.value);
    sink.so_far()
}
