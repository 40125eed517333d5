//! Where tokens and verifiers come from, and what happens when it runs dry.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use oauth1_provider::{Entropy, EntropyError, MemoryReplayGuard, MemoryStore, Provider};

use crate::world::{header, signer, world};

/// PITFALLS 7.
#[tokio::test]
async fn verifiers_and_tokens_have_128_bits_and_never_repeat() {
    let world = world().await;
    let mut seen = std::collections::HashSet::new();
    for number in 0..200 {
        let (key, secret) = world.request_token(&format!("n{number}"), "oob").await;
        let verifier = world.approve(&key, "u").await;
        for text in [key.as_str(), secret.expose(), &verifier] {
            // Of 62 letters, 22 make 130 bits.
            assert!(text.len() >= 22 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            assert!(seen.insert(text.to_owned()));
        }
    }
}

#[derive(Debug)]
struct NoEntropy;

impl Entropy for NoEntropy {
    fn fill(&self, _: &mut [u8]) -> Result<(), EntropyError> {
        Err(EntropyError::new())
    }
}

/// PITFALLS 7: no weaker source is fallen back to.
#[tokio::test]
async fn without_randomness_no_token_is_given() {
    let mut world = world().await;
    let manager = Arc::clone(&world.manager);
    let store = Arc::new(MemoryStore::default());
    let guard = Arc::new(MemoryReplayGuard::without_history());
    world.provider = Provider::builder(manager, store, guard)
        .with_clock(Arc::clone(&world.clock) as _)
        .with_entropy(Arc::new(NoEntropy))
        .build()
        .unwrap();
    let signer = signer("app").with_parameter("oauth_callback", "oob");
    let header = header(&signer, "POST", "/oauth/request_token", "n");
    let answer = world.post("/oauth/request_token", &header).await;
    assert_eq!(answer.status, 503);
    assert!(!answer.body.contains("oauth_token"));
}

/// Gives the same bytes for ever, and counts how often it was asked.
#[derive(Debug, Default)]
struct Stuck {
    byte: u8,
    asked: AtomicUsize,
}

impl Entropy for Stuck {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        bytes.fill(self.byte);
        Ok(())
    }
}

/// PITFALLS 28: a key that is taken, or a source that never gives a usable letter, ends in 503
/// after a bounded number of tries, and what is there stays.
#[tokio::test]
async fn retries_are_bounded_when_keys_collide_or_randomness_is_stuck() {
    for (byte, statuses) in [(0, [200, 503]), (0xff, [503, 503])] {
        let mut world = world().await;
        let entropy = Arc::new(Stuck {
            byte,
            ..Stuck::default()
        });
        world.provider = Provider::builder(
            Arc::clone(&world.manager) as _,
            Arc::new(MemoryStore::default()),
            Arc::new(MemoryReplayGuard::without_history()),
        )
        .with_clock(Arc::clone(&world.clock) as _)
        .with_entropy(Arc::clone(&entropy) as _)
        .build()
        .unwrap();
        let signer = signer("app").with_parameter("oauth_callback", "oob");
        for (nonce, status) in ["first", "second"].into_iter().zip(statuses) {
            let header = header(&signer, "POST", "/oauth/request_token", nonce);
            let answer = world.post("/oauth/request_token", &header).await;
            assert_eq!(answer.status, status, "{}", answer.body);
        }
        assert!(entropy.asked.load(Ordering::Relaxed) <= 256);
        let pending = world.provider.pending_authorization(&"A".repeat(22)).await;
        assert_eq!(pending.is_ok(), byte == 0);
    }
}
