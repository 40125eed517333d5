//! The authorise page's half of resource owner authorization
//! ([RFC 5849 section 2.2](https://www.rfc-editor.org/rfc/rfc5849#section-2.2)).

use std::sync::Arc;

use http::Uri;
use oauth1_provider::{AuthorizationError, Provider};

oauth1_provider::adapter_authorize! {
    /// The pending request token named by `oauth_token` in a request's query, with its consumer
    /// and without its secret.
    ///
    /// On GET, show [`Authorize::pending`]; on POST, call [`Authorize::approve`] or
    /// [`Authorize::deny`]. The form body is left to the application: log-in and CSRF token are
    /// its own. Answers: [`crate::redirect`], [`crate::authorize_refusal`].
    Authorize or AuthorizationError
}

impl Authorize {
    /// Looks the request token up.
    ///
    /// # Errors
    /// [`AuthorizationError`] if the token is absent, unknown, expired or decided, or the store
    /// could not answer.
    pub async fn new(provider: Arc<Provider>, uri: &Uri) -> Result<Self, AuthorizationError> {
        Self::of_query(provider, uri.query()).await
    }
}
