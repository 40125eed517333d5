//! What is dead goes, in bounded steps.

use oauth1_provider::Renewed;

use super::{
    Part,
    fixture::{
        APP, create, create_approved, find, found, grant, grant_session, listed, prepare, renew,
        renewal,
    },
};
use crate::later;

/// An expired access token stays until its session ends; then it goes.
pub async fn purge_keeps_what_can_be_renewed(part: &Part) {
    let store = prepare(part).await;
    grant_session(&store, "old").await;
    assert_eq!(store.purge(later(599), 100).await.unwrap(), 0);
    let answer = renew(&store, &renewal("old", "new", 1_000), 599).await;
    assert!(matches!(answer, Renewed::Renewed(_)), "{answer:?}");
    assert_eq!(store.purge(later(600), 100).await.unwrap(), 1);
    assert!(found(&store, APP, "new").await.is_none());
}

/// Expired tokens of both kinds go, at their expiry; tokens without one stay for ever.
pub async fn purge_deletes_expired_tokens_only(part: &Part) {
    let store = prepare(part).await;
    create(&store, "request").await;
    create_approved(&store, "approved", "ann").await;
    grant(&store, (APP, "ann", "short"), later(2), Some(later(600))).await;
    grant(&store, (APP, "ann", "long"), later(3), Some(later(601))).await;
    grant(&store, (APP, "ann", "endless"), later(4), None).await;
    assert_eq!(store.purge(later(599), 100).await.unwrap(), 0);
    assert_eq!(store.purge(later(600), 100).await.unwrap(), 3);
    assert!(find(&store, "request").await.is_none());
    assert!(find(&store, "approved").await.is_none());
    assert_eq!(listed(&store, "ann").await, ["long", "endless"]);
    let end = later(1_000_000_000);
    assert_eq!(store.purge(end, 100).await.unwrap(), 1);
    assert_eq!(listed(&store, "ann").await, ["endless"]);
}

/// One call deletes at most `limit`; further calls delete the rest.
pub async fn purge_of_tokens_is_bounded_by_its_limit(part: &Part) {
    let store = prepare(part).await;
    for key in ["r1", "r2", "r3"] {
        create(&store, key).await;
    }
    for access in ["a1", "a2"] {
        grant(&store, (APP, "ann", access), later(2), Some(later(3))).await;
    }
    let mut deleted = Vec::new();
    for _ in 0..4 {
        deleted.push(store.purge(later(1_000), 2).await.unwrap());
    }
    assert_eq!(deleted, [2, 2, 1, 0]);
    assert_eq!(store.purge(later(1_000), 0).await.unwrap(), 0);
}
