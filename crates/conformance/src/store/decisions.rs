//! What a user decides, once.

use oauth1_provider::{Decided, Decision, Exchanged, Realms, RequestTokenState};

use super::{
    Part,
    fixture::{
        APP, approval, attempt, create, create_approved, decide, exchange, find, found, prepare,
        realms, verifier,
    },
};
use crate::user;

/// The session fixation attack: a second user's approval changes nothing.
pub async fn request_token_is_approved_once(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    for name in ["bob", "ann"] {
        let again = Decision::Approve {
            user: user(name),
            verifier: verifier("token", "another"),
            realms: Realms::default(),
        };
        assert_eq!(
            decide(&store, "token", &again, 1).await,
            Decided::NotPending
        );
    }
    let state = find(&store, "token").await.unwrap().state;
    assert_eq!(state, RequestTokenState::Authorized(user("ann")));
    let with_second = attempt(&store, &exchange("token", "another", "access")).await;
    assert!(matches!(with_second, Exchanged::WrongVerifier));
    let with_first = attempt(&store, &exchange("token", "right", "access")).await;
    assert!(matches!(with_first, Exchanged::Exchanged(token) if token.user == user("ann")));
}

/// There is nothing to approve or deny.
pub async fn unknown_request_token_is_not_pending(part: &Part) {
    let store = prepare(part).await;
    for decision in [approval("token", "ann"), Decision::Deny] {
        let decided = decide(&store, "token", &decision, 0).await;
        assert_eq!(decided, Decided::NotPending);
    }
    assert!(find(&store, "token").await.is_none());
}

/// An expired request token is found, and cannot be approved.
pub async fn expired_request_token_is_not_approved(part: &Part) {
    let store = prepare(part).await;
    create(&store, "token").await;
    let decided = decide(&store, "token", &approval("token", "ann"), 10_000).await;
    assert_eq!(decided, Decided::NotPending);
    let state = find(&store, "token").await.unwrap().state;
    assert_eq!(state, RequestTokenState::Pending);
}

/// Denial deletes.
pub async fn denied_request_token_is_gone(part: &Part) {
    let store = prepare(part).await;
    create(&store, "token").await;
    create(&store, "kept").await;
    let denied = decide(&store, "token", &Decision::Deny, 1).await;
    assert_eq!(denied, Decided::Decided);
    assert!(find(&store, "token").await.is_none());
    assert!(find(&store, "kept").await.is_some());
    let approved = decide(&store, "token", &approval("token", "ann"), 1).await;
    assert_eq!(approved, Decided::NotPending);
    let exchanged = attempt(&store, &exchange("token", "right", "access")).await;
    assert!(matches!(exchanged, Exchanged::NotFound), "{exchanged:?}");
}

/// A decision stands.
pub async fn approved_request_token_is_not_denied(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    let denied = decide(&store, "token", &Decision::Deny, 1).await;
    assert_eq!(denied, Decided::NotPending);
    let exchanged = attempt(&store, &exchange("token", "right", "access")).await;
    assert!(
        matches!(exchanged, Exchanged::Exchanged(_)),
        "{exchanged:?}"
    );
}

/// What the user granted reaches the access token, not what was asked for; none at all is none.
pub async fn realms_are_narrowed_at_approval_and_kept(part: &Part) {
    let store = prepare(part).await;
    for (key, granted) in [
        ("some", "photos.write"),
        ("none", ""),
        ("all", "photos.read photos.write"),
    ] {
        create(&store, key).await;
        let decision = Decision::Approve {
            user: user("ann"),
            verifier: verifier(key, "right"),
            realms: realms(granted),
        };
        assert_eq!(decide(&store, key, &decision, 1).await, Decided::Decided);
        assert_eq!(find(&store, key).await.unwrap().realms, realms(granted));
        let access = format!("access {key}");
        let exchanged = attempt(&store, &exchange(key, "right", &access)).await;
        assert!(
            matches!(&exchanged, Exchanged::Exchanged(token) if token.realms == realms(granted)),
            "{exchanged:?}"
        );
        let kept = found(&store, APP, &access).await.unwrap();
        assert_eq!(kept.realms, realms(granted));
    }
}
