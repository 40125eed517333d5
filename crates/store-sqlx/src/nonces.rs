//! The nonces: [`ReplayGuard`]. One task writes them, as many as wait in one transaction.

use async_trait::async_trait;
use oauth1_provider::{
    Remembered, ReplayEntry, ReplayGuard, StoreError,
    core::{Timestamp, TokenKey},
};
use sha2::{Digest, Sha256};
use sqlx::SqlitePool;
use tokio::sync::{mpsc, oneshot};

use crate::{SqlStore, error::sort, row::seconds};

/// How many checks may wait; beyond, callers wait to be let in.
const QUEUE: usize = 4_096;
/// How many checks share a transaction at most.
const BATCH: usize = 512;

/// The way to the writing task, which ends with the last clone.
#[derive(Clone, Debug)]
pub(crate) struct NonceWriter(mpsc::Sender<Check>);

struct Check {
    hash: [u8; 32],
    keep_until: i64,
    answer: oneshot::Sender<Remembered>,
}

impl NonceWriter {
    pub(crate) fn start(writer: SqlitePool) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(write_batches(writer, receiver));
        Self(sender)
    }
}

#[async_trait]
impl ReplayGuard for SqlStore {
    async fn remember(&self, entry: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        let (answer, answered) = oneshot::channel();
        let check = Check {
            hash: hash(entry),
            keep_until: seconds(entry.keep_until),
            answer,
        };
        let gone = "the nonce writer has stopped";
        self.nonces
            .0
            .send(check)
            .await
            .map_err(|_| StoreError::unavailable(gone))?;
        answered
            .await
            .map_err(|_| StoreError::unavailable("the nonces could not be written"))
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut transaction = self.write().await?;
        let done = sqlx::query(
            "DELETE FROM oauth1_nonces WHERE hash IN
                (SELECT hash FROM oauth1_nonces WHERE keep_until < ? LIMIT ?)",
        )
        .bind(seconds(now))
        .bind(limit)
        .execute(&mut *transaction)
        .await
        .map_err(sort)?;
        transaction.commit().await.map_err(sort)?;
        Ok(done.rows_affected())
    }
}

async fn write_batches(writer: SqlitePool, mut receiver: mpsc::Receiver<Check>) {
    let mut batch = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut batch, BATCH).await > 0 {
        match write(&writer, &batch).await {
            Ok(found) => {
                for (check, remembered) in batch.drain(..).zip(found) {
                    // A caller that went away needs no answer.
                    let _ = check.answer.send(remembered);
                }
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "nonces not written"
                );
                // Dropping the senders tells every caller that there is no answer: 503.
                batch.clear();
            }
        }
    }
}

/// Answers only after the commit.
async fn write(writer: &SqlitePool, batch: &[Check]) -> Result<Vec<Remembered>, sqlx::Error> {
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    let mut found = Vec::with_capacity(batch.len());
    for check in batch {
        let done = sqlx::query(
            "INSERT INTO oauth1_nonces (hash, keep_until) VALUES (?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(check.hash.as_slice())
        .bind(check.keep_until)
        .execute(&mut *transaction)
        .await?;
        let new = done.rows_affected() == 1;
        found.push(if new {
            Remembered::Fresh
        } else {
            Remembered::Replayed
        });
    }
    transaction.commit().await?;
    Ok(found)
}

/// Each part with its length before it: no two entries share a text.
fn hash(entry: &ReplayEntry<'_>) -> [u8; 32] {
    let mut hash = Sha256::new();
    let token = entry.token.map_or("", TokenKey::as_str);
    for part in [entry.consumer.as_str(), token, entry.nonce.as_str()] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.update(entry.timestamp.as_secs().to_be_bytes());
    hash.finalize().into()
}
