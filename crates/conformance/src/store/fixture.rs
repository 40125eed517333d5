//! Tokens and flows that the behaviours are made of.

use std::sync::Arc;

use oauth1_provider::{
    AccessToken, Consumer, Created, Decided, Decision, Exchange, Exchanged, Realms, Renewal,
    Renewed, RequestToken, RequestTokenState, Session, SessionHandleHash, Store, VerifierHash,
    core::{Callback, Secret, SessionHandle, Timestamp, Verifier},
};

use super::Part;
use crate::{consumer_key, later, token_key, user};

pub(super) const APP: &str = "app";

pub(super) const OTHER: &str = "other app";

pub(super) const LIMIT: u32 = 5;

/// The store, with the consumers [`APP`] and [`OTHER`] created.
pub(super) async fn prepare((manager, store): &Part) -> Arc<dyn Store> {
    for key in [APP, OTHER] {
        let consumer = Consumer::new(consumer_key(key), Secret::from("s"), key, later(0));
        assert_eq!(manager.create(&consumer).await.unwrap(), Created::Created);
    }
    Arc::clone(store)
}

/// Pending, of [`APP`], for ten minutes.
pub(super) fn pending(key: &str) -> RequestToken {
    RequestToken {
        key: token_key(key),
        secret: Secret::from(format!("secret of {key}")),
        consumer: consumer_key(APP),
        callback: Callback::parse("https://app.example/cb?b=2&a=%20").unwrap(),
        realms: realms("photos.read photos.write"),
        state: RequestTokenState::Pending,
        created: later(0),
        expires: later(600),
    }
}

pub(super) fn realms(text: &str) -> Realms {
    Realms::parse(text).unwrap()
}

pub(super) async fn create(store: &Arc<dyn Store>, key: &str) {
    store.create_request_token(&pending(key)).await.unwrap();
}

pub(super) async fn find(store: &Arc<dyn Store>, key: &str) -> Option<RequestToken> {
    store.request_token(&token_key(key)).await.unwrap()
}

pub(super) fn verifier(key: &str, text: &str) -> VerifierHash {
    VerifierHash::new(&token_key(key), &Verifier::new(text).unwrap())
}

/// Approval by `name`, with the verifier "right".
pub(super) fn approval(key: &str, name: &str) -> Decision {
    Decision::Approve {
        user: user(name),
        verifier: verifier(key, "right"),
        realms: realms("photos.read"),
    }
}

pub(super) async fn decide(
    store: &Arc<dyn Store>,
    key: &str,
    decision: &Decision,
    at: u64,
) -> Decided {
    let decided = store.decide(&token_key(key), decision, later(at)).await;
    decided.unwrap()
}

pub(super) async fn create_approved(store: &Arc<dyn Store>, key: &str, name: &str) {
    create(store, key).await;
    let decided = decide(store, key, &approval(key, name), 1).await;
    assert_eq!(decided, Decided::Decided);
}

/// Exchange of a request token of [`APP`] for the access token `access`.
pub(super) fn exchange(key: &str, verifier_text: &str, access: &str) -> Exchange {
    Exchange {
        request_token: token_key(key),
        consumer: consumer_key(APP),
        verifier: verifier(key, verifier_text),
        attempts: LIMIT,
        key: token_key(access),
        secret: Secret::from(format!("secret of {access}")),
        expires: None,
        session: None,
    }
}

pub(super) async fn attempt(store: &Arc<dyn Store>, exchange: &Exchange) -> Exchanged {
    store.exchange(exchange, later(2)).await.unwrap()
}

/// An access token of `consumer` for `name`, made through a whole flow.
pub(super) async fn grant(
    store: &Arc<dyn Store>,
    (consumer, name, access): (&str, &str, &str),
    created: Timestamp,
    expires: Option<Timestamp>,
) -> AccessToken {
    let key = format!("request for {access}");
    let mut token = pending(&key);
    token.consumer = consumer_key(consumer);
    store.create_request_token(&token).await.unwrap();
    let decided = decide(store, &key, &approval(&key, name), 1).await;
    assert_eq!(decided, Decided::Decided);
    let mut exchange = exchange(&key, "right", access);
    exchange.consumer = consumer_key(consumer);
    exchange.expires = expires;
    match store.exchange(&exchange, created).await.unwrap() {
        Exchanged::Exchanged(token) => token,
        other => panic!("not exchanged: {other:?}"),
    }
}

pub(super) async fn found(
    store: &Arc<dyn Store>,
    consumer: &str,
    key: &str,
) -> Option<Arc<AccessToken>> {
    let (consumer, key) = (consumer_key(consumer), token_key(key));
    store.access_token(&consumer, &key).await.unwrap()
}

pub(super) async fn listed(store: &Arc<dyn Store>, name: &str) -> Vec<String> {
    let tokens = store.access_tokens_of(&user(name)).await.unwrap();
    let keys = tokens.iter().map(|token| token.key.as_str().to_owned());
    keys.collect()
}

#[track_caller]
pub(super) fn assert_same_access(found: &AccessToken, expected: &AccessToken) {
    assert!(found.key == expected.key, "the key is another");
    let secrets = (found.secret.expose(), expected.secret.expose());
    assert!(secrets.0 == secrets.1, "the secret is another");
    assert_eq!(found.consumer, expected.consumer);
    assert_eq!(found.user, expected.user);
    assert_eq!(found.created, expected.created);
    assert_eq!(found.expires, expected.expires);
    assert_eq!(found.realms, expected.realms);
    assert!(found.session == expected.session, "the session is another");
}

/// The hash of the handle `text`.
pub(super) fn handle(text: &str) -> SessionHandleHash {
    SessionHandleHash::new(&SessionHandle::new(text).unwrap())
}

/// An access token of [`APP`] for "ann" that expires after ten seconds, with the session
/// "right", which lasts for ten minutes.
pub(super) async fn grant_session(store: &Arc<dyn Store>, access: &str) -> AccessToken {
    let key = format!("request for {access}");
    create_approved(store, &key, "ann").await;
    let mut exchange = exchange(&key, "right", access);
    exchange.expires = Some(later(10));
    exchange.session = Some(Session {
        handle: handle("right"),
        expires: later(600),
    });
    match attempt(store, &exchange).await {
        Exchanged::Exchanged(token) => token,
        other => panic!("not exchanged: {other:?}"),
    }
}

/// Of an access token of [`APP`], with the right handle, by one that lasts until `expires`.
pub(super) fn renewal(old: &str, new: &str, expires: u64) -> Renewal {
    Renewal {
        access_token: token_key(old),
        consumer: consumer_key(APP),
        handle: handle("right"),
        key: token_key(new),
        secret: Secret::from(format!("secret of {new}")),
        expires: later(expires),
    }
}

pub(super) async fn renew(store: &Arc<dyn Store>, renewal: &Renewal, at: u64) -> Renewed {
    store.renew(renewal, later(at)).await.unwrap()
}
