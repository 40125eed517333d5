//! One pool, transaction or row of any of the databases: the enums through which all else is
//! written once.

use sqlx::{AssertSqlSafe, Database, Encode, Row as _, Type, query::Query};

use crate::dialect::Dialect;

/// Makes an enum with a variant per database that is compiled in.
macro_rules! per_database {
    ($(#[$doc:meta])* $vis:vis enum $name:ident { $sqlite:ty, $postgres:ty, $mysql:ty }) => {
        $(#[$doc])*
        $vis enum $name {
            /// Of SQLite.
            #[cfg(feature = "sqlite")]
            Sqlite($sqlite),
            /// Of PostgreSQL.
            #[cfg(feature = "postgres")]
            Postgres($postgres),
            /// Of MariaDB or MySQL.
            #[cfg(feature = "mysql")]
            MySql($mysql),
        }

        #[cfg(feature = "sqlite")]
        impl From<$sqlite> for $name {
            fn from(inner: $sqlite) -> Self {
                Self::Sqlite(inner)
            }
        }

        #[cfg(feature = "postgres")]
        impl From<$postgres> for $name {
            fn from(inner: $postgres) -> Self {
                Self::Postgres(inner)
            }
        }

        #[cfg(feature = "mysql")]
        impl From<$mysql> for $name {
            fn from(inner: $mysql) -> Self {
                Self::MySql(inner)
            }
        }
    };
}

/// The same expression for whichever database it is.
macro_rules! each {
    ($self:expr, $inner:ident => $body:expr) => {
        match $self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite($inner) => $body,
            #[cfg(feature = "postgres")]
            Self::Postgres($inner) => $body,
            #[cfg(feature = "mysql")]
            Self::MySql($inner) => $body,
        }
    };
}

per_database! {
    /// A pool of connections to one database, of any kind.
    #[derive(Clone, Debug)]
    #[non_exhaustive]
    pub enum SqlPool { sqlx::SqlitePool, sqlx::PgPool, sqlx::MySqlPool }
}

per_database! {
    /// Rolled back when dropped.
    pub(crate) enum Transaction {
        sqlx::Transaction<'static, sqlx::Sqlite>,
        sqlx::Transaction<'static, sqlx::Postgres>,
        sqlx::Transaction<'static, sqlx::MySql>
    }
}

per_database! {
    pub(crate) enum Row { sqlx::sqlite::SqliteRow, sqlx::postgres::PgRow, sqlx::mysql::MySqlRow }
}

impl SqlPool {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => Dialect::Sqlite,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Dialect::Postgres,
            #[cfg(feature = "mysql")]
            Self::MySql(_) => Dialect::MySql,
        }
    }

    /// Whether no server answers a new connection. One that refuses it is there; SQLite has none.
    pub(crate) async fn is_out_of_reach(&self) -> bool {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => false,
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => {
                out_of_reach::<sqlx::PgConnection>(&pool.connect_options()).await
            }
            #[cfg(feature = "mysql")]
            Self::MySql(pool) => {
                out_of_reach::<sqlx::MySqlConnection>(&pool.connect_options()).await
            }
        }
    }

    pub(crate) async fn begin(&self) -> Result<Transaction, sqlx::Error> {
        let begin = self.dialect().begin();
        each!(self, pool => pool.begin_with(begin).await.map(Transaction::from))
    }

    /// How many rows it changed.
    pub(crate) async fn execute(
        &self,
        sql: String,
        values: &[Value<'_>],
    ) -> Result<u64, sqlx::Error> {
        each!(self, pool => {
            let query = query(sql, values)?;
            query.execute(pool).await.map(|done| done.rows_affected())
        })
    }

    pub(crate) async fn fetch(
        &self,
        sql: String,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, sqlx::Error> {
        each!(self, pool => {
            let rows = query(sql, values)?.fetch_all(pool).await?;
            Ok(rows.into_iter().map(Row::from).collect())
        })
    }
}

impl Transaction {
    /// How many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        sql: String,
        values: &[Value<'_>],
    ) -> Result<u64, sqlx::Error> {
        each!(self, transaction => {
            let query = query(sql, values)?;
            query.execute(&mut **transaction).await.map(|done| done.rows_affected())
        })
    }

    pub(crate) async fn fetch(
        &mut self,
        sql: String,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, sqlx::Error> {
        each!(self, transaction => {
            let rows = query(sql, values)?.fetch_all(&mut **transaction).await?;
            Ok(rows.into_iter().map(Row::from).collect())
        })
    }

    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        each!(self, transaction => transaction.commit().await)
    }
}

impl Row {
    pub(crate) fn text(&self, column: &str) -> Result<Option<String>, sqlx::Error> {
        // Unchecked as to the column's type: MySQL keeps texts as bytes. UTF-8 is checked.
        each!(self, row => row.try_get_unchecked(column))
    }

    pub(crate) fn integer(&self, column: &str) -> Result<Option<i64>, sqlx::Error> {
        each!(self, row => row.try_get(column))
    }

    pub(crate) fn bytes(&self, column: &str) -> Result<Option<Vec<u8>>, sqlx::Error> {
        each!(self, row => row.try_get(column))
    }
}

/// What stands for a `?`.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Integer(Option<i64>),
    Text(Option<&'a str>),
    Bytes(Option<&'a [u8]>),
}

/// Values of several types, in the order of the `?`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::pool::Value::from($value)),*] };
}
pub(crate) use values;

macro_rules! value_from {
    ($($type:ty => $variant:ident)*) => {
        $(
            impl<'a> From<$type> for Value<'a> {
                fn from(value: $type) -> Self {
                    Self::$variant(Some(value))
                }
            }

            impl<'a> From<Option<$type>> for Value<'a> {
                fn from(value: Option<$type>) -> Self {
                    Self::$variant(value)
                }
            }
        )*
    };
}
value_from! { i64 => Integer &'a str => Text &'a [u8] => Bytes }

impl From<u32> for Value<'_> {
    fn from(value: u32) -> Self {
        Self::Integer(Some(value.into()))
    }
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
async fn out_of_reach<C: sqlx::Connection>(options: &C::Options) -> bool {
    match tokio::time::timeout(ASK, C::connect_with(options)).await {
        Ok(Ok(connection)) => {
            // It has answered, whatever becomes of the goodbye.
            let _ = connection.close().await;
            false
        }
        Ok(Err(error)) => error.as_database_error().is_none(),
        Err(_) => true,
    }
}

/// How long a server may take to answer a new connection.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) const ASK: std::time::Duration = std::time::Duration::from_secs(1);

/// The SQL is safe: it comes from templates of this crate, and a prefix that was checked.
fn query<'q, DB: Database>(
    sql: String,
    values: &[Value<'q>],
) -> Result<Query<'q, DB, DB::Arguments>, sqlx::Error>
where
    Option<i64>: Encode<'q, DB> + Type<DB>,
    Option<&'q str>: Encode<'q, DB> + Type<DB>,
    Option<&'q [u8]>: Encode<'q, DB> + Type<DB>,
{
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in values {
        query = match *value {
            Value::Integer(integer) => query.bind(integer),
            // PostgreSQL cannot keep it; so that all databases are alike, none does.
            Value::Text(Some(text)) if text.contains('\0') => {
                return Err(sqlx::Error::Encode("a text has a NUL character".into()));
            }
            Value::Text(text) => query.bind(text),
            Value::Bytes(bytes) => query.bind(bytes),
        };
    }
    Ok(query)
}
