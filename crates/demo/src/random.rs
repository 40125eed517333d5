//! Random texts for sessions.

use std::fmt::Write;

use oauth1_provider::{Entropy, SystemEntropy};

use crate::Error;

/// 32 random bytes of the operating system, in hexadecimal.
pub(crate) fn hex() -> Result<String, Error> {
    let mut random = [0_u8; 32];
    SystemEntropy::default().fill(&mut random)?;
    Ok(to_hex(&random))
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
