//! Percent coding
//! ([RFC 5849 section 3.6](https://www.rfc-editor.org/rfc/rfc5849#section-3.6)).
//!
//! > The characters in the unreserved character set as defined by RFC 3986 section 2.3 (ALPHA,
//! > DIGIT, "-", ".", "_", "~") MUST NOT be encoded. All other characters MUST be encoded.

mod scan;
mod table;
mod window;

use std::borrow::Cow;

use self::scan::unescape;
pub(crate) use self::{
    scan::{
        Decode, Form, copy_padded, decode_first, decode_short, has_reserved, read_until,
        short_until_quote,
    },
    table::{Encoding, Encodings, LOWER_CASE, ONCE, TWICE},
    window::{Bits, Window, first_eight},
};

/// Percent-encodes bytes: unreserved ones stay, all others become `%HH` with upper-case digits.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 4);
    encode_into(bytes, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends the encoding.
pub(crate) fn encode_into(bytes: &[u8], out: &mut Vec<u8>) {
    for byte in bytes {
        out.extend_from_slice(ONCE.of(*byte).as_bytes());
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

const fn hex_digit(nibble: u8) -> u8 {
    if nibble < 10 {
        b'0' + nibble
    } else {
        b'A' + nibble - 10
    }
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
}
