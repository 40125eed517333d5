//! The batching `ReplayGuard` beside one INSERT per check, in one run: prints ratios, no absolute
//! times. Both keep nonces in the same table of the PostgreSQL of `TEST_POSTGRES_URL` through the
//! same pool, asked by 256 tasks at once, each waiting for its answer before it asks again.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark: it looks at the clock, and fails by panicking"
)]

use std::{future::Future, sync::Arc, time::Instant};

use oauth1_provider::{
    Remembered, ReplayEntry, ReplayGuard,
    core::{ConsumerKey, Timestamp, TokenKey},
};
use oauth1_store_sqlx::{SqlStore, SqlStoreOptions};
use sha2::{Digest, Sha256};
use sqlx::{PgPool, postgres::PgPoolOptions};

const CONCURRENCY: usize = 256;
const CONNECTIONS: [u32; 2] = [10, 50];

#[tokio::main]
async fn main() {
    // `cargo test --benches` only wants to know that it runs.
    let (rounds, per_task) = if std::env::args().any(|arg| arg == "--bench") {
        (11, 40)
    } else {
        (1, 2)
    };
    let url = std::env::var("TEST_POSTGRES_URL").unwrap();
    println!("rate of checks to that of one INSERT each, {CONCURRENCY} at once");
    for connections in CONNECTIONS {
        let pool = PgPoolOptions::new().max_connections(connections);
        let pool = pool.connect(&url).await.unwrap();
        let options = SqlStoreOptions::default().with_table_prefix("bench_nonces_");
        let store = Arc::new(options.with_pool(pool.clone()).await.unwrap());
        sqlx::query("TRUNCATE bench_nonces_nonces")
            .execute(&pool)
            .await
            .unwrap();
        let mut ratios = Vec::new();
        for round in 0..rounds {
            let single = in_parallel(per_task, |number| {
                insert(pool.clone(), format!("single-{round}-{number}"))
            });
            let single = single.await;
            let batched = in_parallel(per_task, |number| {
                check(Arc::clone(&store), format!("batched-{round}-{number}"))
            });
            ratios.push(single / batched.await);
        }
        ratios.sort_by(f64::total_cmp);
        let at = |index: usize| ratios.get(index).copied().unwrap_or_default();
        println!(
            "pool of {connections}: {:.1} ({:.1} to {:.1})",
            at(ratios.len() / 2),
            at(0),
            at(ratios.len() - 1)
        );
    }
}

/// Seconds until all tasks have done their share.
async fn in_parallel<F>(per_task: usize, what: impl Fn(usize) -> F) -> f64
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let tasks: Vec<_> = (0..CONCURRENCY)
        .map(|task| {
            let share: Vec<_> = (0..per_task).map(|at| what(task * per_task + at)).collect();
            tokio::spawn(async move {
                for one in share {
                    one.await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    start.elapsed().as_secs_f64()
}

async fn insert(pool: PgPool, nonce: String) {
    let hash = Sha256::digest(&nonce);
    let statement = "INSERT INTO bench_nonces_nonces (hash, keep_until) VALUES ($1, $2)
         ON CONFLICT DO NOTHING";
    let query = sqlx::query(statement).bind(hash.as_slice()).bind(1_300_i64);
    let done = query.execute(&pool).await.unwrap();
    assert_eq!(done.rows_affected(), 1);
}

async fn check(store: Arc<SqlStore>, nonce: String) {
    let at = Timestamp::from_secs;
    let entry = ReplayEntry {
        consumer: &ConsumerKey::new("consumer").unwrap(),
        token: Some(&TokenKey::new("token").unwrap()),
        timestamp: at(1_000),
        nonce: nonce.as_bytes(),
        keep_until: at(1_300),
        now: at(1_000),
    };
    let remembered = store.remember(&entry).await.unwrap();
    assert_eq!(remembered, Remembered::Fresh);
}
