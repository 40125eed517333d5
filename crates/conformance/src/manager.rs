//! What every manager must do.

use oauth1_provider::{
    CallbackRule, Consumer, ConsumerChange, Created, Manager, Policy,
    core::{Callback, ConsumerKey, Secret, SignatureMethod, Timestamp, Transport, Window},
};

fn consumer(key: &str) -> Consumer {
    let key = ConsumerKey::new(key).unwrap();
    Consumer::new(
        key,
        Secret::from("s3cr3t é"),
        "Name ☃",
        Timestamp::from_secs(7),
    )
}

/// Runs the suite on an empty manager.
pub async fn manager(manager: &dyn Manager) {
    let mut first = consumer("b");
    let mut policy = Policy::default();
    policy.methods = vec![SignatureMethod::HmacSha256];
    policy.transports = vec![Transport::Query];
    policy.two_legged = false;
    policy.out_of_band = true;
    policy.access_token_lifetime = Some(std::time::Duration::from_secs(60));
    policy.window = Some(Window::new(
        std::time::Duration::from_secs(1),
        std::time::Duration::from_secs(2),
    ));
    first.policy = policy.clone();
    let callback = Callback::parse("https://example.com/cb?x=1").unwrap();
    first.callbacks = vec![CallbackRule::Exact(callback), CallbackRule::Loopback];

    assert!(
        manager.find(first.key()).await.unwrap().is_none(),
        "unknown is None"
    );
    assert_eq!(manager.create(&first).await.unwrap(), Created::Created);
    let again = consumer("b");
    assert_eq!(
        manager.create(&again).await.unwrap(),
        Created::AlreadyExists
    );
    let found = manager.find(first.key()).await.unwrap().unwrap();
    assert_eq!(
        found.policy, policy,
        "the policy comes back, and a second create changed nothing"
    );
    assert_eq!(found.callbacks, first.callbacks);
    assert_eq!(
        (found.name.as_str(), found.secret().expose()),
        ("Name ☃", "s3cr3t é")
    );
    assert_eq!(found.created(), Timestamp::from_secs(7));

    for key in ["c", "a", "B", "b "] {
        assert_eq!(
            manager.create(&consumer(key)).await.unwrap(),
            Created::Created,
            "{key:?}"
        );
    }
    let all = manager.list(None, 10).await.unwrap();
    let keys: Vec<_> = all.iter().map(|consumer| consumer.key().as_str()).collect();
    assert_eq!(
        keys,
        ["B", "a", "b", "b ", "c"],
        "bytewise, case and blanks count"
    );
    let page = manager.list(Some(first.key()), 1).await.unwrap();
    assert_eq!(page.first().unwrap().key().as_str(), "b ");
    changes(manager, first.key()).await;
}

async fn changes(manager: &dyn Manager, key: &ConsumerKey) {
    let disable = ConsumerChange::Disable("why".to_owned());
    assert!(manager.update(key, &disable).await.unwrap());
    let found = manager.find(key).await.unwrap().unwrap();
    assert_eq!(found.disabled.as_deref(), Some("why"));
    assert!(manager.update(key, &ConsumerChange::Enable).await.unwrap());
    let secret = Secret::from("new");
    let rotate = ConsumerChange::RotateSecret {
        secret,
        overlap_until: Timestamp::from_secs(20),
    };
    assert!(manager.update(key, &rotate).await.unwrap());
    let found = manager.find(key).await.unwrap().unwrap();
    assert!(found.disabled.is_none());
    let live = |now| found.live_secrets(Timestamp::from_secs(now)).count();
    assert_eq!((found.secret().expose(), live(19), live(20)), ("new", 2, 1));
    assert!(manager.delete(key).await.unwrap());
    assert!(!manager.delete(key).await.unwrap(), "gone already");
    assert!(
        !manager.update(key, &disable).await.unwrap(),
        "nothing to change"
    );
    assert!(manager.find(key).await.unwrap().is_none());
}
