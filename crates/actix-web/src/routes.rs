//! The token endpoints (sections 2.1 and 2.3) as routes.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};
use oauth1_provider::Provider;

use crate::{body, convert::convert, rejection::into_actix};

/// Mounts the provider's token paths, which may be equal, and gives [`crate::Authorize`] its
/// provider: for `App::configure`.
///
/// The provider's paths are whole paths: do not mount them in a scope.
pub fn token_endpoints(provider: &Arc<Provider>) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let provider = Arc::clone(provider);
    move |config| {
        let paths = [provider.request_token_path(), provider.access_token_path()];
        let paths: &[&str] = if paths[0] == paths[1] {
            &paths[..1]
        } else {
            &paths
        };
        config
            .app_data(web::Data::from(Arc::clone(&provider)))
            .service(web::resource(paths.to_vec()).to(answer));
    }
}

async fn answer(
    provider: web::Data<Provider>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let answer = match body::read(&provider, request.head(), payload.into_inner()).await {
        Ok((read, _)) => {
            provider
                .token_endpoint(&convert(&provider, request.head(), &read))
                .await
        }
        Err(response) => response,
    };
    into_actix(answer)
}
