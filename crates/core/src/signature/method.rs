//! Names of signature methods
//! ([RFC 5849 section 3.4](https://www.rfc-editor.org/rfc/rfc5849#section-3.4)).

use std::fmt;

use super::MethodName;

/// A signature method, by the name it has on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureMethod {
    /// `HMAC-SHA1` (section 3.4.2).
    HmacSha1,
    /// `HMAC-SHA256`: section 3.4.2 with SHA-256.
    HmacSha256,
    /// `HMAC-SHA512`: section 3.4.2 with SHA-512.
    HmacSha512,
    /// `RSA-SHA1` (section 3.4.3).
    RsaSha1,
    /// `RSA-SHA256`: section 3.4.3 with SHA-256.
    RsaSha256,
    /// `RSA-SHA512`: section 3.4.3 with SHA-512.
    RsaSha512,
    /// `PLAINTEXT` (section 3.4.4).
    Plaintext,
    /// One that the provider brings: [`crate::FurtherMethod`].
    Further(MethodName),
}

impl SignatureMethod {
    /// All methods of this crate, in a fixed order.
    pub const ALL: [Self; 7] = [
        Self::HmacSha1,
        Self::HmacSha256,
        Self::HmacSha512,
        Self::RsaSha1,
        Self::RsaSha256,
        Self::RsaSha512,
        Self::Plaintext,
    ];

    /// A method of this crate by its name; names are case-sensitive.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::by_name(name.as_bytes())
    }

    /// The same of any bytes.
    #[inline]
    pub(crate) fn by_name(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"HMAC-SHA1" => Self::HmacSha1,
            b"HMAC-SHA256" => Self::HmacSha256,
            b"HMAC-SHA512" => Self::HmacSha512,
            b"RSA-SHA1" => Self::RsaSha1,
            b"RSA-SHA256" => Self::RsaSha256,
            b"RSA-SHA512" => Self::RsaSha512,
            b"PLAINTEXT" => Self::Plaintext,
            _ => return None,
        })
    }

    /// A method of this crate, or a further one, by its name: for reading back what was kept.
    #[must_use]
    pub fn parse_any(name: &str) -> Option<Self> {
        Self::parse(name).or_else(|| MethodName::new(name).map(Self::Further))
    }

    /// Whether it is one of this crate's whose key is an RSA key, and not shared secrets.
    #[must_use]
    pub const fn is_rsa(self) -> bool {
        matches!(self, Self::RsaSha1 | Self::RsaSha256 | Self::RsaSha512)
    }

    /// The name on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
            Self::HmacSha512 => "HMAC-SHA512",
            Self::RsaSha1 => "RSA-SHA1",
            Self::RsaSha256 => "RSA-SHA256",
            Self::RsaSha512 => "RSA-SHA512",
            Self::Plaintext => "PLAINTEXT",
            Self::Further(name) => name.as_str(),
        }
    }
}

impl fmt::Display for SignatureMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
