//! Serves within limits of time and number: nobody holds a connection by doing nothing.

use std::{
    io,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_io_timeout::TimeoutStream;

use crate::cli::ConnectionLimits;

/// Serves HTTP/1.1 and HTTP/2 until `stop` is done, then until all requests under way are
/// answered.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let server = builder(limits);
    let places = Arc::new(Semaphore::new(places(limits.connections)));
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "no connection accepted");
                tokio::time::sleep(AFTER_AN_ERROR).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(router.clone());
        let (server, watcher) = (server.clone(), connections.watcher());
        tokio::spawn(async move {
            let stream = TokioIo::new(impatient(stream, limits));
            let connection = server.serve_connection(stream, service);
            // A connection that breaks, or is too slow, is its client's affair.
            if let Err(error) = watcher.watch(connection).await {
                tracing::debug!(error, "connection");
            }
            drop(place);
        });
    }
    drop(listener);
    connections.shutdown().await;
    Ok(())
}

/// How many connections may be open at once: as many as wanted, if the system gives files for them.
fn places(wanted: u16) -> usize {
    let files = rlimit::increase_nofile_limit(u64::from(wanted) + OTHER_FILES);
    let files = files.unwrap_or_else(|error| {
        tracing::warn!(%error, "the system does not say how many files may be open");
        FEWEST_FILES
    });
    let places = of_files(wanted, files);
    if places < usize::from(wanted) {
        tracing::warn!(
            files,
            places,
            "fewer connections at once, for want of open files"
        );
    }
    places
}

/// One at least: somebody has to be served.
fn of_files(wanted: u16, files: u64) -> usize {
    let left = usize::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(usize::MAX);
    usize::from(wanted).min(left).max(1)
}

/// What databases, Redis and logs may take.
const OTHER_FILES: u64 = 128;

/// What a process may open nearly everywhere.
const FEWEST_FILES: u64 = 1_024;

/// When nothing could be accepted: there are no more file descriptors, say.
const AFTER_AN_ERROR: Duration = Duration::from_secs(1);

fn builder(limits: ConnectionLimits) -> auto::Builder<TokioExecutor> {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(limits.head_timeout));
    server
}

/// A stream that breaks where its client does nothing: sends not even a head, or not the rest of
/// a body, or reads no answer. HTTP/2 has no other limit.
fn impatient(stream: TcpStream, limits: ConnectionLimits) -> Pin<Box<TimeoutStream<TcpStream>>> {
    let limit = Some(Duration::from_secs(limits.idle_timeout));
    let mut stream = TimeoutStream::new(stream);
    stream.set_read_timeout(limit);
    stream.set_write_timeout(limit);
    Box::pin(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_databases() {
        assert_eq!(of_files(4_096, 1_048_576), 4_096);
        assert_eq!(of_files(4_096, 1_024), 896);
        assert_eq!(of_files(1, 1_024), 1);
        assert_eq!(of_files(4_096, 20), 1);
    }
}
