//! Timestamps and the window they are accepted in
//! ([RFC 5849 section 3.3](https://www.rfc-editor.org/rfc/rfc5849#section-3.3)).
//!
//! > The timestamp value MUST be a positive integer. Unless otherwise specified by the server's
//! > documentation, the timestamp is expressed in the number of seconds since January 1, 1970
//! > 00:00:00 GMT.

use std::{fmt, time::Duration};

use crate::{Error, Intact, ProtocolParameters, parameter::Parts};

/// Whole seconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(u64);

impl Timestamp {
    /// Of seconds since 1970.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// Decimal digits only; `None` for a sign, a blank, a fraction, nothing, or more than fits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_digits(text.as_bytes())
    }

    pub(crate) fn from_digits(text: &[u8]) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        // No time of this aeon has twenty digits; fewer cannot overflow, but other bytes could.
        if text.len() < 20 {
            let ((mut number, mut all_digits), rest) = match text.split_first_chunk() {
                Some((eight, rest)) => (eight_digits(*eight), rest),
                None => ((0, true), text),
            };
            for byte in rest {
                let digit = byte.wrapping_sub(b'0');
                all_digits &= digit < 10;
                number = u64::wrapping_mul(number, 10).wrapping_add(u64::from(digit));
            }
            return all_digits.then_some(Self(number));
        }
        text.iter()
            .try_fold(0_u64, |number, byte| {
                let digit = u64::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
                number.checked_mul(10)?.checked_add(digit)
            })
            .map(Self)
    }

    /// Later by a duration's whole seconds, at most the end of time.
    #[must_use]
    pub const fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration.as_secs()))
    }

    /// Earlier by a duration's whole seconds, at least 1970.
    #[must_use]
    pub const fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(duration.as_secs()))
    }
}

/// The number that eight digits are, and whether they are digits: put together in pairs, fours and
/// eights.
#[inline]
fn eight_digits(text: [u8; 8]) -> (u64, bool) {
    const ALL: u64 = 0x0101_0101_0101_0101;
    let text = u64::from_le_bytes(text);
    let digits = text.wrapping_sub(ALL * 0x30);
    // The upper half of a digit is 3, and it still is after adding 6. Where a byte is so large that
    // it carries over to the next, its own upper half is not 3.
    let upper = |bytes: u64| bytes & (ALL * 0xf0);
    let are_digits =
        (upper(text) ^ (ALL * 0x30)) | (upper(text.wrapping_add(ALL * 6)) ^ (ALL * 0x30)) == 0;
    let pairs = (digits.wrapping_mul(10).wrapping_add(digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100).wrapping_add(pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let eights = fours.wrapping_mul(10_000).wrapping_add(fours >> 32);
    (eights & 0xffff_ffff, are_digits)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How far from now a timestamp may lie. Default 300 seconds each way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Window {
    /// Into the past.
    pub past: Duration,
    /// Into the future.
    pub future: Duration,
}

impl Window {
    /// A window of its own width each way.
    #[must_use]
    pub const fn new(past: Duration, future: Duration) -> Self {
        Self { past, future }
    }

    /// Whether `timestamp` is accepted at `now`; both edges are.
    #[must_use]
    pub fn contains(&self, now: Timestamp, timestamp: Timestamp) -> bool {
        now.minus(self.past) <= timestamp && timestamp <= now.plus(self.future)
    }
}

impl Default for Window {
    fn default() -> Self {
        Self::new(Duration::from_secs(300), Duration::from_secs(300))
    }
}

impl<'a> Intact<'a> {
    /// Checks the timestamp: one that was signed, so that only the key's holder learns of the
    /// window. PLAINTEXT requests need none (section 3.1).
    ///
    /// # Errors
    /// [`Error::TimestampRefused`] outside the window.
    #[inline]
    pub fn check_timestamp(self, now: Timestamp, window: Window) -> Result<Fresh<'a>, Error> {
        match self.parameters().timestamp() {
            Some(timestamp) if !window.contains(now, timestamp) => Err(Error::TimestampRefused),
            _ => Ok(Fresh { parts: self.parts }),
        }
    }
}

/// A request whose signature and timestamp hold. Only [`Intact::check_timestamp`] makes it.
#[derive(Debug)]
pub struct Fresh<'a> {
    parts: Box<Parts<'a>>,
}

impl<'a> Fresh<'a> {
    /// The protocol parameters.
    #[must_use]
    pub fn parameters(&self) -> &ProtocolParameters<'a> {
        &self.parts.protocol
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_closed_at_both_edges() {
        let (window, now) = (Window::default(), Timestamp(1_000));
        for (timestamp, accepted) in [
            (699, false),
            (700, true),
            (1_000, true),
            (1_300, true),
            (1_301, false),
            (u64::MAX, false),
        ] {
            assert_eq!(
                window.contains(now, Timestamp(timestamp)),
                accepted,
                "{timestamp}"
            );
        }
    }

    #[test]
    fn a_timestamp_is_digits_only() {
        for number in [0, 137_131_200, 9_999_999_999_999_999_999, u64::MAX] {
            assert_eq!(
                Timestamp::parse(&number.to_string()),
                Some(Timestamp(number))
            );
        }
        for text in [
            "",
            "+1",
            "-1",
            " 1",
            "1.0",
            "1e9",
            "0x1",
            "12:00",
            "00000000000000000012:00",
            "99999999999999999999999",
            "1111111111111111111a",
            "/////////////////1",
            "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}{1236874236",
            "18446744073709551616",
            "١",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    /// However many are read at once, and whatever stands beside it.
    #[test]
    fn no_byte_but_a_digit_is_read_as_one() {
        for length in 1..=20 {
            for (place, beside) in (0..length).flat_map(|at| [(at, b'0'), (at, b'9'), (at, b'3')]) {
                for byte in 0..=u8::MAX {
                    let mut text = vec![beside; length];
                    text[place] = byte;
                    let expected = std::str::from_utf8(&text).ok();
                    let expected = expected.filter(|_| byte.is_ascii_digit());
                    let expected = expected.and_then(|text| text.parse().ok());
                    let read = Timestamp::from_digits(&text);
                    assert_eq!(read, expected.map(Timestamp), "{text:?}");
                }
            }
        }
    }
}
