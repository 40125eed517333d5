//! Timestamps and nonces: what is accepted once is not accepted again.

use std::sync::Arc;

use async_trait::async_trait;
use oauth1_provider::{
    MemoryReplayGuard, Remembered, ReplayEntry, ReplayGuard, StoreError,
    core::{Secret, Signer, Timestamp},
};

use crate::world::{NOW, code, header, key, signer, token, world, world_with};

#[tokio::test]
async fn a_replayed_request_is_refused_on_every_endpoint() {
    let world = world().await;
    let header1 = header(&signer("app"), "GET", "/me", "n");
    assert!(world.resource(&header1).await.is_ok());
    assert_eq!(code(world.resource(&header1).await), "nonce_used");
    let signer = signer("app").with_parameter("oauth_callback", "oob");
    let header2 = header(&signer, "POST", "/oauth/request_token", "n2");
    let first = world.post("/oauth/request_token", &header2).await;
    assert_eq!(first.status, 200);
    assert!(first.body.ends_with("&oauth_callback_confirmed=true"));
    assert_eq!(
        world.post("/oauth/request_token", &header2).await.status,
        401
    );
    let request_token = token(&first);
    world.approve(&request_token.0, "u").await;
    let header3 = world.exchange_header(&request_token, "wrong", "n3");
    let wrong = world.post("/oauth/access_token", &header3).await;
    assert_eq!(wrong.body, "invalid verifier\n");
    let replayed = world.post("/oauth/access_token", &header3).await;
    assert_eq!(
        (replayed.status, replayed.body.as_str()),
        (401, "nonce already used\n")
    );
}

#[tokio::test]
async fn a_nonce_is_spent_only_after_the_signature_held() {
    let world = world().await;
    let good = header(&signer("app"), "GET", "/me", "n");
    let bad = header(
        &Signer::new(key("app"), Secret::from("wrong")),
        "GET",
        "/me",
        "n",
    );
    assert_eq!(code(world.resource(&bad).await), "signature_invalid");
    assert!(world.resource(&good).await.is_ok());
}

/// PITFALLS 4: signature, nonce memory and application see one value.
#[tokio::test]
async fn a_nonce_is_one_however_it_is_escaped() {
    let world = world().await;
    let plain = header(&signer("app"), "GET", "/me", "abc");
    assert!(world.resource(&plain).await.is_ok());
    let once = plain.replace("\"abc\"", "\"%61bc\"");
    assert_eq!(code(world.resource(&once).await), "nonce_used");
    let twice = plain.replace("\"abc\"", "\"%2561bc\"");
    assert_eq!(code(world.resource(&twice).await), "signature_invalid");
}

#[tokio::test]
async fn far_past_and_far_future_are_refused() {
    let world = world().await;
    for (shift, accepted) in [(-301_i64, false), (-300, true), (300, true), (301, false)] {
        world.clock.set(Timestamp::from_secs(
            NOW.as_secs().saturating_add_signed(-shift),
        ));
        let header = header(&signer("app"), "GET", "/me", &format!("n{shift}"));
        let result = world.resource(&header).await;
        assert_eq!(result.is_ok(), accepted, "{shift}");
        if !accepted {
            assert_eq!(code(result), "timestamp_refused");
        }
    }
}

#[derive(Debug)]
struct Broken;

#[async_trait]
impl ReplayGuard for Broken {
    async fn remember(&self, _: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        Err(StoreError::unavailable("secret connection string"))
    }

    async fn purge(&self, _: Timestamp, _: u32) -> Result<u64, StoreError> {
        Err(StoreError::Full)
    }
}

#[tokio::test]
async fn a_guard_that_cannot_answer_means_503() {
    let world = world_with(Arc::new(Broken), "/oauth/access_token").await;
    let refusal = world
        .resource(&header(&signer("app"), "GET", "/me", "n"))
        .await
        .unwrap_err();
    let response = world.provider.refusal_response(&refusal);
    assert_eq!(
        (response.status, response.body.as_str()),
        (503, "temporarily unavailable\n")
    );
    assert!(
        response
            .headers
            .iter()
            .any(|(name, _)| *name == "retry-after")
    );
}

#[tokio::test]
async fn a_forgetful_guard_refuses_what_an_earlier_process_could_have_accepted() {
    let guard = Arc::new(MemoryReplayGuard::starting_at(NOW));
    let world = world_with(guard, "/oauth/access_token").await;
    let refused = world
        .resource(&header(&signer("app"), "GET", "/me", "n"))
        .await;
    assert_eq!(code(refused), "timestamp_refused");
}
