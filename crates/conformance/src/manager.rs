//! What every [`Manager`] must do.

use std::{sync::Arc, time::Duration};

use oauth1_provider::{
    CallbackRule, Consumer, ConsumerChange, Created, Credential, Manager, Policy, Realms,
    core::{
        BodyHashPolicy, Callback, Leniency, MethodName, RsaPublicKey, Secret, SignatureMethod,
        Transport, Window,
    },
};

use crate::{consumer_key, later, race};

/// What a maker for [`crate::manager_suite`] makes.
pub type Part = Arc<dyn Manager>;

/// Makes a named test of each behaviour of a manager: see the crate's page.
#[macro_export]
macro_rules! manager_suite {
    ($make:expr) => {
        $crate::tests!(
            manager,
            $make,
            [
                unknown_consumer_is_none,
                credentials_keep_their_type,
                created_consumer_has_all_its_fields,
                empty_policy_lists_stay_empty,
                second_create_of_a_key_changes_nothing,
                consumers_are_listed_in_the_order_of_keys_by_pages,
                disabled_consumer_is_found_with_its_reason_until_enabled,
                rotation_keeps_two_secrets_live,
                configuration_is_replaced_as_a_whole,
                second_rotation_drops_the_oldest_secret,
                deleted_consumer_is_gone,
                consumer_created_after_deletion_starts_anew,
                change_of_unknown_consumer_is_false,
                deletion_of_unknown_consumer_is_false,
                change_touches_its_consumer_only,
                unicode_and_long_consumer_keys_are_kept,
                consumer_keys_are_compared_byte_by_byte,
                one_of_racing_creates_wins,
                one_of_racing_deletes_wins,
            ]
        );
    };
}

fn plain(key: &str, secret: &str) -> Consumer {
    Consumer::new(consumer_key(key), Secret::from(secret), "an app", later(0))
}

/// A consumer in which no field has its default.
fn full(key: &str) -> Consumer {
    let exact = |uri| CallbackRule::Exact(Callback::parse(uri).unwrap());
    let mut policy = Policy::default();
    let further = MethodName::new("HMAC-SHA384").unwrap();
    policy.methods = vec![
        SignatureMethod::HmacSha512,
        SignatureMethod::Plaintext,
        SignatureMethod::Further(further),
    ];
    policy.body_hash = BodyHashPolicy::Require;
    policy.leniencies = Leniency::ALL.to_vec();
    policy.transports = vec![Transport::Query, Transport::Header];
    policy.realms = Some(Realms::parse("photos.read").unwrap());
    policy.two_legged = false;
    policy.out_of_band = true;
    policy.access_token_lifetime = Some(Duration::from_secs(3_600));
    policy.window = Some(Window::new(Duration::from_secs(60), Duration::from_secs(5)));
    let mut consumer = Consumer::new(
        consumer_key(key),
        Secret::from("ol&d+%\"' ü"),
        "Ñame <b>'\"\n🦀",
        later(1),
    )
    .with_policy(policy)
    .with_callbacks([
        exact("https://app.example/cb?b=2&a=%20"),
        CallbackRule::Loopback,
        exact("my.app+x://done/here"),
    ]);
    consumer.rotate(Secret::from("n&w+%\"' é"), later(60));
    consumer.disabled = Some("unpaid: 'ü'".to_owned());
    consumer
}

/// A credential, with its type, as text.
fn text(credential: &Credential) -> String {
    match credential {
        Credential::SharedSecret(secret) => format!("secret {}", secret.expose()),
        Credential::RsaPublicKey(key) => format!("RSA {}", key.to_pem().unwrap()),
        _ => String::new(),
    }
}

#[track_caller]
fn assert_same(found: &Consumer, expected: &Consumer) {
    assert_eq!(found.key(), expected.key());
    assert!(
        text(found.credential()) == text(expected.credential()),
        "the credential is another"
    );
    let previous = |consumer: &Consumer| {
        let previous = consumer.previous.as_ref();
        previous.map(|previous| (text(&previous.credential), previous.until))
    };
    assert!(
        previous(found) == previous(expected),
        "the previous credential is another"
    );
    assert_eq!(found.name, expected.name);
    assert_eq!(found.callbacks, expected.callbacks);
    assert_eq!(found.policy, expected.policy);
    assert_eq!(found.created(), expected.created());
    assert_eq!(found.disabled, expected.disabled);
}

async fn create(manager: &Part, consumer: &Consumer) {
    let created = manager.create(consumer).await.unwrap();
    assert_eq!(created, Created::Created, "{:?}", consumer.key());
}

async fn find(manager: &Part, key: &str) -> Option<Arc<Consumer>> {
    manager.find(&consumer_key(key)).await.unwrap()
}

async fn update(manager: &Part, key: &str, change: &ConsumerChange) -> bool {
    manager.update(&consumer_key(key), change).await.unwrap()
}

fn rotation(secret: &str, until: u64) -> ConsumerChange {
    ConsumerChange::Rotate {
        credential: Secret::from(secret).into(),
        overlap_until: later(until),
    }
}

fn live(consumer: &Consumer, at: u64) -> Vec<String> {
    let live = consumer.live_credentials(later(at));
    let secrets = live.filter_map(Credential::shared_secret);
    secrets.map(|secret| secret.expose().to_owned()).collect()
}

/// A public key comes back as a public key, also beside a secret that it replaced; a secret that
/// looks like a public key stays a secret.
pub async fn credentials_keep_their_type(manager: &Part) {
    let pem = include_str!("rsa.public.pem");
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

/// A key that nobody has is `None`, not an error.
pub async fn unknown_consumer_is_none(manager: &Part) {
    assert!(find(manager, "nobody").await.is_none());
    create(manager, &plain("somebody", "s")).await;
    assert!(find(manager, "nobody").await.is_none());
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

/// Of callers that create one key at once, one gets `Created`, and its consumer is kept.
pub async fn one_of_racing_creates_wins(manager: &Part) {
    let answers = race(|number| {
        let manager = Arc::clone(manager);
        async move {
            let consumer = plain("app", &number.to_string());
            manager.create(&consumer).await.unwrap()
        }
    })
    .await;
    let winners: Vec<_> = (0..answers.len())
        .filter(|at| answers.get(*at) == Some(&Created::Created))
        .collect();
    let [winner] = winners.as_slice() else {
        panic!("{} callers got Created", winners.len());
    };
    let kept = find(manager, "app").await.unwrap();
    assert_same(&kept, &plain("app", &winner.to_string()));
}

/// Of callers that delete one consumer at once, one is told that it was there.
pub async fn one_of_racing_deletes_wins(manager: &Part) {
    create(manager, &plain("app", "s")).await;
    let answers = race(|_| {
        let manager = Arc::clone(manager);
        async move { manager.delete(&consumer_key("app")).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|deleted| **deleted).count(), 1);
}
