//! [`ReplayGuard`] on Redis 6.2 and later, or Valkey: alone, behind Sentinel, or a Cluster. Any
//! number of provider processes share it.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use oauth1_store_redis::RedisReplayGuard;
//!
//! let guard = Arc::new(RedisReplayGuard::connect("redis://127.0.0.1:6379").await?);
//! # let _ = guard;
//! # Ok(())
//! # }
//! ```
//!
//! | URL | what |
//! |---|---|
//! | `redis://USER:PASSWORD@HOST:PORT/DB` | one server |
//! | `rediss://...` | the same over TLS, with the system's authorities or those of `?tls_ca=FILE` |
//! | `redis+sentinel://HOST:PORT,HOST:PORT/SERVICE/DB` | the master that the sentinels name; they and it take the same user and password |
//! | `redis+cluster://HOST:PORT,HOST:PORT` | a Cluster, found by any of these |
//! | `rediss+sentinel:`, `rediss+cluster:` | the same over TLS |
//!
//! `valkey:` may be written for `redis:`. What follows `?` is described at [`RedisOptions`].
//!
//! # What is kept
//! One key per nonce: a prefix and 16 bytes of SHA-256 over consumer, token, timestamp and nonce;
//! its value is `1`, and Redis itself forgets it (so [`ReplayGuard::purge`] has nothing to do).
//! `docs/benchmarks.md` of this project has the measured memory and rates.
//!
//! # When it does not answer
//! A check takes 2 seconds at most; then, and whenever it is not known what Redis did, it is
//! [`StoreError::Unavailable`], so the request is refused with 503. The guard connects again by
//! itself. A Redis that would evict keys (`maxmemory` with another policy than `noeviction`) is
//! refused; one that is full gives [`StoreError::Full`].
//!
//! # What a failover or a restart can lose
//! Redis acknowledges a nonce before its replicas have it. If the master dies then, the replica
//! that takes over does not know the nonce, and the request could be repeated. Likewise when a
//! master is cut off from its replicas: it goes on answering for a while beside the new one.
//! [`RedisOptions::with_replicas`] (`?replicas=1`) closes both: a request is accepted only when so
//! many replicas have its nonce, else it is refused with 503. Give the number of replicas that each
//! master has: a failover may choose any of them. With Sentinel and one replica that means 503 from
//! the death of the master until it is back as a replica of the other; two replicas and
//! `replicas=1` go on sooner, and lose what the chosen replica did not have.
//!
//! A server that restarts may have lost its last nonces, or all: that depends on how it saves. So
//! timestamps up to 10 seconds after the start of a server are refused, and those more than 10
//! seconds ahead always ([`Remembered::TooOld`]): nothing that was accepted before the restart is
//! accepted again. Those ten seconds are the price for clients with fast clocks;
//! [`RedisOptions::with_past_refused_after_restart`] (`?after_restart=past`) refuses only timestamps
//! from before the start, and leaves requests from the future repeatable.
//! [`RedisOptions::with_trust_after_restart`] (`?after_restart=trust`) turns that
//! off, for servers with `appendfsync always`. A master that comes back empty empties its replicas:
//! so the latest start counts of all servers that this process has used, also after a failover to an
//! older one. A provider that starts after all that cannot know: let no supervisor restart a master
//! that saves nothing before Sentinel or the Cluster notices its death. `FLUSHALL` under a running server forgets, too, and
//! nobody notices.
//!
//! # Caches in several processes
//! [`RedisNotices`] tells them what changed.
//!
//! # Permissions
//! `SET`, `INFO`, with replicas `WAIT`, and in a Cluster `CLUSTER SLOTS` and `ASKING`; for notices
//! `PUBLISH` and `SUBSCRIBE`.
//!
//! # TLS
//! By rustls. If the process has chosen no provider of cryptography for it yet, `ring` becomes it.
//!
//! [`ReplayGuard`]: oauth1_provider::ReplayGuard
//! [`ReplayGuard::purge`]: oauth1_provider::ReplayGuard::purge
//! [`Remembered::TooOld`]: oauth1_provider::Remembered::TooOld
//! [`StoreError::Unavailable`]: oauth1_provider::StoreError::Unavailable
//! [`StoreError::Full`]: oauth1_provider::StoreError::Full
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod guard;
pub use crate::guard::RedisReplayGuard;

mod options;
pub use crate::options::RedisOptions;

mod notices;
pub use crate::notices::RedisNotices;

mod url;

mod error;
pub use crate::error::ConnectError;

mod cluster;
mod key;
mod link;
mod node;
mod server;
