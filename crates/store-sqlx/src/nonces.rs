//! The nonces: [`ReplayGuard`]. Few tasks write them, as many as wait in one statement.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use async_trait::async_trait;
use oauth1_provider::{
    Entropy, Remembered, ReplayEntry, ReplayGuard, StoreError, SystemEntropy,
    core::{Timestamp, TokenKey},
};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::{
    SqlStore,
    database::{Database, in_time},
    error::sort,
    pool::{Value, values},
    row::seconds,
};

/// How many checks may wait; beyond, callers wait to be let in.
const QUEUE: usize = 4_096;
/// How many checks share a statement at most.
const BATCH: usize = 512;

/// The way to the writing tasks, which end with the last clone.
#[derive(Clone, Debug)]
pub(crate) struct NonceWriter(mpsc::Sender<Check>);

type Hash = [u8; 32];

struct Check {
    hash: Hash,
    keep_until: i64,
    answer: oneshot::Sender<Remembered>,
}

impl NonceWriter {
    pub(crate) fn start(database: &Database) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..database.dialect().nonce_writers() {
            tokio::spawn(write_batches(database.clone(), Arc::clone(&receiver)));
        }
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
        in_time(async {
            let gone = "the nonce writer has stopped";
            let sent = self.nonces.0.send(check).await;
            sent.map_err(|_| StoreError::unavailable(gone))?;
            let lost = "the nonces could not be written";
            answered.await.map_err(|_| StoreError::unavailable(lost))
        })
        .await
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let dialect = self.database.dialect();
        let statement = dialect.delete_some("nonces", "hash", "keep_until < ?");
        let values = values![seconds(now), limit];
        self.database.execute(&statement, values).await
    }
}

async fn write_batches(database: Database, receiver: Arc<Mutex<mpsc::Receiver<Check>>>) {
    let mut batch = Vec::with_capacity(BATCH);
    // The lock is let go before the batch is written: meanwhile the next one is taken.
    while receiver.lock().await.recv_many(&mut batch, BATCH).await > 0 {
        match write(&database, &batch).await {
            Ok(mut fresh) => {
                for check in batch.drain(..) {
                    // Of equal checks in one batch the first is fresh, if any is.
                    let found = if fresh.remove(&check.hash) {
                        Remembered::Fresh
                    } else {
                        Remembered::Replayed
                    };
                    // A caller that went away needs no answer.
                    let _ = check.answer.send(found);
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

/// The hashes that were not there before, all of them committed.
///
/// The count of rows tells whether all were new, which is nearly always so. Else the rows that
/// carry this batch's number are ours: that asks for no more than every database can do.
async fn write(database: &Database, batch: &[Check]) -> Result<HashSet<Hash>, StoreError> {
    // In the order of the hashes: batches of several processes that share some wait for each other
    // instead of falling into a deadlock.
    let rows: Rows<'_> = batch
        .iter()
        .map(|check| (&check.hash, check.keep_until))
        .collect();
    let number = random()?;
    let inserted = insert(database, &rows, number).await?;
    if inserted == u64::try_from(rows.len()).unwrap_or(u64::MAX) {
        return Ok(rows.into_keys().copied().collect());
    }
    ours(database, &rows, number).await
}

type Rows<'a> = BTreeMap<&'a Hash, i64>;

/// How many rows were not there before.
async fn insert(database: &Database, rows: &Rows<'_>, number: i64) -> Result<u64, StoreError> {
    if let Some((statement, _)) = database.dialect().nonces_as_lists() {
        let keep_until = list(rows.values(), |text, seconds| {
            text.push_str(&seconds.to_string());
        });
        let hashes = hashes(rows);
        let values = values![number, hashes.as_str(), keep_until.as_str()];
        return database.execute(statement, values).await;
    }
    let rows = padded(rows);
    let marks = vec!["(?, ?, ?)"; rows.len()].join(", ");
    let statement = format!(
        "INSERT {{ignore}} INTO {{p}}nonces (hash, keep_until, batch) VALUES {marks} {{or ignore}}"
    );
    let values: Vec<Value<'_>> = rows
        .into_iter()
        .flat_map(|(hash, keep_until)| [hash.into(), keep_until.into(), number.into()])
        .collect();
    database.execute(&statement, &values).await
}

/// Those of the rows that this batch put in.
async fn ours(
    database: &Database,
    rows: &Rows<'_>,
    number: i64,
) -> Result<HashSet<Hash>, StoreError> {
    let found = if let Some((_, query)) = database.dialect().nonces_as_lists() {
        let hashes = hashes(rows);
        let values = values![number, hashes.as_str()];
        database.fetch(query, values).await?
    } else {
        let rows = padded(rows);
        let marks = vec!["?"; rows.len()].join(", ");
        let query = format!("SELECT hash FROM {{p}}nonces WHERE batch = ? AND hash IN ({marks})");
        let mut values = vec![Value::from(number)];
        values.extend(rows.into_iter().map(|(hash, _)| Value::from(hash)));
        database.fetch(&query, &values).await?
    };
    found
        .iter()
        .map(|row| {
            let hash = row.bytes("hash").map_err(sort)?.unwrap_or_default();
            hash.try_into().map_err(|_| StoreError::Corrupt("hash"))
        })
        .collect()
}

/// Filled up to a power of two with the last row again, so that a connection keeps few prepared
/// statements.
fn padded<'a>(rows: &Rows<'a>) -> Vec<(&'a [u8], i64)> {
    let last = rows.last_key_value().into_iter().cycle();
    rows.iter()
        .chain(last)
        .take(rows.len().next_power_of_two())
        .map(|(hash, keep_until)| (hash.as_slice(), *keep_until))
        .collect()
}

/// PostgreSQL's text of an array.
fn list<T>(items: impl Iterator<Item = T>, write: impl Fn(&mut String, T)) -> String {
    let mut text = "{".to_owned();
    for item in items {
        if text.len() > 1 {
            text.push(',');
        }
        write(&mut text, item);
    }
    text.push('}');
    text
}

fn hashes(rows: &Rows<'_>) -> String {
    list(rows.keys(), |text, hash| {
        text.push_str("\"\\\\x");
        let digits = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        text.extend(digits.filter_map(|digit| char::from_digit(digit.into(), 16)));
        text.push('"');
    })
}

/// A batch's number: with 64 random bits, that of no other batch which a nonce could be from.
fn random() -> Result<i64, StoreError> {
    let mut bytes = [0; 8];
    SystemEntropy::default()
        .fill(&mut bytes)
        .map_err(StoreError::unavailable)?;
    Ok(i64::from_be_bytes(bytes))
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
