//! A request token becomes an access token, once.

use oauth1_provider::{AccessToken, Decided, Exchanged, core::Secret};

use super::{
    Part,
    fixture::{
        APP, LIMIT, OTHER, approval, assert_same_access, attempt, create, create_approved, decide,
        exchange, find, found, grant, listed, prepare, realms, verifier,
    },
};
use crate::{consumer_key, later, token_key, user};

/// The happy path: the one token goes, the other is found with all its fields.
pub async fn exchange_gives_an_access_token_for_the_approver(part: &Part) {
    let store = prepare(part).await;
    let expected = AccessToken {
        key: token_key("access"),
        secret: Secret::from("secret of access"),
        consumer: consumer_key(APP),
        user: user("consumer:app ü"),
        realms: realms("photos.read"),
        created: later(7),
        expires: Some(later(3_600)),
        session: None,
    };
    let names = (APP, "consumer:app ü", "access");
    let given = grant(&store, names, later(7), Some(later(3_600))).await;
    assert_same_access(&given, &expected);
    assert_same_access(&found(&store, APP, "access").await.unwrap(), &expected);
    assert!(find(&store, "request for access").await.is_none());
    let listed = store.access_tokens_of(&expected.user).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_same_access(listed.first().unwrap(), &expected);
    let endless = grant(&store, (APP, "ann", "endless"), later(7), None).await;
    assert_eq!(endless.expires, None);
    let found = found(&store, APP, "endless").await.unwrap();
    assert_same_access(&found, &endless);
}

/// An access token is looked up by consumer and key together.
pub async fn access_token_of_another_consumer_is_none(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (APP, "ann", "access"), later(2), None).await;
    assert!(found(&store, OTHER, "access").await.is_none());
    assert!(found(&store, APP, "access").await.is_some());
}

/// Whether a token has expired is for the provider to say.
pub async fn expired_access_token_is_still_found(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (APP, "ann", "access"), later(2), Some(later(3))).await;
    assert!(found(&store, APP, "access").await.is_some());
}

/// A request token is bound to its consumer, and others cannot use up its attempts.
pub async fn exchange_by_another_consumer_finds_nothing_and_burns_nothing(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    for text in ["right", "w1", "w2", "w3", "w4", "w5", "w6"] {
        let mut stolen = exchange("token", text, "stolen");
        stolen.consumer = consumer_key(OTHER);
        let exchanged = attempt(&store, &stolen).await;
        assert!(matches!(exchanged, Exchanged::NotFound), "{exchanged:?}");
    }
    assert!(found(&store, OTHER, "stolen").await.is_none());
    let exchanged = attempt(&store, &exchange("token", "right", "access")).await;
    assert!(
        matches!(exchanged, Exchanged::Exchanged(_)),
        "{exchanged:?}"
    );
}

/// Nobody has approved; guesses before that are neither right nor counted.
pub async fn exchange_before_approval_is_not_authorized(part: &Part) {
    let store = prepare(part).await;
    create(&store, "token").await;
    for _ in 0..10 {
        let exchanged = attempt(&store, &exchange("token", "right", "access")).await;
        assert!(
            matches!(exchanged, Exchanged::NotAuthorized),
            "{exchanged:?}"
        );
    }
    assert!(found(&store, APP, "access").await.is_none());
    let decided = decide(&store, "token", &approval("token", "ann"), 1).await;
    assert_eq!(decided, Decided::Decided);
}

/// A request token that was approved in time is not exchanged after its time.
pub async fn exchange_of_an_expired_request_token_is_expired(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    for text in ["right", "wrong"] {
        let exchange = exchange("token", text, "access");
        let exchanged = store.exchange(&exchange, later(601)).await.unwrap();
        assert!(matches!(exchanged, Exchanged::Expired), "{exchanged:?}");
    }
    assert!(found(&store, APP, "access").await.is_none());
}

/// At the limit the token burns: then the right verifier comes too late.
pub async fn wrong_verifiers_burn_the_request_token_at_the_limit(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    for number in 0..LIMIT {
        let exchanged = attempt(&store, &exchange("token", &format!("w{number}"), "access")).await;
        assert!(
            matches!(exchanged, Exchanged::WrongVerifier),
            "{exchanged:?}"
        );
    }
    let exchanged = attempt(&store, &exchange("token", "right", "access")).await;
    assert!(matches!(exchanged, Exchanged::NotFound), "{exchanged:?}");
    assert!(find(&store, "token").await.is_none());
    assert!(found(&store, APP, "access").await.is_none());
}

/// A user may mistype.
pub async fn fewer_wrong_verifiers_than_the_limit_burn_nothing(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    for _ in 1..LIMIT {
        let exchanged = attempt(&store, &exchange("token", "wrong", "access")).await;
        assert!(
            matches!(exchanged, Exchanged::WrongVerifier),
            "{exchanged:?}"
        );
    }
    let exchanged = attempt(&store, &exchange("token", "right", "access")).await;
    assert!(
        matches!(exchanged, Exchanged::Exchanged(_)),
        "{exchanged:?}"
    );
}

/// The same verifier hashed for another token does not hold.
pub async fn verifier_of_another_request_token_is_wrong(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    create_approved(&store, "another", "bob").await;
    let mut crossed = exchange("token", "right", "access");
    crossed.verifier = verifier("another", "right");
    let exchanged = attempt(&store, &crossed).await;
    assert!(
        matches!(exchanged, Exchanged::WrongVerifier),
        "{exchanged:?}"
    );
}

/// Once, and only once.
pub async fn second_exchange_finds_nothing(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    let first = attempt(&store, &exchange("token", "right", "first")).await;
    assert!(matches!(first, Exchanged::Exchanged(_)), "{first:?}");
    let second = attempt(&store, &exchange("token", "right", "second")).await;
    assert!(matches!(second, Exchanged::NotFound), "{second:?}");
    assert_eq!(listed(&store, "ann").await, ["first"]);
}

/// Deleting the one token and keeping the other is one step: both or neither.
pub async fn exchange_for_a_taken_key_keeps_the_request_token(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (OTHER, "bob", "access"), later(2), None).await;
    create_approved(&store, "token", "ann").await;
    let taken = exchange("token", "right", "access");
    assert!(store.exchange(&taken, later(2)).await.is_err());
    let kept = found(&store, OTHER, "access").await.unwrap();
    assert_eq!(kept.user, user("bob"));
    let exchanged = attempt(&store, &exchange("token", "right", "new")).await;
    assert!(
        matches!(exchanged, Exchanged::Exchanged(_)),
        "{exchanged:?}"
    );
}
