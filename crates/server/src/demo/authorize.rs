//! The authorise page: log-in, consent, decision.

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use maud::Markup;
use oauth1_axum::{Authorize, AuthorizeRejection};
use oauth1_provider::{Outcome, PendingAuthorization, UserId, core::TokenKey};
use serde::Deserialize;

use super::{App, page, session::Session};

/// What the two forms send.
#[derive(Deserialize)]
struct Fields {
    #[serde(default)]
    csrf: String,
    username: Option<String>,
    password: Option<String>,
    decision: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route(
        "/oauth/authorize",
        get(show)
            .post(submit)
            .layer(DefaultBodyLimit::max(16 * 1024)),
    )
}

type Asked = Result<Authorize, AuthorizeRejection>;

async fn show(State(app): State<App>, headers: HeaderMap, asked: Asked) -> Response {
    let authorize = match asked {
        Ok(authorize) => authorize,
        Err(rejection) => return refused(&rejection),
    };
    match app.sessions.of(&headers) {
        Ok(session) => form(&app, &session, authorize.pending(), None),
        Err(_) => unavailable(),
    }
}

async fn submit(
    State(app): State<App>,
    headers: HeaderMap,
    asked: Asked,
    Form(fields): Form<Fields>,
) -> Response {
    let authorize = match asked {
        Ok(authorize) => authorize,
        Err(rejection) => return refused(&rejection),
    };
    let Ok(session) = app.sessions.of(&headers) else {
        return unavailable();
    };
    let pending = authorize.pending();
    if !app
        .sessions
        .csrf_holds(&session, pending.token(), &fields.csrf)
    {
        let text = "This form is out of date or came from elsewhere. Go back and try again.";
        return html(StatusCode::FORBIDDEN, page::message("Not accepted", text));
    }
    if let (Some(name), Some(password)) = (&fields.username, &fields.password) {
        return match app.sessions.log_in(name, password) {
            Ok(Some(session)) => form(&app, &session, pending, None),
            Ok(None) => form(
                &app,
                &session,
                pending,
                Some("Wrong user name or password."),
            ),
            Err(_) => unavailable(),
        };
    }
    let Some(user) = session.user else {
        return form(&app, &session, pending, Some("Log in first."));
    };
    match fields.decision.as_deref() {
        Some("approve") => approve(authorize, &user).await,
        Some("deny") => deny(authorize).await,
        _ => html(
            StatusCode::BAD_REQUEST,
            page::message("Not accepted", "Approve or deny."),
        ),
    }
}

async fn approve(authorize: Authorize, user: &UserId) -> Response {
    let consumer = authorize.pending().consumer_name().to_owned();
    match authorize.approve(user).await {
        Ok(approved) => match approved.outcome() {
            Outcome::Redirect(uri) => redirect(&uri),
            Outcome::Page(_) => html(
                StatusCode::OK,
                page::verifier(&consumer, approved.verifier().as_str()),
            ),
        },
        Err(rejection) => refused(&rejection),
    }
}

async fn deny(authorize: Authorize) -> Response {
    match authorize.deny().await {
        Ok(Outcome::Redirect(uri)) => redirect(&uri),
        Ok(Outcome::Page(_)) => {
            let text = "The application gets no access. You can close this page.";
            html(StatusCode::OK, page::message("Access denied", text))
        }
        Err(rejection) => refused(&rejection),
    }
}

/// The log-in form, or the consent form for whom is logged in.
fn form(
    app: &App,
    session: &Session,
    pending: &PendingAuthorization,
    error: Option<&str>,
) -> Response {
    let csrf = app.sessions.csrf_token(session, pending.token());
    let action = action(app.provider.authorize_path(), pending.token());
    let (status, markup) = match &session.user {
        None => {
            let status = if error.is_some() {
                StatusCode::FORBIDDEN
            } else {
                StatusCode::OK
            };
            (
                status,
                page::log_in(pending.consumer_name(), &action, &csrf, error),
            )
        }
        Some(user) => {
            let place = pending.callback().as_str();
            let consumer = pending.consumer_name();
            (
                StatusCode::OK,
                page::consent(consumer, user.as_str(), place, (&action, &csrf)),
            )
        }
    };
    let mut response = html(status, markup);
    let cookie = session.cookie(app.provider.authorize_path());
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn action(path: &str, token: &TokenKey) -> String {
    let token: String = form_urlencoded::byte_serialize(token.as_str().as_bytes()).collect();
    format!("{path}?oauth_token={token}")
}

fn refused(rejection: &AuthorizeRejection) -> Response {
    if rejection.status() == 503 {
        return unavailable();
    }
    let text = "This request is unknown, expired or already decided. \
                Go back to the application and start again.";
    html(
        StatusCode::BAD_REQUEST,
        page::message("Nothing to decide", text),
    )
}

fn unavailable() -> Response {
    let text = "Please try again in a moment.";
    let page = page::message("Temporarily unavailable", text);
    let mut response = html(StatusCode::SERVICE_UNAVAILABLE, page);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn redirect(uri: &str) -> Response {
    match HeaderValue::from_str(uri) {
        Ok(location) => {
            let headers = [
                (header::LOCATION, location),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (
                    header::REFERRER_POLICY,
                    HeaderValue::from_static("no-referrer"),
                ),
            ];
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        Err(_) => unavailable(),
    }
}

/// Never framed, never cached, no scripts.
fn html(status: StatusCode, page: Markup) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
        ),
    ];
    (status, headers, page.into_string()).into_response()
}
