//! The many short pieces of a base string, put together for whoever hashes it.

use std::ops::Range;

use crate::{
    hint::seldom,
    parameter::{Literal, Text},
    percent::{Bits, Encoding, Encodings, ONCE, TWICE, Window, copy_padded, decode_first},
};

/// Gathers pieces, and hands them on in whole blocks, each only when the next one is written too:
/// the processor then hashes the one while it writes the other. Handed on at once, the hash would
/// wait until the last short pieces of its block have reached memory.
pub(crate) struct Gathered<'u, U> {
    update: &'u mut U,
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
pub(crate) type Write<U, T> = fn(&mut U, &mut Buffer, Written, &T) -> Written;

/// A whole number of blocks of every hash.
const BYTES: usize = 512;

/// Where the pieces are put together.
pub(crate) type Buffer = [u8; BYTES + ROOM];

/// With nothing in it.
pub(crate) const EMPTY: Buffer = [0; BYTES + ROOM];

/// The block of SHA-1 and SHA-256; SHA-512 takes two.
pub(crate) type Block = [u8; BLOCK];

const BLOCK: usize = 64;

/// What one step may write: no more than a block, for it hands on one at most; and padding.
const STEP: usize = BLOCK + Window::BYTES;

/// What is copied at once; longer than every known name with what stands around it.
const SHORT: usize = 32;

/// The same of a known parameter's value: enough for most tokens.
const VALUE: usize = 48;

/// Both fit into a step.
const _: () = assert!(SHORT - 1 + VALUE <= STEP);

/// What may be written past [`BYTES`] before that block is handed on.
const ROOM: usize = BLOCK + STEP;

