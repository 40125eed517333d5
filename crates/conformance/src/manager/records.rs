//! Consumers, kept, found and listed.

use oauth1_provider::{
    Consumer, ConsumerChange, Created, Realms,
    core::{RsaPublicKey, Secret},
};

use super::{
    Part,
    fixture::{assert_same, create, find, full, plain, update},
};
use crate::{consumer_key, later};

/// A key that nobody has is `None`, not an error.
pub async fn unknown_consumer_is_none(manager: &Part) {
    assert!(find(manager, "nobody").await.is_none());
    create(manager, &plain("somebody", "s")).await;
    assert!(find(manager, "nobody").await.is_none());
}

/// A public key comes back as a public key, also beside a secret that it replaced; a secret that
/// looks like a public key stays a secret.
pub async fn credentials_keep_their_type(manager: &Part) {
    let pem = include_str!("../rsa.public.pem");
    let key = RsaPublicKey::from_pem(pem).unwrap();
    let name = consumer_key("rsa");
    let mut rsa = Consumer::new(name, key.clone(), "RSA", later(1));
    create(manager, &rsa).await;
    assert_same(&find(manager, "rsa").await.unwrap(), &rsa);
    let change = ConsumerChange::Rotate {
        credential: Secret::from(pem).into(),
        overlap_until: later(60),
    };
    assert!(update(manager, "rsa", &change).await);
    rsa.rotate(Secret::from(pem), later(60));
    assert_same(&find(manager, "rsa").await.unwrap(), &rsa);
}

/// Nothing of a consumer is lost on the way in and out.
pub async fn created_consumer_has_all_its_fields(manager: &Part) {
    for consumer in [full("full"), plain("plain", "s")] {
        create(manager, &consumer).await;
        let found = manager.find(consumer.key()).await.unwrap().unwrap();
        assert_same(&found, &consumer);
    }
    let listed = manager.list(None, 10).await.unwrap();
    let [first, second] = listed.as_slice() else {
        panic!("two consumers were created, {} listed", listed.len());
    };
    assert_same(first, &full("full"));
    assert_same(second, &plain("plain", "s"));
}

/// No method at all is not the same as all methods.
pub async fn empty_policy_lists_stay_empty(manager: &Part) {
    let mut consumer = plain("app", "s");
    consumer.policy.methods.clear();
    consumer.policy.realms = Some(Realms::default());
    consumer.policy.transports.clear();
    create(manager, &consumer).await;
    assert_same(&find(manager, "app").await.unwrap(), &consumer);
}

/// A taken key answers `AlreadyExists`, and the first consumer stays.
pub async fn second_create_of_a_key_changes_nothing(manager: &Part) {
    create(manager, &full("app")).await;
    let second = manager.create(&plain("app", "other")).await.unwrap();
    assert_eq!(second, Created::AlreadyExists);
    assert_same(&find(manager, "app").await.unwrap(), &full("app"));
    assert_eq!(manager.list(None, 10).await.unwrap().len(), 1);
}

/// Pages follow each other without gap or repetition, in the order of the keys' bytes.
pub async fn consumers_are_listed_in_the_order_of_keys_by_pages(manager: &Part) {
    for key in ["b", "ä", "a", "C", "a b", "ab"] {
        create(manager, &plain(key, "s")).await;
    }
    let mut pages = Vec::new();
    let mut after = None;
    loop {
        let page = manager.list(after.as_ref(), 4).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.key().clone());
        let keys = page.iter().map(|consumer| consumer.key().to_string());
        pages.push(keys.collect::<Vec<_>>());
    }
    assert_eq!(pages, [vec!["C", "a", "a b", "ab"], vec!["b", "ä"]]);
    let behind_a_gap = manager.list(Some(&consumer_key("aa")), 1).await.unwrap();
    assert_eq!(behind_a_gap.first().unwrap().key().as_str(), "ab");
    assert!(manager.list(None, 0).await.unwrap().is_empty());
}
