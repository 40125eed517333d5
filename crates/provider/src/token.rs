//! Request tokens and access tokens.
//!
//! [RFC 5849 section 1.1](https://www.rfc-editor.org/rfc/rfc5849#section-1.1) calls them
//! temporary credentials and token credentials.

use std::fmt;

use oauth1_core::{
    Callback, ConsumerKey, IdentifierError, Secret, SessionHandle, Timestamp, TokenKey, Verifier,
};
use sha2::{Digest, Sha256};
use smol_str::SmolStr;

use crate::Realms;

/// The application's name for a user; opaque to the provider.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(SmolStr);

impl UserId {
    /// Takes any non-empty text of at most 255 bytes.
    ///
    /// # Errors
    /// [`IdentifierError`] if it is empty or longer.
    pub fn new(text: impl AsRef<str>) -> Result<Self, IdentifierError> {
        match text.as_ref() {
            "" => Err(IdentifierError::Empty),
            long if long.len() > 255 => Err(IdentifierError::TooLong),
            text => Ok(Self(SmolStr::new(text))),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

/// A request token: what a consumer holds while it waits for a user's decision.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "stores build it from rows")]
#[doc(alias = "temporary credentials")]
pub struct RequestToken {
    /// Its key.
    pub key: TokenKey,
    /// Its secret.
    pub secret: Secret,
    /// Whose it is.
    pub consumer: ConsumerKey,
    /// Where the user goes after the decision: fixed here, at step one.
    pub callback: Callback,
    /// What it asks for; once approved, what the user grants.
    pub realms: Realms,
    /// How far it has come.
    pub state: RequestTokenState,
    /// When it was created.
    pub created: Timestamp,
    /// From when on it is dead.
    pub expires: Timestamp,
}

/// How far a request token has come. A denied or exchanged one is deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "stores have to keep each")]
pub enum RequestTokenState {
    /// No user has decided yet.
    Pending,
    /// A user approved and holds the verifier.
    Authorized(UserId),
}

/// An access token: lets a consumer act for a user.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "stores build it from rows")]
#[doc(alias = "token credentials")]
pub struct AccessToken {
    /// Its key.
    pub key: TokenKey,
    /// Its secret.
    pub secret: Secret,
    /// Whose it is.
    pub consumer: ConsumerKey,
    /// For whom it acts.
    pub user: UserId,
    /// To what it gives access.
    pub realms: Realms,
    /// When it was created.
    pub created: Timestamp,
    /// From when on it gives no access; `None` never.
    pub expires: Option<Timestamp>,
    /// How it is renewed, if it can be.
    pub session: Option<Session>,
}

impl AccessToken {
    /// From when on it is of no use at all and may be purged; `None` never. One with a session
    /// outlives its expiry, to be renewed.
    #[must_use]
    pub fn dead(&self) -> Option<Timestamp> {
        let session = self.session.as_ref().map(|session| session.expires);
        self.expires
            .map(|expires| session.map_or(expires, |end| end.max(expires)))
    }
}

/// An authorization that outlives its access token (OAuth Session 1.0).
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores build it from rows")]
pub struct Session {
    /// What is kept of the handle.
    pub handle: SessionHandleHash,
    /// From when on the access token cannot be renewed.
    pub expires: Timestamp,
}

/// What is kept of a session handle: SHA-256. A handle has 130 random bits, so no salt is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SessionHandleHash([u8; 32]);

impl SessionHandleHash {
    /// Of a handle.
    #[must_use]
    pub fn new(handle: &SessionHandle) -> Self {
        Self(Sha256::digest(handle.as_str()).into())
    }

    /// Of a hash that was kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SessionHandleHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What is kept of a verifier: SHA-256 over the request token's key, a zero byte and the verifier.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifierHash([u8; 32]);

impl VerifierHash {
    /// As a store kept it.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Of a verifier for a request token.
    #[must_use]
    pub fn new(token: &TokenKey, verifier: &Verifier) -> Self {
        let mut hash = Sha256::new();
        hash.update(token.as_str());
        hash.update([0]);
        hash.update(verifier.as_str());
        Self(hash.finalize().into())
    }

    /// The hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for VerifierHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
