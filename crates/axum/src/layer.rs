//! Identifies every request: the tower layer, with axum's body and original URI.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use axum::{extract::Request, http};
use bytes::Bytes;
use http_body_util::{Either, Full};
use oauth1_provider::Provider;
use tower_layer::Layer;
use tower_service::Service;

use crate::{body::AxumBody, convert::mark};

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

impl<S, RB> Service<Request> for OAuthService<S>
where
    S: Service<Request, Response = http::Response<RB>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    RB: Send + 'static,
{
    type Response = http::Response<Either<RB, Full<Bytes>>>;
    type Error = S::Error;
    type Future = <oauth1_tower::OAuthService<AxumBody<S>> as Service<Request>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        <oauth1_tower::OAuthService<AxumBody<S>> as Service<Request>>::poll_ready(
            &mut self.0,
            context,
        )
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        mark(&mut request);
        self.0.call(request)
    }
}
