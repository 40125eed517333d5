//! What the core needs of an HTTP request, borrowed and framework-neutral.
//!
//! [RFC 5849 section 3.4.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1)

use std::fmt;

use crate::{body_hash::Body, percent};

/// One HTTP request as the client saw it: plain borrowed data, no framework's types.
///
/// `scheme` and `authority` are those the *client* used; behind a proxy the adapter restores
/// them. `path` and `query` are kept as sent: nothing is decoded, nothing normalised.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) scheme: &'a str,
    pub(crate) authority: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) authorization: Option<&'a [u8]>,
    pub(crate) authorization_repeated: bool,
    pub(crate) form_body: Option<&'a [u8]>,
    pub(crate) body: Body<'a>,
}

impl<'a> Request<'a> {
    /// A request without credentials: `authority` is the Host header's value, `query` the text
    /// behind the `?` or `None` where there was none.
    #[must_use]
    pub fn new(
        method: &'a str,
        scheme: &'a str,
        authority: &'a str,
        path: &'a str,
        query: Option<&'a str>,
    ) -> Self {
        Self {
            method,
            scheme,
            authority,
            path,
            query,
            authorization: None,
            authorization_repeated: false,
            form_body: None,
            body: Body::None,
        }
    }

    /// Adds one Authorization header value; call it for each. Values of other schemes (Basic,
    /// Bearer) are passed over; a second OAuth value is refused later, by [`crate::Parsed::extract`].
    #[must_use]
    pub fn with_authorization(mut self, value: &'a [u8]) -> Self {
        if is_oauth_scheme(value) {
            self.authorization_repeated |= self.authorization.is_some();
            self.authorization = Some(value);
        }
        self
    }

    /// Adds the body. It is signed if `content_type` is `application/x-www-form-urlencoded`, with
    /// or without parameters; of every other only `oauth_body_hash` is (section 3.4.1.3.1).
    #[must_use]
    pub fn with_body(mut self, content_type: Option<&[u8]>, body: &'a [u8]) -> Self {
        if content_type.is_some_and(is_form_encoded) {
            self.form_body = Some(body);
        } else {
            self.body = Body::Read(body);
        }
        self
    }

    /// There is a body, of another type than a form, that was not read.
    #[must_use]
    pub fn with_unread_body(mut self) -> Self {
        self.body = Body::Unread;
        self
    }

    /// The request method as given.
    #[must_use]
    pub fn method(&self) -> &'a str {
        self.method
    }

    /// The scheme as given.
    #[must_use]
    pub fn scheme(&self) -> &'a str {
        self.scheme
    }

    /// The authority as given.
    #[must_use]
    pub fn authority(&self) -> &'a str {
        self.authority
    }

    /// The path as given.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.path
    }

    #[inline]
    pub(crate) fn target(&self) -> Target<'a> {
        Target {
            method: self.method,
            scheme: self.scheme,
            authority: self.authority,
            path: self.path,
        }
    }

    #[inline]
    pub(crate) fn body(&self) -> Body<'a> {
        match self.form_body {
            Some(_) => Body::Form,
            None => self.body,
        }
    }

    /// Whether any of the three transports carries an `oauth_` parameter or the OAuth scheme.
    /// Allocates nothing.
    #[must_use]
    pub fn has_oauth(&self) -> bool {
        self.authorization.is_some()
            || self.query.is_some_and(|q| has_oauth_pair(q.as_bytes()))
            || self.form_body.is_some_and(has_oauth_pair)
    }
}

/// What a base string starts with, before the parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) method: &'a str,
    pub(crate) scheme: &'a str,
    pub(crate) authority: &'a str,
    pub(crate) path: &'a str,
}

/// Hides the credentials: of the Authorization header, query and body only their presence shows.
impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("scheme", &self.scheme)
            .field("authority", &self.authority)
            .field("path", &self.path)
            .field("query", &self.query.map(|_| "[redacted]"))
            .field("authorization", &self.authorization.map(|_| "[redacted]"))
            .field("form_body", &self.form_body.map(<[u8]>::len))
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// Where the protocol parameters stood
/// ([section 3.5](https://www.rfc-editor.org/rfc/rfc5849#section-3.5)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Transport {
    /// The Authorization header (section 3.5.1).
    Header,
    /// The form-encoded body (section 3.5.2).
    Body,
    /// The request URI's query (section 3.5.3).
    Query,
}

/// Whether a Content-Type value means a form body, whatever its parameters
/// ([section 3.4.1.3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.1)).
#[must_use]
pub fn is_form_encoded(content_type: &[u8]) -> bool {
    const FORM: &[u8] = b"application/x-www-form-urlencoded";
    if content_type == FORM {
        return true;
    }
    let essence = content_type
        .split(|b| *b == b';')
        .next()
        .unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(FORM)
}

fn is_oauth_scheme(value: &[u8]) -> bool {
    if value.starts_with(b"OAuth ") {
        return true;
    }
    let value = value.trim_ascii_start();
    match value.split_at_checked(5) {
        Some((scheme, rest)) => {
            scheme.eq_ignore_ascii_case(b"OAuth")
                && rest.first().is_none_or(u8::is_ascii_whitespace)
        }
        None => false,
    }
}

fn has_oauth_pair(pairs: &[u8]) -> bool {
    pairs.split(|b| *b == b'&').any(|pair| {
        matches!(pair.first(), Some(b'o' | b'%')) && percent::decodes_to_prefix(pair, b"oauth_")
    })
}
