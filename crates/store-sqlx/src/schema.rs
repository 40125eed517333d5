//! The tables, versioned.

use crate::{
    ConnectError,
    database::Database,
    pool::{Transaction, values},
};

/// Brings the tables to the newest version. Of several processes that start at once, one does the
/// work; the others wait and find it done.
pub(crate) async fn migrate(database: &Database) -> Result<(), ConnectError> {
    // Whoever finds nothing to do needs neither the lock nor the right to change tables.
    let newest = "SELECT MAX(version) AS version FROM {p}schema";
    let found = database.writer.fetch(database.render(newest), &[]).await;
    if let Ok(rows) = &found
        && let Some(row) = rows.first()
        && let Ok(Some(version)) = row.integer("version")
        && steps_after(version)?.is_empty()
    {
        return Ok(());
    }
    let fail = ConnectError::Migrate;
    let mut transaction = database.writer.begin().await.map_err(fail)?;
    let (lock, unlock) = database.dialect().migration_lock();
    if let Some(lock) = lock {
        let rows = transaction.fetch(database.render(lock), &[]).await;
        let locked = match rows.map_err(fail)?.first() {
            Some(row) => row.integer("locked").map_err(fail)?,
            None => None,
        };
        if locked != Some(1) {
            return Err(ConnectError::MigrationLocked);
        }
    }
    let done = carry_out(database, &mut transaction).await;
    // Also after an error: the connection goes back to its pool.
    if let Some(unlock) = unlock {
        transaction
            .fetch(database.render(unlock), &[])
            .await
            .map_err(fail)?;
    }
    done?;
    transaction.commit().await.map_err(fail)
}

async fn carry_out(database: &Database, transaction: &mut Transaction) -> Result<(), ConnectError> {
    let fail = ConnectError::Migrate;
    let table = "CREATE TABLE IF NOT EXISTS {p}schema (version {integer} NOT NULL)";
    let made = transaction.execute(database.render(table), &[]).await;
    made.map_err(fail)?;
    let newest = "SELECT COALESCE(MAX(version), 0) AS version FROM {p}schema";
    let rows = transaction.fetch(database.render(newest), &[]).await;
    let version = match rows.map_err(fail)?.first() {
        Some(row) => row.integer("version").map_err(fail)?.unwrap_or(0),
        None => 0,
    };
    for (number, statements) in (version + 1..).zip(steps_after(version)?) {
        for statement in *statements {
            match transaction.execute(database.render(statement), &[]).await {
                Err(error) if !database.dialect().is_done_before(&error) => {
                    return Err(fail(error));
                }
                _ => {}
            }
        }
        let insert = database.render("INSERT INTO {p}schema (version) VALUES (?)");
        let inserted = transaction.execute(insert, values![number]).await;
        inserted.map_err(fail)?;
    }
    Ok(())
}

/// The steps that bring tables of a version to the newest one.
fn steps_after(version: i64) -> Result<&'static [&'static [&'static str]], ConnectError> {
    usize::try_from(version)
        .ok()
        .and_then(|done| MIGRATIONS.get(done..))
        .ok_or(ConnectError::Newer(version))
}

/// One entry a version; never change one that was released. Times are seconds since 1970, UTC.
/// Where a database cannot undo a statement it is tried again after a crash: one change each.
const MIGRATIONS: &[&[&str]] = &[
    &[
        "CREATE TABLE {p}consumers (
            consumer_key {key} PRIMARY KEY NOT NULL,
            secret {text} NOT NULL,
            previous_secret {text},
            previous_until {integer},
            name {text} NOT NULL,
            settings {text} NOT NULL,
            created {integer} NOT NULL,
            disabled {text}
        ) {table}",
        "CREATE TABLE {p}request_tokens (
            token_key {key} PRIMARY KEY NOT NULL,
            secret {text} NOT NULL,
            consumer_key {key} NOT NULL,
            callback {text} NOT NULL,
            user_id {key},
            verifier_hash {hash},
            wrong_verifiers {integer} NOT NULL DEFAULT 0,
            created {integer} NOT NULL,
            expires {integer} NOT NULL,
            FOREIGN KEY (consumer_key) REFERENCES {p}consumers (consumer_key) ON DELETE CASCADE
        ) {table}",
        "CREATE INDEX {p}request_tokens_consumer ON {p}request_tokens (consumer_key)",
        "CREATE INDEX {p}request_tokens_expires ON {p}request_tokens (expires)",
        "CREATE TABLE {p}access_tokens (
            token_key {key} PRIMARY KEY NOT NULL,
            secret {text} NOT NULL,
            consumer_key {key} NOT NULL,
            user_id {key} NOT NULL,
            created {integer} NOT NULL,
            expires {integer},
            FOREIGN KEY (consumer_key) REFERENCES {p}consumers (consumer_key) ON DELETE CASCADE
        ) {table}",
        "CREATE INDEX {p}access_tokens_consumer ON {p}access_tokens (consumer_key)",
        "CREATE INDEX {p}access_tokens_user ON {p}access_tokens (user_id, created)",
        "CREATE INDEX {p}access_tokens_expires ON {p}access_tokens (expires) {if expires}",
        "CREATE TABLE {p}nonces (
            hash {hash} PRIMARY KEY NOT NULL,
            keep_until {integer} NOT NULL
        ) {table}",
        "CREATE INDEX {p}nonces_keep_until ON {p}nonces (keep_until)",
    ],
    &[
        // What the consumer's secret columns hold: 'secret' or 'rsa', a public key in PEM.
        "ALTER TABLE {p}consumers ADD COLUMN kind {word} NOT NULL DEFAULT 'secret'",
        "ALTER TABLE {p}consumers ADD COLUMN previous_kind {word}",
    ],
    &[
        // Realms and sessions. A token is dead when it can be neither used nor renewed.
        "ALTER TABLE {p}request_tokens ADD COLUMN realms {text}",
        "ALTER TABLE {p}access_tokens ADD COLUMN realms {text}",
        "ALTER TABLE {p}access_tokens ADD COLUMN session_handle_hash {hash}",
        "ALTER TABLE {p}access_tokens ADD COLUMN session_expires {integer}",
        "ALTER TABLE {p}access_tokens ADD COLUMN dead {integer}",
        "UPDATE {p}access_tokens SET dead = expires",
        "DROP INDEX {p}access_tokens_expires {on access tokens}",
        "CREATE INDEX {p}access_tokens_dead ON {p}access_tokens (dead) {if dead}",
    ],
    // Which batch of checks put a nonce in: see nonces.rs.
    &["ALTER TABLE {p}nonces ADD COLUMN batch {integer}"],
    &[
        // Which key sealed a row's secrets, if any; and a proof by each key in use.
        "ALTER TABLE {p}consumers ADD COLUMN sealed_with {word}",
        "ALTER TABLE {p}request_tokens ADD COLUMN sealed_with {word}",
        "ALTER TABLE {p}access_tokens ADD COLUMN sealed_with {word}",
        "CREATE TABLE {p}keys (
            key_id {key} PRIMARY KEY NOT NULL,
            proof {text} NOT NULL
        ) {table}",
    ],
];
