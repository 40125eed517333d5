//! What warp does not tell its filters of a request: its URI as the client sent it.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Uri, uri::PathAndQuery};
use oauth1_tower::SignedUri;
use tower_service::Service;

/// Keeps the URI, unless a mount has kept the one that was sent.
pub(crate) fn mark<B>(request: &mut Request<B>) {
    if request.extensions().get::<SignedUri>().is_none() {
        let signed = SignedUri(request.uri().clone());
        request.extensions_mut().insert(signed);
    }
}

/// One service below a path, which it does not see; another for everything else. What the client
/// signed stays the whole URL.
///
/// ```
/// use std::sync::Arc;
/// use oauth1_provider::Provider;
/// use oauth1_warp::{Mount, OAuthLayer, token_endpoints};
/// use tower_layer::Layer;
/// use warp::Filter;
///
/// # fn service(provider: Arc<Provider>) {
/// let layer = OAuthLayer::new(Arc::clone(&provider));
/// let api = layer.layer(warp::service(token_endpoints(&provider)));
/// let pages = layer.layer(warp::service(warp::any().map(|| "hello")));
/// let service = Mount::new("/api", api, pages); // the endpoints are at /api/oauth/..
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Mount<S, T> {
    path: &'static str,
    below: S,
    beside: T,
}

impl<S, T> Mount<S, T> {
    /// `path` starts with a slash and does not end with one.
    pub fn new(path: &'static str, below: S, beside: T) -> Self {
        Self {
            path,
            below,
            beside,
        }
    }

    /// The URI below the path; `None` beside it.
    fn stripped(&self, uri: &Uri) -> Option<Uri> {
        let path = uri.path().strip_prefix(self.path)?;
        let path = match path {
            "" => "/",
            path if path.starts_with('/') => path,
            _ => return None,
        };
        let path = match uri.query() {
            Some(query) => PathAndQuery::try_from(format!("{path}?{query}")),
            None => PathAndQuery::try_from(path),
        };
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(path.ok()?);
        Uri::from_parts(parts).ok()
    }
}

impl<S, T, B> Service<Request<B>> for Mount<S, T>
where
    S: Service<Request<B>>,
    S::Future: Send + 'static,
    T: Service<Request<B>, Response = S::Response, Error = S::Error>,
    T::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        match self.below.poll_ready(context) {
            Poll::Ready(Ok(())) => self.beside.poll_ready(context),
            other => other,
        }
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let Some(stripped) = self.stripped(request.uri()) else {
            return Box::pin(self.beside.call(request));
        };
        mark(&mut request);
        *request.uri_mut() = stripped;
        Box::pin(self.below.call(request))
    }
}
