//! warp passes the suite for adapters.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{convert::Infallible, error::Error, future::pending, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use http_body::Body;
use hyper::{
    body::Incoming,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use oauth1_conformance::adapter::application::{
    OWN_CHECKS, approver, decided, guards, shown, wanted,
};
use oauth1_provider::{ConsumerIdentity, Identity, Provider, UserIdentity};
use oauth1_warp::{
    Authorize, Mount, OAuthLayer, SecureConnection, UnreadBodyLayer, authorize, consumer, identity,
    optional_consumer, optional_identity, optional_user, recover, redirect, request_guard, require,
    require_with, serve, token_endpoints, user,
};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tower_layer::Layer;
use tower_service::Service;
use warp::{
    Buf, Filter, Rejection, Reply, Stream,
    filters::BoxedFilter,
    http::{Method, Request, StatusCode, header::WWW_AUTHENTICATE},
    reply::Response,
};

oauth1_conformance::adapter_suite!(async |provider: Arc<Provider>| {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, service(&provider), pending()));
    address
});

oauth1_conformance::tls_suite!(
    async |provider| serve_tls(&provider, true).await,
    silent: async |provider| serve_tls(&provider, false).await
);

/// What is served.
fn service(
    provider: &Arc<Provider>,
) -> impl Service<
    Request<Incoming>,
    Response = http::Response<
        impl Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    >,
    Error = Infallible,
    Future: Send + 'static,
> + Clone
+ Send
+ 'static {
    let oauth = OAuthLayer::new(Arc::clone(provider));
    let below = recovered(at("echo", echo()).or(protocol(provider)).unify());
    let beside = application().or(guarded()).unify();
    let beside = recovered(beside.or(protocol(provider)).unify());
    UnreadBodyLayer::new().layer(Mount::new(
        "/below",
        oauth.layer(warp::service(below)),
        oauth.layer(warp::service(beside)),
    ))
}

/// As [`serve`], over TLS, of which the adapter is told, or not.
async fn serve_tls(provider: &Arc<Provider>, told: bool) -> SocketAddr {
    let acceptor = TlsAcceptor::from(Arc::new(oauth1_conformance::adapter::tls_config()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = TowerToHyperService::new(service(provider));
    let service = service_fn(move |mut request: Request<Incoming>| {
        if told {
            request.extensions_mut().insert(SecureConnection);
        }
        service.call(request)
    });
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let stream = acceptor.accept(stream).await.unwrap();
            let (server, service) = (Builder::new(TokioExecutor::new()), service.clone());
            tokio::spawn(async move {
                let stream = TokioIo::new(stream);
                server.serve_connection(stream, service).await.unwrap();
            });
        }
    });
    address
}

type Route = BoxedFilter<(Response,)>;

fn at(path: &'static str, filter: Route) -> Route {
    let path = warp::path(path).and(warp::path::end());
    path.and(filter).boxed()
}

fn answer<R: Reply>(reply: R) -> Response {
    reply.into_response()
}

fn recovered(
    routes: impl Filter<Extract = (Response,), Error = Rejection> + Send + Sync + 'static + Clone,
) -> Route {
    routes.recover(recover).map(answer).boxed()
}

fn application() -> Route {
    let routes = [
        warp::path("mounted").and(at("echo", echo())).boxed(),
        at("stream", warp::body::stream().then(stream).boxed()),
        at("own-401", warp::any().map(own_401).boxed()),
        at("own-403", warp::any().map(own_403).boxed()),
        at(
            "extract-identity",
            identity().map(|found| answer(shown(Some(&found)))).boxed(),
        ),
        at(
            "extract-consumer",
            consumer()
                .map(|found: ConsumerIdentity| answer(found.consumer().key().to_string()))
                .boxed(),
        ),
        at(
            "extract-user",
            user()
                .map(|found: UserIdentity| answer(found.user().as_str().to_owned()))
                .boxed(),
        ),
        at("optional-identity", whoever()),
        at(
            "optional-consumer",
            optional_consumer()
                .map(|found: Option<_>| answer(shown(found.map(Identity::Consumer).as_ref())))
                .boxed(),
        ),
        at(
            "optional-user",
            optional_user()
                .map(|found: Option<_>| answer(shown(found.map(Identity::User).as_ref())))
                .boxed(),
        ),
    ];
    let first = at("echo", echo());
    let or = |all: Route, route| all.or(route).unify().boxed();
    routes.into_iter().fold(first, or)
}

fn protocol(provider: &Arc<Provider>) -> Route {
    let page = warp::path!("oauth" / "authorize")
        .and(warp::method())
        .and(authorize(provider))
        .and(warp::body::bytes())
        .and_then(decide);
    token_endpoints(provider).or(page).unify().boxed()
}

/// Whom the application's own log-in has marked.
struct Admin(bool);

fn guarded() -> Route {
    let own_check = request_guard("admins only", |admin: &Admin| admin.0);
    let log_in = warp::header::optional::<String>("x-admin")
        .map(|mark: Option<String>| Admin(mark.is_some_and(|mark| mark == "yes")));
    let routes = guards(&own_check).into_iter().map(|(path, guard)| {
        let checked = match OWN_CHECKS.contains(&path) {
            true => require_with(guard, log_in)
                .map(|_| ())
                .untuple_one()
                .boxed(),
            false => require(guard).boxed(),
        };
        at(path.trim_start_matches('/'), checked.and(whoever()).boxed())
    });
    let or = |all: Route, route| all.or(route).unify().boxed();
    routes.reduce(or).unwrap()
}

fn whoever() -> Route {
    optional_identity()
        .map(|found: Option<Identity>| answer(shown(found.as_ref())))
        .boxed()
}

fn echo() -> Route {
    optional_identity()
        .and(warp::body::bytes())
        .map(|found: Option<Identity>, body: Bytes| {
            let mut out = shown(found.as_ref()).into_bytes();
            out.push(b'\n');
            out.extend_from_slice(&body);
            let text = ("content-type", "text/plain; charset=utf-8");
            answer(warp::reply::with_header(out, text.0, text.1))
        })
        .boxed()
}

async fn stream<B: Buf>(body: impl Stream<Item = Result<B, warp::Error>>) -> Response {
    let mut body = std::pin::pin!(body);
    let mut count = 0;
    while let Some(piece) = std::future::poll_fn(|context| body.as_mut().poll_next(context)).await {
        count += piece.unwrap().remaining();
    }
    answer(count.to_string())
}

fn own_401() -> Response {
    let mut response = answer(warp::reply::with_status("log in", StatusCode::UNAUTHORIZED));
    for challenge in ["Basic realm=\"app\"", "Negotiate"] {
        let value = challenge.parse().unwrap();
        response.headers_mut().append(WWW_AUTHENTICATE, value);
    }
    response
}

fn own_403() -> Response {
    let reply = warp::reply::with_status("never", StatusCode::FORBIDDEN);
    let reply = warp::reply::with_header(reply, WWW_AUTHENTICATE, "Basic realm=\"app\"");
    answer(reply)
}

async fn decide(
    method: Method,
    authorize: Authorize,
    decision: Bytes,
) -> Result<Response, Rejection> {
    if method == Method::GET {
        return Ok(answer(wanted(authorize.pending())));
    }
    let outcome = match approver(std::str::from_utf8(&decision).unwrap()) {
        Some(user) => authorize.approve(&user).await?.outcome(),
        None => authorize.deny().await?,
    };
    Ok(redirect(&outcome).unwrap_or_else(|| answer(decided(&outcome))))
}
