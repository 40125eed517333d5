//! The token endpoints as routes.

use std::sync::Arc;

use axum::{Router, extract::Request, routing::any};
use oauth1_provider::Provider;
use oauth1_tower::TokenEndpoints;
use tower_service::Service;

use crate::convert::mark;

/// Routes at the provider's token paths, which may be equal.
pub fn token_endpoints<S: Clone + Send + Sync + 'static>(provider: &Arc<Provider>) -> Router<S> {
    let endpoints = TokenEndpoints::new(Arc::clone(provider));
    let answer = any(move |mut request: Request| {
        let mut endpoints = endpoints.clone();
        async move {
            mark(&mut request);
            endpoints.call(request).await
        }
    });
    let router = Router::new().route(provider.request_token_path(), answer.clone());
    if provider.access_token_path() == provider.request_token_path() {
        return router;
    }
    router.route(provider.access_token_path(), answer)
}
