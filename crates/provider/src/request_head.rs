//! What an adapter tells of a request's head, and the URL that was signed: what the client saw.

use std::{borrow::Cow, net::IpAddr};

use oauth1_core::Request;

use crate::{BodyUse, Provider};

/// A request's head in a framework's own types. Only `Host`, `Authorization`, `Content-Type` and
/// the forwarded headers are asked for.
pub trait RequestHead {
    /// The method.
    fn method(&self) -> &str;

    /// Whether the request came over TLS, as the server itself knows; `false` if nobody does.
    ///
    /// # Security
    /// The scheme of the request's own URI (HTTP/1.1's absolute form, HTTP/2's `:scheme`) is what
    /// the client wrote, over whatever connection: it says nothing. Whoever believed it would
    /// accept PLAINTEXT over plain http.
    fn is_tls(&self) -> bool;

    /// The authority of the request's own URI: HTTP/2's `:authority`, or HTTP/1.1's absolute form.
    /// It counts before the Host header.
    fn authority(&self) -> Option<&str>;

    /// The path as it came, escapes and all. Where a framework's mount has stripped it, it is
    /// whole again.
    fn path(&self) -> &str;

    /// The path by which the framework routes, without what a mount has stripped. The provider's
    /// own paths are compared with it.
    fn routed_path(&self) -> &str {
        self.path()
    }

    /// The text behind the `?`.
    fn query(&self) -> Option<&str>;

    /// The values of a header, in their order. The name is in lower case.
    fn header(&self, name: &'static str) -> impl Iterator<Item = &[u8]>;

    /// The peer's address; `None` if it is unknown, or a UNIX socket: then it is not trusted.
    fn peer(&self) -> Option<IpAddr>;
}

/// What was read of a request's body, by what [`Provider::body_use`] said.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_enums, reason = "an adapter has to treat all three")]
pub enum ReadBody<'a> {
    /// There is none.
    Empty,
    /// It has nothing to do with the signature, and was left alone.
    Untouched,
    /// All of a form: [`BodyUse::Form`].
    Form(&'a [u8]),
    /// All of a body of another type: [`BodyUse::Hashed`].
    Hashed(&'a [u8]),
}

impl std::fmt::Debug for ReadBody<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Untouched => f.write_str("Untouched"),
            Self::Form(bytes) => write!(f, "Form({} bytes)", bytes.len()),
            Self::Hashed(bytes) => write!(f, "Hashed({} bytes)", bytes.len()),
        }
    }
}

/// What [`Provider::body_use`] has found, in whichever way it was written.
const FORM: &[u8] = b"application/x-www-form-urlencoded";

/// The URL that a request was signed for. Made by [`Provider::signed_url`].
#[derive(Clone, Debug)]
pub struct SignedUrl<'a> {
    scheme: &'a str,
    rest: Rest<'a>,
}

#[derive(Clone, Debug)]
enum Rest<'a> {
    AsItCame {
        /// Empty if nobody knows it: then no signed request is accepted.
        authority: &'a str,
        path: &'a str,
    },
    /// Authority and path; in a box, for requests that nobody rewrites carry no room for it.
    Rewritten(Box<(Cow<'a, str>, Cow<'a, str>)>),
}

impl SignedUrl<'_> {
    /// `http` or `https`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.scheme
    }

    /// Host and port; empty if nobody knows them.
    #[must_use]
    pub fn authority(&self) -> &str {
        match &self.rest {
            Rest::AsItCame { authority, .. } => authority,
            Rest::Rewritten(rest) => &rest.0,
        }
    }

    /// The path, with what a proxy has stripped.
    #[must_use]
    pub fn path(&self) -> &str {
        match &self.rest {
            Rest::AsItCame { path, .. } => path,
            Rest::Rewritten(rest) => &rest.1,
        }
    }

    /// The core's request: this URL with the rest of the head and what was read of the body.
    #[must_use]
    pub fn request<'a>(&'a self, head: &'a impl RequestHead, body: ReadBody<'a>) -> Request<'a> {
        let (authority, path) = (self.authority(), self.path());
        let mut request = Request::new(head.method(), self.scheme, authority, path, head.query());
        for value in head.header("authorization") {
            request = request.with_authorization(value);
        }
        match body {
            ReadBody::Empty => request,
            ReadBody::Untouched => request.with_unread_body(),
            ReadBody::Form(body) => request.with_body(Some(FORM), body),
            ReadBody::Hashed(body) => request.with_body(None, body),
        }
    }
}

