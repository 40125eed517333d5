//! Parts that fail on command: errors, lost answers, silence.

use std::{
    fmt::Debug,
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

    async fn answer<T>(
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

/// Stands between a part and whoever asks it.
pub trait Inject: Debug + Send + Sync + 'static {
    /// Does the work and gives its answer, or something worse.
    fn inject<T: Debug + Send>(
        &self,
        operation: Operation<'_>,
        work: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> impl Future<Output = Result<T, StoreError>> + Send;
}

/// What a part is asked.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Operation<'a> {
    /// Of the trait's method.
    pub name: &'static str,
    /// It is to change something, as all does that a replay guard is asked.
    pub changes: bool,
    /// The arguments.
    pub arguments: &'a (dyn Debug + Sync),
}

/// Faults of what is looked up, and others of what is changed.
#[derive(Clone, Debug, Default)]
pub struct ByKind {
    look_ups: Faults,
    changes: Faults,
}

impl ByKind {
    /// Of both.
    pub fn set(&self, fault: Fault) {
        self.look_ups.set(fault);
        self.changes.set(fault);
    }
}

impl Inject for ByKind {
    async fn inject<T: Debug + Send>(
        &self,
        operation: Operation<'_>,
        work: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let faults = match operation.changes {
            true => &self.changes,
            false => &self.look_ups,
        };
        faults.answer(work).await
    }
}

/// A `Manager`, `Store` or `ReplayGuard` with faults, which asks it for everything: it has no short
/// cuts (`find_now` and the like).
#[derive(Debug)]
pub struct Faulty<T: ?Sized, I = ByKind> {
    inner: Arc<T>,
    injector: I,
}

impl<T: ?Sized> Faulty<T> {
    /// Without faults so far.
    pub fn new(inner: Arc<T>) -> Self {
        Self::with(inner, ByKind::default())
    }

    /// Of what changes nothing. A replay guard has none.
    #[must_use]
    pub fn look_ups(&self) -> &Faults {
        &self.injector.look_ups
    }

    /// Of what changes something: all that a replay guard does.
    #[must_use]
    pub fn changes(&self) -> &Faults {
        &self.injector.changes
    }
}

impl<T: ?Sized, I> Faulty<T, I> {
    /// With faults of another kind.
    pub fn with(inner: Arc<T>, injector: I) -> Self {
        Self { inner, injector }
    }
}

macro_rules! operation {
    (look_up $($call:tt)*) => { operation!(false, $($call)*) };
    (change $($call:tt)*) => { operation!(true, $($call)*) };
    ($changes:literal, $self:ident, $part:ident::$name:ident($($argument:ident),*)) => {{
        let operation = Operation {
            name: stringify!($name),
            changes: $changes,
            arguments: &($(&$argument,)*),
        };
        let work = $part::$name(&*$self.inner, $($argument),*);
        $self.injector.inject(operation, work).await
    }};
}

#[async_trait]
impl<I: Inject> Manager for Faulty<dyn Manager, I> {
    async fn find(&self, key: &ConsumerKey) -> Result<Option<Arc<Consumer>>, StoreError> {
        operation!(look_up self, Manager::find(key))
    }

    async fn create(&self, consumer: &Consumer) -> Result<Created, StoreError> {
        operation!(change self, Manager::create(consumer))
    }

    async fn list(
        &self,
        after: Option<&ConsumerKey>,
        limit: u32,
    ) -> Result<Vec<Arc<Consumer>>, StoreError> {
        operation!(look_up self, Manager::list(after, limit))
    }

    async fn update(&self, key: &ConsumerKey, change: &ConsumerChange) -> Result<bool, StoreError> {
        operation!(change self, Manager::update(key, change))
    }

    async fn delete(&self, key: &ConsumerKey) -> Result<bool, StoreError> {
        operation!(change self, Manager::delete(key))
    }
}

#[async_trait]
impl<I: Inject> Store for Faulty<dyn Store, I> {
    async fn create_request_token(&self, token: &RequestToken) -> Result<(), StoreError> {
        operation!(change self, Store::create_request_token(token))
    }

    async fn request_token(&self, key: &TokenKey) -> Result<Option<RequestToken>, StoreError> {
        operation!(look_up self, Store::request_token(key))
    }

    async fn decide(
        &self,
        key: &TokenKey,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        operation!(change self, Store::decide(key, decision, now))
    }

    async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError> {
        operation!(change self, Store::exchange(exchange, now))
    }

    async fn renew(&self, renewal: &Renewal, now: Timestamp) -> Result<Renewed, StoreError> {
        operation!(change self, Store::renew(renewal, now))
    }

    async fn access_token(
        &self,
        consumer: &ConsumerKey,
        key: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError> {
        operation!(look_up self, Store::access_token(consumer, key))
    }

    async fn access_tokens_of(&self, user: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError> {
        operation!(look_up self, Store::access_tokens_of(user))
    }

    async fn revoke(&self, which: &Revocation) -> Result<u64, StoreError> {
        operation!(change self, Store::revoke(which))
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        operation!(change self, Store::purge(now, limit))
    }
}

#[async_trait]
impl<I: Inject> ReplayGuard for Faulty<dyn ReplayGuard, I> {
    async fn remember(&self, entry: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        operation!(change self, ReplayGuard::remember(entry))
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        operation!(change self, ReplayGuard::purge(now, limit))
    }
}
