//! The many short pieces of a base string, put together for whoever hashes it.

use std::ops::Range;

use crate::{
    parameter::{Literal, Text},
    percent::{self, Encodings, Form, TWICE, Window, copy_padded},
};

/// Gathers pieces, and hands them on in whole blocks, each only when the next one is written too:
/// the processor then hashes the one while it writes the other. Handed on at once, the hash would
/// wait until the last short pieces of its block have reached memory.
pub(crate) struct Gathered<'u> {
    update: &'u mut dyn FnMut(&[u8]),
    /// Not within: what else is here stays in registers then.
    buffer: &'u mut Buffer,
    /// How many bytes are written; less than `next` between two calls.
    used: usize,
    /// When so many are written, a block is handed on; all before it are already.
    next: usize,
}

/// How far a [`Gathered`] has come.
#[derive(Clone, Copy)]
pub(crate) struct Written(usize, usize);

/// Writes a value from there on.
pub(crate) type Write<T> = fn(&mut dyn FnMut(&[u8]), &mut Buffer, Written, &T) -> Written;

/// A whole number of blocks of every hash.
const BYTES: usize = 512;

/// Where the pieces are put together.
pub(crate) type Buffer = [u8; BYTES + ROOM];

/// With nothing in it.
pub(crate) const EMPTY: Buffer = [0; BYTES + ROOM];

/// The block of SHA-1 and SHA-256; SHA-512 takes two.
const BLOCK: usize = 64;

/// What one step may write: no more than a block, for it hands on one at most; and padding.
const STEP: usize = BLOCK + Window::BYTES;

/// What is copied at once; longer than every known name with what stands around it.
const SHORT: usize = 32;

/// How many bytes become five in one step.
const ENCODED_ANEW: usize = 11;

/// They and the rest of their window are less than a block.
const _: () = assert!(ENCODED_ANEW * 5 + Window::BYTES - ENCODED_ANEW < BLOCK);

/// What may be written past [`BYTES`] before that block is handed on.
const ROOM: usize = BLOCK + STEP;

impl<'u> Gathered<'u> {
    #[inline]
    pub(crate) fn new(update: &'u mut dyn FnMut(&[u8]), buffer: &'u mut Buffer) -> Self {
        Self {
            update,
            buffer,
            used: 0,
            next: 2 * BLOCK,
        }
    }

    /// Where the end stands in the buffer, that was not handed on.
    #[inline(always)]
    pub(crate) fn finish(self) -> Range<usize> {
        self.next - 2 * BLOCK..self.used
    }

    #[inline(always)]
    fn room(&mut self) -> Option<&mut [u8; STEP]> {
        self.buffer.get_mut(self.used..)?.first_chunk_mut()
    }

    #[inline(always)]
    fn written(&mut self, length: usize) {
        self.used += length;
        if self.used >= self.next {
            Written(self.used, self.next) = hand_on(self.update, self.buffer, self.used, self.next);
        }
    }

    /// The first `length` of `padded`. Many short pieces are faster copied with their padding, in
    /// a size known when compiling.
    #[inline(always)]
    fn put_padded<const N: usize>(&mut self, padded: &[u8; N], length: usize) {
        if let Some(place) = self.room().and_then(|room| room.first_chunk_mut()) {
            *place = *padded;
            self.written(length);
        }
    }

    /// A few bytes, of a length known when compiling.
    #[inline(always)]
    pub(crate) fn put_array<const N: usize>(&mut self, bytes: &[u8; N]) {
        self.put_padded(bytes, N);
    }

    /// All but the first `skipped` bytes.
    #[inline(always)]
    pub(crate) fn put_literal(&mut self, literal: &Literal, skipped: usize) {
        let padded = literal
            .padded
            .get(skipped..)
            .and_then(|rest| rest.first_chunk::<SHORT>());
        if let Some(padded) = padded {
            self.put_padded(padded, literal.length - skipped);
        }
    }

    /// Each byte as its encoding.
    #[inline(never)]
    pub(crate) fn put_encoded(&mut self, bytes: &[u8], as_in: &Encodings) {
        self.put_pieces(bytes, bytes.len(), |piece, length| {
            for changed in as_in.changed(piece.window).of_first(length) {
                let encoding = as_in.of(piece.byte(changed));
                piece.put(changed, 1, encoding.padded(), encoding.len());
            }
            piece.end(length)
        });
    }

