//! Signatures: methods, keys, verification
//! ([RFC 5849 section 3.4](https://www.rfc-editor.org/rfc/rfc5849#section-3.4)).

mod compare;
mod further;
mod hmac;
mod key;
mod method;
mod plaintext;
#[cfg(feature = "rsa")]
mod rsa;

#[cfg(feature = "rsa")]
pub use self::rsa::{RsaKeyError, RsaPrivateKey, RsaPublicKey};
pub use self::{
    compare::constant_time_eq,
    further::{FurtherMethod, KeyMaterial, KeyType, MethodName},
    key::{KeyError, PreparedKey},
    method::SignatureMethod,
};

use crate::{
    BaseString, Error, Parsed, ProtocolParameters,
    error::refuse,
    parameter::{Parts, SentSignature, Text},
};

/// A request whose signature holds. Only [`Parsed::verify`] makes it.
#[derive(Debug)]
pub struct Signed<'a> {
    pub(crate) parts: Box<Parts<'a>>,
}

impl<'a> Signed<'a> {
    /// The protocol parameters.
    #[must_use]
    pub fn parameters(&self) -> &ProtocolParameters<'a> {
        &self.parts.protocol
    }
}

impl<'a> Parsed<'a> {
    /// Verifies the signature, in constant time, streaming the base string into the MAC.
    ///
    /// # Errors
    /// [`Error::SignatureMethodRejected`] if the key is of another method than the request names;
    /// [`Error::SignatureInvalid`] if the signature does not match.
    #[inline]
    pub fn verify(self, key: &PreparedKey) -> Result<Signed<'a>, Error> {
        self.verify_any(std::slice::from_ref(key))
    }

    /// Verifies the signature against several live keys: a secret under rotation has two.
    ///
    /// # Errors
    /// As [`Parsed::verify`]; also without any key.
    #[inline]
    pub fn verify_any(self, keys: &[PreparedKey]) -> Result<Signed<'a>, Error> {
        let method = self.parts.protocol.signature_method();
        if keys.iter().any(|key| key.method() != method) {
            return refuse(Error::SignatureMethodRejected);
        }
        let signature = self.parts.protocol.signature();
        let base_string = self.to_base_string();
        let holds = keys.iter().any(|key| key.holds(&base_string, signature))
            || self.parts.twice_encoded_signature
                && holds_twice_encoded(keys, &base_string, signature);
        if !holds {
            return refuse(Error::SignatureInvalid);
        }
        Ok(Signed { parts: self.parts })
    }
}

/// Of a signature that was percent-encoded twice.
#[cold]
fn holds_twice_encoded(
    keys: &[PreparedKey],
    base_string: &BaseString<'_>,
    signature: SentSignature<'_>,
) -> bool {
    let decoded = signature.text.decoded();
    Text::whole(&decoded, false)
        .is_ok_and(|text| keys.iter().any(|key| key.holds(base_string, text.into())))
}
