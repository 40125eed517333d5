//! Access tokens renewed (OAuth Session 1.0).

use oauth1_provider::{AccessToken, Renewed, Revocation, core::Secret};

use super::{
    Part,
    fixture::{
        APP, OTHER, assert_same_access, found, grant, grant_session, handle, listed, prepare,
        renew, renewal,
    },
};
use crate::{consumer_key, later, token_key, user};

/// User, realms and session stay, key and secret do not; the old token is gone.
pub async fn renewal_replaces_the_token_and_keeps_the_rest(part: &Part) {
    let store = prepare(part).await;
    let old = grant_session(&store, "old").await;
    assert_same_access(&found(&store, APP, "old").await.unwrap(), &old);
    let expected = AccessToken {
        key: token_key("new"),
        secret: Secret::from("secret of new"),
        created: later(5),
        expires: Some(later(15)),
        ..old
    };
    let Renewed::Renewed(new) = renew(&store, &renewal("old", "new", 15), 5).await else {
        panic!("not renewed");
    };
    assert_same_access(&new, &expected);
    assert_same_access(&found(&store, APP, "new").await.unwrap(), &expected);
    assert!(found(&store, APP, "old").await.is_none());
    assert_eq!(listed(&store, "ann").await, ["new"]);
    let again = renew(&store, &renewal("old", "second", 15), 5).await;
    assert!(matches!(again, Renewed::NotFound), "{again:?}");
    let on = renew(&store, &renewal("new", "newer", 20), 6).await;
    assert!(matches!(on, Renewed::Renewed(_)), "{on:?}");
}

/// Up to a second before the session's end, and no new token outlives it.
pub async fn an_expired_access_token_is_renewed_while_its_session_lasts(part: &Part) {
    let store = prepare(part).await;
    grant_session(&store, "old").await;
    let at = renew(&store, &renewal("old", "new", 5_000), 600).await;
    assert!(matches!(at, Renewed::Expired), "{at:?}");
    assert!(found(&store, APP, "old").await.is_some());
    let before = renew(&store, &renewal("old", "new", 5_000), 599).await;
    assert!(
        matches!(&before, Renewed::Renewed(new) if new.expires == Some(later(600))),
        "{before:?}"
    );
}

/// Nor do they change anything.
pub async fn wrong_handles_and_other_consumers_renew_nothing(part: &Part) {
    let store = prepare(part).await;
    let old = grant_session(&store, "old").await;
    for _ in 0..20 {
        let mut wrong = renewal("old", "new", 15);
        wrong.handle = handle("wrong");
        let answer = renew(&store, &wrong, 5).await;
        assert!(matches!(answer, Renewed::WrongHandle), "{answer:?}");
    }
    let mut others = renewal("old", "new", 15);
    others.consumer = consumer_key(OTHER);
    let answer = renew(&store, &others, 5).await;
    assert!(matches!(answer, Renewed::NotFound), "{answer:?}");
    for unknown in ["Old", "old ", "nothing"] {
        let answer = renew(&store, &renewal(unknown, "new", 15), 5).await;
        assert!(matches!(answer, Renewed::NotFound), "{answer:?}");
    }
    assert_same_access(&found(&store, APP, "old").await.unwrap(), &old);
    assert!(found(&store, APP, "new").await.is_none());
    let answer = renew(&store, &renewal("old", "new", 15), 5).await;
    assert!(matches!(answer, Renewed::Renewed(_)), "{answer:?}");
}

/// Not by any handle.
pub async fn a_token_without_session_is_not_renewed(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (APP, "ann", "old"), later(2), Some(later(600))).await;
    let answer = renew(&store, &renewal("old", "new", 15), 5).await;
    assert!(matches!(answer, Renewed::NotFound), "{answer:?}");
    assert_eq!(listed(&store, "ann").await, ["old"]);
}

/// An error, and the old token lives on.
pub async fn renewal_for_a_taken_key_keeps_the_old_token(part: &Part) {
    let store = prepare(part).await;
    let old = grant_session(&store, "old").await;
    grant(&store, (OTHER, "bob", "taken"), later(2), None).await;
    let taken = store.renew(&renewal("old", "taken", 15), later(5)).await;
    assert!(taken.is_err());
    assert_same_access(&found(&store, APP, "old").await.unwrap(), &old);
    assert!(found(&store, OTHER, "taken").await.is_some());
}

/// Revocation ends the session too.
pub async fn revoked_tokens_are_not_renewed(part: &Part) {
    let store = prepare(part).await;
    for (old, revocation) in [
        (
            "one",
            Revocation::Token {
                user: user("ann"),
                key: token_key("one"),
            },
        ),
        ("two", Revocation::User(user("ann"))),
        ("three", Revocation::Consumer(consumer_key(APP))),
    ] {
        grant_session(&store, old).await;
        assert_eq!(store.revoke(&revocation).await.unwrap(), 1);
        let answer = renew(&store, &renewal(old, "new", 15), 5).await;
        assert!(matches!(answer, Renewed::NotFound), "{answer:?}");
    }
}
