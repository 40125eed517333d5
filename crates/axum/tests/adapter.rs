//! axum passes the suite for adapters.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::any,
};
use http_body_util::BodyExt;
use oauth1_axum::{
    Authorize, AuthorizeRejection, ConsumerIdentity, GuardLayer, Identity, OAuthLayer,
    UserIdentity, token_endpoints,
};
use oauth1_provider::{
    Guard, Outcome, Provider, UserId, all_of, any_of,
    core::{Callback, ConsumerKey},
    is_consumer, is_oauth_user, not_oauth,
};
use tokio::net::TcpListener;

oauth1_conformance::adapter_suite!(async |provider: Arc<Provider>| {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let application = application(provider);
    let service = application.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    address
});

fn application(provider: Arc<Provider>) -> Router {
    let app = || ConsumerKey::new("app").unwrap();
    let alice = || UserId::new("alice").unwrap();
    let guarded = |path, guard: Guard| {
        Router::new()
            .route(path, any(identity))
            .route_layer(GuardLayer::new(guard))
    };
    Router::new()
        .route("/echo", any(echo))
        .nest("/mounted", Router::new().route("/echo", any(echo)))
        .route("/stream", any(stream))
        .route("/own-401", any(own_401))
        .merge(guarded("/consumer", is_consumer()))
        .merge(guarded("/consumer-app", is_consumer().with_consumer(app())))
        .merge(guarded("/user", is_oauth_user()))
        .merge(guarded("/user-alice", is_oauth_user().with_user(alice())))
        .merge(guarded("/not-oauth", not_oauth()))
        .merge(guarded(
            "/any-of",
            any_of([
                is_consumer().with_consumer(app()),
                is_oauth_user().with_user(alice()),
            ]),
        ))
        .merge(guarded(
            "/all-of",
            all_of([is_oauth_user(), is_oauth_user().with_consumer(app())]),
        ))
        .route("/extract-identity", any(extract_identity))
        .route("/extract-consumer", any(extract_consumer))
        .route("/extract-user", any(extract_user))
        .route("/optional-identity", any(identity))
        .route("/oauth/authorize", any(authorize))
        .merge(token_endpoints(&provider))
        .layer(OAuthLayer::new(Arc::clone(&provider)))
        .with_state(provider)
}

fn shown(identity: &oauth1_provider::Identity) -> String {
    let key = identity.consumer().key();
    match identity.user() {
        Some(user) => format!("user {} by {key}", user.as_str()),
        None => format!("consumer {key}"),
    }
}

async fn identity(identity: Option<Identity>) -> String {
    identity.map_or_else(|| "none".to_owned(), |found| shown(&found))
}

async fn echo(found: Option<Identity>, body: Body) -> Vec<u8> {
    let mut out = identity(found).await.into_bytes();
    out.push(b'\n');
    out.extend_from_slice(&body.collect().await.unwrap().to_bytes());
    out
}

async fn stream(mut body: Body) -> String {
    let mut count = 0;
    while let Some(frame) = body.frame().await {
        count += frame.unwrap().data_ref().map_or(0, Bytes::len);
    }
    count.to_string()
}

async fn own_401() -> impl IntoResponse {
    let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"app\"")];
    (StatusCode::UNAUTHORIZED, challenge, "log in")
}

async fn extract_identity(identity: Identity) -> String {
    shown(&identity)
}

async fn extract_consumer(identity: ConsumerIdentity) -> String {
    identity.consumer().key().to_string()
}

async fn extract_user(identity: UserIdentity) -> String {
    identity.user().as_str().to_owned()
}

async fn authorize(
    method: Method,
    authorize: Authorize,
    decision: String,
) -> Result<Response, AuthorizeRejection> {
    if method == Method::GET {
        let pending = authorize.pending();
        let callback = match pending.callback() {
            Callback::OutOfBand => "oob",
            other => other.as_str(),
        };
        return Ok(format!("{} wants {callback}", pending.consumer_key()).into_response());
    }
    let outcome = match decision.strip_prefix("approve ") {
        Some(name) => authorize
            .approve(&UserId::new(name).unwrap())
            .await?
            .outcome(),
        None => authorize.deny().await?,
    };
    Ok(match outcome {
        Outcome::Redirect(uri) => Redirect::to(&uri).into_response(),
        Outcome::Page(Some(verifier)) => format!("PIN {}", verifier.as_str()).into_response(),
        Outcome::Page(None) => "denied".into_response(),
    })
}
