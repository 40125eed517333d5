//! What axum knows of a request, told to the tower layer.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, OriginalUri, Request};
use oauth1_tower::{PeerAddress, SignedUri};

/// Nesting strips the path; what the client signed is axum's `OriginalUri`. The peer is known to
/// applications served with `into_make_service_with_connect_info::<SocketAddr>()`.
pub(crate) fn mark(request: &mut Request) {
    let original = request.extensions().get::<OriginalUri>();
    let stripped = original.filter(|original| original.path() != request.uri().path());
    if let Some(OriginalUri(uri)) = stripped {
        let signed = SignedUri(uri.clone());
        request.extensions_mut().insert(signed);
    }
    let extensions = request.extensions_mut();
    if let Some(ConnectInfo(address)) = extensions.get::<ConnectInfo<SocketAddr>>() {
        let peer = PeerAddress(address.ip());
        extensions.insert(peer);
    }
}
