//! OAuth Session 1.0 (draft 1): access tokens with an end, renewed by the consumer without the
//! user as long as the authorization lasts.
//!
//! The consumer signs a request to the access token endpoint with its old access token, expired
//! or not, and adds `oauth_session_handle`. The old token dies as the new one comes to be.
//!
//! A handle stays the same as long as its authorization lasts: clients may keep the first answer's.
//! It has 130 random bits and counts only beside a valid signature by the token's secret, so
//! attempts need no limit: a wrong one changes nothing.

use std::time::Duration;

use oauth1_core::{Error, ErrorCode, Parsed, SessionHandle, Timestamp, TokenKey};

use crate::{
    AccessToken, Consumer, Denied, EntropyError, Provider, Refusal, Renewal, Renewed, Response,
    Session, SessionHandleHash,
    authenticate::{Token, Verified},
    entropy::letters,
};

/// How long access tokens and the authorizations behind them last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sessions {
    /// Of an access token, where the consumer's policy says nothing. Default an hour.
    pub access_token_lifetime: Duration,
    /// Of an authorization, from the user's approval on. Default 30 days.
    pub authorization_lifetime: Duration,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            access_token_lifetime: Duration::from_secs(3_600),
            authorization_lifetime: Duration::from_secs(30 * 24 * 3_600),
        }
    }
}

impl Sessions {
    /// With these lifetimes.
    #[must_use]
    pub const fn new(access_token_lifetime: Duration, authorization_lifetime: Duration) -> Self {
        Self {
            access_token_lifetime,
            authorization_lifetime,
        }
    }

    pub(crate) fn is_sound(self) -> bool {
        self.access_token_lifetime.as_secs() > 0 && self.authorization_lifetime.as_secs() > 0
    }
}

impl Provider {
    /// The handle, if sessions are on and this is a renewal. With a verifier it is an exchange.
    pub(crate) fn renewal(&self, parsed: &Parsed<'_>) -> Result<Option<SessionHandle>, Error> {
        let parameters = parsed.parameters();
        if self.config.sessions.is_none() || parameters.verifier().is_some() {
            return Ok(None);
        }
        if parameters.token().is_none() {
            return Ok(None);
        }
        parsed.session_handle(&self.config.limits)
    }

    /// A session that starts now, if sessions are on.
    pub(crate) fn new_session(
        &self,
        now: Timestamp,
    ) -> Result<Option<(SessionHandle, Session)>, EntropyError> {
        let Some(sessions) = self.config.sessions else {
            return Ok(None);
        };
        let letters = letters::<22>(&*self.entropy)?;
        let handle = SessionHandle::new(letters.expose()).map_err(|_| EntropyError::new())?;
        let session = Session {
            handle: SessionHandleHash::new(&handle),
            expires: now.plus(sessions.authorization_lifetime),
        };
        Ok(Some((handle, session)))
    }

    /// When an access token issued now expires: by the consumer's policy, or by the sessions'.
    pub(crate) fn expiry(
        &self,
        consumer: &Consumer,
        now: Timestamp,
        session: Option<&(SessionHandle, Session)>,
    ) -> Option<Timestamp> {
        let of_sessions = self.config.sessions.map(|s| s.access_token_lifetime);
        let lifetime = consumer.policy.access_token_lifetime.or(of_sessions)?;
        let expires = now.plus(lifetime);
        Some(session.map_or(expires, |(_, session)| expires.min(session.expires)))
    }

    pub(crate) async fn renew(
        &self,
        verified: Verified<'_>,
        handle: &SessionHandle,
    ) -> Result<Response, Refusal> {
        let Token::Access(old) = &verified.token else {
            return Err(Denied::new(ErrorCode::TokenRejected).into());
        };
        let expires = self.expiry(&verified.consumer, verified.now, None);
        let key = letters::<22>(&*self.entropy)?;
        let renewal = Renewal {
            access_token: old.key.clone(),
            consumer: verified.consumer.key().clone(),
            handle: SessionHandleHash::new(handle),
            key: TokenKey::new(key.expose()).map_err(|_| EntropyError::new())?,
            secret: letters::<44>(&*self.entropy)?,
            expires: expires.ok_or_else(|| Denied::new(ErrorCode::TokenRejected))?,
        };
        let renewed = self.store.renew(&renewal, verified.now);
        let code = match self.in_time(renewed).await? {
            Renewed::Renewed(token) => {
                tracing::info!(consumer = %token.consumer, token = ?token.key, "oauth1 access token renewed");
                return Ok(issued(&token, Some(handle), verified.now));
            }
            Renewed::NotFound if old.session.is_some() => ErrorCode::TokenUsed,
            Renewed::NotFound | Renewed::WrongHandle => ErrorCode::TokenRejected,
            Renewed::Expired => ErrorCode::TokenExpired,
        };
        Err(Denied::new(code).into())
    }
}

/// The answer with an access token, and with a session what is left of both lifetimes in seconds.
pub(crate) fn issued(
    token: &AccessToken,
    handle: Option<&SessionHandle>,
    now: Timestamp,
) -> Response {
    let mut pairs = vec![
        ("oauth_token", token.key.as_str()),
        ("oauth_token_secret", token.secret.expose()),
    ];
    let left = |end: Timestamp| end.as_secs().saturating_sub(now.as_secs()).to_string();
    let expires_in = token.expires.map(left);
    let session = token.session.as_ref().zip(handle);
    let authorization_expires_in = session.map(|(session, _)| left(session.expires));
    if let Some((_, handle)) = session {
        pairs.push(("oauth_session_handle", handle.as_str()));
        pairs.extend(expires_in.as_deref().map(|left| ("oauth_expires_in", left)));
        let left = authorization_expires_in.as_deref();
        pairs.extend(left.map(|left| ("oauth_authorization_expires_in", left)));
    }
    Response::credentials(&pairs)
}
