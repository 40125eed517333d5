//! A database that is killed, or that holds its answers back: an error in bounded time, and work
//! goes on with the same store afterwards.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    path::Path,
    process::{Command, Output},
    sync::Arc,
    time::Duration,
};

use oauth1_provider::{
    ConsumerChange, Decision, Exchange, Exchanged, Manager, Realms, Remembered, ReplayEntry,
    ReplayGuard, Store, StoreError, UserId, VerifierHash,
    core::{Secret, Verifier},
};
use oauth1_store_sqlx::{SqlStore, SqlStoreOptions};
use sqlx::{AssertSqlSafe, Connection, Executor};
use tokio::time::timeout;

use crate::{
    common::Place,
    rows::{app, at, create_consumer, create_request_token, token},
};

/// No answer takes longer than the crate's documentation says, by far.
const NEVER: Duration = Duration::from_secs(120);

fn verifier() -> VerifierHash {
    VerifierHash::new(&token("request"), &Verifier::new("right").unwrap())
}

/// A server of the test's own, with its data in a folder.
struct Server {
    folder: tempfile::TempDir,
    name: &'static str,
}

impl Server {
    fn start(name: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Self { folder, name };
        server.databases("start");
        server
    }

    fn databases(&self, verb: &str) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/databases");
        let Output { status, stderr, .. } = Command::new(script)
            .arg(verb)
            .arg(self.folder.path())
            .arg(self.name)
            .env_remove("TEST_POSTGRES_URL")
            .env_remove("TEST_MYSQL_URL")
            .env_remove("TEST_TLS_CA")
            .output()
            .unwrap();
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    }

    fn url(&self) -> String {
        let env = std::fs::read_to_string(self.folder.path().join("env")).unwrap();
        let line = env.lines().find(|line| line.contains("_URL=")).unwrap();
        line.split_once('=').unwrap().1.replace('\\', "")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.databases("stop");
    }
}

async fn remember(store: &SqlStore, nonce: &str) -> Result<Remembered, StoreError> {
    let entry = ReplayEntry {
        consumer: &app(),
        token: None,
        timestamp: at(1_000),
        nonce: nonce.as_bytes(),
        keep_until: at(1_300),
        now: at(1_000),
    };
    store.remember(&entry).await
}

async fn exchange(store: &SqlStore) -> Result<Exchanged, StoreError> {
    let exchange = Exchange {
        request_token: token("request"),
        consumer: app(),
        verifier: verifier(),
        attempts: 5,
        key: token("access"),
        secret: Secret::from("s"),
        expires: None,
        session: None,
    };
    store.exchange(&exchange, at(2)).await
}

/// A consumer and an approved request token.
async fn prepare(store: &SqlStore) {
    create_consumer(store).await;
    create_request_token(store).await;
    let approval = Decision::Approve {
        user: UserId::new("alice").unwrap(),
        verifier: verifier(),
        realms: Realms::default(),
    };
    let decided = store.decide(&token("request"), &approval, at(1)).await;
    decided.unwrap();
}

fn assert_unavailable<T: std::fmt::Debug>(answer: &Result<T, StoreError>) {
    assert!(
        matches!(answer, Err(StoreError::Unavailable(_))),
        "{answer:?}"
    );
}

async fn all_is_unavailable(store: &SqlStore) {
    let (app, key) = (app(), token("access"));
    let (found, access, exchanged, remembered) = tokio::join!(
        timeout(NEVER, store.find(&app)),
        timeout(NEVER, store.access_token(&app, &key)),
        timeout(NEVER, exchange(store)),
        timeout(NEVER, remember(store, "meanwhile")),
    );
    assert_unavailable(&found.unwrap());
    assert_unavailable(&access.unwrap());
    assert_unavailable(&exchanged.unwrap());
    assert_unavailable(&remembered.unwrap());
}

#[tokio::test]
async fn postgres_killed_means_unavailable_until_it_is_back() {
    killed_means_unavailable_until_it_is_back("postgres").await;
}

