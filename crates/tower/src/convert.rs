//! The framework's request as the provider's: what is signed is what the client saw.

use std::net::IpAddr;

use http::{Extensions, Uri, request::Parts};
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
pub(crate) struct Head<'a> {
    head: HttpHead<'a>,
    extensions: &'a Extensions,
}

impl<'a> From<&'a Parts> for Head<'a> {
    fn from(parts: &'a Parts) -> Self {
        let head = HttpHead::from(parts);
        let signed = parts.extensions.get();
        Self {
            head: signed.map_or(head, |SignedUri(uri)| head.with_original_uri(uri)),
            extensions: &parts.extensions,
        }
    }
}

impl RequestHead for Head<'_> {
    fn method(&self) -> &str {
        self.head.method()
    }

    fn is_tls(&self) -> bool {
        self.extensions.get::<SecureConnection>().is_some()
    }

    fn authority(&self) -> Option<&str> {
        self.head.authority()
    }

    fn path(&self) -> &str {
        self.head.path()
    }

    fn routed_path(&self) -> &str {
        self.head.routed_path()
    }

    fn query(&self) -> Option<&str> {
        self.head.query()
    }

    #[inline(always)]
    fn header(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        self.head.header(name)
    }

    fn peer(&self) -> Option<IpAddr> {
        let peer = self.extensions.get();
        peer.map(|PeerAddress(address)| *address)
    }
}
