//! Serving until a signal.

use std::{future::Future, pin::Pin, time::Duration};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{Demo, Error};

/// How long requests under way may take after a signal.
const GRACE: Duration = Duration::from_secs(10);

/// Done when the server is to stop accepting.
type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

/// SIGINT and SIGTERM, listened to from before the address is printed: whoever reads it may send
/// one at once.
#[derive(Debug)]
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn come(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

impl Demo {
    /// Serves until SIGINT or SIGTERM, then until all requests are answered, for ten seconds at
    /// most; deletes meanwhile what has expired. `serve` is given what tells its server to stop
    /// accepting.
    ///
    /// # Errors
    /// [`Error`] of the server, or if signals cannot be listened to.
    pub async fn run<F, E>(self, serve: impl FnOnce(Stop) -> F) -> Result<(), Error>
    where
        F: Future<Output = Result<(), E>>,
        Error: From<E>,
    {
        let signals = self.signals.lock().map_or(None, |mut kept| kept.take());
        let mut signals = signals.map_or_else(Signals::listen, Ok)?;
        let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = serve(Box::pin(async move {
            signals.come().await;
            let _ = stopping.send(());
        }));
        let purge = self.purge_for_ever();
        tokio::select! {
            done = server => done.map_err(Error::from),
            () = async { let _ = stopped.await; tokio::time::sleep(GRACE).await } => Ok(()),
            () = purge => Ok(()),
        }
    }

    async fn purge_for_ever(&self) {
        let mut ticks = tokio::time::interval(Duration::from_secs(60));
        loop {
            ticks.tick().await;
            if let Err(error) = self.provider.purge().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "purge failed");
            }
        }
    }
}
