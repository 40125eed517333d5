//! What a request costs in memory.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use oauth1_provider::{MemoryManager, MemoryReplayGuard, Provider};
use oauth1_tower::OAuthLayer;
use tower_layer::Layer;
use tower_service::Service;

/// For more, glibc takes a fifth of a microsecond longer: as much as all else that the layer does.
const LIMIT_BYTES: usize = 1_032;
/// What of it is left to the application's own future and body, which stand in it.
const APPLICATION_BYTES: usize = 344;

/// It answers at once: what is measured is the layer's.
#[derive(Clone)]
struct Empty;

impl<B> Service<Request<B>> for Empty {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<B>) -> Self::Future {
        ready(Ok(Response::default()))
    }
}

#[test]
fn the_future_of_a_request_fits_where_allocation_is_fast() {
    let guard = Arc::new(MemoryReplayGuard::without_history());
    let builder = Provider::verify_only(Arc::new(MemoryManager::default()), guard);
    let layer = OAuthLayer::new(Arc::new(builder.build().unwrap()));
    let mut service = layer.layer(Empty);
    let future = service.call(Request::new(Full::<Bytes>::default()));
    let size_bytes = size_of_val(&*future);
    assert!(
        size_bytes <= LIMIT_BYTES - APPLICATION_BYTES,
        "{size_bytes}"
    );
}
