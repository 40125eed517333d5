//! Redis that is gone, cut off, restarted, taken over, full: never a request accepted twice.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use oauth1_provider::{Remembered, StoreError};
use oauth1_store_redis::{ConnectError, RedisOptions, RedisReplayGuard};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use self::common::{Server, now, prefix, remember, timeless, until, url};

/// Between a guard and its Redis.
struct Proxy {
    port: u16,
    mode: Arc<AtomicU8>,
}

/// Everything passes.
const OPEN: u8 = 0;
/// Requests pass; the connection ends when the answer comes.
const ANSWERS_LOST: u8 = 1;
/// Nothing passes, and nothing ends.
const SILENT: u8 = 2;
/// Connections end at once.
const CUT: u8 = 3;

impl Proxy {
    async fn start(url: &str) -> Self {
        let target = url.trim_start_matches("redis://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mode = Arc::new(AtomicU8::new(OPEN));
        let given = Arc::clone(&mode);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, target.clone(), Arc::clone(&mode)));
            }
        });
        Self { port, mode: given }
    }

    fn set(&self, mode: u8) {
        self.mode.store(mode, Ordering::SeqCst);
    }
}

async fn pass(mut client: TcpStream, target: String, mode: Arc<AtomicU8>) {
    let mut server = TcpStream::connect(target).await.unwrap();
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let length = read.unwrap_or(0);
                match mode.load(Ordering::SeqCst) {
                    SILENT => std::future::pending().await,
                    CUT => return,
                    _ if length == 0 => return,
                    _ => server.write_all(&asked[..length]).await.unwrap(),
                }
            }
            read = server.read(&mut answered) => {
                let length = read.unwrap_or(0);
                if length == 0 || mode.load(Ordering::SeqCst) != OPEN {
                    return;
                }
                if client.write_all(&answered[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}

fn unavailable(found: &Result<Remembered, StoreError>) -> bool {
    matches!(found, Err(StoreError::Unavailable(_)))
}

/// A guard behind a proxy, after a first check.
async fn proxied() -> (Proxy, RedisReplayGuard) {
    let proxy = Proxy::start(&url("TEST_REDIS_URL")).await;
    let guard = timeless(&format!("redis://127.0.0.1:{}", proxy.port)).await;
    let found = remember(&guard, "first", now()).await.unwrap();
    assert_eq!(found, Remembered::Fresh);
    (proxy, guard)
}

#[tokio::test]
async fn a_redis_that_is_not_there_is_an_error_at_the_start() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    for scheme in ["redis", "rediss", "redis+cluster"] {
        let found = RedisReplayGuard::connect(&format!("{scheme}://127.0.0.1:{port}")).await;
        assert!(matches!(found, Err(ConnectError::Unusable(_))), "{scheme}");
    }
    let url = format!("redis+sentinel://127.0.0.1:{port}/oauth1");
    let found = RedisReplayGuard::connect(&url).await;
    assert!(matches!(found, Err(ConnectError::Unusable(_))));
}

#[tokio::test]
async fn a_silent_redis_means_unavailable_for_all_who_wait() {
    let (proxy, guard) = proxied().await;
    proxy.set(SILENT);
    let waiting: Vec<_> = (0..100)
        .map(|number: u32| {
            let guard = guard.clone();
            tokio::spawn(async move { remember(&guard, &number.to_string(), now()).await })
        })
        .collect();
    for found in waiting {
        assert!(unavailable(&found.await.unwrap()));
    }
}

#[tokio::test]
async fn when_the_answer_is_lost_it_is_unavailable_and_the_nonce_is_spent() {
    let (proxy, guard) = proxied().await;
    let stamp = now();
    proxy.set(ANSWERS_LOST);
    assert!(unavailable(&remember(&guard, "n", stamp).await));
    proxy.set(OPEN);
    until(async || {
        let found = remember(&guard, "n", stamp).await;
        assert!(!matches!(found, Ok(Remembered::Fresh)));
        found.is_ok()
    })
    .await;
}

#[tokio::test]
async fn a_guard_that_was_cut_off_connects_again_by_itself() {
    let (proxy, guard) = proxied().await;
    proxy.set(CUT);
    assert!(unavailable(&remember(&guard, "n", now()).await));
    proxy.set(OPEN);
    until(async || remember(&guard, "n", now()).await.is_ok()).await;
}

#[tokio::test]
async fn nothing_from_before_a_restart_is_accepted_after_it() {
    let mut server = Server::start(&[]);
    let trusting = timeless(&server.url()).await;
    let guard = RedisReplayGuard::connect(&server.url()).await.unwrap();
    // The server is young: only what is stamped well after its start is accepted.
    let stamp = now();
    assert_eq!(
        remember(&guard, "n", stamp).await.unwrap(),
        Remembered::TooOld
    );
    let far = stamp.plus(Duration::from_secs(60));
    assert_eq!(
        remember(&guard, "n", far).await.unwrap(),
        Remembered::TooOld
    );
    // One that trusts accepts, and accepts again what the server has lost.
    assert_eq!(
        remember(&trusting, "n", stamp).await.unwrap(),
        Remembered::Fresh
    );
    server.kill();
    server.start_again();
    until(async || {
        remember(&trusting, "n", stamp)
            .await
            .is_ok_and(|found| found == Remembered::Fresh)
    })
    .await;
    until(async || remember(&guard, "n", stamp).await.is_ok()).await;
    assert_eq!(
        remember(&guard, "n", stamp).await.unwrap(),
        Remembered::TooOld
    );
}

/// What replication that lags can lose, and the setting that closes it.
#[tokio::test]
async fn a_nonce_that_no_replica_has_is_lost_by_a_failover_unless_replicas_are_waited_for() {
    let master = Server::start(&[]);
    let port = master.port.to_string();
    let replica = Server::start(&["--replicaof", "127.0.0.1", &port]);
    let trusting = || RedisOptions::default().with_trust_after_restart();
    let prefix = prefix();
    let careless = trusting().with_prefix(prefix.clone());
    let waiting = careless.clone().with_replicas(1);
    let [careless, waiting] = [
        RedisReplayGuard::connect_with(&master.url(), careless)
            .await
            .unwrap(),
        RedisReplayGuard::connect_with(&master.url(), waiting)
            .await
            .unwrap(),
    ];
    let stamp = now();
    until(async || remember(&waiting, "replicated", stamp).await.is_ok()).await;
    // The replica is cut off, and takes over.
    replica.run(&["REPLICAOF", "NO", "ONE"]).await;
    let after = trusting().with_prefix(prefix);
    let after = RedisReplayGuard::connect_with(&replica.url(), after)
        .await
        .unwrap();
    assert_eq!(
        remember(&careless, "lost", stamp).await.unwrap(),
        Remembered::Fresh
    );
    assert_eq!(
        remember(&after, "lost", stamp).await.unwrap(),
        Remembered::Fresh
    );
    assert!(unavailable(
        &remember(&waiting, "not accepted", stamp).await
    ));
    assert_eq!(
        remember(&after, "replicated", stamp).await.unwrap(),
        Remembered::Replayed
    );
}

#[tokio::test]
async fn a_redis_that_evicts_is_refused_and_a_full_one_says_so() {
    let server = Server::start(&[]);
    let guard = timeless(&server.url()).await;
    server.run(&["CONFIG", "SET", "maxmemory", "1kb"]).await;
    server
        .run(&["CONFIG", "SET", "maxmemory-policy", "volatile-ttl"])
        .await;
    let found = RedisReplayGuard::connect(&server.url()).await;
    assert!(matches!(found, Err(ConnectError::Unusable(_))));
    server
        .run(&["CONFIG", "SET", "maxmemory-policy", "noeviction"])
        .await;
    let found = remember(&guard, "n", now()).await;
    assert!(matches!(found, Err(StoreError::Full)), "{found:?}");
}

#[tokio::test]
async fn a_replica_is_no_master() {
    let master = Server::start(&[]);
    let port = master.port.to_string();
    let replica = Server::start(&["--replicaof", "127.0.0.1", &port]);
    let found = RedisReplayGuard::connect(&replica.url()).await;
    assert!(matches!(found, Err(ConnectError::Unusable(_))));
}
