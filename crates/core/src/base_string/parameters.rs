//! The normalised parameters
//! ([RFC 5849 section 3.4.1.3.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.2)).

use super::gathered::{Buffer, Gathered, Written};
use crate::parameter::{AND, Collected, Literal, Parameter};

/// Writes `name=value&...`, percent-encoded once more.
#[inline(always)]
pub(super) fn write(collected: &Collected<'_>, sink: &mut Gathered<'_>) {
    let others = collected.others.as_slice();
    let before = others.iter().take_while(|other| other.is_before_all());
    let (before, mut others) = others.split_at(before.count());
    // There is no `&` before the first.
    let mut skipped = AND;
    for other in before {
        sink.put_by(write_other, &(other, std::mem::take(&mut skipped)));
    }
    for (name, literal, value) in collected.known.signed() {
        // Of those behind, only protocol parameters stand between the known ones.
        while let Some((other, rest)) = others.split_first()
            && other.is_protocol
            && other.is_before(name)
        {
            others = rest;
            sink.put_by(write_other, &(other, std::mem::take(&mut skipped)));
        }
        sink.put_known(literal, std::mem::take(&mut skipped), value);
    }
    for other in others {
        sink.put_by(write_other, &(other, std::mem::take(&mut skipped)));
    }
}

#[inline(never)]
fn write_other(
    update: &mut dyn FnMut(&[u8]),
    buffer: &mut Buffer,
    at: Written,
    (parameter, skipped): &(&Parameter<'_>, usize),
) -> Written {
    let mut sink = Gathered::go_on(update, buffer, at);
    sink.put_literal(&Literal::AND, *skipped);
    sink.put_text(parameter.name());
    sink.put_literal(&Literal::EQUALS, 0);
    sink.put_text(parameter.value());
    sink.so_far()
}
