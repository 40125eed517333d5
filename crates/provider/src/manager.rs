//! Where consumers are kept.

use std::{fmt::Debug, sync::Arc};

use async_trait::async_trait;
use oauth1_core::{ConsumerKey, Timestamp};

use crate::{CallbackRule, Consumer, Credential, Policy, StoreError};

/// Keeps consumers. The provider calls [`Manager::find`] for every OAuth request, the others are
/// for administration. Every change is atomic.
///
/// `Ok(None)` and `Ok(false)` mean "there is none"; `Err` means "could not answer" and becomes
/// a 503: an unknown consumer must never be reported by an error, nor an outage by `None`.
#[async_trait]
pub trait Manager: Debug + Send + Sync {
    /// The consumer of this key, disabled ones included.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn find(&self, key: &ConsumerKey) -> Result<Option<Arc<Consumer>>, StoreError>;

    /// What [`Manager::find`] would answer for the consumer of this key, where that is known without
    /// waiting; `None` where it is not, and always by default. A short cut: neither a future nor a
    /// [`ConsumerKey`] is made, which is found in collections by its bytes.
    fn find_now(&self, key: &[u8]) -> Option<Result<Option<Arc<Consumer>>, StoreError>> {
        let _ = key;
        None
    }

    /// Adds a consumer, unless its key is taken.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn create(&self, consumer: &Consumer) -> Result<Created, StoreError>;

    /// At most `limit` consumers in the order of their keys, those behind `after`.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn list(
        &self,
        after: Option<&ConsumerKey>,
        limit: u32,
    ) -> Result<Vec<Arc<Consumer>>, StoreError>;

    /// Changes a consumer; false if there is none.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn update(&self, key: &ConsumerKey, change: &ConsumerChange) -> Result<bool, StoreError>;

    /// Deletes a consumer; false if there was none. Its tokens must stop working: the provider
    /// refuses tokens of consumers that it cannot find.
    ///
    /// # Errors
    /// [`StoreError`] if it could not answer.
    async fn delete(&self, key: &ConsumerKey) -> Result<bool, StoreError>;
}

/// What [`Manager::create`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller has to treat both")]
pub enum Created {
    /// Added.
    Created,
    /// The key is taken; nothing changed.
    AlreadyExists,
}

/// A change to a consumer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConsumerChange {
    /// Refuse its requests from now on, for this reason.
    Disable(String),
    /// Accept its requests again.
    Enable,
    /// Replace its credential; the old one is accepted until the time given.
    Rotate {
        /// The new credential.
        credential: Credential,
        /// Until when the old one is accepted.
        overlap_until: Timestamp,
    },
    /// Replace what it may do and which callbacks it may use; tokens it has stay.
    Configure {
        /// The new policy.
        policy: Box<Policy>,
        /// All the callbacks it may use from now on.
        callbacks: Vec<CallbackRule>,
    },
}

impl ConsumerChange {
    /// Carries the change out on a consumer: what implementations that keep whole consumers call.
    pub fn apply(&self, consumer: &mut Consumer) {
        match self {
            Self::Disable(reason) => consumer.disabled = Some(reason.clone()),
            Self::Enable => consumer.disabled = None,
            Self::Rotate {
                credential,
                overlap_until,
            } => {
                consumer.rotate(credential.clone(), *overlap_until);
            }
            Self::Configure { policy, callbacks } => {
                consumer.policy = Policy::clone(policy);
                consumer.callbacks.clone_from(callbacks);
            }
        }
    }
}
