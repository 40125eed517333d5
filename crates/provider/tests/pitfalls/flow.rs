//! The three legs: who decides once, who exchanges once, and which token is whose.

use std::sync::Arc;

use oauth1_provider::{
    Identity, MemoryReplayGuard, Outcome, UserId,
    core::{Nonce, Request, Secret, Timestamp, TokenKey},
    is_consumer,
};

use crate::world::{NOW, header, request, signer, token, world, world_with};

#[tokio::test]
async fn the_whole_three_legged_flow_identifies_the_user() {
    for path in ["/oauth/access_token", "/oauth/request_token"] {
        let world = world_with(Arc::new(MemoryReplayGuard::without_history()), path).await;
        let request_token = world.request_token("n1", "http://127.0.0.1/cb?x=%7e").await;
        let pending = world
            .provider
            .pending_authorization(request_token.0.as_str())
            .await
            .unwrap();
        assert_eq!(pending.consumer_name(), "app");
        let user = UserId::new("consumer:x").unwrap();
        let approved = world.provider.approve(&pending, &user).await.unwrap();
        let Outcome::Redirect(uri) = approved.outcome() else {
            panic!("a redirect")
        };
        assert!(
            uri.starts_with("http://127.0.0.1/cb?x=%7e&oauth_token="),
            "{uri}"
        );
        let answer = world
            .exchange(&request_token, approved.verifier().as_str(), "n2")
            .await;
        let (key, secret) = token(&answer);
        assert!(
            answer
                .headers
                .contains(&("cache-control", "no-store".to_owned()))
        );
        let header = header(&signer("app").with_token(key, secret), "GET", "/me", "n3");
        let identity = world.resource(&header).await.unwrap().unwrap();
        assert!(matches!(identity, Identity::User(who) if *who.user() == user));
    }
}

#[tokio::test]
async fn a_second_decision_changes_nothing_and_denial_kills() {
    let world = world().await;
    let one = world.request_token("n1", "oob").await;
    let pending = world
        .provider
        .pending_authorization(one.0.as_str())
        .await
        .unwrap();
    let victim = UserId::new("victim").unwrap();
    assert!(world.provider.approve(&pending, &victim).await.is_ok());
    assert!(
        world
            .provider
            .approve(&pending, &UserId::new("mallory").unwrap())
            .await
            .is_err()
    );
    assert!(world.provider.deny(&pending).await.is_err());
    assert!(
        world
            .provider
            .pending_authorization(one.0.as_str())
            .await
            .is_err()
    );
    let two = world.request_token("n2", "http://localhost/cb").await;
    let pending = world
        .provider
        .pending_authorization(two.0.as_str())
        .await
        .unwrap();
    let outcome = world.provider.deny(&pending).await.unwrap();
    let wanted = format!(
        "http://localhost/cb?oauth_problem=user_refused&oauth_token={}",
        two.0.as_str()
    );
    assert_eq!(outcome, Outcome::Redirect(wanted));
    assert_eq!(world.exchange(&two, "x", "n3").await.status, 401);
}

