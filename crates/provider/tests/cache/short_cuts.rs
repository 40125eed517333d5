//! What is answered without waiting is what waiting would bring.

use std::sync::Arc;

use oauth1_provider::{
    Manager, MemoryReplayGuard, Remembered, ReplayEntry, ReplayGuard, Revocation, Store, UserId,
    core::TokenKey,
};

use crate::{NOW, World, at, key, token, world};

#[tokio::test]
async fn a_cache_answers_at_once_what_it_keeps_and_nothing_else() {
    let world = world(|_| ()).await;
    assert!(world.manager.find_now(b"app").is_none(), "not asked yet");
    assert!(token_now(&world, &token("t")).is_none());
    world.manager.find(&key("app")).await.unwrap();
    world.manager.find(&key("nobody")).await.unwrap();
    let kept = world.look_up().await.unwrap();
    let consumer = world.manager.find_now(b"app").unwrap().unwrap();
    assert_eq!(consumer.unwrap().key(), &key("app"));
    assert!(
        world
            .manager
            .find_now(b"nobody")
            .unwrap()
            .unwrap()
            .is_none()
    );
    let now = token_now(&world, &token("t")).unwrap();
    assert!(Arc::ptr_eq(&now.unwrap(), &kept));
    assert_eq!(world.counted.asked(), 3);
    world.clock.set(at(5));
    assert!(world.manager.find_now(b"app").is_none(), "too old");
    assert!(world.manager.find_now(b"nobody").is_none());
    assert!(token_now(&world, &token("t")).is_none());
}

#[tokio::test]
async fn a_cache_answers_at_once_no_more_what_was_revoked() {
    let world = world(|_| ()).await;
    world.look_up().await.unwrap();
    let user = UserId::new("alice").unwrap();
    world.store.revoke(&Revocation::User(user)).await.unwrap();
    assert!(token_now(&world, &token("t")).is_none());
    assert!(world.look_up().await.is_none());
    assert!(token_now(&world, &token("t")).unwrap().is_none());
}

fn token_now(world: &World, token: &TokenKey) -> Option<Option<Arc<oauth1_provider::AccessToken>>> {
    let found = world
        .store
        .access_token_now(b"app", token.as_str().as_bytes());
    found.map(Result::unwrap)
}

#[tokio::test]
async fn a_nonce_remembered_at_once_is_a_replay_for_all() {
    let guard = MemoryReplayGuard::without_history();
    let consumer = key("app");
    let entry = |nonce: &'static str| ReplayEntry {
        consumer: &consumer,
        token: None,
        timestamp: NOW,
        nonce: nonce.as_bytes(),
        keep_until: at(300),
        now: NOW,
    };
    let now = |nonce| guard.remember_now(&entry(nonce)).unwrap().unwrap();
    assert_eq!(now("a"), Remembered::Fresh);
    assert_eq!(
        guard.remember(&entry("a")).await.unwrap(),
        Remembered::Replayed
    );
    assert_eq!(
        guard.remember(&entry("b")).await.unwrap(),
        Remembered::Fresh
    );
    assert_eq!(now("b"), Remembered::Replayed);
}
