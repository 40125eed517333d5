//! The provider's answers as `http` responses.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, WWW_AUTHENTICATE},
};
use http_body_util::Full;
use oauth1_provider::{AuthorizationError, GuardRefusal, Outcome, Provider, Response};

/// Turns the provider's answer into an `http` response.
#[must_use]
pub fn into_http(response: Response) -> http::Response<Full<Bytes>> {
    http::Response::from(response).map(|body| Full::new(body.into()))
}

/// The answer to a guard's refusal: its message as plain text. The refusal stands in its extensions,
/// for [`crate::OAuthLayer`], which adds the challenge to a 401 and reports the problem where the
/// provider reports problems.
#[must_use]
pub fn guard_response(refusal: &GuardRefusal) -> http::Response<Full<Bytes>> {
    let mut response = into_http(refusal.into());
    response.extensions_mut().insert(refusal.clone());
    response
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

/// What the layer adds to an answer of the application's: the challenge to a 401. Where a guard's
/// text gives way to a report of the problem, this is the body to put in its place.
#[must_use]
pub fn finish_response<B>(
    provider: &Provider,
    response: &mut http::Response<B>,
) -> Option<Full<Bytes>> {
    let refusal = response.extensions_mut().remove::<GuardRefusal>();
    if let Some(report) = refusal.and_then(|refusal| provider.guard_report(&refusal)) {
        return Some(report_in(response.headers_mut(), report));
    }
    if response.status() == StatusCode::UNAUTHORIZED {
        add_challenge(response.headers_mut(), provider);
    }
    None
}

/// The headers of other middlewares stay.
fn report_in(headers: &mut HeaderMap, report: Response) -> Full<Bytes> {
    for name in [CONTENT_ENCODING, CONTENT_LENGTH] {
        headers.remove(name);
    }
    let (report, body) = into_http(report).into_parts();
    for (name, value) in &report.headers {
        if name == WWW_AUTHENTICATE {
            headers.append(name, value.clone());
        } else {
            headers.insert(name, value.clone());
        }
    }
    body
}

/// Beside the application's other challenges; once.
fn add_challenge(headers: &mut HeaderMap, provider: &Provider) {
    let ours = provider.challenge().as_str();
    let mut there = headers.get_all(WWW_AUTHENTICATE).iter();
    if there.any(|value| value.as_bytes() == ours.as_bytes()) {
        return;
    }
    if let Ok(value) = HeaderValue::from_str(ours) {
        headers.append(WWW_AUTHENTICATE, value);
    }
}
