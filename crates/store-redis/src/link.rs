//! The connection to one server: made when needed, and again when lost.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use oauth1_provider::core::Timestamp;
use redis::aio::MultiplexedConnection;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::{
    RedisOptions,
    error::Failure,
    server::{STEP, Server, birth, uptime},
};

/// How long a failure is the answer to all, before somebody tries again.
const PAUSE: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(crate) struct Link {
    server: Server,
    pub(crate) options: RedisOptions,
    state: Mutex<State>,
    memory: Memory,
}

/// Since when nonces are known, in seconds since 1970: from the youngest start on of all servers
/// that were reached. An empty master empties its replicas, so one that takes over later knows no
/// more, however old it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory(Arc<AtomicU64>);

impl Memory {
    /// A server that started at `birth` was reached `now`: a clock that was fast for a while does
    /// not count for longer.
    fn begins(&self, birth: Timestamp, now: Timestamp) {
        let later = |known: u64| Some(known.min(now.as_secs()).max(birth.as_secs()));
        let ordering = Ordering::SeqCst;
        // Always `Ok`, for `later` always gives a value.
        let _ = self.0.fetch_update(ordering, ordering, later);
    }

    fn birth(&self) -> Timestamp {
        Timestamp::from_secs(self.0.load(Ordering::SeqCst))
    }

    /// What this server knows it has from another one.
    pub(crate) fn inherit(&self, other: &Self) {
        self.0
            .fetch_max(other.0.load(Ordering::SeqCst), Ordering::SeqCst);
    }
}

#[derive(Debug)]
enum State {
    Lost,
    Connected(Connected),
    Failed(Instant, Failure),
}

#[derive(Clone, Debug)]
pub(crate) struct Connected {
    pub(crate) connection: MultiplexedConnection,
    /// Which connection this is.
    since: Instant,
}

impl Link {
    pub(crate) fn new(server: Server, options: RedisOptions) -> Self {
        Self {
            server,
            options,
            state: Mutex::new(State::Lost),
            memory: Memory::default(),
        }
    }

    pub(crate) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Since when nonces are known, if that matters.
    pub(crate) fn birth(&self) -> Option<Timestamp> {
        (!self.options.trust_after_restart).then(|| self.memory.birth())
    }

    /// The connection, made now if there is none.
    pub(crate) async fn connected(&self) -> Result<Connected, Failure> {
        let mut state = self.state.lock().await;
        match &*state {
            State::Connected(connected) => return Ok(connected.clone()),
            State::Failed(at, failure) if at.elapsed() < PAUSE => return Err(failure.clone()),
            _ => {}
        }
        let connected = match timeout(STEP, self.connect()).await {
            Ok(connected) => connected,
            Err(_) => Err(Failure::TimedOut),
        };
        let before = matches!(&*state, State::Failed(..));
        *state = match &connected {
            Ok(connected) => State::Connected(connected.clone()),
            Err(failure) if before => {
                tracing::debug!(server = ?self.server, %failure, "still no connection to Redis");
                State::Failed(Instant::now(), failure.clone())
            }
            Err(failure) => {
                tracing::warn!(server = ?self.server, %failure, "no connection to Redis");
                State::Failed(Instant::now(), failure.clone())
            }
        };
        connected
    }

    async fn connect(&self) -> Result<Connected, Failure> {
        let wait = match self.options.replicas {
            0 => Duration::ZERO,
            _ => self.options.replica_timeout,
        };
        let mut connection = self.server.connect(wait).await?;
        // Before the answer: a server that restarts meanwhile loses the connection.
        let now = self.options.clock.now();
        let uptime = uptime(&mut connection).await?;
        self.memory.begins(birth(now, uptime), now);
        Ok(Connected {
            connection,
            since: Instant::now(),
        })
    }

    /// After a failure: the next caller connects anew.
    pub(crate) async fn lost(&self, connected: &Connected) {
        let mut state = self.state.lock().await;
        if matches!(&*state, State::Connected(other) if other.since == connected.since) {
            *state = State::Lost;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_server_that_takes_over_knows_no_more_than_the_young_one_before_it() {
        let at = Timestamp::from_secs;
        let memory = Memory::default();
        memory.begins(at(100), at(500));
        memory.begins(at(400), at(500));
        memory.begins(at(100), at(600));
        assert_eq!(memory.birth(), at(400));
        let heir = Memory::default();
        heir.begins(at(100), at(600));
        heir.inherit(&memory);
        assert_eq!(heir.birth(), at(400));
    }

    #[test]
    fn a_clock_that_was_fast_for_a_while_counts_until_the_next_connection() {
        let at = Timestamp::from_secs;
        let memory = Memory::default();
        memory.begins(at(9_000), at(9_500));
        memory.begins(at(100), at(600));
        assert_eq!(memory.birth(), at(600));
    }
}
