//! The suite of every replay guard, on all that a URL can name.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use std::sync::Arc;

use oauth1_provider::{MemoryManager, MemoryStore, ReplayGuard};

use oauth1_store_redis::RedisReplayGuard;

use self::common::{prefix, timeless, url};

async fn guard(url: String) -> Arc<dyn ReplayGuard> {
    Arc::new(timeless(&url).await)
}

/// The suite of replay guards as a module of this name, on the URL of a variable, with a query.
macro_rules! on_each {
    ($($name:ident: $variable:literal $query:literal,)*) => {$(
        mod $name {
            oauth1_conformance::replay_guard_suite!(
                super::guard(super::url($variable) + $query),
                own_clock
            );
        }
    )*};
}

on_each! {
    single: "TEST_REDIS_URL" "",
    tls: "TEST_REDIS_TLS_URL" "",
    sentinel: "TEST_REDIS_SENTINEL_URL" "",
    sentinel_with_replica: "TEST_REDIS_SENTINEL_URL" "?replicas=1",
    sentinel_by_tls: "TEST_REDIS_SENTINEL_TLS_URL" "",
    cluster: "TEST_REDIS_CLUSTER_URL" "",
    cluster_with_replicas: "TEST_REDIS_CLUSTER_URL" "?replicas=1",
    cluster_by_tls: "TEST_REDIS_CLUSTER_TLS_URL" "",
}

/// With consumers and tokens in memory.
async fn parts(url: String) -> oauth1_conformance::outage::Part {
    let manager = Arc::new(MemoryManager::default());
    (manager, Arc::new(MemoryStore::default()), guard(url).await)
}

/// Apart from all others, for several processes.
fn place(variable: &str) -> String {
    let url = url(variable);
    let separator = if url.contains('?') { '&' } else { '?' };
    let prefix = prefix();
    format!("{url}{separator}after_restart=trust&prefix={prefix}")
}

async fn open(place: String) -> oauth1_conformance::processes::Part {
    let guard = Arc::new(RedisReplayGuard::connect(&place).await.unwrap());
    let manager = Arc::new(MemoryManager::default());
    (manager, Arc::new(MemoryStore::default()), guard)
}

mod single_processes {
    oauth1_conformance::process_suite!(super::place("TEST_REDIS_URL"), super::open, nonces);
}

mod cluster_processes {
    oauth1_conformance::process_suite!(super::place("TEST_REDIS_CLUSTER_URL"), super::open, nonces);
}

mod single_outages {
    oauth1_conformance::outage_suite!(super::parts(super::url("TEST_REDIS_URL")));
}

mod cluster_outages {
    oauth1_conformance::outage_suite!(super::parts(super::url("TEST_REDIS_CLUSTER_URL")));
}
