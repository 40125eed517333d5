//! How a client writes bytes: percent encoding (section 3.6), right or wrong.

use crate::percent;

/// How a client writes bytes.
#[derive(Clone, Copy, Default)]
pub(super) struct Encoder {
    pub(super) lower_case_hex: bool,
    pub(super) plus_for_space: bool,
    /// Those of [`UNRESERVED_MARKS`] that it escapes all the same, as bits.
    pub(super) escaped: u8,
    /// Those of [`MARKS`] that it leaves, as bits.
    pub(super) left: u8,
    /// Others that it leaves.
    pub(super) left_too: &'static [u8],
    /// It leaves everything.
    pub(super) leaves_all: bool,
}

pub(super) const UNRESERVED_MARKS: &[u8; 4] = b"~-._";
pub(super) const MARKS: &[u8; 7] = b"!*'()/+";
pub(super) const SLASH: u8 = 0b10_0000;
pub(super) const PLUS: u8 = 0b100_0000;

fn has(set: u8, marks: &[u8], byte: u8) -> bool {
    let at = marks.iter().position(|mark| *mark == byte);
    at.is_some_and(|at| set >> at & 1 == 1)
}

impl Encoder {
    pub(super) fn encode(self, bytes: &[u8]) -> Vec<u8> {
        if self.leaves_all {
            return bytes.to_vec();
        }
        let mut out = Vec::with_capacity(bytes.len());
        for byte in bytes {
            let byte = *byte;
            let stays = if percent::is_unreserved(byte) {
                self.escaped == 0 || !has(self.escaped, UNRESERVED_MARKS, byte)
            } else {
                self.left != 0 && has(self.left, MARKS, byte) || self.left_too.contains(&byte)
            };
            if stays {
                out.push(byte);
            } else if byte == b' ' && self.plus_for_space {
                out.push(b'+');
            } else {
                let escape = percent::escape(byte);
                out.extend(if self.lower_case_hex {
                    escape.map(|byte| byte.to_ascii_lowercase())
                } else {
                    escape
                });
            }
        }
        out
    }
}
