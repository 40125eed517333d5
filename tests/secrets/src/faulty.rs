//! Parts that fail or panic on demand, and say all they were given while they do.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use oauth1_provider::{
    AccessToken, Consumer, ConsumerChange, Created, Decided, Decision, Exchange, Exchanged,
    Manager, Remembered, Renewal, Renewed, ReplayEntry, ReplayGuard, RequestToken, Revocation,
    Store, StoreError, UserId,
    core::{ConsumerKey, Timestamp, TokenKey},
};
use oauth1_store_sqlx::SqlStore;

/// How an operation goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there are these two")]
pub enum Fault {
    /// The store is down, and its error names what was asked of it.
    Outage,
    /// It panics with what was asked of it and what it would have answered.
    Panic,
}

/// Which operation goes wrong, until told otherwise.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Option<(&'static str, Fault)>>>);

impl Faults {
    pub fn set(&self, fault: Option<(&'static str, Fault)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    fn check(&self, name: &str, shown: &dyn Debug) -> Result<(), StoreError> {
        let fault = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match fault {
            Some((operation, Fault::Outage)) if operation == name => Err(StoreError::unavailable(
                format!("{name} is down: {shown:?}, {shown:#?}"),
            )),
            Some((operation, Fault::Panic)) if operation == name => {
                panic!("{name} has a bug: {shown:?}, {shown:#?}")
            }
            _ => Ok(()),
        }
    }
}

/// An SQL store that does not always work.
#[derive(Debug)]
pub struct Faulty {
    pub(crate) sql: SqlStore,
    pub(crate) faults: Faults,
}

macro_rules! operation {
    ($self:ident, $part:ident :: $name:ident ($($argument:ident),*)) => {{
        $self.faults.check(stringify!($name), &($(&$argument,)*))?;
        let answer = $part::$name(&$self.sql, $($argument),*).await;
        // As one that fails after the deed: what it answered is shown as well.
        $self.faults.check(concat!("after ", stringify!($name)), &(&answer, $(&$argument),*))?;
        answer
    }};
}

#[async_trait]
impl Manager for Faulty {
    async fn find(&self, key: &ConsumerKey) -> Result<Option<Arc<Consumer>>, StoreError> {
        operation!(self, Manager::find(key))
    }

    async fn create(&self, consumer: &Consumer) -> Result<Created, StoreError> {
        operation!(self, Manager::create(consumer))
    }

    async fn list(
        &self,
        after: Option<&ConsumerKey>,
        limit: u32,
    ) -> Result<Vec<Arc<Consumer>>, StoreError> {
        operation!(self, Manager::list(after, limit))
    }

    async fn update(&self, key: &ConsumerKey, change: &ConsumerChange) -> Result<bool, StoreError> {
        operation!(self, Manager::update(key, change))
    }

    async fn delete(&self, key: &ConsumerKey) -> Result<bool, StoreError> {
        operation!(self, Manager::delete(key))
    }
}

#[async_trait]
impl Store for Faulty {
    async fn create_request_token(&self, token: &RequestToken) -> Result<(), StoreError> {
        operation!(self, Store::create_request_token(token))
    }

    async fn request_token(&self, key: &TokenKey) -> Result<Option<RequestToken>, StoreError> {
        operation!(self, Store::request_token(key))
    }

    async fn decide(
        &self,
        key: &TokenKey,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        operation!(self, Store::decide(key, decision, now))
    }

    async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError> {
        operation!(self, Store::exchange(exchange, now))
    }

    async fn renew(&self, renewal: &Renewal, now: Timestamp) -> Result<Renewed, StoreError> {
        operation!(self, Store::renew(renewal, now))
    }

    async fn access_token(
        &self,
        consumer: &ConsumerKey,
        key: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError> {
        operation!(self, Store::access_token(consumer, key))
    }

    async fn access_tokens_of(&self, user: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError> {
        operation!(self, Store::access_tokens_of(user))
    }

    async fn revoke(&self, which: &Revocation) -> Result<u64, StoreError> {
        operation!(self, Store::revoke(which))
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        operation!(self, Store::purge(now, limit))
    }
}

#[async_trait]
impl ReplayGuard for Faulty {
    async fn remember(&self, entry: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        operation!(self, ReplayGuard::remember(entry))
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        operation!(self, ReplayGuard::purge(now, limit))
    }
}
