//! The normalised parameters
//! ([RFC 5849 section 3.4.1.3.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.2)).

use super::Sink;
use crate::parameter::Collected;

/// Writes `name=value&...`, percent-encoded once more. All texts are canonical and sorted, so
/// only `%`, `=` and `&` need an escape: runs between them are copied.
pub(super) fn write(collected: &Collected<'_>, sink: &mut impl Sink) {
    let mut separator: &[u8] = b"";
    for parameter in collected.iter() {
        let [name, value] = collected.pair(parameter);
        if name.0 == b"oauth_signature" {
            continue;
        }
        sink.put(separator);
        text(name, sink);
        sink.put(b"%3D");
        text(value, sink);
        separator = b"%26";
    }
}

fn text((canonical, may_have_escapes): (&[u8], bool), sink: &mut impl Sink) {
    if may_have_escapes {
        escape_percents(canonical, sink);
    } else {
        sink.put(canonical);
    }
}

fn escape_percents(mut canonical: &[u8], sink: &mut impl Sink) {
    while let Some(at) = memchr::memchr(b'%', canonical) {
        let (run, rest) = canonical.split_at(at);
        sink.put(run);
        sink.put(b"%25");
        canonical = rest.split_first().map_or(rest, |(_, rest)| rest);
    }
    sink.put(canonical);
}
