//! The framework's request as the provider's: what is signed is what the client saw.

use std::{fmt, net::IpAddr};

use http::{Extensions, HeaderMap, Method, Request, Uri, request::Parts, uri::Authority};
use oauth1_provider::{HttpHead, RequestHead};

/// The URI as the client sent it, for requests whose own was stripped by a mount.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "an extension that others insert")]
pub struct SignedUri(pub Uri);

/// The address of the connection's peer: the server puts it into the extensions, so that
/// [trusted proxies](oauth1_provider::TrustedProxies) are known.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "an extension that others insert")]
pub struct PeerAddress(pub IpAddr);

/// The connection is TLS: a server that ends TLS itself puts it into the extensions of every
/// request. Without it the connection's scheme is `http`, whatever a request says of itself.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "an extension that others insert")]
pub struct SecureConnection;

/// The head of a request, with what the extensions tell of it: looked up when it is asked for.
pub struct Head<'a> {
    method: &'a Method,
    routed: &'a Uri,
    signed: &'a Uri,
    headers: &'a HeaderMap,
    extensions: &'a Extensions,
    peer: fn(&Extensions) -> Option<IpAddr>,
}

impl<'a> Head<'a> {
    /// With the URI as the client sent it, where a framework knows it by another name than
    /// [`SignedUri`].
    #[must_use]
    pub fn with_signed_uri(mut self, uri: Option<&'a Uri>) -> Self {
        self.signed = uri.unwrap_or(self.signed);
        self
    }

    /// With the peer, where a framework knows it by another name than [`PeerAddress`].
    #[must_use]
    pub fn with_peer_of(mut self, peer: fn(&Extensions) -> Option<IpAddr>) -> Self {
        self.peer = peer;
        self
    }

    fn new(
        method: &'a Method,
        uri: &'a Uri,
        headers: &'a HeaderMap,
        extensions: &'a Extensions,
    ) -> Self {
        Self {
            method,
            routed: uri,
            signed: extensions.get().map_or(uri, |SignedUri(signed)| signed),
            headers,
            extensions,
            peer: |extensions| extensions.get().map(|PeerAddress(address)| *address),
        }
    }
}

impl<'a> From<&'a Parts> for Head<'a> {
    fn from(parts: &'a Parts) -> Self {
        Self::new(&parts.method, &parts.uri, &parts.headers, &parts.extensions)
    }
}

impl<'a, B> From<&'a Request<B>> for Head<'a> {
    fn from(request: &'a Request<B>) -> Self {
        let (headers, extensions) = (request.headers(), request.extensions());
        Self::new(request.method(), request.uri(), headers, extensions)
    }
}

impl RequestHead for Head<'_> {
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn is_tls(&self) -> bool {
        self.extensions.get::<SecureConnection>().is_some()
    }

    fn authority(&self) -> Option<&str> {
        self.signed.authority().map(Authority::as_str)
    }

    fn path(&self) -> &str {
        self.signed.path()
    }

    fn routed_path(&self) -> &str {
        self.routed.path()
    }

    fn query(&self) -> Option<&str> {
        self.signed.query()
    }

    #[inline(always)]
    fn header(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        HttpHead::values(self.headers, name)
    }

    fn peer(&self) -> Option<IpAddr> {
        (self.peer)(self.extensions)
    }
}

/// The headers may hold a secret, and the query too.
impl fmt::Debug for Head<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Head")
            .field("method", self.method)
            .field("path", &self.signed.path())
            .finish_non_exhaustive()
    }
}
