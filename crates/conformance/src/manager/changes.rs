//! Consumers disabled, rotated, configured and deleted.

use oauth1_provider::ConsumerChange;

use super::{
    Part,
    fixture::{assert_same, create, find, full, live, plain, rotation, update},
};
use crate::consumer_key;

/// A disabled consumer is still there, and says why.
pub async fn disabled_consumer_is_found_with_its_reason_until_enabled(manager: &Part) {
    create(manager, &plain("app", "s")).await;
    let disable = ConsumerChange::Disable("abuse".to_owned());
    assert!(update(manager, "app", &disable).await);
    let mut expected = plain("app", "s");
    expected.disabled = Some("abuse".to_owned());
    assert_same(&find(manager, "app").await.unwrap(), &expected);
    assert!(update(manager, "app", &ConsumerChange::Enable).await);
    assert_same(&find(manager, "app").await.unwrap(), &plain("app", "s"));
}

/// Both secrets count until the overlap ends, then the new one only.
pub async fn rotation_keeps_two_secrets_live(manager: &Part) {
    create(manager, &plain("app", "old")).await;
    assert!(update(manager, "app", &rotation("new", 60)).await);
    let consumer = find(manager, "app").await.unwrap();
    assert_eq!(live(&consumer, 59), ["new", "old"]);
    assert_eq!(live(&consumer, 60), ["new"]);
}

/// A new policy and new callbacks replace the old ones, and nothing else.
pub async fn configuration_is_replaced_as_a_whole(manager: &Part) {
    create(manager, &plain("app", "s")).await;
    let wanted = full("app");
    let change = ConsumerChange::Configure {
        policy: Box::new(wanted.policy.clone()),
        callbacks: wanted.callbacks.clone(),
    };
    assert!(update(manager, "app", &change).await);
    let expected = plain("app", "s")
        .with_policy(wanted.policy)
        .with_callbacks(wanted.callbacks);
    assert_same(&find(manager, "app").await.unwrap(), &expected);
    let change = ConsumerChange::Configure {
        policy: Box::default(),
        callbacks: Vec::new(),
    };
    assert!(update(manager, "app", &change).await);
    assert_same(&find(manager, "app").await.unwrap(), &plain("app", "s"));
}

/// However often secrets rotate, no more than two are live.
pub async fn second_rotation_drops_the_oldest_secret(manager: &Part) {
    create(manager, &plain("app", "first")).await;
    assert!(update(manager, "app", &rotation("second", 600)).await);
    assert!(update(manager, "app", &rotation("third", 60)).await);
    let consumer = find(manager, "app").await.unwrap();
    assert_eq!(live(&consumer, 59), ["third", "second"]);
    assert_eq!(live(&consumer, 60), ["third"]);
}

/// A deleted consumer is neither found nor listed; the others stay.
pub async fn deleted_consumer_is_gone(manager: &Part) {
    create(manager, &full("app")).await;
    create(manager, &plain("other", "s")).await;
    assert!(manager.delete(&consumer_key("app")).await.unwrap());
    assert!(find(manager, "app").await.is_none());
    let listed = manager.list(None, 10).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(find(manager, "other").await.is_some());
    assert!(!manager.delete(&consumer_key("app")).await.unwrap());
}

/// A deleted key can be given again, and brings back nothing of the first consumer.
pub async fn consumer_created_after_deletion_starts_anew(manager: &Part) {
    create(manager, &full("app")).await;
    assert!(manager.delete(&consumer_key("app")).await.unwrap());
    create(manager, &plain("app", "s")).await;
    assert_same(&find(manager, "app").await.unwrap(), &plain("app", "s"));
}

/// A change of a consumer that is not there creates none.
pub async fn change_of_unknown_consumer_is_false(manager: &Part) {
    for change in [
        ConsumerChange::Disable("x".to_owned()),
        ConsumerChange::Enable,
        ConsumerChange::Configure {
            policy: Box::default(),
            callbacks: Vec::new(),
        },
        rotation("s", 60),
    ] {
        assert!(!update(manager, "nobody", &change).await, "{change:?}");
    }
    assert!(find(manager, "nobody").await.is_none());
}

/// There was none, so none was deleted.
pub async fn deletion_of_unknown_consumer_is_false(manager: &Part) {
    assert!(!manager.delete(&consumer_key("nobody")).await.unwrap());
}

/// The neighbours of a changed consumer stay as they are.
pub async fn change_touches_its_consumer_only(manager: &Part) {
    create(manager, &plain("app", "s")).await;
    create(manager, &plain("other", "s")).await;
    assert!(update(manager, "app", &rotation("new", 60)).await);
    let disable = ConsumerChange::Disable("x".to_owned());
    assert!(update(manager, "app", &disable).await);
    assert_same(&find(manager, "other").await.unwrap(), &plain("other", "s"));
}
