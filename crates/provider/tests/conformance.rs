//! The parts in memory do what every part must do.

use std::{sync::Arc, time::Duration};

use oauth1_provider::{
    CacheOptions, CachedManager, CachedStore, Manager, MemoryManager, MemoryReplayGuard,
    MemoryStore, ReplayGuard, Store, core::Timestamp,
};

async fn manager() -> Arc<dyn Manager> {
    Arc::new(MemoryManager::default())
}

mod memory_manager {
    oauth1_conformance::manager_suite!(super::manager());
}

mod memory_store {
    oauth1_conformance::store_suite!(async { (super::manager().await, super::store().await) });
}

mod cached_manager {
    oauth1_conformance::manager_suite!(super::cached_manager());
}

mod cached_store {
    oauth1_conformance::store_suite!(async {
        (super::cached_manager().await, super::cached_store().await)
    });
}

mod memory_replay_guard {
    oauth1_conformance::replay_guard_suite!(super::replay_guard());
}

mod memory_replay_guard_with_a_birth {
    oauth1_conformance::replay_guard_suite!(super::replay_guard_with_a_birth());
}

mod memory_outages {
    oauth1_conformance::outage_suite!(async {
        (
            super::manager().await,
            super::store().await,
            super::replay_guard().await,
        )
    });
}

mod cached_outages {
    oauth1_conformance::outage_suite!(async {
        let (manager, store) = (super::cached_manager().await, super::cached_store().await);
        (manager, store, super::replay_guard().await)
    });
}

async fn store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::default())
}

/// For so long that a stale entry would show.
fn cache() -> CacheOptions {
    let mut options = CacheOptions::default();
    options.time_to_live = Duration::from_secs(3_600);
    options.absent_time_to_live = Duration::from_secs(3_600);
    options
}

async fn cached_manager() -> Arc<dyn Manager> {
    Arc::new(CachedManager::with_options(manager().await, cache()))
}

async fn cached_store() -> Arc<dyn Store> {
    Arc::new(CachedStore::with_options(store().await, cache()))
}

async fn replay_guard() -> Arc<dyn ReplayGuard> {
    Arc::new(MemoryReplayGuard::without_history())
}

async fn replay_guard_with_a_birth() -> Arc<dyn ReplayGuard> {
    let birth = Timestamp::from_secs(oauth1_conformance::NOW - 1_000);
    Arc::new(MemoryReplayGuard::starting_at(birth))
}
