//! The one place where secrets and signatures are compared.

use subtle::ConstantTimeEq;

/// Compares without leaking where two byte strings differ; their lengths are no secret.
#[must_use]
#[inline]
pub fn constant_time_eq(left: &[u8], right: &[u8]) -> bool {
    let ((left_words, left_rest), (right_words, right_rest)) =
        (left.as_chunks::<8>(), right.as_chunks::<8>());
    let mut differing = word(left_rest) ^ word(right_rest);
    for (left, right) in left_words.iter().zip(right_words) {
        differing |= u64::from_ne_bytes(*left) ^ u64::from_ne_bytes(*right);
    }
    left.len() == right.len() && differing.ct_eq(&0).into()
}

/// Fewer than eight bytes.
fn word(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter();
    bytes.fold(0, |word, byte| word << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equal_bytes_are_equal() {
        assert!(constant_time_eq(b"", b""));
        assert!(constant_time_eq(b"abc", b"abc"));
        assert!(!constant_time_eq(b"abc", b"abd"));
        assert!(!constant_time_eq(b"abc", b"ab"));
        let long: Vec<u8> = (0..64).collect();
        for length in 0..=64 {
            let (this, _) = long.split_at(length);
            assert!(constant_time_eq(this, this));
            for at in 0..length {
                let mut other = this.to_vec();
                other
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte ^= 0x80);
                assert!(!constant_time_eq(this, &other), "{length} {at}");
            }
            let (shorter, _) = long.split_at(length.saturating_sub(8));
            assert_eq!(constant_time_eq(this, shorter), this == shorter);
        }
    }
}