#[tokio::test]
async fn mariadb_killed_means_unavailable_until_it_is_back() {
    killed_means_unavailable_until_it_is_back("mysql").await;
}

async fn killed_means_unavailable_until_it_is_back(name: &'static str) {
    let server = Server::start(name);
    let options = SqlStoreOptions::default().with_acquire_timeout(Duration::from_secs(1));
    let store = options.connect(&server.url()).await.unwrap();
    prepare(&store).await;
    assert_eq!(remember(&store, "before").await.unwrap(), Remembered::Fresh);

    server.databases("kill");
    all_is_unavailable(&store).await;
    server.databases("again");

    // What was acknowledged before is there, what was refused has not happened.
    assert!(store.find(&app()).await.unwrap().is_some());
    let replayed = remember(&store, "before").await.unwrap();
    assert_eq!(replayed, Remembered::Replayed);
    let fresh = remember(&store, "meanwhile").await.unwrap();
    assert_eq!(fresh, Remembered::Fresh);
    let exchanged = exchange(&store).await.unwrap();
    assert!(matches!(exchanged, Exchanged::Exchanged(_)));
}

/// Makes a store on a pool of one connection, takes the connection, and gives it back.
macro_rules! without_connections {
    ($options:ty, $place:expr) => {{
        let place = $place;
        let pool = <$options>::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(1));
        let pool = pool.connect(&place.url).await.unwrap();
        let store = place.options().with_pool(pool.clone()).await.unwrap();
        prepare(&store).await;
        let taken = pool.acquire().await.unwrap();
        all_is_unavailable(&store).await;
        drop(taken);
        timeout(NEVER, async {
            while store.find(&app()).await.is_err() {}
            while remember(&store, "afterwards").await.is_err() {}
            while exchange(&store).await.is_err() {}
        })
        .await
        .unwrap();
    }};
}

#[tokio::test]
async fn no_connection_in_time_means_unavailable() {
    let mut sqlite = Place::sqlite();
    sqlite.url.push_str("?mode=rwc");
    without_connections!(sqlx::sqlite::SqlitePoolOptions, sqlite);
    without_connections!(sqlx::postgres::PgPoolOptions, Place::postgres());
    without_connections!(sqlx::mysql::MySqlPoolOptions, Place::mysql());
}

/// Another connection holds all of the tables locked.
macro_rules! locked {
    ($pool:ty, $place:expr, [$($lock:expr),*]) => {
        async {
            let place = $place;
            let store: Arc<SqlStore> = place.open().await;
            prepare(&store).await;
            let other = <$pool>::connect(&place.url).await.unwrap();
            let mut other = other.acquire().await.unwrap();
            $(
                let lock = $lock.replace("{p}", &place.prefix);
                other.execute(AssertSqlSafe(lock)).await.unwrap();
            )*
            let disable = ConsumerChange::Disable("why not".to_owned());
            let key = app();
            let (changed, exchanged, remembered) = tokio::join!(
                timeout(NEVER, store.update(&key, &disable)),
                timeout(NEVER, exchange(&store)),
                timeout(NEVER, remember(&store, "meanwhile")),
            );
            assert_unavailable(&changed.unwrap());
            assert_unavailable(&exchanged.unwrap());
            assert_unavailable(&remembered.unwrap());
            // Its locks go with it.
            other.detach().close().await.unwrap();
        }
    };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_holds_answers_back_means_unavailable() {
    tokio::join!(
        locked!(sqlx::SqlitePool, Place::sqlite(), ["BEGIN IMMEDIATE"]),
        locked!(
            sqlx::PgPool,
            Place::postgres(),
            [
                "BEGIN",
                "LOCK TABLE {p}consumers, {p}request_tokens, {p}nonces"
            ]
        ),
        locked!(
            sqlx::MySqlPool,
            Place::mysql(),
            ["LOCK TABLES {p}consumers WRITE, {p}request_tokens WRITE, {p}nonces WRITE"]
        ),
    );
}
