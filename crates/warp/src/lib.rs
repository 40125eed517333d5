//! The OAuth 1.0a provider for warp 0.4.
//!
//! ```no_run
//! use std::sync::Arc;
//! use oauth1_warp::{OAuthLayer, recover, require, serve, token_endpoints, user};
//! use oauth1_provider::{Provider, UserIdentity, is_consumer};
//! use tokio::net::TcpListener;
//! use tower_layer::Layer;
//! use warp::Filter;
//!
//! # async fn run(provider: Arc<Provider>) -> std::io::Result<()> {
//! let me = warp::path!("me").and(user()).map(|caller: UserIdentity| {
//!     format!("{} for {}", caller.consumer().name, caller.user().as_str())
//! });
//! let job = warp::path!("job").and(require(is_consumer())).map(|| "done");
//! let routes = me.or(job).or(token_endpoints(&provider)).recover(recover);
//!
//! let service = OAuthLayer::new(provider).layer(warp::service(routes));
//! serve(TcpListener::bind("127.0.0.1:8080").await?, service, std::future::pending()).await
//! # }
//! ```
//!
//! [`OAuthLayer`] stands around the whole filter, because a filter of warp can change neither the
//! request nor what another filter answers. The authorise page is the application's: see
//! [`authorize`].
//!
//! - Filters that refuse stand behind the path, and [`recover`] behind all of them: else warp
//!   answers 500 to a rejection it does not know.
//! - Below a [`Mount`] and below `warp::path` the URL that the client saw counts.
//! - Forwarded headers are believed of
//!   [trusted proxies](oauth1_provider::ProviderBuilder::with_trusted_proxies) only. [`serve`]
//!   tells the peers' addresses; other servers insert [`PeerAddress`].
//! - The scheme is `http` unless a public URL or a trusted proxy says otherwise, or a server that
//!   ends TLS itself inserts [`SecureConnection`].
//! - [`UnreadBodyLayer`] around everything keeps a refused upload from breaking its client's connection.
//! - [`require_with`] hands what a filter of the application's own log-in extracts to guards made
//!   by [`request_guard`], to be combined with others.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod convert;
pub use crate::convert::Mount;

mod body;

mod layer;
pub use crate::layer::{OAuthLayer, OAuthService};

mod extract;
pub use crate::extract::{
    consumer, identity, optional_consumer, optional_identity, optional_user, user,
};

mod guard;
pub use crate::guard::{request_guard, require, require_with};

mod routes;
pub use crate::routes::token_endpoints;

mod authorize;
pub use crate::authorize::{Authorize, authorize};

mod rejection;
pub use crate::rejection::{AuthorizeRejection, GuardRejection, into_warp, recover, redirect};

#[cfg(feature = "server")]
mod server;
#[cfg(feature = "server")]
#[cfg_attr(docsrs, doc(cfg(feature = "server")))]
pub use crate::server::serve;

pub use oauth1_tower::{PeerAddress, SecureConnection, SignedUri, UnreadBodyLayer};
