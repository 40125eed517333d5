//! Names of protocol parameters, told apart once
//! ([RFC 5849 section 3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.1)).

use std::iter;

use super::Text;

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

    /// How many bytes the longest known name has.
    pub(super) const LONGEST: usize = "oauth_signature_method".len();

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

    /// The name as a base string has it, between the `&` before and the `=` after it; nothing for
    /// those that are not known.
    #[inline]
    fn in_base_string(self) -> &'static Literal {
        IN_BASE_STRING.get(self.place()).unwrap_or(&Literal::AND)
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
        let Literal { padded, length } = self.in_base_string();
        let name = padded.get(AND..length.saturating_sub(EQUALS));
        Text::of_unreserved(name.unwrap_or_default())
    }

    /// A name as nearly all clients write it, and `="`: one comparison, and no look at each byte.
    /// Gives what follows it, too.
    #[inline(always)]
    pub(super) fn usual(text: &[u8]) -> Option<(Self, &[u8])> {
        fn follows<'a, const N: usize>(text: &'a [u8], expected: &[u8; N]) -> Option<&'a [u8]> {
            let (first, rest) = text.split_first_chunk()?;
            (first == expected).then_some(rest)
        }
        let is = |name: Self, rest: Option<_>| rest.map(|rest| (name, rest));
        let [.., first, second] = text.first_chunk::<8>()?;
        match (*first, *second) {
            (b'c', b'o') => is(Self::ConsumerKey, follows(text, b"oauth_consumer_key=\"")),
            (b'n', b'o') => is(Self::Nonce, follows(text, b"oauth_nonce=\"")),
            (b's', b'i') => {
                is(Self::Signature, follows(text, b"oauth_signature=\"")).or_else(|| {
                    is(
                        Self::SignatureMethod,
                        follows(text, b"oauth_signature_method=\""),
                    )
                })
            }
            (b't', b'i') => is(Self::Timestamp, follows(text, b"oauth_timestamp=\"")),
            (b't', b'o') => is(Self::Token, follows(text, b"oauth_token=\"")),
            (b'v', b'e') => is(Self::Version, follows(text, b"oauth_version=\"")),
            _ => None,
        }
    }
}

/// A set of names, in order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Names(u32);

impl Names {
    pub(super) const NONE: Self = Self(0);

    #[inline(always)]
    fn bit(name: Name) -> u32 {
        1 << name.place()
    }

    #[inline(always)]
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[inline(always)]
    pub(super) fn insert(&mut self, name: Name) {
        self.0 |= Self::bit(name);
    }

    #[inline(always)]
    pub(super) fn insert_all(&mut self, names: Self) {
        self.0 |= names.0;
    }

    /// The first; all that are not known come as the last one.
    #[inline(always)]
    pub(super) fn first(self) -> Option<Name> {
        let place = usize::try_from(self.0.trailing_zeros()).unwrap_or_default();
        let known = Name::KNOWN.get(place).copied();
        (self.0 != 0).then_some(known.unwrap_or(Name::OtherProtocol))
    }

    #[inline(always)]
    pub(super) fn iter(self) -> impl Iterator<Item = Name> {
        let mut left = self;
        iter::from_fn(move || {
            let first = left.first()?;
            left.0 &= left.0 - 1;
            Some(first)
        })
    }

    /// The name, if it is there.
    #[inline(always)]
    pub(super) fn and(self, name: Name) -> Self {
        Self(self.0 & Self::bit(name))
    }

    #[inline(always)]
    pub(super) fn without(self, name: Name) -> Self {
        Self(self.0 & !Self::bit(name))
    }
}

/// What a base string always has in the same words, with room to be copied at once.
pub(crate) struct Literal {
    pub(crate) padded: [u8; 36],
    pub(crate) length: usize,
}

/// How many bytes the `&` between parameters has in a base string, `%26`.
pub(crate) const AND: usize = 3;

/// The same of the `=` between name and value, `%3D`.
pub(crate) const EQUALS: usize = 3;

impl Literal {
    pub(crate) const AND: Self = Self::new(&[b"%26"]);
    pub(crate) const EQUALS: Self = Self::new(&[b"%3D"]);

    /// Those of the known names, in their order.
    #[inline]
    pub(super) fn of_known() -> &'static [Self; Name::KNOWN.len()] {
        &IN_BASE_STRING
    }

    const fn name(name: &str) -> Self {
        Self::new(&[b"%26", name.as_bytes(), b"%3D"])
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "at compile time: an index out of range is an error"
    )]
    const fn new(parts: &[&[u8]]) -> Self {
        let (mut padded, mut length, mut part) = ([0; 36], 0, 0);
        while part < parts.len() {
            let mut at = 0;
            while at < parts[part].len() {
                padded[length] = parts[part][at];
                (length, at) = (length + 1, at + 1);
            }
            part += 1;
        }
        Self { padded, length }
    }
}

/// Of the known names, in their order. Each is shorter than 32 bytes.
static IN_BASE_STRING: [Literal; Name::KNOWN.len()] = [
    Literal::name("oauth_body_hash"),
    Literal::name("oauth_callback"),
    Literal::name("oauth_consumer_key"),
    Literal::name("oauth_nonce"),
    Literal::name("oauth_signature"),
    Literal::name("oauth_signature_method"),
    Literal::name("oauth_timestamp"),
    Literal::name("oauth_token"),
    Literal::name("oauth_verifier"),
    Literal::name("oauth_version"),
];
