//! The suite of every replay guard, on all that a URL can name.

mod common;

use std::sync::Arc;

use oauth1_provider::{MemoryManager, MemoryStore, ReplayGuard};

use self::common::{timeless, url};

async fn guard(url: String) -> Arc<dyn ReplayGuard> {
    Arc::new(timeless(&url).await)
}

mod single {
    oauth1_conformance::replay_guard_suite!(super::guard(super::url("TEST_REDIS_URL")), own_clock);
}

/// With consumers and tokens in memory.
async fn parts(url: String) -> oauth1_conformance::outage::Part {
    let manager = Arc::new(MemoryManager::default());
    (manager, Arc::new(MemoryStore::default()), guard(url).await)
}

mod single_outages {
    oauth1_conformance::outage_suite!(super::parts(super::url("TEST_REDIS_URL")));
}

mod cluster_outages {
    oauth1_conformance::outage_suite!(super::parts(super::url("TEST_REDIS_CLUSTER_URL")));
}

mod tls {
    oauth1_conformance::replay_guard_suite!(
        super::guard(super::url("TEST_REDIS_TLS_URL")),
        own_clock
    );
}

mod sentinel {
    oauth1_conformance::replay_guard_suite!(
        super::guard(super::url("TEST_REDIS_SENTINEL_URL")),
        own_clock
    );
}

mod sentinel_with_replica {
    oauth1_conformance::replay_guard_suite!(
        super::guard(super::url("TEST_REDIS_SENTINEL_URL") + "?replicas=1"),
        own_clock
    );
}

mod sentinel_by_tls {
    oauth1_conformance::replay_guard_suite!(
        super::guard(super::url("TEST_REDIS_SENTINEL_TLS_URL")),
        own_clock
    );
}

mod cluster {
    oauth1_conformance::replay_guard_suite!(
        super::guard(super::url("TEST_REDIS_CLUSTER_URL")),
        own_clock
    );
}

mod cluster_with_replicas {
    oauth1_conformance::replay_guard_suite!(
        super::guard(super::url("TEST_REDIS_CLUSTER_URL") + "?replicas=1"),
        own_clock
    );
}

mod cluster_by_tls {
    oauth1_conformance::replay_guard_suite!(
        super::guard(super::url("TEST_REDIS_CLUSTER_TLS_URL")),
        own_clock
    );
}
