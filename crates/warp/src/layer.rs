//! Identifies every request: the tower layer around a whole filter.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{Either, Full};
use oauth1_provider::Provider;
use tower_layer::Layer;
use tower_service::Service;

use crate::convert::mark;

/// Identifies every request: the filters [`crate::identity`], [`crate::require`] and their like
/// find the identity afterwards, if it was signed. A bad attempt is refused, and the challenge is
/// added to 401s. It goes around `warp::service(filter)`, which makes a service of tower.
#[derive(Clone, Debug)]
pub struct OAuthLayer(oauth1_tower::OAuthLayer);

impl OAuthLayer {
    /// Of a provider.
    #[must_use]
    pub fn new(provider: Arc<Provider>) -> Self {
        Self(oauth1_tower::OAuthLayer::new(provider))
    }
}

impl<S> Layer<S> for OAuthLayer {
    type Service = OAuthService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        OAuthService(self.0.layer(inner))
    }
}

/// The service of [`OAuthLayer`].
#[derive(Clone, Debug)]
pub struct OAuthService<S>(oauth1_tower::OAuthService<S>);

impl<S, B, RB> Service<Request<B>> for OAuthService<S>
where
    S: Service<Request<Either<B, Full<Bytes>>>, Response = Response<RB>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    B: Body<Data = Bytes> + Send + 'static,
    RB: Send + 'static,
{
    type Response = Response<Either<RB, Full<Bytes>>>;
    type Error = S::Error;
    type Future = <oauth1_tower::OAuthService<S> as Service<Request<B>>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        <oauth1_tower::OAuthService<S> as Service<Request<B>>>::poll_ready(&mut self.0, context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The filters of the provider's own paths want it whole.
        if self.0.provider().is_protocol_path(request.uri().path()) {
            mark(&mut request);
        }
        self.0.call(request)
    }
}
