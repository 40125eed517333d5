//! Failovers by Sentinel: no answer while there is no master, and nothing accepted twice.

#![expect(
    clippy::unwrap_used,
    clippy::future_not_send,
    reason = "tests fail by panicking"
)]

mod common;

use std::{
    cell::{Cell, RefCell},
    path::Path,
    process::Command,
    time::Duration,
};

use futures_util::StreamExt;
use oauth1_provider::{Remembered, StoreError, core::Timestamp};
use oauth1_store_redis::RedisReplayGuard;
use redis::{Client, Value, aio::PubSub};

use self::common::{now, prefix, remember, run, until};

/// A master, its replica and three sentinels of a test's own, as `scripts/databases` starts them.
struct Sentinels {
    folder: tempfile::TempDir,
}

impl Sentinels {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sentinels = Self { folder };
        sentinels.script("start", "redis-sentinel");
        sentinels
    }

    fn script(&self, verb: &str, name: &str) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/databases");
        let mut command = Command::new(script);
        command.arg(verb).arg(self.folder.path()).arg(name);
        for (variable, _) in std::env::vars().filter(|(name, _)| name.starts_with("TEST_")) {
            command.env_remove(variable);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    fn url(&self) -> String {
        let env = std::fs::read_to_string(self.folder.path().join("env")).unwrap();
        let line = env.lines().find(|line| line.contains("SENTINEL")).unwrap();
        line.split_once('=').unwrap().1.replace('\\', "")
    }

    /// Where clients reach the sentinels.
    fn each(&self) -> Vec<String> {
        let url = self.url();
        let hosts = url.trim_start_matches("redis+sentinel://");
        let hosts = hosts.split('/').next().unwrap().split(',');
        hosts.map(|host| format!("redis://{host}")).collect()
    }

    async fn tell_all(&self, words: &[&str]) {
        for sentinel in self.each() {
            run(&sentinel, words).await;
        }
    }

    /// Where clients reach the sentinel that is asked for the master.
    fn first(&self) -> String {
        self.each().remove(0)
    }

    /// Host and port of the master, as a sentinel names it.
    async fn master(&self) -> Vec<String> {
        master_by(&self.first()).await
    }

    /// Whether all sentinels name another master than that.
    async fn all_have_left(&self, old: &[String]) -> bool {
        for sentinel in self.each() {
            if master_by(&sentinel).await == old {
                return false;
            }
        }
        true
    }

    /// From now on, what tells that a sentinel has named another master.
    async fn failovers(&self) -> Failovers {
        let client = Client::open(self.first()).unwrap();
        let mut told = client.get_async_pubsub().await.unwrap();
        told.subscribe("+switch-master").await.unwrap();
        Failovers(told)
    }

    /// A guard that waits for `replicas`, apart from all others.
    async fn guard(&self, replicas: u32) -> RedisReplayGuard {
        self.guard_with(replicas, &prefix()).await
    }

    async fn guard_with(&self, replicas: u32, prefix: &str) -> RedisReplayGuard {
        let settings = format!("after_restart=past&replicas={replicas}&prefix={prefix}");
        let url = format!("{}?{settings}", self.url());
        RedisReplayGuard::connect(&url).await.unwrap()
    }
}

impl Drop for Sentinels {
    fn drop(&mut self) {
        self.script("stop", "");
    }
}

async fn master_by(sentinel: &str) -> Vec<String> {
    let ask = ["SENTINEL", "get-master-addr-by-name", "oauth1"];
    let answer: Value = run(sentinel, &ask).await;
    redis::from_redis_value(answer).unwrap()
}

/// A subscription to what a sentinel tells of failovers.
struct Failovers(PubSub);

impl Failovers {
    /// Waits for one: half a minute at most.
    async fn next(&mut self) {
        let mut told = self.0.on_message();
        let longest = Duration::from_secs(30);
        let told = tokio::time::timeout(longest, told.next()).await;
        told.unwrap().unwrap();
    }
}

/// From here on no master is taken to be down, however long it is silent.
const PATIENCE: [&str; 5] = [
    "SENTINEL",
    "SET",
    "oauth1",
    "down-after-milliseconds",
    "600000",
];

