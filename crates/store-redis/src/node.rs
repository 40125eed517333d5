//! The nonces of one server: one task sends those that wait together, in one pipeline.

use std::{sync::Arc, time::Duration};

use oauth1_provider::{Remembered, core::Timestamp};
use redis::{Pipeline, ServerError, ServerErrorKind, Value};
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::{
    RedisOptions,
    error::Failure,
    link::{Connected, Link, Memory},
    server::Server,
};

/// How many checks may wait; beyond, callers wait to be let in.
const QUEUE: usize = 4_096;
/// How many checks share a pipeline at most.
const BATCH: usize = 512;
/// How many pipelines are under way: while these are answered, the next one fills.
const UNDER_WAY: usize = 3;

/// The way to a server's task, which ends with the last clone.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    checks: mpsc::Sender<Check>,
    memory: Memory,
}

/// What is to be remembered.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) key: Vec<u8>,
    pub(crate) timestamp: Timestamp,
    pub(crate) now: Timestamp,
    /// For how many seconds.
    pub(crate) seconds: u64,
    /// In a Cluster: its slot is on the way to this server.
    pub(crate) asking: bool,
}

#[derive(Debug)]
struct Check {
    record: Record,
    answer: oneshot::Sender<Result<Answer, Failure>>,
}

#[derive(Debug)]
pub(crate) enum Answer {
    Found(Remembered),
    /// Its slot is at another host and port, or on the way there (`asking`); nothing was kept.
    Elsewhere {
        address: String,
        asking: bool,
    },
}

impl Node {
    /// Does not connect yet.
    pub(crate) fn start(server: Server, options: RedisOptions) -> (Self, Arc<Link>) {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let link = Arc::new(Link::new(server, options));
        tokio::spawn(send_batches(Arc::clone(&link), receiver));
        let node = Self {
            checks: sender,
            memory: link.memory().clone(),
        };
        (node, link)
    }

    /// In a Cluster: some of its slots were another's before.
    pub(crate) fn inherit(&self, before: &Self) {
        self.memory.inherit(&before.memory);
    }

    pub(crate) async fn remember(&self, record: Record) -> Result<Answer, Failure> {
        let (answer, answered) = oneshot::channel();
        let check = Check { record, answer };
        self.checks
            .send(check)
            .await
            .map_err(|_| Failure::Stopped)?;
        answered.await.map_err(|_| Failure::Stopped)?
    }
}

async fn send_batches(link: Arc<Link>, mut receiver: mpsc::Receiver<Check>) {
    let under_way = Arc::new(Semaphore::new(UNDER_WAY));
    while let Ok(permit) = Arc::clone(&under_way).acquire_owned().await {
        let mut batch = Vec::new();
        if receiver.recv_many(&mut batch, BATCH).await == 0 {
            return;
        }
        let link = Arc::clone(&link);
        tokio::spawn(async move {
            send(&link, batch).await;
            drop(permit);
        });
    }
}

async fn send(link: &Link, mut batch: Vec<Check>) {
    // Who went away has refused the request already: its nonce need not be kept.
    batch.retain(|check| !check.answer.is_closed());
    let connected = match link.connected().await {
        Ok(connected) => connected,
        Err(failure) => return answer_all(batch, &failure),
    };
    let (birth, ahead) = (link.birth(), link.options.ahead);
    let (batch, refused): (Vec<_>, Vec<_>) = batch
        .into_iter()
        .partition(|check| in_known_time(&check.record, birth, ahead));
    for check in refused {
        // A caller that went away needs no answer.
        let _ = check.answer.send(Ok(Answer::Found(Remembered::TooOld)));
    }
    if batch.is_empty() {
        return;
    }
    let sent = exchange(connected.clone(), &link.options, &batch).await;
    let answers = match sent {
        Ok(answers) => answers,
        Err(failure) => {
            tracing::warn!(%failure, "nonces may not have been kept");
            link.lost(&connected).await;
            return answer_all(batch, &failure);
        }
    };
    if answers.iter().any(needs_another_connection) {
        link.lost(&connected).await;
    }
    for (check, answer) in batch.into_iter().zip(answers) {
        let _ = check.answer.send(answer);
    }
}

fn answer_all(batch: Vec<Check>, failure: &Failure) {
    for check in batch {
        let _ = check.answer.send(Err(failure.clone()));
    }
}

