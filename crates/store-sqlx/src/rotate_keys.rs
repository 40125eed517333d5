//! Rotation of the keys that seal secrets.

use oauth1_provider::StoreError;

use crate::{
    SqlStore,
    column::{integer, optional_text, text},
    database::{Transaction, retried},
    dialect::Dialect,
    pool::{Row, values},
};

/// How many rows are sealed anew in one transaction.
const BATCH: u32 = 200;
/// How often the tables are gone through, at most, for rows that changed meanwhile.
const PASSES: u32 = 100;

/// A table with secrets in it.
#[derive(Clone, Copy)]
struct Table {
    name: &'static str,
    key: &'static str,
    secret: &'static str,
    /// The column of the secret before the last rotation, where there is one.
    previous: Option<&'static str>,
}

const TABLES: [Table; 3] = [
    Table {
        name: "consumers",
        key: "consumer_key",
        secret: "consumers.secret",
        previous: Some("consumers.previous_secret"),
    },
    Table {
        name: "request_tokens",
        key: "token_key",
        secret: "request_tokens.secret",
        previous: None,
    },
    Table {
        name: "access_tokens",
        key: "token_key",
        secret: "access_tokens.secret",
        previous: None,
    },
];

/// How far a rotation has come: rows looked at, of about how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RotationProgress {
    /// Rows looked at.
    pub done: u64,
    /// Rows there were at the beginning of this pass.
    pub total: u64,
}

impl SqlStore {
    /// Seals every secret with the current key that is not sealed with it yet, those in the clear
    /// too, and forgets the other keys: afterwards they may leave the ring. Gives how many rows
    /// were sealed anew.
    ///
    /// Rows are sealed in short transactions, so that providers go on working; a rotation that
    /// was interrupted is simply started again.
    ///
    /// # Errors
    /// [`StoreError`] if there is no ring, the database could not answer, or a secret does not
    /// open; what was sealed until then stays so.
    pub async fn rotate_keys(
        &self,
        mut progress: impl FnMut(RotationProgress) + Send,
    ) -> Result<u64, StoreError> {
        let Some(current) = self.database.sealing.current() else {
            return Err(StoreError::unavailable("there is no key ring"));
        };
        let mut sealed = 0;
        for _ in 0..PASSES {
            let total = self.rows().await?;
            let mut done = 0;
            let mut found = 0;
            for table in TABLES {
                let mut after = String::new();
                loop {
                    let batch = self.batch(table, &after).await?;
                    let Some(last) = batch.last() else { break };
                    after = text(last, "row_key")?;
                    let rows = u64::try_from(batch.len()).unwrap_or(u64::MAX);
                    let (stale, changed) = self.seal_batch(table, &batch, current).await?;
                    found += stale;
                    sealed += changed;
                    done += rows;
                    progress(RotationProgress { done, total });
                }
            }
            if found == 0 {
                let statement = "DELETE FROM {p}keys WHERE key_id <> ?";
                self.database.execute(statement, values![current]).await?;
                self.write_back().await?;
                return Ok(sealed);
            }
        }
        Err(StoreError::unavailable(
            "secrets change faster than they are sealed",
        ))
    }

    /// SQLite's journal goes into the file, where the secrets in the clear still stand until then.
    async fn write_back(&self) -> Result<(), StoreError> {
        if self.database.dialect() == Dialect::Sqlite {
            let statement = "PRAGMA wal_checkpoint(TRUNCATE)";
            self.database.execute(statement, values![]).await?;
        }
        Ok(())
    }

    async fn rows(&self) -> Result<u64, StoreError> {
        let mut total = 0;
        for table in TABLES {
            let query = format!("SELECT COUNT(*) AS number FROM {{p}}{}", table.name);
            let row = self.database.fetch_one(&query, values![]).await?;
            let number = row.map(|row| integer(&row, "number")).transpose()?;
            total += u64::try_from(number.unwrap_or_default()).unwrap_or_default();
        }
        Ok(total)
    }

    /// The next rows behind a key, in the order of their keys.
    async fn batch(&self, table: Table, after: &str) -> Result<Vec<Row>, StoreError> {
        let Table { name, key, .. } = table;
        let previous = if table.previous.is_some() {
            "previous_secret"
        } else {
            "NULL"
        };
        let query = format!(
            "SELECT {key} AS row_key, secret, {previous} AS previous_secret, sealed_with
             FROM {{p}}{name} WHERE {key} > ? ORDER BY {key} LIMIT ?"
        );
        self.database.fetch(&query, values![after, BATCH]).await
    }

    /// How many rows were not sealed with the current key, and how many are now.
    async fn seal_batch(
        &self,
        table: Table,
        batch: &[Row],
        current: &str,
    ) -> Result<(u64, u64), StoreError> {
        let mut stale = Vec::new();
        for row in batch {
            if optional_text(row, "sealed_with")?.as_deref() != Some(current) {
                stale.push(row);
            }
        }
        if stale.is_empty() {
            return Ok((0, 0));
        }
        let stale = stale.as_slice();
        let changed = retried(|| async {
            let mut transaction = self.database.begin().await?;
            let mut changed = 0;
            for row in stale {
                changed += self.seal_row(&mut transaction, table, row).await?;
            }
            transaction.commit().await?;
            Ok(changed)
        });
        Ok((
            u64::try_from(stale.len()).unwrap_or(u64::MAX),
            changed.await?,
        ))
    }

    /// Seals a row anew, unless somebody changed it meanwhile: then the next pass finds it.
    async fn seal_row(
        &self,
        transaction: &mut Transaction<'_>,
        table: Table,
        row: &Row,
    ) -> Result<u64, StoreError> {
        let sealing = &self.database.sealing;
        let key = text(row, "row_key")?;
        let old = text(row, "secret")?;
        let secret = sealing.open(table.secret, &key, (row, old.clone()))?;
        let secret = sealing.seal(table.secret, &key, &secret)?;
        let Some(previous_column) = table.previous else {
            let statement = format!(
                "UPDATE {{p}}{} SET secret = ?, sealed_with = ? WHERE {} = ? AND secret = ?",
                table.name, table.key
            );
            let values = values![
                secret.as_str(),
                sealing.current(),
                key.as_str(),
                old.as_str()
            ];
            return transaction.execute(&statement, values).await;
        };
        let old_previous = optional_text(row, "previous_secret")?;
        let previous = match &old_previous {
            Some(old) => {
                let text = sealing.open(previous_column, &key, (row, old.clone()))?;
                Some(sealing.seal(previous_column, &key, &text)?)
            }
            None => None,
        };
        let statement = format!(
            "UPDATE {{p}}{} SET secret = ?, previous_secret = ?, sealed_with = ?
             WHERE {} = ? AND secret = ? AND COALESCE(previous_secret, '') = ?",
            table.name, table.key
        );
        let values = values![
            secret.as_str(),
            previous.as_deref(),
            sealing.current(),
            key.as_str(),
            old.as_str(),
            old_previous.as_deref().unwrap_or_default(),
        ];
        transaction.execute(&statement, values).await
    }
}
