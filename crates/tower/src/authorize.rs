//! The authorise page's half of resource owner authorization
//! ([RFC 5849 section 2.2](https://www.rfc-editor.org/rfc/rfc5849#section-2.2)).

use std::sync::Arc;

use http::Uri;
use oauth1_provider::{
    Approved, AuthorizationError, Outcome, PendingAuthorization, Provider, Realms, UserId,
};

/// The pending request token named by `oauth_token` in a request's query, with its consumer and
/// without its secret.
///
/// On GET, show [`Authorize::pending`]; on POST, call [`Authorize::approve`] or
/// [`Authorize::deny`]. The form body is left to the application: log-in and CSRF token are its
/// own. Answers: [`crate::redirect`], [`crate::authorize_refusal`].
#[derive(Debug)]
pub struct Authorize {
    provider: Arc<Provider>,
    pending: PendingAuthorization,
}

impl Authorize {
    /// Looks the request token up.
    ///
    /// # Errors
    /// [`AuthorizationError`] if the token is absent, unknown, expired or decided, or the store
    /// could not answer.
    pub async fn new(provider: Arc<Provider>, uri: &Uri) -> Result<Self, AuthorizationError> {
        let pending = provider.pending_authorization_in(uri.query()).await?;
        Ok(Self { provider, pending })
    }

    /// What is asked for.
    #[must_use]
    pub fn pending(&self) -> &PendingAuthorization {
        &self.pending
    }

    /// Approves for a user.
    ///
    /// # Security
    /// Call it on a POST with a CSRF token bound to session, request token and user only.
    ///
    /// # Errors
    /// [`AuthorizationError`] if it was decided meanwhile, or the store could not answer.
    pub async fn approve(self, user: &UserId) -> Result<Approved, AuthorizationError> {
        self.provider.approve(&self.pending, user).await
    }

    /// Approves for a user some of the realms of [`Authorize::pending`], or none of them.
    ///
    /// # Security
    /// As of [`Authorize::approve`].
    ///
    /// # Errors
    /// [`AuthorizationError`] if a realm was not asked for, it was decided meanwhile, or the store
    /// could not answer.
    pub async fn approve_realms(
        self,
        user: &UserId,
        realms: &Realms,
    ) -> Result<Approved, AuthorizationError> {
        self.provider
            .approve_realms(&self.pending, user, realms)
            .await
    }

    /// Denies; the token dies.
    ///
    /// # Errors
    /// [`AuthorizationError`] if it was decided meanwhile, or the store could not answer.
    pub async fn deny(self) -> Result<Outcome, AuthorizationError> {
        self.provider.deny(&self.pending).await
    }
}
