//! What can go wrong at the start.

use oauth1_provider::{ConfigError, EntropyError, StoreError, core::IdentifierError};
use oauth1_store_sqlx::{ConnectError, KeyRingError};

/// What can go wrong at the start, and while serving.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The database could not be opened.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The Redis for nonces could not be used.
    #[error("--replay")]
    Replay(#[from] oauth1_store_redis::ConnectError),
    /// The keys that seal secrets.
    #[error(transparent)]
    Keys(#[from] KeyRingError),
    /// The database could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A consumer's key or a user's name cannot be one.
    #[error(transparent)]
    Identifier(#[from] IdentifierError),
    /// The provider's configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// Files, sockets, signals.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
