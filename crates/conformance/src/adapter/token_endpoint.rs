//! The token endpoints (sections 2.1 and 2.3).

use oauth1_provider::core::{Secret, Signer};

use super::{
    call::token_of,
    client::Answer,
    world::{Server, World, as_consumer},
};
use crate::token_key;

fn asking() -> Signer {
    as_consumer("app").with_parameter("oauth_callback", "http://127.0.0.1/back")
}

fn exchanging((token, secret): &(String, String), verifier: &str) -> Signer {
    as_consumer("app")
        .with_token(token_key(token), Secret::from(secret.as_str()))
        .with_parameter("oauth_verifier", verifier)
}

async fn verifier(world: &World, token: &str) -> String {
    let target = format!("/oauth/authorize?oauth_token={token}");
    let answer = world
        .post(&target)
        .typed("text/plain", "approve alice")
        .send()
        .await;
    let location = answer.header("location").to_owned();
    location.split("oauth_verifier=").nth(1).unwrap().to_owned()
}

fn assert_token_answer(answer: &Answer) {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.header("content-type"),
        "application/x-www-form-urlencoded"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// Form-encoded, confirmed, not to be cached.
pub async fn request_token_is_given(server: &Server) {
    let world = server.start().await;
    let answer = world
        .post("/oauth/request_token")
        .signed(asking())
        .send()
        .await;
    assert_token_answer(&answer);
    assert!(answer.text().contains("oauth_callback_confirmed=true"));
    let (token, secret) = token_of(&answer);
    assert!(token.len() >= 20 && secret.len() >= 20);
}

/// Section 2.1 asks for POST.
pub async fn request_token_needs_post(server: &Server) {
    let world = server.start().await;
    for method in ["GET", "PUT", "DELETE"] {
        let call = world.call(method, "/oauth/request_token").signed(asking());
        let answer = call.send().await;
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), "POST");
    }
}

/// Once.
pub async fn exchange_gives_an_access_token_once(server: &Server) {
    let world = server.start().await;
    let request_token = world.request_token("http://127.0.0.1/back").await;
    let verifier = verifier(&world, &request_token.0).await;
    let call = || {
        world
            .post("/oauth/access_token")
            .signed(exchanging(&request_token, &verifier))
    };
    let answer = call().send().await;
    assert_token_answer(&answer);
    let (token, secret) = token_of(&answer);
    assert_eq!(call().send().await.status, 401);
    let signer = as_consumer("app").with_token(token_key(&token), Secret::from(secret));
    let answer = world.get("/echo").signed(signer).send().await;
    assert_eq!(answer.text(), "user alice by app\n");
}

/// The parameters decide.
pub async fn token_paths_may_be_equal(server: &Server) {
    let world = server
        .start_with(|builder| {
            builder
                .with_request_token_path("/oauth/token")
                .with_access_token_path("/oauth/token")
        })
        .await;
    let answer = world.post("/oauth/token").signed(asking()).send().await;
    assert_token_answer(&answer);
    let request_token = token_of(&answer);
    let verifier = verifier(&world, &request_token.0).await;
    let call = world
        .post("/oauth/token")
        .signed(exchanging(&request_token, &verifier));
    assert_token_answer(&call.send().await);
}

/// Not by prefix, suffix or case (PITFALLS 24).
pub async fn token_paths_match_exactly(server: &Server) {
    let world = server.start().await;
    for path in [
        "/oauth/request_token/",
        "/oauth/request_token/x",
        "/x/oauth/request_token",
        "/oauth/request_tokens",
        "/OAuth/request_token",
        "/oauth/request%5Ftoken",
    ] {
        let answer = world.post(path).signed(as_consumer("app")).send().await;
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
    }
}

/// Section 3.2, and never from a cache.
pub async fn token_endpoint_refusals_are_not_cached(server: &Server) {
    let world = server.start().await;
    for (path, signer, status) in [
        ("/oauth/request_token", as_consumer("app"), 400),
        ("/oauth/access_token", as_consumer("app"), 400),
        (
            "/oauth/request_token",
            as_consumer("nobody").with_parameter("oauth_callback", "oob"),
            401,
        ),
    ] {
        let answer = world.post(path).signed(signer).send().await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("location"), "");
    }
    assert_eq!(world.post("/oauth/request_token").send().await.status, 400);
}

/// On every endpoint (PITFALLS 2).
pub async fn replay_at_the_token_endpoints_is_refused(server: &Server) {
    let world = server.start().await;
    let call = || {
        world
            .post("/oauth/request_token")
            .with_nonce("n")
            .signed(asking())
    };
    assert_eq!(call().send().await.status, 200);
    let answer = call().send().await;
    assert_eq!(
        (answer.status, answer.text()),
        (401, "nonce already used\n")
    );
}

/// There as on resources.
pub async fn form_body_past_the_limit_is_413_at_the_token_endpoints(server: &Server) {
    let world = server.start().await;
    let body = "x".repeat((1 << 20) + 1);
    let answer = world.post("/oauth/request_token").form(&body).send().await;
    assert_eq!(answer.status, 413);
}
