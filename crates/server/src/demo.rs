//! `oauth1 demo`: the flows on embedded SQLite, for trying and for testing clients. What it
//! shares with the examples of the adapters is `oauth1-demo`; this is its half in axum.

use std::future::IntoFuture;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::any,
};
use futures_util::StreamExt;
use oauth1_axum::{GuardLayer, Identity, OAuthLayer, into_http, token_endpoints};
use oauth1_demo::{Demo, Options, PUBLIC, Received, quoted};
use oauth1_provider::{is_consumer, is_oauth_user, not_oauth};
use tokio::net::TcpListener;

use crate::error::Error;

pub(crate) async fn run(options: Options) -> Result<(), Error> {
    let demo = Demo::open(&options).await?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| Error::new(format!("cannot listen on {}: {error}", options.listen)))?;
    // The other shell may stand in any folder.
    let program = std::env::current_exe().unwrap_or_else(|_| "oauth1".into());
    let program = quoted(&program.to_string_lossy());
    let router = router(demo.clone());
    demo.announce(listener.local_addr()?, &program);
    let serve = |stop| {
        let server = axum::serve(listener, router);
        server.with_graceful_shutdown(stop).into_future()
    };
    Ok(demo.run(serve).await?)
}

fn router(demo: Demo) -> Router {
    let guarded = |guard| any(whoami).layer(GuardLayer::new(guard));
    Router::new()
        .route("/api/whoami", any(whoami))
        .route("/api/consumer", guarded(is_consumer()))
        .route("/api/user", guarded(is_oauth_user()))
        .route(
            "/api/public",
            any(async || PUBLIC).layer(GuardLayer::new(not_oauth())),
        )
        .route("/oauth/authorize", any(authorize))
        .merge(token_endpoints(&demo.provider()))
        .layer(OAuthLayer::new(demo.provider()))
        .with_state(demo)
}

async fn whoami(
    identity: Identity,
    method: Method,
    uri: Uri,
    body: Body,
) -> Result<impl IntoResponse, StatusCode> {
    let mut received = Received::default();
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        received.update(&piece.map_err(|_| StatusCode::BAD_REQUEST)?);
    }
    let json = received.answer(&identity, method.as_str(), uri.query());
    Ok(([(header::CONTENT_TYPE, "application/json")], json))
}

async fn authorize(
    State(demo): State<Demo>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    form: Bytes,
) -> Response {
    let cookies = headers.get_all(header::COOKIE);
    let cookies = cookies.into_iter().map(HeaderValue::as_bytes);
    let answer = demo.authorize(method.as_str(), uri.query(), cookies, &form);
    into_http(answer.await).into_response()
}
