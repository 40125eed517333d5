//! Identifies every request: the tower layer, with axum's body and original URI.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    BoxError,
    body::{Bytes, HttpBody},
    extract::Request,
    http,
    response::Response,
};
use futures_util::{TryFutureExt, future::MapOk};
use oauth1_provider::Provider;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    body::{AxumBody, with_axums_body},
    convert::mark,
};

/// Identifies every request: [`Identity`](oauth1_provider::Identity) stands in its extensions
/// afterwards, if it was signed. In nested routers the URL that the client saw counts.
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
        OAuthService(self.0.layer(AxumBody(inner)))
    }
}

/// The service of [`OAuthLayer`].
#[derive(Clone, Debug)]
pub struct OAuthService<S>(oauth1_tower::OAuthService<AxumBody<S>>);

type Inner<S> = oauth1_tower::OAuthService<AxumBody<S>>;

impl<S, RB> Service<Request> for OAuthService<S>
where
    S: Service<Request, Response = http::Response<RB>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    RB: HttpBody<Data = Bytes> + Send + 'static,
    RB::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = MapOk<
        <Inner<S> as Service<Request>>::Future,
        fn(<Inner<S> as Service<Request>>::Response) -> Response,
    >;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        <Inner<S> as Service<Request>>::poll_ready(&mut self.0, context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        mark(&mut request);
        self.0.call(request).map_ok(with_axums_body)
    }
}
