//! What a request costs in memory.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use oauth1_provider::{MemoryManager, MemoryReplayGuard, Provider};
use oauth1_warp::OAuthLayer;
use tower_layer::Layer;
use tower_service::Service;
use warp::{Filter, http::Request};

/// For more, glibc takes a fifth of a microsecond longer: as much as all else that the layer does.
const LIMIT_BYTES: usize = 1_032;
/// What of it is left to the application's own future and body, which stand in it.
const APPLICATION_BYTES: usize = 344;

#[test]
fn the_future_of_a_request_fits_where_allocation_is_fast() {
    let guard = Arc::new(MemoryReplayGuard::without_history());
    let builder = Provider::verify_only(Arc::new(MemoryManager::default()), guard);
    let layer = OAuthLayer::new(Arc::new(builder.build().unwrap()));
    let mut service = layer.layer(warp::service(warp::any().map(|| "here")));
    let future = service.call(Request::new(Full::<Bytes>::default()));
    let size_bytes = size_of_val(&*future);
    assert!(
        size_bytes <= LIMIT_BYTES - APPLICATION_BYTES,
        "{size_bytes}"
    );
}
