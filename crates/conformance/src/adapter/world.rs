//! Providers to be served, and who asks them.

use std::{
    fmt,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use oauth1_provider::{
    CallbackRule, Consumer, FixedClock, Manager, MemoryManager, MemoryReplayGuard, MemoryStore,
    Policy, Provider, ProviderBuilder, ReplayGuard, Store,
    core::{Secret, Signer},
};

use super::tokens::grant;
use crate::{
    consumer_key,
    faults::{ByKind, Faulty},
    later, token_key,
};

type Serving = Pin<Box<dyn Future<Output = SocketAddr> + Send>>;

/// Serves the application with a provider: the adapter's part of the suite.
pub struct Server(Box<dyn Fn(Arc<Provider>) -> Serving + Send + Sync>);

impl Server {
    /// Of a function that starts a server and gives its address.
    pub fn new(serve: impl Fn(Arc<Provider>) -> Serving + Send + Sync + 'static) -> Self {
        Self(Box::new(serve))
    }

    pub(super) async fn start(&self) -> World {
        self.start_with(|builder| builder).await
    }

    /// Serves a provider with two consumers, `app` and `other`, whose secret is `secret`; users
    /// `alice` and `bob` have access tokens of their names with `app`, and `alice-other` is
    /// `alice`'s with `other`, and `alice-photos` is `alice`'s with `app`, for the realm `photos`.
    pub(super) async fn start_with(
        &self,
        configure: impl FnOnce(ProviderBuilder) -> ProviderBuilder,
    ) -> World {
        let manager = Arc::new(MemoryManager::default());
        let mut policy = Policy::default();
        policy.out_of_band = true;
        for name in ["app", "other"] {
            let consumer =
                Consumer::new(consumer_key(name), Secret::from("secret"), name, later(0))
                    .with_policy(policy.clone())
                    .with_callbacks([CallbackRule::Loopback]);
            manager.create(&consumer).await.unwrap();
        }
        let (store, guard) = (ByKind::default(), ByKind::default());
        let tokens = Arc::new(MemoryStore::default());
        let nonces = Arc::new(MemoryReplayGuard::without_history());
        let tokens_or_not: Faulty<dyn Store> =
            Faulty::with(Arc::clone(&tokens) as _, store.clone());
        let nonces_or_not: Faulty<dyn ReplayGuard> = Faulty::with(nonces, guard.clone());
        let parts = (Arc::new(tokens_or_not), Arc::new(nonces_or_not));
        let builder = Provider::builder(manager, parts.0, parts.1)
            .with_realm("realm of the suite")
            .with_clock(Arc::new(FixedClock::new(later(0))));
        let provider = Arc::new(configure(builder).build().unwrap());
        for token in [
            ["alice", "app", "alice", ""],
            ["alice-photos", "app", "alice", "photos"],
            ["bob", "app", "bob", "music"],
            ["alice-other", "other", "alice", ""],
        ] {
            grant(tokens.as_ref(), token).await;
        }
        let address = (self.0)(provider).await;
        World {
            address,
            store,
            guard,
            nonces: AtomicU64::new(0),
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}

/// A running server.
pub(super) struct World {
    pub(super) address: SocketAddr,
    /// Faults of its parts.
    pub(super) store: ByKind,
    pub(super) guard: ByKind,
    nonces: AtomicU64,
}

impl World {
    /// One that no request has used.
    pub(super) fn next_nonce(&self) -> String {
        format!("nonce-{}", self.nonces.fetch_add(1, Ordering::Relaxed))
    }
}

/// Signs for a consumer itself.
pub(super) fn as_consumer(key: &str) -> Signer {
    Signer::new(consumer_key(key), Secret::from("secret"))
}

/// Signs with one of the access tokens.
pub(super) fn as_user(consumer: &str, token: &str) -> Signer {
    as_consumer(consumer).with_token(token_key(token), Secret::from("token secret"))
}
