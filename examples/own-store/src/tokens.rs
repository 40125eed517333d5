//! Tokens: each change is a line, then a change in memory.

use std::sync::Arc;

use async_trait::async_trait;
use oauth1_provider::{
    AccessToken, Decided, Decision, Exchange, Exchanged, Renewal, Renewed, RequestToken,
    Revocation, Store, StoreError, UserId,
    core::{ConsumerKey, Timestamp, TokenKey},
};

use crate::{Journal, entry::Entry};

#[async_trait]
impl Store for Journal {
    async fn create_request_token(&self, token: &RequestToken) -> Result<(), StoreError> {
        let entry = Entry::RequestToken {
            key: token.key.as_str().to_owned(),
            secret: token.secret.expose().to_owned(),
            consumer: token.consumer.as_str().to_owned(),
            callback: token.callback.as_str().to_owned(),
            realms: token.realms.as_str().to_owned(),
            created: token.created.as_secs(),
            expires: token.expires.as_secs(),
        };
        let mut writer = self.writer().await;
        writer.write(&entry).await?;
        self.tokens.create_request_token(token).await
    }

    async fn request_token(&self, key: &TokenKey) -> Result<Option<RequestToken>, StoreError> {
        self.tokens.request_token(key).await
    }

    async fn decide(
        &self,
        key: &TokenKey,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        let (name, seconds) = (key.as_str().to_owned(), now.as_secs());
        let entry = match decision {
            Decision::Deny => Entry::Deny {
                key: name,
                now: seconds,
            },
            Decision::Approve {
                user,
                verifier,
                realms,
            } => Entry::Approve {
                key: name,
                user: user.as_str().to_owned(),
                verifier: *verifier.as_bytes(),
                realms: realms.as_str().to_owned(),
                now: seconds,
            },
        };
        let mut writer = self.writer().await;
        writer.write(&entry).await?;
        self.tokens.decide(key, decision, now).await
    }

    async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError> {
        let session = exchange.session.as_ref();
        let entry = Entry::Exchange {
            request_token: exchange.request_token.as_str().to_owned(),
            consumer: exchange.consumer.as_str().to_owned(),
            verifier: *exchange.verifier.as_bytes(),
            attempts: exchange.attempts,
            key: exchange.key.as_str().to_owned(),
            secret: exchange.secret.expose().to_owned(),
            expires: exchange.expires.map(Timestamp::as_secs),
            session: session.map(|it| (*it.handle.as_bytes(), it.expires.as_secs())),
            now: now.as_secs(),
        };
        let mut writer = self.writer().await;
        writer.write(&entry).await?;
        self.tokens.exchange(exchange, now).await
    }

    async fn renew(&self, renewal: &Renewal, now: Timestamp) -> Result<Renewed, StoreError> {
        let entry = Entry::Renew {
            access_token: renewal.access_token.as_str().to_owned(),
            consumer: renewal.consumer.as_str().to_owned(),
            handle: *renewal.handle.as_bytes(),
            key: renewal.key.as_str().to_owned(),
            secret: renewal.secret.expose().to_owned(),
            expires: renewal.expires.as_secs(),
            now: now.as_secs(),
        };
        let mut writer = self.writer().await;
        writer.write(&entry).await?;
        self.tokens.renew(renewal, now).await
    }

    async fn access_token(
        &self,
        consumer: &ConsumerKey,
        key: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError> {
        self.tokens.access_token(consumer, key).await
    }

    async fn access_tokens_of(&self, user: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError> {
        self.tokens.access_tokens_of(user).await
    }

    async fn revoke(&self, which: &Revocation) -> Result<u64, StoreError> {
        let entry = match which {
            Revocation::Token { user, key } => Entry::RevokeToken {
                user: user.as_str().to_owned(),
                key: key.as_str().to_owned(),
            },
            Revocation::User(user) => Entry::RevokeUser(user.as_str().to_owned()),
            Revocation::Consumer(key) => Entry::RevokeConsumer(key.as_str().to_owned()),
        };
        let mut writer = self.writer().await;
        writer.write(&entry).await?;
        self.tokens.revoke(which).await
    }

    /// In memory only: what is dead stays dead after a restart.
    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        Store::purge(&self.tokens, now, limit).await
    }
}
