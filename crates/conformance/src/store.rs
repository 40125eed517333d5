//! What every store must do.

use std::sync::Arc;

use oauth1_provider::{
    Consumer, Decided, Decision, Exchange, Exchanged, Manager, RequestToken, RequestTokenState,
    Revocation, Store, UserId, VerifierHash,
    core::{Callback, ConsumerKey, Secret, Timestamp, TokenKey, Verifier},
};

const NOW: Timestamp = Timestamp::from_secs(1_000);
const EXPIRES: Timestamp = Timestamp::from_secs(1_600);

fn token(key: &str) -> TokenKey {
    TokenKey::new(key).unwrap()
}

fn app(key: &str) -> ConsumerKey {
    ConsumerKey::new(key).unwrap()
}

fn user(id: &str) -> UserId {
    UserId::new(id).unwrap()
}

fn hash(key: &str, verifier: &str) -> VerifierHash {
    VerifierHash::new(&token(key), &Verifier::new(verifier).unwrap())
}

async fn issue(store: &dyn Store, key: &str) {
    let request_token = RequestToken {
        key: token(key),
        secret: Secret::from("s"),
        consumer: app("one"),
        callback: Callback::parse("https://example.com/cb").unwrap(),
        state: RequestTokenState::Pending,
        created: NOW,
        expires: EXPIRES,
    };
    store.create_request_token(&request_token).await.unwrap();
}

fn approval(key: &str, id: &str) -> Decision {
    Decision::Approve {
        user: user(id),
        verifier: hash(key, "good"),
    }
}

fn exchange(key: &str, verifier: &str, access: &str) -> Exchange {
    Exchange {
        request_token: token(key),
        consumer: app("one"),
        verifier: hash(key, verifier),
        attempts: 3,
        key: token(access),
        secret: Secret::from("as"),
        expires: None,
    }
}

/// Runs the suite on an empty store; its consumers are made through the manager.
pub async fn store(manager: Arc<dyn Manager>, store: Arc<dyn Store>) {
    for key in ["one", "two"] {
        let consumer = Consumer::new(app(key), Secret::from("s"), key, NOW);
        manager.create(&consumer).await.unwrap();
    }
    decisions(&*store).await;
    exchanges(&*store).await;
    verifiers(&*store).await;
    races(&store).await;
    revocations(&*store).await;
    purges(&*store).await;
}

async fn decisions(store: &dyn Store) {
    assert!(store.request_token(&token("r1")).await.unwrap().is_none());
    let unknown = store
        .decide(&token("r1"), &Decision::Deny, NOW)
        .await
        .unwrap();
    assert_eq!(unknown, Decided::NotPending);
    issue(store, "r1").await;
    let found = store.request_token(&token("r1")).await.unwrap().unwrap();
    assert_eq!(
        (found.state, found.expires),
        (RequestTokenState::Pending, EXPIRES)
    );
    assert_eq!(found.callback.as_str(), "https://example.com/cb");
    let late = store
        .decide(&token("r1"), &approval("r1", "u"), EXPIRES)
        .await
        .unwrap();
    assert_eq!(late, Decided::NotPending, "expired at its very second");
    let first = store
        .decide(&token("r1"), &approval("r1", "u"), NOW)
        .await
        .unwrap();
    assert_eq!(first, Decided::Decided);
    for decision in [approval("r1", "mallory"), Decision::Deny] {
        let second = store.decide(&token("r1"), &decision, NOW).await.unwrap();
        assert_eq!(second, Decided::NotPending, "decided once");
    }
    let found = store.request_token(&token("r1")).await.unwrap().unwrap();
    assert_eq!(found.state, RequestTokenState::Authorized(user("u")));
    issue(store, "r2").await;
    store
        .decide(&token("r2"), &Decision::Deny, NOW)
        .await
        .unwrap();
    assert!(
        store.request_token(&token("r2")).await.unwrap().is_none(),
        "dies on denial"
    );
}

