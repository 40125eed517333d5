//! Where tokens are kept.

use std::{fmt::Debug, sync::Arc};

use async_trait::async_trait;
use oauth1_core::{ConsumerKey, Timestamp, TokenKey, constant_time_eq};

use crate::{AccessToken, Realms, RequestToken, Session, SessionHandleHash, UserId, VerifierHash};

/// Keeps request and access tokens.
///
/// Every change is **one atomic operation** with a typed outcome: however many callers race, in
/// however many processes, a request token is decided once and exchanged once. What is
/// acknowledged is durable. `Ok(None)` means "there is none"; `Err` means "could not answer" and
/// becomes a 503.
#[async_trait]
pub trait Store: Debug + Send + Sync {
    /// Keeps a new, pending request token (section 2.1).
    ///
    /// # Errors
    /// [`StoreError`] if it could not, also when the key is taken.
    async fn create_request_token(&self, token: &RequestToken) -> Result<(), StoreError>;

    /// The request token of this key, expired ones included.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn request_token(&self, key: &TokenKey) -> Result<Option<RequestToken>, StoreError>;

    /// Decides a pending, unexpired request token (section 2.2): a compare-and-set. Approval
    /// keeps user, verifier hash and the realms granted; denial deletes the token. A second decision changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn decide(
        &self,
        key: &TokenKey,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Decided, StoreError>;

    /// Exchanges an authorised request token for an access token (section 2.3): deletes the one
    /// and keeps the other in the same step, once.
    ///
    /// A wrong verifier is counted; at [`Exchange::attempts`] the request token is deleted.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError>;

    /// Renews an access token (OAuth Session 1.0): deletes the old one and keeps the new one in
    /// the same step, once, however many race. Whether the old one has expired does not matter;
    /// its session must not have. The session's handle is compared in constant time. Whatever
    /// is not [`Renewed::Renewed`] changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn renew(&self, renewal: &Renewal, now: Timestamp) -> Result<Renewed, StoreError>;

    /// The access token of this key **and this consumer**, expired ones included.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn access_token(
        &self,
        consumer: &ConsumerKey,
        key: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError>;

    /// What [`Store::access_token`] would answer for the token of this key, where that is known
    /// without waiting; `None` where it is not, and always by default. A short cut: neither a future
    /// nor keys are made, which are found in collections by their bytes.
    fn access_token_now(
        &self,
        consumer: &[u8],
        key: &[u8],
    ) -> Option<Result<Option<Arc<AccessToken>>, StoreError>> {
        let _ = (consumer, key);
        None
    }

    /// The access tokens of a user, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn access_tokens_of(&self, user: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError>;

    /// Deletes access tokens, and with [`Revocation::Consumer`] request tokens too; gives how many.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn revoke(&self, which: &Revocation) -> Result<u64, StoreError>;

