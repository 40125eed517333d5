//! The authorise page (section 2.2) for who is logged in.

use axum::{
    Extension, Form, Router,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use oauth1_axum::{Authorize, AuthorizeRejection, GuardLayer, redirect};
use oauth1_provider::{
    Entropy, Outcome, SystemEntropy, UserId,
    core::{constant_time_eq, percent},
};
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    App,
    log_in::{Visitor, logged_in},
};

/// Under this name the session keeps the form's CSRF token; with it, for whom and what it is.
const CSRF: &str = "csrf";

pub(crate) fn routes() -> Router<App> {
    let page = get(ask).post(decide);
    Router::new().route("/oauth/authorize", page.layer(GuardLayer::new(logged_in())))
}

async fn ask(
    authorize: Authorize,
    visitor: Extension<Visitor>,
    session: Session,
) -> Result<Response, Response> {
    let mut random = [0_u8; 16];
    SystemEntropy::default()
        .fill(&mut random)
        .map_err(|_| unavailable())?;
    let csrf = percent::encode(&random);
    let asked = (csrf.clone(), scope(&authorize, &visitor));
    session
        .insert(CSRF, asked)
        .await
        .map_err(|_| unavailable())?;
    // The consumer's name may hold anything.
    let consumer = authorize.pending().consumer_name();
    let consumer = consumer.replace('&', "&amp;").replace('<', "&lt;");
    let page = format!(
        "<form method=post><p>{consumer} wants to read and write articles as {}.</p>\
         <input type=hidden name=csrf value=\"{csrf}\">\
         <button name=decision value=approve>Approve</button>\
         <button name=decision value=deny>Deny</button></form>",
        visitor.name
    );
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
    ];
    Ok((headers, Html(page)).into_response())
}

#[derive(Deserialize)]
struct Answer {
    csrf: String,
    decision: String,
}

async fn decide(
    authorize: Authorize,
    visitor: Extension<Visitor>,
    session: Session,
    Form(answer): Form<Answer>,
) -> Result<Response, Response> {
    let asked = session.remove::<(String, String)>(CSRF).await;
    let asked = asked.map_err(|_| unavailable())?;
    let holds = asked.is_some_and(|(csrf, asked_for)| {
        asked_for == scope(&authorize, &visitor)
            && constant_time_eq(csrf.as_bytes(), answer.csrf.as_bytes())
    });
    let (true, Ok(user)) = (holds, UserId::new(&visitor.name)) else {
        return Err(StatusCode::FORBIDDEN.into_response());
    };
    let refused = AuthorizeRejection::into_response;
    let outcome = match answer.decision.as_str() {
        "approve" => authorize.approve(&user).await.map_err(refused)?.outcome(),
        _ => authorize.deny().await.map_err(refused)?,
    };
    if let Some(redirect) = redirect(&outcome) {
        return Ok(redirect.into_response());
    }
    Ok(match outcome {
        Outcome::Page(Some(code)) => format!("Your code: {}", code.as_str()).into_response(),
        _ => "Denied.".into_response(),
    })
}

/// What a form was for: this request token, and this user.
fn scope(authorize: &Authorize, visitor: &Visitor) -> String {
    format!("{} {}", authorize.pending().token().as_str(), visitor.name)
}

fn unavailable() -> Response {
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
