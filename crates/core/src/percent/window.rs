//! Sixteen bytes at a time: which of them need a closer look.

use wide::{CmpEq, CmpGt, i8x16};

/// Sixteen bytes of a text, or fewer at its end, where zeros follow.
#[derive(Clone, Copy)]
pub(crate) struct Window(i8x16);

/// One bit for each byte, the lowest for the first.
#[derive(Clone, Copy)]
pub(crate) struct Bits(u32);

impl Bits {
    /// The first position; that behind the window, if there is none.
    #[inline(always)]
    pub(crate) fn first(self) -> usize {
        let behind = 1 << Window::BYTES;
        usize::try_from((self.0 | behind).trailing_zeros()).unwrap_or_default()
    }
}

/// One bit for each of 64 bytes, the lowest for the first.
#[inline(always)]
pub(super) fn bits_of_64(bytes: &[u8; 64], of: impl Fn(Window) -> Bits) -> u64 {
    let (windows, _) = bytes.as_chunks();
    let last_first = windows.iter().rev();
    last_first.fold(0, |bits, window| {
        bits << Window::BYTES | u64::from(of(Window::new(window)).0)
    })
}

impl Window {
    pub(crate) const BYTES: usize = 16;

    /// What a text starts with.
    #[inline(always)]
    pub(crate) fn of(text: &[u8]) -> Self {
        Self::new(&Self::first(text))
    }

    #[inline(always)]
    pub(crate) fn new(bytes: &[u8; Self::BYTES]) -> Self {
        Self(i8x16::new(bytes.map(u8::cast_signed)))
    }

    #[inline(always)]
    fn first(text: &[u8]) -> [u8; Self::BYTES] {
        match text.first_chunk() {
            Some(all) => *all,
            None => short(text).to_le_bytes(),
        }
    }

    /// Its bytes.
    #[inline(always)]
    pub(crate) fn to_bytes(self) -> [u8; Self::BYTES] {
        self.0.to_array().map(i8::cast_unsigned)
    }

    /// Those that need a closer look: all that are not unreserved, and `~`, which is rare. What is past
    /// the end is among them.
    #[inline(always)]
    pub(crate) fn unusual(self) -> Bits {
        let letters = in_range(self.0 | splat(0x20), b'a', b'z');
        let digits = in_range(self.0, b'-', b'9') ^ self.is(b'/');
        Bits(bits(letters | digits | self.is(b'_')) ^ 0xffff)
    }

    /// The `%` among them.
    #[inline(always)]
    pub(crate) fn escapes(self) -> Bits {
        Bits(bits(self.is(b'%')))
    }

    /// The `"` among them.
    #[inline(always)]
    pub(super) fn quotes(self) -> Bits {
        Bits(bits(self.is(b'"')))
    }

    /// The digits of escapes.
    #[inline(always)]
    pub(super) fn hex_digits(self) -> Bits {
        let letters = in_range(self.0 | splat(0x20), b'a', b'f');
        Bits(bits(letters | in_range(self.0, b'0', b'9')))
    }

    /// [`Self::unusual`] ones and upper-case letters.
    #[inline(always)]
    pub(crate) fn unusual_or_upper_case(self) -> Bits {
        let upper_case = bits(in_range(self.0, b'A', b'Z'));
        Bits(self.unusual().0 | upper_case)
    }

    #[inline(always)]
    fn is(self, byte: u8) -> i8x16 {
        self.0.cmp_eq(splat(byte))
    }
}

#[inline(always)]
fn bits(vector: i8x16) -> u32 {
    vector.move_mask().cast_unsigned()
}

#[inline(always)]
fn splat(byte: u8) -> i8x16 {
    i8x16::splat(byte.cast_signed())
}

/// From `least` to `most` of ASCII: moved to the top of all signed numbers, they are greater than all
/// others, which are less or wrap round.
#[inline(always)]
fn in_range(all: i8x16, least: u8, most: u8) -> i8x16 {
    let to_top = 0x7f - most;
    (all + splat(to_top)).cmp_gt(splat(least + to_top - 1))
}

/// The first eight bytes of a text, big-endian, with zeros where there is nothing.
#[inline(always)]
pub(crate) fn first_eight(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(first) => u64::from_be_bytes(*first),
        None => {
            let first = short(text) & u128::from(u64::MAX);
            u64::try_from(first).unwrap_or_default().swap_bytes()
        }
    }
}

/// Fewer than sixteen bytes, read without a copy: where first and last ones overlap they agree.
#[inline(never)]
fn short(text: &[u8]) -> u128 {
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        return u128::from(first) | u128::from(last) << ((text.len() - 8) * 8);
    }
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return u128::from(u64::from(first) | u64::from(last) << ((text.len() - 4) * 8));
    }
    let bytes = text.iter().rev();
    bytes.fold(0, |all, byte| all << 8 | u128::from(*byte))
}

/// The positions, from the first on.
impl Iterator for Bits {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let first = self.0.trailing_zeros();
        self.0 &= self.0.checked_sub(1)?;
        usize::try_from(first).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::is_unreserved, *};

    #[test]
    fn every_byte_is_told_apart_wherever_it_stands_and_however_long_the_text_is() {
        for byte in 0..=255_u8 {
            for length in 1..40_usize {
                for place in length.saturating_sub(18)..length {
                    let mut text = vec![b'a'; length];
                    text[place] = byte;
                    for at in [0, place.saturating_sub(15), place] {
                        let window = Window::of(&text[at..]);
                        let first = |is_it: bool| {
                            let end = 16.min(length - at);
                            let found = if is_it { place - at } else { end };
                            Some(found.min(end)).filter(|found| *found < 16)
                        };
                        let unusual = !is_unreserved(byte) || byte == b'~';
                        assert_eq!(window.unusual().next(), first(unusual));
                        let changed = unusual || byte.is_ascii_uppercase();
                        assert_eq!(window.unusual_or_upper_case().next(), first(changed));
                        let only = |is_it: bool| first(is_it).filter(|_| is_it);
                        assert_eq!(window.escapes().next(), only(byte == b'%'));
                        assert_eq!(window.quotes().next(), only(byte == b'"'));
                    }
                }
            }
        }
    }

    #[test]
    fn digits_of_escapes_are_those_of_both_cases() {
        for byte in 0..=255_u8 {
            let bits = Window::new(&[byte; 16]).hex_digits();
            let expected = if byte.is_ascii_hexdigit() { 16 } else { 0 };
            assert_eq!(bits.count(), expected, "{byte}");
        }
    }

    #[test]
    fn the_first_eight_bytes_are_read_however_long_the_text_is() {
        let text: Vec<u8> = (1..20).collect();
        for length in 0..text.len() {
            let mut padded = [0; 8];
            padded
                .iter_mut()
                .zip(&text[..length])
                .for_each(|(to, from)| *to = *from);
            assert_eq!(first_eight(&text[..length]), u64::from_be_bytes(padded));
        }
    }

    #[test]
    fn a_window_holds_what_stands_there_and_then_zeros() {
        let text: Vec<u8> = (1..40).collect();
        for length in 0..text.len() {
            for at in 0..length {
                let expected = text[..length].iter().skip(at).take(16);
                let mut padded = vec![0; 16];
                padded
                    .iter_mut()
                    .zip(expected)
                    .for_each(|(to, from)| *to = *from);
                assert_eq!(
                    Window::of(&text[at..length]).to_bytes(),
                    *padded,
                    "{length} {at}"
                );
            }
        }
    }
}
