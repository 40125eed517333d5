//! What every `Manager`, `Store` and `ReplayGuard` must do, as suites to run.
//!
//! ```
//! # use std::sync::Arc;
//! # use oauth1_provider::{MemoryManager, MemoryReplayGuard, MemoryStore};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! oauth1_conformance::manager(&MemoryManager::default()).await;
//! oauth1_conformance::store(Arc::new(MemoryManager::default()), Arc::new(MemoryStore::default())).await;
//! oauth1_conformance::replay_guard(Arc::new(MemoryReplayGuard::without_history())).await;
//! # }
//! ```
//!
//! Each wants an empty back end, and panics at the first claim that does not hold.
#![deny(missing_docs)]
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a suite fails by panicking")]
#![expect(clippy::missing_panics_doc, reason = "a suite fails by panicking")]

mod manager;
pub use crate::manager::manager;

mod store;
pub use crate::store::store;

mod replay_guard;
pub use crate::replay_guard::replay_guard;
