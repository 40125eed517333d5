//! Percent coding
//! ([RFC 5849 section 3.6](https://www.rfc-editor.org/rfc/rfc5849#section-3.6)).
//!
//! > The characters in the unreserved character set as defined by RFC 3986 section 2.3 (ALPHA,
//! > DIGIT, "-", ".", "_", "~") MUST NOT be encoded. All other characters MUST be encoded.

use std::borrow::Cow;

/// Percent-encodes bytes: unreserved ones stay, all others become `%HH` with upper-case digits.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + bytes.len() / 4);
    for byte in bytes {
        if is_unreserved(*byte) {
            out.push(char::from(*byte));
        } else {
            for digit in escape(*byte) {
                out.push(char::from(digit));
            }
        }
    }
    out
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
    Other,
}

/// Decides while scanning; most input is canonical already, and then nothing is copied.
pub(crate) fn form(text: &[u8]) -> Form {
    let mut rest = text;
    let mut form = Form::Plain;
    loop {
        let Some(at) = rest.iter().position(|b| !in_table(*b)) else {
            return form;
        };
        let [b'%', high, low, tail @ ..] = rest.split_at(at).1 else {
            return Form::Other;
        };
        let (Some(h), Some(l)) = (upper_hex(*high), upper_hex(*low)) else {
            return Form::Other;
        };
        if in_table(h << 4 | l) {
            return Form::Other;
        }
        form = Form::Escaped;
        rest = tail;
    }
}

/// Appends the canonical encoding of `raw`, decoding it first (`+` as a space where
/// `plus_is_space`). `None` at a malformed escape.
pub(crate) fn canonicalize(raw: &[u8], plus_is_space: bool, out: &mut Vec<u8>) -> Option<()> {
    let mut rest = raw;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        let byte = match *first {
            b'%' => {
                let (byte, tail) = unescape(rest)?;
                rest = tail;
                byte
            }
            b'+' if plus_is_space => b' ',
            other => other,
        };
        if is_unreserved(byte) {
            out.push(byte);
        } else {
            out.extend_from_slice(&escape(byte));
        }
    }
    Some(())
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

fn unescape(after_percent: &[u8]) -> Option<(u8, &[u8])> {
    let [high, low, tail @ ..] = after_percent else {
        return None;
    };
    Some((any_hex(*high)? << 4 | any_hex(*low)?, tail))
}

const fn any_hex(digit: u8) -> Option<u8> {
    match digit {
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => upper_hex(digit),
    }
}

const fn upper_hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

const fn hex_digit(nibble: u8) -> u8 {
    if nibble < 10 {
        b'0' + nibble
    } else {
        b'A' + nibble - 10
    }
}

/// [`is_unreserved`] by one look-up: every byte of a request passes here.
fn in_table(byte: u8) -> bool {
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
    fn malformed_escapes_are_refused() {
        for text in ["%", "%2", "%zz", "a%", "%%20", "%+1", "%2g"] {
            assert!(decode(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn only_upper_case_escapes_of_reserved_bytes_are_canonical() {
        for (text, expected) in [
            ("abc-._~", Form::Plain),
            ("", Form::Plain),
            ("a%20", Form::Escaped),
            ("%2f", Form::Other),
            ("%41", Form::Other),
            ("*", Form::Other),
            ("%2", Form::Other),
        ] {
            assert_eq!(form(text.as_bytes()), expected, "{text}");
        }
    }
}
