//! Resource owner authorization: a user approves or denies a request token
//! ([RFC 5849 section 2.2](https://www.rfc-editor.org/rfc/rfc5849#section-2.2)).
//!
//! The page, the log-in and the CSRF token are the application's; this gives what it shows and
//! carries out what the user decided.

use std::sync::Arc;

use oauth1_core::{Callback, TokenKey, Verifier};

use crate::{
    Consumer, Decided, Decision, EntropyError, Provider, Realms, RequestTokenState, Response,
    StoreError, UserId, VerifierHash, entropy::letters,
};

/// A request token that waits for a decision, without its secret.
#[derive(Clone, Debug)]
pub struct PendingAuthorization {
    token: TokenKey,
    callback: Callback,
    realms: Realms,
    consumer: Arc<Consumer>,
}

impl PendingAuthorization {
    /// The request token.
    #[must_use]
    pub fn token(&self) -> &TokenKey {
        &self.token
    }

    /// Where the user goes afterwards, fixed when the token was made.
    #[must_use]
    pub fn callback(&self) -> &Callback {
        &self.callback
    }

    /// What is asked for, to show to the user.
    #[must_use]
    pub fn realms(&self) -> &Realms {
        &self.realms
    }

    /// The name of the consumer that asks, to show to the user (escaped).
    #[must_use]
    pub fn consumer_name(&self) -> &str {
        &self.consumer.name
    }

    /// The key of the consumer that asks.
    #[must_use]
    pub fn consumer_key(&self) -> &oauth1_core::ConsumerKey {
        self.consumer.key()
    }
}

/// An approval.
#[derive(Clone, Debug)]
pub struct Approved {
    token: TokenKey,
    callback: Callback,
    verifier: Verifier,
}

/// Where the user goes after a decision.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an application has to treat both")]
pub enum Outcome {
    /// Redirect (303) to this URI.
    Redirect(String),
    /// No callback: show the code, if there is one, to the user.
    Page(Option<Verifier>),
}

impl Outcome {
    /// The redirect, never cached and without a referrer, for it carries the verifier; `None`
    /// where a page is to be shown.
    #[must_use]
    pub fn redirect(&self) -> Option<Response> {
        match self {
            Self::Redirect(uri) => Some(Response::redirect(uri)),
            Self::Page(_) => None,
        }
    }
}

impl std::fmt::Debug for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Redirect(_) => "Redirect([redacted])",
            Self::Page(_) => "Page([redacted])",
        })
    }
}

impl Approved {
    /// The request token.
    #[must_use]
    pub fn token(&self) -> &TokenKey {
        &self.token
    }

    /// The verifier: for the approver only, and only now.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The redirect with `oauth_token` and `oauth_verifier`, or the code to show.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.callback
            .with_parameters(&[
                ("oauth_token", self.token.as_str()),
                ("oauth_verifier", self.verifier.as_str()),
            ])
            .map_or_else(
                || Outcome::Page(Some(self.verifier.clone())),
                Outcome::Redirect,
            )
    }
}

/// Why there is nothing to decide.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizationError {
    /// Unknown, expired, decided before, or of a disabled consumer.
    #[error("this request is unknown, expired or already decided")]
    NotPending,
    /// More was granted than had been asked for.
    #[error("a realm was not asked for")]
    RealmNotAsked,
    /// Store, manager or randomness could not answer.
    #[error("temporarily unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl AuthorizationError {
    /// The HTTP status: 400 or 503.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::NotPending | Self::RealmNotAsked => 400,
            Self::Unavailable(_) => 503,
        }
    }
}

