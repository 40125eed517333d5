//! A small table of hashes.

use std::{iter::repeat_n, mem, num::NonZeroU64};

use arrayvec::ArrayVec;

/// The most lines of one page, 72 KiB: no growth and no split moves more hashes than this holds.
const MOST_LINES: usize = 1_024;

/// The slots of one cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Line([Option<NonZeroU64>; SLOTS]);

const SLOTS: usize = 8;

/// Probes line after line, from where the low bits of a hash point; the high bits chose the page.
///
/// The lines of many nonces lie far from the processor, and it would wait for one with each nonce. So
/// most look-ups are answered by the tags alone, an eighth of the memory, and new hashes are written
/// to their lines several at a time, which it fetches all at once.
#[derive(Debug, Default)]
pub(super) struct Page {
    tags: Box<[Tags]>,
    lines: Box<[Line]>,
    /// The last hashes, which are not in their slots yet.
    pending: ArrayVec<(Slot, NonZeroU64), 8>,
    used: usize,
    /// As many as are expected: the first hash makes room for them.
    expected: usize,
}

/// What [`Page::insert`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inserted {
    New,
    Present,
    /// There is no room: the page has to be split first.
    Full,
}

/// Where a hash is, or would be.
enum Place {
    Present,
    Free(Slot),
}

/// A slot of a line.
#[derive(Clone, Copy, Debug)]
struct Slot {
    line: u16,
    slot: u8,
}

/// Of each slot in use a byte that is not zero, the lowest of the first; those in use come first.
#[derive(Clone, Copy, Debug, Default)]
struct Tags(u64);

impl Tags {
    /// In all slots the tag of one hash, of bits that choose neither shard nor page nor line.
    fn of(hash: NonZeroU64) -> Self {
        let tag = (hash.get() >> 39) & 0xff;
        Self(tag.max(1) * LOWEST)
    }

    /// Whether a slot may have this tag: if it is false, none has.
    fn may_hold(self, tag: Self) -> bool {
        let differing = self.0 ^ tag.0;
        differing.wrapping_sub(LOWEST) & !differing & (LOWEST << 7) != 0
    }

    /// How many slots are in use.
    fn used(self) -> u8 {
        let bits = u64::BITS - self.0.leading_zeros();
        u8::try_from(bits.div_ceil(8)).unwrap_or_default()
    }

    fn insert(&mut self, slot: u8, tag: Self) {
        self.0 |= tag.0 & (0xff << (8 * slot));
    }
}

/// The lowest bit of each byte.
const LOWEST: u64 = 0x0101_0101_0101_0101;

impl Page {
    /// The most that a page is expected to hold, with room to spare.
    pub(super) const MOST_EXPECTED: usize = MOST_LINES * FULL_LINE * 8 / 9;

    /// Takes no memory before the first hash comes.
    pub(super) fn expecting(hashes: usize) -> Self {
        Self {
            expected: hashes,
            ..Self::default()
        }
    }

    /// With an eighth more room than for so many, or as much as a page has.
    fn with_room(hashes: usize) -> Self {
        let lines = (hashes + hashes / 8).div_ceil(FULL_LINE);
        let lines = lines.clamp(1, MOST_LINES);
        Self {
            // Written now: memory that is only promised to be zero costs more when it is used.
            tags: repeat_n(Tags::default(), lines).collect(),
            lines: repeat_n(Line::default(), lines).collect(),
            ..Self::default()
        }
    }

    pub(super) fn contains(&self, hash: NonZeroU64) -> bool {
        matches!(self.find(hash), Some(Place::Present))
    }

    /// Adds a hash; grows up to [`MOST_LINES`] lines.
    pub(super) fn insert(&mut self, hash: NonZeroU64) -> Inserted {
        match self.find(hash) {
            Some(Place::Present) => Inserted::Present,
            Some(Place::Free(slot)) if self.has_room() => {
                self.fill(slot, hash);
                Inserted::New
            }
            _ if self.lines.len() >= MOST_LINES => Inserted::Full,
            _ => {
                let room = self.expected.max(self.used + self.used / 2 + 1);
                let old = mem::replace(self, Self::with_room(room));
                old.hashes().chain([hash]).for_each(|hash| self.put(hash));
                Inserted::New
            }
        }
    }

    /// Halves it: hashes with this bit set go to the page returned.
    pub(super) fn split(&mut self, bit: u64) -> Self {
        let old = mem::take(self);
        let goes = |hash: &NonZeroU64| hash.get() & bit != 0;
        let going = old.hashes().filter(goes).count();
        // Both are as likely to be filled up as the one was.
        let mut other = Self::with_room(going + going / 2 + 1);
        let staying = old.used - going;
        *self = Self::with_room(staying + staying / 2 + 1);
        for hash in old.hashes() {
            if goes(&hash) { &mut other } else { &mut *self }.put(hash);
        }
        other
    }

