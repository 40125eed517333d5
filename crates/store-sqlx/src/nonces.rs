//! The nonces: [`ReplayGuard`]. One task writes them, as many as wait in one statement.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use async_trait::async_trait;
use oauth1_provider::{
    Entropy, Remembered, ReplayEntry, ReplayGuard, StoreError, SystemEntropy,
    core::{Timestamp, TokenKey},
};
use sha2::{Digest, Sha256};
use tokio::{
    sync::{mpsc, oneshot},
    task::yield_now,
};

use crate::{
    SqlStore,
    column::{integer, seconds},
    database::{Database, in_time},
    error::sort,
    pool::{Value, values},
};

/// How many checks may wait; beyond, callers wait to be let in.
const QUEUE: usize = 4_096;
/// How many checks share a statement at most.
const BATCH: usize = 512;

/// The way to the writing task, which ends with the last clone.
#[derive(Clone, Debug)]
pub(crate) struct NonceWriter {
    checks: mpsc::Sender<Check>,
    /// What was kept until before this may be forgotten. It is later than a nonce that is asked for
    /// only where a clock was ahead and came back.
    forgotten: Arc<AtomicI64>,
}

type Hash = [u8; 32];

struct Check {
    hash: Hash,
    keep_until: i64,
    answer: oneshot::Sender<Result<Remembered, Arc<StoreError>>>,
}

impl NonceWriter {
    pub(crate) fn start(database: Database) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(write_batches(database, receiver));
        Self {
            checks: sender,
            forgotten: Arc::default(),
        }
    }
}

#[async_trait]
impl ReplayGuard for SqlStore {
    async fn remember(&self, entry: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        let keep_until = seconds(entry.keep_until);
        if keep_until < self.nonces.forgotten.load(Ordering::SeqCst) {
            return Ok(Remembered::TooOld);
        }
        let (answer, answered) = oneshot::channel();
        let check = Check {
            hash: hash(entry),
            keep_until,
            answer,
        };
        in_time(async {
            let gone = "the nonce writer has stopped";
            let sent = self.nonces.checks.send(check).await;
            sent.map_err(|_| StoreError::unavailable(gone))?;
            let found = answered.await.map_err(|_| StoreError::unavailable(gone))?;
            found.map_err(StoreError::unavailable)
        })
        .await
    }

    /// By the earlier of two clocks, the caller's and the database's: one process whose clock is
    /// ahead does not make all others forget.
    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let row = self.database.fetch_one("SELECT {now} AS now", &[]).await?;
        let row = row.ok_or(StoreError::Corrupt("no time"))?;
        let before = seconds(now).min(integer(&row, "now")?);
        self.nonces.forgotten.fetch_max(before, Ordering::SeqCst);
        let dialect = self.database.dialect();
        let statement = dialect.delete_some("nonces", "hash", "keep_until < ?");
        let values = values![before, limit];
        self.database.execute(&statement, values).await
    }
}

async fn write_batches(database: Database, mut receiver: mpsc::Receiver<Check>) {
    let mut batch = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut batch, BATCH).await > 0 {
        gather(&mut batch, &mut receiver).await;
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
                    let _ = check.answer.send(Ok(found));
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                for check in batch.drain(..) {
                    let _ = check.answer.send(Err(Arc::clone(&error)));
                }
            }
        }
    }
}

/// Callers whom the last answers woke are about to ask again: a batch of the first of them, with all
/// others waiting for it, would cost as much as one of all. They are let go first, while more come.
async fn gather(batch: &mut Vec<Check>, receiver: &mut mpsc::Receiver<Check>) {
    let mut before = 0;
    while before < batch.len() && batch.len() < BATCH {
        before = batch.len();
        yield_now().await;
        while batch.len() < BATCH
            && let Ok(check) = receiver.try_recv()
        {
            batch.push(check);
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
    let rows: BTreeMap<&Hash, i64> = batch
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

/// How many of the rows were not there before.
async fn insert(
    database: &Database,
    rows: &BTreeMap<&Hash, i64>,
    number: i64,
) -> Result<u64, StoreError> {
    if let Some(statement) = database.dialect().insert_packed_nonces() {
        let hashes: Vec<u8> = rows.keys().copied().flatten().copied().collect();
        let keep_until: Vec<_> = rows.values().map(i64::to_string).collect();
        let keep_until = keep_until.join(",");
        let values = values![hashes.as_slice(), number, keep_until.as_str()];
        return database.execute(statement, values).await;
    }
    let (statement, values) = insertion(rows, number);
    database.execute(&statement, &values).await
}

/// Sizes are powers of two, filled up with the last row again, so that a connection keeps few
/// prepared statements.
fn insertion<'a>(rows: &BTreeMap<&'a Hash, i64>, number: i64) -> (String, Vec<Value<'a>>) {
    let size = rows.len().next_power_of_two();
    let mut statement =
        "INSERT {ignore} INTO {p}nonces (hash, keep_until, batch) VALUES (?, ?, ?)".to_owned();
    for _ in 1..size {
        statement.push_str(", (?, ?, ?)");
    }
    statement.push_str(" {or ignore}");
    let last = rows.last_key_value().into_iter().cycle();
    let padded = rows.iter().chain(last).take(size);
    let values = padded
        .flat_map(|(hash, keep_until)| {
            let hash: &[u8] = hash.as_slice();
            [hash.into(), (*keep_until).into(), number.into()]
        })
        .collect();
    (statement, values)
}

/// Those of the rows that this batch put in.
async fn ours(
    database: &Database,
    rows: &BTreeMap<&Hash, i64>,
    number: i64,
) -> Result<HashSet<Hash>, StoreError> {
    let size = rows.len().next_power_of_two();
    let mut query = "SELECT hash FROM {p}nonces WHERE batch = ? AND hash IN (?".to_owned();
    for _ in 1..size {
        query.push_str(", ?");
    }
    query.push(')');
    let last = rows.last_key_value().into_iter().cycle();
    let padded = rows.iter().chain(last).take(size);
    let mut values = vec![Value::from(number)];
    values.extend(padded.map(|(hash, _)| Value::from(hash.as_slice())));
    let found = database.fetch(&query, &values).await?;
    found
        .iter()
        .map(|row| {
            let hash = row.bytes("hash").map_err(sort)?.unwrap_or_default();
            hash.try_into().map_err(|_| StoreError::Corrupt("hash"))
        })
        .collect()
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
    let consumer = entry.consumer.as_str();
    for part in [consumer.as_bytes(), token.as_bytes(), entry.nonce] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.update(entry.timestamp.as_secs().to_be_bytes());
    hash.finalize().into()
}
