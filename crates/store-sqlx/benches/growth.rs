//! Look-ups of access tokens in tables of growing size, side by side: prints ratios to the smallest
//! table, no absolute times. On SQLite, and on the databases of `TEST_POSTGRES_URL` and
//! `TEST_MYSQL_URL`; the sizes are arguments: `-- 10000 100000 1000000`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark: it looks at the clock, and fails by panicking"
)]

use std::time::Instant;

use oauth1_provider::{
    Consumer, Manager, Store,
    core::{ConsumerKey, Secret, Timestamp, TokenKey},
};
use oauth1_store_sqlx::{SqlStore, SqlStoreOptions};
use sqlx::AssertSqlSafe;

const ROUNDS: usize = 15;
/// Rows in one statement.
const BULK: usize = 100_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let given: Vec<usize> = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    // `cargo test --benches` only wants to know that it runs.
    let (sizes, look_ups) = match (
        given.is_empty(),
        std::env::args().any(|arg| arg == "--bench"),
    ) {
        (false, _) => (given, 2_000),
        (true, true) => (vec![10_000, 100_000, 1_000_000], 2_000),
        (true, false) => (vec![10, 20], 10),
    };
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("growth.db").display());
    println!(
        "time of a look-up to that among {} rows",
        sizes.first().unwrap()
    );
    for url in [
        sqlite,
        std::env::var("TEST_POSTGRES_URL").unwrap(),
        std::env::var("TEST_MYSQL_URL").unwrap(),
    ] {
        measure(&url, &sizes, look_ups).await;
    }
}

async fn measure(url: &str, sizes: &[usize], look_ups: usize) {
    let mut tables = Vec::new();
    for rows in sizes {
        tables.push((*rows, filled(url, *rows).await, Vec::new()));
    }
    for round in 0..ROUNDS {
        let mut smallest = None;
        for (rows, store, ratios) in &mut tables {
            let keys: Vec<_> = (0..look_ups)
                .map(|number| key((round * look_ups + number) * 7_919 % *rows))
                .collect();
            let start = Instant::now();
            for key in keys {
                assert!(store.access_token(&app(), &key).await.unwrap().is_some());
            }
            let seconds = start.elapsed().as_secs_f64();
            ratios.push(seconds / *smallest.get_or_insert(seconds));
        }
    }
    let (name, _) = url.split_once(':').unwrap();
    for (rows, _, mut ratios) in tables {
        ratios.sort_by(f64::total_cmp);
        let at = |index: usize| ratios.get(index).copied().unwrap_or_default();
        println!(
            "{name}, {rows} rows: {:.2} ({:.2} to {:.2})",
            at(ratios.len() / 2),
            at(0),
            at(ratios.len() - 1)
        );
        execute(url, format!("DROP TABLE bench_{rows}_access_tokens")).await;
        for table in ["request_tokens", "consumers", "nonces", "keys", "schema"] {
            execute(url, format!("DROP TABLE bench_{rows}_{table}")).await;
        }
    }
}

/// A store whose access tokens are so many, of a thousand users.
async fn filled(url: &str, rows: usize) -> SqlStore {
    let prefix = format!("bench_{rows}_");
    let options = SqlStoreOptions::default().with_table_prefix(&prefix);
    let store = options.connect(url).await.unwrap();
    let consumer = Consumer::new(app(), Secret::from("s"), "App", Timestamp::from_secs(0));
    Manager::create(&store, &consumer).await.unwrap();
    let (scheme, _) = url.split_once(':').unwrap();
    for first in (0..rows).step_by(BULK) {
        let statement = insertion(scheme, &prefix, first, rows);
        execute(url, statement).await;
    }
    match scheme {
        "postgres" => execute(url, format!("VACUUM ANALYZE {prefix}access_tokens")).await,
        "sqlite" => execute(url, "PRAGMA wal_checkpoint(TRUNCATE)".to_owned()).await,
        _ => {}
    }
    store
}

/// The next [`BULK`] rows, made by the database itself, in the order of their keys: as [`key`] makes
/// them. The one consumer they refer to is there, so that need not be looked up for each.
fn insertion(scheme: &str, prefix: &str, first: usize, rows: usize) -> String {
    let (before, digits) = match scheme {
        "postgres" => (
            "SET session_replication_role = replica",
            "lpad(to_hex(n), 8, '0') || lpad(to_hex(n * 1103515245), 18, '0')",
        ),
        "sqlite" => (
            "PRAGMA cache_size = -200000; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF",
            "printf('%08x%018x', n, n * 1103515245)",
        ),
        _ => (
            "SET foreign_key_checks = 0, unique_checks = 0",
            "LOWER(CONCAT(LPAD(HEX(n), 8, '0'), LPAD(HEX(n * 1103515245), 18, '0')))",
        ),
    };
    let digit = |place: usize| {
        format!(
            "d{place}.d * {}",
            10_usize.pow(u32::try_from(place).unwrap())
        )
    };
    let places: Vec<_> = (0..5).map(digit).collect();
    let digits_of: Vec<_> = (0..5).map(|place| format!("digits d{place}")).collect();
    let all = (1..10).fold("SELECT 0 AS d".to_owned(), |all, digit| {
        format!("{all} UNION ALL SELECT {digit}")
    });
    format!(
        "{before};
         INSERT INTO {prefix}access_tokens
             (token_key, secret, consumer_key, user_id, created, expires, dead)
         WITH digits AS ({all}),
             numbers AS (
                 SELECT CAST({first} + {} AS {}) AS n FROM {}
             )
         SELECT {digits}, {digits}, 'app', {}, n, n, n FROM numbers WHERE n < {rows} ORDER BY n",
        places.join(" + "),
        if scheme == "postgres" {
            "BIGINT"
        } else {
            "SIGNED"
        },
        digits_of.join(", "),
        match scheme {
            "postgres" | "sqlite" => "'user ' || (n % 1000)",
            _ => "CONCAT('user ', n % 1000)",
        },
    )
}

fn app() -> ConsumerKey {
    ConsumerKey::new("app").unwrap()
}

/// As long as those that the provider makes; the look-ups take them from everywhere.
fn key(number: usize) -> TokenKey {
    TokenKey::new(format!("{number:08x}{:018x}", number * 1_103_515_245)).unwrap()
}

async fn execute(url: &str, statement: String) {
    use sqlx::{Connection, Executor, MySqlConnection, PgConnection, SqliteConnection};
    let statement = sqlx::raw_sql(AssertSqlSafe(statement));
    match url.split_once(':') {
        Some(("sqlite", _)) => {
            let mut connection = SqliteConnection::connect(url).await.unwrap();
            connection.execute(statement).await.unwrap();
            connection.close().await.unwrap();
        }
        Some(("postgres", _)) => {
            let mut connection = PgConnection::connect(url).await.unwrap();
            connection.execute(statement).await.unwrap();
            connection.close().await.unwrap();
        }
        _ => {
            let mut connection = MySqlConnection::connect(url).await.unwrap();
            connection.execute(statement).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}
