//! The provider's answers as warp's, and what filters refuse with.

use oauth1_provider::Outcome;
use warp::{Rejection, Reply, reject::Reject, reply::Response};

/// Turns the provider's answer into warp's.
#[must_use]
pub fn into_warp(response: oauth1_provider::Response) -> Response {
    http::Response::from(response).into_response()
}

/// The redirect of a decision: 303, never cached; `None` where a page is to be shown.
#[must_use]
pub fn redirect(outcome: &Outcome) -> Option<Response> {
    outcome.redirect().map(into_warp)
}

/// Answers to the rejections of this crate's filters: [`GuardRejection`] with 401 (the layer adds
/// the challenge) or 403, [`AuthorizeRejection`] with 400 or 503. Others it hands on, for warp or
/// the application's own.
///
/// # Errors
/// The rejection, if it is none of ours.
pub async fn recover(rejection: Rejection) -> Result<Response, Rejection> {
    if let Some(GuardRejection(refusal)) = rejection.find() {
        let mut response = into_warp(refusal.into());
        // The layer reports the problem, where problems are reported.
        response.extensions_mut().insert(refusal.clone());
        return Ok(response);
    }
    if let Some(AuthorizeRejection(error)) = rejection.find() {
        return Ok(into_warp(error.into()));
    }
    Err(rejection)
}

oauth1_provider::adapter_rejections!();

impl Reject for GuardRejection {}

impl Reject for AuthorizeRejection {}