impl From<StoreError> for AuthorizationError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<EntropyError> for AuthorizationError {
    fn from(error: EntropyError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl Provider {
    /// What the authorise page shows for a request's `oauth_token`.
    ///
    /// # Errors
    /// [`AuthorizationError`] if there is nothing to decide.
    pub async fn pending_authorization(
        &self,
        token: &str,
    ) -> Result<PendingAuthorization, AuthorizationError> {
        if token.len() > self.config.limits.identifier_bytes {
            return Err(AuthorizationError::NotPending);
        }
        let key = TokenKey::new(token).map_err(|_| AuthorizationError::NotPending)?;
        let token = self
            .told(self.in_time(self.store.request_token(&key)).await)?
            .ok_or(AuthorizationError::NotPending)?;
        if token.state != RequestTokenState::Pending || token.expires <= self.clock.now() {
            return Err(AuthorizationError::NotPending);
        }
        let consumer = self
            .told(self.in_time(self.manager.find(&token.consumer)).await)?
            .filter(|consumer| consumer.disabled.is_none())
            .ok_or(AuthorizationError::NotPending)?;
        Ok(PendingAuthorization {
            token: key,
            callback: token.callback,
            realms: token.realms,
            consumer,
        })
    }

    /// The same for a request's query, in which `oauth_token` has to stand once.
    ///
    /// # Errors
    /// [`AuthorizationError`] if there is nothing to decide.
    pub async fn pending_authorization_in(
        &self,
        query: Option<&str>,
    ) -> Result<PendingAuthorization, AuthorizationError> {
        let query = query.unwrap_or_default().as_bytes();
        let mut tokens = form_urlencoded::parse(query).filter(|(name, _)| name == "oauth_token");
        match (tokens.next(), tokens.next()) {
            (Some((_, token)), None) => self.pending_authorization(&token).await,
            _ => Err(AuthorizationError::NotPending),
        }
    }

    /// Approves for a user all that was asked for: a compare-and-set, so that a second approval
    /// fails and its user learns no verifier.
    ///
    /// # Security
    /// Call it on a POST with a CSRF token bound to session, request token and user only.
    ///
    /// # Errors
    /// [`AuthorizationError`] if there was nothing to decide.
    pub async fn approve(
        &self,
        pending: &PendingAuthorization,
        user: &UserId,
    ) -> Result<Approved, AuthorizationError> {
        self.approve_realms(pending, user, &pending.realms).await
    }

    /// Approves for a user some of [`PendingAuthorization::realms`], or none of them; else like
    /// [`Provider::approve`].
    ///
    /// # Security
    /// As of [`Provider::approve`].
    ///
    /// # Errors
    /// [`AuthorizationError`] if there was nothing to decide, or a realm was not asked for.
    pub async fn approve_realms(
        &self,
        pending: &PendingAuthorization,
        user: &UserId,
        realms: &Realms,
    ) -> Result<Approved, AuthorizationError> {
        if !realms.is_subset_of(&pending.realms) {
            return Err(AuthorizationError::RealmNotAsked);
        }
        let letters = self.told(letters::<22>(&*self.entropy))?;
        let verifier = Verifier::new(letters.expose()).map_err(|_| EntropyError::new())?;
        let hash = VerifierHash::new(&pending.token, &verifier);
        let decision = Decision::Approve {
            user: user.clone(),
            verifier: hash,
            realms: realms.clone(),
        };
        self.decide(pending, &decision).await?;
        let (token, callback) = (pending.token.clone(), pending.callback.clone());
        Ok(Approved {
            token,
            callback,
            verifier,
        })
    }

    /// Denies: the token dies. The outcome carries `oauth_problem=user_refused`.
    ///
    /// # Errors
    /// [`AuthorizationError`] if there was nothing to decide.
    pub async fn deny(
        &self,
        pending: &PendingAuthorization,
    ) -> Result<Outcome, AuthorizationError> {
        self.decide(pending, &Decision::Deny).await?;
        let parameters = [
            ("oauth_problem", "user_refused"),
            ("oauth_token", pending.token.as_str()),
        ];
        Ok(pending
            .callback
            .with_parameters(&parameters)
            .map_or(Outcome::Page(None), Outcome::Redirect))
    }

    async fn decide(
        &self,
        pending: &PendingAuthorization,
        decision: &Decision,
    ) -> Result<(), AuthorizationError> {
        let now = self.clock.now();
        let decided = self.store.decide(&pending.token, decision, now);
        match self.told(self.in_time(decided).await)? {
            Decided::Decided => {
                tracing::info!(token = ?pending.token, "oauth1 request token decided");
                Ok(())
            }
            Decided::NotPending => Err(AuthorizationError::NotPending),
        }
    }

    /// Tells the operator of an outage.
    fn told<T, E: std::error::Error + 'static>(&self, result: Result<T, E>) -> Result<T, E> {
        result.inspect_err(|error| self.outages.tell(error, self.clock.now()))
    }
}
