//! A database that has every token, and counts how often it is asked.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use oauth1_provider::{
    AccessToken, Decided, Decision, Exchange, Exchanged, Realms, Renewal, Renewed, RequestToken,
    Revocation, Store, StoreError, UserId,
    core::{ConsumerKey, Secret, Timestamp, TokenKey},
};

#[derive(Debug, Default)]
pub(crate) struct AnyToken(Mutex<f64>);

impl AnyToken {
    pub(crate) fn asked(&self) -> f64 {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn not_simulated<T>() -> Result<T, StoreError> {
    Err(StoreError::unavailable(
        "the simulation only looks tokens up",
    ))
}

#[async_trait]
impl Store for AnyToken {
    async fn access_token(
        &self,
        consumer: &ConsumerKey,
        key: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += 1.0;
        let user = UserId::new("user").map_err(StoreError::unavailable)?;
        Ok(Some(Arc::new(AccessToken {
            key: key.clone(),
            secret: Secret::from("s"),
            consumer: consumer.clone(),
            user,
            realms: Realms::default(),
            created: Timestamp::from_secs(0),
            expires: None,
            session: None,
        })))
    }

    async fn create_request_token(&self, _: &RequestToken) -> Result<(), StoreError> {
        not_simulated()
    }

    async fn request_token(&self, _: &TokenKey) -> Result<Option<RequestToken>, StoreError> {
        not_simulated()
    }

    async fn decide(
        &self,
        _: &TokenKey,
        _: &Decision,
        _: Timestamp,
    ) -> Result<Decided, StoreError> {
        not_simulated()
    }

    async fn exchange(&self, _: &Exchange, _: Timestamp) -> Result<Exchanged, StoreError> {
        not_simulated()
    }

    async fn renew(&self, _: &Renewal, _: Timestamp) -> Result<Renewed, StoreError> {
        not_simulated()
    }

    async fn access_tokens_of(&self, _: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError> {
        not_simulated()
    }

    async fn revoke(&self, _: &Revocation) -> Result<u64, StoreError> {
        not_simulated()
    }

    async fn purge(&self, _: Timestamp, _: u32) -> Result<u64, StoreError> {
        not_simulated()
    }
}
