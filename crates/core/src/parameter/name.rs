//! Names of protocol parameters, told apart once
//! ([RFC 5849 section 3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.1)).

use super::Text;

/// Which parameter a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    ConsumerKey,
    Token,
    SignatureMethod,
    Signature,
    Timestamp,
    Nonce,
    Version,
    Callback,
    Verifier,
    BodyHash,
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

    /// For people and reports.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::ConsumerKey => "oauth_consumer_key",
            Self::Token => "oauth_token",
            Self::SignatureMethod => "oauth_signature_method",
            Self::Signature => "oauth_signature",
            Self::Timestamp => "oauth_timestamp",
            Self::Nonce => "oauth_nonce",
            Self::Version => "oauth_version",
            Self::Callback => "oauth_callback",
            Self::Verifier => "oauth_verifier",
            Self::BodyHash => "oauth_body_hash",
            Self::OtherProtocol => "protocol parameter",
            Self::Application => "parameter",
        }
    }

    /// `text` starts with a name as nearly all clients write it, and `="`: one comparison, and no
    /// look at each byte. Gives what follows.
    #[inline]
    pub(super) fn usual(text: &[u8]) -> Option<(Self, &[u8])> {
        let start: &[u8; 8] = text.first_chunk()?;
        let (name, after) = match start {
            b"oauth_co" => (
                Self::ConsumerKey,
                text.strip_prefix(b"oauth_consumer_key=\""),
            ),
            b"oauth_no" => (Self::Nonce, text.strip_prefix(b"oauth_nonce=\"")),
            b"oauth_si" => match text.strip_prefix(b"oauth_signature=\"") {
                Some(after) => (Self::Signature, Some(after)),
                None => (
                    Self::SignatureMethod,
                    text.strip_prefix(b"oauth_signature_method=\""),
                ),
            },
            b"oauth_ti" => (Self::Timestamp, text.strip_prefix(b"oauth_timestamp=\"")),
            b"oauth_to" => (Self::Token, text.strip_prefix(b"oauth_token=\"")),
            b"oauth_ve" => (Self::Version, text.strip_prefix(b"oauth_version=\"")),
            _ => return None,
        };
        after.map(|after| (name, after))
    }
}
