//! Nonces in memory.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Mutex,
    time::Duration,
};

use async_trait::async_trait;
use oauth1_core::Timestamp;
use smol_str::SmolStr;

use super::lock;
use crate::{Remembered, ReplayEntry, ReplayGuard, StoreError};

/// A [`ReplayGuard`] in memory, bounded, forgetting at restart.
///
/// # Security
/// What an earlier process accepted is unknown here, so a guard that starts at `birth` refuses
/// timestamps up to `birth + ahead`, and at all times those more than `ahead` in the future: then
/// nothing that the earlier process accepted is accepted again. With the default of 10 seconds,
/// a restart turns clients away for that long.
#[derive(Debug)]
pub struct MemoryReplayGuard {
    birth: Option<Timestamp>,
    ahead: Duration,
    capacity: usize,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// By their timestamp: expiry drops whole buckets.
    buckets: BTreeMap<Timestamp, Bucket>,
    length: usize,
    swept: Option<Timestamp>,
}

#[derive(Debug, Default)]
struct Bucket {
    nonces: HashSet<Key>,
    /// The latest of all its nonces.
    keep_until: Option<Timestamp>,
}

type Key = (SmolStr, Option<SmolStr>, SmolStr);

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
            seen: Mutex::default(),
        }
    }

    /// Holding at most so many nonces; beyond, requests are refused with 503 until old ones expire.
    #[must_use]
    pub fn with_capacity(mut self, nonces: usize) -> Self {
        self.capacity = nonces;
        self
    }
}

/// Ten million requests within the window.
const DEFAULT_CAPACITY: usize = 10_000_000;

#[async_trait]
impl ReplayGuard for MemoryReplayGuard {
    async fn remember(&self, entry: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        let before_birth = self
            .birth
            .is_some_and(|birth| entry.timestamp <= birth.plus(self.ahead));
        if before_birth || entry.timestamp > entry.now.plus(self.ahead) {
            return Ok(Remembered::TooOld);
        }
        let key: Key = (
            entry.consumer.as_str().into(),
            entry.token.map(|token| token.as_str().into()),
            entry.nonce.as_str().into(),
        );
        let mut seen = lock(&self.seen);
        seen.forget_before(entry.now);
        let full = seen.length >= self.capacity;
        let bucket = seen.buckets.entry(entry.timestamp).or_default();
        if bucket.nonces.contains(&key) {
            return Ok(Remembered::Replayed);
        }
        if full {
            return Err(StoreError::Full);
        }
        bucket.nonces.insert(key);
        bucket.keep_until = bucket.keep_until.max(Some(entry.keep_until));
        seen.length += 1;
        Ok(Remembered::Fresh)
    }

    async fn purge(&self, now: Timestamp, _limit: u32) -> Result<u64, StoreError> {
        let mut seen = lock(&self.seen);
        let before = seen.length;
        seen.forget_before(now);
        Ok(u64::try_from(before - seen.length).unwrap_or(u64::MAX))
    }
}

impl Seen {
    fn forget_before(&mut self, now: Timestamp) {
        if self.swept >= Some(now) {
            return;
        }
        self.swept = Some(now);
        let mut gone = 0;
        self.buckets.retain(|_, bucket| {
            let keep = bucket.keep_until >= Some(now);
            gone += if keep { 0 } else { bucket.nonces.len() };
            keep
        });
        self.length -= gone;
    }
}
