//! The OAuth 1.0a provider for axum 0.8.
//!
//! ```no_run
//! use std::sync::Arc;
//! use axum::{Router, routing::get};
//! use oauth1_axum::{GuardLayer, OAuthLayer, UserIdentity, token_endpoints};
//! use oauth1_provider::{Provider, is_consumer};
//!
//! async fn me(caller: UserIdentity) -> String {
//!     format!("{} for {}", caller.consumer().name, caller.user().as_str())
//! }
//!
//! # fn app(provider: Arc<Provider>) -> Router {
//! let app: Router = Router::new()
//!     .route("/me", get(me))
//!     .route("/job", get(|| async { "done" }).layer(GuardLayer::new(is_consumer())))
//!     .merge(token_endpoints(&provider))
//!     .layer(OAuthLayer::new(provider));
//! # app
//! # }
//! ```
//!
//! The authorise page is the application's: see [`Authorize`].
//!
//! - Below [`Router::nest`](axum::Router::nest) the URL that the client saw counts. Token endpoints
//!   and [`OAuthLayer`] belong on the same router: both compare paths as that router sees them.
//! - Forwarded headers are believed of
//!   [trusted proxies](oauth1_provider::ProviderBuilder::with_trusted_proxies) only; serve the
//!   application with `into_make_service_with_connect_info::<SocketAddr>()`, so that peers are
//!   known.
//! - The scheme is `http` unless a public URL or a trusted proxy says otherwise. A server that ends
//!   TLS itself says so by `.layer(Extension(SecureConnection))`, outside of [`OAuthLayer`].
//! - [`UnreadBodyLayer`] around everything keeps a refused upload from breaking its client's connection.
//! - [`request_guard`] makes a guard of the application's own log-in, to be combined with others.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod convert;

mod layer;
pub use crate::layer::{OAuthLayer, OAuthService};

mod extract;
pub use crate::extract::{ConsumerIdentity, Identity, Require, RequiredGuard, UserIdentity};

mod guard;
pub use crate::guard::{GuardLayer, request_guard};

mod routes;
pub use crate::routes::token_endpoints;

mod authorize;
pub use crate::authorize::Authorize;

mod rejection;
pub use crate::rejection::{AuthorizeRejection, GuardRejection};
pub use oauth1_tower::{SecureConnection, UnreadBodyLayer, into_http, redirect};
