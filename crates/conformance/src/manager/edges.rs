//! Texts and times at their limits.

use oauth1_provider::{
    ConsumerChange,
    core::{Secret, Timestamp},
};

use super::{
    Part,
    fixture::{assert_same, create, find, live, plain, update},
};

/// Keys of any script, of quotes, and of 255 bytes come back as they were.
pub async fn unicode_and_long_consumer_keys_are_kept(manager: &Part) {
    let keys = [
        "ключ 🦀".to_owned(),
        "'; DROP TABLE consumers; --\\\"%_".to_owned(),
        "k".repeat(255),
        "鍵".repeat(85),
    ];
    for key in &keys {
        create(manager, &plain(key, key)).await;
    }
    for key in &keys {
        assert_same(&find(manager, key).await.unwrap(), &plain(key, key));
    }
    assert!(find(manager, &"k".repeat(254)).await.is_none());
}

/// Keys that a collation would fold (case, trailing space, accents, composition) are distinct.
pub async fn consumer_keys_are_compared_byte_by_byte(manager: &Part) {
    let keys = ["app", "App", "app ", " app", "äpp", "a\u{308}pp"];
    for key in keys {
        create(manager, &plain(key, key)).await;
    }
    for key in keys {
        assert_same(&find(manager, key).await.unwrap(), &plain(key, key));
    }
    assert!(find(manager, "APP").await.is_none());
}

/// Names, reasons and secrets longer than a row of some databases, and of any script.
pub async fn unicode_and_long_texts_of_consumers_are_kept(manager: &Part) {
    let long = "Ñ'\"\\%_ 🦀\n".repeat(1_000);
    let mut consumer = plain("app", &long);
    consumer.name.clone_from(&long);
    create(manager, &consumer).await;
    assert_same(&find(manager, "app").await.unwrap(), &consumer);
    let disable = ConsumerChange::Disable(long.clone());
    assert!(update(manager, "app", &disable).await);
    consumer.disabled = Some(long);
    assert_same(&find(manager, "app").await.unwrap(), &consumer);
}

/// Past what a column of a database holds: the old secret lives on, as far as anybody can tell.
pub async fn an_overlap_up_to_the_end_of_the_scale_is_not_over(manager: &Part) {
    create(manager, &plain("app", "old")).await;
    let change = ConsumerChange::Rotate {
        credential: Secret::from("new").into(),
        overlap_until: Timestamp::from_secs(u64::MAX),
    };
    assert!(update(manager, "app", &change).await);
    let consumer = find(manager, "app").await.unwrap();
    assert_eq!(live(&consumer, 1_000_000_000), ["new", "old"]);
}
