//! How a client writes its digest down (section 3.4.2 wants base64), right or wrong.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};

/// How a client writes its digest down.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum DigestEncoding {
    Base64,
    Unpadded,
    UrlSafe,
    UrlSafeUnpadded,
    Hex,
    UpperHex,
    Base64OfHex,
    Base64OfUpperHex,
    /// In lines of 76 characters, as MIME has it.
    WithNewline,
    /// Base64, escaped once more than its transport asks for.
    Escaped,
    EscapedInLowerCase,
    /// Base64, not escaped where a plus is a space.
    PlusReadAsSpace,
}

impl DigestEncoding {
    pub(super) fn encode(self, digest: &[u8]) -> String {
        match self {
            Self::Base64 => STANDARD.encode(digest),
            Self::Unpadded => STANDARD_NO_PAD.encode(digest),
            Self::UrlSafe => URL_SAFE.encode(digest),
            Self::UrlSafeUnpadded => URL_SAFE_NO_PAD.encode(digest),
            Self::Hex => hex(digest),
            Self::UpperHex => hex(digest).to_ascii_uppercase(),
            Self::Base64OfHex => STANDARD.encode(hex(digest)),
            Self::Base64OfUpperHex => STANDARD.encode(hex(digest).to_ascii_uppercase()),
            Self::WithNewline => {
                let text = STANDARD.encode(digest);
                let lines = text.as_bytes().chunks(76);
                let lines = lines.map(|line| String::from_utf8_lossy(line) + "\n");
                lines.collect()
            }
            _ => self.transport(&STANDARD.encode(digest)),
        }
    }

    /// How a signature gets into its transport, if in a wrong way.
    pub(super) fn transport(self, signature: &str) -> String {
        let escaped = || crate::percent::encode(signature.as_bytes());
        match self {
            Self::Escaped => escaped(),
            Self::EscapedInLowerCase => {
                let mut parts = escaped();
                for byte in [b'%', b'&', b'+', b'/', b'='] {
                    let escape = crate::percent::encode(&[byte]);
                    parts = parts.replace(&escape, &escape.to_ascii_lowercase());
                }
                parts
            }
            Self::PlusReadAsSpace => signature.replace('+', " "),
            _ => signature.to_owned(),
        }
    }

    /// What was written so, if it was.
    #[cfg(feature = "rsa")]
    pub(super) fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Base64 => STANDARD.decode(text).ok(),
            Self::Unpadded => STANDARD_NO_PAD.decode(text).ok(),
            Self::UrlSafe => URL_SAFE.decode(text).ok(),
            Self::UrlSafeUnpadded => URL_SAFE_NO_PAD.decode(text).ok(),
            Self::Hex | Self::UpperHex => bytes(text),
            Self::Base64OfHex | Self::Base64OfUpperHex => {
                let text = STANDARD.decode(text).ok()?;
                bytes(std::str::from_utf8(&text).ok()?)
            }
            Self::WithNewline => STANDARD.decode(text.replace('\n', "")).ok(),
            Self::Escaped | Self::EscapedInLowerCase => STANDARD
                .decode(crate::percent::decode(text.as_bytes())?)
                .ok(),
            Self::PlusReadAsSpace => STANDARD.decode(text.replace(' ', "+")).ok(),
        }
    }
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(feature = "rsa")]
fn bytes(hex: &str) -> Option<Vec<u8>> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok())
        .collect()
}
