//! Randomness as an argument.

use std::fmt::Debug;

use oauth1_core::Secret;

/// Gives random bytes for keys, secrets and verifiers.
///
/// # Security
/// Only [`SystemEntropy`] is fit for production; others are for tests.
pub trait Entropy: Debug + Send + Sync {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// [`EntropyError`] if there is no randomness to be had; the request is then answered 503.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError>;
}

/// The operating system's random number generator.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(bytes).map_err(|_| EntropyError)
    }
}

/// There is no randomness to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no randomness available")]
#[non_exhaustive]
pub struct EntropyError;

impl EntropyError {
    /// For implementations of [`Entropy`].
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl Default for EntropyError {
    fn default() -> Self {
        Self::new()
    }
}

/// `N` characters of `A-Za-z0-9`, 5.95 bits each, without bias: 22 make 130 bits.
pub(crate) fn letters<const N: usize>(entropy: &dyn Entropy) -> Result<Secret, EntropyError> {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut text = String::with_capacity(N);
    // A source that never gives a usable byte ends in an error, not in a loop.
    for _ in 0..64 {
        let mut bytes = [0_u8; 64];
        entropy.fill(&mut bytes)?;
        for byte in bytes {
            // The six high bits name one of 64; two of them are passed over.
            if let Some(letter) = ALPHABET.get(usize::from(byte >> 2)) {
                text.push(char::from(*letter));
                if text.len() == N {
                    return Ok(Secret::from(text));
                }
            }
        }
    }
    Err(EntropyError)
}
