//! axum passes the suite for adapters.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{io, net::SocketAddr, sync::Arc};

use axum::{
    Extension, Router,
    body::{Body, Bytes},
    extract::Request,
    http::{Method, StatusCode, header},
    middleware::{Next, from_fn},
    response::{AppendHeaders, IntoResponse, Response},
    routing::any,
    serve::Listener,
};
use http_body_util::BodyExt;
use oauth1_axum::{
    Authorize, AuthorizeRejection, ConsumerIdentity, GuardLayer, Identity, OAuthLayer,
    SecureConnection, UnreadBodyLayer, UserIdentity, redirect, request_guard, token_endpoints,
};
use oauth1_conformance::adapter::application::{approver, decided, guards, shown, wanted};
use oauth1_provider::Provider;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

oauth1_conformance::adapter_suite!(async |provider: Arc<Provider>| {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = application(provider).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    address
});

oauth1_conformance::tls_suite!(
    async |provider| serve_tls(application(provider).layer(Extension(SecureConnection))).await,
    silent: async |provider| serve_tls(application(provider)).await
);

async fn serve_tls(application: Router) -> SocketAddr {
    let acceptor = TlsAcceptor::from(Arc::new(oauth1_conformance::adapter::tls_config()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let tls = Tls { listener, acceptor };
    tokio::spawn(async move { axum::serve(tls, application).await.unwrap() });
    address
}

/// TLS in axum's own words.
struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        let (stream, peer) = self.listener.accept().await.unwrap();
        (self.acceptor.accept(stream).await.unwrap(), peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

fn application(provider: Arc<Provider>) -> Router {
    let below = Router::new()
        .route("/echo", any(echo))
        .merge(protocol(&provider))
        .layer(OAuthLayer::new(Arc::clone(&provider)));
    Router::new()
        .route("/echo", any(echo))
        .nest("/mounted", Router::new().route("/echo", any(echo)))
        .route("/stream", any(stream))
        .route("/own-401", any(own_401))
        .route("/own-403", any(own_403))
        .route("/extract-identity", any(extract_identity))
        .route("/extract-consumer", any(extract_consumer))
        .route("/extract-user", any(extract_user))
        .route("/optional-identity", any(identity))
        .route("/optional-consumer", any(optional_consumer))
        .route("/optional-user", any(optional_user))
        .merge(guarded())
        .merge(protocol(&provider))
        .layer(OAuthLayer::new(Arc::clone(&provider)))
        .layer(from_fn(log_in))
        .nest("/below", below)
        .layer(UnreadBodyLayer::new())
        .with_state(provider)
}

fn protocol(provider: &Arc<Provider>) -> Router<Arc<Provider>> {
    Router::new()
        .route("/oauth/authorize", any(authorize))
        .merge(token_endpoints(provider))
}

fn guarded() -> Router<Arc<Provider>> {
    let own_check = request_guard("admins only", |found| found.get::<Admin>().is_some());
    let mut router = Router::new();
    for (path, guard) in guards(&own_check) {
        router = router.route(path, any(identity).layer(GuardLayer::new(guard)));
    }
    router
}

/// Whom the application's own log-in has marked.
#[derive(Clone)]
struct Admin;

async fn log_in(mut request: Request, next: Next) -> Response {
    if request
        .headers()
        .get("x-admin")
        .is_some_and(|value| value == "yes")
    {
        request.extensions_mut().insert(Admin);
    }
    next.run(request).await
}

async fn identity(identity: Option<Identity>) -> String {
    shown(identity.as_deref())
}

async fn echo(found: Option<Identity>, body: Body) -> Response {
    let mut out = identity(found).await.into_bytes();
    out.push(b'\n');
    // The client may have gone.
    let Ok(body) = body.collect().await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    out.extend_from_slice(&body.to_bytes());
    out.into_response()
}

async fn stream(mut body: Body) -> String {
    let mut count = 0;
    while let Some(frame) = body.frame().await {
        count += frame.unwrap().data_ref().map_or(0, Bytes::len);
    }
    count.to_string()
}

async fn own_401() -> impl IntoResponse {
    let challenges = ["Basic realm=\"app\"", "Negotiate"];
    let challenges = challenges.map(|challenge| (header::WWW_AUTHENTICATE, challenge));
    (
        StatusCode::UNAUTHORIZED,
        AppendHeaders(challenges),
        "log in",
    )
}

async fn own_403() -> impl IntoResponse {
    let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"app\"")];
    (StatusCode::FORBIDDEN, challenge, "never")
}

async fn extract_identity(identity: Identity) -> String {
    shown(Some(&identity))
}

async fn extract_consumer(identity: ConsumerIdentity) -> String {
    identity.consumer().key().to_string()
}

async fn extract_user(identity: UserIdentity) -> String {
    identity.user().as_str().to_owned()
}

async fn optional_consumer(found: Option<ConsumerIdentity>) -> String {
    identity(found.map(|found| Identity(oauth1_provider::Identity::Consumer(found.0)))).await
}

async fn optional_user(found: Option<UserIdentity>) -> String {
    identity(found.map(|found| Identity(oauth1_provider::Identity::User(found.0)))).await
}

async fn authorize(
    method: Method,
    authorize: Authorize,
    decision: String,
) -> Result<Response, AuthorizeRejection> {
    if method == Method::GET {
        return Ok(wanted(authorize.pending()).into_response());
    }
    let outcome = match approver(&decision) {
        Some(user) => authorize.approve(&user).await?.outcome(),
        None => authorize.deny().await?,
    };
    Ok(match redirect(&outcome) {
        Some(redirect) => redirect.into_response(),
        None => decided(&outcome).into_response(),
    })
}
