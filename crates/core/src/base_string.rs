//! The signature base string, generated once into any sink
//! ([RFC 5849 section 3.4.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1)).

mod gathered;
mod parameters;
mod uri;

use std::fmt;

use self::gathered::Gathered;
use crate::{
    Request,
    parameter::Collected,
    percent::{self, Encodings},
};

/// The signature base string of a request (section 3.4.1.1), written piece by piece: no string is
/// built unless one is wanted.
#[derive(Clone, Copy)]
pub struct BaseString<'r> {
    pub(crate) request: &'r Request<'r>,
    pub(crate) collected: &'r Collected<'r>,
}

impl BaseString<'_> {
    /// Hands its bytes to `sink`, in order, in pieces of any length.
    #[inline]
    pub fn write_to(&self, mut sink: impl FnMut(&[u8])) {
        self.write_dyn(&mut sink);
    }

    /// Compiled once for all sinks: it is much code.
    fn write_dyn(&self, sink: &mut dyn FnMut(&[u8])) {
        let mut gathered = Gathered::new(sink);
        write(self, &mut gathered);
        gathered.finish();
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
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

/// Where the base string goes: a MAC, a hash, or a buffer for people.
pub(crate) trait Sink {
    fn put(&mut self, bytes: &[u8]);

    /// The first `length` of `padded`. Many short pieces are faster copied with their padding, in
    /// a size known when compiling.
    fn put_padded<const N: usize>(&mut self, padded: &[u8; N], length: usize);

    /// Each byte as its encoding.
    fn put_encoded(&mut self, bytes: &[u8], as_in: &Encodings);

    /// A text without malformed escapes: each byte that it stands for encoded, and once more.
    fn put_encoded_anew(&mut self, text: &[u8], plus_is_space: bool);

    /// The same as `put`, of a length known when compiling.
    #[inline]
    fn put_array<const N: usize>(&mut self, bytes: &[u8; N]) {
        self.put_padded(bytes, N);
    }
}

/// Writes method, base string URI and normalised parameters (section 3.4.1.1).
#[inline(always)]
pub(crate) fn write(base_string: &BaseString<'_>, sink: &mut impl Sink) {
    method(base_string.request.method, sink);
    uri::write(base_string.request, sink);
    sink.put_array(b"&");
    parameters::write(base_string.collected, sink);
}

/// > The HTTP request method in uppercase.
#[inline(always)]
fn method(method: &str, sink: &mut impl Sink) {
    if method.bytes().all(|b| b.is_ascii_uppercase()) {
        sink.put(method.as_bytes());
    } else {
        sink.put(percent::encode(method.to_ascii_uppercase().as_bytes()).as_bytes());
    }
}
