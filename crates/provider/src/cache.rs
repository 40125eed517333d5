//! Caches over any [`Manager`](crate::Manager) and [`Store`](crate::Store): a busy API asks its
//! database once per consumer and token, not once per request.
//!
//! Changes through a cache take effect at once in its process: whatever was asked for before a
//! change is not kept. Elsewhere they do within the time to live, or at once where a
//! [`ChangeListener`] carries them over ([`CachedManager::forget`], [`CachedStore::forget`]).

mod change;
mod lookups;
mod manager;
mod store;

pub use self::{
    change::{Change, ChangeListener},
    manager::CachedManager,
    store::CachedStore,
};

use std::{sync::Arc, time::Duration};

use crate::{Clock, SystemClock};

/// How much a cache keeps, and for how long.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CacheOptions {
    /// Entries at most; those asked for least often go first. Default 10,000.
    pub entries: usize,
    /// How long an entry counts, in whole seconds: so long may a change that another process made
    /// go unseen. Default 5 seconds.
    pub time_to_live: Duration,
    /// Keys known to stand for nothing, at most: a place of their own, so that strangers who guess
    /// keys push out no real entry. Default 10,000.
    pub absent_entries: usize,
    /// How long a key that stood for nothing is believed to. Default 1 second.
    pub absent_time_to_live: Duration,
    /// What tells the time. Default the system's.
    pub clock: Arc<dyn Clock>,
    /// Whom changes are told to. Default nobody.
    pub listener: Option<Arc<dyn ChangeListener>>,
}

impl Default for CacheOptions {
    fn default() -> Self {
        Self {
            entries: 10_000,
            time_to_live: Duration::from_secs(5),
            absent_entries: 10_000,
            absent_time_to_live: Duration::from_secs(1),
            clock: Arc::new(SystemClock),
            listener: None,
        }
    }
}
