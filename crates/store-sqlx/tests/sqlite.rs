//! What is kept on SQLite stays there.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use oauth1_provider::{
    Consumer, Manager, Remembered, ReplayEntry, ReplayGuard,
    core::{ConsumerKey, Secret, Timestamp},
};
use oauth1_store_sqlx::{ConnectError, SqlStore};

fn url(folder: &tempfile::TempDir) -> String {
    format!("sqlite:{}", folder.path().join("oauth1.db").display())
}

/// A store on a fresh file, which goes when its test ends.
async fn fresh() -> (Arc<SqlStore>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqlStore::connect(&url(&folder)).await.unwrap();
    (Arc::new(store), folder)
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
async fn a_url_that_names_no_file_is_refused() {
    for url in ["sqlite:", "sqlite://", "sqlite:?mode=rwc"] {
        let refused = SqlStore::connect(url).await.unwrap_err();
        assert!(matches!(refused, ConnectError::NoFile), "{url} {refused:?}");
    }
}

#[tokio::test]
async fn consumers_and_nonces_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let key = ConsumerKey::new("k").unwrap();
    let at = Timestamp::from_secs;
    let entry = ReplayEntry {
        consumer: &key,
        token: None,
        timestamp: at(1_000),
        nonce: b"n",
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
        store
            .find(&key)
            .await
            .unwrap()
            .unwrap()
            .credential()
            .shared_secret()
            .unwrap()
            .expose(),
        "s"
    );
}

#[tokio::test]
async fn purge_of_nonces_stops_at_its_limit() {
    let (store, _folder) = fresh().await;
    let (key, at) = (ConsumerKey::new("k").unwrap(), Timestamp::from_secs);
    for text in ["n1", "n2", "n3", "n4", "n5"] {
        let entry = ReplayEntry {
            consumer: &key,
            token: None,
            timestamp: at(1_000),
            nonce: text.as_bytes(),
            keep_until: at(1_300),
            now: at(1_000),
        };
        assert_eq!(store.remember(&entry).await.unwrap(), Remembered::Fresh);
    }
    let mut gone = Vec::new();
    for _ in 0..4 {
        gone.push(ReplayGuard::purge(&*store, at(2_000), 2).await.unwrap());
    }
    assert_eq!(gone, [2, 2, 1, 0]);
}

#[tokio::test]
async fn other_schemes_are_refused_clearly() {
    let refused = SqlStore::connect("oracle://localhost/db").await;
    assert!(matches!(refused, Err(ConnectError::UnsupportedScheme)));
}
