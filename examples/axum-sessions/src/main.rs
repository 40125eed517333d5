//! An application's own log-in and groups beside OAuth 1.0a. Usage:
//! `example-axum-sessions ADDRESS DATABASE`
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its terminal")]

mod authorize;
mod log_in;

use std::{
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Extension, Router,
    extract::{FromRef, State},
    http::StatusCode,
    middleware::from_fn,
    routing::{get, post},
};
use oauth1_axum::{
    GuardLayer, Identity, OAuthLayer, UnreadBodyLayer, UserIdentity, token_endpoints,
};
use oauth1_provider::{Guard, Provider, all_of, any_of, is_consumer, is_oauth_user, not_oauth};
use oauth1_store_sqlx::SqlStore;
use tokio::net::TcpListener;
use tower_sessions::{MemoryStore, SessionManagerLayer, cookie::SameSite};

use crate::log_in::{Visitor, in_group, is_in_group, logged_in};

#[derive(Clone)]
struct App {
    provider: Arc<Provider>,
    articles: Arc<Mutex<Vec<String>>>,
}

impl FromRef<App> for Arc<Provider> {
    fn from_ref(app: &App) -> Self {
        Self::clone(&app.provider)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = |default: &str| arguments.next().unwrap_or_else(|| default.to_owned());
    let (address, database) = (argument("127.0.0.1:8080"), argument("sqlite:articles.db"));
    let sql = Arc::new(SqlStore::connect(&database).await?);
    let (manager, store, replay_guard) = (Arc::clone(&sql), Arc::clone(&sql), sql);
    let provider = Provider::builder(manager, store, replay_guard).build()?;
    let app = App {
        provider: Arc::new(provider),
        articles: Arc::default(),
    };
    let listener = TcpListener::bind(&address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, router(app)).await?)
}

fn router(app: App) -> Router {
    let browser_only = |guard| GuardLayer::new(all_of([not_oauth(), guard]));
    let readers = any_of([is_consumer(), is_oauth_user(), logged_in()]);
    // Sessions of the real application want a store of their own, and `with_secure(true)`.
    let sessions = SessionManagerLayer::new(MemoryStore::default())
        .with_secure(false)
        .with_same_site(SameSite::Lax);
    Router::new()
        .route(
            "/articles",
            get(list)
                .layer(GuardLayer::new(readers))
                .merge(post(add).layer(GuardLayer::new(writers()))),
        )
        .route("/settings", get(settings).layer(browser_only(logged_in())))
        .route("/admin", get(admin).layer(browser_only(in_group("admins"))))
        .route(
            "/login",
            post(log_in::log_in).layer(GuardLayer::new(not_oauth())),
        )
        .route(
            "/logout",
            post(log_in::log_out).layer(GuardLayer::new(not_oauth())),
        )
        .merge(authorize::routes())
        .merge(token_endpoints(&app.provider))
        .layer(OAuthLayer::new(Arc::clone(&app.provider)))
        .layer(from_fn(log_in::recognise))
        .layer(sessions)
        .layer(UnreadBodyLayer::new())
        .with_state(app)
}

/// Editors, in person or by a consumer that acts for them; a consumer's own word is not enough,
/// and a cookie that comes along with OAuth counts for nothing.
fn writers() -> Guard {
    let for_an_editor = Guard::custom("Editors only", |identity| {
        let user = identity.and_then(oauth1_provider::Identity::user);
        user.is_some_and(|user| is_in_group(user.as_str(), "editors"))
    });
    any_of([
        all_of([is_oauth_user(), for_an_editor]),
        all_of([not_oauth(), in_group("editors")]),
    ])
}

async fn list(State(app): State<App>) -> String {
    let articles = app.articles.lock().unwrap_or_else(PoisonError::into_inner);
    articles.join("\n")
}

/// Who writes: by OAuth if there is OAuth, else by the session.
async fn add(
    State(app): State<App>,
    by_oauth: Option<UserIdentity>,
    by_session: Option<Extension<Visitor>>,
    text: String,
) -> Result<StatusCode, StatusCode> {
    let author = match (&by_oauth, &by_session) {
        (Some(caller), _) => caller.user().as_str(),
        (None, Some(visitor)) => &visitor.name,
        (None, None) => return Err(StatusCode::FORBIDDEN),
    };
    let mut articles = app.articles.lock().unwrap_or_else(PoisonError::into_inner);
    articles.push(format!("{author}: {text}"));
    Ok(StatusCode::CREATED)
}

async fn settings(visitor: Extension<Visitor>) -> String {
    format!("settings of {}", visitor.name)
}

async fn admin(oauth: Option<Identity>) -> &'static str {
    if oauth.is_some() {
        "never"
    } else {
        "hello, admin"
    }
}
