//! OAuth Session 1.0: renewal of access tokens.

use std::{sync::Arc, time::Duration};

use oauth1_provider::{
    Policy, Provider, Realms, Sessions,
    core::{Secret, TokenKey},
};

use crate::world::{Pairs, World, app, other, pairs, with_token};

fn sessions() -> Sessions {
    Sessions::new(Duration::from_secs(60), Duration::from_secs(600))
}

async fn world() -> World {
    World::new(Policy::default(), |builder| {
        builder
            .with_sessions(sessions())
            .with_realms(Realms::parse("mail").unwrap())
    })
    .await
}

async fn granted(world: &World) -> Pairs {
    pairs(
        &world
            .grant(&world.ask(None, Some("mail")).await, None)
            .await,
    )
}

async fn renew(world: &World, old: &Pairs, handle: &str) -> oauth1_provider::Response {
    let signer = with_token(old).with_parameter("oauth_session_handle", handle);
    world
        .post(world.provider.access_token_path(), &signer)
        .await
}

#[tokio::test]
async fn an_access_token_is_renewed_again_and_again() {
    for path in ["/oauth/access_token", "/oauth/request_token"] {
        let world = World::new(Policy::default(), |builder| {
            builder
                .with_sessions(sessions())
                .with_realms(Realms::parse("mail").unwrap())
                .with_access_token_path(path)
        })
        .await;
        let first = granted(&world).await;
        assert_eq!(first["oauth_expires_in"], "60");
        assert_eq!(first["oauth_authorization_expires_in"], "600");
        let handle = first["oauth_session_handle"].clone();
        assert!(handle.len() >= 22);
        // Before its end, and after it.
        world.wait(50);
        let second = pairs(&renew(&world, &first, &handle).await);
        assert_eq!(second["oauth_authorization_expires_in"], "550");
        assert_eq!(second["oauth_session_handle"], handle);
        assert_ne!(second["oauth_token"], first["oauth_token"]);
        assert_ne!(second["oauth_token_secret"], first["oauth_token_secret"]);
        assert_eq!(world.code(&with_token(&first)).await, "token_rejected");
        world.wait(100);
        assert_eq!(world.code(&with_token(&second)).await, "token_expired");
        let third = pairs(&renew(&world, &second, &handle).await);
        let identity = world.resource(&with_token(&third)).await.unwrap();
        assert_eq!(identity.user().unwrap().as_str(), "u");
        assert!(identity.realms().unwrap().contains("mail"));
    }
}

#[tokio::test]
async fn no_access_token_outlives_its_authorization() {
    let world = world().await;
    let mut token = granted(&world).await;
    let handle = token["oauth_session_handle"].clone();
    world.wait(590);
    token = pairs(&renew(&world, &token, &handle).await);
    assert_eq!(token["oauth_expires_in"], "10");
    assert_eq!(token["oauth_authorization_expires_in"], "10");
    world.wait(9);
    assert_eq!(world.code(&with_token(&token)).await, "accepted");
    world.wait(1);
    assert_eq!(world.code(&with_token(&token)).await, "token_expired");
    assert_eq!(renew(&world, &token, &handle).await.status, 401);
}

#[tokio::test]
async fn a_wrong_renewal_is_refused_and_changes_nothing() {
    let world = world().await;
    let token = granted(&world).await;
    let handle = token["oauth_session_handle"].as_str();
    let path = world.provider.access_token_path();
    for _ in 0..20 {
        assert_eq!(renew(&world, &token, "wrong").await.status, 401);
    }
    assert_eq!(
        renew(&world, &token, &format!("{handle}x")).await.status,
        401
    );
    assert_eq!(renew(&world, &token, "").await.status, 400);
    assert_eq!(renew(&world, &token, "a\nb").await.status, 400);
    assert_eq!(renew(&world, &token, &"h".repeat(5_000)).await.status, 400);
    let key = TokenKey::new(&token["oauth_token"]).unwrap();
    let right = Secret::from(token["oauth_token_secret"].as_str());
    for thief in [
        other().with_token(key.clone(), right.clone()),
        app().with_token(key.clone(), Secret::from("guess")),
        app(),
    ] {
        let signer = thief.with_parameter("oauth_session_handle", handle);
        assert_ne!(world.post(path, &signer).await.status, 200);
    }
    // Another authorization's handle.
    let second = granted(&world).await;
    assert_eq!(
        renew(&world, &token, &second["oauth_session_handle"])
            .await
            .status,
        401
    );
    assert_eq!(world.code(&with_token(&token)).await, "accepted");
    pairs(&renew(&world, &token, handle).await);
}

