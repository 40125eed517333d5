//! The authorise page (section 2.2) for who is logged in.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, http::header, web::Form};
use oauth1_actix_web::{Authorize, AuthorizeRejection, redirect};
use oauth1_provider::{
    Entropy, Outcome, SystemEntropy, UserId,
    core::{constant_time_eq, percent},
};
use serde::Deserialize;

use crate::log_in::visitor;

/// Under this name the session keeps the form's CSRF token; with it, for whom and what it is.
const CSRF: &str = "csrf";

pub(crate) async fn ask(
    authorize: Authorize,
    request: HttpRequest,
    session: Session,
) -> HttpResponse {
    let name = visitor(&request).unwrap_or_default();
    let mut random = [0_u8; 16];
    if SystemEntropy::default().fill(&mut random).is_err() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let csrf = percent::encode(&random);
    let asked = (&csrf, scope(&authorize, &name));
    if session.insert(CSRF, asked).is_err() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    // The consumer's name may hold anything.
    let consumer = authorize.pending().consumer_name();
    let consumer = consumer.replace('&', "&amp;").replace('<', "&lt;");
    let page = format!(
        "<form method=post><p>{consumer} wants to read and write articles as {name}.</p>\
         <input type=hidden name=csrf value=\"{csrf}\">\
         <button name=decision value=approve>Approve</button>\
         <button name=decision value=deny>Deny</button></form>"
    );
    let policy = "default-src 'none'; frame-ancestors 'none'";
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .content_type("text/html; charset=utf-8")
        .body(page)
}

#[derive(Deserialize)]
pub(crate) struct Answer {
    csrf: String,
    decision: String,
}

pub(crate) async fn decide(
    authorize: Authorize,
    request: HttpRequest,
    session: Session,
    answer: Form<Answer>,
) -> Result<HttpResponse, AuthorizeRejection> {
    let name = visitor(&request).unwrap_or_default();
    let asked = session.remove_as::<(String, String)>(CSRF);
    let holds = asked.and_then(Result::ok).is_some_and(|(csrf, asked_for)| {
        asked_for == scope(&authorize, &name)
            && constant_time_eq(csrf.as_bytes(), answer.csrf.as_bytes())
    });
    let (true, Ok(user)) = (holds, UserId::new(&name)) else {
        return Ok(HttpResponse::Forbidden().finish());
    };
    let outcome = match answer.decision.as_str() {
        "approve" => authorize.approve(&user).await?.outcome(),
        _ => authorize.deny().await?,
    };
    if let Some(redirect) = redirect(&outcome) {
        return Ok(redirect);
    }
    Ok(match outcome {
        Outcome::Page(Some(code)) => {
            HttpResponse::Ok().body(format!("Your code: {}", code.as_str()))
        }
        _ => HttpResponse::Ok().body("Denied."),
    })
}

/// What a form was for: this request token, and this user.
fn scope(authorize: &Authorize, name: &str) -> String {
    format!("{} {name}", authorize.pending().token().as_str())
}
