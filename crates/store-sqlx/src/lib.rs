//! [`Manager`], [`Store`] and [`ReplayGuard`] on SQL databases: one [`SqlStore`] is all three.
//!
//! The URL says which database: SQLite (the embedded default: a C compiler is all it needs),
//! PostgreSQL, MariaDB or MySQL. The tables are made and migrated when it is opened.
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
//! # URLs
//! | URL | feature | TLS |
//! |---|---|---|
//! | `sqlite:PATH`, `sqlite::memory:` | `sqlite` | |
//! | `postgres://USER:PASSWORD@HOST:PORT/DATABASE` | `postgres` | `?sslmode=verify-full&sslrootcert=FILE` |
//! | `mysql://...`, `mariadb://...` | `mysql` | `?ssl-mode=VERIFY_IDENTITY&ssl-ca=FILE` |
//!
//! User names and passwords are percent-encoded. Without a file, the system's authorities are
//! trusted. **Without a mode, TLS is used if the server offers it and nobody's certificate is
//! checked**: over a network name the mode. Other parameters are sqlx's.
//!
//! Several stores share a database if their [table prefixes](SqlStoreOptions::with_table_prefix)
//! differ. [`SqlStore::from_pool`] takes over a pool of the application.
//!
//! # Starting
//! The tables have a version. Of several processes that start at once one makes or migrates them,
//! under a lock, and the others wait for it; who finds the newest version needs no right to change
//! tables. A migration that is killed half-way is undone (SQLite, PostgreSQL) or finished by the
//! next start (MariaDB, MySQL). Tables of a newer version are refused.
//!
//! # Durability
//! What is acknowledged, tokens and nonces alike, survives `kill -9` of this process and of the
//! database, and a power cut as far as the database is set up so and the disk keeps its word:
//!
//! - SQLite: set here, WAL with `synchronous = FULL`. Put the file on a local disk.
//! - PostgreSQL: `synchronous_commit = on`, its default, which this crate does not touch. With
//!   asynchronous replicas a failover may lose the last nonces and tokens: name
//!   `synchronous_standby_names`.
//! - MariaDB, MySQL: `innodb_flush_log_at_trx_commit = 1`, the default. Only `InnoDB` will do.
//!
//! Concurrent checks of nonces share a statement, and so a sync: see `docs/benchmarks.md`.
//!
//! # Isolation
//! Each change is one statement or one transaction that locks the row it decides about
//! (`SELECT ... FOR UPDATE`; SQLite: the write lock, taken at the beginning). That needs no more than
//! READ COMMITTED, which is asked for on PostgreSQL, and set on MariaDB's and MySQL's connections
//! that [`SqlStore::connect`] opens. Under a stricter level changes are undone more often; they
//! are tried again, ten times at most.
//!
//! # Outages
//! Nothing is waited for longer than ten seconds, connections no longer than
//! [`SqlStoreOptions::with_acquire_timeout`] (a pool of the application: its own limit). Past
//! that, and on any error, the answer is `StoreError::Unavailable`, 503 to the client, never a
//! guess. Once no server answers new connections, one caller tries on and the others are refused at
//! once, until it does. The store recovers by itself: broken connections are replaced, and those idle for over a
//! second are tried before use, so after a restart of the database at most one request per
//! connection is refused. What timed out may have happened all the same: a nonce is then spent, a
//! token unknown to its client, and the client starts over.
//!
//! # Texts
//! Compared byte by byte, in all databases. A NUL character, which PostgreSQL cannot keep, is
//! refused in all; consumer and token keys, and users, have at most 1,024 bytes on MariaDB and
//! MySQL.
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

mod key_proofs;
mod sealing;

mod rotate_keys;
pub use crate::rotate_keys::RotationProgress;

mod column;
mod consumers;
mod row;
mod tokens;

mod nonces;
mod outage;

mod error;
