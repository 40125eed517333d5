//! The normalised parameters
//! ([RFC 5849 section 3.4.1.3.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.2)).

use super::Sink;
use crate::{
    parameter::{Collected, Name, Text},
    percent,
};

/// Writes `name=value&...`, percent-encoded once more.
pub(super) fn write(collected: &Collected<'_>, sink: &mut impl Sink) {
    let mut first = true;
    for parameter in collected.iter() {
        let (name, value) = (parameter.name(), parameter.value());
        if parameter.known == Name::Signature {
            continue;
        }
        if !std::mem::take(&mut first) {
            sink.put_array(b"%26");
        }
        text(name, sink);
        sink.put_array(b"%3D");
        text(value, sink);
    }
}

/// Of a canonical text only each `%` needs an escape; of any other, what is escaped in the first
/// encoding.
#[inline]
fn text(text: Text<'_>, sink: &mut impl Sink) {
    if let Some(plain) = text.plain() {
        sink.put(plain);
    } else if let Some(canonical) = text.canonical_as_sent() {
        super::encode(canonical, sink);
    } else {
        for byte in text.bytes() {
            if percent::in_table(byte) {
                sink.put_array(&[byte]);
            } else {
                let [_, high, low] = percent::escape(byte);
                sink.put_array(&[b'%', b'2', b'5', high, low]);
            }
        }
    }
}
