//! The parts in memory do what every part must do.

use std::sync::Arc;

use oauth1_provider::{
    Manager, MemoryManager, MemoryReplayGuard, MemoryStore, ReplayGuard, Store, core::Timestamp,
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

mod memory_replay_guard {
    oauth1_conformance::replay_guard_suite!(super::replay_guard());
}

mod memory_replay_guard_with_a_birth {
    oauth1_conformance::replay_guard_suite!(super::replay_guard_with_a_birth());
}

async fn store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::default())
}

async fn replay_guard() -> Arc<dyn ReplayGuard> {
    Arc::new(MemoryReplayGuard::without_history())
}

async fn replay_guard_with_a_birth() -> Arc<dyn ReplayGuard> {
    let birth = Timestamp::from_secs(oauth1_conformance::NOW - 1_000);
    Arc::new(MemoryReplayGuard::starting_at(birth))
}
