//! Texts and times at their limits, and clocks that jump.

use oauth1_provider::{Decided, Decision, Exchanged};

use super::{
    Part,
    fixture::{approval, create, create_approved, decide, exchange, prepare},
};
use crate::later;

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
