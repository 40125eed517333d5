//! PLAINTEXT: the key itself is the signature
//! ([RFC 5849 section 3.4.4](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.4)).

use zeroize::Zeroizing;

use super::compare::constant_time_eq;

#[derive(Clone)]
pub(super) struct PlaintextKey(Zeroizing<Box<[u8]>>);

impl PlaintextKey {
    pub(super) fn new(key: &[u8]) -> Self {
        Self(Zeroizing::new(key.into()))
    }

    pub(super) fn holds(&self, signature: &[u8]) -> bool {
        constant_time_eq(&self.0, signature)
    }

    /// Of unreserved bytes, `%` and `&` only.
    pub(super) fn sign(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}
