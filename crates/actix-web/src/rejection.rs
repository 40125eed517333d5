//! The provider's answers as actix-web's, and what extractors answer when they have nothing to
//! give.

use std::fmt;

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue, WWW_AUTHENTICATE},
    },
};
use oauth1_provider::{AuthorizationError, GuardRefusal, Outcome, Response, core::Challenge};

/// Turns the provider's answer into actix-web's.
#[must_use]
pub fn into_actix(response: Response) -> HttpResponse {
    let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut out = HttpResponse::new(status)
        .set_body(response.body)
        .map_into_boxed_body();
    for (name, value) in response.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            out.headers_mut()
                .append(HeaderName::from_static(name), value);
        }
    }
    out
}

/// The answer to a guard's refusal: its message as plain text. [`crate::OAuth`] adds the challenge
/// to a 401.
#[must_use]
pub fn guard_response(refusal: &GuardRefusal) -> HttpResponse {
    into_actix(refusal.into())
}

/// The redirect of a decision: 303, never cached; `None` where a page is to be shown.
#[must_use]
pub fn redirect(outcome: &Outcome) -> Option<HttpResponse> {
    outcome.redirect().map(into_actix)
}

/// A guard's refusal: 401 (the middleware adds the challenge) or 403, with its message.
#[derive(Clone, Debug)]
pub struct GuardRejection(pub(crate) GuardRefusal);

impl From<GuardRefusal> for GuardRejection {
    fn from(refusal: GuardRefusal) -> Self {
        Self(refusal)
    }
}

impl ResponseError for GuardRejection {
    fn status_code(&self) -> StatusCode {
        self.error_response().status()
    }

    fn error_response(&self) -> HttpResponse {
        guard_response(&self.0)
    }
}

impl fmt::Display for GuardRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// There is nothing to authorise: 400, or 503 if the store could not answer.
#[derive(Debug)]
pub struct AuthorizeRejection(pub(crate) AuthorizationError);

impl AuthorizeRejection {
    /// The HTTP status, 400 or 503.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.status()
    }
}

impl From<AuthorizationError> for AuthorizeRejection {
    fn from(error: AuthorizationError) -> Self {
        Self(error)
    }
}

impl ResponseError for AuthorizeRejection {
    fn status_code(&self) -> StatusCode {
        self.error_response().status()
    }

    fn error_response(&self) -> HttpResponse {
        into_actix((&self.0).into())
    }
}

impl fmt::Display for AuthorizeRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// On a 401, beside the application's other challenges; once.
pub(crate) fn add_challenge<B>(response: &mut HttpResponse<B>, challenge: &Challenge) {
    if response.status() != StatusCode::UNAUTHORIZED {
        return;
    }
    let ours = challenge.as_str();
    let headers = response.headers_mut();
    let there = headers
        .get_all(WWW_AUTHENTICATE)
        .any(|value| value.as_bytes() == ours.as_bytes());
    if let (false, Ok(value)) = (there, HeaderValue::from_str(ours)) {
        headers.append(WWW_AUTHENTICATE, value);
    }
}