/// Whether this server would know of an earlier request with this timestamp.
fn in_known_time(record: &Record, birth: Option<Timestamp>, ahead: Option<Duration>) -> bool {
    let Some(birth) = birth else { return true };
    match ahead {
        Some(ahead) => {
            record.timestamp > birth.plus(ahead) && record.timestamp <= record.now.plus(ahead)
        }
        None => record.timestamp > birth,
    }
}

/// Sends a batch and reads its answers: `WAIT` goes over the same connection right behind, for a
/// server that took over meanwhile would have nothing to wait for.
async fn exchange(
    mut connected: Connected,
    options: &RedisOptions,
    batch: &[Check],
) -> Result<Vec<Result<Answer, Failure>>, Failure> {
    let mut pipeline = Pipeline::with_capacity(batch.len() + 1);
    for check in batch {
        let record = &check.record;
        if record.asking {
            pipeline.cmd("ASKING");
        }
        // All small numbers are one object to Redis: "1" takes 32 bytes less than "".
        pipeline.cmd("SET").arg(&record.key).arg(b"1").arg(b"NX");
        pipeline.arg(b"EX").arg(record.seconds);
    }
    if options.replicas > 0 {
        let milliseconds = u64::try_from(options.replica_timeout.as_millis()).unwrap_or(1);
        pipeline.cmd("WAIT").arg(options.replicas).arg(milliseconds);
    }
    let count = pipeline.len();
    let values = connected
        .connection
        .send_packed_commands(&pipeline, 0, count)
        .await?;
    if values.len() != count {
        return Err(Failure::NotUnderstood);
    }
    let mut values = values.into_iter();
    let mut answers: Vec<_> = batch
        .iter()
        .map(|check| {
            if check.record.asking {
                values.next();
            }
            values.next().map_or(Err(Failure::NotUnderstood), read)
        })
        .collect();
    if options.replicas > 0 {
        let kept = kept_by_replicas(values.next(), options.replicas);
        for answer in &mut answers {
            if let (Ok(Answer::Found(Remembered::Fresh)), Err(failure)) = (&answer, &kept) {
                *answer = Err(failure.clone());
            }
        }
    }
    Ok(answers)
}

fn read(value: Value) -> Result<Answer, Failure> {
    match value {
        Value::Okay => Ok(Answer::Found(Remembered::Fresh)),
        Value::Nil => Ok(Answer::Found(Remembered::Replayed)),
        Value::ServerError(error) => read_error(error),
        _ => Err(Failure::NotUnderstood),
    }
}

fn read_error(error: ServerError) -> Result<Answer, Failure> {
    let asking = error.kind() == Some(ServerErrorKind::Ask);
    match error.kind() {
        Some(ServerErrorKind::Moved | ServerErrorKind::Ask) => {
            // "3999 127.0.0.1:6381"
            let words = error.details().and_then(|text| text.split_once(' '));
            let (_, address) = words.ok_or(Failure::NotUnderstood)?;
            let address = address.to_owned();
            Ok(Answer::Elsewhere { address, asking })
        }
        None if error.code() == "OOM" => Err(Failure::Full),
        _ => Err(Failure::Refused(error)),
    }
}

fn kept_by_replicas(value: Option<Value>, wanted: u32) -> Result<(), Failure> {
    match value {
        Some(Value::Int(acknowledged)) if acknowledged >= i64::from(wanted) => Ok(()),
        Some(Value::Int(acknowledged)) => Err(Failure::TooFewReplicas {
            acknowledged,
            wanted,
        }),
        Some(Value::ServerError(error)) => Err(Failure::Refused(error)),
        _ => Err(Failure::NotUnderstood),
    }
}

/// A master that became a replica, say.
fn needs_another_connection(answer: &Result<Answer, Failure>) -> bool {
    matches!(answer, Err(Failure::Refused(_) | Failure::NotUnderstood))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_run_could_have_accepted_is_not_known() {
        let at = Timestamp::from_secs;
        let known = |timestamp, ahead: Option<u64>| {
            let record = Record {
                key: Vec::new(),
                timestamp: at(timestamp),
                now: at(1_100),
                seconds: 1,
                asking: false,
            };
            in_known_time(&record, Some(at(1_000)), ahead.map(Duration::from_secs))
        };
        for (timestamp, strict, past) in [
            (1_000, false, false),
            (1_001, false, true),
            (1_010, false, true),
            (1_011, true, true),
            (1_110, true, true),
            (1_111, false, true),
        ] {
            assert_eq!(known(timestamp, Some(10)), strict, "{timestamp}");
            assert_eq!(known(timestamp, None), past, "{timestamp}");
        }
    }
}