impl<'u, U: FnMut(&Block)> Gathered<'u, U> {
    #[inline]
    pub(crate) fn new(update: &'u mut U, buffer: &'u mut Buffer) -> Self {
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
    #[inline(always)]
    pub(crate) fn put_encoded(&mut self, bytes: &[u8], as_in: &'static Encodings) {
        let changed = |window| as_in.changed(window);
        self.put_runs::<false>(bytes, bytes.len(), changed, |rest| {
            (1, as_in.of(rest.first().copied().unwrap_or_default()))
        });
    }

    /// A name or value in its canonical encoding, percent-encoded once more.
    #[inline(always)]
    pub(crate) fn put_text(&mut self, text: &Text<'_>) {
        let (rest, length) = (text.and_rest(), text.len());
        if text.is_plain() && length <= SHORT {
            if let Some(padded) = rest.first_chunk::<SHORT>() {
                return self.put_padded(padded, length);
            }
            if length <= Window::BYTES {
                return self.put_padded(&Window::of(rest).to_bytes(), length);
            }
        }
        self.put_by(put_long_or_escaped, text);
    }

    /// A known name and its value. Nearly all are short, and are put together.
    #[inline(always)]
    pub(crate) fn put_known(&mut self, name: &Literal, skipped: usize, value: &Text<'_>) {
        let name_padded = name.padded.get(skipped..).and_then(<[u8]>::first_chunk);
        if let (Some(name_padded), Some(padded)) = (name_padded, value.and_rest().first_chunk())
            && value.is_plain()
            && value.len() <= VALUE
            && let Some(room) = self.room()
        {
            let length = name.length - skipped;
            copy_padded::<SHORT>(room, 0, name_padded);
            copy_padded::<VALUE>(room, length % SHORT, padded);
            self.written(length + value.len());
        } else {
            self.put_literal(name, skipped);
            self.put_text(value);
        }
    }

    /// Hands over to what is compiled once, and not for each place that writes. In pieces that are
    /// passed in registers: written to memory as one, they are waited for.
    #[inline(always)]
    pub(crate) fn put_by<T>(&mut self, write: Write<U, T>, what: &T) {
        let so_far = Written(self.used, self.next);
        Written(self.used, self.next) = write(self.update, self.buffer, so_far, what);
    }

    /// Taken over in a [`Write`].
    #[inline(always)]
    pub(crate) fn go_on(update: &'u mut U, buffer: &'u mut Buffer, at: Written) -> Self {
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

    /// The first `length` bytes of a text, each `%` encoded, as far as whole windows reach, one after
    /// the other: gives what is left.
    #[inline(always)]
    fn put_escaped<'a>(&mut self, text: &'a [u8], length: usize) -> (&'a [u8], usize) {
        let (mut rest, mut left) = (text, length);
        while left >= Window::BYTES
            && let Some((first, behind)) = rest.split_first_chunk()
            && let Some(two) = rest.first_chunk::<{ 2 * Window::BYTES }>()
            && let Some(room) = self.room()
        {
            copy_padded(room, 0, first);
            let mut written = Window::BYTES;
            for place in Window::new(first).escapes() {
                // Behind it, at what is written of the window so far.
                let behind = place + 1;
                let at = behind + written - Window::BYTES;
                copy_padded(room, at % BLOCK, b"25");
                if let Some(follows) = two
                    .get(behind..)
                    .and_then(<[u8]>::first_chunk::<{ Window::BYTES }>)
                {
                    copy_padded(room, (at + 2) % BLOCK, follows);
                }
                written += 2;
            }
            (rest, left) = (behind, left - Window::BYTES);
            self.written(written);
        }
        (rest, left)
    }

    /// Each byte that a text stands for, encoded twice.
    #[inline(always)]
    fn put_encoded_anew(&mut self, text: Text<'_>) {
        self.put_runs::<true>(text.and_rest(), text.len(), Window::unusual, |rest| {
            let decoded = decode_first(rest, text.plus_is_space());
            let (byte, bytes) = decoded.unwrap_or_default();
            (bytes, TWICE.of(byte))
        });
    }

    /// The first `length` bytes of a text, copied in whole windows: over what follows a byte that
    /// does not stand for itself comes its encoding. `encoding` tells that of what a text starts with,
    /// and of how many bytes; `MANY`, that there may be many.
    #[inline(always)]
    fn put_runs<const MANY: bool>(
        &mut self,
        text: &[u8],
        length: usize,
        changed: impl Fn(Window) -> Bits,
        encoding: impl Fn(&[u8]) -> (usize, &'static Encoding),
    ) {
        let (mut rest, mut left) = (text, length);
        while let Some(room) = self.room() {
            // Not one window of the two: it would go through other registers.
            let run = if let Some(all) = rest.first_chunk() {
                copy_padded(room, 0, all);
                changed(Window::new(all)).first()
            } else {
                let last = Window::of(rest);
                copy_padded(room, 0, &last.to_bytes());
                changed(last).first()
            };
            if run >= left {
                return self.written(left);
            }
            let (mut read, mut written) = (run, run);
            if run < Window::BYTES {
                let mut next = encoding(rest.get(run..).unwrap_or_default());
                loop {
                    let (bytes, encoding_of) = next;
                    copy_padded(room, written, encoding_of.padded());
                    (read, written) = (read + bytes, written + encoding_of.len());
                    // Where there are many no window is looked at for each, up to two that are none.
                    if !MANY || read >= left || written > BLOCK - Window::BYTES {
                        break;
                    }
                    next = encoding(rest.get(read..).unwrap_or_default());
                    if next.1.len() == 1 && encoding_of.len() == 1 {
                        break;
                    }
                }
            }
            let (Some((_, behind)), Some(less)) =
                (rest.split_at_checked(read), left.checked_sub(read))
            else {
                return;
            };
            (rest, left) = (behind, less);
            self.written(written);
        }
    }
}

/// Of a plain text nothing has to be encoded, of a canonical one only each `%`; of any other each
/// byte that it stands for, twice.
#[inline(never)]
fn put_long_or_escaped<U: FnMut(&Block)>(
    update: &mut U,
    buffer: &mut Buffer,
    at: Written,
    text: &Text<'_>,
) -> Written {
    let mut sink = Gathered::go_on(update, buffer, at);
    if text.is_plain() {
        sink.put(text.raw());
    } else if text.is_canonical() {
        let percent = ONCE.of(b'%');
        let (rest, left) = sink.put_escaped(text.and_rest(), text.len());
        sink.put_runs::<false>(rest, left, Window::escapes, |_| (1, percent));
    } else {
        sink.put_encoded_anew(*text);
    }
    sink.so_far()
}

/// Hands a block on: how many bytes are written, and when the next one goes.
#[inline(never)]
fn hand_on<U: FnMut(&Block)>(
    update: &mut U,
    buffer: &mut Buffer,
    used: usize,
    next: usize,
) -> Written {
    let from = next - 2 * BLOCK;
    if let Some(block) = buffer.get(from..).and_then(<[u8]>::first_chunk) {
        update(block);
    }
    if from + BLOCK >= BYTES {
        seldom();
        buffer.copy_within(BYTES.., 0);
        return Written(used - BYTES, 2 * BLOCK);
    }
    Written(used, next + BLOCK)
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
    use crate::percent::encode;

    fn gathered(write: impl FnOnce(&mut Gathered<'_, &mut dyn FnMut(&Block)>)) -> Vec<u8> {
        let mut all = Vec::new();
        let mut append: &mut dyn FnMut(&Block) = &mut |block| all.extend_from_slice(block);
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
        for repeated in [&b"a"[..], b"*", b"\xff", b"~*", b"ab*", b"abcdefgh***"] {
            for length in (0..200).chain([512, 1_000, 5_000]) {
                let bytes: Vec<u8> = repeated.iter().copied().cycle().take(length).collect();
                let (once, before) = (encode(&bytes), vec![b'-'; length % 97]);
                let (twice, lower_case) = (encode(once.as_bytes()), once.to_ascii_lowercase());
                let twice = twice.as_bytes();
                let texts = [twice; 4].concat();
                let expected = [&before, &bytes, once.as_bytes(), &texts, b"!"];
                let expected = expected.concat();
                let all = gathered(|sink| {
                    sink.put(&before);
                    sink.put(&bytes);
                    sink.put_encoded(&bytes, &ONCE);
                    sink.put_text(&Text::whole(&bytes, false).unwrap());
                    sink.put_text(&Text::whole(once.as_bytes(), false).unwrap());
                    sink.put_text(&Text::whole(lower_case.as_bytes(), true).unwrap());
                    sink.put_text(&Text::whole(&bytes, true).unwrap());
                    sink.put_array(b"!");
                });
                assert_eq!(all, expected, "{length} of {repeated:?}");
            }
        }
    }

    #[test]
    fn all_but_the_last_come_in_whole_blocks() {
        let mut lengths = Vec::new();
        let mut note = |block: &Block| lengths.push(block.len());
        let mut buffer = EMPTY;
        let mut sink = Gathered::new(&mut note, &mut buffer);
        (0..1_000).for_each(|_| sink.put(b"12345678901"));
        let last = sink.finish().len();
        assert!(lengths.iter().all(|length| *length == BLOCK) && last < 2 * BLOCK);
        assert_eq!(lengths.len() * BLOCK + last, 11_000);
    }
}
