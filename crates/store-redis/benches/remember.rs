//! Checks a second through [`RedisReplayGuard`], at concurrency 256, as a ratio to `SET NX` without
//! pipelining on one connection, both taking turns in one run; and the memory of a nonce.
//! `TEST_REDIS_URL` names an empty Redis.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a benchmark: it looks at the clock, and prints"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use oauth1_provider::{
    Clock, Remembered, ReplayEntry, ReplayGuard, SystemClock,
    core::{ConsumerKey, TokenKey},
};
use oauth1_store_redis::{RedisOptions, RedisReplayGuard};
use redis::{AsyncConnectionConfig, aio::MultiplexedConnection, cmd};
use tokio::sync::Mutex;

const CONCURRENCY: u64 = 256;

#[tokio::main]
async fn main() {
    let Ok(url) = std::env::var("TEST_REDIS_URL") else {
        println!("TEST_REDIS_URL is not set");
        return;
    };
    // `cargo test --benches` only wants to know that it runs.
    let (rounds, checks) = match std::env::args().any(|arg| arg == "--bench") {
        true => (11, 400),
        false => (1, 1),
    };
    let options = RedisOptions::default().with_trust_after_restart();
    let guard = RedisReplayGuard::connect_with(&url, options).await.unwrap();
    let client = redis::Client::open(url).unwrap();
    let config = AsyncConnectionConfig::new().set_response_timeout(None);
    let mut connection = client
        .get_multiplexed_async_connection_with_config(&config)
        .await
        .unwrap();
    let before = used_memory(&mut connection).await;
    let mut nonces = 0;
    let mut ratios = Vec::new();
    let single = Arc::new(Mutex::new(connection.clone()));
    for _ in 0..rounds {
        // Fewer of the slow ones, so that a round is short.
        let (single, guard) = (Arc::clone(&single), guard.clone());
        let set = move |number| set(Arc::clone(&single), number);
        let theirs = rate(checks / 10 + 1, set).await;
        let ours = rate(checks, move |number| remember(guard.clone(), number)).await;
        nonces += CONCURRENCY * checks;
        ratios.push((ours / theirs, ours, theirs));
    }
    ratios.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (ratio, ours, theirs) = ratios[ratios.len() / 2];
    println!(
        "checks at concurrency {CONCURRENCY}, of SET NX without pipelining: {ratio:.1} (median)"
    );
    println!(
        "  {ours:.0}/s and {theirs:.0}/s then; least and most ratio: {:.1} to {:.1}",
        ratios[0].0,
        ratios[ratios.len() - 1].0
    );
    let theirs = forget(&mut connection, "bench:*").await;
    let used = used_memory(&mut connection).await - before;
    println!(
        "bytes of memory a nonce: {:.0} ({theirs} others deleted)",
        used as f64 / nonces as f64
    );
    forget(&mut connection, "oauth:*").await;
}

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// How many a second, with so many each of all that run at once.
async fn rate<F: Future<Output = ()> + Send + 'static>(
    each: u64,
    check: impl Fn(u64) -> F + Clone + Send + 'static,
) -> f64 {
    let start = Instant::now();
    let tasks: Vec<_> = (0..CONCURRENCY)
        .map(|_| {
            let check = check.clone();
            tokio::spawn(async move {
                for _ in 0..each {
                    check(NUMBER.fetch_add(1, Ordering::Relaxed)).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    (CONCURRENCY * each) as f64 / start.elapsed().as_secs_f64()
}

async fn set(connection: Arc<Mutex<MultiplexedConnection>>, number: u64) {
    let mut set = cmd("SET");
    set.arg(format!("bench:{number:016}")).arg("");
    set.arg("NX").arg("EX").arg(611);
    let mut connection = connection.lock().await;
    let _: () = set.query_async(&mut *connection).await.unwrap();
}

async fn remember(guard: RedisReplayGuard, number: u64) {
    let now = SystemClock::default().now();
    let found = guard
        .remember(&ReplayEntry {
            consumer: &ConsumerKey::new("xvz1evFS4wEEPTGEFPHBog").unwrap(),
            token: Some(&TokenKey::new("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9Ey").unwrap()),
            timestamp: now,
            nonce: format!("kYjzVBB8Y0ZFabxSWbWov{number:011}").as_bytes(),
            keep_until: now.plus(std::time::Duration::from_secs(600)),
            now,
        })
        .await;
    assert_eq!(found.unwrap(), Remembered::Fresh);
}

async fn used_memory(connection: &mut MultiplexedConnection) -> i64 {
    let info: String = cmd("INFO")
        .arg("memory")
        .query_async(connection)
        .await
        .unwrap();
    let field = info
        .lines()
        .find_map(|line| line.strip_prefix("used_memory:"));
    field.unwrap().trim().parse().unwrap()
}

async fn forget(connection: &mut MultiplexedConnection, pattern: &str) -> usize {
    let keys: Vec<Vec<u8>> = cmd("KEYS")
        .arg(pattern)
        .query_async(connection)
        .await
        .unwrap();
    for keys in keys.chunks(10_000) {
        let _: i64 = cmd("UNLINK")
            .arg(keys)
            .query_async(connection)
            .await
            .unwrap();
    }
    keys.len()
}
