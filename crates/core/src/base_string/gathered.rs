//! The many short pieces of a base string, put together for whoever hashes it.

use super::Sink;
use crate::percent::{self, Encodings, TWICE, Window, copy_padded};

/// Gathers pieces, and hands them on in whole blocks, each only when the next one is written too:
/// the processor then hashes the one while it writes the other. Handed on at once, the hash would
/// wait until the last short pieces of its block have reached memory.
pub(crate) struct Gathered<'u> {
    update: &'u mut dyn FnMut(&[u8]),
    buffer: [u8; BYTES + ROOM],
    /// How many bytes are written; less than `next` between two calls.
    used: usize,
    /// When so many are written, a block is handed on; all before it are already.
    next: usize,
}

/// A whole number of blocks of every hash.
const BYTES: usize = 512;

/// The block of SHA-1 and SHA-256; SHA-512 takes two.
const BLOCK: usize = 64;

/// What one step may write: no more than a block, for it hands on one at most; and padding.
const STEP: usize = BLOCK + Window::BYTES;

/// How many bytes become five in one step.
const ENCODED_ANEW: usize = 12;

/// They and the rest of their window are no more than a block.
const _: () = assert!(ENCODED_ANEW * 5 + Window::BYTES - ENCODED_ANEW <= BLOCK);

/// What may be written past [`BYTES`] before that block is handed on.
const ROOM: usize = BLOCK + STEP;

impl<'u> Gathered<'u> {
    #[inline]
    pub(crate) fn new(update: &'u mut dyn FnMut(&[u8])) -> Self {
        Self {
            update,
            buffer: [0; BYTES + ROOM],
            used: 0,
            next: 2 * BLOCK,
        }
    }

    /// Hands on what is left.
    #[inline]
    pub(crate) fn finish(&mut self) {
        let left = self.buffer.get(self.next - 2 * BLOCK..self.used);
        (self.update)(left.unwrap_or_default());
    }

    #[inline(always)]
    fn room(&mut self) -> Option<&mut [u8; STEP]> {
        self.buffer.get_mut(self.used..)?.first_chunk_mut()
    }

    #[inline(always)]
    fn written(&mut self, length: usize) {
        self.used += length;
        if self.used < self.next {
            return;
        }
        let from = self.next - 2 * BLOCK;
        if let Some(block) = self.buffer.get(from..from + BLOCK) {
            (self.update)(block);
        }
        self.next += BLOCK;
        if from + BLOCK == BYTES {
            self.buffer.copy_within(BYTES.., 0);
            self.used -= BYTES;
            self.next = 2 * BLOCK;
        }
    }

    /// Of at most [`BLOCK`] bytes.
    #[inline(always)]
    fn put_short(&mut self, bytes: &[u8]) {
        let room = self.room().and_then(|room| room.get_mut(..bytes.len()));
        if let Some(place) = room {
            copy(place, bytes);
            self.written(bytes.len());
        }
    }
}