impl Provider {
    /// The URL that the client saw, and signed: of the fixed
    /// [`with_public_url`](crate::ProviderBuilder::with_public_url); else of the forwarded headers
    /// of [trusted proxies](crate::ProviderBuilder::with_trusted_proxies); else of the request
    /// itself: the connection's scheme, the authority of its URI or else its Host header.
    ///
    /// Two Host headers, or a trusted proxy's malformed ones, leave it unknown: no signed request
    /// is accepted then.
    #[must_use]
    pub fn signed_url<'a>(&'a self, head: &'a impl RequestHead) -> SignedUrl<'a> {
        let path = head.path();
        let as_it_came = |scheme, authority| SignedUrl {
            scheme,
            rest: Rest::AsItCame { authority, path },
        };
        if let Some(public) = self.public_url() {
            let (scheme, authority) = (public.scheme(), public.authority());
            return match public.prefix() {
                "" => as_it_came(scheme, authority),
                prefix => rewritten(scheme, Cow::Borrowed(authority), prefixed(prefix, path)),
            };
        }
        let Some(proxies) = &self.config.trusted_proxies else {
            return as_it_came(scheme(head), authority(head));
        };
        match proxies.forwarded(head) {
            Ok(seen) => rewritten(
                seen.scheme.unwrap_or_else(|| scheme(head)),
                seen.authority(authority(head)),
                prefixed(&seen.prefix, path),
            ),
            Err(malformed) => {
                tracing::warn!(%malformed, "oauth1 forwarded headers of a trusted proxy");
                as_it_came(scheme(head), "")
            }
        }
    }

    /// Which part the body has in the signature: told from the head alone, so that bodies that
    /// have none are never touched.
    #[must_use]
    pub fn body_use(&self, head: &impl RequestHead) -> BodyUse {
        // Of two, nobody knows which one the application reads.
        if head
            .header("content-type")
            .any(oauth1_core::is_form_encoded)
        {
            return BodyUse::Form;
        }
        // An escaped letter in its name hides nothing: a body that was not read is refused with
        // a hash.
        let name = b"oauth_body_hash";
        let names = |text: &[u8]| text.windows(name.len()).any(|window| window == name);
        let query = head.query().map(str::as_bytes);
        if head.header("authorization").chain(query).any(names) {
            BodyUse::Hashed
        } else {
            BodyUse::None
        }
    }
}

fn rewritten<'a>(scheme: &'a str, authority: Cow<'a, str>, path: Cow<'a, str>) -> SignedUrl<'a> {
    let rest = Rest::Rewritten(Box::new((authority, path)));
    SignedUrl { scheme, rest }
}

fn prefixed<'a>(prefix: &str, path: &'a str) -> Cow<'a, str> {
    match prefix {
        "" => Cow::Borrowed(path),
        prefix => Cow::Owned(format!("{prefix}{path}")),
    }
}

fn scheme(head: &impl RequestHead) -> &'static str {
    if head.is_tls() { "https" } else { "http" }
}

/// The URI's authority, else the Host header
/// ([RFC 9112 section 3.2.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2)). Two Host
/// headers are none: which one was signed?
fn authority(head: &impl RequestHead) -> &str {
    let mut hosts = head.header("host");
    match (head.authority(), hosts.next(), hosts.next()) {
        (_, Some(_), Some(_)) => "",
        (Some(authority), ..) => authority,
        (None, Some(host), None) => std::str::from_utf8(host).unwrap_or_default(),
        (None, None, _) => "",
    }
}
