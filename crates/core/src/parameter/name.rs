//! Names of protocol parameters, told apart once
//! ([RFC 5849 section 3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.1)).

use super::{Text, reader::Reader};

/// Which parameter a name stands for; those that are known in the order of a base string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    BodyHash,
    Callback,
    ConsumerKey,
    Nonce,
    Signature,
    SignatureMethod,
    Timestamp,
    Token,
    Verifier,
    Version,
    /// Starts with `oauth_`, and is none of these.
    OtherProtocol,
    /// The application's own.
    Application,
}

impl Name {
    /// `head` is the start of the canonical encoding.
    #[inline]
    pub(super) fn of(name: Text<'_>, head: u64) -> Self {
        if head >> 16 != u64::from_be_bytes(*b"\0\0oauth_") {
            return Self::Application;
        }
        match name.plain() {
            Some(plain) => Self::of_protocol(plain),
            None => Self::of_protocol(&name.decoded()),
        }
    }

    fn of_protocol(name: &[u8]) -> Self {
        match name {
            b"oauth_consumer_key" => Self::ConsumerKey,
            b"oauth_token" => Self::Token,
            b"oauth_signature_method" => Self::SignatureMethod,
            b"oauth_signature" => Self::Signature,
            b"oauth_timestamp" => Self::Timestamp,
            b"oauth_nonce" => Self::Nonce,
            b"oauth_version" => Self::Version,
            b"oauth_callback" => Self::Callback,
            b"oauth_verifier" => Self::Verifier,
            b"oauth_body_hash" => Self::BodyHash,
            _ => Self::OtherProtocol,
        }
    }

    /// The known ones, in order.
    pub(crate) const KNOWN: [Self; 10] = [
        Self::BodyHash,
        Self::Callback,
        Self::ConsumerKey,
        Self::Nonce,
        Self::Signature,
        Self::SignatureMethod,
        Self::Timestamp,
        Self::Token,
        Self::Verifier,
        Self::Version,
    ];

    /// The name as a base string has it, between the `&` before and the `=` after it, padded; and
    /// the length of all three. No name of those that are not known.
    #[inline]
    pub(crate) fn in_base_string(self) -> &'static ([u8; 32], usize) {
        const fn padded(name: &[u8]) -> ([u8; 32], usize) {
            let mut padded = [0; 32];
            let (start, _) = padded.split_at_mut(name.len());
            start.copy_from_slice(name);
            (padded, name.len())
        }
        macro_rules! padded {
            ($name:literal) => {{
                static PADDED: ([u8; 32], usize) = padded($name);
                &PADDED
            }};
        }
        match self {
            Self::BodyHash => padded!(b"%26oauth_body_hash%3D"),
            Self::Callback => padded!(b"%26oauth_callback%3D"),
            Self::ConsumerKey => padded!(b"%26oauth_consumer_key%3D"),
            Self::Nonce => padded!(b"%26oauth_nonce%3D"),
            Self::Signature => padded!(b"%26oauth_signature%3D"),
            Self::SignatureMethod => padded!(b"%26oauth_signature_method%3D"),
            Self::Timestamp => padded!(b"%26oauth_timestamp%3D"),
            Self::Token => padded!(b"%26oauth_token%3D"),
            Self::Verifier => padded!(b"%26oauth_verifier%3D"),
            Self::Version => padded!(b"%26oauth_version%3D"),
            Self::OtherProtocol | Self::Application => padded!(b"%26%3D"),
        }
    }

    /// The first of a set, which has a bit for each place.
    #[inline]
    pub(super) fn first(set: u16) -> Self {
        let place = usize::try_from(set.trailing_zeros()).unwrap_or_default();
        let known = Self::KNOWN.get(place).copied();
        known.unwrap_or(Self::OtherProtocol)
    }

    /// For people and reports.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::OtherProtocol => "protocol parameter",
            Self::Application => "parameter",
            known => std::str::from_utf8(known.text().raw()).unwrap_or_default(),
        }
    }

    /// Of a known name, its place among [`Self::KNOWN`]; all others come after.
    #[inline]
    pub(super) fn place(self) -> usize {
        self as usize
    }

    /// The name itself.
    pub(crate) fn text(self) -> Text<'static> {
        let (padded, length) = self.in_base_string();
        let name = padded.get(AND.len()..length - EQUALS.len());
        Text::of_unreserved(name.unwrap_or_default())
    }

    /// A name as nearly all clients write it, and `="`: one comparison, and no look at each byte.
    /// If `text` goes on with one, it is passed over. Gives how many bytes the name has, too.
    #[inline]
    pub(super) fn usual(text: &mut Reader<'_>) -> Option<(Self, usize)> {
        macro_rules! usual {
            ($name:expr, $text:literal) => {
                text.skips($text).then_some(($name, $text.len() - 2))
            };
        }
        let start: &[u8; 8] = text.rest().first_chunk()?;
        match start {
            b"oauth_co" => usual!(Self::ConsumerKey, b"oauth_consumer_key=\""),
            b"oauth_no" => usual!(Self::Nonce, b"oauth_nonce=\""),
            b"oauth_si" => usual!(Self::Signature, b"oauth_signature=\"")
                .or_else(|| usual!(Self::SignatureMethod, b"oauth_signature_method=\"")),
            b"oauth_ti" => usual!(Self::Timestamp, b"oauth_timestamp=\""),
            b"oauth_to" => usual!(Self::Token, b"oauth_token=\""),
            b"oauth_ve" => usual!(Self::Version, b"oauth_version=\""),
            _ => None,
        }
    }
}

/// The `&` between parameters, in a base string.
pub(crate) const AND: &[u8; 3] = b"%26";

/// The `=` between name and value, in a base string.
pub(crate) const EQUALS: &[u8; 3] = b"%3D";
