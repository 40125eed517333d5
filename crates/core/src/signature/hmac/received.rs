//! A MAC as it is received: percent-encoded base64
//! ([RFC 4648 section 4](https://www.rfc-editor.org/rfc/rfc4648#section-4)), decoded.
//!
//! The library's decoder is made for long texts: for the few bytes of a MAC it takes more instructions,
//! and branches on what the digits are. The tests compare both.

use std::ops::Range;

use super::Meanwhile;
use crate::{
    parameter::{SentSignature, Text},
    percent::decode_short,
    signature::constant_time_eq,
};

/// A signature on its way to the bytes of a MAC: first its escapes are decoded, then its base64.
pub(super) struct Received<'a> {
    sent: SentSignature<'a>,
    /// Without escapes, in this part.
    digits: [u8; 128],
    part: Range<usize>,
    /// None, if it is no base64 or longer than any MAC.
    decoded: [[u8; 3]; TRIPLES],
    length: usize,
}

/// Room for the longest MAC, that of SHA-512.
const TRIPLES: usize = 22;

impl Meanwhile for Received<'_> {
    fn first(&mut self) {
        let SentSignature { text, and_before } = self.sent;
        self.part = match decode_short(and_before, text.len(), &mut self.digits) {
            Some(count) => self.digits.len() - count..self.digits.len(),
            None => decode_long(text, &mut self.digits),
        };
    }

    fn second(&mut self) {
        self.length = self.decode_padded().unwrap_or_default();
    }
}

impl<'a> Received<'a> {
    pub(super) fn new(sent: SentSignature<'a>) -> Self {
        Self {
            sent,
            digits: [0; 128],
            part: 0..0,
            decoded: [[0; 3]; TRIPLES],
            length: 0,
        }
    }

    /// What is padded, without bits left over and with nothing between.
    fn decode_padded(&mut self) -> Option<usize> {
        let (quads, rest) = self.digits.get(self.part.clone())?.as_chunks();
        if !rest.is_empty() || quads.len() > TRIPLES {
            return None;
        }
        let (last, before) = quads.split_last()?;
        let (last, padding) = match *last {
            [first, second, b'=', b'='] => ([first, second, b'A', b'A'], 2),
            [first, second, third, b'='] => ([first, second, third, b'A'], 1),
            all => (all, 0),
        };
        let mut places = self.decoded.iter_mut();
        let mut all = 0;
        for (quad, place) in before.iter().zip(&mut places) {
            let bits = triple(quad);
            all |= bits;
            let [first, second, third, _] = bits.to_be_bytes();
            *place = [first, second, third];
        }
        let bits = triple(&last);
        all |= bits;
        let [first, second, third, _] = bits.to_be_bytes();
        *places.next()? = [first, second, third];
        let left_over = bits >> 8 & ((1 << (8 * padding)) - 1);
        (all & NO_DIGIT == 0 && left_over == 0).then_some(quads.len() * 3 - padding)
    }

    /// In constant time: what is shorter or longer is compared as well.
    pub(super) fn is(&self, mac: &[u8]) -> bool {
        let decoded = self.decoded.as_flattened().get(..mac.len());
        let decoded = decoded.unwrap_or_default();
        constant_time_eq(mac, decoded) & (self.length == mac.len())
    }
}

/// What any text stands for: nothing, if there is no room.
#[cold]
fn decode_long(text: Text<'_>, decoded: &mut [u8; 128]) -> Range<usize> {
    let mut count = 0;
    for byte in text.bytes() {
        let Some(place) = decoded.get_mut(count) else {
            return 0..0;
        };
        *place = byte;
        count += 1;
    }
    0..count
}

/// The bytes of four digits, and nothing behind them; [`NO_DIGIT`] if one is none.
#[inline(always)]
fn triple([first, second, third, last]: &[u8; 4]) -> u32 {
    let [firsts, seconds, thirds, lasts] = &DIGITS;
    let of = |table: &[u32; 256], digit: &u8| table.get(usize::from(*digit)).copied();
    let bits = |table, digit| of(table, digit).unwrap_or(NO_DIGIT);
    bits(firsts, first) | bits(seconds, second) | bits(thirds, third) | bits(lasts, last)
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

    fn received(sent: SentSignature<'_>) -> Received<'_> {
        let mut received = Received::new(sent);
        received.first();
        received.second();
        received
    }

    /// What it is decoded to.
    fn bytes(sent: SentSignature<'_>) -> Vec<u8> {
        let received = received(sent);
        received.decoded.as_flattened()[..received.length].to_vec()
    }

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
            let too_long = expected.len() > 3 * TRIPLES;
            let expected = if too_long { Vec::new() } else { expected };
            let raw = encoded.raw().escape_ascii();
            assert_eq!(bytes(encoded.into()), expected, "{raw}");
            if encoded.plus_is_space() || encoded.len() >= 64 {
                continue;
            }
            // Behind others in a header, too few for it or enough.
            for before in [1, 40, 63, 64, 100] {
                let header = [&vec![b'%'; before], encoded.raw()].concat();
                let text = Text::whole(&header[before..], false).unwrap();
                let and_before = &header;
                let sent = SentSignature { text, and_before };
                assert_eq!(bytes(sent), expected, "{raw} behind {before}");
            }
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
            let received = received(Text::whole(text.as_bytes(), false).unwrap().into());
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
