//! A part of the nonces, under one lock.

use std::{
    collections::BTreeMap,
    mem,
    num::NonZeroU64,
    sync::atomic::{AtomicUsize, Ordering},
};

use oauth1_core::Timestamp;

use super::bucket::{Bucket, Inserted};
use crate::{Remembered, ReplayEntry, hint::seldom};

/// There is no place for a nonce.
#[derive(Clone, Copy, Debug)]
pub(super) struct Full;

#[derive(Debug)]
pub(super) struct Shard {
    /// By their timestamp, so that expiry drops whole buckets. Not by `keep_until`: that moves
    /// when a consumer's window does, and a nonce would not be found again.
    older: BTreeMap<Timestamp, Bucket>,
    /// Where most requests belong: kept aside, it is found without a search.
    newest: (Timestamp, Bucket),
    swept: Timestamp,
    /// Places taken and not in use yet.
    spare: usize,
}

/// How many nonces are kept, in all shards together, and how many shards have set places aside for.
#[derive(Debug, Default)]
pub(super) struct Places(AtomicUsize);

impl Places {
    /// Gives up to so many places: a large guard hands out several at once, so that threads
    /// seldom meet here.
    fn take(&self, capacity: usize) -> usize {
        let wanted = (capacity / 65_536).clamp(1, 32);
        let before = self.0.fetch_add(wanted, Ordering::Relaxed);
        let given = capacity.saturating_sub(before).min(wanted);
        self.give_back(wanted - given);
        given
    }

    fn give_back(&self, places: usize) {
        self.0.fetch_sub(places, Ordering::Relaxed);
    }
}

impl Default for Shard {
    fn default() -> Self {
        Self {
            older: BTreeMap::new(),
            newest: (Timestamp::from_secs(0), Bucket::default()),
            swept: Timestamp::from_secs(0),
            spare: 0,
        }
    }
}

impl Shard {
    /// Remembers a nonce, if there is a place for it. What it gives fits into a register.
    #[inline]
    pub(super) fn remember(
        &mut self,
        entry: &ReplayEntry<'_>,
        hash: NonZeroU64,
        places: &Places,
        capacity: usize,
    ) -> Result<Remembered, Full> {
        self.forget_oldest(entry.now, places);
        // Its bucket may be gone already: where the clock jumped back.
        if self.swept > entry.keep_until {
            seldom();
            return Ok(Remembered::TooOld);
        }
        if self.spare == 0 {
            seldom();
            // A replay takes no place.
            if self.bucket(entry.timestamp).contains(hash) {
                return Ok(Remembered::Replayed);
            }
            self.spare = places.take(capacity);
            if self.spare == 0 {
                return Err(Full);
            }
        }
        let bucket = self.bucket(entry.timestamp);
        match bucket.insert(hash) {
            Inserted::New => {
                bucket.keep_until = bucket.keep_until.max(entry.keep_until);
                self.spare -= 1;
                Ok(Remembered::Fresh)
            }
            Inserted::Present => {
                seldom();
                Ok(Remembered::Replayed)
            }
            Inserted::Full => {
                seldom();
                Err(Full)
            }
        }
    }

    /// A new second probably gets as many as the one before. A bucket is the measure of one other
    /// at most, so the room set aside in vain is never more than what is in use.
    #[inline]
    fn bucket(&mut self, timestamp: Timestamp) -> &mut Bucket {
        let (newest, bucket) = &mut self.newest;
        if timestamp < *newest {
            seldom();
            return self.older.entry(timestamp).or_default();
        }
        if timestamp > *newest {
            seldom();
            let next = Bucket::expecting(bucket.len());
            self.older.insert(*newest, mem::replace(bucket, next));
            *newest = timestamp;
        }
        bucket
    }

    /// Drops buckets that are of no use at `now`, oldest first, up to one that is; once a second.
    fn forget_oldest(&mut self, now: Timestamp, places: &Places) {
        if self.swept >= now {
            return;
        }
        seldom();
        self.swept = now;
        while let Some(oldest) = self.older.first_entry() {
            if oldest.get().keep_until >= now {
                break;
            }
            places.give_back(oldest.remove().len());
        }
    }

    /// Drops all buckets that are of no use at `now`; gives how many nonces went.
    pub(super) fn forget_before(&mut self, now: Timestamp, places: &Places) -> usize {
        self.swept = self.swept.max(now);
        let mut gone = 0;
        let mut keep = |bucket: &Bucket| {
            let keep = bucket.keep_until >= now;
            gone += if keep { 0 } else { bucket.len() };
            keep
        };
        self.older.retain(|_, bucket| keep(bucket));
        if !keep(&self.newest.1) {
            self.newest.1 = Bucket::default();
        }
        places.give_back(gone);
        gone
    }
}
