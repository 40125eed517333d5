//! The framework's request as the provider's: what is signed is what the client saw.

use std::net::IpAddr;

use http::{Uri, request::Parts};
use oauth1_provider::HttpHead;

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

/// The head of a request, with what the extensions tell of it.
pub(crate) fn head(parts: &Parts) -> HttpHead<'_> {
    let extensions = &parts.extensions;
    let signed = extensions.get().map_or(&parts.uri, |SignedUri(uri)| uri);
    HttpHead::from(parts)
        .with_original_uri(signed)
        .with_tls(extensions.get::<SecureConnection>().is_some())
        .with_peer(extensions.get().map(|PeerAddress(address)| *address))
}
