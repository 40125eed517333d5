//! Keys, made ready once and used for many requests.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

#[cfg(feature = "rsa")]
use super::rsa::{RsaKey, RsaPublicKey};
use super::{
    FurtherMethod, SignatureMethod,
    further::FurtherKey,
    hmac::{HmacKey, HmacSha1Key, HmacSha256Key, HmacSha512Key},
    plaintext::PlaintextKey,
};
use crate::{BaseString, Secret, parameter::SentSignature, percent};

/// A key ready to verify or sign with one method: for HMAC the keyed state of the MAC. It is a
/// secret: `Debug` shows the method only, and the memory is wiped on drop.
#[derive(Clone)]
pub struct PreparedKey(Kind);

#[derive(Clone)]
enum Kind {
    HmacSha1(HmacSha1Key),
    HmacSha256(HmacSha256Key),
    HmacSha512(HmacSha512Key),
    #[cfg(feature = "rsa")]
    Rsa(RsaKey),
    Plaintext(PlaintextKey),
    Further(FurtherKey),
}

impl PreparedKey {
    /// Of shared secrets: the consumer's and, where there is a token, the token's.
    ///
    /// # Errors
    /// [`KeyError`] if a secret is empty, for a missing secret must not become the key `&`; if the
    /// method is an RSA one.
    #[inline]
    pub fn shared_secret(
        method: SignatureMethod,
        consumer: &Secret,
        token: Option<&Secret>,
    ) -> Result<Self, KeyError> {
        check(consumer, token)?;
        Self::of(method, consumer.expose(), token.map_or("", Secret::expose))
    }

    /// Of a consumer that has, on purpose, no secret (MAAS): its token's secret alone is the key.
    ///
    /// # Security
    /// Whoever knows the consumer key can sign for it without a token.
    ///
    /// # Errors
    /// [`KeyError`] if the token's secret is empty, or the method is an RSA one.
    pub fn without_consumer_secret(
        method: SignatureMethod,
        token: Option<&Secret>,
    ) -> Result<Self, KeyError> {
        if token.is_some_and(Secret::is_empty) {
            return Err(KeyError::EmptyTokenSecret);
        }
        Self::of(method, "", token.map_or("", Secret::expose))
    }

    /// Of a consumer's RSA public key. Secrets are no part of it (section 3.4.3).
    ///
    /// # Errors
    /// [`KeyError::WrongType`] if the method is not an RSA method.
    #[cfg(feature = "rsa")]
    pub fn rsa(method: SignatureMethod, key: &RsaPublicKey) -> Result<Self, KeyError> {
        let key = RsaKey::new(method, key).ok_or(KeyError::WrongType)?;
        Ok(Self(Kind::Rsa(key)))
    }

    /// Of shared secrets, for a further method.
    ///
    /// # Errors
    /// As [`PreparedKey::shared_secret`], and [`KeyError::WrongType`] if the method takes keys of
    /// another type.
    pub fn further(
        method: &Arc<dyn FurtherMethod>,
        consumer: &Secret,
        token: Option<&Secret>,
    ) -> Result<Self, KeyError> {
        check(consumer, token)?;
        let key = joined(consumer.expose(), token.map_or("", Secret::expose));
        Ok(Self(Kind::Further(FurtherKey::shared_secret(method, key)?)))
    }

    /// Of a consumer's RSA public key, for a further method.
    ///
    /// # Errors
    /// [`KeyError::WrongType`] if the method takes keys of another type.
    #[cfg(feature = "rsa")]
    pub fn further_rsa(
        method: &Arc<dyn FurtherMethod>,
        key: &RsaPublicKey,
    ) -> Result<Self, KeyError> {
        Ok(Self(Kind::Further(FurtherKey::rsa(method, key)?)))
    }

    /// The method it is for.
    #[must_use]
    pub fn method(&self) -> SignatureMethod {
        match self.0 {
            Kind::HmacSha1(_) => SignatureMethod::HmacSha1,
            Kind::HmacSha256(_) => SignatureMethod::HmacSha256,
            Kind::HmacSha512(_) => SignatureMethod::HmacSha512,
            #[cfg(feature = "rsa")]
            Kind::Rsa(ref key) => key.method(),
            Kind::Plaintext(_) => SignatureMethod::Plaintext,
            Kind::Further(ref key) => key.method(),
        }
    }

    pub(super) fn holds(&self, base_string: &BaseString<'_>, signature: SentSignature<'_>) -> bool {
        let decoded = || signature.text.decoded();
        match &self.0 {
            Kind::HmacSha1(key) => key.holds(base_string, signature),
            Kind::HmacSha256(key) => key.holds(base_string, signature),
            Kind::HmacSha512(key) => key.holds(base_string, signature),
            #[cfg(feature = "rsa")]
            Kind::Rsa(key) => key.holds(base_string, &decoded()),
            Kind::Plaintext(key) => key.holds(&decoded()),
            Kind::Further(key) => key.holds(base_string, &decoded()),
        }
    }

    /// `None` for a public key, which cannot sign.
    pub(crate) fn sign(&self, base_string: &BaseString<'_>) -> Option<String> {
        Some(match &self.0 {
            Kind::HmacSha1(key) => key.sign(base_string),
            Kind::HmacSha256(key) => key.sign(base_string),
            Kind::HmacSha512(key) => key.sign(base_string),
            #[cfg(feature = "rsa")]
            Kind::Rsa(_) => return None,
            Kind::Plaintext(key) => key.sign(),
            Kind::Further(key) => return key.sign(base_string),
        })
    }

    #[inline]
    fn of(method: SignatureMethod, consumer: &str, token: &str) -> Result<Self, KeyError> {
        let key = joined(consumer, token);
        Ok(Self(match method {
            SignatureMethod::HmacSha1 => Kind::HmacSha1(HmacSha1Key::new(&key)),
            SignatureMethod::HmacSha256 => Kind::HmacSha256(HmacSha256Key::new(&key)),
            SignatureMethod::HmacSha512 => Kind::HmacSha512(HmacSha512Key::new(&key)),
            SignatureMethod::Plaintext => Kind::Plaintext(PlaintextKey::new(&key)),
            SignatureMethod::RsaSha1
            | SignatureMethod::RsaSha256
            | SignatureMethod::RsaSha512
            | SignatureMethod::Further(_) => return Err(KeyError::WrongType),
        }))
    }
}

fn check(consumer: &Secret, token: Option<&Secret>) -> Result<(), KeyError> {
    if consumer.is_empty() {
        return Err(KeyError::EmptyConsumerSecret);
    }
    if token.is_some_and(Secret::is_empty) {
        return Err(KeyError::EmptyTokenSecret);
    }
    Ok(())
}

/// The key of section 3.4.2: both secrets percent-encoded, joined by `&`, even when empty.
#[inline]
fn joined(consumer: &str, token: &str) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(consumer.len() + token.len() + 16));
    percent::encode_into(consumer.as_bytes(), &mut key);
    key.push(b'&');
    percent::encode_into(token.as_bytes(), &mut key);
    key
}

impl fmt::Debug for PreparedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PreparedKey({}, [redacted])", self.method())
    }
}

/// Why secrets make no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The consumer has no secret.
    #[error("empty consumer secret")]
    EmptyConsumerSecret,
    /// The token has no secret.
    #[error("empty token secret")]
    EmptyTokenSecret,
    /// Secrets for an RSA method, or an RSA key for another.
    #[error("the key is of another type than the signature method")]
    WrongType,
}
