//! Store and replay guard in memory, with a switch for each.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use oauth1_provider::{
    AccessToken, Decided, Decision, Exchange, Exchanged, MemoryReplayGuard, MemoryStore, Realms,
    Remembered, Renewal, Renewed, ReplayEntry, ReplayGuard, RequestToken, RequestTokenState,
    Revocation, Store, StoreError, UserId, VerifierHash,
    core::{Callback, ConsumerKey, Secret, Timestamp, TokenKey, Verifier},
};

use crate::{consumer_key, later, token_key, user};

/// Parts in memory that can be switched off.
#[derive(Debug)]
pub(super) struct Parts {
    tokens: MemoryStore,
    nonces: MemoryReplayGuard,
    pub(super) store_is_down: AtomicBool,
    pub(super) guard_is_down: AtomicBool,
}

impl Parts {
    pub(super) fn new() -> Self {
        Self {
            tokens: MemoryStore::default(),
            nonces: MemoryReplayGuard::without_history(),
            store_is_down: AtomicBool::new(false),
            guard_is_down: AtomicBool::new(false),
        }
    }

    /// An access token, by the way that every token comes.
    pub(super) async fn grant(&self, key: &str, consumer: &str, name: &str, realms: Realms) {
        let request_token = token_key(&format!("request-{key}"));
        let verifier = Verifier::new("verifier").unwrap();
        let verifier = VerifierHash::new(&request_token, &verifier);
        let pending = RequestToken {
            key: request_token.clone(),
            secret: Secret::from("request token secret"),
            consumer: consumer_key(consumer),
            callback: Callback::OutOfBand,
            realms: realms.clone(),
            state: RequestTokenState::Pending,
            created: later(0),
            expires: later(600),
        };
        self.tokens.create_request_token(&pending).await.unwrap();
        let decision = Decision::Approve {
            user: user(name),
            verifier,
            realms,
        };
        self.tokens
            .decide(&request_token, &decision, later(0))
            .await
            .unwrap();
        let exchange = Exchange {
            verifier,
            request_token,
            consumer: consumer_key(consumer),
            attempts: 3,
            key: token_key(key),
            secret: Secret::from("token secret"),
            expires: None,
            session: None,
        };
        let exchanged = self.tokens.exchange(&exchange, later(0)).await.unwrap();
        assert!(matches!(exchanged, Exchanged::Exchanged(_)));
    }

    fn store(&self) -> Result<&MemoryStore, StoreError> {
        if self.store_is_down.load(Ordering::SeqCst) {
            return Err(StoreError::unavailable("switched off by the suite"));
        }
        Ok(&self.tokens)
    }
}

#[async_trait]
impl Store for Parts {
    async fn create_request_token(&self, token: &RequestToken) -> Result<(), StoreError> {
        self.store()?.create_request_token(token).await
    }

    async fn request_token(&self, key: &TokenKey) -> Result<Option<RequestToken>, StoreError> {
        self.store()?.request_token(key).await
    }

    async fn decide(
        &self,
        key: &TokenKey,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        self.store()?.decide(key, decision, now).await
    }

    async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError> {
        self.store()?.exchange(exchange, now).await
    }

    async fn renew(&self, renewal: &Renewal, now: Timestamp) -> Result<Renewed, StoreError> {
        self.store()?.renew(renewal, now).await
    }

    async fn access_token(
        &self,
        consumer: &ConsumerKey,
        key: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError> {
        self.store()?.access_token(consumer, key).await
    }

    async fn access_tokens_of(&self, user: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError> {
        self.store()?.access_tokens_of(user).await
    }

    async fn revoke(&self, which: &Revocation) -> Result<u64, StoreError> {
        self.store()?.revoke(which).await
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        Store::purge(self.store()?, now, limit).await
    }
}

#[async_trait]
impl ReplayGuard for Parts {
    async fn remember(&self, entry: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        if self.guard_is_down.load(Ordering::SeqCst) {
            return Err(StoreError::unavailable("switched off by the suite"));
        }
        self.nonces.remember(entry).await
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.nonces.purge(now, limit).await
    }
}
