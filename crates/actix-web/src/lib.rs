//! The OAuth 1.0a provider for actix-web 4.
//!
//! ```no_run
//! use std::sync::Arc;
//! use actix_web::{App, HttpServer, web};
//! use oauth1_actix_web::{Guarded, OAuth, UserIdentity, token_endpoints};
//! use oauth1_provider::{Provider, is_consumer};
//!
//! async fn me(caller: UserIdentity) -> String {
//!     format!("{} for {}", caller.consumer().name, caller.user().as_str())
//! }
//!
//! # async fn run(provider: Arc<Provider>) -> std::io::Result<()> {
//! HttpServer::new(move || {
//!     let job = web::resource("/job").wrap(Guarded::new(is_consumer()));
//!     App::new()
//!         .route("/me", web::get().to(me))
//!         .service(job.to(|| async { "done" }))
//!         .configure(token_endpoints(&provider))
//!         .wrap(OAuth::new(Arc::clone(&provider)))
//! })
//! .bind("127.0.0.1:8080")?
//! .run()
//! .await
//! # }
//! ```
//!
//! Only form-encoded bodies are read, up to the limit of the provider, and handed on whole; every
//! other payload passes untouched. The authorise page is the application's: see [`Authorize`].
//!
//! - In a scope the URL that the client saw counts. Token endpoints and [`OAuth`] belong around the
//!   same scope: both compare paths as it sees them.
//! - Forwarded headers are believed of
//!   [trusted proxies](oauth1_provider::ProviderBuilder::with_trusted_proxies) only; the peer's
//!   address is the connection's.
//! - The scheme is the listener's: `https` if it was bound with TLS, unless a public URL or a trusted
//!   proxy says otherwise.
//! - [`request_guard`] makes a guard of the application's own log-in, to be combined with others.
#![deny(missing_docs)]
#![forbid(unsafe_code)]
#![expect(
    clippy::future_not_send,
    reason = "a worker of actix-web is one thread: its requests and payloads are not Send"
)]

mod convert;

mod body;

mod layer;
pub use crate::layer::{OAuth, OAuthService};

mod extract;
pub use crate::extract::{ConsumerIdentity, Identity, Require, RequiredGuard, UserIdentity};

mod guard;
pub use crate::guard::{Guarded, GuardedService, request_guard};

mod routes;
pub use crate::routes::token_endpoints;

mod authorize;
pub use crate::authorize::Authorize;

mod rejection;
pub use crate::rejection::{
    AuthorizeRejection, GuardRejection, guard_response, into_actix, redirect,
};
