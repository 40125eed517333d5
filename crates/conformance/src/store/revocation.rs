//! A user's list, and what is revoked.

use oauth1_provider::Revocation;

use super::{
    Part,
    fixture::{APP, OTHER, create, create_approved, find, found, grant, listed, pending, prepare},
};
use crate::{consumer_key, later, token_key, user};

/// By time of creation, and of one user only.
pub async fn access_tokens_of_a_user_are_listed_oldest_first(part: &Part) {
    let store = prepare(part).await;
    for (access, name, at) in [
        ("b", "ann", 20),
        ("c", "ann", 10),
        ("x", "Ann", 5),
        ("a", "ann", 30),
    ] {
        grant(&store, (APP, name, access), later(at), None).await;
    }
    grant(&store, (OTHER, "ann", "d"), later(15), None).await;
    assert_eq!(listed(&store, "ann").await, ["c", "d", "b", "a"]);
    assert_eq!(listed(&store, "Ann").await, ["x"]);
    assert!(listed(&store, "ann ").await.is_empty());
}

/// No user can revoke another's token.
pub async fn revocation_of_a_token_is_keyed_by_its_user(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (APP, "ann", "a1"), later(2), None).await;
    grant(&store, (APP, "ann", "a2"), later(3), None).await;
    let revocation = |name, key| Revocation::Token {
        user: user(name),
        key: token_key(key),
    };
    for (name, key) in [("bob", "a1"), ("Ann", "a1"), ("ann", "A1")] {
        assert_eq!(store.revoke(&revocation(name, key)).await.unwrap(), 0);
    }
    assert_eq!(listed(&store, "ann").await, ["a1", "a2"]);
    assert_eq!(store.revoke(&revocation("ann", "a1")).await.unwrap(), 1);
    assert!(found(&store, APP, "a1").await.is_none());
    assert_eq!(listed(&store, "ann").await, ["a2"]);
    assert_eq!(store.revoke(&revocation("ann", "a1")).await.unwrap(), 0);
}

/// All of a user, from every consumer, and of nobody else.
pub async fn revocation_of_a_user_takes_all_of_its_tokens(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (APP, "ann", "a1"), later(2), None).await;
    grant(&store, (OTHER, "ann", "a2"), later(3), None).await;
    grant(&store, (APP, "bob", "b1"), later(4), None).await;
    let revocation = Revocation::User(user("ann"));
    assert_eq!(store.revoke(&revocation).await.unwrap(), 2);
    assert!(listed(&store, "ann").await.is_empty());
    assert!(found(&store, APP, "a1").await.is_none());
    assert_eq!(listed(&store, "bob").await, ["b1"]);
    assert_eq!(store.revoke(&revocation).await.unwrap(), 0);
}

/// All of a consumer, pending and approved request tokens included.
pub async fn revocation_of_a_consumer_takes_request_tokens_too(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (APP, "ann", "a1"), later(2), None).await;
    grant(&store, (OTHER, "ann", "o1"), later(3), None).await;
    create(&store, "pending").await;
    create_approved(&store, "approved", "ann").await;
    let mut of_other = pending("of other");
    of_other.consumer = consumer_key(OTHER);
    store.create_request_token(&of_other).await.unwrap();
    let revocation = Revocation::Consumer(consumer_key(APP));
    assert_eq!(store.revoke(&revocation).await.unwrap(), 3);
    assert!(find(&store, "pending").await.is_none());
    assert!(find(&store, "approved").await.is_none());
    assert!(find(&store, "of other").await.is_some());
    assert_eq!(listed(&store, "ann").await, ["o1"]);
    assert_eq!(store.revoke(&revocation).await.unwrap(), 0);
}
