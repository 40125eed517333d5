//! SQLite passes the suites, and forgets nothing.

use std::sync::Arc;

use oauth1_provider::{
    Consumer, Manager, Remembered, ReplayEntry, ReplayGuard,
    core::{ConsumerKey, Nonce, Secret, Timestamp},
};
use oauth1_store_sqlx::{ConnectError, SqlStore};

fn url(folder: &tempfile::TempDir) -> String {
    format!("sqlite:{}", folder.path().join("oauth1.db").display())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sqlite_passes_all_suites() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqlStore::connect(&url(&folder)).await.unwrap());
    oauth1_conformance::store(Arc::clone(&store) as _, Arc::clone(&store) as _).await;
    for key in ["one", "two"] {
        assert!(store.delete(&ConsumerKey::new(key).unwrap()).await.unwrap());
    }
    oauth1_conformance::manager(&*store).await;
    oauth1_conformance::replay_guard(store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn memory_database_passes_the_store_suite() {
    let store = Arc::new(SqlStore::connect("sqlite::memory:").await.unwrap());
    oauth1_conformance::store(Arc::clone(&store) as _, store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_that_start_at_once_all_find_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    let url = url(&folder);
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { SqlStore::connect(&url).await.map(|_| ()) })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn consumers_and_nonces_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (key, nonce) = (ConsumerKey::new("k").unwrap(), Nonce::new("n").unwrap());
    let at = Timestamp::from_secs;
    let entry = ReplayEntry {
        consumer: &key,
        token: None,
        timestamp: at(1_000),
        nonce: &nonce,
        keep_until: at(1_300),
        now: at(1_000),
    };
    for expected in [Remembered::Fresh, Remembered::Replayed] {
        let store = SqlStore::connect(&url(&folder)).await.unwrap();
        let consumer = Consumer::new(key.clone(), Secret::from("s"), "n", at(1));
        store.create(&consumer).await.unwrap();
        assert_eq!(store.remember(&entry).await.unwrap(), expected);
    }
    let store = SqlStore::connect(&url(&folder)).await.unwrap();
    assert_eq!(
        store.find(&key).await.unwrap().unwrap().secret().expose(),
        "s"
    );
}

#[tokio::test]
async fn other_schemes_are_refused_clearly() {
    let refused = SqlStore::connect("postgres://h/d").await;
    assert!(matches!(refused, Err(ConnectError::UnsupportedScheme)));
}
