//! An LTI 1.1 tool that verifies its launches. Usage: `example-lti-launch ADDRESS KEY SECRET`
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its terminal")]

use std::{error::Error, sync::Arc};

use axum::{
    Form, Json, Router,
    http::StatusCode,
    routing::{get, post},
};
use oauth1_axum::{ConsumerIdentity, OAuthLayer, UnreadBodyLayer};
use oauth1_provider::{
    Clock, Consumer, Manager, MemoryManager, MemoryReplayGuard, Policy, Provider, SystemClock,
    core::{ConsumerKey, Leniency, Secret},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = |default: &str| arguments.next().unwrap_or_else(|| default.to_owned());
    let (address, key, secret) = (
        argument("127.0.0.1:8080"),
        argument("platform"),
        argument("secret"),
    );

    // One consumer per platform; a real tool keeps them in a database.
    let now = SystemClock::default().now();
    let manager = Arc::new(MemoryManager::default());
    let platform = Consumer::new(
        ConsumerKey::new(key)?,
        Secret::from(secret.as_str()),
        "LMS",
        now,
    );
    manager.create(&platform).await?;
    let mut policy = Policy::default();
    policy.leniencies = vec![Leniency::RepeatedQueryParameters];
    let canvas = Consumer::new(
        ConsumerKey::new("canvas")?,
        Secret::from(secret),
        "Canvas",
        now,
    );
    manager.create(&canvas.with_policy(policy)).await?;

    // For a first start. A tool that restarts keeps its nonces in a database, or starts its guard
    // with `MemoryReplayGuard::starting_at`.
    let guard = Arc::new(MemoryReplayGuard::without_history());
    let provider = Arc::new(Provider::verify_only(manager, guard).build()?);
    let router = Router::new()
        .route("/launch", post(launch))
        .route("/", get(|| async { "Launch me from a course." }))
        .layer(OAuthLayer::new(provider))
        .layer(UnreadBodyLayer::new());

    let listener = TcpListener::bind(&address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

/// What a basic launch says, as far as this tool wants to know.
#[derive(Deserialize)]
struct Launch {
    lti_message_type: String,
    resource_link_id: String,
    user_id: Option<String>,
    roles: Option<String>,
}

/// The signature covers the whole form: what stands in it is the platform's word.
async fn launch(
    ConsumerIdentity(platform): ConsumerIdentity,
    Form(launch): Form<Launch>,
) -> Result<Json<Value>, StatusCode> {
    if launch.lti_message_type != "basic-lti-launch-request" {
        return Err(StatusCode::BAD_REQUEST);
    }
    Ok(Json(json!({
        "platform": platform.consumer().name,
        "resource": launch.resource_link_id,
        "user": launch.user_id,
        "roles": launch.roles,
    })))
}
