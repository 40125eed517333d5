//! Request tokens, kept and found.

use oauth1_provider::{RequestTokenState, core::Callback};

use super::{
    Part,
    fixture::{APP, OTHER, create, create_approved, find, found, grant, listed, pending, prepare},
};
use crate::{consumer_key, later, user};

/// What was never kept is `None`, not an error.
pub async fn unknown_tokens_are_none(part: &Part) {
    let store = prepare(part).await;
    assert!(find(&store, "nothing").await.is_none());
    assert!(found(&store, APP, "nothing").await.is_none());
    assert!(listed(&store, "nobody").await.is_empty());
}

/// Nothing of a request token is lost on the way in and out.
pub async fn created_request_token_has_all_its_fields(part: &Part) {
    let store = prepare(part).await;
    let mut out_of_band = pending("oob");
    out_of_band.callback = Callback::OutOfBand;
    for token in [pending("token"), out_of_band, pending(&"t".repeat(255))] {
        store.create_request_token(&token).await.unwrap();
        let found = store.request_token(&token.key).await.unwrap().unwrap();
        assert!(found.key == token.key, "the key is another");
        let secrets = (found.secret.expose(), token.secret.expose());
        assert!(secrets.0 == secrets.1, "the secret is another");
        assert_eq!(found.consumer, token.consumer);
        assert_eq!(found.callback, token.callback);
        assert_eq!(found.realms, token.realms);
        assert_eq!(found.state, token.state);
        assert_eq!(found.created, token.created);
        assert_eq!(found.expires, token.expires);
    }
}

/// A key that is taken is an error; the first token stays as it is.
pub async fn second_request_token_of_a_key_is_an_error(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    let mut second = pending("token");
    second.consumer = consumer_key(OTHER);
    assert!(store.create_request_token(&second).await.is_err());
    let kept = find(&store, "token").await.unwrap();
    assert_eq!(kept.consumer, consumer_key(APP));
    assert_eq!(kept.state, RequestTokenState::Authorized(user("ann")));
}

/// Case and trailing space make another token.
pub async fn token_keys_are_compared_byte_by_byte(part: &Part) {
    let store = prepare(part).await;
    for key in ["token", "Token", "token "] {
        create(&store, key).await;
    }
    assert!(find(&store, "TOKEN").await.is_none());
    grant(&store, (APP, "ann", "access"), later(2), None).await;
    grant(&store, (APP, "bob", "Access"), later(2), None).await;
    assert_eq!(
        found(&store, APP, "access").await.unwrap().user,
        user("ann")
    );
    assert_eq!(
        found(&store, APP, "Access").await.unwrap().user,
        user("bob")
    );
    assert!(found(&store, APP, "access ").await.is_none());
}
