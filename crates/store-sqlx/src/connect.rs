//! Opening a database by its URL, or taking over pools of the application.

use std::{fmt, sync::Arc, time::Duration};

use sqlx::{Connection, Database as SqlxDatabase, pool::PoolOptions};

#[cfg(any(feature = "postgres", feature = "mysql"))]
use crate::pool::ASK;
use crate::{
    KeyRing, SqlPool, database::Database, key_proofs, nonces::NonceWriter, outage::Outage, schema,
    sealing::Sealing,
};

/// Consumers, tokens and nonces in one SQL database. Cheap to clone.
#[derive(Clone)]
pub struct SqlStore {
    pub(crate) database: Database,
    pub(crate) nonces: NonceWriter,
}

impl SqlStore {
    /// Opens a database by its URL with the default options: see [`SqlStoreOptions::connect`].
    ///
    /// # Errors
    /// [`ConnectError`] if the scheme is not supported, the database cannot be opened, or it was
    /// made by a newer version.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        SqlStoreOptions::default().connect(url).await
    }

    /// Uses a pool of the application with the default options: see [`SqlStoreOptions::with_pool`].
    ///
    /// # Errors
    /// [`ConnectError`] if the tables cannot be made or were made by a newer version.
    pub async fn from_pool(pool: impl Into<SqlPool>) -> Result<Self, ConnectError> {
        SqlStoreOptions::default().with_pool(pool).await
    }
}

impl fmt::Debug for SqlStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SqlStore({:?})", self.database.dialect())
    }
}

/// How to keep things in a database.
#[derive(Clone, Debug)]
pub struct SqlStoreOptions {
    table_prefix: String,
    max_connections: u32,
    acquire_timeout: Duration,
    key_ring: Option<KeyRing>,
}

impl Default for SqlStoreOptions {
    fn default() -> Self {
        Self {
            table_prefix: "oauth1_".to_owned(),
            max_connections: 10,
            acquire_timeout: Duration::from_secs(5),
            key_ring: None,
        }
    }
}

