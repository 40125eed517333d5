//! Percent coding
//! ([RFC 5849 section 3.6](https://www.rfc-editor.org/rfc/rfc5849#section-3.6)).
//!
//! > The characters in the unreserved character set as defined by RFC 3986 section 2.3 (ALPHA,
//! > DIGIT, "-", ".", "_", "~") MUST NOT be encoded. All other characters MUST be encoded.

use std::borrow::Cow;

/// Percent-encodes bytes: unreserved ones stay, all others become `%HH` with upper-case digits.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 4);
    encode_into(bytes, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends the encoding: whole runs of unreserved bytes, and an escape for each other.
pub(crate) fn encode_into(bytes: &[u8], out: &mut Vec<u8>) {
    let mut rest = bytes;
    loop {
        let (run, tail) = rest.split_at(unreserved_prefix(rest));
        out.extend_from_slice(run);
        let Some((reserved, tail)) = tail.split_first() else {
            return;
        };
        out.extend_from_slice(&escape(*reserved));
        rest = tail;
    }
}

/// Percent-decodes once; `None` at a truncated or malformed escape. A `+` stays a plus.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    if memchr::memchr(b'%', bytes).is_none() {
        return Some(Cow::Borrowed(bytes));
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first == b'%' {
            let (byte, tail) = unescape(rest)?;
            out.push(byte);
            rest = tail;
        } else {
            out.push(*first);
        }
    }
    Some(Cow::Owned(out))
}

/// Whether the byte is unreserved and so never escaped.
#[must_use]
pub const fn is_unreserved(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~')
}

/// The escape of one byte, `%HH`.
pub(crate) const fn escape(byte: u8) -> [u8; 3] {
    [b'%', hex_digit(byte >> 4), hex_digit(byte & 15)]
}

/// How a text relates to its canonical encoding: unreserved bytes and upper-case escapes of bytes
/// that have to be escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// It is its own encoding, without any escape.
    Plain,
    /// It is its own encoding, with escapes.
    Escaped,
    /// It has to be encoded anew.
    Other { plus_is_space: bool },
}

/// Reads up to a delimiter or the end, deciding on the way; most input is canonical already. Gives
/// what was read and its form, `None` in place of it at a malformed escape, and the rest from the
/// delimiter on. A delimiter is never an unreserved byte.
#[inline]
pub(crate) fn read_until(
    text: &[u8],
    delimits: impl Fn(u8) -> bool,
    plus_is_space: bool,
) -> (&[u8], Option<Form>, &[u8]) {
    let plain = unreserved_prefix(text);
    let (read, rest) = text.split_at(plain);
    if rest.first().is_none_or(|byte| delimits(*byte)) {
        return (read, Some(Form::Plain), rest);
    }
    let (form, after) = form_with_escapes(rest, delimits, plus_is_space);
    (text.split_at(text.len() - after.len()).0, form, after)
}

/// How many bytes at the start are unreserved. Most texts are short: bytes are faster than vectors.
#[inline]
pub(crate) fn unreserved_prefix(text: &[u8]) -> usize {
    let mut rest = text;
    // Four at a time, without a branch for each.
    while let Some(([a, b, c, d], tail)) = rest.split_first_chunk() {
        if !(in_table(*a) & in_table(*b) & in_table(*c) & in_table(*d)) {
            break;
        }
        rest = tail;
    }
    let last = rest.iter().position(|byte| !in_table(*byte));
    text.len() - rest.len() + last.unwrap_or(rest.len())
}

