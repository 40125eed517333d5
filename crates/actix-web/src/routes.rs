//! The token endpoints (sections 2.1 and 2.3) as routes.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};
use oauth1_provider::Provider;

use crate::{body, convert::Head, rejection::into_actix};

/// Mounts the provider's token paths, which may be equal, and gives [`crate::Authorize`] its
/// provider: for the `configure` of an `App` or a `Scope`.
///
/// In a scope, [`crate::OAuth`] belongs around the same scope: both compare paths as it sees them.
pub fn token_endpoints(provider: &Arc<Provider>) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let provider = Arc::clone(provider);
    move |config| {
        mount(config, &provider, provider.request_token_path());
        if provider.access_token_path() != provider.request_token_path() {
            mount(config, &provider, provider.access_token_path());
        }
        config.app_data(web::Data::from(provider));
    }
}

fn mount(config: &mut ServiceConfig, provider: &Arc<Provider>, path: &str) {
    let (provider, own) = (Arc::clone(provider), Arc::<str>::from(path));
    let answer = move |request: HttpRequest, payload: web::Payload| {
        let (provider, own) = (Arc::clone(&provider), Arc::clone(&own));
        async move { answer(&provider, &own, &request, payload).await }
    };
    config.service(web::resource(path).to(answer));
}

async fn answer(
    provider: &Provider,
    own: &str,
    request: &HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    // The router unescapes, and finds more than what is written so.
    if !request.path().ends_with(own) {
        return HttpResponse::NotFound().finish();
    }
    let head = Head(request);
    let answer = match body::read(provider, &head, &mut payload.into_inner()).await {
        Ok(read) => {
            let url = provider.signed_url(&head);
            let request = url.request(&head, read.as_read());
            provider.token_endpoint_at(own, &request).await
        }
        Err(response) => response,
    };
    into_actix(answer)
}
