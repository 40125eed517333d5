//! The normalised parameters
//! ([RFC 5849 section 3.4.1.3.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.2)).

use super::Sink;
use crate::{
    parameter::{AND, Collected, EQUALS, Name, Parameter, Text},
    percent::ONCE,
};

/// Writes `name=value&...`, percent-encoded once more.
#[inline(always)]
pub(super) fn write(collected: &Collected<'_>, sink: &mut impl Sink) {
    let mut others = collected.others.as_slice();
    let mut first = true;
    for (known, value) in collected.known.iter() {
        if known == Name::Signature {
            continue;
        }
        while let Some((other, rest)) = others.split_first()
            && other.is_before(known)
        {
            others = rest;
            write_other(other, &mut first, sink);
        }
        let (name, length) = known.in_base_string();
        if std::mem::take(&mut first) {
            sink.put(name.get(AND.len()..*length).unwrap_or_default());
        } else {
            sink.put_padded(name, *length);
        }
        text(value, sink);
    }
    for other in others {
        write_other(other, &mut first, sink);
    }
}

#[inline(always)]
fn write_other(parameter: &Parameter<'_>, first: &mut bool, sink: &mut impl Sink) {
    if !std::mem::take(first) {
        sink.put_array(AND);
    }
    text(&parameter.name(), sink);
    sink.put_array(EQUALS);
    text(&parameter.value(), sink);
}

/// Of a canonical text only each `%` needs an escape; of any other, what is escaped in the first
/// encoding.
#[inline(always)]
fn text(text: &Text<'_>, sink: &mut impl Sink) {
    if let Some(plain) = text.plain() {
        sink.put(plain);
    } else if let Some(canonical) = text.canonical_as_sent() {
        sink.put_encoded(canonical, &ONCE);
    } else {
        sink.put_encoded_anew(text.raw(), text.plus_is_space());
    }
}