    /// A name or value in its canonical encoding, percent-encoded once more.
    #[inline(always)]
    pub(crate) fn put_text(&mut self, text: Text<'_>) {
        match text.and_rest().first_chunk::<SHORT>() {
            Some(padded) if text.is_plain() && text.len() <= padded.len() => {
                self.put_padded(padded, text.len());
            }
            _ => self.put_by(put_long_or_escaped, &text),
        }
    }

    /// A known name and its value. Nearly all are short, and are put together.
    #[inline(always)]
    pub(crate) fn put_known(&mut self, name: &Literal, skipped: usize, value: &Text<'_>) {
        let name_padded = name.padded.get(skipped..).and_then(<[u8]>::first_chunk);
        if let (Some(name_padded), Some(padded)) = (name_padded, value.and_rest().first_chunk())
            && value.is_plain()
            && value.len() <= SHORT
            && let Some(room) = self.room()
        {
            let length = name.length - skipped;
            copy_padded::<SHORT>(room, 0, name_padded);
            copy_padded::<SHORT>(room, length % SHORT, padded);
            self.written(length + value.len());
        } else {
            self.put_literal(name, skipped);
            self.put_text(*value);
        }
    }

    /// Hands over to what is compiled once, and not for each place that writes. In pieces that are
    /// passed in registers: written to memory as one, they are waited for.
    #[inline(always)]
    pub(crate) fn put_by<T>(&mut self, write: Write<T>, what: &T) {
        let so_far = Written(self.used, self.next);
        Written(self.used, self.next) = write(self.update, self.buffer, so_far, what);
    }

    /// Taken over in a [`Write`].
    #[inline(always)]
    pub(crate) fn go_on(
        update: &'u mut dyn FnMut(&[u8]),
        buffer: &'u mut Buffer,
        at: Written,
    ) -> Self {
        let Written(used, next) = at;
        Self {
            update,
            buffer,
            used,
            next,
        }
    }

    #[inline(always)]
    pub(crate) fn so_far(self) -> Written {
        Written(self.used, self.next)
    }

    /// Bytes as they are.
    #[inline(always)]
    fn put(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(BLOCK) {
            let room = self.room().and_then(|room| room.get_mut(..piece.len()));
            if let Some(place) = room {
                copy(place, piece);
                self.written(piece.len());
            }
        }
    }

    #[inline(always)]
    fn put_encoded_anew(&mut self, text: Text<'_>) {
        let plus_is_space = text.plus_is_space();
        self.put_pieces(text.and_rest(), text.len(), |piece, length| {
            let mut reserved = piece.window.reserved().of_first(length);
            for changed in reserved.by_ref().take(ENCODED_ANEW) {
                let (byte, bytes) = piece.decoded(changed, plus_is_space);
                let encoding = TWICE.of(byte);
                piece.put(changed, bytes, encoding.padded(), encoding.len());
            }
            piece.end(reserved.next().unwrap_or(length))
        });
    }

