//! What answers and `Debug` never tell.

use oauth1_provider::{
    Manager,
    core::{Secret, Signer, TokenKey},
};

use crate::world::{header, key, signer, world};

#[tokio::test]
async fn the_same_answer_for_unknown_consumer_unknown_token_and_wrong_signature() {
    let world = world().await;
    let unknown_token = signer("app").with_token(TokenKey::new("t").unwrap(), Secret::from("s"));
    let mut answers = Vec::new();
    for signer in [
        signer("nobody"),
        unknown_token,
        Signer::new(key("app"), Secret::from("x")),
    ] {
        let refusal = world
            .resource(&header(&signer, "GET", "/me", "n"))
            .await
            .unwrap_err();
        let response = world.provider.refusal_response(&refusal);
        answers.push((response.status, response.headers, response.body));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[1], answers[2]);
    assert_eq!(answers[0].0, 401);
    assert!(
        answers[0]
            .1
            .iter()
            .any(|(name, value)| { *name == "www-authenticate" && value == "OAuth realm=\"API\"" })
    );
}

#[tokio::test]
async fn no_debug_output_holds_a_secret() {
    let world = world().await;
    let token = world.request_token("n", "oob").await;
    let consumer = world.manager.find(&key("app")).await.unwrap();
    let text = format!("{:?} {consumer:?} {token:?}", world.provider);
    assert!(
        !text.contains("secret\"") && !text.contains(token.1.expose()),
        "{text}"
    );
    assert!(!text.contains(token.0.as_str()));
}

/// PITFALLS 25: neither secret nor signature nor base string.
#[tokio::test]
async fn no_answer_tells_what_only_the_provider_knows() {
    let world = world().await;
    let right = header(&signer("app"), "GET", "/me", "n");
    let expected = right.split("oauth_signature=\"").nth(1).unwrap();
    let forger = Signer::new(key("app"), Secret::from("guess"));
    let refusal = world
        .resource(&header(&forger, "GET", "/me", "n"))
        .await
        .unwrap_err();
    let answer = world.provider.refusal_response(&refusal);
    let text = format!("{} {:?} {refusal:?}", answer.body, answer.headers);
    for hidden in [
        expected.trim_end_matches('"'),
        "GET&",
        "\"secret\"",
        "secret&",
    ] {
        assert!(!text.contains(hidden), "{text}");
    }
}
