//! Redis for tests: what `scripts/databases` started, and servers of a test's own.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::future_not_send,
    reason = "tests fail by panicking"
)]
#![allow(
    clippy::allow_attributes,
    dead_code,
    reason = "each test file uses a part of it"
)]

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use oauth1_provider::{
    Clock, Remembered, ReplayEntry, ReplayGuard, StoreError, SystemClock,
    core::{ConsumerKey, Timestamp},
};
use oauth1_store_redis::{RedisOptions, RedisReplayGuard};
use redis::Client;
use tempfile::TempDir;

/// A URL of the environment.
pub(crate) fn url(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: see docs/testing.md, scripts/databases"))
}

/// A prefix that nobody else has.
pub(crate) fn prefix() -> String {
    format!("t{:016x}:", RandomState::new().build_hasher().finish())
}

/// Apart from all others, and without looking at when the server started: the suites play in the
/// past.
pub(crate) async fn timeless(url: &str) -> RedisReplayGuard {
    let options = RedisOptions::default()
        .with_prefix(prefix())
        .with_trust_after_restart();
    RedisReplayGuard::connect_with(url, options).await.unwrap()
}

/// The time of the servers and the guards.
pub(crate) fn now() -> Timestamp {
    SystemClock::default().now()
}

/// Of a request stamped at this time.
pub(crate) async fn remember(
    guard: &RedisReplayGuard,
    nonce: &str,
    timestamp: Timestamp,
) -> Result<Remembered, StoreError> {
    let entry = ReplayEntry {
        consumer: &ConsumerKey::new("app").unwrap(),
        token: None,
        timestamp,
        nonce: nonce.as_bytes(),
        keep_until: timestamp.plus(Duration::from_secs(300)),
        now: now(),
    };
    // A guard that hangs is a failure, not a test that never ends.
    let longest = Duration::from_secs(30);
    tokio::time::timeout(longest, guard.remember(&entry))
        .await
        .expect("an answer")
}

/// A server of a test's own, killed at its end, which saves nothing.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    settings: Vec<String>,
    folder: TempDir,
}

impl Server {
    pub(crate) fn start(settings: &[&str]) -> Self {
        let settings: Vec<_> = settings.iter().map(|&text| text.to_owned()).collect();
        let folder = tempfile::tempdir().unwrap();
        // A port that was free a moment ago may be another's by now.
        let started = (0..10).find_map(|_| {
            let free = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = free.local_addr().unwrap().port();
            drop(free);
            Some((port, spawn(port, &settings, &folder)?))
        });
        let (port, child) = started.expect("a port");
        Self {
            child,
            port,
            settings,
            folder,
        }
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// On the same port, with nothing of what it held.
    pub(crate) fn start_again(&mut self) {
        self.child = spawn(self.port, &self.settings, &self.folder).expect("the same port");
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) async fn run(&self, words: &[&str]) -> redis::Value {
        run(&self.url(), words).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Ready when this returns; nothing if the port is taken.
fn spawn(port: u16, settings: &[String], folder: &TempDir) -> Option<Child> {
    let mut child = Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--dir"])
        .arg(folder.path())
        .args(["--repl-diskless-sync-delay", "0"])
        .args(settings)
        .stdout(Stdio::piped())
        .spawn()
        .expect("redis-server is installed");
    let mut log = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = log.by_ref().map_while(Result::ok);
    if !told.any(|line| line.contains("Ready to accept connections")) {
        child.wait().unwrap();
        return None;
    }
    // The pipe must not fill up.
    std::thread::spawn(move || log.for_each(drop));
    Some(child)
}

/// Sends one command.
pub(crate) async fn run(url: &str, words: &[&str]) -> redis::Value {
    let client = Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut command = redis::Cmd::new();
    command.arg(words);
    command.query_async(&mut connection).await.unwrap()
}

/// Asks until it is so; gives up after half a minute. For what nobody tells: that a guard answers
/// again, that servers have found each other.
pub(crate) async fn until(so: impl AsyncFn() -> bool) {
    let asking = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let longest = Duration::from_secs(30);
    tokio::time::timeout(longest, asking)
        .await
        .expect("it comes about");
}
