//! Fresh stores on each database.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{
    process,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

use oauth1_store_sqlx::{KeyRing, SqlStore, SqlStoreOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, PgConnection, SqliteConnection};

/// A place for a store, which goes when its test ends.
pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) prefix: String,
    pub(crate) ring: Option<KeyRing>,
    _folder: Option<tempfile::TempDir>,
}

impl Place {
    /// A file of SQLite's.
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            url: format!("sqlite:{}", folder.path().join("oauth1.db").display()),
            prefix: "oauth1_".to_owned(),
            ring: None,
            _folder: Some(folder),
        }
    }

    /// Tables of their own in the PostgreSQL of `TEST_POSTGRES_URL`.
    pub(crate) fn postgres() -> Self {
        Self::tables_in("TEST_POSTGRES_URL")
    }

    /// Tables of their own in the MariaDB or MySQL of `TEST_MYSQL_URL`.
    pub(crate) fn mysql() -> Self {
        Self::tables_in("TEST_MYSQL_URL")
    }

    fn tables_in(variable: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Self {
            url: variable_or_help(variable),
            prefix: format!("test_{}_{number}_", process::id()),
            ring: None,
            _folder: None,
        }
    }

    /// With secrets sealed.
    pub(crate) fn sealed(mut self) -> Self {
        let line = KeyRing::generate("key-of-the-tests").unwrap();
        self.ring = Some(KeyRing::parse(&line).unwrap());
        self
    }

    pub(crate) fn options(&self) -> SqlStoreOptions {
        let options = SqlStoreOptions::default().with_table_prefix(&self.prefix);
        match &self.ring {
            Some(ring) => options.with_key_ring(ring.clone()),
            None => options,
        }
    }

    pub(crate) async fn open(&self) -> Arc<SqlStore> {
        Arc::new(self.options().connect(&self.url).await.unwrap())
    }
}

pub(crate) fn variable_or_help(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!(
            "{variable} is not set. Start the databases first: \
             scripts/databases start target/databases && source target/databases/env"
        )
    })
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.url.starts_with("sqlite:") {
            return;
        }
        let statements = [
            "access_tokens",
            "request_tokens",
            "consumers",
            "nonces",
            "keys",
            "schema",
        ]
        .map(|table| format!("DROP TABLE IF EXISTS {}{table}", self.prefix));
        let url = self.url.clone();
        // The test's own runtime may be ending.
        let clean = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                for statement in statements {
                    let _ = execute(&url, statement).await;
                }
            });
        });
        clean.join().unwrap();
    }
}

/// Carries out a statement on a connection of its own.
pub(crate) async fn execute(url: &str, statement: String) -> Result<(), sqlx::Error> {
    let statement = AssertSqlSafe(statement);
    match url.split_once(':') {
        Some(("sqlite", _)) => {
            let mut connection = SqliteConnection::connect(url).await?;
            connection.execute(statement).await?;
            connection.close().await
        }
        Some(("postgres", _)) => {
            let mut connection = PgConnection::connect(url).await?;
            connection.execute(statement).await?;
            connection.close().await
        }
        _ => {
            let mut connection = MySqlConnection::connect(url).await?;
            connection.execute(statement).await?;
            connection.close().await
        }
    }
}