/// New nonces and their timestamps, as soon as so many were accepted.
async fn accept(guard: &RedisReplayGuard, name: &str, count: usize) -> Vec<(String, Timestamp)> {
    let accepted = RefCell::new(Vec::new());
    let tries = Cell::new(0);
    until(async || {
        tries.set(tries.get() + 1);
        let (nonce, stamp) = (format!("{name}-{}", tries.get()), now());
        if let Ok(Remembered::Fresh) = remember(guard, &nonce, stamp).await {
            accepted.borrow_mut().push((nonce, stamp));
        }
        accepted.borrow().len() == count
    })
    .await;
    accepted.into_inner()
}

/// Asks until there is an answer.
async fn answer(guard: &RedisReplayGuard, nonce: &str, stamp: Timestamp) -> Remembered {
    let answer = Cell::new(None);
    until(async || {
        answer.set(remember(guard, nonce, stamp).await.ok());
        answer.get().is_some()
    })
    .await;
    answer.take().unwrap()
}

#[tokio::test]
async fn without_a_master_nothing_is_accepted_and_after_a_failover_nothing_twice() {
    let sentinels = Sentinels::start();
    let guard = sentinels.guard(1).await;
    let accepted = accept(&guard, "before", 50).await;
    let old = sentinels.master().await;
    sentinels.script("kill", "redis-master");
    // The replica that takes over has none itself, until the old master comes back as one.
    until(async || {
        let found = remember(&guard, "meanwhile", now()).await;
        let unavailable = matches!(found, Err(StoreError::Unavailable(_)));
        assert!(unavailable, "{found:?}");
        sentinels.all_have_left(&old).await
    })
    .await;
    // One failover: a busy machine must not look like a master that is down, too. A second one, to
    // the old master, would rightly turn away what is older than its restart.
    sentinels.tell_all(&PATIENCE).await;
    sentinels.script("again", "redis-master");
    for (nonce, stamp) in accepted {
        let found = answer(&guard, &nonce, stamp).await;
        assert_eq!(found, Remembered::Replayed, "{nonce}");
    }
    accept(&guard, "after", 1).await;
}

/// It empties its replicas, too: the one that takes over later is old, and knows nothing.
#[tokio::test]
async fn what_a_restarted_master_forgot_is_not_accepted_after_a_failover_either() {
    let sentinels = Sentinels::start();
    sentinels.tell_all(&PATIENCE).await;
    let guard = sentinels.guard(1).await;
    let accepted = accept(&guard, "before", 5).await;
    let old = sentinels.master().await;
    sentinels.script("kill", "redis-master");
    sentinels.script("again", "redis-master");
    accept(&guard, "between", 1).await;
    assert_eq!(sentinels.master().await, old);
    let mut failovers = sentinels.failovers().await;
    run(&sentinels.first(), &["SENTINEL", "FAILOVER", "oauth1"]).await;
    failovers.next().await;
    accept(&guard, "after", 1).await;
    for (nonce, stamp) in accepted {
        let found = answer(&guard, &nonce, stamp).await;
        assert_eq!(found, Remembered::TooOld, "{nonce}");
    }
}

/// The replica gets nothing from some moment on, and takes over: what was accepted without it is
/// accepted again. Who waits for it has accepted nothing meanwhile.
#[tokio::test]
async fn what_the_replica_never_got_is_lost_by_a_failover_and_accepted_by_none_who_waits_for_it() {
    let sentinels = Sentinels::start();
    let prefix = prefix();
    let careless = sentinels.guard_with(0, &prefix).await;
    let waiting = sentinels.guard_with(1, &prefix).await;
    let replicated = accept(&waiting, "replicated", 3).await;
    let master = format!("redis://{}", sentinels.master().await.join(":"));
    let refuse = ["ACL", "SETUSER", "default", "-psync", "-sync"];
    run(&master, &refuse).await;
    run(&master, &["CLIENT", "KILL", "TYPE", "replica"]).await;
    let mut failovers = sentinels.failovers().await;
    let stamp = now();
    let found = remember(&careless, "lost", stamp).await;
    assert!(matches!(found, Ok(Remembered::Fresh)), "{found:?}");
    let found = remember(&waiting, "not accepted", stamp).await;
    let unavailable = matches!(found, Err(StoreError::Unavailable(_)));
    assert!(unavailable, "{found:?}");
    sentinels.script("kill", "redis-master");
    failovers.next().await;
    assert_eq!(answer(&careless, "lost", stamp).await, Remembered::Fresh);
    for (nonce, stamp) in replicated {
        let found = answer(&careless, &nonce, stamp).await;
        assert_eq!(found, Remembered::Replayed, "{nonce}");
    }
}
