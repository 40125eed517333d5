//! 64-bit keyed hashes of nonces.

use std::{fmt, num::NonZeroU64};

use siphasher::sip::SipHasher13;

use crate::{Entropy, EntropyError, ReplayEntry};

/// Random keys, one for each part: who does not know them cannot make hashes collide or pile up in
/// one page.
#[derive(Clone, Copy)]
pub(super) struct HashKey([SipHasher13; 3]);

impl HashKey {
    pub(super) fn random(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let mut keys = [[0; 16]; 3];
        entropy.fill(keys.as_flattened_mut())?;
        Ok(Self(keys.map(|key| SipHasher13::new_with_key(&key))))
    }

    /// Of consumer, token and nonce; entries of other timestamps are kept elsewhere.
    ///
    /// Each part by a key of its own, put together by exclusive or: of two different entries, some
    /// part differs, so they are as unlikely to collide as in one hash. Nothing has to be copied
    /// into one piece, and the processor works on the three at once.
    pub(super) fn hash(&self, entry: &ReplayEntry<'_>) -> NonZeroU64 {
        let Self([consumer, token, nonce]) = self;
        let consumer = consumer.hash(entry.consumer.as_str().as_bytes());
        let token = entry
            .token
            .map_or(0, |key| token.hash(key.as_str().as_bytes()));
        let nonce = nonce.hash(entry.nonce.as_bytes());
        NonZeroU64::new(consumer ^ token ^ nonce).unwrap_or(NonZeroU64::MIN)
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
                nonce,
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
