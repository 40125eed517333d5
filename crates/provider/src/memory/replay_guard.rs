//! Nonces in memory.

mod bucket;
mod hash;
mod page;
mod shard;

use std::{
    num::NonZeroU64,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use oauth1_core::Timestamp;

use self::{
    hash::HashKey,
    shard::{Full, Places, Shard},
};
use super::lock;
use crate::{
    Entropy, EntropyError, Remembered, ReplayEntry, ReplayGuard, StoreError, SystemEntropy,
};

/// A [`ReplayGuard`] in memory, bounded, forgetting at restart. Ten million nonces take about
/// 130 MB; `docs/benchmarks.md` has the numbers.
///
/// What is kept of a nonce is a 64-bit hash with a random key. Of two different requests with the
/// same timestamp one is refused as a replay by mistake once in 10^12, with ten million alive.
///
/// # Security
/// What an earlier process accepted is unknown here, so a guard that starts at `birth` refuses
/// timestamps up to `birth + ahead`, and at all times those more than `ahead` in the future: then
/// nothing that the earlier process accepted is accepted again. With the default of 10 seconds,
/// a restart turns clients away for that long.
///
/// Where the clock jumps back, requests of which the nonces are already forgotten are refused.
#[derive(Debug)]
pub struct MemoryReplayGuard {
    birth: Option<Timestamp>,
    ahead: Duration,
    capacity: usize,
    key: Result<HashKey, EntropyError>,
    places: Places,
    /// The latest second in which no shard had anything to give back.
    found_full: AtomicU64,
    shards: Vec<Apart>,
}

/// In cache lines of its own: threads at other shards do not slow down this one.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Apart(Mutex<Shard>);

impl MemoryReplayGuard {
    /// Starting at `birth`, refusing timestamps up to `birth + 10 s`.
    #[must_use]
    pub fn starting_at(birth: Timestamp) -> Self {
        Self {
            birth: Some(birth),
            ahead: Duration::from_secs(10),
            ..Self::without_history()
        }
    }

    /// For a first start: nothing was accepted before, by no process, for these consumers.
    #[must_use]
    pub fn without_history() -> Self {
        Self {
            birth: None,
            ahead: Duration::MAX,
            capacity: DEFAULT_CAPACITY,
            key: HashKey::random(&SystemEntropy),
            places: Places::default(),
            found_full: AtomicU64::new(0),
            shards: (0..SHARDS).map(|_| Apart::default()).collect(),
        }
    }

    /// Holding at most so many nonces; beyond, requests are refused with 503 until old ones
    /// expire. Default ten million.
    #[must_use]
    pub fn with_capacity(mut self, nonces: usize) -> Self {
        self.capacity = nonces;
        self
    }

    /// With another source for the key of the hashes. Without randomness every request is
    /// refused with 503.
    #[must_use]
    pub fn with_entropy(mut self, entropy: &dyn Entropy) -> Self {
        self.key = HashKey::random(entropy);
        self
    }

    fn check(&self, entry: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        let before_birth = self
            .birth
            .is_some_and(|birth| entry.timestamp <= birth.plus(self.ahead));
        if before_birth || entry.timestamp > entry.now.plus(self.ahead) {
            return Ok(Remembered::TooOld);
        }
        let key = self
            .key
            .as_ref()
            .map_err(|error| StoreError::unavailable(*error))?;
        let hash = key.hash(entry);
        let Some(Apart(shard)) = self.shards.get(shard_of(hash)) else {
            return Err(StoreError::Full);
        };
        let found = lock(shard).remember(entry, hash, &self.places, self.capacity);
        let found = found.or_else(|Full| self.remember_in_room_made(entry, hash, shard));
        found.map_err(|Full| StoreError::Full)
    }

    /// When there is no place left.
    #[cold]
    fn remember_in_room_made(
        &self,
        entry: &ReplayEntry<'_>,
        hash: NonZeroU64,
        shard: &Mutex<Shard>,
    ) -> Result<Remembered, Full> {
        if !self.make_room(entry.now) {
            return Err(Full);
        }
        lock(shard).remember(entry, hash, &self.places, self.capacity)
    }

    /// Full may be of what has expired, in shards that nobody has come to this second. Stops at
    /// the first that gives something back: what one caller pays for is bounded.
    fn make_room(&self, now: Timestamp) -> bool {
        if self.found_full.load(Ordering::Relaxed) >= now.as_secs() {
            return false;
        }
        for Apart(shard) in &self.shards {
            if lock(shard).forget_before(now, &self.places) > 0 {
                return true;
            }
        }
        self.found_full.store(now.as_secs(), Ordering::Relaxed);
        false
    }
}

/// Ten million requests within the window.
const DEFAULT_CAPACITY: usize = 10_000_000;

/// Enough that cores seldom meet at one; more would lie further from the processor.
const SHARDS: usize = 16;

/// By bits that choose neither page nor slot.
fn shard_of(hash: NonZeroU64) -> usize {
    usize::try_from((hash.get() >> 32) % (SHARDS as u64)).unwrap_or_default()
}

#[async_trait]
impl ReplayGuard for MemoryReplayGuard {
    async fn remember(&self, entry: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        self.check(entry)
    }

    fn remember_now(&self, entry: &ReplayEntry<'_>) -> Option<Result<Remembered, StoreError>> {
        Some(self.check(entry))
    }

    async fn purge(&self, now: Timestamp, _limit: u32) -> Result<u64, StoreError> {
        let mut all = 0;
        for Apart(shard) in &self.shards {
            all += lock(shard).forget_before(now, &self.places);
        }
        Ok(u64::try_from(all).unwrap_or(u64::MAX))
    }
}
