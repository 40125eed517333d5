//! An OAuth 1.0a ([RFC 5849](https://www.rfc-editor.org/rfc/rfc5849)) provider for any Rust
//! service: who calls, a *consumer* for itself or a *consumer on behalf of a user*?
//!
//! [`Provider`] is built over three traits, held as `Arc<dyn ..>`: [`Manager`] (consumers),
//! [`Store`] (tokens) and [`ReplayGuard`] (nonces). The flows are files named for the RFC's
//! headings: temporary credentials (section 2.1), resource owner authorization (2.2), token
//! credentials (2.3), authenticated requests (3).
//!
//! ```
//! use std::sync::Arc;
//! use oauth1_provider::{
//!     Consumer, FixedClock, Manager, MemoryManager, MemoryReplayGuard, MemoryStore, Provider,
//!     core::{ConsumerKey, Nonce, Request, Secret, Signer, Timestamp},
//! };
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let now = Timestamp::from_secs(1_700_000_000);
//! let key = ConsumerKey::new("my-app")?;
//! let manager = MemoryManager::default();
//! manager.create(&Consumer::new(key.clone(), Secret::from("s3cr3t"), "My app", now)).await?;
//! let provider = Provider::builder(
//!     Arc::new(manager),
//!     Arc::new(MemoryStore::default()),
//!     Arc::new(MemoryReplayGuard::without_history()),
//! )
//! .with_clock(Arc::new(FixedClock::new(now)))
//! .build()?;
//!
//! let request = Request::new("GET", "https", "api.example.com", "/me", None);
//! let signer = Signer::new(key, Secret::from("s3cr3t"));
//! let header = signer.sign(&request, now, &Nonce::new("n1")?)?.authorization();
//! let request = request.with_authorization(header.as_bytes());
//! let identity = provider.authenticate(&request).await?.expect("an OAuth request");
//! assert_eq!(identity.consumer().key().as_str(), "my-app");
//! assert!(provider.authenticate(&request).await.is_err(), "a replay is refused");
//! # Ok(())
//! # }
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(missing_docs)]
#![forbid(unsafe_code)]

pub use ipnet::IpNet;
pub use oauth1_core as core;

mod clock;
pub use crate::clock::{Clock, FixedClock, SystemClock};

mod entropy;
pub use crate::entropy::{Entropy, EntropyError, SystemEntropy};

mod consumer;
pub use crate::consumer::{CallbackRule, Consumer, Policy, PreviousCredential};

mod credential;
pub use crate::credential::Credential;

mod manager;
pub use crate::manager::{ConsumerChange, Created, Manager};

mod realms;
pub use crate::realms::{Realms, RealmsError};

mod token;
pub use crate::token::{
    AccessToken, RequestToken, RequestTokenState, Session, SessionHandleHash, UserId, VerifierHash,
};

mod store;
pub use crate::store::{
    Decided, Decision, Exchange, Exchanged, Renewal, Renewed, Revocation, Store, StoreError,
};

mod replay_guard;
pub use crate::replay_guard::{Remembered, ReplayEntry, ReplayGuard};

mod memory;
pub use crate::memory::{MemoryManager, MemoryReplayGuard, MemoryStore};

mod cache;
pub use crate::cache::{CacheOptions, CachedManager, CachedStore, Change, ChangeListener};

mod identity;
pub use crate::identity::{ConsumerIdentity, Identity, UserIdentity};

mod extract;

mod guard;
pub use crate::guard::{
    Guard, GuardRefusal, Verdict, all_of, any_of, has_realm, is_consumer, is_oauth_user, not_oauth,
};

mod refusal;
pub use crate::refusal::{Denied, Refusal};

mod problem;
pub use crate::problem::ProblemReporting;

mod response;
pub use crate::response::Response;

mod builder;
pub use crate::builder::{BadAttempt, ConfigError, ProviderBuilder};

mod public_url;
pub use crate::public_url::PublicUrl;

mod forwarded;
pub use crate::forwarded::TrustedProxies;

mod request_head;
pub use crate::request_head::{ReadBody, RequestHead, SignedUrl};

#[cfg(feature = "http")]
mod http_head;
#[cfg(feature = "http")]
#[cfg_attr(docsrs, doc(cfg(feature = "http")))]
pub use crate::http_head::HttpHead;

mod adapter;

mod body;
pub use crate::body::{BodyCollector, BodyUse, KeptBody};

mod outages;
mod provider;
pub use crate::provider::Provider;

mod hint;
mod in_time;
mod key_cache;

mod authenticate;
mod temporary_credentials;

mod resource_owner_authorization;
pub use crate::resource_owner_authorization::{
    Approved, AuthorizationError, Outcome, PendingAuthorization,
};

mod token_credentials;

mod session;
pub use crate::session::Sessions;

mod verify_only;

#[cfg(feature = "serde")]
mod stored;
#[cfg(feature = "serde")]
#[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
pub use crate::stored::{Done, Operation, WithSecrets};
