//! Where nonces are kept
//! ([RFC 5849 section 3.3](https://www.rfc-editor.org/rfc/rfc5849#section-3.3)).
//!
//! > The nonce value MUST be unique across all requests with the same timestamp, client
//! > credentials, and token combinations.

use std::fmt::{self, Debug};

use async_trait::async_trait;
use oauth1_core::{ConsumerKey, Timestamp, TokenKey};

use crate::StoreError;

/// Remembers which requests were accepted, so that none is accepted twice. The provider calls it
/// last, after the signature and the timestamp held: strangers cannot fill it.
///
/// A wrong [`Remembered::Fresh`] lets an attacker repeat a user's request. So it is atomic
/// (however many callers race, one gets `Fresh`), kept until [`ReplayEntry::keep_until`], also
/// over restarts and processes. A guard that forgets at restart answers
/// [`Remembered::TooOld`] to whatever an earlier process could have accepted.
#[async_trait]
pub trait ReplayGuard: Debug + Send + Sync {
    /// Remembers the entry, if it is new.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer or is full: the request is then refused with 503.
    async fn remember(&self, entry: &ReplayEntry<'_>) -> Result<Remembered, StoreError>;

    /// Does what [`ReplayGuard::remember`] does, where that needs no waiting; `None`, always by
    /// default, where it does: then nothing was done. A short cut: no future is made.
    fn remember_now(&self, entry: &ReplayEntry<'_>) -> Option<Result<Remembered, StoreError>> {
        let _ = entry;
        None
    }

    /// Forgets entries with `keep_until` before `now`; gives how many. Stops at `limit`, unless
    /// forgetting many at once costs no more.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// What makes a request unique: consumer, token, timestamp and nonce together.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "guards read all of it")]
pub struct ReplayEntry<'a> {
    /// The consumer.
    pub consumer: &'a ConsumerKey,
    /// The token, if there is one.
    pub token: Option<&'a TokenKey>,
    /// The timestamp.
    pub timestamp: Timestamp,
    /// The nonce, decoded; it is UTF-8.
    pub nonce: &'a [u8],
    /// Until when (inclusive) the timestamp could be accepted.
    pub keep_until: Timestamp,
    /// Now.
    pub now: Timestamp,
}

impl Debug for ReplayEntry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplayEntry")
            .field("consumer", &self.consumer)
            .field("token", &self.token)
            .field("timestamp", &self.timestamp)
            .field("nonce", &String::from_utf8_lossy(self.nonce))
            .field("keep_until", &self.keep_until)
            .field("now", &self.now)
            .finish()
    }
}

/// What [`ReplayGuard::remember`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller has to treat each")]
pub enum Remembered {
    /// New, and kept.
    Fresh,
    /// Accepted before.
    Replayed,
    /// From a time of which this guard knows nothing: it may have been accepted before.
    TooOld,
}
