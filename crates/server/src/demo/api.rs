//! The protected resources.

use axum::{
    Json, Router,
    body::Body,
    http::{Method, StatusCode, Uri},
    routing::any,
};
use futures_util::StreamExt;
use oauth1_axum::{GuardLayer, Identity};
use oauth1_provider::{is_consumer, is_oauth_user, not_oauth};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::App;
use crate::random::to_hex;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/whoami", any(whoami))
        .route(
            "/api/consumer",
            any(whoami).layer(GuardLayer::new(is_consumer())),
        )
        .route(
            "/api/user",
            any(whoami).layer(GuardLayer::new(is_oauth_user())),
        )
        .route(
            "/api/public",
            any(|| async { "open to everyone without OAuth\n" })
                .layer(GuardLayer::new(not_oauth())),
        )
}

/// Who called, and what arrived.
#[derive(Serialize)]
struct Answer {
    kind: &'static str,
    consumer_key: String,
    user: Option<String>,
    method: String,
    query: String,
    body_bytes: u64,
    body_sha256: String,
}

async fn whoami(
    identity: Identity,
    method: Method,
    uri: Uri,
    body: Body,
) -> Result<Json<Answer>, StatusCode> {
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| StatusCode::BAD_REQUEST)?;
        bytes += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        hash.update(&chunk);
    }
    Ok(Json(Answer {
        kind: if identity.user().is_some() {
            "user"
        } else {
            "consumer"
        },
        consumer_key: identity.consumer().key().as_str().to_owned(),
        user: identity.user().map(|user| user.as_str().to_owned()),
        method: method.to_string(),
        query: uri.query().unwrap_or_default().to_owned(),
        body_bytes: bytes,
        body_sha256: to_hex(&hash.finalize()),
    }))
}
