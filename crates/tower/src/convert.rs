//! The framework's request as the provider's: what is signed is what the client saw.

use std::net::IpAddr;

use http::{HeaderValue, Uri, request::Parts};
use oauth1_provider::RequestHead;

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

/// The head of a request of `http` 1.x.
pub(crate) struct Head<'a>(pub(crate) &'a Parts);

impl Head<'_> {
    fn signed_uri(&self) -> &Uri {
        let signed = self.0.extensions.get::<SignedUri>();
        signed.map_or(&self.0.uri, |signed| &signed.0)
    }
}

impl RequestHead for Head<'_> {
    fn method(&self) -> &str {
        self.0.method.as_str()
    }

    fn is_tls(&self) -> bool {
        self.0.extensions.get::<SecureConnection>().is_some()
    }

    fn authority(&self) -> Option<&str> {
        self.signed_uri()
            .authority()
            .map(http::uri::Authority::as_str)
    }

    fn path(&self) -> &str {
        self.signed_uri().path()
    }

    fn routed_path(&self) -> &str {
        self.0.uri.path()
    }

    fn query(&self) -> Option<&str> {
        self.signed_uri().query()
    }

    fn header(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        let values = self.0.headers.get_all(name);
        values.into_iter().map(HeaderValue::as_bytes)
    }

    fn peer(&self) -> Option<IpAddr> {
        self.0.extensions.get().map(|PeerAddress(address)| *address)
    }
}
