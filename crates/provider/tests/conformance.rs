//! The in-memory parts pass the suites.

use std::sync::Arc;

use oauth1_provider::{MemoryManager, MemoryReplayGuard, MemoryStore};

#[tokio::test]
async fn memory_manager() {
    oauth1_conformance::manager(&MemoryManager::default()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn memory_store() {
    let manager = Arc::new(MemoryManager::default());
    oauth1_conformance::store(manager, Arc::new(MemoryStore::default())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn memory_replay_guard() {
    oauth1_conformance::replay_guard(Arc::new(MemoryReplayGuard::without_history())).await;
}
