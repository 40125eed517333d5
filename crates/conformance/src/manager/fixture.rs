//! Consumers that the behaviours are made of.

use std::{sync::Arc, time::Duration};

use oauth1_provider::{
    CallbackRule, Consumer, ConsumerChange, Created, Credential, Policy, Realms,
    core::{
        BodyHashPolicy, Callback, Leniency, MethodName, Secret, SignatureMethod, Transport, Window,
    },
};

use super::Part;
use crate::{consumer_key, later};

pub(super) fn plain(key: &str, secret: &str) -> Consumer {
    Consumer::new(consumer_key(key), Secret::from(secret), "an app", later(0))
}

/// A consumer in which no field has its default.
pub(super) fn full(key: &str) -> Consumer {
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
pub(super) fn text(credential: &Credential) -> String {
    match credential {
        Credential::SharedSecret(secret) => format!("secret {}", secret.expose()),
        Credential::RsaPublicKey(key) => format!("RSA {}", key.to_pem().unwrap()),
        _ => String::new(),
    }
}

#[track_caller]
pub(super) fn assert_same(found: &Consumer, expected: &Consumer) {
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

pub(super) async fn create(manager: &Part, consumer: &Consumer) {
    let created = manager.create(consumer).await.unwrap();
    assert_eq!(created, Created::Created, "{:?}", consumer.key());
}

pub(super) async fn find(manager: &Part, key: &str) -> Option<Arc<Consumer>> {
    manager.find(&consumer_key(key)).await.unwrap()
}

pub(super) async fn update(manager: &Part, key: &str, change: &ConsumerChange) -> bool {
    manager.update(&consumer_key(key), change).await.unwrap()
}

pub(super) fn rotation(secret: &str, until: u64) -> ConsumerChange {
    ConsumerChange::Rotate {
        credential: Secret::from(secret).into(),
        overlap_until: later(until),
    }
}

pub(super) fn live(consumer: &Consumer, at: u64) -> Vec<String> {
    let live = consumer.live_credentials(later(at));
    let secrets = live.filter_map(Credential::shared_secret);
    secrets.map(|secret| secret.expose().to_owned()).collect()
}
