//! Look-ups that are kept for a while, each under way once.

use std::{
    collections::HashMap,
    fmt,
    future::Future,
    hash::Hash,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt, future::Shared};
use oauth1_core::Timestamp;
use quick_cache::{Equivalent, sync::Cache};

use super::CacheOptions;
use crate::{Clock, StoreError};

type Answer<V> = Pin<Box<dyn Future<Output = Result<Option<V>, StoreError>> + Send>>;
type Found<V> = Result<Option<V>, Arc<StoreError>>;
type Load<V> = Pin<Box<dyn Future<Output = Found<V>> + Send>>;

/// Values by key, loaded by whoever asks first.
pub(super) struct Lookups<K, V> {
    present: Cache<K, (V, Timestamp)>,
    absent: Cache<K, Timestamp>,
    /// A look-up that is not in here any more was overtaken by a change: it is kept by nobody.
    under_way: Mutex<HashMap<K, UnderWay<V>>>,
    clock: Arc<dyn Clock>,
    time_to_live: Duration,
    absent_time_to_live: Duration,
}

struct UnderWay<V> {
    load: Shared<Load<V>>,
    since: Timestamp,
    /// Tells one from the next of the same key.
    identity: Arc<()>,
}

/// A caller. The last one that goes away before there is an answer takes the look-up along: who
/// hangs up again and again, with ever new keys, fills nothing.
struct Waiting<'a, K: Eq + Hash, V> {
    all: &'a Mutex<HashMap<K, UnderWay<V>>>,
    key: &'a K,
    under_way: UnderWay<V>,
}

impl<K: Eq + Hash, V> Drop for Waiting<'_, K, V> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        // Given up while the lock is held, so that of two callers one is the last.
        let ours = std::mem::replace(&mut self.under_way.identity, Arc::new(()));
        // The map's own and this one.
        let last = Arc::strong_count(&ours) <= 2;
        let there = all.get(self.key);
        if last && there.is_some_and(|there| Arc::ptr_eq(&there.identity, &ours)) {
            all.remove(self.key);
        }
        drop(ours);
    }
}

impl<V> Clone for UnderWay<V> {
    fn clone(&self) -> Self {
        Self {
            load: self.load.clone(),
            since: self.since,
            identity: Arc::clone(&self.identity),
        }
    }
}

impl<K, V> Lookups<K, V>
where
    K: Clone + Eq + Hash + Send + Sync,
    V: Clone + Send + Sync + 'static,
{
    pub(super) fn new(options: &CacheOptions) -> Self {
        Self {
            present: Cache::new(options.entries),
            absent: Cache::new(options.absent_entries),
            under_way: Mutex::default(),
            clock: Arc::clone(&options.clock),
            time_to_live: options.time_to_live,
            absent_time_to_live: options.absent_time_to_live,
        }
    }

    /// What is kept, or what `load` finds. Who asks for the same key meanwhile waits for the same
    /// answer, an error too: an outage is not asked about once per waiting request.
    pub(super) async fn get(
        &self,
        key: &K,
        load: impl FnOnce() -> Answer<V> + Send,
    ) -> Result<Option<V>, StoreError> {
        let now = self.clock.now();
        if let Some(kept) = self.kept(key, now) {
            return Ok(kept);
        }
        let waiting = Waiting {
            all: &self.under_way,
            key,
            under_way: self.join(key, now, load),
        };
        let found = waiting.under_way.load.clone().await;
        self.keep(key, &waiting.under_way, &found);
        found.map_err(StoreError::unavailable)
    }

    /// What is kept; `None` if that is to be found out.
    pub(super) fn get_kept<Q>(&self, key: &Q) -> Option<Option<V>>
    where
        Q: Equivalent<K> + Hash + ?Sized,
    {
        self.kept(key, self.clock.now())
    }

    fn kept<Q>(&self, key: &Q, now: Timestamp) -> Option<Option<V>>
    where
        Q: Equivalent<K> + Hash + ?Sized,
    {
        if let Some((value, until)) = self.present.get(key)
            && now < until
        {
            return Some(Some(value));
        }
        let absent = self.absent.get(key).is_some_and(|until| now < until);
        absent.then_some(None)
    }

    fn join(
        &self,
        key: &K,
        now: Timestamp,
        load: impl FnOnce() -> Answer<V> + Send,
    ) -> UnderWay<V> {
        let mut all = self.lock();
        if let Some(there) = all.get(key)
            && now < there.since.plus(self.time_to_live)
        {
            return there.clone();
        }
        // None there, or one whose callers all went away long ago.
        let load: Load<V> = Box::pin(load().map(|found| found.map_err(Arc::new)));
        let new = UnderWay {
            load: load.shared(),
            since: now,
            identity: Arc::new(()),
        };
        all.insert(key.clone(), new.clone());
        new
    }

    /// Keeps what was found, unless it was kept or overtaken by a change.
    fn keep(&self, key: &K, under_way: &UnderWay<V>, found: &Found<V>) {
        let mut all = self.lock();
        let still = all
            .get(key)
            .is_some_and(|there| Arc::ptr_eq(&there.identity, &under_way.identity));
        if !still {
            return;
        }
        all.remove(key);
        let since = under_way.since;
        match found {
            Ok(Some(value)) => {
                self.absent.remove(key);
                let until = since.plus(self.time_to_live);
                self.present.insert(key.clone(), (value.clone(), until));
            }
            Ok(None) => {
                self.present.remove(key);
                let until = since.plus(self.absent_time_to_live);
                self.absent.insert(key.clone(), until);
            }
            // The next one asks again.
            Err(_) => {}
        }
    }

    /// Forgets one key, and what is under way for it.
    pub(super) fn forget(&self, key: &K) {
        let mut all = self.lock();
        all.remove(key);
        self.present.remove(key);
        self.absent.remove(key);
    }

    /// Forgets what a change concerns, all that is under way, and what was absent.
    pub(super) fn forget_where(&self, concerned: impl Fn(&K, &V) -> bool) {
        let mut all = self.lock();
        all.clear();
        self.present
            .retain(|key, (value, _)| !concerned(key, value));
        self.absent.clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, UnderWay<V>>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nothing of what is kept.
impl<K, V> fmt::Debug for Lookups<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookups")
            .field("time_to_live", &self.time_to_live)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_that_hang_up_leave_nothing_under_way() {
        let lookups = Lookups::<u32, u32>::new(&CacheOptions::default());
        for key in 0..100 {
            let never = || Box::pin(std::future::pending()) as Answer<u32>;
            assert!(lookups.get(&key, never).now_or_never().is_none());
        }
        assert!(lookups.lock().is_empty());
        let found = lookups.get(&1, || Box::pin(async { Ok(Some(7)) }));
        assert_eq!(found.now_or_never().unwrap().unwrap(), Some(7));
        assert!(lookups.lock().is_empty());
    }
}
