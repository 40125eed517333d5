//! Bodies that are verified while they come.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::sync::Arc;

use oauth1_provider::{
    Consumer, FixedClock, Manager, MemoryManager, MemoryReplayGuard, MemoryStore, Policy, Provider,
    core::{BodyHashPolicy, ConsumerKey, Error, Nonce, Request, Secret, Signer, Timestamp},
};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

async fn provider(body_hash: BodyHashPolicy) -> Provider {
    let manager = MemoryManager::default();
    let mut policy = Policy::default();
    policy.body_hash = body_hash;
    let key = ConsumerKey::new("k").unwrap();
    let consumer = Consumer::new(key, Secret::from("s"), "n", NOW).with_policy(policy);
    manager.create(&consumer).await.unwrap();
    let store = Arc::new(MemoryStore::default());
    let guard = Arc::new(MemoryReplayGuard::without_history());
    Provider::builder(Arc::new(manager), store, guard)
        .with_clock(Arc::new(FixedClock::new(NOW)))
        .build()
        .unwrap()
}

fn unread() -> Request<'static> {
    Request::new("PUT", "https", "h", "/upload", None).with_unread_body()
}

fn header(nonce: &str, body: Option<&[u8]>) -> String {
    let mut signer = Signer::new(ConsumerKey::new("k").unwrap(), Secret::from("s"));
    if let Some(body) = body {
        signer = signer.with_body_hash(body);
    }
    let nonce = Nonce::new(nonce).unwrap();
    signer.sign(&unread(), NOW, &nonce).unwrap().authorization()
}

#[tokio::test]
async fn a_body_is_verified_at_its_end() {
    let provider = provider(BodyHashPolicy::VerifyIfPresent).await;
    for (nonce, pieces, expected) in [
        ("n1", [&b"one"[..], b" two"], Ok(())),
        ("n2", [b"one", b" three"], Err(Error::SignatureInvalid)),
        ("n3", [b"one", b""], Err(Error::SignatureInvalid)),
    ] {
        let header = header(nonce, Some(b"one two"));
        let request = unread().with_authorization(header.as_bytes());
        let found = provider.authenticate_streamed(&request).await.unwrap();
        let (identity, hasher) = found.unwrap();
        assert_eq!(identity.consumer().key().as_str(), "k");
        let mut hasher = hasher.unwrap();
        pieces.iter().for_each(|piece| hasher.update(piece));
        assert_eq!(hasher.finish(), expected);
        // And once only.
        assert!(provider.authenticate_streamed(&request).await.is_err());
    }
}

#[tokio::test]
async fn the_policy_decides_whether_a_hash_is_needed() {
    for (policy, hash, accepted, hasher) in [
        (BodyHashPolicy::Ignore, true, true, false),
        (BodyHashPolicy::VerifyIfPresent, false, true, false),
        (BodyHashPolicy::Require, false, false, false),
        (BodyHashPolicy::Require, true, true, true),
    ] {
        let provider = provider(policy).await;
        let header = header("n", hash.then_some(b"x".as_slice()));
        let request = unread().with_authorization(header.as_bytes());
        let found = provider.authenticate_streamed(&request).await;
        assert_eq!(found.is_ok(), accepted, "{policy:?} {hash}");
        let found = found.ok().flatten().and_then(|(_, hasher)| hasher);
        assert_eq!(found.is_some(), hasher, "{policy:?} {hash}");
    }
}

#[tokio::test]
async fn without_streaming_an_unread_body_is_refused() {
    let provider = provider(BodyHashPolicy::VerifyIfPresent).await;
    let header = header("n", Some(b"x"));
    let request = unread().with_authorization(header.as_bytes());
    assert!(provider.authenticate(&request).await.is_err());
    let nothing = Request::new("GET", "https", "h", "/", None);
    let found = provider.authenticate_streamed(&nothing).await.unwrap();
    assert!(found.is_none());
}
