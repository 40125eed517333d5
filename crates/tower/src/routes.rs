//! The token endpoints (sections 2.1 and 2.3).

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::Request;
use http_body::Body;
use http_body_util::Full;
use oauth1_provider::{Provider, RequestHead};
use tower_service::Service;

use crate::{body::Received, convert::Head, rejection::into_http};

/// Answers at the provider's two token paths, which may be equal; at others with 404.
#[derive(Clone, Debug)]
pub struct TokenEndpoints {
    provider: Arc<Provider>,
}

impl TokenEndpoints {
    /// Of a provider.
    #[must_use]
    pub fn new(provider: Arc<Provider>) -> Self {
        Self { provider }
    }
}

impl<B> Service<Request<B>> for TokenEndpoints
where
    B: Body<Data = Bytes> + Send + 'static,
{
    type Response = http::Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let provider = Arc::clone(&self.provider);
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let head = Head::from(&parts);
            let answer = match Received::read(&provider, &head, body).await {
                Ok(read) => {
                    let url = provider.signed_url(&head);
                    let request = url.request(&head, read.as_read());
                    provider
                        .token_endpoint_at(head.routed_path(), &request)
                        .await
                }
                Err(response) => response,
            };
            Ok(into_http(answer))
        })
    }
}