impl Sink for Gathered<'_> {
    #[inline(always)]
    fn put(&mut self, bytes: &[u8]) {
        let (mut piece, mut rest) = bytes.split_at(bytes.len().min(BLOCK));
        loop {
            self.put_short(piece);
            if rest.is_empty() {
                return;
            }
            (piece, rest) = rest.split_at(rest.len().min(BLOCK));
        }
    }

    #[inline(always)]
    fn put_padded<const N: usize>(&mut self, padded: &[u8; N], length: usize) {
        if let Some(place) = self.room().and_then(|room| room.first_chunk_mut()) {
            *place = *padded;
            self.written(length);
        }
    }

    #[inline(always)]
    fn put_encoded(&mut self, bytes: &[u8], as_in: &Encodings) {
        let mut at = 0;
        while at < bytes.len() {
            let window = Window::at(bytes, at);
            let Some(room) = self.room() else { return };
            // What stands for itself is copied up to the window's end, and what follows a byte
            // that does not is written over it.
            let (mut read, mut written) = (0, 0);
            copy_padded(room, written, &window.skip(0));
            for changed in as_in.changed(window) {
                let Some(byte) = bytes.get(at + changed) else {
                    break;
                };
                written += changed - read;
                let encoding = as_in.of(*byte);
                copy_padded(room, written, encoding.padded());
                written += encoding.len();
                read = changed + 1;
                copy_padded(room, written, &window.skip(read));
            }
            at += Window::BYTES;
            let past_end = at.saturating_sub(bytes.len());
            written += (Window::BYTES - read).saturating_sub(past_end);
            self.written(written);
        }
    }

    #[inline(always)]
    fn put_encoded_anew(&mut self, text: &[u8], plus_is_space: bool) {
        let mut at = 0;
        while at < text.len() {
            let window = Window::at(text, at);
            let Some(room) = self.room() else { return };
            // As in `put_encoded`; but what is escaped is one byte, and written as five.
            let (mut read, mut written) = (0, 0);
            copy_padded(room, written, &window.skip(0));
            let mut reserved = window.reserved();
            for changed in reserved.by_ref().take(ENCODED_ANEW) {
                let Some((byte, length)) = percent::decode_at(text, at + changed, plus_is_space)
                else {
                    break;
                };
                written += changed - read;
                let encoding = TWICE.of(byte);
                copy_padded(room, written, encoding.padded());
                written += encoding.len();
                read = changed + length;
                copy_padded(room, written, &window.skip(read));
            }
            let end = reserved.next().unwrap_or(Window::BYTES);
            let end = end.min(text.len() - at);
            written += end.saturating_sub(read);
            at += end.max(read);
            self.written(written);
        }
    }
}

/// Copies between slices of equal length; most are short, and then no function is called: two
/// overlapping moves.
#[inline]
fn copy(to: &mut [u8], from: &[u8]) {
    fn ends<const N: usize>(to: &mut [u8], from: &[u8]) -> Option<()> {
        let (first, last) = (from.first_chunk::<N>()?, from.last_chunk::<N>()?);
        *to.first_chunk_mut()? = *first;
        *to.last_chunk_mut()? = *last;
        Some(())
    }
    let done = match from.len() {
        8..=16 => ends::<8>(to, from),
        17..=32 => ends::<16>(to, from),
        33..=64 => ends::<32>(to, from),
        4..=7 => ends::<4>(to, from),
        2..=3 => ends::<2>(to, from),
        1 => ends::<1>(to, from),
        _ => None,
    };
    if done.is_none() {
        to.copy_from_slice(from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::percent::{ONCE, encode};

    fn gathered(write: impl FnOnce(&mut Gathered<'_>)) -> Vec<u8> {
        let mut all = Vec::new();
        let mut append = |bytes: &[u8]| all.extend_from_slice(bytes);
        let mut gathered = Gathered::new(&mut append);
        write(&mut gathered);
        gathered.finish();
        all
    }

    /// Each kind of piece, of every length, after what leaves every place in a block.
    #[test]
    fn pieces_come_out_as_they_went_in_however_long_they_are() {
        for byte in [b'a', b'*', 0xff] {
            for length in (0..200).chain([512, 1_000, 5_000]) {
                let bytes = vec![byte; length];
                let (once, before) = (encode(&bytes), vec![b'-'; length % 97]);
                let (twice, lower_case) = (encode(once.as_bytes()), once.to_ascii_lowercase());
                let twice = twice.as_bytes();
                let expected = [&before, &bytes, once.as_bytes(), twice, twice, b"!"].concat();
                let all = gathered(|sink| {
                    sink.put(&before);
                    sink.put(&bytes);
                    sink.put_encoded(&bytes, &ONCE);
                    sink.put_encoded_anew(&bytes, false);
                    sink.put_encoded_anew(lower_case.as_bytes(), true);
                    sink.put_array(b"!");
                });
                assert_eq!(all, expected, "{length} times {byte}");
            }
        }
    }

    #[test]
    fn all_but_the_last_come_in_whole_blocks() {
        let mut lengths = Vec::new();
        let mut note = |bytes: &[u8]| lengths.push(bytes.len());
        let mut sink = Gathered::new(&mut note);
        (0..1_000).for_each(|_| sink.put(b"12345678901"));
        sink.finish();
        let (last, blocks) = lengths.split_last().unwrap();
        assert!(blocks.iter().all(|length| *length == BLOCK) && *last < 2 * BLOCK);
        assert_eq!(blocks.len() * BLOCK + last, 11_000);
    }
}
