//! Texts and times at their limits, and clocks that jump.

use oauth1_provider::{
    Decided, Decision, Exchanged, Renewed, Revocation,
    core::{Callback, Secret, Timestamp},
};

use super::{
    Part,
    fixture::{
        APP, approval, attempt, create, create_approved, decide, exchange, find, found, grant,
        grant_session, listed, pending, prepare, renew, renewal,
    },
};
use crate::{earlier, later, token_key, user};

/// A second before its expiry a request token lives, at its expiry it does not.
pub async fn request_token_is_dead_from_its_expiry_on(part: &Part) {
    let store = prepare(part).await;
    for (key, at, decided) in [
        ("before", 599, Decided::Decided),
        ("at", 600, Decided::NotPending),
    ] {
        create(&store, key).await;
        assert_eq!(
            decide(&store, key, &approval(key, "ann"), at).await,
            decided
        );
        create(&store, &format!("{key} denied")).await;
        let denied = decide(&store, &format!("{key} denied"), &Decision::Deny, at).await;
        assert_eq!(denied, decided);
    }
    create_approved(&store, "token", "ann").await;
    let exchange = exchange("token", "right", "access");
    let at = store.exchange(&exchange, later(600)).await.unwrap();
    assert!(matches!(at, Exchanged::Expired), "{at:?}");
    let before = store.exchange(&exchange, later(599)).await.unwrap();
    assert!(matches!(before, Exchanged::Exchanged(_)), "{before:?}");
}

/// Keys, secrets, users and callbacks of any script, of quotes, and as long as they may be.
pub async fn unicode_and_long_texts_of_tokens_are_kept(part: &Part) {
    let store = prepare(part).await;
    let texts = [
        "ключ 🦀".to_owned(),
        "'; DROP TABLE access_tokens; --\\\"%_".to_owned(),
        "t".repeat(255),
        "鍵".repeat(85),
    ];
    for text in &texts {
        let mut token = pending(text);
        token.secret = Secret::from(text.repeat(10));
        token.callback = Callback::parse(&long_callback()).unwrap();
        store.create_request_token(&token).await.unwrap();
        let kept = find(&store, text).await.unwrap();
        assert!(kept.secret.expose() == token.secret.expose(), "{text}");
        assert_eq!(kept.callback, token.callback);
        let decided = decide(&store, text, &approval(text, text), 1).await;
        assert_eq!(decided, Decided::Decided, "{text}");
        let mut exchange = exchange(text, "right", text);
        exchange.secret = Secret::from(text.repeat(10));
        let exchanged = attempt(&store, &exchange).await;
        assert!(matches!(exchanged, Exchanged::Exchanged(_)), "{text}");
        let access = found(&store, APP, text).await.unwrap();
        assert!(access.secret.expose() == exchange.secret.expose(), "{text}");
        assert_eq!(access.user, user(text));
        assert_eq!(listed(&store, text).await, [text.as_str()]);
    }
    for text in &texts {
        let revocation = Revocation::User(user(text));
        assert_eq!(store.revoke(&revocation).await.unwrap(), 1, "{text}");
    }
}

/// Of a thousand bytes, most of them escapes.
fn long_callback() -> String {
    format!("https://app.example/cb?{}", "%C3%BC&a=".repeat(100))
}

/// The user id is in no other than its own list, however a collation would fold it.
pub async fn users_are_compared_byte_by_byte(part: &Part) {
    let store = prepare(part).await;
    let names = ["ann", "Ann", "ann ", " ann", "änn", "a\u{308}nn"];
    for (number, name) in names.iter().enumerate() {
        grant(&store, (APP, name, &number.to_string()), later(2), None).await;
    }
    for (number, name) in names.iter().enumerate() {
        assert_eq!(listed(&store, name).await, [number.to_string()], "{name}");
    }
}

/// Processes' clocks differ, and one may be set back: a flow goes on, and everything once.
pub async fn a_clock_that_goes_back_stops_nothing_and_repeats_nothing(part: &Part) {
    let store = prepare(part).await;
    create(&store, "token").await;
    let approval = approval("token", "ann");
    let key = token_key("token");
    let decided = store.decide(&key, &approval, earlier(100)).await.unwrap();
    assert_eq!(decided, Decided::Decided);
    let decided = store.decide(&key, &approval, earlier(300)).await.unwrap();
    assert_eq!(decided, Decided::NotPending);
    let exchange = exchange("token", "right", "access");
    let exchanged = store.exchange(&exchange, earlier(200)).await.unwrap();
    let created_then =
        matches!(&exchanged, Exchanged::Exchanged(token) if token.created == earlier(200));
    assert!(created_then, "{exchanged:?}");
    let again = store.exchange(&exchange, earlier(300)).await.unwrap();
    assert!(matches!(again, Exchanged::NotFound), "{again:?}");
    grant_session(&store, "old").await;
    let first = renewal("old", "new", 15);
    let renewed = store.renew(&first, earlier(400)).await.unwrap();
    assert!(matches!(renewed, Renewed::Renewed(_)), "{renewed:?}");
    let again = store.renew(&first, earlier(500)).await.unwrap();
    assert!(matches!(again, Renewed::NotFound), "{again:?}");
}

/// What was refused as expired is not changed by that, and counts when the clock is right again.
pub async fn a_clock_that_went_ahead_and_back_burns_nothing(part: &Part) {
    let store = prepare(part).await;
    create(&store, "pending").await;
    create_approved(&store, "approved", "ann").await;
    grant_session(&store, "old").await;
    let ahead = 1_000_000;
    let approval = approval("pending", "ann");
    let decided = decide(&store, "pending", &approval, ahead).await;
    assert_eq!(decided, Decided::NotPending);
    for text in ["right", "w1", "w2", "w3", "w4", "w5", "w6"] {
        let exchange = exchange("approved", text, "access");
        let exchanged = store.exchange(&exchange, later(ahead)).await.unwrap();
        assert!(matches!(exchanged, Exchanged::Expired), "{exchanged:?}");
    }
    let renewed = renew(&store, &renewal("old", "new", ahead + 9), ahead).await;
    assert!(matches!(renewed, Renewed::Expired), "{renewed:?}");
    let decided = decide(&store, "pending", &approval, 3).await;
    assert_eq!(decided, Decided::Decided);
    let exchanged = attempt(&store, &exchange("approved", "right", "access")).await;
    assert!(
        matches!(exchanged, Exchanged::Exchanged(_)),
        "{exchanged:?}"
    );
    let renewed = renew(&store, &renewal("old", "new", 15), 3).await;
    assert!(matches!(renewed, Renewed::Renewed(_)), "{renewed:?}");
}

/// Past what a column of a database holds: the token lives on, as far as anybody can tell.
pub async fn a_time_at_the_end_of_the_scale_is_not_in_the_past(part: &Part) {
    let store = prepare(part).await;
    let end = Timestamp::from_secs(u64::MAX);
    let token = grant(&store, (APP, "ann", "access"), later(2), Some(end)).await;
    let (far, kept) = (
        later(1_000_000_000),
        found(&store, APP, "access").await.unwrap(),
    );
    for token in [&token, &*kept] {
        assert!(token.expires.is_none_or(|expires| expires > far));
    }
    assert_eq!(store.purge(far, 100).await.unwrap(), 0);
    assert!(found(&store, APP, "access").await.is_some());
    let mut request = pending("request");
    request.expires = end;
    store.create_request_token(&request).await.unwrap();
    let decided = store
        .decide(&request.key, &approval("request", "ann"), far)
        .await;
    assert_eq!(decided.unwrap(), Decided::Decided);
}
