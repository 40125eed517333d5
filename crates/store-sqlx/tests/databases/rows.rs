//! A consumer and its request token, at the beginning of time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use oauth1_provider::{
    Consumer, Manager, Realms, RequestToken, RequestTokenState, Store,
    core::{Callback, ConsumerKey, Secret, Timestamp, TokenKey},
};
use oauth1_store_sqlx::SqlStore;

pub(crate) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_secs(seconds)
}

pub(crate) fn app() -> ConsumerKey {
    ConsumerKey::new("app").unwrap()
}

pub(crate) fn token(text: &str) -> TokenKey {
    TokenKey::new(text).unwrap()
}

pub(crate) async fn create_consumer(store: &SqlStore) {
    let consumer = Consumer::new(app(), Secret::from("s"), "App", at(0));
    Manager::create(store, &consumer).await.unwrap();
}

pub(crate) async fn create_request_token(store: &SqlStore) {
    let token = RequestToken {
        key: token("request"),
        secret: Secret::from("s"),
        consumer: app(),
        callback: Callback::parse("oob").unwrap(),
        realms: Realms::default(),
        state: RequestTokenState::Pending,
        created: at(0),
        expires: at(600),
    };
    store.create_request_token(&token).await.unwrap();
}