    /// Deletes at most `limit` dead tokens: request tokens at their expiry, access tokens by
    /// [`AccessToken::dead`]; gives how many. Call it again while it is `limit`.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// A user's decision on a request token.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "stores have to carry out each")]
pub enum Decision {
    /// Yes.
    Approve {
        /// Who approved.
        user: UserId,
        /// The hash of the verifier shown to that user.
        verifier: VerifierHash,
        /// What the user grants, of what was asked for.
        realms: Realms,
    },
    /// No.
    Deny,
}

/// What [`Store::decide`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller has to treat both")]
pub enum Decided {
    /// The decision holds.
    Decided,
    /// Nothing changed: unknown, expired, or decided before.
    NotPending,
}

/// A request to exchange.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "stores read all of it")]
pub struct Exchange {
    /// The request token.
    pub request_token: TokenKey,
    /// The consumer that asks; it must be the token's.
    pub consumer: ConsumerKey,
    /// The hash of the verifier that it gave.
    pub verifier: VerifierHash,
    /// How many wrong verifiers burn the token.
    pub attempts: u32,
    /// Key of the access token to keep.
    pub key: TokenKey,
    /// Its secret.
    pub secret: oauth1_core::Secret,
    /// When it will expire.
    pub expires: Option<Timestamp>,
    /// How it can be renewed.
    pub session: Option<Session>,
}

impl Exchange {
    /// The access token that a successful exchange keeps, acting for `user`, with the realms
    /// that the request token was approved for.
    #[must_use]
    pub fn access_token(&self, user: UserId, realms: Realms, now: Timestamp) -> AccessToken {
        AccessToken {
            key: self.key.clone(),
            secret: self.secret.clone(),
            consumer: self.consumer.clone(),
            user,
            realms,
            created: now,
            expires: self.expires,
            session: self.session.clone(),
        }
    }
}

/// What [`Store::exchange`] did.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a caller has to treat each")]
pub enum Exchanged {
    /// The access token is kept, the request token gone.
    Exchanged(AccessToken),
    /// There is no such request token of this consumer: never was, or used, denied, burnt.
    NotFound,
    /// It has expired.
    Expired,
    /// No user has approved it yet.
    NotAuthorized,
    /// The verifier is wrong; the attempt is counted.
    WrongVerifier,
}

/// A request to renew an access token.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "stores read all of it")]
pub struct Renewal {
    /// The old access token.
    pub access_token: TokenKey,
    /// The consumer that asks; it must be the token's.
    pub consumer: ConsumerKey,
    /// The hash of the handle that it gave.
    pub handle: SessionHandleHash,
    /// Key of the access token to keep.
    pub key: TokenKey,
    /// Its secret.
    pub secret: oauth1_core::Secret,
    /// When it will expire, unless its session ends before.
    pub expires: Timestamp,
}

impl Renewal {
    /// What to do about the access token `old`, as it is kept: the new one to keep in its place,
    /// or why there is none. Stores call it inside of their atomic step, with a token of
    /// [`Renewal::access_token`]'s key.
    #[must_use]
    pub fn of(&self, old: &AccessToken, now: Timestamp) -> Renewed {
        let Some(session) = &old.session else {
            return Renewed::NotFound;
        };
        if old.key != self.access_token || old.consumer != self.consumer {
            return Renewed::NotFound;
        }
        if !constant_time_eq(session.handle.as_bytes(), self.handle.as_bytes()) {
            return Renewed::WrongHandle;
        }
        if session.expires <= now {
            return Renewed::Expired;
        }
        Renewed::Renewed(AccessToken {
            key: self.key.clone(),
            secret: self.secret.clone(),
            consumer: old.consumer.clone(),
            user: old.user.clone(),
            realms: old.realms.clone(),
            created: now,
            expires: Some(self.expires.min(session.expires)),
            session: Some(session.clone()),
        })
    }
}

/// What [`Store::renew`] did.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a caller has to treat each")]
pub enum Renewed {
    /// The new access token is kept, the old one gone.
    Renewed(AccessToken),
    /// There is no such access token of this consumer: never was, or renewed, revoked; or it has
    /// no session.
    NotFound,
    /// The session has ended.
    Expired,
    /// The handle is wrong.
    WrongHandle,
}

/// Which tokens to revoke.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "stores have to carry out each")]
pub enum Revocation {
    /// One token of a user.
    Token {
        /// Whose.
        user: UserId,
        /// Which.
        key: TokenKey,
    },
    /// All of a user.
    User(UserId),
    /// All of a consumer.
    Consumer(ConsumerKey),
}

/// A manager, store or replay guard could not answer. Its text is for the operator's log, never
/// for a client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The back end failed or is out of reach.
    #[error("store unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is kept cannot be read back.
    #[error("stored data is corrupt: {0}")]
    Corrupt(&'static str),
    /// There is no room left; old entries are not given up for new ones.
    #[error("store full")]
    Full,
    /// A key that must be new is taken.
    #[error("key already taken")]
    KeyTaken,
}

impl StoreError {
    /// Of a back end's own error.
    pub fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(source.into())
    }
}
