//! What axum knows of a request, told to the tower layer.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, OriginalUri, Request},
    http::{Extensions, Uri},
};
use oauth1_tower::{Head, PeerAddress, SignedUri};

/// Nesting strips the path; what the client signed is axum's `OriginalUri`. The peer is known to
/// applications served with `into_make_service_with_connect_info::<SocketAddr>()`.
pub(crate) fn head(request: &Request) -> Head<'_> {
    Head::from(request)
        .with_signed_uri(stripped(request))
        .with_peer_of(peer)
}

/// The same for a service of the tower layer.
pub(crate) fn mark(request: &mut Request) {
    if let Some(uri) = stripped(request) {
        let signed = SignedUri(uri.clone());
        request.extensions_mut().insert(signed);
    }
    if let Some(address) = peer(request.extensions()) {
        request.extensions_mut().insert(PeerAddress(address));
    }
}

fn stripped(request: &Request) -> Option<&Uri> {
    let OriginalUri(original) = request.extensions().get()?;
    (original.path() != request.uri().path()).then_some(original)
}

fn peer(extensions: &Extensions) -> Option<IpAddr> {
    match extensions.get() {
        Some(ConnectInfo::<SocketAddr>(address)) => Some(address.ip()),
        None => extensions.get().map(|PeerAddress(address)| *address),
    }
}
