//! Identifies every request, with axum's body and original URI.

use std::{
    future::{Future, poll_fn},
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    BoxError,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http,
    response::Response,
};
use http_body_util::Either;
use oauth1_provider::{Provider, RequestHead};
use oauth1_tower::{Forwarded, Received, finish_response, into_http, put_identity};
use tower_layer::Layer;
use tower_service::Service;

use crate::convert::head;

/// Identifies every request: [`Identity`](oauth1_provider::Identity) stands in its extensions
/// afterwards, if it was signed. In nested routers the URL that the client saw counts.
#[derive(Clone, Debug)]
pub struct OAuthLayer(Arc<Provider>);

impl OAuthLayer {
    /// Of a provider.
    #[must_use]
    pub fn new(provider: Arc<Provider>) -> Self {
        Self(provider)
    }
}

impl<S> Layer<S> for OAuthLayer {
    type Service = OAuthService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        OAuthService(Arc::new(Around {
            provider: Arc::clone(&self.0),
            inner,
        }))
    }
}

/// The service of [`OAuthLayer`]. As axum's own routes it is always ready: what it stands around is
/// waited for when the request is identified.
#[derive(Debug)]
pub struct OAuthService<S>(Arc<Around<S>>);

/// In one place: axum clones a service for every request, and a route's clone is two boxes.
#[derive(Debug)]
struct Around<S> {
    provider: Arc<Provider>,
    inner: S,
}

impl<S> Clone for OAuthService<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S, RB> Service<Request> for OAuthService<S>
where
    S: Service<Request, Response = http::Response<RB>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Send,
    RB: HttpBody<Data = Bytes> + Send + 'static,
    RB::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let around = Arc::clone(&self.0);
        // Memory first: then the request is moved straight to where it stays.
        let place = Box::new_uninit();
        let future = Box::write(place, async move {
            let provider = &around.provider;
            let refused = |response| Ok(into_http(response).map(Body::new));
            let body = mem::take(request.body_mut());
            let head = head(&request);
            let (identity, body) = if provider.is_protocol_path(head.routed_path()) {
                (None, body)
            } else {
                let received = match Received::read(provider, &head, body).await {
                    Ok(received) => received,
                    Err(response) => return refused(response),
                };
                let url = provider.signed_url(&head);
                let signed = url.request(&head, received.as_read());
                match provider.identify(&signed).await {
                    Ok(identity) => (identity, axums(received.forwarded())),
                    Err(response) => return refused(response),
                }
            };
            put_identity(identity, request.extensions_mut());
            *request.body_mut() = body;
            let mut inner = around.inner.clone();
            poll_fn(|context| inner.poll_ready(context)).await?;
            let mut response = inner.call(request).await?;
            let report = finish_response(provider, &mut response);
            Ok(response.map(|body| report.map_or_else(|| Body::new(body), Body::new)))
        });
        Box::into_pin(future)
    }
}

fn axums(body: Forwarded<Body>) -> Body {
    match body {
        Either::Left(body) => body,
        Either::Right(form) => Body::new(form),
    }
}
