//! The hashes of one second: extendible hashing, a directory over small pages.

use std::num::NonZeroU64;

use oauth1_core::Timestamp;

pub(super) use super::page::Inserted;
use super::page::Page;

/// Doubling the directory beyond this would cost too much at once, and never happens with hashes
/// that are spread: 2^17 pages hold hundreds of millions.
const MOST_BITS: u32 = 17;

/// Grows by splitting the one page that is full, so that no insert pays for all.
#[derive(Debug)]
pub(super) struct Bucket {
    /// The latest of all its nonces.
    pub(super) keep_until: Timestamp,
    length: usize,
    pages: Pages,
}

#[derive(Debug)]
enum Pages {
    /// Most buckets of a small site hold a handful.
    One(Page),
    Many(Box<Directory>),
}

#[derive(Debug)]
struct Directory {
    /// How many high bits of a hash choose the page: there are `2^bits` entries.
    bits: u32,
    /// Where in `pages` to look; neighbours may share a page.
    entries: Vec<u32>,
    /// Each with how many bits chose it: entries that agree in those share it.
    pages: Vec<(u32, Page)>,
}

impl Bucket {
    /// Splits no page before so many have come. Each page takes its memory when its first comes.
    pub(super) fn expecting(hashes: usize) -> Self {
        let mut bits = 0;
        while hashes >> bits > Page::MOST_EXPECTED && bits < MOST_BITS {
            bits += 1;
        }
        let page = || Page::expecting(hashes >> bits);
        Self {
            pages: match bits {
                0 => Pages::One(page()),
                _ => Pages::Many(Box::new(Directory {
                    bits,
                    entries: (0..1 << bits).collect(),
                    pages: (0..1 << bits).map(|_| (bits, page())).collect(),
                })),
            },
            ..Self::default()
        }
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn contains(&self, hash: NonZeroU64) -> bool {
        match &self.pages {
            Pages::One(page) => page.contains(hash),
            Pages::Many(directory) => directory.page(hash).is_some_and(|page| page.contains(hash)),
        }
    }

    pub(super) fn insert(&mut self, hash: NonZeroU64) -> Inserted {
        let inserted = match &mut self.pages {
            Pages::One(page) => match page.insert(hash) {
                Inserted::Full => {
                    let mut directory = Directory::new(std::mem::take(page));
                    let inserted = directory.insert(hash);
                    self.pages = Pages::Many(Box::new(directory));
                    inserted
                }
                inserted => inserted,
            },
            Pages::Many(directory) => directory.insert(hash),
        };
        self.length += usize::from(inserted == Inserted::New);
        inserted
    }
}

impl Default for Bucket {
    fn default() -> Self {
        Self {
            keep_until: Timestamp::from_secs(0),
            length: 0,
            pages: Pages::One(Page::default()),
        }
    }
}

impl Directory {
    fn new(page: Page) -> Self {
        Self {
            bits: 0,
            entries: vec![0],
            pages: vec![(0, page)],
        }
    }

    /// The entry that the high bits of a hash choose.
    fn entry(&self, hash: NonZeroU64) -> usize {
        let high = hash.get().checked_shr(u64::BITS - self.bits);
        usize::try_from(high.unwrap_or_default()).unwrap_or_default()
    }

    fn number(&self, hash: NonZeroU64) -> Option<usize> {
        let number = self.entries.get(self.entry(hash))?;
        usize::try_from(*number).ok()
    }

    fn page(&self, hash: NonZeroU64) -> Option<&Page> {
        Some(&self.pages.get(self.number(hash)?)?.1)
    }

    fn insert(&mut self, hash: NonZeroU64) -> Inserted {
        // Splitting once is enough, unless all hashes of a page fall on one side.
        for _ in 0..=MOST_BITS {
            let page = self.number(hash).and_then(|at| self.pages.get_mut(at));
            match page.map(|(_, page)| page.insert(hash)) {
                Some(Inserted::Full) if self.split(hash).is_some() => {}
                Some(inserted) => return inserted,
                None => return Inserted::Full,
            }
        }
        Inserted::Full
    }

    /// Splits the page of this hash; `None` if there are too many pages.
    fn split(&mut self, hash: NonZeroU64) -> Option<()> {
        let at = self.number(hash)?;
        let new = u32::try_from(self.pages.len()).ok()?;
        let bits = self.pages.get(at)?.0 + 1;
        if bits > MOST_BITS {
            return None;
        }
        if bits > self.bits {
            self.entries = self.entries.iter().flat_map(|page| [*page; 2]).collect();
            self.bits = bits;
        }
        let (page_bits, page) = self.pages.get_mut(at)?;
        *page_bits = bits;
        let other = page.split(1 << (u64::BITS - bits));
        self.pages.push((bits, other));
        // The entries of the page lie side by side; the upper half is the new page's.
        let shared = 1_usize << (self.bits - bits + 1);
        let first = self.entry(hash) / shared * shared;
        let upper = self.entries.get_mut(first + shared / 2..first + shared)?;
        upper.fill(new);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// splitmix64: spread over all bits, and deterministic.
    fn hash(number: u64) -> NonZeroU64 {
        let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        NonZeroU64::new(mixed ^ (mixed >> 31)).unwrap()
    }

    fn pages(bucket: &Bucket) -> usize {
        match &bucket.pages {
            Pages::One(_) => 1,
            Pages::Many(directory) => directory.pages.len(),
        }
    }

    #[test]
    fn bucket_keeps_all_while_its_pages_split_whatever_was_expected() {
        for expected in [0, 1, 100, 7_000, 20_000, 200_000] {
            let mut bucket = Bucket::expecting(expected);
            for number in 1..=50_000 {
                assert_eq!(bucket.insert(hash(number)), Inserted::New, "{number}");
            }
            for number in 1..=50_000 {
                assert_eq!(bucket.insert(hash(number)), Inserted::Present, "{number}");
                assert!(bucket.contains(hash(number)));
            }
            assert!((50_001..60_000).all(|number| !bucket.contains(hash(number))));
            assert_eq!(bucket.len(), 50_000);
        }
    }

    #[test]
    fn no_page_is_split_before_as_many_have_come_as_were_expected() {
        for expected in [Page::MOST_EXPECTED, 20_000, 50_000] {
            let mut bucket = Bucket::expecting(expected);
            let before = pages(&bucket);
            for number in 1..=u64::try_from(expected).unwrap() {
                bucket.insert(hash(number));
            }
            assert_eq!(pages(&bucket), before, "{expected}");
        }
    }

    #[test]
    fn expecting_beyond_all_measure_is_bounded() {
        let bucket = Bucket::expecting(usize::MAX);
        assert_eq!(pages(&bucket), 1 << MOST_BITS);
    }

    /// Nobody without the key can make such hashes; if they come, it ends in a refusal.
    #[test]
    fn hashes_that_all_fall_on_one_side_end_in_no_room() {
        let mut bucket = Bucket::default();
        let answers: Vec<_> = (1..=20_000)
            .map(|number| bucket.insert(NonZeroU64::new(number).unwrap()))
            .collect();
        assert!(answers.contains(&Inserted::Full));
        assert!(!answers.contains(&Inserted::Present));
        let kept = answers.iter().filter(|answer| **answer == Inserted::New);
        assert_eq!(kept.count(), bucket.len());
    }
}
