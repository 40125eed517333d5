//! A MAC as it is received: percent-encoded base64
//! ([RFC 4648 section 4](https://www.rfc-editor.org/rfc/rfc4648#section-4)), decoded in one pass.
//!
//! The library's decoder is made for long texts: for the few bytes of a MAC it takes a third more
//! instructions, and the escapes come on top. The tests compare both.

use crate::{parameter::Text, percent::decode_first, signature::constant_time_eq};

/// Room for the longest MAC, that of SHA-512, and what is written behind it.
const ROOM: usize = 67;

/// The bytes; none, if it is no base64 or longer than any MAC.
pub(super) struct Received {
    decoded: [u8; ROOM],
    length: usize,
}

impl Received {
    pub(super) const NONE: Self = Self {
        decoded: [0; ROOM],
        length: 0,
    };

    /// Decodes what is padded, without bits left over and with nothing between.
    pub(super) fn decode(&mut self, text: Text<'_>) {
        self.length = self.decode_padded(text).unwrap_or_default();
    }

    fn decode_padded(&mut self, text: Text<'_>) -> Option<usize> {
        let (mut rest, mut length) = (text.raw(), 0);
        while !rest.is_empty() {
            // Nearly all are neither escaped nor padded.
            if let Some((quad, behind)) = rest.split_first_chunk()
                && let Some(bytes) = triple(quad)
                && !(text.plus_is_space() && quad.contains(&b'+'))
            {
                *self.decoded.get_mut(length..)?.first_chunk_mut()? = bytes;
                (rest, length) = (behind, length + 3);
                continue;
            }
            let mut quad = [0; 4];
            for digit in &mut quad {
                let (byte, bytes) = decode_first(rest, text.plus_is_space())?;
                *digit = byte;
                rest = rest.get(bytes..)?;
            }
            let (quad, padding) = match quad {
                [first, second, b'=', b'='] => ([first, second, b'A', b'A'], 2),
                [first, second, third, b'='] => ([first, second, third, b'A'], 1),
                all => (all, 0),
            };
            let bytes = triple(&quad)?;
            *self.decoded.get_mut(length..)?.first_chunk_mut()? = bytes;
            length += 3 - padding;
            if padding > 0 {
                let left_over = bytes.iter().skip(3 - padding).any(|byte| *byte != 0);
                return (rest.is_empty() && !left_over).then_some(length);
            }
        }
        Some(length)
    }

    /// In constant time: what is shorter or longer is compared as well.
    pub(super) fn is(&self, mac: &[u8]) -> bool {
        let decoded = self.decoded.get(..mac.len()).unwrap_or_default();
        constant_time_eq(mac, decoded) & (self.length == mac.len())
    }
}

/// The bytes of four digits, and nothing behind them.
#[inline(always)]
fn triple([first, second, third, last]: &[u8; 4]) -> Option<[u8; 4]> {
    let [firsts, seconds, thirds, lasts] = &DIGITS;
    let of = |table: &[u32; 256], digit: &u8| table.get(usize::from(*digit)).copied();
    let bits = of(firsts, first)? | of(seconds, second)? | of(thirds, third)? | of(lasts, last)?;
    (bits & NO_DIGIT == 0).then_some(bits.to_be_bytes())
}

/// No digit has this bit.
const NO_DIGIT: u32 = 1;

/// The bits of each digit in each of its four places: in the upper 24.
#[expect(
    clippy::indexing_slicing,
    reason = "at compile time: an index out of range is an error"
)]
static DIGITS: [[u32; 256]; 4] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut digits, mut place) = ([[NO_DIGIT; 256]; 4], 0);
    while place < 4 {
        let mut value = 0_u32;
        while value < 64 {
            digits[place][alphabet[value as usize] as usize] = value << (26 - 6 * place);
            value += 1;
        }
        place += 1;
    }
    digits
};

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};

    use super::*;
    use crate::percent;

    fn check(text: &[u8]) {
        let raw = Text::whole(text, true);
        let escaped: String = text.iter().map(|byte| format!("%{byte:02X}")).collect();
        let (canonical, spaces) = (
            percent::encode(text),
            text.iter().copied().map(space).collect(),
        );
        let encoded = |encoded| Text::whole(encoded, false).unwrap();
        let mut all = vec![
            (encoded(canonical.as_bytes()), text.to_vec()),
            (encoded(escaped.as_bytes()), text.to_vec()),
        ];
        all.extend(raw.ok().map(|raw| (raw, spaces)));
        for (encoded, decoded) in all {
            // Where the text itself has an escape it is another.
            if text.contains(&b'%') && encoded.raw() == text {
                continue;
            }
            let expected = STANDARD.decode(decoded).unwrap_or_default();
            let too_long = expected.len() >= ROOM;
            let expected = if too_long { Vec::new() } else { expected };
            let mut received = Received::NONE;
            received.decode(encoded);
            let raw = encoded.raw().escape_ascii();
            assert_eq!(received.decoded[..received.length], expected, "{raw}");
        }
    }

    /// What a byte stands for in a form.
    fn space(byte: u8) -> u8 {
        if byte == b'+' { b' ' } else { byte }
    }

    #[test]
    fn what_is_no_base64_in_two_places_is_none_either() {
        for text in ["**AA", "A**A", "AA**", "*A*A", "A*A*", "*AA*", "****"] {
            check(text.as_bytes());
        }
    }

    #[test]
    fn a_mac_is_neither_longer_nor_shorter() {
        let mac = [0; 20];
        for length in 0..30 {
            let text = STANDARD.encode(vec![0; length]);
            let mut received = Received::NONE;
            received.decode(Text::whole(text.as_bytes(), false).unwrap());
            assert_eq!(received.is(&mac), length == mac.len(), "{length}");
            assert!(!received.is(&[1; 20]), "{length}");
        }
    }

    /// Texts of all lengths, and each with every byte in every place.
    #[test]
    fn macs_are_decoded_as_the_library_does() {
        for length in (0..=4_u8).chain([19, 20, 32, 64, 66, 67]) {
            let bytes: Vec<u8> = (0..length).map(|at| at.wrapping_mul(73) ^ length).collect();
            let text = STANDARD.encode(bytes);
            check(text.as_bytes());
            check(text.trim_end_matches('=').as_bytes());
            check(format!("{text}=").as_bytes());
            check(format!("{text}AAAA").as_bytes());
            for (at, byte) in (0..text.len()).flat_map(|at| (0..=255).map(move |byte| (at, byte))) {
                let mut other = text.clone().into_bytes();
                other[at] = byte;
                check(&other);
            }
        }
    }
}
