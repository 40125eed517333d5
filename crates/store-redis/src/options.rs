//! What can be set.

use std::{sync::Arc, time::Duration};

use oauth1_provider::{Clock, SystemClock};

/// Settings of a [`RedisReplayGuard`](crate::RedisReplayGuard). Each can stand in the URL, too,
/// and then goes before what is set here.
#[derive(Clone, Debug)]
pub struct RedisOptions {
    pub(crate) prefix: Vec<u8>,
    pub(crate) replicas: u32,
    pub(crate) replica_timeout: Duration,
    pub(crate) trust_after_restart: bool,
    pub(crate) ahead: Option<Duration>,
    pub(crate) tls_ca: Option<Vec<u8>>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// How far ahead of now a timestamp may be, and so how long after a server's start none is known.
const AHEAD: Duration = Duration::from_secs(10);

impl Default for RedisOptions {
    fn default() -> Self {
        Self {
            prefix: b"oauth:".to_vec(),
            replicas: 0,
            replica_timeout: Duration::from_millis(500),
            trust_after_restart: false,
            ahead: Some(AHEAD),
            tls_ca: None,
            clock: Arc::new(SystemClock::default()),
        }
    }
}

impl RedisOptions {
    /// What keys begin with; default `oauth:`. Up to six bytes cost no memory. In the URL:
    /// `prefix=TEXT`.
    #[must_use]
    pub fn with_prefix(mut self, prefix: impl Into<Vec<u8>>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How many replicas must have a nonce before its request is accepted, by `WAIT`; default
    /// none. In the URL: `replicas=NUMBER`.
    #[must_use]
    pub fn with_replicas(mut self, replicas: u32) -> Self {
        self.replicas = replicas;
        self
    }

    /// How long to wait for the replicas: 1 ms to 1 s, default 500 ms. In the URL:
    /// `replica_timeout=MILLISECONDS`.
    #[must_use]
    pub fn with_replica_timeout(mut self, timeout: Duration) -> Self {
        self.replica_timeout = timeout.clamp(Duration::from_millis(1), Duration::from_secs(1));
        self
    }

    /// Accepts timestamps from before a restart of Redis: only for servers that lose nothing by
    /// it (`appendfsync always`). In the URL: `after_restart=trust`.
    #[must_use]
    pub fn with_trust_after_restart(mut self) -> Self {
        self.trust_after_restart = true;
        self
    }

    /// After a restart of Redis, refuses timestamps from before it only; those after it are accepted
    /// at once, and those of clients whose clocks are fast always. In the URL: `after_restart=past`.
    ///
    /// # Security
    /// A request with a timestamp in the future that was accepted before the restart could be
    /// repeated after it, if Redis lost its nonce.
    #[must_use]
    pub fn with_past_refused_after_restart(mut self) -> Self {
        self.trust_after_restart = false;
        self.ahead = None;
        self
    }

    /// Who may vouch for the servers' certificates, in PEM; by default the system's authorities.
    /// In the URL: `tls_ca=FILE`.
    #[must_use]
    pub fn with_tls_authorities(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls_ca = Some(pem.into());
        self
    }

    /// The clock by which a server's start is known: the provider's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }
}
