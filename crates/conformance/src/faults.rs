//! Parts that fail on command: errors, lost answers, silence.

use std::{
    future::pending,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use oauth1_provider::{
    AccessToken, Consumer, ConsumerChange, Created, Decided, Decision, Exchange, Exchanged,
    Manager, Remembered, Renewal, Renewed, ReplayEntry, ReplayGuard, RequestToken, Revocation,
    Store, StoreError, UserId,
    core::{ConsumerKey, Timestamp, TokenKey},
};
use tokio::sync::Semaphore;

/// What a part does when it is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It answers.
    #[default]
    None,
    /// It does nothing, and says so.
    Fails,
    /// It does what it is asked; its answer is lost on the way, and an error comes instead.
    LosesAnswer,
    /// It does nothing and never answers.
    IsSilent,
    /// It does what it is asked and never answers.
    DoesAndIsSilent,
}

/// Sets the fault of a part, for all who hold a clone.
#[derive(Clone, Debug)]
pub struct Faults(Arc<(Mutex<Fault>, Semaphore)>);

impl Default for Faults {
    fn default() -> Self {
        Self(Arc::new((Mutex::default(), Semaphore::new(0))))
    }
}

impl Faults {
    /// From now on.
    pub fn set(&self, fault: Fault) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// Waits until one more caller waits for an answer that never comes.
    pub async fn waited_for(&self) {
        self.0.1.acquire().await.unwrap().forget();
    }

    async fn inject<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let fault = *self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(fault, Fault::None) {
            return work.await;
        }
        if matches!(fault, Fault::LosesAnswer | Fault::DoesAndIsSilent) {
            let _ = work.await;
        }
        if matches!(fault, Fault::IsSilent | Fault::DoesAndIsSilent) {
            self.0.1.add_permits(1);
            return pending().await;
        }
        Err(StoreError::unavailable("a fault of the test's own"))
    }
}

/// A `Manager`, `Store` or `ReplayGuard` with faults of what it looks up and of what it changes.
#[derive(Clone, Debug)]
pub struct Faulty<T: ?Sized> {
    inner: Arc<T>,
    look_ups: Faults,
    changes: Faults,
}

impl<T: ?Sized> Faulty<T> {
    /// Without faults so far.
    pub fn new(inner: Arc<T>) -> Self {
        Self {
            inner,
            look_ups: Faults::default(),
            changes: Faults::default(),
        }
    }

    /// Of what changes nothing. A replay guard has none.
    #[must_use]
    pub fn look_ups(&self) -> &Faults {
        &self.look_ups
    }

    /// Of what changes something: all that a replay guard does.
    #[must_use]
    pub fn changes(&self) -> &Faults {
        &self.changes
    }
}

#[async_trait]
impl Manager for Faulty<dyn Manager> {
    async fn find(&self, key: &ConsumerKey) -> Result<Option<Arc<Consumer>>, StoreError> {
        self.look_ups.inject(self.inner.find(key)).await
    }

    async fn create(&self, consumer: &Consumer) -> Result<Created, StoreError> {
        self.changes.inject(self.inner.create(consumer)).await
    }

    async fn list(
        &self,
        after: Option<&ConsumerKey>,
        limit: u32,
    ) -> Result<Vec<Arc<Consumer>>, StoreError> {
        self.look_ups.inject(self.inner.list(after, limit)).await
    }

    async fn update(&self, key: &ConsumerKey, change: &ConsumerChange) -> Result<bool, StoreError> {
        self.changes.inject(self.inner.update(key, change)).await
    }

    async fn delete(&self, key: &ConsumerKey) -> Result<bool, StoreError> {
        self.changes.inject(self.inner.delete(key)).await
    }
}

#[async_trait]
impl Store for Faulty<dyn Store> {
    async fn create_request_token(&self, token: &RequestToken) -> Result<(), StoreError> {
        let work = self.inner.create_request_token(token);
        self.changes.inject(work).await
    }

    async fn request_token(&self, key: &TokenKey) -> Result<Option<RequestToken>, StoreError> {
        self.look_ups.inject(self.inner.request_token(key)).await
    }

    async fn decide(
        &self,
        key: &TokenKey,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        let work = self.inner.decide(key, decision, now);
        self.changes.inject(work).await
    }

    async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError> {
        self.changes
            .inject(self.inner.exchange(exchange, now))
            .await
    }

    async fn renew(&self, renewal: &Renewal, now: Timestamp) -> Result<Renewed, StoreError> {
        self.changes.inject(self.inner.renew(renewal, now)).await
    }

    async fn access_token(
        &self,
        consumer: &ConsumerKey,
        key: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError> {
        let work = self.inner.access_token(consumer, key);
        self.look_ups.inject(work).await
    }

    async fn access_tokens_of(&self, user: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError> {
        self.look_ups
            .inject(self.inner.access_tokens_of(user))
            .await
    }

    async fn revoke(&self, which: &Revocation) -> Result<u64, StoreError> {
        self.changes.inject(self.inner.revoke(which)).await
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.changes.inject(self.inner.purge(now, limit)).await
    }
}

#[async_trait]
impl ReplayGuard for Faulty<dyn ReplayGuard> {
    async fn remember(&self, entry: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        self.changes.inject(self.inner.remember(entry)).await
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.changes.inject(self.inner.purge(now, limit)).await
    }
}
