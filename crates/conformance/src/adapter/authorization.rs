//! Resource owner authorization (section 2.2).

use oauth1_provider::core::Secret;

use super::{
    client::Answer,
    world::{Server, World, as_consumer},
};
use crate::token_key;

async fn decide(world: &World, token: &str, decision: &str) -> Answer {
    let target = format!("/oauth/authorize?oauth_token={token}");
    world
        .post(&target)
        .typed("text/plain", decision)
        .send()
        .await
}

/// Its consumer and callback; not its secret.
pub async fn authorise_shows_the_pending_token(server: &Server) {
    let world = server.start().await;
    let (token, secret) = world.request_token("http://127.0.0.1/back").await;
    let target = format!("/oauth/authorize?oauth_token={token}");
    let answer = world.get(&target).send().await;
    assert_eq!(
        (answer.status, answer.text()),
        (200, "app wants http://127.0.0.1/back")
    );
    assert!(!answer.text().contains(&secret));
}

/// 303; what the callback had stays.
pub async fn approve_redirects_with_token_and_verifier(server: &Server) {
    let world = server.start().await;
    let (token, _) = world.request_token("http://127.0.0.1/back?x=%7e+y").await;
    let answer = decide(&world, &token, "approve alice").await;
    assert_eq!(answer.status, 303);
    let start = format!("http://127.0.0.1/back?x=%7e+y&oauth_token={token}&oauth_verifier=");
    assert!(answer.header("location").starts_with(&start), "{answer:?}");
}

/// No redirect for `oob`.
pub async fn approve_out_of_band_gives_a_pin(server: &Server) {
    let world = server.start().await;
    let (token, secret) = world.request_token("oob").await;
    let answer = decide(&world, &token, "approve bob").await;
    assert_eq!((answer.status, answer.header("location")), (200, ""));
    let pin = answer.text().strip_prefix("PIN ").unwrap();
    let signer = as_consumer("app")
        .with_token(token_key(&token), Secret::from(secret))
        .with_parameter("oauth_verifier", pin);
    let call = world.post("/oauth/access_token").signed(signer);
    assert_eq!(call.send().await.status, 200);
}

/// The consumer learns of it, and the token is gone.
pub async fn deny_redirects_and_kills_the_token(server: &Server) {
    let world = server.start().await;
    let (token, _) = world.request_token("http://127.0.0.1/back").await;
    let answer = decide(&world, &token, "deny").await;
    assert_eq!(answer.status, 303);
    let location = answer.header("location");
    assert!(
        location.contains("oauth_problem=user_refused"),
        "{location}"
    );
    assert!(location.contains(&token), "{location}");
    assert_eq!(decide(&world, &token, "approve alice").await.status, 400);
    let (token, _) = world.request_token("oob").await;
    let answer = decide(&world, &token, "deny").await;
    assert_eq!((answer.status, answer.text()), (200, "denied"));
}

/// By the same user or another; the verifier is not told again.
pub async fn second_approval_is_refused(server: &Server) {
    let world = server.start().await;
    let (token, _) = world.request_token("oob").await;
    assert_eq!(decide(&world, &token, "approve alice").await.status, 200);
    for name in ["bob", "alice"] {
        let answer = decide(&world, &token, &format!("approve {name}")).await;
        assert_eq!(answer.status, 400);
        assert!(!answer.text().contains("PIN"));
    }
}

/// Absent, twice, empty, hostile.
pub async fn unknown_token_at_authorise_is_a_clean_refusal(server: &Server) {
    let world = server.start().await;
    let (token, _) = world.request_token("oob").await;
    for query in [
        String::new(),
        "?oauth_token=".to_owned(),
        "?oauth_token=unknown".to_owned(),
        "?oauth_token=%ff%00".to_owned(),
        format!("?oauth_token={token}&oauth_token={token}"),
        "?oauth_token=alice".to_owned(),
    ] {
        let answer = world.get(&format!("/oauth/authorize{query}")).send().await;
        assert_eq!(answer.status, 400, "{query}: {answer:?}");
    }
}