    /// A text of so many bytes, and whatever comes behind it, in pieces of a window.
    #[inline(always)]
    fn put_pieces(
        &mut self,
        text: &[u8],
        length: usize,
        put: impl Fn(&mut Piece<'_>, usize) -> (usize, usize),
    ) {
        let mut at = 0;
        while at < length {
            let Some(room) = self.room() else { return };
            let mut piece = Piece::new(room, text, at);
            let (read, written) = put(&mut piece, (length - at).min(Window::BYTES));
            at += read;
            self.written(written);
        }
    }
}

/// Of a plain text nothing has to be encoded, of a canonical one only each `%`; of any other each
/// byte that it stands for, twice.
#[inline(never)]
fn put_long_or_escaped(
    update: &mut dyn FnMut(&[u8]),
    buffer: &mut Buffer,
    at: Written,
    text: &Text<'_>,
) -> Written {
    let mut sink = Gathered::go_on(update, buffer, at);
    match text.form() {
        Form::Plain => sink.put(text.raw()),
        Form::Escaped => sink.put_pieces(text.and_rest(), text.len(), |piece, length| {
            for escape in piece.window.escapes().of_first(length) {
                piece.put(escape, 1, b"%25\0", 3);
            }
            piece.end(length)
        }),
        Form::Other | Form::PlusIsSpace => sink.put_encoded_anew(*text),
    }
    sink.so_far()
}

/// Hands a block on: how many bytes are written, and when the next one goes.
#[inline(never)]
fn hand_on(
    update: &mut dyn FnMut(&[u8]),
    buffer: &mut Buffer,
    used: usize,
    next: usize,
) -> Written {
    let from = next - 2 * BLOCK;
    if let Some(block) = buffer.get(from..from + BLOCK) {
        update(block);
    }
    if from + BLOCK < BYTES {
        return Written(used, next + BLOCK);
    }
    buffer.copy_within(BYTES.., 0);
    Written(used - BYTES, 2 * BLOCK)
}

/// A window of a text on its way to the buffer: what stands for itself is copied up to the
/// window's end, and what follows a byte that does not is written over it.
struct Piece<'p> {
    room: &'p mut [u8; STEP],
    rest: &'p [u8],
    window: Window,
    read: usize,
    written: usize,
}

impl<'p> Piece<'p> {
    #[inline(always)]
    fn new(room: &'p mut [u8; STEP], text: &'p [u8], at: usize) -> Self {
        let mut piece = Self {
            room,
            rest: text.get(at..).unwrap_or_default(),
            window: Window::at(text, at),
            read: 0,
            written: 0,
        };
        piece.copy(&piece.window.skip(0));
        piece
    }

    #[inline(always)]
    fn byte(&self, place: usize) -> u8 {
        self.rest.get(place).copied().unwrap_or_default()
    }

    /// What stands there, and in how many bytes.
    #[inline(always)]
    fn decoded(&self, place: usize, plus_is_space: bool) -> (u8, usize) {
        percent::decode_at(self.rest, place, plus_is_space).unwrap_or_default()
    }

    /// At `place` of the window so many bytes become the first `length` of `padded`.
    #[inline(always)]
    fn put<const N: usize>(&mut self, place: usize, bytes: usize, padded: &[u8; N], length: usize) {
        self.written += place - self.read;
        self.copy(padded);
        self.written += length;
        self.read = place + bytes;
        let follows = self.rest.get(self.read..).and_then(<[u8]>::first_chunk);
        // Too near to the end to be copied from there: from the window then.
        let follows = follows
            .copied()
            .unwrap_or_else(|| self.window.skip(self.read));
        self.copy(&follows);
    }

    /// In a place that is known, when compiling, to be within the room.
    #[inline(always)]
    fn copy<const N: usize>(&mut self, padded: &[u8; N]) {
        copy_padded(self.room, self.written % BLOCK, padded);
    }

    /// Up to a place of the window, which may be passed already: how much was read, and written.
    #[inline(always)]
    fn end(&self, place: usize) -> (usize, usize) {
        let written = self.written + place.saturating_sub(self.read);
        (place.max(self.read), written)
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
        let mut buffer = EMPTY;
        let mut gathered = Gathered::new(&mut append, &mut buffer);
        write(&mut gathered);
        let left = gathered.finish();
        all.extend_from_slice(&buffer[left]);
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
                let expected = [&before, &bytes, once.as_bytes(), twice, twice, twice, b"!"];
                let expected = expected.concat();
                let all = gathered(|sink| {
                    sink.put(&before);
                    sink.put(&bytes);
                    sink.put_encoded(&bytes, &ONCE);
                    sink.put_text(Text::whole(&bytes, false).unwrap());
                    sink.put_text(Text::whole(once.as_bytes(), false).unwrap());
                    sink.put_text(Text::whole(lower_case.as_bytes(), true).unwrap());
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
        let mut buffer = EMPTY;
        let mut sink = Gathered::new(&mut note, &mut buffer);
        (0..1_000).for_each(|_| sink.put(b"12345678901"));
        let last = sink.finish().len();
        assert!(lengths.iter().all(|length| *length == BLOCK) && last < 2 * BLOCK);
        assert_eq!(lengths.len() * BLOCK + last, 11_000);
    }
}
