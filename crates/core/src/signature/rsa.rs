//! RSA-SHA1, and RSA-SHA256 and -SHA512 in its likeness
//! ([RFC 5849 section 3.4.3](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.3)).

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use rsa::{
    PublicKey,
    pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey},
    pkcs1v15::{Signature, SigningKey, VerifyingKey},
    pkcs8::{
        AssociatedOid, DecodePrivateKey, DecodePublicKey, EncodePublicKey, LineEnding,
        der::{DecodePem, Encode},
    },
    signature::hazmat::{PrehashSigner, PrehashVerifier},
    traits::PublicKeyParts,
};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};
use x509_cert::Certificate;

use super::SignatureMethod;
use crate::BaseString;

/// A consumer's RSA public key. It is no secret, and it is of another type than one: it can never
/// serve as a key for HMAC or PLAINTEXT.
#[derive(Clone, PartialEq, Eq)]
pub struct RsaPublicKey(Arc<PublicKey>);

impl RsaPublicKey {
    /// Reads PEM: a public key (`PUBLIC KEY`, or `RSA PUBLIC KEY` of PKCS#1) or the one in an
    /// X.509 certificate, whose other contents are not looked at.
    ///
    /// # Errors
    /// [`RsaKeyError`] if it is none of these, or has fewer than 2048 bits.
    pub fn from_pem(text: &str) -> Result<Self, RsaKeyError> {
        Self::from_pem_of_at_least(MINIMUM_BITS, text)
    }

    /// The same, with another minimum than 2048 bits.
    ///
    /// # Security
    /// A shorter key can be broken. For consumers that cannot change theirs.
    ///
    /// # Errors
    /// [`RsaKeyError`], also for fewer than 1024 bits, or more than 8192.
    pub fn from_pem_of_at_least(bits: usize, text: &str) -> Result<Self, RsaKeyError> {
        let text = text.trim();
        let key = if text.starts_with("-----BEGIN CERTIFICATE-----") {
            let certificate = Certificate::from_pem(text).map_err(|_| RsaKeyError::Malformed)?;
            let key = certificate.tbs_certificate().subject_public_key_info();
            let der = key.to_der().map_err(|_| RsaKeyError::Malformed)?;
            PublicKey::from_public_key_der(&der).ok()
        } else if text.starts_with("-----BEGIN RSA PUBLIC KEY-----") {
            PublicKey::from_pkcs1_pem(text).ok()
        } else {
            PublicKey::from_public_key_pem(text).ok()
        };
        let key = key.ok_or(RsaKeyError::Malformed)?;
        let found = usize::try_from(key.n().bit_width()).unwrap_or(0);
        if found < bits {
            return Err(RsaKeyError::TooShort(found));
        }
        Ok(Self(Arc::new(key)))
    }

    /// As PEM (`PUBLIC KEY`), to be kept.
    ///
    /// # Errors
    /// [`RsaKeyError::Malformed`] if it cannot be encoded, which no key that was read is.
    pub fn to_pem(&self) -> Result<String, RsaKeyError> {
        self.0
            .to_public_key_pem(LineEnding::LF)
            .map_err(|_| RsaKeyError::Malformed)
    }

    /// Whether a base string was signed by it, with this signature.
    #[cfg(feature = "explain")]
    pub(crate) fn holds(
        &self,
        method: SignatureMethod,
        base_string: &[u8],
        signature: &[u8],
    ) -> bool {
        let received = Signature::try_from(signature).ok();
        let (Some(key), Some(received)) = (RsaKey::new(method, self), received) else {
            return false;
        };
        match key {
            RsaKey::Sha1(key) => key.verify_prehash(&Sha1::digest(base_string), &received),
            RsaKey::Sha256(key) => key.verify_prehash(&Sha256::digest(base_string), &received),
            RsaKey::Sha512(key) => key.verify_prehash(&Sha512::digest(base_string), &received),
        }
        .is_ok()
    }

    /// Its length.
    #[must_use]
    pub fn bits(&self) -> usize {
        usize::try_from(self.0.n().bit_width()).unwrap_or(0)
    }
}

/// Below it, RSA is not considered safe any more.
const MINIMUM_BITS: usize = 2_048;

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPublicKey({} bits)", self.bits())
    }
}

/// An RSA private key, to sign with: the client's half. `Debug` prints `[redacted]`.
#[derive(Clone)]
pub struct RsaPrivateKey(Arc<rsa::PrivateKey>);

