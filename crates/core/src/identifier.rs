//! The identifiers of the protocol as types, each checked once, at construction.
//!
//! [RFC 5849 section 1.1](https://www.rfc-editor.org/rfc/rfc5849#section-1.1) calls the consumer
//! key "client identifier" and the token key "token identifier".

use std::{
    borrow::Borrow,
    fmt,
    hash::{Hash, Hasher},
};

use smol_str::SmolStr;

/// The longest identifier in bytes that a constructor takes; [`crate::Limits`] may be stricter.
const IDENTIFIER_BYTES: usize = 4_096;

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(SmolStr);

        impl $name {
            /// Checks and takes the decoded text.
            ///
            /// # Errors
            /// [`IdentifierError`] if it is empty, longer than 4,096 bytes or has control characters.
            pub fn new(text: impl AsRef<str>) -> Result<Self, IdentifierError> {
                let text = text.as_ref();
                check(text)?;
                Ok(Self(SmolStr::new(text)))
            }

            /// The decoded text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        /// Equal, ordered and hashed as its bytes, it is found in collections by these.
        impl Borrow<[u8]> for $name {
            fn borrow(&self) -> &[u8] {
                self.as_str().as_bytes()
            }
        }

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.as_str().as_bytes().hash(state);
            }
        }
    };
}

/// Those that requests carry.
macro_rules! of_checked {
    ($($name:ident)*) => {
        $(impl $name {
            /// Of a text that [`check`] accepted.
            pub(crate) fn of_checked(text: &str) -> Self {
                Self(SmolStr::new(text))
            }
        })*
    };
}
of_checked!(ConsumerKey TokenKey Nonce Verifier);

macro_rules! shown {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.as_str())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

identifier! {
    /// Which consumer (the RFC's "client") calls: `oauth_consumer_key`, decoded.
    #[doc(alias = "client identifier")]
    ConsumerKey
}
shown!(ConsumerKey);

identifier! {
    /// Which request or access token is meant: `oauth_token`, decoded. `Debug` shows the first
    /// four characters only.
    #[doc(alias = "token identifier")]
    TokenKey
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head: String = self.as_str().chars().take(4).collect();
        write!(f, "\"{head}…\"")
    }
}

identifier! {
    /// A request's nonce (section 3.3), decoded.
    Nonce
}
shown!(Nonce);

identifier! {
    /// What proves that the approving user is the one who returned: `oauth_verifier`
    /// (section 2.2). `Debug` prints `[redacted]`.
    #[doc(alias = "verification code")]
    Verifier
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

identifier! {
    /// What renews an access token: `oauth_session_handle` (OAuth Session 1.0). `Debug` prints
    /// `[redacted]`.
    SessionHandle
}

impl fmt::Debug for SessionHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

identifier! {
    /// The protection space named in the challenge (section 3.5.1).
    Realm
}
shown!(Realm);

/// Why a text is no identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentifierError {
    /// It is empty.
    #[error("empty identifier")]
    Empty,
    /// It is longer than 4,096 bytes.
    #[error("identifier longer than {IDENTIFIER_BYTES} bytes")]
    TooLong,
    /// It has control characters.
    #[error("control character in an identifier")]
    ControlCharacter,
}

pub(crate) fn check(text: &str) -> Result<(), IdentifierError> {
    if text.is_empty() {
        return Err(IdentifierError::Empty);
    }
    if text.len() > IDENTIFIER_BYTES {
        return Err(IdentifierError::TooLong);
    }
    // Without an early end, so that it becomes a few vector instructions.
    let is_control = |byte: u8| (byte < 0x20) | (byte == 0x7f);
    if text
        .bytes()
        .fold(false, |found, byte| found | is_control(byte))
    {
        return Err(IdentifierError::ControlCharacter);
    }
    Ok(())
}

/// Where the user is sent after the decision: `oauth_callback`
/// ([section 2.1](https://www.rfc-editor.org/rfc/rfc5849#section-2.1)).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Callback {
    /// `oob`: the consumer cannot receive callbacks; the user carries the verifier over.
    OutOfBand,
    /// An absolute URI, kept byte for byte.
    Uri(SmolStr),
}

impl Callback {
    /// Checks and takes the decoded text.
    ///
    /// # Errors
    /// [`CallbackError`] unless it is `oob` or an absolute URI, with an authority if its scheme is one
    /// of the web's and else with an authority or an absolute path (`com.example.app:/back`), of a
    /// scheme that no browser executes, without user information, fragment, control characters,
    /// space or `oauth_` parameters of its own.
    pub fn parse(text: &str) -> Result<Self, CallbackError> {
        if text == "oob" {
            return Ok(Self::OutOfBand);
        }
        if text
            .bytes()
            .any(|b| !(0x21..0x7f).contains(&b) || b"\"<>\\^`{|}".contains(&b))
        {
            return Err(CallbackError::Characters);
        }
        let (scheme, rest) = text.split_once(':').ok_or(CallbackError::NotAbsolute)?;
        if !rest.starts_with('/') {
            return Err(CallbackError::NotAbsolute);
        }
        let mut letters = scheme.bytes();
        if !letters.next().is_some_and(|b| b.is_ascii_alphabetic())
            || !letters.all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        {
            return Err(CallbackError::NotAbsolute);
        }
        if FORBIDDEN_SCHEMES
            .iter()
            .any(|bad| scheme.eq_ignore_ascii_case(bad))
        {
            return Err(CallbackError::Scheme);
        }
        if text.contains('#') {
            return Err(CallbackError::Fragment);
        }
        let authority = rest.strip_prefix("//").unwrap_or_default();
        let authority = authority.split(['/', '?']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(CallbackError::UserInformation);
        }
        // Of these a browser would take the path's first segment for the host.
        let mut webs = WEB_SCHEMES.iter();
        if authority.is_empty() && webs.any(|known| scheme.eq_ignore_ascii_case(known)) {
            return Err(CallbackError::NotAbsolute);
        }
        let query = text.split_once('?').map_or("", |(_, query)| query);
        if query
            .split('&')
            .any(|pair| crate::percent::decodes_to_prefix(pair.as_bytes(), b"oauth_"))
        {
            return Err(CallbackError::ProtocolParameter);
        }
        Ok(Self::Uri(SmolStr::new(text)))
    }

