//! 64-bit keyed hashes of nonces.

use std::{fmt, num::NonZeroU64};

use siphasher::sip::SipHasher13;

use crate::{Entropy, EntropyError, ReplayEntry};

/// A byte that UTF-8 never has.
const END: u8 = 0xff;

/// A random key: who does not know it cannot make hashes collide or pile up in one page.
#[derive(Clone, Copy)]
pub(super) struct HashKey(SipHasher13);

impl HashKey {
    pub(super) fn random(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let mut key = [0; 16];
        entropy.fill(&mut key)?;
        Ok(Self(SipHasher13::new_with_key(&key)))
    }

    /// Of consumer, token and nonce; entries of other timestamps are kept elsewhere.
    pub(super) fn hash(&self, entry: &ReplayEntry<'_>) -> NonZeroU64 {
        let token = entry.token.map_or("", |token| token.as_str());
        let parts = [entry.consumer.as_str(), token, entry.nonce];
        let parts = parts.map(str::as_bytes);
        // Whether there is a token, and where each part ends: no two entries share a text.
        let ends = [u8::from(entry.token.is_some()), END];
        // In one piece it is hashed fastest; identifiers are seldom long.
        let mut piece = [0; 192];
        let mut rest = piece.as_mut_slice();
        for part in parts {
            let Some((room, left)) = rest.split_at_mut_checked(part.len() + ends.len()) else {
                let [consumer, token, nonce] = parts.map(|part| [part, &ends].concat());
                return self.finish(&[consumer, token, nonce].concat());
            };
            let (text, end) = room.split_at_mut(part.len());
            text.copy_from_slice(part);
            end.copy_from_slice(&ends);
            rest = left;
        }
        let filled = 192 - rest.len();
        self.finish(piece.get(..filled).unwrap_or_default())
    }

    fn finish(&self, piece: &[u8]) -> NonZeroU64 {
        NonZeroU64::new(self.0.hash(piece)).unwrap_or(NonZeroU64::MIN)
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
