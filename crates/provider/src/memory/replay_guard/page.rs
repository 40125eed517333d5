//! A small open-addressing table of hashes.

use std::{iter::repeat_n, mem, num::NonZeroU64};

/// The most slots of one page: no growth and no split moves more hashes than this.
pub(super) const MOST_SLOTS: usize = 1_024;
const LEAST_SLOTS: usize = 8;

/// Probes in a line, from where the low bits of a hash point; the high bits chose the page.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// None, or a power of two.
    slots: Box<[Option<NonZeroU64>]>,
    used: usize,
}

/// What [`Page::insert`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inserted {
    New,
    Present,
    /// There is no room: the page has to be split first.
    Full,
}

impl Page {
    /// With room for so many, or as many as a page holds.
    pub(super) fn with_room(hashes: usize) -> Self {
        let mut slots = LEAST_SLOTS;
        while !fits(hashes, slots) && slots < MOST_SLOTS {
            slots *= 2;
        }
        Self {
            // Written now: memory that is only promised to be zero costs more when it is used.
            slots: repeat_n(None, slots).collect(),
            used: 0,
        }
    }

    pub(super) fn contains(&self, hash: NonZeroU64) -> bool {
        self.slots.get(self.find(hash)).copied().flatten().is_some()
    }

    /// Adds a hash; grows up to [`MOST_SLOTS`] slots.
    pub(super) fn insert(&mut self, hash: NonZeroU64) -> Inserted {
        let at = self.find(hash);
        if fits(self.used + 1, self.slots.len()) {
            return self.fill(at, hash);
        }
        if self.contains(hash) {
            return Inserted::Present;
        }
        if self.slots.len() >= MOST_SLOTS {
            return Inserted::Full;
        }
        let old = mem::replace(self, Self::with_room(self.used + 1));
        for hash in old.hashes().chain([hash]) {
            self.put(hash);
        }
        Inserted::New
    }

    /// Halves it: hashes with this bit set go to the page returned.
    pub(super) fn split(&mut self, bit: u64) -> Self {
        let old = mem::take(self);
        let goes = |hash: &NonZeroU64| hash.get() & bit != 0;
        let going = old.hashes().filter(goes).count();
        let mut other = Self::with_room(going + 1);
        *self = Self::with_room(old.used - going + 1);
        for hash in old.hashes() {
            if goes(&hash) { &mut other } else { &mut *self }.put(hash);
        }
        other
    }

    fn hashes(&self) -> impl Iterator<Item = NonZeroU64> {
        self.slots.iter().copied().flatten()
    }

    /// Where the hash is, or the free slot where it would be.
    fn find(&self, hash: NonZeroU64) -> usize {
        let mask = self.slots.len().saturating_sub(1);
        let mut at = usize::try_from(hash.get() & 0xffff).unwrap_or_default() & mask;
        // Some slots are always free, so it ends.
        while let Some(Some(other)) = self.slots.get(at) {
            if *other == hash {
                break;
            }
            at = (at + 1) & mask;
        }
        at
    }

    fn fill(&mut self, at: usize, hash: NonZeroU64) -> Inserted {
        match self.slots.get_mut(at) {
            Some(slot @ None) => {
                *slot = Some(hash);
                self.used += 1;
                Inserted::New
            }
            Some(Some(_)) => Inserted::Present,
            None => Inserted::Full,
        }
    }

    fn put(&mut self, hash: NonZeroU64) {
        self.fill(self.find(hash), hash);
    }
}

/// Four of five slots at most: beyond, probes get long.
fn fits(hashes: usize, slots: usize) -> bool {
    hashes * 5 <= slots * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: u64) -> NonZeroU64 {
        // Spread as a hash would be: Fibonacci hashing.
        NonZeroU64::new((number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).unwrap()
    }

    #[test]
    fn page_takes_each_hash_once_and_is_full_at_its_limit() {
        let mut page = Page::default();
        let mut number = 0;
        while page.insert(hash(number)) == Inserted::New {
            assert_eq!(page.insert(hash(number)), Inserted::Present);
            number += 1;
        }
        assert_eq!(page.used, MOST_SLOTS * 4 / 5);
        assert_eq!(page.insert(hash(number)), Inserted::Full);
        assert!((0..number).all(|number| page.contains(hash(number))));
        assert!(!page.contains(hash(number)));
    }

    #[test]
    fn split_loses_and_doubles_nothing() {
        for bit in [1 << 63, 1] {
            let mut page = Page::default();
            (0..800).for_each(|number| {
                page.insert(hash(number));
            });
            let other = page.split(bit);
            assert_eq!(page.used + other.used, 800);
            for number in 0..800 {
                let there = hash(number).get() & bit != 0;
                assert_eq!(other.contains(hash(number)), there);
                assert_eq!(page.contains(hash(number)), !there);
            }
        }
    }

    #[test]
    fn hashes_that_point_to_one_slot_are_told_apart() {
        let mut page = Page::default();
        for high in 1..=800_u64 {
            let hash = NonZeroU64::new((high << 32) | 0xffff).unwrap();
            assert_eq!(page.insert(hash), Inserted::New);
            assert_eq!(page.insert(hash), Inserted::Present);
        }
    }
}
