//! Verification without tokens or flows: LTI 1.1 launches, webhooks, 2-legged APIs.

use std::sync::Arc;

use async_trait::async_trait;
use oauth1_core::{ConsumerKey, Timestamp, TokenKey};

use crate::{
    AccessToken, Decided, Decision, Exchange, Exchanged, Manager, Provider, ProviderBuilder,
    Renewal, Renewed, ReplayGuard, RequestToken, Revocation, Store, StoreError, UserId,
};

impl Provider {
    /// Starts to build a provider that verifies consumers' own requests only: it gives no tokens
    /// and accepts none. [`Provider::authenticate`] is then the one call there is to make.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use oauth1_provider::{MemoryManager, MemoryReplayGuard, Provider, SystemClock, Clock};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let manager = Arc::new(MemoryManager::default());
    /// let guard = Arc::new(MemoryReplayGuard::starting_at(SystemClock::default().now()));
    /// let provider = Provider::verify_only(manager, guard)
    ///     .with_public_url("https://tool.example.com")
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify_only(
        manager: Arc<dyn Manager>,
        replay_guard: Arc<dyn ReplayGuard>,
    ) -> ProviderBuilder {
        Self::builder(manager, Arc::new(NoTokens), replay_guard)
    }
}

/// A store in which there are no tokens.
#[derive(Debug)]
struct NoTokens;

fn refused<T>() -> Result<T, StoreError> {
    Err(StoreError::unavailable("this provider gives no tokens"))
}

#[async_trait]
impl Store for NoTokens {
    async fn create_request_token(&self, _: &RequestToken) -> Result<(), StoreError> {
        refused()
    }

    async fn request_token(&self, _: &TokenKey) -> Result<Option<RequestToken>, StoreError> {
        Ok(None)
    }

    async fn decide(
        &self,
        _: &TokenKey,
        _: &Decision,
        _: Timestamp,
    ) -> Result<Decided, StoreError> {
        Ok(Decided::NotPending)
    }

    async fn exchange(&self, _: &Exchange, _: Timestamp) -> Result<Exchanged, StoreError> {
        refused()
    }

    async fn renew(&self, _: &Renewal, _: Timestamp) -> Result<Renewed, StoreError> {
        Ok(Renewed::NotFound)
    }

    async fn access_token(
        &self,
        _: &ConsumerKey,
        _: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError> {
        Ok(None)
    }

    fn access_token_now(
        &self,
        _: &[u8],
        _: &[u8],
    ) -> Option<Result<Option<Arc<AccessToken>>, StoreError>> {
        Some(Ok(None))
    }

    async fn access_tokens_of(&self, _: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError> {
        Ok(Vec::new())
    }

    async fn revoke(&self, _: &Revocation) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn purge(&self, _: Timestamp, _: u32) -> Result<u64, StoreError> {
        Ok(0)
    }
}