async fn exchanges(store: &dyn Store) {
    issue(store, "r3").await;
    let pending = store
        .exchange(&exchange("r3", "good", "a0"), NOW)
        .await
        .unwrap();
    assert!(matches!(pending, Exchanged::NotAuthorized));
    let other = Exchange {
        consumer: app("two"),
        ..exchange("r1", "good", "a0")
    };
    assert!(matches!(
        store.exchange(&other, NOW).await.unwrap(),
        Exchanged::NotFound
    ));
    let late = store
        .exchange(&exchange("r1", "good", "a0"), EXPIRES)
        .await
        .unwrap();
    assert!(matches!(late, Exchanged::Expired));
    let done = store
        .exchange(&exchange("r1", "good", "a1"), NOW)
        .await
        .unwrap();
    assert!(matches!(done, Exchanged::Exchanged(access) if access.user == user("u")));
    let again = store
        .exchange(&exchange("r1", "good", "a2"), NOW)
        .await
        .unwrap();
    assert!(matches!(again, Exchanged::NotFound), "once");
    let found = store
        .access_token(&app("one"), &token("a1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.secret.expose(), found.created), ("as", NOW));
    assert!(
        store
            .access_token(&app("two"), &token("a1"))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        store
            .access_token(&app("one"), &token("A1"))
            .await
            .unwrap()
            .is_none()
    );
}

async fn verifiers(store: &dyn Store) {
    for (key, wrong, burnt) in [("r4", 2, false), ("r5", 3, true)] {
        issue(store, key).await;
        store
            .decide(&token(key), &approval(key, "u"), NOW)
            .await
            .unwrap();
        for _ in 0..wrong {
            let answer = store
                .exchange(&exchange(key, "bad", "a3"), NOW)
                .await
                .unwrap();
            assert!(matches!(answer, Exchanged::WrongVerifier));
        }
        let answer = store
            .exchange(&exchange(key, "good", "a3"), NOW)
            .await
            .unwrap();
        assert_eq!(
            matches!(answer, Exchanged::NotFound),
            burnt,
            "burnt by the third"
        );
    }
}

async fn races(store: &Arc<dyn Store>) {
    issue(&**store, "r6").await;
    let tasks: Vec<_> = (0..50)
        .map(|n| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                let decision = if n % 2 == 0 {
                    approval("r6", "u")
                } else {
                    approval("r6", "v")
                };
                store.decide(&token("r6"), &decision, NOW).await.unwrap() == Decided::Decided
            })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += u32::from(task.await.unwrap());
    }
    assert_eq!(won, 1, "one decision, however many race");
    let tasks: Vec<_> = (0..50)
        .map(|n| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                let exchange = exchange("r6", "good", &format!("race{n}"));
                matches!(
                    store.exchange(&exchange, NOW).await.unwrap(),
                    Exchanged::Exchanged(_)
                )
            })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += u32::from(task.await.unwrap());
    }
    assert_eq!(won, 1, "one access token, however many race");
}

async fn revocations(store: &dyn Store) {
    for (key, id, access) in [("r7", "w", "w2"), ("r8", "w", "w1"), ("r9", "x", "x1")] {
        issue(store, key).await;
        store
            .decide(&token(key), &approval(key, id), NOW)
            .await
            .unwrap();
        store
            .exchange(&exchange(key, "good", access), NOW)
            .await
            .unwrap();
    }
    assert_eq!(store.access_tokens_of(&user("w")).await.unwrap().len(), 2);
    let foreign = Revocation::Token {
        user: user("x"),
        key: token("w1"),
    };
    assert_eq!(
        store.revoke(&foreign).await.unwrap(),
        0,
        "another's token stays"
    );
    let own = Revocation::Token {
        user: user("w"),
        key: token("w1"),
    };
    assert_eq!(store.revoke(&own).await.unwrap(), 1);
    assert_eq!(store.revoke(&Revocation::User(user("w"))).await.unwrap(), 1);
    assert!(store.access_tokens_of(&user("w")).await.unwrap().is_empty());
    assert!(
        store
            .revoke(&Revocation::Consumer(app("one")))
            .await
            .unwrap()
            >= 1
    );
    assert!(
        store
            .access_token(&app("one"), &token("x1"))
            .await
            .unwrap()
            .is_none()
    );
    assert!(store.request_token(&token("r3")).await.unwrap().is_none());
}

async fn purges(store: &dyn Store) {
    for key in ["p1", "p2", "p3"] {
        issue(store, key).await;
    }
    assert_eq!(
        store.purge(NOW, 10).await.unwrap(),
        0,
        "nothing has expired"
    );
    assert_eq!(store.purge(EXPIRES, 2).await.unwrap(), 2, "bounded");
    assert_eq!(store.purge(EXPIRES, 2).await.unwrap(), 1);
}
