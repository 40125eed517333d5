//! All three parts in memory: for tests, single-process tools, and as the plainest reading of
//! the traits' contracts.

mod manager;
mod replay_guard;
mod store;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use self::{manager::MemoryManager, replay_guard::MemoryReplayGuard, store::MemoryStore};

/// Every change below is complete before anything can panic, so a poisoned lock holds sound data.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