#[inline]
fn form_with_escapes(
    text: &[u8],
    delimits: impl Fn(u8) -> bool,
    plus_is_space: bool,
) -> (Option<Form>, &[u8]) {
    let mut rest = text;
    let mut canonical = true;
    while let Some((first, tail)) = rest.split_first() {
        if in_table(*first) {
            rest = tail;
        } else if *first == b'%' {
            let Some((byte, tail)) = unescape(tail) else {
                return (None, rest);
            };
            let lower_case = rest
                .get(1..3)
                .is_some_and(|hex| hex.iter().any(|h| *h > b'F'));
            canonical &= !(in_table(byte) | lower_case);
            rest = tail;
        } else if delimits(*first) {
            break;
        } else {
            canonical = false;
            rest = tail;
        }
    }
    let form = if canonical {
        Form::Escaped
    } else {
        Form::Other { plus_is_space }
    };
    (Some(form), rest)
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

    /// A run of bytes that stand for themselves.
    #[inline]
    pub(crate) fn unreserved(&mut self) -> &'a [u8] {
        let (run, rest) = self.rest.split_at(unreserved_prefix(self.rest));
        self.rest = rest;
        run
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

/// The canonical encoding of one byte: itself or its escape.
#[inline]
pub(crate) fn encode_byte(byte: u8) -> impl Iterator<Item = u8> {
    let (bytes, skip) = if in_table(byte) {
        ([0, 0, byte], 2)
    } else {
        (escape(byte), 0)
    };
    bytes.into_iter().skip(skip)
}

/// Whether a raw pair's name, decoded, starts with `prefix`. Allocates nothing.
pub(crate) fn decodes_to_prefix(raw: &[u8], prefix: &[u8]) -> bool {
    let mut rest = raw;
    for wanted in prefix {
        let byte = match rest.split_first() {
            Some((b'%', tail)) => match unescape(tail) {
                Some((byte, tail)) => {
                    rest = tail;
                    byte
                }
                None => return false,
            },
            Some((first, tail)) => {
                rest = tail;
                *first
            }
            None => return false,
        };
        if byte != *wanted {
            return false;
        }
    }
    true
}

#[inline]
fn unescape(after_percent: &[u8]) -> Option<(u8, &[u8])> {
    let [high, low, tail @ ..] = after_percent else {
        return None;
    };
    Some((any_hex(*high)? << 4 | any_hex(*low)?, tail))
}

/// The value of a hexadecimal digit, in either case.
#[inline]
fn any_hex(digit: u8) -> Option<u8> {
    HEX.get(usize::from(digit))
        .copied()
        .filter(|value| *value < 16)
}

#[expect(
    clippy::indexing_slicing,
    reason = "at compile time: an index out of range is an error"
)]
static HEX: [u8; 256] = {
    let mut table = [u8::MAX; 256];
    let mut value = 0;
    while value < 16 {
        let digit = hex_digit(value);
        table[digit as usize] = value;
        table[digit.to_ascii_lowercase() as usize] = value;
        value += 1;
    }
    table
};

const fn hex_digit(nibble: u8) -> u8 {
    if nibble < 10 {
        b'0' + nibble
    } else {
        b'A' + nibble - 10
    }
}

/// [`is_unreserved`] by one look-up: every byte of a request passes here.
#[inline]
pub(crate) fn in_table(byte: u8) -> bool {
    UNRESERVED
        .get(usize::from(byte))
        .copied()
        .unwrap_or_default()
}

#[expect(
    clippy::indexing_slicing,
    reason = "at compile time: an index out of range is an error"
)]
static UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    loop {
        table[byte as usize] = is_unreserved(byte);
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unreserved_bytes_are_never_escaped_and_all_others_always() {
        let all: Vec<u8> = (0..=255).collect();
        let encoded = encode(&all);
        for byte in 0..=255_u8 {
            let escaped = encoded.contains(std::str::from_utf8(&escape(byte)).unwrap());
            assert_eq!(escaped, !is_unreserved(byte), "{byte}");
        }
        assert_eq!(decode(encoded.as_bytes()).unwrap().as_ref(), all);
    }

    #[test]
    fn every_byte_that_is_reserved_ends_an_unreserved_prefix_wherever_it_stands() {
        for length in [0, 1, 7, 8, 9, 15, 16, 17, 24, 25, 31, 32, 33] {
            for byte in 0..=255_u8 {
                let mut text = vec![b'a'; length];
                text.extend_from_slice(&[byte; 40]);
                let expected = if is_unreserved(byte) {
                    length + 40
                } else {
                    length
                };
                assert_eq!(unreserved_prefix(&text), expected, "{byte} at {length}");
            }
        }
    }

    #[test]
    fn malformed_escapes_are_refused() {
        for text in ["%", "%2", "%zz", "a%", "%%20", "%+1", "%2g"] {
            assert!(decode(text.as_bytes()).is_none(), "{text}");
        }
    }

    const OTHER: Option<Form> = Some(Form::Other {
        plus_is_space: true,
    });

    #[test]
    fn only_upper_case_escapes_of_reserved_bytes_are_canonical() {
        for (text, expected) in [
            ("abc-._~", Some(Form::Plain)),
            ("", Some(Form::Plain)),
            ("a%20", Some(Form::Escaped)),
            ("%2f", OTHER),
            ("%41", OTHER),
            ("%20%7e", OTHER),
            ("*", OTHER),
            ("%2", None),
            ("*%2", None),
        ] {
            assert_eq!(
                read_until(text.as_bytes(), |_| false, true).1,
                expected,
                "{text}"
            );
        }
    }
}
