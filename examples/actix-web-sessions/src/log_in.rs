//! The application's own log-in: users, groups, sessions. It knows nothing of OAuth.

use actix_session::{Session, SessionExt};
use actix_web::{HttpRequest, HttpResponse, web::Form};
use oauth1_actix_web::request_guard;
use oauth1_provider::{Guard, Verdict, core::constant_time_eq};
use serde::Deserialize;

/// Names and groups; a real application asks its database, and hashes passwords.
const USERS: [(&str, &[&str]); 3] = [
    ("alice", &["editors"]),
    ("bob", &[]),
    ("carol", &["admins"]),
];
const VISITOR: &str = "visitor";

/// Who is logged in.
pub(crate) fn visitor(request: &HttpRequest) -> Option<String> {
    request.get_session().get(VISITOR).ok().flatten()
}

/// Passes who is logged in.
pub(crate) fn logged_in() -> Guard {
    request_guard("Log in first", |request| visitor(request).is_some())
}

/// Passes who is logged in and in this group: 401 for nobody, 403 for others.
pub(crate) fn in_group(group: &'static str) -> Guard {
    request_guard("You are not in the group", move |request| {
        match visitor(request) {
            None => Verdict::Refuse,
            Some(name) if is_in_group(&name, group) => Verdict::Pass,
            Some(_) => Verdict::Forbid,
        }
    })
}

pub(crate) fn is_in_group(name: &str, group: &str) -> bool {
    USERS
        .iter()
        .any(|(user, groups)| *user == name && groups.contains(&group))
}

#[derive(Deserialize)]
pub(crate) struct Credentials {
    name: String,
    password: String,
}

pub(crate) async fn log_in(session: Session, given: Form<Credentials>) -> HttpResponse {
    let known = USERS.iter().any(|(name, _)| {
        let password = format!("{name}-password");
        *name == given.name && constant_time_eq(password.as_bytes(), given.password.as_bytes())
    });
    if !known {
        return HttpResponse::Forbidden().finish();
    }
    // Under a new id: one that was known before the log-in is worth nothing.
    session.renew();
    match session.insert(VISITOR, &given.name) {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
}

pub(crate) async fn log_out(session: Session) -> HttpResponse {
    session.purge();
    HttpResponse::NoContent().finish()
}
