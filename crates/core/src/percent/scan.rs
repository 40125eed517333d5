//! Texts as they were sent, read in one pass.

use super::{
    table::{Escape, ONCE, is_canonical_escape},
    window::{Window, bits_of_64},
};
use crate::hint::seldom;

/// How a text relates to its canonical encoding, which has unreserved bytes and upper-case escapes of
/// bytes that have to be escaped: a bit for each kind of what it has besides unreserved bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form(u8);

impl Form {
    /// Nothing: it is its own encoding.
    pub(crate) const PLAIN: Self = Self(0);
    /// Escapes as its encoding has them: it is its own encoding, too.
    const ESCAPED: u8 = 1;
    /// Anything else: it has to be encoded anew.
    const NOT_CANONICAL: u8 = 2;
    pub(crate) const OTHER: Self = Self(Self::NOT_CANONICAL);
    /// An escape that is none.
    const MALFORMED: u8 = 4;
    /// A `+` stands for a space.
    const PLUS_IS_SPACE: u8 = 8;

    /// Whether it is its own decoding, and encoding.
    #[inline(always)]
    pub(crate) fn is_plain(self) -> bool {
        self.0 & (Self::ESCAPED | Self::NOT_CANONICAL) == 0
    }

    /// Whether it is its own encoding.
    #[inline(always)]
    pub(crate) fn is_canonical(self) -> bool {
        self.0 & Self::NOT_CANONICAL == 0
    }

    #[inline(always)]
    pub(crate) fn is_malformed(self) -> bool {
        self.0 & Self::MALFORMED != 0
    }

    #[inline(always)]
    pub(crate) fn plus_is_space(self) -> bool {
        self.0 & Self::PLUS_IS_SPACE != 0
    }

    /// The same of a text in which a `+` stands for a space.
    #[inline(always)]
    pub(crate) fn with_plus_as_space(self) -> Self {
        Self(self.0 | Self::PLUS_IS_SPACE)
    }
}

/// Reads up to a delimiter or the end, deciding on the way; most input is canonical already. Gives
/// the form, and where it stopped: at a malformed escape, too. A delimiter is never an unreserved
/// byte or `%`.
#[inline(always)]
pub(crate) fn read_until(text: &[u8], delimits: impl Fn(u8) -> bool) -> (Form, usize) {
    // Most texts are plain, and need few registers.
    let (mut rest, mut at) = (text, 0);
    for _ in 0..3 {
        let Some((window, behind)) = rest.split_first_chunk() else {
            break;
        };
        let plain = Window::new(window).unusual().first();
        match window.get(plain) {
            None => (rest, at) = (behind, at + Window::BYTES),
            Some(byte) if delimits(*byte) => return (Form::PLAIN, at + plain),
            Some(_) => break,
        }
    }
    read_on(text, at, delimits)
}

/// The same from `at` on, with nothing but unreserved bytes before.
#[inline(never)]
fn read_on(text: &[u8], at: usize, delimits: impl Fn(u8) -> bool) -> (Form, usize) {
    let (mut at, mut seen) = (at, 0);
    // Whether the text ends at a byte that is not unreserved.
    let mut ends = |position, byte| {
        if delimits(byte) {
            return true;
        }
        if byte != b'%' {
            seldom();
            let unreserved = ONCE.is_same(byte);
            seen |= if unreserved { 0 } else { Form::NOT_CANONICAL };
        } else if is_canonical_escape(text, position) {
            seen |= Form::ESCAPED;
        } else {
            seldom();
            let malformed = Escape::at(text, position).is_malformed();
            seen |= if malformed {
                Form::MALFORMED
            } else {
                Form::NOT_CANONICAL
            };
            return malformed;
        }
        false
    };
    while let Some(window) = text.get(at..).and_then(<[u8]>::first_chunk) {
        for bit in Window::new(window).unusual() {
            let byte = window.get(bit).copied().unwrap_or_default();
            if ends(at + bit, byte) {
                return (Form(seen), at + bit);
            }
        }
        at += Window::BYTES;
    }
    while let Some(byte) = text.get(at).copied() {
        if !ONCE.is_same(byte) && ends(at, byte) {
            break;
        }
        at += 1;
    }
    (Form(seen), at)
}

