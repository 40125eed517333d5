//! An application's own log-in and groups beside OAuth 1.0a. Usage:
//! `example-actix-web-sessions ADDRESS DATABASE`
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its terminal")]
#![expect(
    clippy::future_not_send,
    reason = "a worker of actix-web is one thread: its requests and payloads are not Send"
)]

mod authorize;
mod log_in;
mod memory;

use std::{
    error::Error,
    net::TcpListener,
    sync::{Arc, Mutex, PoisonError},
};

use actix_session::SessionMiddleware;
use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    cookie::{Key, SameSite},
    guard::{Get, Post},
    web::{self, Data, ServiceConfig},
};
use oauth1_actix_web::{Guarded, OAuth, UserIdentity, token_endpoints};
use oauth1_provider::{
    Guard, Identity, Provider, all_of, any_of, is_consumer, is_oauth_user, not_oauth,
};
use oauth1_store_sqlx::SqlStore;

use crate::{
    log_in::{in_group, is_in_group, logged_in, visitor},
    memory::Memory,
};

type Articles = Mutex<Vec<String>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = |default: &str| arguments.next().unwrap_or_else(|| default.to_owned());
    let (address, database) = (argument("127.0.0.1:8080"), argument("sqlite:articles.db"));
    let sql = Arc::new(SqlStore::connect(&database).await?);
    let (manager, store, replay_guard) = (Arc::clone(&sql), Arc::clone(&sql), sql);
    let provider = Provider::builder(manager, store, replay_guard).build()?;
    let provider = Arc::new(provider);
    let articles = Data::new(Articles::default());
    let (memory, key) = (Memory::default(), Key::generate());
    let listener = TcpListener::bind(&address)?;
    println!("listening on http://{}", listener.local_addr()?);
    let server = HttpServer::new(move || {
        // The real application wants a store that outlives it, and secure cookies.
        let sessions = SessionMiddleware::builder(memory.clone(), key.clone())
            .cookie_secure(false)
            .cookie_same_site(SameSite::Lax);
        App::new()
            .app_data(articles.clone())
            .configure(routes)
            .configure(token_endpoints(&provider))
            .wrap(OAuth::new(Arc::clone(&provider)))
            .wrap(sessions.build())
    });
    Ok(server.listen(listener)?.run().await?)
}

fn routes(config: &mut ServiceConfig) {
    let guarded = |path, guard| web::resource(path).wrap(Guarded::new(guard));
    let browser_only = |path, guard| guarded(path, all_of([not_oauth(), guard]));
    let readers = any_of([is_consumer(), is_oauth_user(), logged_in()]);
    config
        .service(guarded("/articles", readers).guard(Get()).to(list))
        .service(guarded("/articles", writers()).guard(Post()).to(add))
        .service(browser_only("/settings", logged_in()).to(settings))
        .service(browser_only("/admin", in_group("admins")).to(async || "hello, admin"))
        .service(
            guarded("/login", not_oauth())
                .guard(Post())
                .to(log_in::log_in),
        )
        .service(
            guarded("/logout", not_oauth())
                .guard(Post())
                .to(log_in::log_out),
        )
        .service(
            guarded("/oauth/authorize", logged_in())
                .route(web::get().to(authorize::ask))
                .route(web::post().to(authorize::decide)),
        );
}

/// Editors, in person or by a consumer that acts for them; a consumer's own word is not enough,
/// and a cookie that comes along with OAuth counts for nothing.
fn writers() -> Guard {
    let for_an_editor = Guard::custom("Editors only", |identity| {
        let user = identity.and_then(Identity::user);
        user.is_some_and(|user| is_in_group(user.as_str(), "editors"))
    });
    any_of([
        all_of([is_oauth_user(), for_an_editor]),
        all_of([not_oauth(), in_group("editors")]),
    ])
}

async fn list(articles: Data<Articles>) -> String {
    let articles = articles.lock().unwrap_or_else(PoisonError::into_inner);
    articles.join("\n")
}

/// Who writes: by OAuth if there is OAuth, else by the session.
async fn add(
    articles: Data<Articles>,
    by_oauth: Option<UserIdentity>,
    request: HttpRequest,
    text: String,
) -> HttpResponse {
    let by_oauth = by_oauth.map(|caller| caller.user().as_str().to_owned());
    let Some(author) = by_oauth.or_else(|| visitor(&request)) else {
        return HttpResponse::Forbidden().finish();
    };
    let mut articles = articles.lock().unwrap_or_else(PoisonError::into_inner);
    articles.push(format!("{author}: {text}"));
    HttpResponse::Created().finish()
}

async fn settings(request: HttpRequest) -> String {
    format!("settings of {}", visitor(&request).unwrap_or_default())
}
