//! The tables, versioned.

use sqlx::{Row, SqlitePool};

use crate::ConnectError;

/// Brings the tables to the newest version, in one transaction that has the write lock from its
/// start: of several processes that start at once, the others wait and find the work done.
pub(crate) async fn migrate(writer: &SqlitePool) -> Result<(), ConnectError> {
    let fail = ConnectError::Migrate;
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(fail)?;
    sqlx::query("CREATE TABLE IF NOT EXISTS oauth1_schema (version INTEGER NOT NULL)")
        .execute(&mut *transaction)
        .await
        .map_err(fail)?;
    let row = sqlx::query("SELECT COALESCE(MAX(version), 0) AS version FROM oauth1_schema")
        .fetch_one(&mut *transaction)
        .await
        .map_err(fail)?;
    let version: i64 = row.try_get("version").map_err(fail)?;
    let done = usize::try_from(version).unwrap_or(0);
    if done > MIGRATIONS.len() {
        return Err(ConnectError::Newer(version));
    }
    for (number, statements) in (1_i64..).zip(MIGRATIONS).skip(done) {
        for statement in *statements {
            sqlx::query(*statement)
                .execute(&mut *transaction)
                .await
                .map_err(fail)?;
        }
        sqlx::query("INSERT INTO oauth1_schema (version) VALUES (?)")
            .bind(number)
            .execute(&mut *transaction)
            .await
            .map_err(fail)?;
    }
    transaction.commit().await.map_err(fail)
}

/// One entry a version; never change one that was released. Times are seconds since 1970, UTC.
const MIGRATIONS: &[&[&str]] = &[
    &[
        "CREATE TABLE oauth1_consumers (
        consumer_key TEXT PRIMARY KEY NOT NULL,
        secret TEXT NOT NULL,
        previous_secret TEXT,
        previous_until INTEGER,
        name TEXT NOT NULL,
        settings TEXT NOT NULL,
        created INTEGER NOT NULL,
        disabled TEXT
    ) WITHOUT ROWID",
        "CREATE TABLE oauth1_request_tokens (
        token_key TEXT PRIMARY KEY NOT NULL,
        secret TEXT NOT NULL,
        consumer_key TEXT NOT NULL REFERENCES oauth1_consumers ON DELETE CASCADE,
        callback TEXT NOT NULL,
        user_id TEXT,
        verifier_hash BLOB,
        wrong_verifiers INTEGER NOT NULL DEFAULT 0,
        created INTEGER NOT NULL,
        expires INTEGER NOT NULL
    ) WITHOUT ROWID",
        "CREATE INDEX oauth1_request_tokens_consumer ON oauth1_request_tokens (consumer_key)",
        "CREATE INDEX oauth1_request_tokens_expires ON oauth1_request_tokens (expires)",
        "CREATE TABLE oauth1_access_tokens (
        token_key TEXT PRIMARY KEY NOT NULL,
        secret TEXT NOT NULL,
        consumer_key TEXT NOT NULL REFERENCES oauth1_consumers ON DELETE CASCADE,
        user_id TEXT NOT NULL,
        created INTEGER NOT NULL,
        expires INTEGER
    ) WITHOUT ROWID",
        "CREATE INDEX oauth1_access_tokens_consumer ON oauth1_access_tokens (consumer_key)",
        "CREATE INDEX oauth1_access_tokens_user ON oauth1_access_tokens (user_id, created)",
        "CREATE INDEX oauth1_access_tokens_expires ON oauth1_access_tokens (expires)
        WHERE expires IS NOT NULL",
        "CREATE TABLE oauth1_nonces (
        hash BLOB PRIMARY KEY NOT NULL,
        keep_until INTEGER NOT NULL
    ) WITHOUT ROWID",
        "CREATE INDEX oauth1_nonces_keep_until ON oauth1_nonces (keep_until)",
    ],
    &[
        // What the consumer's secret columns hold: 'secret' or 'rsa', a public key in PEM.
        "ALTER TABLE oauth1_consumers ADD COLUMN kind TEXT NOT NULL DEFAULT 'secret'",
        "ALTER TABLE oauth1_consumers ADD COLUMN previous_kind TEXT",
    ],
    &[
        // Realms and sessions. A token is dead when it can be neither used nor renewed.
        "ALTER TABLE oauth1_request_tokens ADD COLUMN realms TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE oauth1_access_tokens ADD COLUMN realms TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE oauth1_access_tokens ADD COLUMN session_handle_hash BLOB",
        "ALTER TABLE oauth1_access_tokens ADD COLUMN session_expires INTEGER",
        "ALTER TABLE oauth1_access_tokens ADD COLUMN dead INTEGER",
        "UPDATE oauth1_access_tokens SET dead = expires",
        "DROP INDEX oauth1_access_tokens_expires",
        "CREATE INDEX oauth1_access_tokens_dead ON oauth1_access_tokens (dead)
        WHERE dead IS NOT NULL",
    ],
];
