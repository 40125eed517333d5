//! The provider's answers as actix-web's, and what extractors answer when they have nothing to
//! give.

use actix_web::{
    HttpResponse, ResponseError,
    body::EitherBody,
    http::{
        StatusCode,
        header::{
            CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, WWW_AUTHENTICATE,
        },
    },
};
use oauth1_provider::{GuardRefusal, Outcome, Provider, Response};

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

/// The answer to a guard's refusal: its message as plain text. The refusal stands in its extensions,
/// for [`crate::OAuth`], which adds the challenge to a 401 and reports the problem where the provider
/// reports problems.
#[must_use]
pub fn guard_response(refusal: &GuardRefusal) -> HttpResponse {
    let mut response = into_actix(refusal.into());
    response.extensions_mut().insert(refusal.clone());
    response
}

/// The redirect of a decision: 303, never cached; `None` where a page is to be shown.
#[must_use]
pub fn redirect(outcome: &Outcome) -> Option<HttpResponse> {
    outcome.redirect().map(into_actix)
}

oauth1_provider::adapter_rejections!();

impl ResponseError for GuardRejection {
    fn status_code(&self) -> StatusCode {
        self.error_response().status()
    }

    fn error_response(&self) -> HttpResponse {
        guard_response(&self.0)
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

/// What the middleware adds to an answer of the application's.
pub(crate) fn finish<B>(
    provider: &Provider,
    mut response: HttpResponse<B>,
) -> HttpResponse<EitherBody<B>> {
    let refusal = response.extensions_mut().remove::<GuardRefusal>();
    if let Some(report) = refusal.and_then(|refusal| provider.guard_report(&refusal)) {
        return reported(response, report);
    }
    if response.status() == StatusCode::UNAUTHORIZED {
        add_challenge(response.headers_mut(), provider);
    }
    response.map_into_left_body()
}

/// With a report in place of the guard's text. The headers of other middlewares stay.
fn reported<B>(mut response: HttpResponse<B>, report: Response) -> HttpResponse<EitherBody<B>> {
    let report = into_actix(report);
    let headers = response.headers_mut();
    headers.remove(CONTENT_ENCODING);
    headers.remove(CONTENT_LENGTH);
    for (name, value) in report.headers() {
        if name == WWW_AUTHENTICATE {
            headers.append(name.clone(), value.clone());
        } else {
            headers.insert(name.clone(), value.clone());
        }
    }
    response.map_body(|_, _| EitherBody::right(report.into_body()))
}

/// Beside the application's other challenges; once.
fn add_challenge(headers: &mut HeaderMap, provider: &Provider) {
    let ours = provider.challenge().as_str();
    let mut there = headers.get_all(WWW_AUTHENTICATE);
    if there.any(|value| value.as_bytes() == ours.as_bytes()) {
        return;
    }
    if let Ok(value) = HeaderValue::from_str(ours) {
        headers.append(WWW_AUTHENTICATE, value);
    }
}