#[tokio::test]
async fn a_renewal_is_good_once_however_it_is_repeated() {
    let world = Arc::new(world().await);
    let token = granted(&world).await;
    let handle = token["oauth_session_handle"].clone();
    let path = world.provider.access_token_path();
    let signer = with_token(&token).with_parameter("oauth_session_handle", handle.as_str());
    let bare = oauth1_provider::core::Request::new("POST", "https", "api.example.com", path, None);
    let header = world.header(&signer, &bare);
    assert_eq!(world.send(path, &header).await.status, 200);
    assert_eq!(world.send(path, &header).await.status, 401);
    assert_eq!(renew(&world, &token, &handle).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_fifty_parallel_renewals_wins() {
    let world = Arc::new(world().await);
    let token = granted(&world).await;
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (world, token) = (Arc::clone(&world), token.clone());
            tokio::spawn(async move {
                let handle = token["oauth_session_handle"].clone();
                renew(&world, &token, &handle).await.status
            })
        })
        .collect();
    let mut renewed = 0;
    for task in tasks {
        renewed += u32::from(task.await.unwrap() == 200);
    }
    assert_eq!(renewed, 1);
    let user = oauth1_provider::UserId::new("u").unwrap();
    let left = world.provider.store().access_tokens_of(&user).await;
    assert_eq!(left.unwrap().len(), 1);
}

#[tokio::test]
async fn disabled_consumers_and_revoked_tokens_are_not_renewed() {
    let world = world().await;
    let (revoked, kept) = (granted(&world).await, granted(&world).await);
    let revocation = oauth1_provider::Revocation::Token {
        user: oauth1_provider::UserId::new("u").unwrap(),
        key: TokenKey::new(&revoked["oauth_token"]).unwrap(),
    };
    assert_eq!(world.provider.store().revoke(&revocation).await.unwrap(), 1);
    let handle = &revoked["oauth_session_handle"];
    assert_eq!(renew(&world, &revoked, handle).await.status, 401);
    world.disable().await;
    let handle = &kept["oauth_session_handle"];
    assert_eq!(renew(&world, &kept, handle).await.status, 401);
}

#[tokio::test]
async fn a_consumers_own_token_lifetime_comes_before_the_sessions() {
    let mut policy = Policy::default();
    policy.access_token_lifetime = Some(Duration::from_secs(5));
    let world = World::new(policy, |builder| builder.with_sessions(sessions())).await;
    let token = pairs(&world.grant(&world.ask(None, None).await, None).await);
    assert_eq!(token["oauth_expires_in"], "5");
}

#[tokio::test]
async fn without_sessions_nothing_is_told_or_renewed() {
    let mut policy = Policy::default();
    policy.access_token_lifetime = Some(Duration::from_secs(5));
    let world = World::new(policy, |builder| builder).await;
    let token = pairs(&world.grant(&world.ask(None, None).await, None).await);
    assert_eq!(token.len(), 2, "{token:?}");
    assert_eq!(renew(&world, &token, "handle").await.status, 400);
    assert_eq!(world.code(&with_token(&token)).await, "accepted");
}

#[tokio::test]
async fn purge_leaves_what_can_be_renewed() {
    let world = world().await;
    let token = granted(&world).await;
    world.wait(599);
    // The request token is gone already, and the nonces are not counted here.
    world.provider.purge().await.unwrap();
    let new = pairs(&renew(&world, &token, &token["oauth_session_handle"]).await);
    world.wait(1);
    world.provider.purge().await.unwrap();
    assert_eq!(world.code(&with_token(&new)).await, "token_rejected");
}

#[test]
fn sessions_without_length_are_a_mistake() {
    let parts = oauth1_provider::MemoryStore::default();
    let built = Provider::builder(
        Arc::new(oauth1_provider::MemoryManager::default()),
        Arc::new(parts),
        Arc::new(oauth1_provider::MemoryReplayGuard::without_history()),
    )
    .with_sessions(Sessions::new(Duration::ZERO, Duration::from_secs(1)))
    .build();
    assert!(built.unwrap_err().to_string().contains("session lifetimes"));
}

#[test]
fn handles_are_not_shown() {
    let handle = oauth1_provider::core::SessionHandle::new("topsecret").unwrap();
    let hash = oauth1_provider::SessionHandleHash::new(&handle);
    assert!(!format!("{handle:?}{hash:?}").contains("topsecret"));
}