impl RsaPrivateKey {
    /// Reads PEM: `PRIVATE KEY` (PKCS#8) or `RSA PRIVATE KEY` (PKCS#1), not encrypted.
    ///
    /// # Errors
    /// [`RsaKeyError::Malformed`] if it is neither.
    pub fn from_pem(text: &str) -> Result<Self, RsaKeyError> {
        let text = text.trim();
        let key = if text.starts_with("-----BEGIN RSA PRIVATE KEY-----") {
            rsa::PrivateKey::from_pkcs1_pem(text).ok()
        } else {
            rsa::PrivateKey::from_pkcs8_pem(text).ok()
        };
        key.map(Arc::new).map(Self).ok_or(RsaKeyError::Malformed)
    }

    pub(crate) fn sign(
        &self,
        method: SignatureMethod,
        base_string: &BaseString<'_>,
    ) -> Option<String> {
        let key = || rsa::PrivateKey::clone(&self.0);
        let signature = match method {
            SignatureMethod::RsaSha1 => {
                SigningKey::<Sha1>::new(key()).sign_prehash(&digest::<Sha1>(base_string))
            }
            SignatureMethod::RsaSha256 => {
                SigningKey::<Sha256>::new(key()).sign_prehash(&digest::<Sha256>(base_string))
            }
            SignatureMethod::RsaSha512 => {
                SigningKey::<Sha512>::new(key()).sign_prehash(&digest::<Sha512>(base_string))
            }
            _ => return None,
        };
        let signature: Box<[u8]> = signature.ok()?.into();
        Some(STANDARD.encode(signature))
    }
}

impl fmt::Debug for RsaPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Why a text is no RSA key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RsaKeyError {
    /// It is no PEM text with an RSA key or certificate.
    #[error("no RSA key in PEM: a public key (SPKI or PKCS#1) or a certificate is wanted")]
    Malformed,
    /// It has too few bits.
    #[error("an RSA key of {0} bits is too short")]
    TooShort(usize),
}

/// Ready to verify.
#[derive(Clone)]
pub(super) enum RsaKey {
    Sha1(Arc<VerifyingKey<Sha1>>),
    Sha256(Arc<VerifyingKey<Sha256>>),
    Sha512(Arc<VerifyingKey<Sha512>>),
}

impl RsaKey {
    pub(super) fn new(method: SignatureMethod, key: &RsaPublicKey) -> Option<Self> {
        Some(match method {
            SignatureMethod::RsaSha1 => Self::Sha1(verifying(key)),
            SignatureMethod::RsaSha256 => Self::Sha256(verifying(key)),
            SignatureMethod::RsaSha512 => Self::Sha512(verifying(key)),
            _ => return None,
        })
    }

    pub(super) fn method(&self) -> SignatureMethod {
        match self {
            Self::Sha1(_) => SignatureMethod::RsaSha1,
            Self::Sha256(_) => SignatureMethod::RsaSha256,
            Self::Sha512(_) => SignatureMethod::RsaSha512,
        }
    }

    pub(super) fn holds(&self, base_string: &BaseString<'_>, signature: &[u8]) -> bool {
        let bytes = STANDARD.decode(signature).ok();
        let received = bytes.and_then(|bytes| Signature::try_from(bytes.as_slice()).ok());
        let Some(received) = received else {
            return false;
        };
        match self {
            Self::Sha1(key) => verify(key, base_string, &received),
            Self::Sha256(key) => verify(key, base_string, &received),
            Self::Sha512(key) => verify(key, base_string, &received),
        }
    }
}

fn verifying<D: Digest + AssociatedOid>(key: &RsaPublicKey) -> Arc<VerifyingKey<D>> {
    Arc::new(VerifyingKey::new(PublicKey::clone(&key.0)))
}

fn verify<D: Digest>(
    key: &VerifyingKey<D>,
    base_string: &BaseString<'_>,
    received: &Signature,
) -> bool {
    let digest = digest::<D>(base_string);
    key.verify_prehash(&digest, received).is_ok()
}

/// The base string streamed into the hash.
fn digest<D: Digest>(base_string: &BaseString<'_>) -> Vec<u8> {
    let mut digest = D::new();
    base_string.write_to(|bytes| digest.update(bytes));
    digest.finalize().to_vec()
}
