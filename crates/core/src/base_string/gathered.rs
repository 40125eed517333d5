//! The many short pieces of a base string, put together for whoever hashes it.

use super::Sink;
use crate::percent::{Encodings, TWICE, Window, copy_padded};

/// Gathers pieces, so that a MAC or a hash sees many whole blocks at once: most base strings fit in
/// whole.
pub(crate) struct Gathered<F> {
    update: F,
    buffer: [u8; BYTES + ROOM],
    /// Less than [`BYTES`] between two calls.
    used: usize,
}

/// A whole number of blocks of every hash.
const BYTES: usize = 512;

/// What one step may write: sixteen bytes, each encoded twice, and padding.
const ROOM: usize = 16 * 5 + Window::BYTES;

impl<F: FnMut(&[u8])> Gathered<F> {
    #[inline]
    pub(crate) fn new(update: F) -> Self {
        Self {
            update,
            buffer: [0; BYTES + ROOM],
            used: 0,
        }
    }

    /// Hands on what is left.
    #[inline]
    pub(crate) fn finish(mut self) {
        let gathered = self.buffer.get(..self.used);
        (self.update)(gathered.unwrap_or_default());
    }

    #[inline(always)]
    fn room(&mut self) -> Option<&mut [u8; ROOM]> {
        self.buffer.get_mut(self.used..)?.first_chunk_mut()
    }

    #[inline(always)]
    fn written(&mut self, length: usize) {
        self.used += length;
        if self.used >= BYTES {
            hand_on(&mut self.update, &mut self.buffer);
            self.used -= BYTES;
        }
    }

    /// Of at most [`ROOM`] bytes.
    #[inline(always)]
    fn put_short(&mut self, bytes: &[u8]) {
        let room = self.room().and_then(|room| room.get_mut(..bytes.len()));
        if let Some(place) = room {
            copy(place, bytes);
            self.written(bytes.len());
        }
    }
}

/// Not a method: its reference to the whole would keep `used` out of the registers.
#[cold]
fn hand_on(update: &mut impl FnMut(&[u8]), buffer: &mut [u8; BYTES + ROOM]) {
    if let Some((full, _)) = buffer.split_first_chunk::<BYTES>() {
        update(full);
    }
    buffer.copy_within(BYTES.., 0);
}

impl<F: FnMut(&[u8])> Sink for Gathered<F> {
    #[inline(always)]
    fn put(&mut self, bytes: &[u8]) {
        let (mut piece, mut rest) = bytes.split_at(bytes.len().min(ROOM));
        loop {
            self.put_short(piece);
            if rest.is_empty() {
                return;
            }
            (piece, rest) = rest.split_at(rest.len().min(ROOM));
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
    fn put_twice_encoded(&mut self, mut bytes: impl Iterator<Item = u8>) {
        loop {
            let mut written = 0;
            let mut step = 0;
            let Some(room) = self.room() else { return };
            while step < 16 {
                let Some(byte) = bytes.next() else { break };
                let encoding = TWICE.of(byte);
                copy_padded(room, written, encoding.padded());
                written += encoding.len();
                step += 1;
            }
            self.written(written);
            if step < 16 {
                return;
            }
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
