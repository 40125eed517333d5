//! Random texts for secrets, sessions and nonces.

use std::fmt::Write;

use crate::error::Error;

/// `bytes` random bytes of the operating system, in hexadecimal.
pub(crate) fn hex(bytes: usize) -> Result<String, Error> {
    let mut random = vec![0_u8; bytes];
    getrandom::fill(&mut random).map_err(|_| Error::new("no randomness available"))?;
    Ok(to_hex(&random))
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
