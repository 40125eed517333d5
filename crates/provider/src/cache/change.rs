//! What changed, for caches in other processes.

use std::fmt::Debug;

use oauth1_core::{ConsumerKey, TokenKey};

use crate::UserId;

/// A change that makes entries of a cache untrue.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// A consumer was added, changed or deleted.
    Consumer(ConsumerKey),
    /// An access token came to be, was renewed or revoked.
    Token(TokenKey),
    /// All tokens of a user were revoked.
    TokensOfUser(UserId),
    /// All tokens of a consumer were revoked.
    TokensOfConsumer(ConsumerKey),
}

/// Carries changes to caches elsewhere.
pub trait ChangeListener: Debug + Send + Sync {
    /// A change was made here, or may have been: called when the store has answered, also with an
    /// error. It must not block; what gets lost costs others the time to live.
    fn changed(&self, change: &Change);
}
