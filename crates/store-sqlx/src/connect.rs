//! Opening a database by URL.

use std::{fmt, str::FromStr, time::Duration};

use oauth1_provider::StoreError;
use sqlx::{
    Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{error::sort, nonces::NonceWriter, schema};

/// Consumers, tokens and nonces in one SQL database. Cheap to clone.
#[derive(Clone)]
pub struct SqlStore {
    pub(crate) readers: SqlitePool,
    /// One connection: SQLite has one writer, and waiting for it here is fair.
    writer: SqlitePool,
    pub(crate) nonces: NonceWriter,
}

impl SqlStore {
    /// Opens a database by its URL's scheme, and makes or migrates its tables. `sqlite:PATH`
    /// creates the file if it is missing; `sqlite::memory:` is gone with the process.
    ///
    /// # Errors
    /// [`ConnectError`] if the scheme is not supported, the database cannot be opened, or it was
    /// made by a newer version.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        match url.split_once(':') {
            Some(("sqlite", _)) => Self::connect_sqlite(url).await,
            _ => Err(ConnectError::UnsupportedScheme),
        }
    }

    async fn connect_sqlite(url: &str) -> Result<Self, ConnectError> {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(ConnectError::Open)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true);
        let writer = pool(1)
            .connect_with(options.clone())
            .await
            .map_err(ConnectError::Open)?;
        // Each connection to `:memory:` would be a database of its own.
        let in_memory = url.contains(":memory:") || url.contains("mode=memory");
        let readers = if in_memory {
            writer.clone()
        } else {
            pool(READERS).connect_lazy_with(options)
        };
        schema::migrate(&writer).await?;
        let nonces = NonceWriter::start(writer.clone());
        Ok(Self {
            readers,
            writer,
            nonces,
        })
    }

    /// A transaction that has the write lock from its start, so that it never fails half-way.
    pub(crate) async fn write(&self) -> Result<Transaction<'_, Sqlite>, StoreError> {
        self.writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(sort)
    }
}

impl fmt::Debug for SqlStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SqlStore(SQLite)")
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
}

/// How many connections read at the same time.
const READERS: u32 = 4;
/// How long another process may hold the write lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request waits for a connection before it is answered 503.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The URL's scheme is not `sqlite:`.
    #[error("unsupported database URL: it must start with `sqlite:`")]
    UnsupportedScheme,
    /// It cannot be opened.
    #[error("cannot open the database")]
    Open(#[source] sqlx::Error),
    /// Its tables cannot be made.
    #[error("cannot make or migrate the tables")]
    Migrate(#[source] sqlx::Error),
    /// It was made by a newer version of this crate.
    #[error("the database has schema version {0}, newer than this program knows")]
    Newer(i64),
}
