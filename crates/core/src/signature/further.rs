//! Signature methods of others than this crate's
//! ([RFC 5849 section 3.4](https://www.rfc-editor.org/rfc/rfc5849#section-3.4)): "servers are
//! free to implement and document their own custom methods".

use std::{
    collections::BTreeSet,
    fmt,
    hash::{Hash, Hasher},
    sync::{Arc, PoisonError, RwLock},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::{KeyError, SignatureMethod, compare::constant_time_eq};
use crate::BaseString;
#[cfg(feature = "rsa")]
use crate::RsaPublicKey;

/// A further signature method. Whoever parses requests names it
/// ([`crate::Parsed::extract_with`]); no other part of the protocol changes for it.
///
/// A MAC over shared secrets is its [`FurtherMethod::sign`] alone:
///
/// ```
/// use oauth1_core::{BaseString, FurtherMethod, KeyMaterial, KeyType, MethodName};
/// # struct Mac;
/// # impl Mac { fn new(_: &[u8]) -> Self { Self } fn update(&mut self, _: &[u8]) {} fn finish(self) -> Vec<u8> { vec![0] } }
///
/// #[derive(Debug)]
/// struct MyMac(MethodName);
///
/// impl FurtherMethod for MyMac {
///     fn name(&self) -> MethodName {
///         self.0
///     }
///
///     fn key_type(&self) -> KeyType {
///         KeyType::SharedSecret
///     }
///
///     fn sign(&self, key: KeyMaterial<'_>, base_string: &BaseString<'_>) -> Option<Vec<u8>> {
///         let KeyMaterial::SharedSecret(key) = key else {
///             return None;
///         };
///         let mut mac = Mac::new(key);
///         base_string.write_to(|bytes| mac.update(bytes));
///         Some(mac.finish())
///     }
/// }
/// # MyMac(MethodName::new("MY-MAC").unwrap());
/// ```
pub trait FurtherMethod: fmt::Debug + Send + Sync {
    /// Its name on the wire.
    fn name(&self) -> MethodName;

    /// What it verifies with. It is handed no key of another type, ever.
    fn key_type(&self) -> KeyType;

    /// The signature before base64; `None` if this key cannot make one. A public key cannot.
    fn sign(&self, key: KeyMaterial<'_>, base_string: &BaseString<'_>) -> Option<Vec<u8>>;

    /// Whether `signature`, decoded from base64, is one by this key. What is no base64 never gets
    /// here. For MACs the default is right: it signs and compares in constant time.
    fn verify(&self, key: KeyMaterial<'_>, base_string: &BaseString<'_>, signature: &[u8]) -> bool {
        self.sign(key, base_string)
            .is_some_and(|made| !made.is_empty() && constant_time_eq(&made, signature))
    }
}

/// What a method verifies with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// The secrets that consumer and provider share.
    SharedSecret,
    /// The consumer's RSA public key.
    Rsa,
}

/// The key that a further method is handed: of its [`FurtherMethod::key_type`].
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum KeyMaterial<'a> {
    /// The key of section 3.4.2: consumer secret and token secret, each percent-encoded, joined
    /// by `&`. It is a secret.
    SharedSecret(&'a [u8]),
    /// The consumer's public key.
    #[cfg(feature = "rsa")]
    Rsa(&'a RsaPublicKey),
}

impl fmt::Debug for KeyMaterial<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The name of a further method: 1 to 31 visible ASCII characters, and none of this crate's.
///
/// It goes with every request, so it is no larger than a pointer: each name is kept once, for as
/// long as the process lives. There may be 1,024 of them; they come from the application and from
/// what it has stored, never from a request.
#[derive(Clone, Copy)]
pub struct MethodName(&'static String);

const NAME_BYTES: usize = 31;

/// All names so far.
static NAMES: RwLock<BTreeSet<&'static String>> = RwLock::new(BTreeSet::new());

const MOST_NAMES: usize = 1_024;

impl MethodName {
    /// Checks and takes a name; `None` if it is none, or one of [`SignatureMethod::ALL`], or there
    /// are 1,024 others.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let visible = name.bytes().all(|byte| byte.is_ascii_graphic());
        let is_own = SignatureMethod::parse(name).is_some();
        if name.is_empty() || name.len() > NAME_BYTES || !visible || is_own {
            return None;
        }
        let name = name.to_owned();
        if let Some(kept) = NAMES
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&name)
        {
            return Some(Self(kept));
        }
        let mut names = NAMES.write().unwrap_or_else(PoisonError::into_inner);
        // Another may have come first.
        if let Some(kept) = names.get(&name) {
            return Some(Self(kept));
        }
        if names.len() >= MOST_NAMES {
            return None;
        }
        let kept: &'static String = Box::leak(Box::new(name));
        names.insert(kept);
        Some(Self(kept))
    }

    /// The name on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0
    }
}

/// Each name is kept once, so its place tells it.
impl PartialEq for MethodName {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for MethodName {}

impl Hash for MethodName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for MethodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

/// A further method with a key taken in.
#[derive(Clone)]
pub(super) struct FurtherKey {
    method: Arc<dyn FurtherMethod>,
    key: Key,
}

#[derive(Clone)]
enum Key {
    SharedSecret(Arc<Zeroizing<Vec<u8>>>),
    #[cfg(feature = "rsa")]
    Rsa(RsaPublicKey),
}

impl FurtherKey {
    pub(super) fn shared_secret(
        method: &Arc<dyn FurtherMethod>,
        key: Zeroizing<Vec<u8>>,
    ) -> Result<Self, KeyError> {
        Self::of(
            method,
            KeyType::SharedSecret,
            Key::SharedSecret(Arc::new(key)),
        )
    }

    #[cfg(feature = "rsa")]
    pub(super) fn rsa(
        method: &Arc<dyn FurtherMethod>,
        key: &RsaPublicKey,
    ) -> Result<Self, KeyError> {
        Self::of(method, KeyType::Rsa, Key::Rsa(key.clone()))
    }

    fn of(method: &Arc<dyn FurtherMethod>, of: KeyType, key: Key) -> Result<Self, KeyError> {
        if method.key_type() != of {
            return Err(KeyError::WrongType);
        }
        let method = Arc::clone(method);
        Ok(Self { method, key })
    }

    pub(super) fn method(&self) -> SignatureMethod {
        SignatureMethod::Further(self.method.name())
    }

    /// What is no base64, or nothing, is signed by nobody: the work is done all the same.
    pub(super) fn holds(&self, base_string: &BaseString<'_>, signature: &[u8]) -> bool {
        let received = STANDARD.decode(signature).unwrap_or_default();
        let holds = self.method.verify(self.key(), base_string, &received);
        holds && !received.is_empty()
    }

    pub(super) fn sign(&self, base_string: &BaseString<'_>) -> Option<String> {
        let made = self.method.sign(self.key(), base_string)?;
        Some(STANDARD.encode(made))
    }

    fn key(&self) -> KeyMaterial<'_> {
        match &self.key {
            Key::SharedSecret(key) => KeyMaterial::SharedSecret(key),
            #[cfg(feature = "rsa")]
            Key::Rsa(key) => KeyMaterial::Rsa(key),
        }
    }
}
