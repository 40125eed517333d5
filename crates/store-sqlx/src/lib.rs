//! [`Manager`], [`Store`] and [`ReplayGuard`] on SQL databases: one [`SqlStore`] is all three.
//!
//! Today SQLite (embedded, a C compiler is all it needs). The tables are made and migrated at
//! [`SqlStore::connect`], safely when several processes start at once.
//!
//! ```
//! use std::sync::Arc;
//! use oauth1_provider::Provider;
//! use oauth1_store_sqlx::SqlStore;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sql = Arc::new(SqlStore::connect("sqlite::memory:").await?);
//! let (manager, store, replay_guard) = (sql.clone(), sql.clone(), sql);
//! let provider = Provider::builder(manager, store, replay_guard).build()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Durability
//! WAL with `synchronous = FULL`: what is acknowledged, tokens and nonces alike, survives
//! `kill -9` and a power cut (as far as the disk keeps its word). Concurrent nonces share one
//! transaction, and so one sync.
//!
//! # Secrets at rest
//! HMAC needs the secrets themselves. With a [`KeyRing`]
//! ([`SqlStoreOptions::with_key_ring`]) they are sealed by a key that is not in the database;
//! without one they stand in the clear: protect the database. Verifiers, session handles and
//! nonces are kept as hashes.
//!
//! [`Manager`]: oauth1_provider::Manager
//! [`Store`]: oauth1_provider::Store
//! [`ReplayGuard`]: oauth1_provider::ReplayGuard
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod connect;
pub use crate::connect::{ConnectError, SqlStore, SqlStoreOptions};

mod database;
mod dialect;
mod pool;
pub use crate::pool::SqlPool;

mod key_ring;
pub use crate::key_ring::{KeyRing, KeyRingError};

mod schema;

mod sealing;

mod rotate_keys;
pub use crate::rotate_keys::RotationProgress;

mod consumers;
mod row;
mod tokens;

mod nonces;

mod error;