impl SqlStoreOptions {
    /// What the names of tables and indices start with: at most 32 of `a-z`, `0-9` and `_`, a letter
    /// first. Default `oauth1_`.
    #[must_use]
    pub fn with_table_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.table_prefix = prefix.into();
        self
    }

    /// How many connections are open at most. Default 10. SQLite writes through one more.
    #[must_use]
    pub fn with_max_connections(mut self, connections: u32) -> Self {
        self.max_connections = connections.max(1);
        self
    }

    /// How long a request waits for a connection before it is answered 503. Default 5 seconds. In an
    /// outage only one does; the others are refused at once.
    #[must_use]
    pub fn with_acquire_timeout(mut self, timeout: Duration) -> Self {
        self.acquire_timeout = timeout;
        self
    }

    /// Seals the secrets of consumers and tokens with these keys. Those that stand in the clear
    /// stay readable, and are sealed by [`SqlStore::rotate_keys`]. Default: none are sealed.
    #[must_use]
    pub fn with_key_ring(mut self, ring: impl Into<Option<KeyRing>>) -> Self {
        self.key_ring = ring.into();
        self
    }

    /// Opens a database by its URL's scheme, and makes or migrates its tables:
    ///
    /// - `sqlite:PATH` creates the file if it is missing; `sqlite::memory:` is gone with the process
    /// - `postgres://USER:PASSWORD@HOST/DATABASE`
    /// - `mysql://USER:PASSWORD@HOST/DATABASE` for MySQL and MariaDB, also `mariadb:`
    ///
    /// # Errors
    /// [`ConnectError`] if the scheme is not supported, the database cannot be opened, or it was
    /// made by a newer version.
    pub async fn connect(self, url: &str) -> Result<SqlStore, ConnectError> {
        match url.split_once(':') {
            #[cfg(feature = "sqlite")]
            Some(("sqlite", _)) => {
                let (readers, writer) = self.sqlite(url).await?;
                self.open(readers.into(), writer.into()).await
            }
            #[cfg(feature = "postgres")]
            Some(("postgres" | "postgresql", _)) => {
                let pool = self.pool::<sqlx::Postgres>(self.max_connections);
                let pool = opened::<sqlx::PgConnection>(pool, url).await;
                self.with_pool(pool?).await
            }
            #[cfg(feature = "mysql")]
            Some(("mysql" | "mariadb", _)) => {
                let pool = self.pool::<sqlx::MySql>(self.max_connections);
                let pool = pool.after_connect(read_committed);
                let pool = opened::<sqlx::MySqlConnection>(pool, url).await;
                self.with_pool(pool?).await
            }
            _ => Err(ConnectError::UnsupportedScheme),
        }
    }

    /// Uses a pool of the application (one of sqlx's, of a database that this crate was compiled
    /// for), and makes or migrates its tables. Time-outs and the number of connections are the
    /// pool's own. SQLite's `foreign_keys` have to be on; MySQL does best with `READ COMMITTED`.
    ///
    /// # Errors
    /// [`ConnectError`] if the tables cannot be made or were made by a newer version.
    pub async fn with_pool(self, pool: impl Into<SqlPool>) -> Result<SqlStore, ConnectError> {
        let pool = pool.into();
        self.open(pool.clone(), pool).await
    }

    async fn open(self, readers: SqlPool, writer: SqlPool) -> Result<SqlStore, ConnectError> {
        let prefix = self.table_prefix;
        let usual = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        if prefix.len() > 32
            || !prefix.starts_with(|first: char| first.is_ascii_lowercase())
            || !prefix.bytes().all(usual)
        {
            return Err(ConnectError::TablePrefix);
        }
        let database = Database {
            readers,
            writer,
            prefix: Arc::from(prefix),
            sealing: Sealing::new(self.key_ring),
            outage: Outage::default(),
        };
        schema::migrate(&database).await?;
        key_proofs::check(&database).await?;
        let nonces = NonceWriter::start(database.clone());
        Ok(SqlStore { database, nonces })
    }

    /// A pool that hands out no connection that the database closed while it was idle.
    fn pool<DB: SqlxDatabase>(&self, connections: u32) -> PoolOptions<DB> {
        PoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(self.acquire_timeout)
            // Asking before each statement would double the round trips.
            .test_before_acquire(false)
            .before_acquire(|connection: &mut DB::Connection, usage| {
                Box::pin(async move {
                    if usage.idle_for > IDLE_UNTESTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
    }

    #[cfg(feature = "sqlite")]
    async fn sqlite(
        &self,
        url: &str,
    ) -> Result<(sqlx::SqlitePool, sqlx::SqlitePool), ConnectError> {
        use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
        let options: SqliteConnectOptions = parse(url)?;
        // SQLite would take it for a database of each connection's own.
        if options.get_filename().as_os_str().is_empty() {
            return Err(ConnectError::NoFile);
        }
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // What is deleted or sealed leaves nothing behind in the file.
            .pragma("secure_delete", "ON")
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true);
        // Each connection to `:memory:` would be a database of its own, and goes with it.
        let in_memory = url.contains(":memory:") || url.contains("mode=memory");
        let mut writer = self.pool(1);
        if in_memory {
            writer = writer.idle_timeout(None).max_lifetime(None);
        }
        let writer = first_sqlite(&writer, &options).await;
        let writer = writer.map_err(ConnectError::Open)?;
        let readers = if in_memory {
            writer.clone()
        } else {
            self.pool(self.max_connections).connect_lazy_with(options)
        };
        Ok((readers, writer))
    }
}

/// A pool tries until its time is up, and does not tell why it could not: a try of its own does.
#[cfg(any(feature = "postgres", feature = "mysql"))]
async fn opened<C: Connection>(
    pool: PoolOptions<C::Database>,
    url: &str,
) -> Result<sqlx::Pool<C::Database>, ConnectError> {
    let options: C::Options = parse(url)?;
    let opened = pool.connect_with(options.clone()).await;
    let why = match &opened {
        Err(sqlx::Error::PoolTimedOut) => {
            tokio::time::timeout(ASK, C::connect_with(&options)).await
        }
        _ => return opened.map_err(ConnectError::Open),
    };
    match why {
        Ok(Err(why)) => Err(ConnectError::Open(why)),
        _ => opened.map_err(ConnectError::Open),
    }
}

/// Of processes that make one file at once, all but one find it locked while its journal is
/// changed: SQLite does not wait there, whatever its busy timeout.
#[cfg(feature = "sqlite")]
async fn first_sqlite(
    pool: &PoolOptions<sqlx::Sqlite>,
    options: &sqlx::sqlite::SqliteConnectOptions,
) -> Result<sqlx::SqlitePool, sqlx::Error> {
    let start = tokio::time::Instant::now();
    loop {
        match pool.clone().connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && start.elapsed() < BUSY_TIMEOUT => {
                tokio::time::sleep(BUSY_PAUSE).await;
            }
            opened => return opened,
        }
    }
}

/// `SQLITE_BUSY`, with whatever extension.
#[cfg(feature = "sqlite")]
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    let number = code.and_then(|code| code.parse::<i32>().ok());
    number.is_some_and(|number| number & 0xff == 5)
}

