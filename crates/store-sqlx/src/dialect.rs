//! How the databases' SQL differs: every difference is a word of this file.

use std::fmt::Write;

/// The database's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    expect(dead_code, reason = "only pools of these features make one")
)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
    MySql,
}

impl Dialect {
    /// A statement as this database reads it: `{p}` is the tables' prefix, `?` a value, any other
    /// `{word}` one of [`Dialect::word`].
    pub(crate) fn render(self, prefix: &str, template: &str) -> String {
        let mut sql = String::with_capacity(template.len() + 32);
        let mut rest = template;
        let mut values = 0_u32;
        while let Some(at) = rest.find(['{', '?']) {
            let (before, from) = rest.split_at(at);
            sql.push_str(before);
            if let Some(after) = from.strip_prefix('?') {
                values += 1;
                self.placeholder(&mut sql, values);
                rest = after;
            } else {
                let (word, after) = from.split_once('}').unwrap_or((from, ""));
                match word.trim_start_matches('{') {
                    "p" => sql.push_str(prefix),
                    word => sql.push_str(&self.word(word).replace("{p}", prefix)),
                }
                rest = after;
            }
        }
        sql.push_str(rest);
        sql
    }

    fn placeholder(self, sql: &mut String, number: u32) {
        match self {
            // Writing to a String cannot fail.
            Self::Postgres => drop(write!(sql, "${number}")),
            Self::Sqlite | Self::MySql => sql.push('?'),
        }
    }

    fn word(self, word: &str) -> &'static str {
        match self {
            Self::Sqlite => match word {
                "key" | "text" | "word" => "TEXT",
                "integer" => "INTEGER",
                "hash" => "BLOB",
                "table" => "WITHOUT ROWID",
                "if expires" => "WHERE expires IS NOT NULL",
                "if dead" => "WHERE dead IS NOT NULL",
                "or ignore" => "ON CONFLICT DO NOTHING",
                "now" => "CAST(strftime('%s', 'now') AS INTEGER)",
                _ => "",
            },
            Self::Postgres => match word {
                // Compared and sorted by bytes.
                "key" | "text" | "word" => "TEXT COLLATE \"C\"",
                "integer" => "BIGINT",
                "hash" => "BYTEA",
                "if expires" => "WHERE expires IS NOT NULL",
                "if dead" => "WHERE dead IS NOT NULL",
                "or ignore" => "ON CONFLICT DO NOTHING",
                "for update" => "FOR UPDATE",
                "now" => "CAST(EXTRACT(EPOCH FROM now()) AS BIGINT)",
                _ => "",
            },
            Self::MySql => match word {
                // Bytes: no collation of both MySQL and MariaDB heeds case, accents and trailing
                // spaces alike. An index takes at most 3,072 bytes.
                "key" => "VARBINARY(1024)",
                "text" => "MEDIUMBLOB",
                "word" => "VARBINARY(64)",
                "integer" => "BIGINT",
                "hash" => "VARBINARY(32)",
                "table" => "ENGINE = InnoDB ROW_FORMAT = DYNAMIC",
                "ignore" => "IGNORE",
                "now" => "CAST(UNIX_TIMESTAMP() AS SIGNED)",
                "on access tokens" => "ON {p}access_tokens",
                "for update" => "FOR UPDATE",
                _ => "",
            },
        }
    }

    /// The template of a statement that deletes rows of a table where `condition`, at most so many
    /// as its last value says.
    pub(crate) fn delete_some(self, table: &str, key: &str, condition: &str) -> String {
        match self {
            // It has no LIMIT in a subquery, and reads the whole table for one.
            Self::MySql => format!("DELETE FROM {{p}}{table} WHERE {condition} LIMIT ?"),
            Self::Sqlite | Self::Postgres => format!(
                "DELETE FROM {{p}}{table} WHERE {key} IN
                    (SELECT {key} FROM {{p}}{table} WHERE {condition} LIMIT ?)"
            ),
        }
    }

    /// The template of a statement that inserts nonces, whatever their number, of which the hashes
    /// come in one piece and the times as a list with commas: planned once, and with three values,
    /// it costs less than a row of values for each. In their order, so that no deadlocks come of it.
    pub(crate) fn insert_packed_nonces(self) -> Option<&'static str> {
        match self {
            Self::Sqlite | Self::MySql => None,
            Self::Postgres => Some(
                "INSERT INTO {p}nonces (hash, batch, keep_until)
                 SELECT substring(? FROM CAST(32 * number - 31 AS INTEGER) FOR 32), ?, keep_until
                 FROM unnest(CAST(string_to_array(?, ',') AS BIGINT[]))
                     WITH ORDINALITY AS packed (keep_until, number)
                 ON CONFLICT DO NOTHING",
            ),
        }
    }

    /// What begins a transaction that changes something. SQLite takes the write lock at once, so
    /// that it never fails half-way.
    pub(crate) fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
            // Its isolation level belongs to the session.
            Self::MySql => "START TRANSACTION",
        }
    }

    /// Templates of statements that take the lock of the one process that migrates, giving
    /// `locked = 1`, and give it back, where that does not happen with the transaction's end.
    pub(crate) fn migration_lock(self) -> (Option<&'static str>, Option<&'static str>) {
        match self {
            Self::Sqlite => (None, None),
            // Two numbers: this crate's and the prefix's.
            Self::Postgres => (
                Some(
                    "SELECT CAST(1 AS BIGINT) AS locked
                     FROM pg_advisory_xact_lock(1331774513, hashtext('{p}'))",
                ),
                None,
            ),
            // Its transactions do not reach over tables' definitions; the lock is the session's.
            Self::MySql => (
                Some("SELECT GET_LOCK('{p}schema', 600) AS locked"),
                Some("SELECT RELEASE_LOCK('{p}schema')"),
            ),
        }
    }

    /// Whether a statement of a migration failed because an earlier process that died half-way had
    /// carried it out: where tables' definitions know no transactions.
    pub(crate) fn is_done_before(self, error: &sqlx::Error) -> bool {
        match self {
            Self::Sqlite | Self::Postgres => false,
            // Table exists, column exists, index exists, index to be dropped does not.
            Self::MySql => matches!(mysql_number(error), Some(1050 | 1060 | 1061 | 1091)),
        }
    }
}

#[cfg(feature = "mysql")]
fn mysql_number(error: &sqlx::Error) -> Option<u16> {
    let error = error.as_database_error()?;
    let error = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()?;
    Some(error.number())
}

#[cfg(not(feature = "mysql"))]
fn mysql_number(_: &sqlx::Error) -> Option<u16> {
    None
}
