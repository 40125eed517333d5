//! A cache over access tokens.

use std::sync::Arc;

use async_trait::async_trait;
use oauth1_core::{ConsumerKey, Timestamp, TokenKey};
use quick_cache::Equivalent;

use super::{CacheOptions, Change, ChangeListener, lookups::Lookups};
use crate::{
    AccessToken, Decided, Decision, Exchange, Exchanged, Renewal, Renewed, RequestToken,
    Revocation, Store, StoreError, UserId,
};

/// Keeps the access tokens that a [`Store`] finds: see [`CacheOptions`] for how many and how
/// long. Request tokens are asked for twice in their life: they are not kept.
#[derive(Debug)]
pub struct CachedStore {
    inner: Arc<dyn Store>,
    tokens: Lookups<(ConsumerKey, TokenKey), Arc<AccessToken>>,
    listener: Option<Arc<dyn ChangeListener>>,
}

impl CachedStore {
    /// With the default options.
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self::with_options(inner, CacheOptions::default())
    }

    /// With options.
    pub fn with_options(inner: Arc<dyn Store>, options: CacheOptions) -> Self {
        Self {
            tokens: Lookups::new(&options),
            inner,
            listener: options.listener,
        }
    }

    /// Forgets what a change that was made elsewhere makes untrue.
    pub fn forget(&self, change: &Change) {
        match change {
            Change::Consumer(key) | Change::TokensOfConsumer(key) => {
                self.tokens.forget_where(|(consumer, _), _| consumer == key);
            }
            Change::Token(token) => self.tokens.forget_where(|(_, key), _| key == token),
            Change::TokensOfUser(user) => self.tokens.forget_where(|_, token| token.user == *user),
        }
    }

    /// Forgets what a change concerns when dropped: after the change, and also when its caller
    /// went away in the middle of it and nobody knows what came of it.
    fn changing(&self, change: Change) -> impl Drop + '_ {
        struct Changing<'a>(&'a CachedStore, Change);
        impl Drop for Changing<'_> {
            fn drop(&mut self) {
                self.0.forget(&self.1);
                if let Some(listener) = &self.0.listener {
                    listener.changed(&self.1);
                }
            }
        }
        Changing(self, change)
    }
}

/// Both keys of a look-up by their bytes, of which the keys' own hashes are made.
#[derive(Hash)]
struct Keys<'a>(&'a [u8], &'a [u8]);

impl Equivalent<(ConsumerKey, TokenKey)> for Keys<'_> {
    fn equivalent(&self, (consumer, key): &(ConsumerKey, TokenKey)) -> bool {
        self.0 == consumer.as_str().as_bytes() && self.1 == key.as_str().as_bytes()
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl Store for CachedStore {
    async fn create_request_token(&self, token: &RequestToken) -> Result<(), StoreError> {
        self.inner.create_request_token(token).await
    }

    async fn request_token(&self, key: &TokenKey) -> Result<Option<RequestToken>, StoreError> {
        self.inner.request_token(key).await
    }

    async fn decide(
        &self,
        key: &TokenKey,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        self.inner.decide(key, decision, now).await
    }

    async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError> {
        // A new token's key was asked for by nobody; but one that was guessed is no longer absent.
        let key = (exchange.consumer.clone(), exchange.key.clone());
        let exchanged = self.inner.exchange(exchange, now).await;
        self.tokens.forget(&key);
        exchanged
    }

    async fn renew(&self, renewal: &Renewal, now: Timestamp) -> Result<Renewed, StoreError> {
        let _changing = self.changing(Change::Token(renewal.access_token.clone()));
        self.inner.renew(renewal, now).await
    }

    async fn access_token(
        &self,
        consumer: &ConsumerKey,
        key: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError> {
        let both = (consumer.clone(), key.clone());
        let load = || {
            let (inner, (consumer, key)) = (Arc::clone(&self.inner), both.clone());
            Box::pin(async move { inner.access_token(&consumer, &key).await }) as _
        };
        self.tokens.get(&both, load).await
    }

    fn access_token_now(
        &self,
        consumer: &[u8],
        key: &[u8],
    ) -> Option<Result<Option<Arc<AccessToken>>, StoreError>> {
        self.tokens.get_kept(&Keys(consumer, key)).map(Ok)
    }

    async fn access_tokens_of(&self, user: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError> {
        self.inner.access_tokens_of(user).await
    }

    async fn revoke(&self, which: &Revocation) -> Result<u64, StoreError> {
        let _changing = self.changing(match which {
            Revocation::Token { key, .. } => Change::Token(key.clone()),
            Revocation::User(user) => Change::TokensOfUser(user.clone()),
            Revocation::Consumer(consumer) => Change::TokensOfConsumer(consumer.clone()),
        });
        self.inner.revoke(which).await
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        // What is purged had expired: the provider refuses it from the cache, too.
        self.inner.purge(now, limit).await
    }
}
