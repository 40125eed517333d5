//! Parts in memory that count what they are asked, wait at a gate, and fail when told to.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use oauth1_provider::{
    AccessToken, Consumer, ConsumerChange, Created, Decided, Decision, Exchange, Exchanged,
    Manager, MemoryManager, MemoryStore, Realms, Renewal, Renewed, RequestToken, RequestTokenState,
    Revocation, Store, StoreError, UserId, VerifierHash,
    core::{Callback, ConsumerKey, Secret, Timestamp, TokenKey, Verifier},
};
use tokio::sync::Semaphore;

use crate::NOW;

#[derive(Debug, Default)]
pub(crate) struct Counted {
    pub(crate) manager: MemoryManager,
    store: MemoryStore,
    asked: AtomicUsize,
    down: AtomicBool,
    before: Mutex<Option<Arc<Gate>>>,
    after: Mutex<Option<Arc<Gate>>>,
}

/// Where one look-up waits; those after it pass.
#[derive(Debug)]
pub(crate) struct Gate {
    reached: Semaphore,
    open: Semaphore,
}

impl Gate {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            reached: Semaphore::new(0),
            open: Semaphore::new(0),
        })
    }

    /// Somebody stands before it.
    pub(crate) async fn reached(&self) {
        self.reached.acquire().await.unwrap().forget();
    }

    pub(crate) fn open(&self) {
        self.open.add_permits(1);
    }

    async fn pass(gate: &Mutex<Option<Arc<Self>>>) {
        let gate = gate.lock().unwrap().take();
        if let Some(gate) = gate {
            gate.reached.add_permits(1);
            gate.open.acquire().await.unwrap().forget();
        }
    }
}

impl Counted {
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub(crate) fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    pub(crate) fn gate(&self) -> Arc<Gate> {
        let gate = Gate::new();
        *self.before.lock().unwrap() = Some(Arc::clone(&gate));
        gate
    }

    /// The answer is already the old one when it waits.
    pub(crate) fn gate_after_reading(&self) -> Arc<Gate> {
        let gate = Gate::new();
        *self.after.lock().unwrap() = Some(Arc::clone(&gate));
        gate
    }

    pub(crate) async fn tokens_revoked_elsewhere(&self, user: &str) {
        let user = UserId::new(user).unwrap();
        self.store.revoke(&Revocation::User(user)).await.unwrap();
    }

    pub(crate) async fn grant(&self, consumer: &str, token: &str, user: &str) {
        let request = TokenKey::new("request").unwrap();
        let hash = VerifierHash::new(&request, &Verifier::new("v").unwrap());
        let pending = RequestToken {
            key: request.clone(),
            secret: Secret::from("s"),
            consumer: ConsumerKey::new(consumer).unwrap(),
            callback: Callback::OutOfBand,
            realms: Realms::default(),
            state: RequestTokenState::Pending,
            created: NOW,
            expires: Timestamp::from_secs(NOW.as_secs() + 1),
        };
        self.store.create_request_token(&pending).await.unwrap();
        let decision = Decision::Approve {
            user: UserId::new(user).unwrap(),
            verifier: hash,
            realms: Realms::default(),
        };
        self.store.decide(&request, &decision, NOW).await.unwrap();
        let exchange = Exchange {
            request_token: request,
            consumer: ConsumerKey::new(consumer).unwrap(),
            verifier: hash,
            attempts: 1,
            key: TokenKey::new(token).unwrap(),
            secret: Secret::from("token secret"),
            expires: None,
            session: None,
        };
        self.store.exchange(&exchange, NOW).await.unwrap();
    }

    fn count(&self) -> Result<(), StoreError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.down.load(Ordering::SeqCst) {
            return Err(StoreError::unavailable("down"));
        }
        Ok(())
    }
}

#[async_trait]
impl Manager for Counted {
    async fn find(&self, key: &ConsumerKey) -> Result<Option<Arc<Consumer>>, StoreError> {
        self.count()?;
        self.manager.find(key).await
    }

    async fn create(&self, consumer: &Consumer) -> Result<Created, StoreError> {
        self.manager.create(consumer).await
    }

    async fn list(
        &self,
        after: Option<&ConsumerKey>,
        limit: u32,
    ) -> Result<Vec<Arc<Consumer>>, StoreError> {
        self.manager.list(after, limit).await
    }

    async fn update(&self, key: &ConsumerKey, change: &ConsumerChange) -> Result<bool, StoreError> {
        self.manager.update(key, change).await
    }

    async fn delete(&self, key: &ConsumerKey) -> Result<bool, StoreError> {
        self.manager.delete(key).await
    }
}

#[async_trait]
impl Store for Counted {
    async fn create_request_token(&self, token: &RequestToken) -> Result<(), StoreError> {
        self.store.create_request_token(token).await
    }

    async fn request_token(&self, key: &TokenKey) -> Result<Option<RequestToken>, StoreError> {
        self.store.request_token(key).await
    }

    async fn decide(
        &self,
        key: &TokenKey,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        self.store.decide(key, decision, now).await
    }

    async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError> {
        self.store.exchange(exchange, now).await
    }

    async fn renew(&self, renewal: &Renewal, now: Timestamp) -> Result<Renewed, StoreError> {
        self.store.renew(renewal, now).await
    }

    async fn access_token(
        &self,
        consumer: &ConsumerKey,
        key: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError> {
        self.count()?;
        Gate::pass(&self.before).await;
        let found = self.store.access_token(consumer, key).await;
        Gate::pass(&self.after).await;
        found
    }

    async fn access_tokens_of(&self, user: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError> {
        self.store.access_tokens_of(user).await
    }

    async fn revoke(&self, which: &Revocation) -> Result<u64, StoreError> {
        self.store.revoke(which).await
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.store.purge(now, limit).await
    }
}
