//! HMAC-SHA1, and HMAC-SHA256 and -SHA512 in its likeness
//! ([RFC 5849 section 3.4.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.2)).

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{EagerHash, Hmac, KeyInit, Mac};

use super::compare::constant_time_eq;
use crate::{
    Request, Secret,
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
    pub(super) fn new(key: &Secret) -> Self {
        let mac = <Hmac<D> as KeyInit>::new_from_slice(key.expose().as_bytes());
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
        let length = STANDARD.decode_slice(signature, &mut received).unwrap_or(0);
        constant_time_eq(mac.as_ref(), received.get(..length).unwrap_or_default())
    }

    pub(super) fn sign(&self, request: &Request<'_>, collected: &Collected<'_>) -> String {
        STANDARD.encode(self.mac(request, collected))
    }

    fn mac(&self, request: &Request<'_>, collected: &Collected<'_>) -> impl AsRef<[u8]> + use<D> {
        let mut sink = MacSink {
            mac: self.0.clone(),
            buffer: [0; 512],
            used: 0,
        };
        base_string::write(request, collected, &mut sink);
        let MacSink {
            mut mac,
            buffer,
            used,
        } = sink;
        mac.update(buffer.get(..used).unwrap_or_default());
        mac.finalize().into_bytes()
    }
}

/// Gathers the many short pieces of a base string, so that the MAC sees few long ones.
struct MacSink<M> {
    mac: M,
    buffer: [u8; 512],
    used: usize,
}

impl<M: Mac> Sink for MacSink<M> {
    fn put(&mut self, bytes: &[u8]) {
        let end = self.used + bytes.len();
        if let Some(place) = self.buffer.get_mut(self.used..end) {
            place.copy_from_slice(bytes);
            self.used = end;
            return;
        }
        self.mac
            .update(self.buffer.get(..self.used).unwrap_or_default());
        self.used = 0;
        match self.buffer.get_mut(..bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                self.used = bytes.len();
            }
            None => self.mac.update(bytes),
        }
    }
}
