//! Identifies every request.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Extensions, Request};
use http_body::Body;
use http_body_util::{Either, Full};
use oauth1_provider::{Identity, Provider, RequestHead};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    body::{Forwarded, Received},
    convert::Head,
    rejection::{finish_response, into_http},
};

/// Identifies every request: [`Identity`] stands in its extensions
/// afterwards, if it was signed. Requests to the provider's own paths pass as they are.
#[derive(Clone, Debug)]
pub struct OAuthLayer {
    provider: Arc<Provider>,
}

impl OAuthLayer {
    /// Of a provider.
    #[must_use]
    pub fn new(provider: Arc<Provider>) -> Self {
        Self { provider }
    }
}

impl<S> Layer<S> for OAuthLayer {
    type Service = OAuthService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        OAuthService {
            provider: Arc::clone(&self.provider),
            inner,
        }
    }
}

/// The service of [`OAuthLayer`].
#[derive(Clone, Debug)]
pub struct OAuthService<S> {
    provider: Arc<Provider>,
    inner: S,
}

impl<S> OAuthService<S> {
    /// Of whom the layer is.
    #[must_use]
    pub fn provider(&self) -> &Arc<Provider> {
        &self.provider
    }
}

type Answer<RB> = http::Response<Either<RB, Full<Bytes>>>;

impl<S, B, RB> Service<Request<B>> for OAuthService<S>
where
    S: Service<Request<Forwarded<B>>, Response = http::Response<RB>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    B: Body<Data = Bytes> + Send + 'static,
    RB: Send + 'static,
{
    type Response = Answer<RB>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The service that was polled ready is the one to call; its clone waits for the next.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let provider = Arc::clone(&self.provider);
        // Taken apart here: what a future has moved on from within keeps its room in it.
        let (mut parts, body) = request.into_parts();
        // Memory first: then the request is moved straight to where it stays.
        let place = Box::new_uninit();
        let future = Box::write(place, async move {
            let refused = |response| Ok(into_http(response).map(Either::Right));
            let head = Head::from(&parts);
            let (identity, body) = if provider.is_protocol_path(head.routed_path()) {
                (None, Either::Left(body))
            } else {
                let received = match Received::read(&provider, &head, body).await {
                    Ok(received) => received,
                    Err(response) => return refused(response),
                };
                let url = provider.signed_url(&head);
                let request = url.request(&head, received.as_read());
                match provider.identify(&request).await {
                    Ok(identity) => (identity, received.forwarded()),
                    Err(response) => return refused(response),
                }
            };
            put_identity(identity, &mut parts.extensions);
            let mut response = inner.call(Request::from_parts(parts, body)).await?;
            let report = finish_response(&provider, &mut response);
            Ok(response.map(|body| report.map_or(Either::Left(body), Either::Right)))
        });
        Box::into_pin(future)
    }
}

/// Puts it where [`crate::identity`] finds it. Whatever stands there was not put there by this
/// provider.
pub fn put_identity(identity: Option<Identity>, extensions: &mut Extensions) {
    match identity {
        Some(identity) => extensions.insert(identity),
        None => extensions.remove(),
    };
}
