//! What each byte is and how it is encoded, by one look-up: every byte of a request passes here.

use super::{
    escape, hex_digit, is_unreserved,
    window::{Bits, Window},
};

/// The two digits of an escape, each with what it is besides its value.
#[derive(Clone, Copy)]
pub(super) struct Escape {
    high: u8,
    low: u8,
}

const NO_DIGIT: u8 = 0x80;
const LOWER_CASE_DIGIT: u8 = 0x40;

impl Escape {
    #[inline]
    pub(super) fn of(high: u8, low: u8) -> Self {
        let digit = |byte: u8| HEX.get(usize::from(byte)).copied().unwrap_or(NO_DIGIT);
        Self {
            high: digit(high),
            low: digit(low),
        }
    }

    /// Of the `%` at a position.
    #[inline]
    pub(super) fn at(text: &[u8], position: usize) -> Self {
        match text.get(position..).and_then(|rest| rest.first_chunk()) {
            Some([_, high, low]) => Self::of(*high, *low),
            None => Self::of(0, 0),
        }
    }

    #[inline]
    pub(super) fn is_malformed(self) -> bool {
        (self.high | self.low) & NO_DIGIT != 0
    }

    #[inline]
    pub(super) fn byte(self) -> u8 {
        self.high << 4 | self.low & 15
    }
}

/// Whether the `%` at a position starts an escape as the canonical encoding writes it.
#[inline(always)]
pub(super) fn is_canonical_escape(text: &[u8], position: usize) -> bool {
    let Some([_, high, low]) = text.get(position..).and_then(|rest| rest.first_chunk()) else {
        return false;
    };
    let of = |table: &[u16; 256], digit: &u8| table.get(usize::from(*digit)).copied();
    let escaped_with = of(&ESCAPED_WITH, high).unwrap_or_default();
    escaped_with & of(&DIGIT, low).unwrap_or_default() != 0
}

/// How each byte is written.
pub(crate) struct Encodings {
    of: [Encoding; 256],
    lower_case: bool,
}

/// How one byte is written: one to five bytes, with room up to eight, so that all can be copied
/// at once.
#[derive(Clone, Copy)]
pub(crate) struct Encoding {
    padded: [u8; 8],
}

impl Encodings {
    #[inline]
    pub(crate) fn of(&self, byte: u8) -> &Encoding {
        self.of.get(usize::from(byte)).unwrap_or(&NOTHING)
    }

    /// Whether a byte stands for itself.
    #[inline]
    pub(super) fn is_same(&self, byte: u8) -> bool {
        self.of(byte).len() == 1
    }

    /// The bytes that do not stand for themselves.
    #[inline]
    pub(crate) fn changed(&self, window: Window) -> Bits {
        if self.lower_case {
            window.unusual_or_upper_case()
        } else {
            window.unusual()
        }
    }
}

static NOTHING: Encoding = Encoding { padded: [0; 8] };

impl Encoding {
    /// What is written, and then anything.
    #[inline]
    pub(crate) fn padded(&self) -> &[u8; 8] {
        &self.padded
    }

    /// What is written.
    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.padded.get(..self.len()).unwrap_or_default()
    }

    /// How many bytes are written.
    #[inline]
    pub(crate) fn len(self) -> usize {
        let [.., length] = self.padded;
        usize::from(length)
    }
}

/// Percent-encoded.
pub(crate) static ONCE: Encodings = encodings(1, false);

/// Percent-encoded in lower case: of hosts and schemes.
pub(crate) static LOWER_CASE: Encodings = encodings(1, true);

/// Percent-encoded for the normalised parameters, and again for the base string.
pub(crate) static TWICE: Encodings = encodings(2, false);

#[expect(
    clippy::indexing_slicing,
    reason = "at compile time: an index out of range is an error"
)]
const fn encodings(times: u8, lower_case: bool) -> Encodings {
    let mut table = [Encoding { padded: [0; 8] }; 256];
    let mut byte = 0_u8;
    loop {
        let [_, high, low] = escape(byte);
        table[byte as usize].padded = match byte {
            b'A'..=b'Z' if lower_case => [byte.to_ascii_lowercase(), 0, 0, 0, 0, 0, 0, 1],
            _ if is_unreserved(byte) => [byte, 0, 0, 0, 0, 0, 0, 1],
            _ if times == 2 => [b'%', b'2', b'5', high, low, 0, 0, 5],
            _ => [b'%', high, low, 0, 0, 0, 0, 3],
        };
        if byte == u8::MAX {
            return Encodings {
                of: table,
                lower_case,
            };
        }
        byte += 1;
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "at compile time: an index out of range is an error"
)]
static HEX: [u8; 256] = {
    let mut table = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        let digit = hex_digit(value);
        table[digit.to_ascii_lowercase() as usize] = value | LOWER_CASE_DIGIT;
        table[digit as usize] = value;
        value += 1;
    }
    table
};

/// Of an upper-case digit the bit of its value.
#[expect(
    clippy::indexing_slicing,
    reason = "at compile time: an index out of range is an error"
)]
static DIGIT: [u16; 256] = {
    let mut table = [0; 256];
    let mut value = 0;
    while value < 16 {
        table[hex_digit(value) as usize] = 1 << value;
        value += 1;
    }
    table
};

/// Of an upper-case digit, as the upper half of a byte, the lower halves of the bytes that have to be
/// escaped: a bit for each.
#[expect(
    clippy::indexing_slicing,
    reason = "at compile time: an index out of range is an error"
)]
static ESCAPED_WITH: [u16; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    loop {
        if !is_unreserved(byte) {
            table[hex_digit(byte >> 4) as usize] |= 1 << (byte & 15);
        }
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};
