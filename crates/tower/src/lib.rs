//! The OAuth 1.0a provider as a tower layer and service, for anything that speaks `http` 1.x.
//!
//! - [`OAuthLayer`] identifies every request: [`Identity`](oauth1_provider::Identity) stands in
//!   the request's extensions, a bad attempt is refused, the challenge is added to 401s.
//! - [`GuardLayer`] lets pass whom a [`Guard`](oauth1_provider::Guard) lets pass.
//! - [`TokenEndpoints`] answers at the two token paths.
//! - [`UnreadBodyLayer`], around all of them, keeps refusals from costing a connection.
//!
//! Only form-encoded bodies are read, up to the limits of the provider, and handed on whole; every
//! other body passes untouched. No runtime in particular is needed.
//!
//! # The URL that was signed
//! It is that of [`with_public_url`](oauth1_provider::ProviderBuilder::with_public_url), or what
//! [trusted proxies](oauth1_provider::TrustedProxies) tell; for these, the server puts the peer's
//! address into the extensions, as [`PeerAddress`]. Else it is the request's own: of HTTP/2's
//! `:authority`, HTTP/1.1's absolute form, or the Host header, with the connection's scheme: `http`,
//! unless a server that ends TLS itself has put [`SecureConnection`] into the extensions. The scheme
//! that a request names is the client's word, and never believed. Whoever mounts a service below a path that it strips puts the URI as sent into the extensions, as [`SignedUri`].
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod convert;
pub use crate::convert::{Head, PeerAddress, SecureConnection, SignedUri};

mod body;
pub use crate::body::{Forwarded, Received};

mod layer;
pub use crate::layer::{OAuthLayer, OAuthService, put_identity};

mod extract;
pub use crate::extract::identity;

mod guard;
pub use crate::guard::{GuardLayer, GuardService, request_guard};

mod routes;
pub use crate::routes::TokenEndpoints;

mod authorize;
pub use crate::authorize::Authorize;

mod rejection;
pub use crate::rejection::{
    authorize_refusal, finish_response, guard_response, into_http, redirect,
};

mod unread;
pub use crate::unread::{UnreadBodyLayer, UnreadBodyService, WatchedBody};
