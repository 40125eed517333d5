//! Tables: prefixes, cascades, what purges and look-ups ask of the database.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fmt::Write, sync::Arc};

use oauth1_provider::{Manager, Remembered, ReplayEntry, ReplayGuard, Store};
use oauth1_store_sqlx::{ConnectError, SqlStore, SqlStoreOptions};

use crate::{
    common::{Place, execute},
    rows::{app, at, create_consumer, create_request_token, token},
};

/// Each, one of them with sealed secrets.
fn databases() -> [Place; 3] {
    [Place::sqlite(), Place::postgres(), Place::mysql().sealed()]
}

/// Many access tokens that expire at 100, and one that lasts.
async fn insert_access_tokens(place: &Place, expired: usize) {
    let mut statement = format!(
        "INSERT INTO {}access_tokens
            (token_key, secret, consumer_key, user_id, created, expires, dead)
         VALUES ('lasting', 's', 'app', 'alice', 0, NULL, NULL)",
        place.prefix
    );
    for number in 0..expired {
        write!(
            statement,
            ", ('expired-{number}', 's', 'app', 'alice', 0, 100, 100)"
        )
        .unwrap();
    }
    execute(&place.url, statement).await.unwrap();
}

async fn remember(store: &SqlStore) -> Remembered {
    let entry = ReplayEntry {
        consumer: &app(),
        token: None,
        timestamp: at(1_000),
        nonce: b"n",
        keep_until: at(1_300),
        now: at(1_000),
    };
    store.remember(&entry).await.unwrap()
}

#[tokio::test]
async fn stores_with_other_prefixes_in_one_database_do_not_see_each_other() {
    for place in databases() {
        let mut neighbour = Place::sqlite();
        neighbour.url.clone_from(&place.url);
        neighbour.prefix = format!("{}b_", place.prefix);
        let (one, other) = (place.open().await, neighbour.open().await);
        create_consumer(&one).await;
        create_request_token(&one).await;
        insert_access_tokens(&place, 0).await;
        assert_eq!(remember(&one).await, Remembered::Fresh);

        assert!(other.find(&app()).await.unwrap().is_none());
        let request = other.request_token(&token("request")).await.unwrap();
        assert!(request.is_none());
        let access = other.access_token(&app(), &token("lasting")).await.unwrap();
        assert!(access.is_none());
        assert_eq!(remember(&other).await, Remembered::Fresh);
        create_consumer(&other).await;
        assert!(Manager::delete(&*other, &app()).await.unwrap());
        assert!(one.find(&app()).await.unwrap().is_some());
        assert_eq!(remember(&one).await, Remembered::Replayed);
    }
}

#[tokio::test]
async fn prefixes_that_are_no_plain_names_are_refused() {
    let long = "a".repeat(33);
    for prefix in [
        "", "1a", "_a", "A_", "ä_", "a-", "a b", "a;", "a\"", "a`", "a'", "a.b", "a{p}", "a?",
        "a\0", &long,
    ] {
        let options = SqlStoreOptions::default().with_table_prefix(prefix);
        let refused = options.connect("sqlite::memory:").await;
        assert!(
            matches!(refused, Err(ConnectError::TablePrefix)),
            "{prefix:?}"
        );
    }
    for mut place in databases() {
        place.prefix = format!("{:a<32}", place.prefix);
        create_consumer(&*place.open().await).await;
    }
}

#[tokio::test]
async fn tokens_go_with_their_consumer() {
    for place in databases() {
        let store = place.open().await;
        create_consumer(&store).await;
        create_request_token(&store).await;
        insert_access_tokens(&place, 3).await;
        assert!(Manager::delete(&*store, &app()).await.unwrap());
        let request = store.request_token(&token("request")).await.unwrap();
        assert!(request.is_none());
        // Not even in the way of a consumer who is given the same key.
        create_consumer(&store).await;
        let access = store.access_token(&app(), &token("lasting")).await.unwrap();
        assert!(access.is_none());
    }
}