    fn has_room(&self) -> bool {
        self.used < self.lines.len() * FULL_LINE
    }

    fn hashes(&self) -> impl Iterator<Item = NonZeroU64> {
        let written = self.lines.iter().flat_map(|line| line.0).flatten();
        written.chain(self.pending.iter().map(|(_, hash)| *hash))
    }

    /// `None` if it has no lines yet.
    fn find(&self, hash: NonZeroU64) -> Option<Place> {
        // Scaled to the number of lines, which is any.
        let low = hash.get() & 0xffff_ffff;
        let lines = u64::try_from(self.lines.len()).unwrap_or_default();
        let mut at = usize::try_from((low * lines) >> 32).unwrap_or_default();
        let tag = Tags::of(hash);
        // Some lines always have a free slot, so it ends.
        loop {
            let tags = self.tags.get(at)?;
            if tags.may_hold(tag) && self.holds(at, hash) {
                return Some(Place::Present);
            }
            let slot = tags.used();
            if usize::from(slot) < SLOTS {
                let line = u16::try_from(at).ok()?;
                return Some(Place::Free(Slot { line, slot }));
            }
            at = if at + 1 < self.tags.len() { at + 1 } else { 0 };
        }
    }

    /// Whether the hash itself is in a line, or will be.
    #[cold]
    fn holds(&self, line: usize, hash: NonZeroU64) -> bool {
        let line = self.lines.get(line);
        line.is_some_and(|line| line.0.contains(&Some(hash)))
            || self.pending.iter().any(|(_, pending)| *pending == hash)
    }

    #[inline(always)]
    fn fill(&mut self, slot: Slot, hash: NonZeroU64) {
        if let Some(tags) = self.tags.get_mut(usize::from(slot.line)) {
            tags.insert(slot.slot, Tags::of(hash));
            self.pending.push((slot, hash));
            self.used += 1;
        }
        if self.pending.is_full() {
            self.write_pending();
        }
    }

    fn write_pending(&mut self) {
        for (slot, hash) in self.pending.drain(..) {
            let line = self.lines.get_mut(usize::from(slot.line));
            let place = line.and_then(|line| line.0.get_mut(usize::from(slot.slot)));
            if let Some(place) = place {
                *place = Some(hash);
            }
        }
    }

    fn put(&mut self, hash: NonZeroU64) {
        if let Some(Place::Free(slot)) = self.find(hash) {
            self.fill(slot, hash);
        }
    }
}

/// Of eight slots seven are used, on average, at most: beyond, probes get long.
const FULL_LINE: usize = 7;

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
        assert_eq!(page.used, MOST_LINES * FULL_LINE);
        assert_eq!(page.insert(hash(number)), Inserted::Full);
        assert!((0..number).all(|number| page.contains(hash(number))));
        assert!(!page.contains(hash(number)));
    }

    #[test]
    fn page_has_room_for_what_is_expected_from_the_first_hash_on() {
        let mut page = Page::expecting(500);
        assert_eq!(page.lines.len(), 0);
        page.insert(hash(0));
        let lines = page.lines.len();
        assert!(lines < MOST_LINES);
        (1..500).for_each(|number| {
            assert_eq!(page.insert(hash(number)), Inserted::New);
        });
        assert_eq!(page.lines.len(), lines);
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
    fn a_tag_is_found_wherever_it_stands_whatever_stands_beside_it() {
        for tag in [1_u64, 2, 0x7f, 0x80, 0x81, 0xff] {
            for other in [0, 1, 2, 0x7f, 0x80, 0x81, 0xfe, 0xff, tag, tag ^ 0x80] {
                for slot in 0..SLOTS {
                    let beside = (LOWEST * other) & !(0xff << (8 * slot));
                    let tags = Tags(beside | tag << (8 * slot));
                    assert!(tags.may_hold(Tags(LOWEST * tag)), "{tag} {other} {slot}");
                }
                let others = Tags(LOWEST * other);
                assert_eq!(others.may_hold(Tags(LOWEST * tag)), other == tag);
            }
        }
    }

    #[test]
    fn hashes_that_point_to_one_slot_are_told_apart() {
        let mut page = Page::default();
        for high in 1..=2_000_u64 {
            let hash = NonZeroU64::new((high << 32) | 0xffff).unwrap();
            assert_eq!(page.insert(hash), Inserted::New);
            assert_eq!(page.insert(hash), Inserted::Present);
        }
    }
}
