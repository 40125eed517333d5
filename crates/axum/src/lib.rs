//! The OAuth 1.0a provider for axum 0.8.
//!
//! ```no_run
//! use std::sync::Arc;
//! use axum::{Router, routing::get};
//! use oauth1_axum::{GuardLayer, OAuthLayer, OAuthUser, token_endpoints};
//! use oauth1_provider::{Provider, is_consumer};
//!
//! async fn me(OAuthUser(identity): OAuthUser) -> String {
//!     format!("{} for {}", identity.consumer().name, identity.user().as_str())
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
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod layer;
pub use crate::layer::{OAuthLayer, OAuthService};

mod extract;
pub use crate::extract::{OAuthConsumer, OAuthIdentity, OAuthUser, Require, RequiredGuard};

mod guard;
pub use crate::guard::GuardLayer;

mod routes;
pub use crate::routes::token_endpoints;

mod authorize;
pub use crate::authorize::Authorize;

mod rejection;
pub use crate::rejection::{AuthorizeRejection, GuardRejection};