#[cfg(feature = "mysql")]
fn read_committed(
    connection: &mut sqlx::MySqlConnection,
    _: sqlx::pool::PoolConnectionMetadata,
) -> std::pin::Pin<Box<dyn Future<Output = Result<(), sqlx::Error>> + Send + '_>> {
    Box::pin(async move {
        let level = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
        sqlx::query(level).execute(connection).await.map(|_| ())
    })
}

fn parse<T: std::str::FromStr<Err = sqlx::Error>>(url: &str) -> Result<T, ConnectError> {
    url.parse().map_err(ConnectError::Open)
}

/// How long a connection may have been idle to be used without asking whether it is alive.
const IDLE_UNTESTED: Duration = Duration::from_secs(1);
/// How long another process may hold SQLite's write lock.
#[cfg(feature = "sqlite")]
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Between attempts to open a file that another process is making.
#[cfg(feature = "sqlite")]
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The URL's scheme is none of those that this crate was compiled for.
    #[error("unsupported database URL: it must start with {}", schemes())]
    UnsupportedScheme,
    /// The URL of a SQLite database names no file.
    #[error("the database URL names no file: write `sqlite:PATH`, or `sqlite::memory:`")]
    NoFile,
    /// The table prefix has other characters than `a-z`, `0-9` and `_`, or is too long.
    #[error("a table prefix is at most 32 of a-z, 0-9 and _, and starts with a letter")]
    TablePrefix,
    /// It cannot be opened.
    #[error("cannot open the database")]
    Open(#[source] sqlx::Error),
    /// Its tables cannot be made.
    #[error("cannot make or migrate the tables")]
    Migrate(#[source] sqlx::Error),
    /// Another process holds the lock of migrations for too long.
    #[error("another process has been migrating the tables for ten minutes")]
    MigrationLocked,
    /// Its secrets are sealed, and there is no key ring.
    #[error("the database's secrets are sealed: a key ring is needed")]
    KeyRingMissing,
    /// Something is sealed with a key that is not in the ring.
    #[error("the key ring lacks the key {0:?}, which seals secrets of this database")]
    KeyMissing(String),
    /// A key of the ring is not the one that sealed under its id.
    #[error("the key {0:?} of the ring is not the one that sealed secrets of this database")]
    KeyWrong(String),
    /// Which keys sealed something cannot be read.
    #[error("cannot read which keys sealed secrets")]
    Keys(#[source] Box<oauth1_provider::StoreError>),
    /// It was made by a newer version of this crate.
    #[error("the database has schema version {0}, newer than this program knows")]
    Newer(i64),
}

fn schemes() -> String {
    let known = [
        (cfg!(feature = "sqlite"), "`sqlite:`"),
        (cfg!(feature = "postgres"), "`postgres:`"),
        (cfg!(feature = "mysql"), "`mysql:`"),
    ];
    let known = known.iter().filter(|(compiled_in, _)| *compiled_in);
    known
        .map(|(_, name)| *name)
        .collect::<Vec<_>>()
        .join(" or ")
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_in_memory_is_on_one_connection_that_is_never_given_up() {
        let options = SqlStoreOptions::default();
        let (readers, writer) = options.sqlite("sqlite::memory:").await.unwrap();
        for pool in [&readers, &writer] {
            let options = pool.options();
            assert_eq!(options.get_max_connections(), 1);
            assert_eq!(options.get_idle_timeout(), None);
            assert_eq!(options.get_max_lifetime(), None);
        }
    }
}
