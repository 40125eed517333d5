//! The provider's answers as `http` responses.

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use http_body_util::Full;
use oauth1_provider::{AuthorizationError, GuardRefusal, Outcome, Response};

/// Turns the provider's answer into an `http` response.
#[must_use]
pub fn into_http(response: Response) -> http::Response<Full<Bytes>> {
    let mut out = http::Response::new(Full::new(Bytes::from(response.body)));
    *out.status_mut() =
        StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            out.headers_mut()
                .append(header::HeaderName::from_static(name), value);
        }
    }
    out
}

/// The answer to a guard's refusal: its message as plain text. [`crate::OAuthLayer`] adds the
/// challenge to a 401.
#[must_use]
pub fn guard_response(refusal: &GuardRefusal) -> http::Response<Full<Bytes>> {
    into_http(refusal.into())
}

/// The answer where there is nothing to decide: 400, or 503 if the store could not answer.
#[must_use]
pub fn authorize_refusal(error: &AuthorizationError) -> http::Response<Full<Bytes>> {
    into_http(error.into())
}

/// The redirect of a decision: 303, never cached; `None` where a page is to be shown.
#[must_use]
pub fn redirect(outcome: &Outcome) -> Option<http::Response<Full<Bytes>>> {
    outcome.redirect().map(into_http)
}