#[tokio::test]
async fn wrong_verifiers_burn_the_token() {
    let world = world().await;
    let token = world.request_token("n", "oob").await;
    let verifier = world.approve(&token.0, "u").await;
    for attempt in 0..5 {
        assert_eq!(
            world
                .exchange(&token, "wrong", &format!("w{attempt}"))
                .await
                .status,
            401
        );
    }
    assert_eq!(world.exchange(&token, &verifier, "right").await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_parallel_exchanges_give_one_access_token() {
    let world = Arc::new(world().await);
    let token = world.request_token("n", "oob").await;
    let verifier = world.approve(&token.0, "u").await;
    let tasks: Vec<_> = (0..50)
        .map(|n| {
            let (world, token, verifier) = (Arc::clone(&world), token.clone(), verifier.clone());
            tokio::spawn(async move {
                world
                    .exchange(&token, &verifier, &format!("n{n}"))
                    .await
                    .status
            })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        accepted += u32::from(task.await.unwrap() == 200);
    }
    assert_eq!(accepted, 1);
}

#[tokio::test]
async fn tokens_are_bound_to_their_consumer_and_their_kind() {
    let world = world().await;
    let request_token = world.request_token("n", "oob").await;
    let verifier = world.approve(&request_token.0, "u").await;
    let with = |name: &str, token: &(TokenKey, Secret)| {
        signer(name).with_token(token.0.clone(), token.1.clone())
    };
    let foreign = with("other", &request_token).with_parameter("oauth_verifier", &*verifier);
    let foreign = header(&foreign, "POST", "/oauth/access_token", "f");
    assert_eq!(
        world.post("/oauth/access_token", &foreign).await.status,
        401
    );
    let early = header(&with("app", &request_token), "GET", "/me", "e");
    assert!(
        world.resource(&early).await.is_err(),
        "a request token is no access token"
    );
    let access = token(&world.exchange(&request_token, &verifier, "x").await);
    let foreign = header(&with("other", &access), "GET", "/me", "g");
    assert!(
        world.resource(&foreign).await.is_err(),
        "another consumer's token"
    );
}

#[tokio::test]
async fn token_endpoints_refuse_what_is_not_theirs() {
    let world = world().await;
    let signed = |callback: &str| {
        let signer = signer("app").with_parameter("oauth_callback", callback);
        header(&signer, "POST", "/oauth/request_token", callback)
    };
    for (path, header, status) in [
        ("/oauth/request_token", signed("https://evil.example/"), 400),
        ("/oauth/request_token", signed("javascript:alert(1)"), 400),
        (
            "/oauth/request_token",
            header(&signer("app"), "POST", "/oauth/request_token", "m"),
            400,
        ),
        ("/oauth/request_token", "Basic eDp5".to_owned(), 400),
        (
            "/oauth/access_token",
            header(&signer("app"), "POST", "/oauth/access_token", "m"),
            400,
        ),
        ("/oauth/request_token/", signed("oob"), 404),
        ("/x/oauth/request_token", signed("oob"), 404),
    ] {
        assert_eq!(
            world.post(path, &header).await.status,
            status,
            "{path} {header}"
        );
    }
    let get = world
        .provider
        .token_endpoint(&request("GET", "/oauth/request_token", ""))
        .await;
    assert_eq!(get.status, 405);
}

/// PITFALLS 19.
#[tokio::test]
async fn a_user_called_like_a_consumer_is_a_user() {
    let world = world().await;
    let names = ["consumer:app", "app", "anonymous", "üser & \"co\""];
    for (number, name) in names.into_iter().enumerate() {
        let asked = world.request_token(&format!("r{number}"), "oob").await;
        let verifier = world.approve(&asked.0, name).await;
        let given = world
            .exchange(&asked, &verifier, &format!("x{number}"))
            .await;
        let (key, secret) = token(&given);
        let signer = signer("app").with_token(key, secret);
        let header = header(&signer, "GET", "/me", &format!("n{number}"));
        let identity = world.resource(&header).await.unwrap().unwrap();
        assert!(matches!(identity, Identity::User(_)));
        assert_eq!(identity.user().map(UserId::as_str), Some(name));
        assert!(is_consumer().check(Some(&identity)).is_err());
    }
}

/// PITFALLS 20: the right way round, by the injected clock.
#[tokio::test]
async fn request_tokens_are_good_until_they_expire_and_not_after() {
    for (seconds, status) in [(599, 200), (600, 401)] {
        // A world each: a guard that has forgotten a time refuses to go back to it.
        let world = world().await;
        let asked = world.request_token(&format!("r{seconds}"), "oob").await;
        let verifier = world.approve(&asked.0, "u").await;
        let later = Timestamp::from_secs(NOW.as_secs() + seconds);
        world.clock.set(later);
        let request = Request::new(
            "POST",
            "https",
            "api.example.com",
            "/oauth/access_token",
            None,
        );
        let signer = signer("app")
            .with_token(asked.0, asked.1)
            .with_parameter("oauth_verifier", verifier);
        let nonce = Nonce::new("x").unwrap();
        let header = signer
            .sign(&request, later, &nonce)
            .unwrap()
            .authorization();
        let answer = world.post("/oauth/access_token", &header).await;
        assert_eq!(answer.status, status, "{seconds}");
    }
}
