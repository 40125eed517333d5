//! The authorise page's half of resource owner authorization
//! ([RFC 5849 section 2.2](https://www.rfc-editor.org/rfc/rfc5849#section-2.2)).

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{
    Error, FromRequest, HttpRequest, dev::Payload, error::ErrorInternalServerError, web,
};
use oauth1_provider::{Approved, Outcome, PendingAuthorization, Provider, Realms, UserId};

use crate::AuthorizeRejection;

/// The pending request token named by `oauth_token` in the query, with its consumer and without
/// its secret. Unknown, expired and decided tokens are refused with 400.
///
/// On GET, show [`Authorize::pending`]; on POST, call [`Authorize::approve`] or
/// [`Authorize::deny`], and answer with [`crate::redirect`] or a page. The form body is left to
/// the application: log-in and CSRF token are its own.
///
/// It needs [`web::Data`] of the provider, as [`crate::token_endpoints`] gives it.
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
            let pending = provider.pending_authorization_in(uri.query()).await;
            let pending = pending.map_err(AuthorizeRejection)?;
            let provider = provider.into_inner();
            Ok(Self { provider, pending })
        })
    }
}
