//! HMAC over a hash with blocks of 64 bytes ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104)),
//! of the library's compression functions.
//!
//! The library's own HMAC copies the end of a text, its padding and the inner hash from place to
//! place, in pieces that the processor has to wait for: a quarter of the time of a base string's
//! MAC. Here the end is padded where it was written. The tests compare both at every length.

use std::{marker::PhantomData, ops::Range, slice::from_ref};

use hmac::digest::Digest;
use sha1::Sha1;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::{HmacKey, Meanwhile};
use crate::{
    BaseString,
    base_string::{Block, Buffer, EMPTY},
};

/// A state of so many words, which a hash goes through block by block.
pub(in crate::signature) trait BlockHash<const WORDS: usize>: Digest {
    /// Where it starts.
    const START: [u32; WORDS];

    fn compress(state: &mut [u32; WORDS], block: &Block);
}

const BLOCK: usize = 64;

/// How many bytes say, at the end, how many bits there were.
const LENGTH: usize = 8;

/// What follows a text: one bit, and zeros up to its length.
const FIRST_BIT: [u8; BLOCK + LENGTH] = {
    let mut padding = [0; BLOCK + LENGTH];
    let [first, ..] = &mut padding;
    *first = 0x80;
    padding
};

impl BlockHash<5> for Sha1 {
    const START: [u32; 5] = [
        0x6745_2301,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ];

    #[inline]
    fn compress(state: &mut [u32; 5], block: &Block) {
        sha1::block_api::compress(state, from_ref(block));
    }
}

impl BlockHash<8> for Sha256 {
    const START: [u32; 8] = [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ];

    #[inline]
    fn compress(state: &mut [u32; 8], block: &Block) {
        sha2::block_api::compress256(state, from_ref(block));
    }
}

/// The two states that have taken in the key.
pub(in crate::signature) struct BlockHmac<H, const WORDS: usize> {
    inner: Zeroizing<[u32; WORDS]>,
    outer: Zeroizing<[u32; WORDS]>,
    hash: PhantomData<H>,
}

impl<H, const WORDS: usize> Clone for BlockHmac<H, WORDS> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            outer: self.outer.clone(),
            hash: PhantomData,
        }
    }
}

impl<H: BlockHash<WORDS>, const WORDS: usize> HmacKey for BlockHmac<H, WORDS> {
    type Mac = Mac<WORDS>;

    fn new(key: &[u8]) -> Self {
        let mut block = Zeroizing::new([0; BLOCK]);
        let mut fill = |with: &[u8]| {
            block
                .iter_mut()
                .zip(with)
                .for_each(|(to, from)| *to = *from);
        };
        if key.len() > BLOCK {
            let mut hash = H::digest(key);
            fill(&hash);
            hash.as_mut_slice().zeroize();
        } else {
            fill(key);
        }
        let state = |pad: u8| {
            let mut state = Zeroizing::new(H::START);
            let padded = Zeroizing::new(block.map(|byte| byte ^ pad));
            H::compress(&mut state, &padded);
            state
        };
        Self {
            inner: state(0x36),
            outer: state(0x5c),
            hash: PhantomData,
        }
    }

    #[inline]
    fn mac(&self, base_string: &BaseString<'_>, meanwhile: &mut impl Meanwhile) -> Self::Mac {
        let (mut state, mut hashed) = (self.inner.clone(), BLOCK);
        let mut hash = |block: &Block| {
            H::compress(&mut state, block);
            hashed += BLOCK;
        };
        let mut buffer = EMPTY;
        let left = base_string.write_blocks_to(&mut hash, &mut buffer);
        // Before anything else is hashed: it has reached memory then, when its turn comes.
        let padded = pad(&mut buffer, left, hashed);
        let (blocks, _) = buffer.get(padded).unwrap_or_default().as_chunks();
        let mut blocks = blocks.iter();
        let last = blocks.next_back();
        for whole in blocks {
            H::compress(&mut state, whole);
        }
        meanwhile.first();
        if let Some(last) = last {
            H::compress(&mut state, last);
        }
        meanwhile.second();
        let mut outer = self.outer.clone();
        H::compress(&mut outer, &outer_block(&state));
        Mac(outer.map(u32::to_be_bytes))
    }
}

