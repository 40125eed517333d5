//! A webhook receiver behind OAuth 1.0a, without a framework. Usage:
//! `example-tower-hyper ADDRESS KEY:SECRET..`

use std::{
    collections::HashMap,
    convert::Infallible,
    error::Error,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use example_common::{announce, consumers};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Either, Full, Limited};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use oauth1_provider::{
    ConsumerIdentity, Manager, MemoryManager, MemoryReplayGuard, Provider,
    core::{BodyHashPolicy, ConsumerKey},
};
use oauth1_tower::{
    OAuthLayer, OAuthService, PeerAddress, UnreadBodyLayer, UnreadBodyService, WatchedBody,
    guard_response, identity,
};
use tokio::net::TcpListener;
use tower_layer::Layer;
use tower_service::Service;

/// How much of an event is kept.
const EVENT_BYTES: usize = 64 * 1024;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".into());
    let manager = Arc::new(MemoryManager::default());
    for mut partner in consumers(arguments)? {
        // What is no form has to have its hash signed.
        partner.policy.body_hash = BodyHashPolicy::Require;
        manager.create(&partner).await?;
    }
    // For a first start. What restarts keeps its nonces in a database, or starts its guard with
    // `MemoryReplayGuard::starting_at`, which refuses what is older than that.
    let guard = Arc::new(MemoryReplayGuard::without_history());
    let provider = Arc::new(Provider::verify_only(manager, guard).build()?);
    let service = OAuthLayer::new(provider).layer(Receiver::default());
    let service = UnreadBodyLayer::new().layer(service);

    let listener = TcpListener::bind(&address).await?;
    announce(listener.local_addr()?);
    loop {
        let (stream, peer) = listener.accept().await?;
        let service = WithPeer(service.clone(), peer.ip());
        tokio::spawn(async move {
            let mut server = auto::Builder::new(TokioExecutor::new());
            // Without a timer hyper waits for a head for ever.
            server.http1().timer(TokioTimer::new());
            let service = hyper_util::service::TowerToHyperService::new(service);
            // A connection that breaks is its client's affair.
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

type Layers = UnreadBodyService<OAuthService<Receiver>>;

/// Tells the layer who the peer is.
#[derive(Clone)]
struct WithPeer(Layers, IpAddr);

impl Service<Request<Incoming>> for WithPeer {
    type Response = <Layers as Service<Request<Incoming>>>::Response;
    type Error = Infallible;
    type Future = <Layers as Service<Request<Incoming>>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        <Layers as Service<Request<Incoming>>>::poll_ready(&mut self.0, context)
    }

    fn call(&mut self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(PeerAddress(self.1));
        self.0.call(request)
    }
}

type Body = Either<WatchedBody<Incoming>, Full<Bytes>>;
type Answer = Response<Full<Bytes>>;

/// What came, by partner: how many events, and the last one.
#[derive(Clone, Default)]
struct Receiver(Arc<Mutex<HashMap<ConsumerKey, (u64, Bytes)>>>);

impl Service<Request<Body>> for Receiver {
    type Response = Answer;
    type Error = Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let receiver = self.clone();
        Box::pin(async move { Ok(receiver.answer(request).await) })
    }
}

impl Receiver {
    async fn answer(self, request: Request<Body>) -> Answer {
        let partner = match ConsumerIdentity::required(identity(request.extensions())) {
            Ok(partner) => partner.consumer().key().clone(),
            Err(refusal) => return guard_response(&refusal),
        };
        match (request.method(), request.uri().path()) {
            (&Method::POST, "/events") => {
                let body = Limited::new(request.into_body(), EVENT_BYTES)
                    .collect()
                    .await;
                let Ok(event) = body else {
                    return plain(StatusCode::PAYLOAD_TOO_LARGE, "event too large");
                };
                let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                let (count, last) = all.entry(partner).or_default();
                (*count, *last) = (count.saturating_add(1), event.to_bytes());
                plain(StatusCode::ACCEPTED, "")
            }
            (&Method::GET, "/events") => {
                let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                let (count, last) = all.get(&partner).cloned().unwrap_or_default();
                let text = format!("{count} events; last: {}", String::from_utf8_lossy(&last));
                plain(StatusCode::OK, &text)
            }
            _ => plain(StatusCode::NOT_FOUND, ""),
        }
    }
}

fn plain(status: StatusCode, text: &str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::copy_from_slice(text.as_bytes())));
    *answer.status_mut() = status;
    answer
}