/// How many bytes stand between `start` and a quote, fewer than 64: as [`read_until`] it reads a text
/// without malformed escapes, but takes no branch that depends on what stands where. Of a signature the
/// processor cannot foresee it.
#[inline(always)]
pub(crate) fn short_until_quote(all: &[u8], start: usize) -> Option<usize> {
    // Up to the end, if so few are left.
    let at = start.min(all.len().checked_sub(SHORT)?);
    let first = all.get(at..)?.first_chunk()?;
    let skipped = u32::try_from(start - at).ok()?;
    let quotes = bits_of_64(first, Window::quotes).checked_shr(skipped)?;
    let escapes = bits_of_64(first, Window::escapes).checked_shr(skipped)?;
    let digits = bits_of_64(first, Window::hex_digits).checked_shr(skipped)?;
    let end = quotes.trailing_zeros();
    let within = 1_u64.checked_shl(end)? - 1;
    let digits = digits & within;
    let malformed = escapes & within & !(digits >> 1 & digits >> 2);
    usize::try_from(end).ok().filter(|_| malformed == 0)
}

/// Decodes the last `length` bytes, fewer than 64 and without malformed escapes, to the end of `decoded`,
/// and gives how many they are then: `None` if not enough stands before them. As
/// [`short_until_quote`] it takes no branch for what stands where, but one for how many escapes there are.
#[inline(always)]
pub(crate) fn decode_short(
    all: &[u8],
    length: usize,
    decoded: &mut [u8; 2 * SHORT],
) -> Option<usize> {
    let last = all.last_chunk()?;
    copy_padded::<SHORT>(decoded, SHORT, last);
    let within = u32::try_from(SHORT.checked_sub(length)?).ok()?;
    let mut escapes = bits_of_64(last, Window::escapes) & u64::MAX.checked_shl(within)?;
    let mut less = 0;
    // From the last one on: what stands before each moves up to it.
    while escapes != 0 {
        let place = usize::try_from(63 - escapes.leading_zeros()).ok()?;
        escapes ^= 1 << place;
        let (before, escape) = all.split_at_checked(all.len() - SHORT + place)?;
        less += 2;
        let at = (place + less) % SHORT;
        copy_padded::<SHORT>(decoded, at, before.last_chunk()?);
        copy_padded(decoded, at + SHORT, &[Escape::at(escape, 0).byte()]);
    }
    length.checked_sub(less)
}

/// What is looked at at once.
const SHORT: usize = 64;

/// The first byte that is not unreserved and that `is_it` takes, or none.
pub(crate) fn has_reserved(text: &[u8], is_it: impl Fn(u8) -> bool) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let mut unusual = Window::of(rest).unusual();
        if unusual.any(|place| rest.get(place).is_some_and(|byte| is_it(*byte))) {
            return true;
        }
        rest = rest.get(Window::BYTES..).unwrap_or_default();
    }
    false
}

/// What a text without malformed escapes starts with, and in how many bytes.
#[inline]
pub(crate) fn decode_first(text: &[u8], plus_is_space: bool) -> Option<(u8, usize)> {
    Some(match text.first()? {
        b'%' => (Escape::at(text, 0).byte(), 3),
        b'+' if plus_is_space => (b' ', 1),
        other => (*other, 1),
    })
}

/// Copies all of `padded` to a place in `to`, if there is room.
#[inline]
pub(crate) fn copy_padded<const N: usize>(to: &mut [u8], at: usize, padded: &[u8; N]) {
    if let Some(place) = to.get_mut(at..).and_then(|rest| rest.first_chunk_mut()) {
        *place = *padded;
    }
}

/// The decoded bytes of a text without malformed escapes.
pub(crate) struct Decode<'a> {
    rest: &'a [u8],
    plus_is_space: bool,
}

impl<'a> Decode<'a> {
    #[inline]
    pub(crate) fn new(text: &'a [u8], plus_is_space: bool) -> Self {
        Self {
            rest: text,
            plus_is_space,
        }
    }
}

