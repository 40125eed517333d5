//! Keys of any script and length.

use super::{
    Part,
    fixture::{assert_same, create, find, plain},
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
