//! What can go wrong.

use oauth1_provider::StoreError;
use redis::RedisError;

/// Why there is no guard.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The URL is none of those that this crate knows.
    #[error("unsupported Redis URL: {0}")]
    Url(&'static str),
    /// The file of the TLS authorities cannot be read.
    #[error("cannot read the TLS authorities")]
    TlsAuthorities(#[source] std::io::Error),
    /// The settings are refused by the Redis client.
    #[error("bad Redis settings")]
    Settings(#[source] RedisError),
    /// No server could be used.
    #[error("cannot use Redis")]
    Unusable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a check has no answer. Cloned to all who wait for the same connection.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("Redis is out of memory")]
    Full,
    #[error("Redis failed")]
    Redis(#[source] RedisError),
    #[error("Redis refused: {0}")]
    Refused(redis::ServerError),
    #[error("Redis did not answer in time")]
    TimedOut,
    #[error("Redis evicts keys when memory is short: set `maxmemory-policy noeviction`")]
    Evicts,
    #[error("the server is no master, or is still loading")]
    NotReady,
    #[error("Redis gave an answer that is not understood")]
    NotUnderstood,
    #[error("{acknowledged} of {wanted} replicas have it")]
    TooFewReplicas { acknowledged: i64, wanted: u32 },
    #[error("no node of the Cluster answers for this slot")]
    NoNode,
    #[error("the task that writes has stopped")]
    Stopped,
}

impl From<RedisError> for Failure {
    fn from(error: RedisError) -> Self {
        Self::Redis(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Full => Self::Full,
            failure => Self::unavailable(failure),
        }
    }
}

impl From<Failure> for ConnectError {
    fn from(failure: Failure) -> Self {
        Self::Unusable(Box::new(failure))
    }
}
