//! The three traits: a change is a line, and then takes effect; what is asked stands in memory.

use std::sync::Arc;

use async_trait::async_trait;
use oauth1_provider::{
    AccessToken, Consumer, ConsumerChange, Created, Decided, Decision, Exchange, Exchanged,
    Manager, Operation, Remembered, Renewal, Renewed, ReplayEntry, ReplayGuard, RequestToken,
    Revocation, Store, StoreError, UserId,
    core::{ConsumerKey, Timestamp, TokenKey},
};

use crate::Journal;

type Answer<T> = Result<T, StoreError>;
type Found<T> = Answer<Option<Arc<T>>>;

#[async_trait]
impl Manager for Journal {
    async fn find(&self, key: &ConsumerKey) -> Found<Consumer> {
        self.consumers.find(key).await
    }

    async fn create(&self, consumer: &Consumer) -> Answer<Created> {
        self.commit(consumer).await?.try_into()
    }

    async fn list(&self, after: Option<&ConsumerKey>, limit: u32) -> Answer<Vec<Arc<Consumer>>> {
        self.consumers.list(after, limit).await
    }

    async fn update(&self, key: &ConsumerKey, change: &ConsumerChange) -> Answer<bool> {
        self.commit((key, change)).await?.try_into()
    }

    async fn delete(&self, key: &ConsumerKey) -> Answer<bool> {
        let delete = Operation::DeleteConsumer(key.clone());
        self.commit(delete).await?.try_into()
    }
}

#[async_trait]
impl Store for Journal {
    async fn create_request_token(&self, token: &RequestToken) -> Answer<()> {
        self.commit(token).await?.try_into()
    }

    async fn request_token(&self, key: &TokenKey) -> Answer<Option<RequestToken>> {
        self.tokens.request_token(key).await
    }

    async fn decide(&self, key: &TokenKey, it: &Decision, now: Timestamp) -> Answer<Decided> {
        self.commit((key, it, now)).await?.try_into()
    }

    async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Answer<Exchanged> {
        self.commit((exchange, now)).await?.try_into()
    }

    async fn renew(&self, renewal: &Renewal, now: Timestamp) -> Answer<Renewed> {
        self.commit((renewal, now)).await?.try_into()
    }

    async fn access_token(&self, of: &ConsumerKey, key: &TokenKey) -> Found<AccessToken> {
        self.tokens.access_token(of, key).await
    }

    async fn access_tokens_of(&self, user: &UserId) -> Answer<Vec<Arc<AccessToken>>> {
        self.tokens.access_tokens_of(user).await
    }

    async fn revoke(&self, which: &Revocation) -> Answer<u64> {
        self.commit(which).await?.try_into()
    }

    /// In memory only: what is dead stays dead after a restart.
    async fn purge(&self, now: Timestamp, limit: u32) -> Answer<u64> {
        Store::purge(&self.tokens, now, limit).await
    }
}

#[async_trait]
impl ReplayGuard for Journal {
    async fn remember(&self, entry: &ReplayEntry<'_>) -> Answer<Remembered> {
        self.commit(entry).await?.try_into()
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Answer<u64> {
        self.nonces.purge(now, limit).await
    }
}
