//! The signature base string, generated once into any sink
//! ([RFC 5849 section 3.4.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1)).

mod parameters;
mod uri;

use crate::{Request, parameter::Collected, percent};

/// Where the base string goes: a MAC, or a buffer for people.
pub(crate) trait Sink {
    fn put(&mut self, bytes: &[u8]);

    /// The same, of a length known when compiling.
    #[inline]
    fn put_array<const N: usize>(&mut self, bytes: &[u8; N]) {
        self.put(bytes);
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Writes method, base string URI and normalised parameters (section 3.4.1.1).
pub(crate) fn write(request: &Request<'_>, collected: &Collected<'_>, sink: &mut impl Sink) {
    method(request.method, sink);
    sink.put_array(b"&");
    uri::write(request, sink);
    sink.put_array(b"&");
    parameters::write(collected, sink);
}

/// > The HTTP request method in uppercase.
fn method(method: &str, sink: &mut impl Sink) {
    if method.bytes().all(|b| b.is_ascii_uppercase()) {
        sink.put(method.as_bytes());
    } else {
        sink.put(percent::encode(method.to_ascii_uppercase().as_bytes()).as_bytes());
    }
}

/// Percent-encodes, run by run: unreserved bytes go as they are.
#[inline]
fn encode(text: &[u8], sink: &mut impl Sink) {
    let mut rest = text;
    loop {
        let (run, tail) = rest.split_at(percent::unreserved_prefix(rest));
        sink.put(run);
        let Some((reserved, tail)) = tail.split_first() else {
            return;
        };
        sink.put_array(&percent::escape(*reserved));
        rest = tail;
    }
}
