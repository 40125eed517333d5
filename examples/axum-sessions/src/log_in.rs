//! The application's own log-in: users, groups, sessions. It knows nothing of OAuth.

use axum::{Form, extract::Request, http::StatusCode, middleware::Next, response::Response};
use oauth1_axum::request_guard;
use oauth1_provider::{Guard, Verdict, core::constant_time_eq};
use serde::{Deserialize, Serialize};
use tower_sessions::{Session, session::Error};

/// Names and groups; a real application asks its database, and hashes passwords.
const USERS: [(&str, &[&str]); 3] = [
    ("alice", &["editors"]),
    ("bob", &[]),
    ("carol", &["admins"]),
];
const VISITOR: &str = "visitor";

/// Who is logged in.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Visitor {
    pub(crate) name: String,
}

/// Passes who is logged in.
pub(crate) fn logged_in() -> Guard {
    request_guard("Log in first", |found| found.get::<Visitor>().is_some())
}

/// Passes who is logged in and in this group: 401 for nobody, 403 for others.
pub(crate) fn in_group(group: &'static str) -> Guard {
    request_guard("You are not in the group", move |found| {
        match found.get::<Visitor>() {
            None => Verdict::Refuse,
            Some(visitor) if is_in_group(&visitor.name, group) => Verdict::Pass,
            Some(_) => Verdict::Forbid,
        }
    })
}

pub(crate) fn is_in_group(name: &str, group: &str) -> bool {
    USERS
        .iter()
        .any(|(user, groups)| *user == name && groups.contains(&group))
}

/// Puts who is logged in where guards and handlers look.
pub(crate) async fn recognise(session: Session, mut request: Request, next: Next) -> Response {
    if let Ok(Some(visitor)) = session.get::<Visitor>(VISITOR).await {
        request.extensions_mut().insert(visitor);
    }
    next.run(request).await
}

#[derive(Deserialize)]
pub(crate) struct Credentials {
    name: String,
    password: String,
}

pub(crate) async fn log_in(
    session: Session,
    Form(given): Form<Credentials>,
) -> Result<StatusCode, StatusCode> {
    let known = USERS.iter().any(|(name, _)| {
        let password = format!("{name}-password");
        *name == given.name && constant_time_eq(password.as_bytes(), given.password.as_bytes())
    });
    if !known {
        return Err(StatusCode::FORBIDDEN);
    }
    let visitor = Visitor { name: given.name };
    remember(&session, visitor)
        .await
        .map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Under a new id: one that was known before the log-in is worth nothing.
async fn remember(session: &Session, visitor: Visitor) -> Result<(), Error> {
    session.cycle_id().await?;
    session.insert(VISITOR, visitor).await
}

pub(crate) async fn log_out(session: Session) -> Result<StatusCode, StatusCode> {
    match session.flush().await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE),
    }
}
