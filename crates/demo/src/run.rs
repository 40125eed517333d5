//! Serving until a signal.

use std::{future::Future, pin::Pin, sync::PoisonError, time::Duration};

use tokio::signal::unix::{SignalKind, signal};

use crate::{Demo, Error};

/// How long requests under way may take after a signal.
const GRACE: Duration = Duration::from_secs(10);

/// Done when the server is to stop accepting.
type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

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
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = serve(Box::pin(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            let _ = stopping.send(());
        }));
        let purge = self.purge_for_ever();
        let done = tokio::select! {
            done = server => done.map_err(Error::from),
            () = async { let _ = stopped.await; tokio::time::sleep(GRACE).await } => Ok(()),
            () = purge => Ok(()),
        };
        let mut folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        drop(folder.take());
        done
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
