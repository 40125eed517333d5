//! PLAINTEXT: the key itself is the signature
//! ([RFC 5849 section 3.4.4](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.4)).

use super::compare::constant_time_eq;
use crate::Secret;

#[derive(Clone)]
pub(super) struct PlaintextKey(Secret);

impl PlaintextKey {
    pub(super) fn new(key: Secret) -> Self {
        Self(key)
    }

    pub(super) fn holds(&self, signature: &[u8]) -> bool {
        constant_time_eq(self.0.expose().as_bytes(), signature)
    }

    pub(super) fn sign(&self) -> String {
        self.0.expose().into()
    }
}
