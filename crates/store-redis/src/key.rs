//! The key of a nonce, and its slot in a Cluster.

use oauth1_provider::ReplayEntry;
use sha2::{Digest, Sha256};

/// The prefix, and 16 bytes of SHA-256. Nobody finds two requests with one key on purpose (2^64
/// hashes), and whoever did would have one of their own refused.
pub(crate) fn key(prefix: &[u8], entry: &ReplayEntry<'_>) -> Vec<u8> {
    let mut hasher = Sha256::new();
    // Each part ends with a byte that UTF-8 never has: no two entries share a text.
    let mut part = |bytes: &[u8]| {
        hasher.update(bytes);
        hasher.update([0xff]);
    };
    part(entry.consumer.as_str().as_bytes());
    if let Some(token) = entry.token {
        part(token.as_str().as_bytes());
    }
    part(entry.nonce);
    hasher.update([u8::from(entry.token.is_some())]);
    hasher.update(entry.timestamp.as_secs().to_be_bytes());
    let hash = hasher.finalize();
    prefix.iter().chain(hash.iter().take(16)).copied().collect()
}

/// The slot of a key: CRC16 (XMODEM) modulo 16384, of what stands in the first `{...}` if that is
/// not empty.
pub(crate) fn slot(key: &[u8]) -> u16 {
    let tag = key
        .split_once_at(b'{')
        .and_then(|(_, rest)| rest.split_once_at(b'}'))
        .map(|(tag, _)| tag)
        .filter(|tag| !tag.is_empty())
        .unwrap_or(key);
    let crc = tag.iter().fold(0_u16, |mut crc, byte| {
        crc ^= u16::from(*byte) << 8;
        for _ in 0..8 {
            crc = (crc << 1) ^ if crc & 0x8000 == 0 { 0 } else { 0x1021 };
        }
        crc
    });
    crc % 16_384
}

trait SplitOnceAt {
    fn split_once_at(&self, byte: u8) -> Option<(&[u8], &[u8])>;
}

impl SplitOnceAt for [u8] {
    fn split_once_at(&self, byte: u8) -> Option<(&[u8], &[u8])> {
        let at = self.iter().position(|other| *other == byte)?;
        let (before, rest) = self.split_at(at);
        Some((before, rest.get(1..)?))
    }
}

#[cfg(test)]
mod tests {
    use super::slot;

    /// The example of the Cluster specification, and what `CLUSTER KEYSLOT` of Redis 7.0 says.
    #[test]
    fn slots_are_those_of_redis() {
        assert_eq!(slot(b"123456789"), 0x31c3);
        assert_eq!(slot(b"foo"), 12_182);
        assert_eq!(slot(b"{foo}bar"), 12_182);
        assert_eq!(slot(b"a{foo}{bar}"), 12_182);
        assert_eq!(slot(b"a{foo"), slot(b"a{foo"));
        assert_eq!(slot(b"foo{}{bar}"), 8_363);
        assert_eq!(slot(b"foo{{bar}}zap"), slot(b"{bar"));
    }
}
