//! The connection to one server: made when needed, and again when lost.

use std::time::Duration;

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
    /// When the server started, if that matters.
    pub(crate) birth: Option<Timestamp>,
    /// Which connection this is.
    since: Instant,
}

impl Link {
    pub(crate) fn new(server: Server, options: RedisOptions) -> Self {
        Self {
            server,
            options,
            state: Mutex::new(State::Lost),
        }
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
        *state = match &connected {
            Ok(connected) => State::Connected(connected.clone()),
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
        Ok(Connected {
            connection,
            birth: (!self.options.trust_after_restart).then(|| birth(now, uptime)),
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