impl Iterator for Decode<'_> {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let (first, tail) = self.rest.split_first()?;
        self.rest = tail;
        match *first {
            b'%' => {
                let (byte, tail) = unescape(tail)?;
                self.rest = tail;
                Some(byte)
            }
            b'+' if self.plus_is_space => Some(b' '),
            other => Some(other),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.rest.len() / 3, Some(self.rest.len()))
    }
}

#[inline]
pub(super) fn unescape(after_percent: &[u8]) -> Option<(u8, &[u8])> {
    let [high, low, tail @ ..] = after_percent else {
        return None;
    };
    let escape = Escape::of(*high, *low);
    (!escape.is_malformed()).then_some((escape.byte(), tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What both ways to read a text up to a quote tell, and both ways to decode it.
    fn check_short(text: &[u8], before: usize, behind: usize) {
        let quoted = [&vec![b'"'; before], text, b"\"", &vec![b'%'; behind]].concat();
        let (form, end) = read_until(&quoted[before..], |byte| byte == b'"');
        let short = short_until_quote(&quoted, before);
        let shown = quoted.escape_ascii();
        if form.is_malformed() || end >= SHORT || quoted.len() < SHORT {
            return assert_eq!(short, None, "{shown}");
        }
        assert_eq!(short, Some(end), "{shown}");
        let mut decoded = [0; 2 * SHORT];
        let count = decode_short(&quoted[..before + end], end, &mut decoded);
        let expected: Vec<_> = Decode::new(text, false).collect();
        let enough = match text.iter().position(|byte| *byte == b'%') {
            _ if end == 0 => false,
            Some(escape) => before + escape >= SHORT,
            None => before + end >= SHORT,
        };
        assert_eq!(count, enough.then_some(expected.len()), "{shown}");
        if enough {
            assert_eq!(decoded[2 * SHORT - expected.len()..], expected, "{shown}");
        }
    }

    #[test]
    fn short_texts_are_read_without_branches_as_with_them() {
        for length in 0..68 {
            for escapes in [
                "", "%2B", "%2b", "%aF", "%g0", "%0G", "%", "%2", "%%2B", "*",
            ] {
                for places in [
                    vec![0],
                    vec![length],
                    vec![length / 2],
                    vec![0, length / 3, length],
                ] {
                    let mut text = vec![b'a'; length];
                    for place in places.into_iter().rev() {
                        text.splice(place..place, escapes.bytes());
                    }
                    for before in [0, 1, 17, 60, 64, 130] {
                        for behind in [0, 1, 40, 70] {
                            check_short(&text, before, behind);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn only_upper_case_escapes_of_reserved_bytes_are_canonical() {
        const ESCAPED: Form = Form(Form::ESCAPED);
        const BOTH: Form = Form(Form::ESCAPED | Form::NOT_CANONICAL);
        const MALFORMED: Form = Form(Form::MALFORMED);
        for (text, expected) in [
            ("abc-._~", Form::PLAIN),
            ("", Form::PLAIN),
            ("a%20", ESCAPED),
            ("%2B%2F%3D", ESCAPED),
            ("%5B%60%7F", ESCAPED),
            ("%C3%A9%FF", ESCAPED),
            ("%2f", Form::OTHER),
            ("%41", Form::OTHER),
            ("%20%7e", BOTH),
            ("%7e%20", BOTH),
            ("*", Form::OTHER),
            ("%2", MALFORMED),
            ("*%2", Form(Form::NOT_CANONICAL | Form::MALFORMED)),
            ("%%20", MALFORMED),
        ] {
            // Wherever it stands in a window.
            for before in 0..70 {
                let text = format!("{}{text}", "a".repeat(before));
                let (form, _) = read_until(text.as_bytes(), |_| false);
                assert_eq!(form, expected, "{text}");
                let delimited = format!("{text}\"%zz");
                let (form, end) = read_until(delimited.as_bytes(), |b| b == b'"');
                assert_eq!(form, expected, "{text}");
                assert!(expected.is_malformed() || end == text.len(), "{text}");
            }
        }
    }
}
