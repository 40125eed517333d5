//! What a request costs in memory.

use std::sync::Arc;

use axum::{Router, body::Body, extract::Request};
use oauth1_axum::OAuthLayer;
use oauth1_provider::{MemoryManager, MemoryReplayGuard, Provider};
use tower_layer::Layer;
use tower_service::Service;

/// For more, glibc takes a fifth of a microsecond longer: as much as all else that the layer does.
const LIMIT_BYTES: usize = 1_032;

#[test]
fn the_future_of_a_request_fits_where_allocation_is_fast() {
    let guard = Arc::new(MemoryReplayGuard::without_history());
    let builder = Provider::verify_only(Arc::new(MemoryManager::default()), guard);
    let layer = OAuthLayer::new(Arc::new(builder.build().unwrap()));
    let mut service = layer.layer(Router::<()>::new());
    let future = service.call(Request::new(Body::empty()));
    let size_bytes = size_of_val(&*future);
    assert!(size_bytes <= LIMIT_BYTES, "{size_bytes}");
}