/// Each call is one statement that deletes no more rows than it was told: however many have
/// expired, no lock is held longer than for that, and what is looked up meanwhile is there.
#[tokio::test]
async fn a_purge_of_many_goes_in_bounded_steps_with_look_ups_between() {
    const EXPIRED: usize = 2_500;
    for place in databases() {
        let store = place.open().await;
        create_consumer(&store).await;
        insert_access_tokens(&place, EXPIRED).await;
        let mut steps = Vec::new();
        loop {
            let purged = Store::purge(&*store, at(100), 1_000).await.unwrap();
            let lasting = store.access_token(&app(), &token("lasting")).await.unwrap();
            assert!(lasting.is_some());
            if purged == 0 {
                break;
            }
            steps.push(purged);
        }
        assert_eq!(steps, [1_000, 1_000, 500], "{}", place.url);
    }
}

/// A look-up while a purge holds its locks, uncommitted, is answered.
#[tokio::test]
async fn a_purge_that_is_not_committed_yet_blocks_no_look_up() {
    for place in databases() {
        let store = place.open().await;
        create_consumer(&store).await;
        insert_access_tokens(&place, 10).await;
        let delete = format!(
            "DELETE FROM {}access_tokens WHERE dead <= 100",
            place.prefix
        );
        let purging = Uncommitted::of(&place.url, delete).await;
        for found in ["lasting", "expired-1"] {
            let found = store.access_token(&app(), &token(found)).await.unwrap();
            assert!(found.is_some(), "{}", place.url);
        }
        purging.roll_back().await;
    }
}

/// A transaction of another connection that has done something and neither commits nor ends.
enum Uncommitted {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
    MySql(sqlx::Transaction<'static, sqlx::MySql>),
}

impl Uncommitted {
    async fn of(url: &str, statement: String) -> Self {
        macro_rules! of {
            ($variant:ident, $pool:ty) => {{
                let pool = <$pool>::connect(url).await.unwrap();
                let mut transaction = pool.begin().await.unwrap();
                let statement = sqlx::query(sqlx::AssertSqlSafe(statement));
                let done = statement.execute(&mut *transaction).await.unwrap();
                assert_eq!(done.rows_affected(), 10);
                Self::$variant(transaction)
            }};
        }
        match url.split_once(':') {
            Some(("sqlite", _)) => of!(Sqlite, sqlx::SqlitePool),
            Some(("postgres", _)) => of!(Postgres, sqlx::PgPool),
            _ => of!(MySql, sqlx::MySqlPool),
        }
    }

    async fn roll_back(self) {
        match self {
            Self::Sqlite(transaction) => transaction.rollback().await.unwrap(),
            Self::Postgres(transaction) => transaction.rollback().await.unwrap(),
            Self::MySql(transaction) => transaction.rollback().await.unwrap(),
        }
    }
}

/// What is asked for at every request is found by an index, however many rows there are.
#[tokio::test]
async fn look_ups_and_purges_go_by_an_index() {
    let place = Place::sqlite();
    let store: Arc<SqlStore> = place.open().await;
    create_consumer(&store).await;
    let pool = sqlx::SqlitePool::connect(&place.url).await.unwrap();
    for query in [
        "SELECT * FROM oauth1_consumers WHERE consumer_key = 'a'",
        "SELECT * FROM oauth1_request_tokens WHERE token_key = 'a'",
        "SELECT * FROM oauth1_request_tokens WHERE expires <= 1 LIMIT 5",
        "SELECT * FROM oauth1_request_tokens WHERE consumer_key = 'a'",
        "SELECT * FROM oauth1_access_tokens WHERE token_key = 'a' AND consumer_key = 'b'",
        "SELECT * FROM oauth1_access_tokens WHERE user_id = 'a' ORDER BY created, token_key",
        "SELECT * FROM oauth1_access_tokens WHERE consumer_key = 'a'",
        "SELECT * FROM oauth1_access_tokens WHERE dead <= 1 LIMIT 5",
        "SELECT * FROM oauth1_nonces WHERE keep_until < 1 LIMIT 5",
    ] {
        let plan = format!("EXPLAIN QUERY PLAN {query}");
        let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(plan))
            .fetch_all(&pool)
            .await
            .unwrap();
        for (_, _, _, step) in rows {
            assert!(!step.starts_with("SCAN"), "{query}: {step}");
        }
    }
}
