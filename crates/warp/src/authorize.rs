//! The authorise page's half of resource owner authorization
//! ([RFC 5849 section 2.2](https://www.rfc-editor.org/rfc/rfc5849#section-2.2)).

use std::sync::Arc;

use oauth1_provider::{Approved, Outcome, PendingAuthorization, Provider, Realms, UserId};
use warp::{Filter, Rejection};

use crate::AuthorizeRejection;

/// The pending request token named by `oauth_token` in the query, for a filter behind the
/// authorise path. Unknown, expired and decided tokens are refused with 400.
///
/// On GET, show [`Authorize::pending`]; on POST, call [`Authorize::approve`] or
/// [`Authorize::deny`], and answer with [`crate::redirect`] or a page. The form body is left to
/// the application: log-in and CSRF token are its own.
#[must_use]
pub fn authorize(
    provider: &Arc<Provider>,
) -> impl Filter<Extract = (Authorize,), Error = Rejection> + Clone + use<> {
    let provider = Arc::clone(provider);
    let none = warp::any().map(String::new);
    let query = warp::query::raw().or(none).unify();
    query.and_then(move |query: String| {
        let provider = Arc::clone(&provider);
        async move {
            let pending = provider.pending_authorization_in(Some(&query)).await;
            let pending = pending.map_err(AuthorizeRejection)?;
            Ok::<_, Rejection>(Authorize { provider, pending })
        }
    })
}

/// A pending request token, with its consumer and without its secret. Made by [`authorize`].
#[derive(Debug)]
pub struct Authorize {
    provider: Arc<Provider>,
    pending: PendingAuthorization,
}

impl Authorize {
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
    /// [`AuthorizeRejection`] if it was decided meanwhile, or the store could not answer.
    pub async fn approve(self, user: &UserId) -> Result<Approved, AuthorizeRejection> {
        Ok(self.provider.approve(&self.pending, user).await?)
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
        let approved = self.provider.approve_realms(&self.pending, user, realms);
        Ok(approved.await?)
    }

    /// Denies; the token dies.
    ///
    /// # Errors
    /// [`AuthorizeRejection`] if it was decided meanwhile, or the store could not answer.
    pub async fn deny(self) -> Result<Outcome, AuthorizeRejection> {
        Ok(self.provider.deny(&self.pending).await?)
    }
}
