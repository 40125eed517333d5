//! What a consumer signs with
//! ([RFC 5849 sections 3.4.2 to 3.4.4](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.2)).

use std::sync::Arc;

#[cfg(feature = "rsa")]
use oauth1_core::RsaPublicKey;
use oauth1_core::{
    FurtherMethod, KeyError, KeyType, Leniency, PreparedKey, Secret, SignatureMethod,
};

/// What a consumer signs with. Its type decides which methods it serves for: a public key is
/// never a secret, nor the reverse.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credential {
    /// A secret that consumer and provider share: for HMAC and PLAINTEXT.
    SharedSecret(Secret),
    /// The consumer's public key: for the RSA methods.
    #[cfg(feature = "rsa")]
    RsaPublicKey(RsaPublicKey),
}

impl Credential {
    /// What kind of key it is.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        match self {
            Self::SharedSecret(_) => KeyType::SharedSecret,
            #[cfg(feature = "rsa")]
            Self::RsaPublicKey(_) => KeyType::Rsa,
        }
    }

    /// Whether requests of this method are verified with it. For a further method its
    /// [`oauth1_core::FurtherMethod::key_type`] decides, and this is false.
    #[must_use]
    pub fn serves(&self, method: SignatureMethod) -> bool {
        match self {
            Self::SharedSecret(_) => {
                !method.is_rsa() && !matches!(method, SignatureMethod::Further(_))
            }
            #[cfg(feature = "rsa")]
            Self::RsaPublicKey(_) => method.is_rsa(),
        }
    }

    /// The shared secret, if it is one.
    #[must_use]
    pub fn shared_secret(&self) -> Option<&Secret> {
        match self {
            Self::SharedSecret(secret) => Some(secret),
            #[cfg(feature = "rsa")]
            Self::RsaPublicKey(_) => None,
        }
    }

    pub(crate) fn prepare_further(
        &self,
        method: &Arc<dyn FurtherMethod>,
        token_secret: Option<&Secret>,
    ) -> Result<PreparedKey, KeyError> {
        match self {
            Self::SharedSecret(secret) => PreparedKey::further(method, secret, token_secret),
            #[cfg(feature = "rsa")]
            Self::RsaPublicKey(key) => PreparedKey::further_rsa(method, key),
        }
    }

    pub(crate) fn prepare(
        &self,
        method: SignatureMethod,
        token_secret: Option<&Secret>,
        leniencies: &[Leniency],
    ) -> Result<PreparedKey, KeyError> {
        match self {
            Self::SharedSecret(secret)
                if secret.is_empty() && leniencies.contains(&Leniency::EmptyConsumerSecret) =>
            {
                PreparedKey::without_consumer_secret(method, token_secret)
            }
            Self::SharedSecret(secret) => PreparedKey::shared_secret(method, secret, token_secret),
            #[cfg(feature = "rsa")]
            Self::RsaPublicKey(key) => PreparedKey::rsa(method, key),
        }
    }
}

impl From<Secret> for Credential {
    fn from(secret: Secret) -> Self {
        Self::SharedSecret(secret)
    }
}

#[cfg(feature = "rsa")]
impl From<RsaPublicKey> for Credential {
    fn from(key: RsaPublicKey) -> Self {
        Self::RsaPublicKey(key)
    }
}
