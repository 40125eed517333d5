//! Access tokens that users have given.

use oauth1_provider::{
    Decision, Exchange, Exchanged, Realms, RequestToken, RequestTokenState, Store, VerifierHash,
    core::{Callback, Secret, Verifier},
};

use crate::{consumer_key, later, token_key, user};

/// An access token with this key, by the way that every token comes: with a consumer, of a user, for
/// realms.
pub(super) async fn grant(store: &dyn Store, [key, consumer, name, realms]: [&str; 4]) {
    let realms = Realms::parse(realms).unwrap();
    let request_token = token_key(&format!("request-{key}"));
    let verifier = Verifier::new("verifier").unwrap();
    let verifier = VerifierHash::new(&request_token, &verifier);
    let pending = RequestToken {
        key: request_token.clone(),
        secret: Secret::from("request token secret"),
        consumer: consumer_key(consumer),
        callback: Callback::OutOfBand,
        realms: realms.clone(),
        state: RequestTokenState::Pending,
        created: later(0),
        expires: later(600),
    };
    store.create_request_token(&pending).await.unwrap();
    let decision = Decision::Approve {
        user: user(name),
        verifier,
        realms,
    };
    store
        .decide(&request_token, &decision, later(0))
        .await
        .unwrap();
    let exchange = Exchange {
        verifier,
        request_token,
        consumer: consumer_key(consumer),
        attempts: 3,
        key: token_key(key),
        secret: Secret::from("token secret"),
        expires: None,
        session: None,
    };
    let exchanged = store.exchange(&exchange, later(0)).await.unwrap();
    assert!(matches!(exchanged, Exchanged::Exchanged(_)));
}
