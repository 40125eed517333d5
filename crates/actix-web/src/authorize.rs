//! The authorise page's half of resource owner authorization
//! ([RFC 5849 section 2.2](https://www.rfc-editor.org/rfc/rfc5849#section-2.2)).

use std::{future::Future, pin::Pin};

use actix_web::{
    Error, FromRequest, HttpRequest, dev::Payload, error::ErrorInternalServerError, web,
};
use oauth1_provider::Provider;

use crate::AuthorizeRejection;

oauth1_provider::adapter_authorize! {
    /// The pending request token named by `oauth_token` in the query, with its consumer and
    /// without its secret. Unknown, expired and decided tokens are refused with 400.
    ///
    /// On GET, show [`Authorize::pending`]; on POST, call [`Authorize::approve`] or
    /// [`Authorize::deny`], and answer with [`crate::redirect`] or a page. The form body is left
    /// to the application: log-in and CSRF token are its own.
    ///
    /// It needs [`web::Data`] of the provider, as [`crate::token_endpoints`] gives it.
    Authorize or AuthorizeRejection
}

impl FromRequest for Authorize {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let provider = request.app_data::<web::Data<Provider>>().cloned();
        let uri = request.uri().clone();
        Box::pin(async move {
            let provider = provider.ok_or_else(|| {
                tracing::error!("the extractor Authorize needs web::Data<Provider>");
                ErrorInternalServerError("not configured")
            })?;
            let found = Self::of_query(provider.into_inner(), uri.query()).await;
            Ok(found.map_err(AuthorizeRejection)?)
        })
    }
}
