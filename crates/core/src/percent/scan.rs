//! Texts as they were sent, read in one pass.

use super::{
    table::{Escape, is_canonical_escape},
    window::Window,
};

/// How a text relates to its canonical encoding: unreserved bytes and upper-case escapes of bytes
/// that have to be escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Form {
    /// It is its own encoding, without any escape.
    Plain,
    /// It is its own encoding, with escapes.
    Escaped,
    /// It has to be encoded anew.
    Other,
    /// The same, and a `+` stands for a space.
    PlusIsSpace,
}

/// Reads from `at` up to a delimiter or the end, deciding on the way; most input is canonical
/// already. Gives the form, `None` at a malformed escape, and where it stopped. A delimiter is
/// never an unreserved byte or `%`.
#[inline(always)]
pub(crate) fn read_until(
    text: &[u8],
    at: usize,
    delimits: impl Fn(u8) -> bool,
    plus_is_space: bool,
) -> (Option<Form>, usize) {
    let mut seen = Seen::default();
    let end = find_reserved(text, at, |position, byte| {
        delimits(byte)
            || if byte == b'%' {
                if is_canonical_escape(text, position) {
                    seen.canonical_escape()
                } else {
                    seen.other_escape(Escape::at(text, position))
                }
            } else {
                seen.other()
            }
    });
    (seen.form(plus_is_space), end)
}

/// What a text has besides unreserved bytes: a bit for each kind.
#[derive(Clone, Copy, Default)]
struct Seen(u8);

impl Seen {
    const ESCAPED: u8 = 1;
    const OTHER: u8 = 2;
    const MALFORMED: u8 = 4;

    /// Whether there is no use in reading on, as of all these.
    #[inline(always)]
    fn canonical_escape(&mut self) -> bool {
        self.0 |= Self::ESCAPED;
        false
    }

    #[inline(always)]
    fn other_escape(&mut self, escape: Escape) -> bool {
        self.0 = if escape.is_malformed() {
            Self::MALFORMED
        } else {
            self.0 | Self::OTHER
        };
        escape.is_malformed()
    }

    #[inline(always)]
    fn other(&mut self) -> bool {
        self.0 |= Self::OTHER;
        false
    }

    #[inline(always)]
    fn form(self, plus_is_space: bool) -> Option<Form> {
        match self.0 {
            0 => Some(Form::Plain),
            Self::ESCAPED => Some(Form::Escaped),
            Self::MALFORMED => None,
            _ if plus_is_space => Some(Form::PlusIsSpace),
            _ => Some(Form::Other),
        }
    }
}

/// The first byte from `at` on that is not unreserved and that `is_it` takes; the end, if there is
/// none.
#[inline(always)]
pub(crate) fn find_reserved(
    text: &[u8],
    at: usize,
    mut is_it: impl FnMut(usize, u8) -> bool,
) -> usize {
    let mut at = at;
    while at < text.len() {
        for bit in Window::at(text, at).reserved() {
            match text.get(at + bit) {
                Some(byte) if is_it(at + bit, *byte) => return at + bit,
                Some(_) => {}
                None => return text.len(),
            }
        }
        at += Window::BYTES;
    }
    text.len()
}

/// What stands at a position of a text without malformed escapes, and in how many bytes.
#[inline]
pub(crate) fn decode_at(text: &[u8], at: usize, plus_is_space: bool) -> Option<(u8, usize)> {
    Some(match text.get(at)? {
        b'%' => (Escape::at(text, at).byte(), 3),
        b'+' if plus_is_space => (b' ', 1),
        other => (*other, 1),
    })
}

/// Decodes a text without malformed escapes, and gives how many bytes it stands for. `to` has room
/// for the text and a window more.
pub(crate) fn decode_into(text: &[u8], plus_is_space: bool, to: &mut [u8]) -> usize {
    let (mut at, mut written) = (0, 0);
    while at < text.len() {
        let window = Window::at(text, at);
        copy_padded(to, written, &window.skip(0));
        let left = (text.len() - at).min(Window::BYTES);
        let plain = window.encoded(plus_is_space).of_first(left).next();
        at += plain.unwrap_or(left);
        written += plain.unwrap_or(left);
        let next = decode_at(text, at, plus_is_space).zip(to.get_mut(written));
        let Some(((byte, bytes), place)) = next else {
            break;
        };
        *place = byte;
        at += bytes;
        written += 1;
    }
    written
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

    const OTHER: Option<Form> = Some(Form::PlusIsSpace);

    #[test]
    fn only_upper_case_escapes_of_reserved_bytes_are_canonical() {
        for (text, expected) in [
            ("abc-._~", Some(Form::Plain)),
            ("", Some(Form::Plain)),
            ("a%20", Some(Form::Escaped)),
            ("%2B%2F%3D", Some(Form::Escaped)),
            ("%5B%60%7F", Some(Form::Escaped)),
            ("%C3%A9%FF", Some(Form::Escaped)),
            ("%2f", OTHER),
            ("%41", OTHER),
            ("%20%7e", OTHER),
            ("%7e%20", OTHER),
            ("*", OTHER),
            ("%2", None),
            ("*%2", None),
            ("%%20", None),
        ] {
            // Wherever it stands in a window.
            for before in 0..40 {
                let text = format!("{}{text}", "a".repeat(before));
                let (form, _) = read_until(text.as_bytes(), 0, |_| false, true);
                assert_eq!(form, expected, "{text}");
                let delimited = format!("{text}\"%zz");
                let (form, end) = read_until(delimited.as_bytes(), 0, |b| b == b'"', true);
                assert_eq!(form, expected, "{text}");
                assert!(expected.is_none() || end == text.len(), "{text}");
            }
        }
    }

    #[test]
    fn a_text_is_decoded_into_a_buffer_wherever_its_escapes_stand() {
        for pieces in [
            ["a", "%41", "+"],
            ["bc", "%2b", "%00"],
            ["+", "%ff", "0123456789abcdef"],
        ] {
            // All texts of up to seven pieces.
            for (count, number) in
                (0..8).flat_map(|count| (0..3_usize.pow(count)).map(move |n| (count, n)))
            {
                let chosen = (0..count).map(|at| pieces[number / 3_usize.pow(at) % 3]);
                let text: String = chosen.collect();
                for plus_is_space in [false, true] {
                    let mut buffer = vec![0xee; text.len() + Window::BYTES];
                    let length = decode_into(text.as_bytes(), plus_is_space, &mut buffer);
                    let expected: Vec<u8> = Decode::new(text.as_bytes(), plus_is_space).collect();
                    assert_eq!(buffer[..length], expected, "{text}");
                }
            }
        }
    }
}