    /// The text as the consumer gave it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::OutOfBand => "oob",
            Self::Uri(uri) => uri,
        }
    }

    /// The callback with parameters appended to its query; what is there stays byte for byte.
    /// `None` for `oob`, which never redirects.
    #[must_use]
    pub fn with_parameters(&self, parameters: &[(&str, &str)]) -> Option<String> {
        let Self::Uri(uri) = self else {
            return None;
        };
        let mut out = String::from(uri.as_str());
        let mut separator = match uri.split_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some((_, query)) if query.ends_with('&') => "",
            Some(_) => "&",
        };
        for (name, value) in parameters {
            out.push_str(separator);
            out.push_str(&crate::percent::encode(name.as_bytes()));
            out.push('=');
            out.push_str(&crate::percent::encode(value.as_bytes()));
            separator = "&";
        }
        Some(out)
    }
}

/// Schemes that are nothing without a host: the "special" ones of the
/// [URL standard](https://url.spec.whatwg.org/#special-scheme), but for `file`.
const WEB_SCHEMES: [&str; 5] = ["http", "https", "ws", "wss", "ftp"];

/// Schemes that a browser executes or that read local data.
const FORBIDDEN_SCHEMES: [&str; 8] = [
    "javascript",
    "data",
    "vbscript",
    "file",
    "blob",
    "filesystem",
    "about",
    "view-source",
];

/// Why a text is no callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// Not `oob` and no absolute URI, or one of the web's without a host.
    #[error("callback is neither `oob` nor an absolute URI")]
    NotAbsolute,
    /// A space, a control character, CR, LF, or another that no URI holds.
    #[error("callback has a character that no URI holds")]
    Characters,
    /// A scheme that a browser would execute.
    #[error("callback has a scheme that is not allowed")]
    Scheme,
    /// `user@host`.
    #[error("callback has user information")]
    UserInformation,
    /// `#...`.
    #[error("callback has a fragment")]
    Fragment,
    /// A parameter of its own that starts with `oauth_`.
    #[error("callback has an oauth_ parameter of its own")]
    ProtocolParameter,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dangerous_callbacks_are_refused() {
        use CallbackError as E;
        for (text, error) in [
            ("javascript:alert(1)", E::NotAbsolute),
            ("javascript://x/%0aalert(1)", E::Scheme),
            ("data://text/html,x", E::Scheme),
            ("http://user@host/", E::UserInformation),
            ("http://host/#x", E::Fragment),
            ("http://host/\r\nSet-Cookie: x", E::Characters),
            ("http://host/?oauth_token=x", E::ProtocolParameter),
            ("http://host/?a&%6fauth_verifier=x", E::ProtocolParameter),
            ("http:///path", E::NotAbsolute),
            ("http:/host/path", E::NotAbsolute),
            ("HTTPS:////host", E::NotAbsolute),
            ("ftp:/host", E::NotAbsolute),
            ("http:host", E::NotAbsolute),
            ("JavaScript:/%0aalert(1)/", E::Scheme),
            ("javascript:/x/.constructor", E::Scheme),
            ("blob:/x", E::Scheme),
            ("my.app:back", E::NotAbsolute),
            ("my.app:", E::NotAbsolute),
            (":/back", E::NotAbsolute),
            ("1app:/back", E::NotAbsolute),
            ("my.app:/back?oauth_token=x", E::ProtocolParameter),
            ("my.app://user@back", E::UserInformation),
            ("/relative", E::NotAbsolute),
            ("", E::NotAbsolute),
            ("http://host\\@evil/", E::Characters),
        ] {
            assert_eq!(Callback::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn callback_parameters_are_appended_and_the_rest_stays_byte_for_byte() {
        for (uri, expected) in [
            ("http://h/cb", "http://h/cb?oauth_token=a%2Bb"),
            ("http://h/cb?", "http://h/cb?oauth_token=a%2Bb"),
            (
                "http://h/c%20b?x=%7e+y",
                "http://h/c%20b?x=%7e+y&oauth_token=a%2Bb",
            ),
            ("my.app://cb", "my.app://cb?oauth_token=a%2Bb"),
            // As RFC 8252 section 7.1 writes those of native applications.
            ("my.app:/cb", "my.app:/cb?oauth_token=a%2Bb"),
            ("my.app:///cb?x", "my.app:///cb?x&oauth_token=a%2Bb"),
        ] {
            let callback = Callback::parse(uri).unwrap();
            assert_eq!(
                callback.with_parameters(&[("oauth_token", "a+b")]).unwrap(),
                expected
            );
        }
        assert_eq!(Callback::OutOfBand.with_parameters(&[("a", "b")]), None);
    }

    #[test]
    fn debug_shows_neither_whole_tokens_nor_verifiers() {
        let token = TokenKey::new("hh5s93j4hdidpola").unwrap();
        assert_eq!(format!("{token:?}"), "\"hh5s…\"");
        assert_eq!(
            format!("{:?}", Verifier::new("473f82d3").unwrap()),
            "[redacted]"
        );
    }
}
