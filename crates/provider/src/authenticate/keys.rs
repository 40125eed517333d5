//! The keys that a request may be signed with, and one for those that nobody knows
//! ([RFC 5849 section 3.4](https://www.rfc-editor.org/rfc/rfc5849#section-3.4)).

use std::sync::{Arc, OnceLock};

use oauth1_core::{
    ErrorCode, FurtherMethod, KeyError, Leniency, Parsed, PreparedKey, Secret, SignatureMethod,
    Timestamp,
};

use crate::{Consumer, Credential, Denied};

/// A signature method, of the core or brought by the provider.
#[derive(Clone, Copy)]
pub(super) enum Scheme<'p> {
    Own(SignatureMethod),
    Further(&'p Arc<dyn FurtherMethod>),
}

impl Scheme<'_> {
    /// A key is never tried for a method of another type.
    pub(super) fn takes(&self, credential: &Credential) -> bool {
        match *self {
            Self::Own(method) => credential.serves(method),
            Self::Further(method) => credential.key_type() == method.key_type(),
        }
    }

    #[cfg(feature = "rsa")]
    fn is_rsa(&self) -> bool {
        match *self {
            Self::Own(method) => method.is_rsa(),
            Self::Further(method) => method.key_type() == oauth1_core::KeyType::Rsa,
        }
    }

    fn prepare(
        &self,
        credential: &Credential,
        token_secret: Option<&Secret>,
        leniencies: &[Leniency],
    ) -> Result<PreparedKey, KeyError> {
        match *self {
            Self::Own(method) => credential.prepare(method, token_secret, leniencies),
            Self::Further(method) => credential.prepare_further(method, token_secret),
        }
    }
}

/// A consumer pinned to other methods or transports is treated as one with another key: the answer
/// does not tell that it exists.
pub(super) fn pinned(consumer: &Consumer, parsed: &Parsed<'_>) -> bool {
    let (policy, parameters) = (&consumer.policy, parsed.parameters());
    policy.methods.contains(&parameters.signature_method())
        && policy.transports.contains(&parameters.transport())
}

/// One key per live secret; none of a consumer whose credentials are of another type. An empty secret makes no key, and so no signature holds.
pub(super) fn keys(
    consumer: &Consumer,
    token_secret: Option<&Secret>,
    scheme: &Scheme<'_>,
    now: Timestamp,
) -> Result<Vec<PreparedKey>, KeyError> {
    consumer
        .live_credentials(now)
        .filter(|credential| scheme.takes(credential))
        .map(|credential| scheme.prepare(credential, token_secret, &consumer.policy.leniencies))
        .collect()
}

/// Costs an unknown consumer or token the work of a known one, whose keys are kept as well.
pub(super) fn dummy(scheme: &Scheme<'_>) -> Result<PreparedKey, Denied> {
    static KEPT: [OnceLock<PreparedKey>; SignatureMethod::ALL.len()] =
        [const { OnceLock::new() }; SignatureMethod::ALL.len()];
    let Scheme::Own(method) = *scheme else {
        return make_dummy(scheme);
    };
    let mut all = SignatureMethod::ALL.iter().zip(&KEPT);
    let Some((_, kept)) = all.find(|(of, _)| **of == method) else {
        return make_dummy(scheme);
    };
    if let Some(key) = kept.get() {
        return Ok(key.clone());
    }
    let key = make_dummy(scheme)?;
    Ok(kept.get_or_init(|| key).clone())
}

fn make_dummy(scheme: &Scheme<'_>) -> Result<PreparedKey, Denied> {
    let none = || Denied::new(ErrorCode::ConsumerKeyUnknown);
    let secret = Secret::from("a secret that no consumer has and no answer depends on");
    #[cfg(feature = "rsa")]
    let credential = if scheme.is_rsa() {
        Credential::from(dummy_rsa().ok_or_else(none)?)
    } else {
        Credential::from(secret.clone())
    };
    #[cfg(not(feature = "rsa"))]
    let credential = Credential::from(secret.clone());
    let key = scheme.prepare(&credential, Some(&secret), &[]);
    key.map_err(|_| none())
}

/// Of a key whose private half nobody has kept.
#[cfg(feature = "rsa")]
fn dummy_rsa() -> Option<oauth1_core::RsaPublicKey> {
    static KEY: OnceLock<Option<oauth1_core::RsaPublicKey>> = OnceLock::new();
    let key = KEY.get_or_init(|| oauth1_core::RsaPublicKey::from_pem(DUMMY_KEY).ok());
    key.clone()
}

#[cfg(feature = "rsa")]
const DUMMY_KEY: &str = include_str!("../dummy_key.pem");
