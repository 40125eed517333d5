//! 64-bit keyed hashes of nonces.

use std::{fmt, hash::BuildHasher, num::NonZeroU64};

use foldhash::{SharedSeed, quality::SeedableRandomState};
use siphasher::sip::SipHasher13;

use crate::{Entropy, EntropyError, ReplayEntry};

/// Random keys: who does not know them cannot make hashes collide or pile up in one page.
#[derive(Clone)]
pub(super) struct HashKey {
    /// Of consumer and token. Their keys are given out here, and no client chooses them.
    given: SeedableRandomState,
    /// Of the nonce, which clients choose.
    nonce: SipHasher13,
}

impl HashKey {
    pub(super) fn random(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let (mut seed, mut key) = ([0; 8], [0; 16]);
        entropy.fill(&mut seed)?;
        entropy.fill(&mut key)?;
        let seed = u64::from_ne_bytes(seed);
        Ok(Self {
            given: SeedableRandomState::with_seed(seed, SharedSeed::global_random()),
            nonce: SipHasher13::new_with_key(&key),
        })
    }

    /// Of consumer, token and nonce; entries of other timestamps are kept elsewhere.
    ///
    /// Each by a key of its own, put together by exclusive or: of two different entries, some part
    /// differs, so they are as unlikely to collide as in one hash. Nothing has to be copied into
    /// one piece, and the processor works on both at once.
    pub(super) fn hash(&self, entry: &ReplayEntry<'_>) -> NonZeroU64 {
        let given = self.given.hash_one((entry.consumer, entry.token));
        let nonce = self.nonce.hash(entry.nonce);
        NonZeroU64::new(given ^ nonce).unwrap_or(NonZeroU64::MIN)
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use oauth1_core::{ConsumerKey, Timestamp, TokenKey};

    use super::*;

    /// Different bytes each time.
    #[derive(Debug)]
    struct Counting;

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
            for (byte, value) in bytes.iter_mut().zip(1..) {
                *byte = value;
            }
            Ok(())
        }
    }

    #[test]
    fn parts_count_by_their_place_and_by_where_they_end() {
        let key = HashKey::random(&Counting).unwrap();
        let hash = |consumer: &str, token: Option<&str>, nonce: &str| {
            key.hash(&ReplayEntry {
                consumer: &ConsumerKey::new(consumer).unwrap(),
                token: token.map(|token| TokenKey::new(token).unwrap()).as_ref(),
                timestamp: Timestamp::from_secs(1),
                nonce: nonce.as_bytes(),
                keep_until: Timestamp::from_secs(1),
                now: Timestamp::from_secs(1),
            })
        };
        let mut hashes = vec![
            hash("a", Some("b"), "c"),
            hash("b", Some("a"), "c"),
            hash("a", Some("c"), "b"),
            hash("c", Some("b"), "a"),
            hash("ab", Some("b"), "c"),
            hash("a", Some("bc"), ""),
            hash("ab", None, "c"),
            hash("a", None, "c"),
            hash("a", None, "bc"),
            hash("a", Some("a"), "a"),
            hash("a", None, "a"),
            hash("b", Some("b"), "a"),
        ];
        assert_eq!(hashes.first(), Some(&hash("a", Some("b"), "c")));
        let all = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), all);
    }
}
