//! The authorise page's half of resource owner authorization
//! ([RFC 5849 section 2.2](https://www.rfc-editor.org/rfc/rfc5849#section-2.2)).

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use oauth1_provider::{Approved, Outcome, PendingAuthorization, Provider, Realms, UserId};

use crate::AuthorizeRejection;

/// The pending request token named by `oauth_token` in the query, with its consumer and without
/// its secret. Unknown, expired and decided tokens are refused with 400.
///
/// On GET, show [`Authorize::pending`]; on POST, call [`Authorize::approve`] or
/// [`Authorize::deny`], and answer with
/// [`crate::redirect`] or a page. The form body is left to the
/// application: log-in and CSRF token are its own.
#[derive(Debug)]
pub struct Authorize(oauth1_tower::Authorize);

impl Authorize {
    /// What is asked for.
    #[must_use]
    pub fn pending(&self) -> &PendingAuthorization {
        self.0.pending()
    }

    /// Approves for a user.
    ///
    /// # Security
    /// Call it on a POST with a CSRF token bound to session, request token and user only.
    ///
    /// # Errors
    /// [`AuthorizeRejection`] if it was decided meanwhile, or the store could not answer.
    pub async fn approve(self, user: &UserId) -> Result<Approved, AuthorizeRejection> {
        Ok(self.0.approve(user).await?)
    }

    /// Approves for a user some of the realms of [`Authorize::pending`], or none of them.
    ///
    /// # Security
    /// As of [`Authorize::approve`].
    ///
    /// # Errors
    /// [`AuthorizeRejection`] if a realm was not asked for, it was decided meanwhile, or the
    /// store could not answer.
    pub async fn approve_realms(
        self,
        user: &UserId,
        realms: &Realms,
    ) -> Result<Approved, AuthorizeRejection> {
        Ok(self.0.approve_realms(user, realms).await?)
    }

    /// Denies; the token dies.
    ///
    /// # Errors
    /// [`AuthorizeRejection`] if it was decided meanwhile, or the store could not answer.
    pub async fn deny(self) -> Result<Outcome, AuthorizeRejection> {
        Ok(self.0.deny().await?)
    }
}

impl<S> FromRequestParts<S> for Authorize
where
    Arc<Provider>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = AuthorizeRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthorizeRejection> {
        let provider = Arc::<Provider>::from_ref(state);
        Ok(Self(
            oauth1_tower::Authorize::new(provider, &parts.uri).await?,
        ))
    }
}
