//! A small API behind OAuth 1.0a. Usage: `example-axum ADDRESS DATABASE`
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its terminal")]

use std::{
    collections::HashMap,
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Form, Json, Router,
    extract::{FromRef, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use oauth1_axum::{
    Authorize, AuthorizeRejection, ConsumerIdentity, GuardLayer, OAuthLayer, UserIdentity,
    token_endpoints,
};
use oauth1_provider::{Outcome, Provider, UserId, not_oauth};
use oauth1_store_sqlx::SqlStore;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[derive(Clone)]
struct App {
    provider: Arc<Provider>,
    notes: Arc<Mutex<HashMap<UserId, Vec<String>>>>,
}

impl FromRef<App> for Arc<Provider> {
    fn from_ref(app: &App) -> Self {
        Self::clone(&app.provider)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".into());
    let database = arguments.next().unwrap_or_else(|| "sqlite:notes.db".into());

    let sql = Arc::new(SqlStore::connect(&database).await?);
    let (manager, store, replay_guard) = (Arc::clone(&sql), Arc::clone(&sql), sql);
    let provider = Arc::new(Provider::builder(manager, store, replay_guard).build()?);
    let app = App {
        provider: Arc::clone(&provider),
        notes: Arc::default(),
    };
    let router = Router::new()
        .route("/notes", get(list).post(add))
        .route("/status", get(status))
        .route("/", get(home).layer(GuardLayer::new(not_oauth())))
        .route("/oauth/authorize", get(ask).post(decide))
        .merge(token_endpoints(&provider))
        .layer(OAuthLayer::new(provider))
        .with_state(app);

    let listener = TcpListener::bind(&address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

/// A consumer on behalf of a user: that user's notes.
async fn list(State(app): State<App>, UserIdentity(caller): UserIdentity) -> Json<Value> {
    let notes = app.notes.lock().unwrap_or_else(PoisonError::into_inner);
    let notes = notes.get(caller.user()).cloned().unwrap_or_default();
    Json(json!({ "user": caller.user().as_str(), "notes": notes }))
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

/// The form was verified, and is here whole.
async fn add(State(app): State<App>, UserIdentity(caller): UserIdentity, Form(note): Form<Note>) {
    let mut notes = app.notes.lock().unwrap_or_else(PoisonError::into_inner);
    let notes = notes.entry(caller.user().clone()).or_default();
    notes.push(note.text);
}

/// A consumer for itself.
async fn status(ConsumerIdentity(caller): ConsumerIdentity) -> Json<Value> {
    Json(json!({ "consumer": caller.consumer().name }))
}

/// Browsers only.
async fn home() -> &'static str {
    "Notes. Ask an application to keep some for you."
}

/// The pending request. The consumer's name may hold anything: it is escaped.
async fn ask(authorize: Authorize) -> Html<String> {
    let name = authorize.pending().consumer_name();
    let name = name.replace('&', "&amp;").replace('<', "&lt;");
    Html(format!(
        "<form method=post><p>{name} wants to read and write your notes.</p>\
         <input name=user placeholder='Who are you?'>\
         <button name=decision value=approve>Approve</button>\
         <button name=decision value=deny>Deny</button></form>"
    ))
}

#[derive(Deserialize)]
struct Answer {
    user: String,
    decision: String,
}

/// An example without a log-in: see the README.
async fn decide(
    authorize: Authorize,
    Form(answer): Form<Answer>,
) -> Result<Response, AuthorizeRejection> {
    let outcome = match UserId::new(&answer.user) {
        Ok(user) if answer.decision == "approve" => authorize.approve(&user).await?.outcome(),
        _ => authorize.deny().await?,
    };
    Ok(match outcome {
        Outcome::Redirect(uri) => Redirect::to(&uri).into_response(),
        Outcome::Page(Some(code)) => format!("Your code: {}", code.as_str()).into_response(),
        Outcome::Page(None) => "Denied.".into_response(),
    })
}
