//! Serves a service of tower, as `warp::serve` serves a filter.

use std::{
    convert::Infallible,
    future::Future,
    io,
    net::IpAddr,
    pin::pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use oauth1_tower::PeerAddress;
use tokio::net::TcpListener;
use tower_service::Service;

/// Serves HTTP/1.1 and HTTP/2 until `stop` is done, then until all requests under way are
/// answered. The layer is told the address of each peer.
///
/// # Errors
/// None at present: a connection that cannot be accepted is logged, and tried again a second later.
pub async fn serve<S, B>(
    listener: TcpListener,
    service: S,
    stop: impl Future<Output = ()>,
) -> io::Result<()>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut server = auto::Builder::new(TokioExecutor::new());
    // Without a timer hyper waits for a head for ever.
    server.http1().timer(TokioTimer::new());
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "no connection accepted");
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(WithPeer(service.clone(), peer.ip()));
        let (server, watcher) = (server.clone(), connections.watcher());
        tokio::spawn(async move {
            let connection = server.serve_connection(TokioIo::new(stream), service);
            // A connection that breaks is its client's affair.
            if let Err(error) = watcher.watch(connection).await {
                tracing::debug!(error, "connection");
            }
        });
    }
    drop(listener);
    connections.shutdown().await;
    Ok(())
}

/// Tells the layer who the peer is.
#[derive(Clone)]
struct WithPeer<S>(S, IpAddr);

impl<S: Service<Request<Incoming>>> Service<Request<Incoming>> for WithPeer<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(PeerAddress(self.1));
        self.0.call(request)
    }
}
