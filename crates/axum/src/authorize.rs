//! The authorise page's half of resource owner authorization
//! ([RFC 5849 section 2.2](https://www.rfc-editor.org/rfc/rfc5849#section-2.2)).

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
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
    Authorize or AuthorizeRejection
}

impl<S> FromRequestParts<S> for Authorize
where
    Arc<Provider>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = AuthorizeRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthorizeRejection> {
        let provider = Arc::<Provider>::from_ref(state);
        Ok(Self::of_query(provider, parts.uri.query()).await?)
    }
}
