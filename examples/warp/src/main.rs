//! An API behind OAuth 1.0a, in warp: the endpoints and resources of `oauth1 demo`.
#![forbid(unsafe_code)]

use std::{convert::Infallible, pin::pin};

use bytes::Bytes;
use futures_util::StreamExt;
use oauth1_demo::{Demo, Error, Options, PROGRAM, PUBLIC, Received};
use oauth1_provider::{Identity, is_consumer, is_oauth_user, not_oauth};
use oauth1_warp::{
    OAuthLayer, UnreadBodyLayer, identity, into_warp, recover, require, serve, token_endpoints,
};
use tokio::net::TcpListener;
use tower_layer::Layer;
use warp::{
    Buf, Filter, Rejection, Reply, Stream,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    reply::{Response, with_header},
};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let options = Options::from_command_line();
    let demo = Demo::open(&options).await?;
    let listener = TcpListener::bind(options.listen).await?;
    let address = listener.local_addr()?;
    let service = OAuthLayer::new(demo.provider()).layer(warp::service(routes(demo.clone())));
    let service = UnreadBodyLayer::new().layer(service);
    demo.announce(address, PROGRAM);
    demo.run(|stop| serve(listener, service, stop)).await
}

fn routes(demo: Demo) -> impl Filter<Extract = (impl Reply,), Error = Rejection> + Clone {
    let endpoints = token_endpoints(&demo.provider());
    let anyone = warp::path!("api" / "whoami").and(whoami());
    let consumer = warp::path!("api" / "consumer").and(require(is_consumer()));
    let user = warp::path!("api" / "user").and(require(is_oauth_user()));
    let public = warp::path!("api" / "public").and(require(not_oauth()));
    anyone
        .or(consumer.and(whoami()))
        .or(user.and(whoami()))
        .or(public.map(|| PUBLIC))
        .or(authorize(demo))
        .or(endpoints)
        .recover(recover)
}

/// The text behind the `?`.
fn query() -> impl Filter<Extract = (Option<String>,), Error = Infallible> + Copy {
    let raw = warp::query::raw().map(Some);
    raw.or(warp::any().map(|| None)).unify()
}

/// Who called, and what arrived: the body comes whole, whether it was signed or not.
fn whoami() -> impl Filter<Extract = (Response,), Error = Rejection> + Copy {
    let parts = identity().and(warp::method()).and(query());
    parts.and(warp::body::stream()).then(told)
}

async fn told<B: Buf>(
    identity: Identity,
    method: Method,
    query: Option<String>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let mut received = Received::default();
    let mut body = pin!(pieces(body));
    while let Some(piece) = body.next().await {
        let Ok(piece) = piece else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        received.update(&piece);
    }
    let json = received.answer(&identity, method.as_str(), query.as_deref());
    with_header(json, header::CONTENT_TYPE, "application/json").into_response()
}

fn pieces<B: Buf, E>(
    body: impl Stream<Item = Result<B, E>>,
) -> impl Stream<Item = Result<Bytes, E>> {
    body.map(|piece| piece.map(|mut piece| piece.copy_to_bytes(piece.remaining())))
}

/// Log-in, consent and decision are the application's own.
fn authorize(demo: Demo) -> impl Filter<Extract = (Response,), Error = Rejection> + Clone {
    warp::path!("oauth" / "authorize")
        .and(warp::method())
        .and(query())
        .and(warp::header::headers_cloned())
        .and(warp::body::stream())
        .then(move |method, query, headers, form| {
            answer(demo.clone(), method, query, headers, form)
        })
}

async fn answer<B: Buf>(
    demo: Demo,
    method: Method,
    query: Option<String>,
    headers: HeaderMap,
    form: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let cookies = headers.get_all(header::COOKIE);
    let cookies = cookies.into_iter().map(HeaderValue::as_bytes);
    let answer = demo.authorize(method.as_str(), query.as_deref(), cookies, pieces(form));
    into_warp(answer.await)
}
