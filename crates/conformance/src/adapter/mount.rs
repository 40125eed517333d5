//! A part of an application with its own layer, mounted below `/below`.

use oauth1_provider::core::{Secret, Signer};

use super::{
    call::token_of,
    world::{Server, as_consumer},
};
use crate::token_key;

fn asking() -> Signer {
    as_consumer("app").with_parameter("oauth_callback", "oob")
}

/// From the request token to the resource, all below the mount.
pub async fn token_endpoints_below_a_mount_sign_what_the_client_saw(server: &Server) {
    let world = server.start().await;
    let call = world.post("/below/oauth/request_token");
    let (token, secret) = token_of(&call.signed(asking()).send().await);
    let call = world.post("/below/oauth/request_token");
    let call = call.signed_for("/oauth/request_token").signed(asking());
    assert_eq!(call.send().await.status, 401);

    let target = format!("/below/oauth/authorize?oauth_token={token}");
    let answer = world.get(&target).send().await;
    assert_eq!((answer.status, answer.text()), (200, "app wants oob"));
    let call = world.post(&target).typed("text/plain", "approve alice");
    let answer = call.send().await;
    let pin = answer.text().strip_prefix("PIN ").unwrap();

    let signer = as_consumer("app")
        .with_token(token_key(&token), Secret::from(secret))
        .with_parameter("oauth_verifier", pin);
    let call = world.post("/below/oauth/access_token").signed(signer);
    let (token, secret) = token_of(&call.send().await);
    let signer = as_consumer("app").with_token(token_key(&token), Secret::from(secret));
    let answer = world.get("/below/echo?a=1").signed(signer).send().await;
    assert_eq!((answer.status, answer.text()), (200, "user alice by app\n"));
}

/// Its layer is a whole one.
pub async fn requests_below_a_mount_are_verified_once(server: &Server) {
    let world = server.start().await;
    let call = || {
        let call = world.get("/below/echo").with_nonce("n");
        call.signed(as_consumer("app"))
    };
    assert_eq!(call().send().await.status, 200);
    assert_eq!(call().send().await.text(), "nonce already used\n");
    let call = world.get("/below/echo").signed_for("/echo");
    assert_eq!(call.signed(as_consumer("app")).send().await.status, 401);
    assert_eq!(world.get("/below/echo").send().await.text(), "none\n");
}