/// Completes the blocks in which a text ends, after so many bytes that were hashed.
#[inline]
fn pad(buffer: &mut Buffer, left: Range<usize>, hashed: usize) -> Range<usize> {
    let bits = u64::try_from((hashed + left.len()) * 8).unwrap_or_default();
    let end = left.start + (left.len() + 1 + LENGTH).next_multiple_of(BLOCK);
    let zeros = buffer.get_mut(left.end..).and_then(<[u8]>::first_chunk_mut);
    if let Some(zeros) = zeros {
        *zeros = FIRST_BIT;
    }
    let length = buffer.get_mut(..end).and_then(<[u8]>::last_chunk_mut);
    if let Some(length) = length {
        *length = bits.to_be_bytes();
    }
    left.start..end
}

/// The inner hash, padded, after the block of the key.
#[inline]
fn outer_block<const WORDS: usize>(inner: &[u32; WORDS]) -> Block {
    let mut words = [0; BLOCK / 4];
    words
        .iter_mut()
        .zip(inner)
        .for_each(|(to, from)| *to = *from);
    if let Some(first) = words.get_mut(WORDS) {
        *first = 0x8000_0000;
    }
    let [.., bits] = &mut words;
    *bits = u32::try_from((BLOCK + WORDS * 4) * 8).unwrap_or_default();
    let mut block = [0; BLOCK];
    let (places, _) = block.as_chunks_mut();
    let bytes = words.iter().map(|word| word.to_be_bytes());
    places
        .iter_mut()
        .zip(bytes)
        .for_each(|(to, from)| *to = from);
    block
}

pub(in crate::signature) struct Mac<const WORDS: usize>([[u8; 4]; WORDS]);

impl<const WORDS: usize> AsRef<[u8]> for Mac<WORDS> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_flattened()
    }
}

#[cfg(test)]
mod tests {
    use hmac::{EagerHash, Hmac, KeyInit, digest::FixedOutput};

    use super::*;
    use crate::{Limits, Parsed, Request};

    fn check<H: BlockHash<WORDS> + EagerHash, const WORDS: usize>(key: &[u8], length: usize)
    where
        Hmac<H>: hmac::Mac + KeyInit,
    {
        let query = format!(
            "a={}&oauth_consumer_key=k&oauth_signature_method=PLAINTEXT&oauth_signature=s",
            "x".repeat(length)
        );
        let request = Request::new("GET", "http", "h", "/", Some(&query));
        let parsed = Parsed::extract(&request, &Limits::default())
            .unwrap()
            .unwrap();
        let mac = <Hmac<H> as KeyInit>::new_from_slice(key).unwrap();
        let expected = hmac::Mac::chain_update(mac, parsed.base_string()).finalize_fixed();
        let own = BlockHmac::<H, WORDS>::new(key)
            .mac(&parsed.to_base_string(), &mut ())
            .as_ref()
            .to_vec();
        assert_eq!(own, expected.to_vec(), "{} {length}", key.len());
    }

    /// The library's HMAC, of all lengths around those of blocks and buffers.
    #[test]
    fn macs_are_those_of_the_library() {
        for length in (0..700).chain([4_000]) {
            check::<Sha1, 5>(b"kd94hf93k423kf44&pfkkdhi9sl3r4s00", length);
            check::<Sha256, 8>(b"kd94hf93k423kf44&pfkkdhi9sl3r4s00", length);
        }
        for length in 0..200 {
            let key = vec![b'k'; length];
            check::<Sha1, 5>(&key, 100);
            check::<Sha256, 8>(&key, 100);
        }
    }
}
