//! HMAC-SHA1, and HMAC-SHA256 and -SHA512 in its likeness
//! ([RFC 5849 section 3.4.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.2)).

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{EagerHash, Hmac, KeyInit, Mac};

use super::compare::constant_time_eq;
use crate::{
    Request,
    base_string::{self, Sink},
    parameter::Collected,
};

/// The state of a MAC that has taken in its key: cloned for each request.
#[derive(Clone)]
pub(super) struct HmacKey<D: EagerHash>(Hmac<D>);

impl<D: EagerHash + Clone> HmacKey<D>
where
    Hmac<D>: Mac + KeyInit + Clone,
{
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    pub(super) fn new(key: &[u8]) -> Self {
        let mac = <Hmac<D> as KeyInit>::new_from_slice(key);
        Self(mac.expect("HMAC takes keys of every length"))
    }

    /// Decodes the received base64 once and compares bytes. A wrong length, or no base64 at all,
    /// is just a wrong signature: the MAC is computed all the same.
    pub(super) fn holds(
        &self,
        request: &Request<'_>,
        collected: &Collected<'_>,
        signature: &[u8],
    ) -> bool {
        let mac = self.mac(request, collected);
        let mut received = [0_u8; 66];
        let length = STANDARD.decode_slice(signature, &mut received).ok();
        let received = received.get(..length.unwrap_or_default());
        constant_time_eq(mac.as_ref(), received.unwrap_or_default())
    }

    pub(super) fn sign(&self, request: &Request<'_>, collected: &Collected<'_>) -> String {
        STANDARD.encode(self.mac(request, collected))
    }

    fn mac(&self, request: &Request<'_>, collected: &Collected<'_>) -> impl AsRef<[u8]> + use<D> {
        let mut mac = self.0.clone();
        let mut sink = Gathered::new(|bytes: &[u8]| mac.update(bytes));
        base_string::write(request, collected, &mut sink);
        sink.flush();
        mac.finalize().into_bytes()
    }
}

/// Gathers the many short pieces of a base string, so that MAC or hash see few long ones.
pub(super) struct Gathered<F> {
    update: F,
    buffer: [u8; 512],
    used: usize,
}

impl<F: FnMut(&[u8])> Sink for Gathered<F> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        let room = self.buffer.get_mut(self.used..);
        match room.and_then(|room| room.get_mut(..bytes.len())) {
            Some(place) => {
                copy(place, bytes);
                self.used += bytes.len();
            }
            None => self.flush_and_put(bytes),
        }
    }

    #[inline]
    fn put_array<const N: usize>(&mut self, bytes: &[u8; N]) {
        let room = self.buffer.get_mut(self.used..);
        match room.and_then(<[u8]>::first_chunk_mut) {
            Some(place) => {
                *place = *bytes;
                self.used += N;
            }
            None => self.flush_and_put(bytes),
        }
    }
}

impl<F: FnMut(&[u8])> Gathered<F> {
    pub(super) fn new(update: F) -> Self {
        Self {
            update,
            buffer: [0; 512],
            used: 0,
        }
    }

    /// What is left.
    pub(super) fn flush(&mut self) {
        let gathered = self.buffer.get(..self.used);
        (self.update)(gathered.unwrap_or_default());
        self.used = 0;
    }

    #[cold]
    #[inline(never)]
    fn flush_and_put(&mut self, bytes: &[u8]) {
        self.flush();
        match self.buffer.get_mut(..bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                self.used = bytes.len();
            }
            None => (self.update)(bytes),
        }
    }
}

/// Copies between slices of equal length; most are short, and then no function is called: two
/// overlapping moves.
#[inline]
fn copy(to: &mut [u8], from: &[u8]) {
    fn ends<const N: usize>(to: &mut [u8], from: &[u8]) -> Option<()> {
        let (first, last) = (from.first_chunk::<N>()?, from.last_chunk::<N>()?);
        *to.first_chunk_mut()? = *first;
        *to.last_chunk_mut()? = *last;
        Some(())
    }
    let done = match from.len() {
        8..=16 => ends::<8>(to, from),
        17..=32 => ends::<16>(to, from),
        4..=7 => ends::<4>(to, from),
        _ => None,
    };
    if done.is_none() {
        to.copy_from_slice(from);
    }
}
