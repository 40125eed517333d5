//! What is written with its secrets is read as it was; operations read do what they did.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use oauth1_provider::{
    AccessToken, CallbackRule, Consumer, ConsumerChange, Created, Decided, Decision, Exchange,
    Exchanged, Manager, MemoryManager, MemoryReplayGuard, MemoryStore, Operation, Policy, Realms,
    Remembered, Renewal, Renewed, ReplayEntry, RequestToken, RequestTokenState, Revocation,
    Session, SessionHandleHash, Store, StoreError, UserId, VerifierHash, WithSecrets,
    core::{
        BodyHashPolicy, Callback, ConsumerKey, Leniency, RsaPublicKey, Secret, SignatureMethod,
        Timestamp, TokenKey, Transport, Verifier, Window,
    },
};
use serde::{Serialize, de::DeserializeOwned};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

fn later(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

fn app() -> ConsumerKey {
    ConsumerKey::new("app \u{e9}").unwrap()
}

fn token(text: &str) -> TokenKey {
    TokenKey::new(text).unwrap()
}

fn alice() -> UserId {
    UserId::new("alice").unwrap()
}

/// Written, read, and written again: the texts are equal, and so is what `Debug` shows.
fn reread<T: std::fmt::Debug>(it: T) -> T
where
    WithSecrets<T>: Serialize + DeserializeOwned,
{
    let it = WithSecrets(it);
    let text = serde_json::to_string(&it).unwrap();
    let read: WithSecrets<T> = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    assert_eq!(format!("{read:?}"), format!("{it:?}"));
    read.0
}

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.methods = vec![
        SignatureMethod::HmacSha256,
        SignatureMethod::Plaintext,
        SignatureMethod::parse_any("X-OWN").unwrap(),
    ];
    policy.transports = vec![Transport::Query, Transport::Body, Transport::Header];
    policy.two_legged = false;
    policy.out_of_band = true;
    policy.access_token_lifetime = Some(Duration::from_secs(77));
    policy.realms = Some(Realms::parse("a b").unwrap());
    policy.leniencies = vec![Leniency::RepeatedQueryParameters];
    policy.body_hash = BodyHashPolicy::Require;
    policy.window = Some(Window::new(Duration::from_secs(1), Duration::from_secs(2)));
    policy
}

fn consumer() -> Consumer {
    let callback = CallbackRule::Exact(Callback::parse("https://a.example/b?c=d").unwrap());
    let mut consumer = Consumer::new(app(), Secret::from("first \u{e9}"), "App", NOW)
        .with_policy(policy())
        .with_callbacks([CallbackRule::Loopback, callback]);
    consumer.rotate(Secret::from("second"), later(60));
    consumer.disabled = Some("abuse".to_owned());
    consumer
}

fn pending() -> RequestToken {
    RequestToken {
        key: token("request"),
        secret: Secret::from("request secret"),
        consumer: app(),
        callback: Callback::OutOfBand,
        realms: Realms::parse("a b").unwrap(),
        state: RequestTokenState::Pending,
        created: NOW,
        expires: later(600),
    }
}

fn verifier() -> VerifierHash {
    VerifierHash::new(&token("request"), &Verifier::new("verifier").unwrap())
}

fn session() -> Session {
    Session {
        handle: SessionHandleHash::from_bytes([7; 32]),
        expires: later(3_600),
    }
}

fn exchange() -> Exchange {
    Exchange {
        request_token: token("request"),
        consumer: app(),
        verifier: verifier(),
        attempts: 3,
        key: token("access"),
        secret: Secret::from("access secret"),
        expires: Some(later(60)),
        session: Some(session()),
    }
}

fn renewal() -> Renewal {
    Renewal {
        access_token: token("access"),
        consumer: app(),
        handle: SessionHandleHash::from_bytes([7; 32]),
        key: token("renewed"),
        secret: Secret::from("renewed secret"),
        expires: later(90),
    }
}

fn approval() -> Decision {
    Decision::Approve {
        user: alice(),
        verifier: verifier(),
        realms: Realms::parse("a").unwrap(),
    }
}

#[test]
fn consumers_are_read_with_their_secrets_and_all_of_their_policy() {
    let read = reread(consumer());
    let secrets: Vec<_> = read
        .live_credentials(NOW)
        .map(|it| it.shared_secret().unwrap().expose())
        .collect();
    assert_eq!(secrets, ["second", "first \u{e9}"]);
    assert_eq!(read.policy, policy());

    let pem = include_str!("../src/dummy_key.pem");
    let key = RsaPublicKey::from_pem(pem).unwrap();
    let read = reread(Consumer::new(app(), key, "App", NOW));
    assert!(read.credential().serves(SignatureMethod::RsaSha256));
}

#[test]
fn tokens_are_read_with_their_secrets() {
    let mut authorized = pending();
    authorized.state = RequestTokenState::Authorized(alice());
    for it in [pending(), authorized] {
        let read = reread(it.clone());
        assert_eq!(
            (read.secret.expose(), read.state),
            ("request secret", it.state)
        );
    }
    let mut access: AccessToken = exchange().access_token(alice(), Realms::default(), NOW);
    assert_eq!(reread(access.clone()).secret.expose(), "access secret");
    (access.expires, access.session) = (None, None);
    assert_eq!(reread(access).expires, None);
}

#[test]
fn borrowed_ones_are_written_like_owned_ones() {
    let text = |json: serde_json::Result<String>| json.unwrap();
    let consumer = consumer();
    assert_eq!(
        text(serde_json::to_string(&WithSecrets(&consumer))),
        text(serde_json::to_string(&WithSecrets(consumer)))
    );
}

#[test]
fn what_cannot_be_one_is_not_read() {
    let json = serde_json::to_value(WithSecrets(pending())).unwrap();
    for (field, value) in [
        ("key", serde_json::json!("")),
        ("callback", serde_json::json!("not a callback")),
        ("state", serde_json::json!("approved")),
        ("created", serde_json::json!(-1)),
        ("consumer", serde_json::Value::Null),
    ] {
        let mut changed = json.clone();
        changed[field] = value;
        let read = serde_json::from_value::<WithSecrets<RequestToken>>(changed);
        assert!(read.is_err(), "{field}");
    }
}

/// Parts in memory, on which operations are carried out as they are read.
#[derive(Default)]
struct World(MemoryManager, MemoryStore);

impl World {
    async fn then<T: TryFrom<oauth1_provider::Done, Error = StoreError>>(
        &self,
        operation: Operation,
    ) -> T {
        let guard = MemoryReplayGuard::without_history();
        let operation = reread(operation);
        let done = operation.carry_out(&self.0, &self.1, &guard).await.unwrap();
        done.try_into().unwrap()
    }
}

#[tokio::test]
async fn operations_on_consumers_do_what_they_stand_for() {
    let world = World::default();
    let create = || Operation::from(&consumer());
    assert_eq!(world.then::<Created>(create()).await, Created::Created);
    assert_eq!(
        world.then::<Created>(create()).await,
        Created::AlreadyExists
    );
    for change in [
        ConsumerChange::Disable("why".to_owned()),
        ConsumerChange::Enable,
        ConsumerChange::Rotate {
            credential: Secret::from("third").into(),
            overlap_until: later(1),
        },
        ConsumerChange::Configure {
            policy: Box::default(),
            callbacks: vec![CallbackRule::Loopback],
        },
    ] {
        assert!(world.then::<bool>(Operation::from((&app(), &change))).await);
    }
    let found = world.0.find(&app()).await.unwrap().unwrap();
    let secret = found.credential().shared_secret().unwrap().expose();
    assert_eq!((secret, &found.disabled), ("third", &None));
    assert_eq!(found.policy, Policy::default());
}

#[tokio::test]
async fn operations_on_tokens_and_nonces_do_what_they_stand_for() {
    let world = World::default();
    world.then::<()>(Operation::from(&pending())).await;
    let decide = |decision| Operation::from((&token("request"), &decision, NOW));
    let approved: Decided = world.then(decide(approval())).await;
    let denied: Decided = world.then(decide(Decision::Deny)).await;
    assert_eq!((approved, denied), (Decided::Decided, Decided::NotPending));
    let exchanged: Exchanged = world.then(Operation::from((&exchange(), NOW))).await;
    assert!(matches!(exchanged, Exchanged::Exchanged(_)));
    let renewed: Renewed = world.then(Operation::from((&renewal(), NOW))).await;
    assert!(matches!(renewed, Renewed::Renewed(_)));
    let (of, key) = (app(), token("renewed"));
    let access = world.1.access_token(&of, &key).await.unwrap().unwrap();
    assert_eq!(access.secret.expose(), "renewed secret");
    let key = token("none");
    for (which, count) in [
        (Revocation::Token { user: alice(), key }, 0),
        (Revocation::Consumer(ConsumerKey::new("other").unwrap()), 0),
        (Revocation::User(alice()), 1),
    ] {
        assert_eq!(world.then::<u64>(Operation::from(&which)).await, count);
    }
    let entry = ReplayEntry {
        consumer: &app(),
        token: Some(&token("renewed")),
        timestamp: NOW,
        nonce: b"n",
        keep_until: later(300),
        now: NOW,
    };
    let remembered: Remembered = world.then(Operation::from(&entry)).await;
    assert_eq!(remembered, Remembered::Fresh);
    world.then::<()>(Operation::from(&pending())).await;
    let (manager, store) = (&world.0, &world.1);
    let guard = MemoryReplayGuard::without_history();
    let again = Operation::from(&pending());
    let taken = again.carry_out(manager, store, &guard).await.unwrap();
    assert!(matches!(<()>::try_from(taken), Err(StoreError::KeyTaken)));
    world.then::<Created>(Operation::from(&consumer())).await;
    assert!(world.then::<bool>(Operation::DeleteConsumer(app())).await);
    let left = world.1.request_token(&token("request")).await.unwrap();
    assert!(left.is_none(), "the consumer's tokens go with it");
}

#[test]
fn debug_shows_no_secret_with_or_without_the_wrapper() {
    let rotate = ConsumerChange::Rotate {
        credential: Secret::from("third secret").into(),
        overlap_until: NOW,
    };
    let access = exchange().access_token(alice(), Realms::default(), NOW);
    let shown = [
        format!("{:?}", WithSecrets(consumer())),
        format!("{:?}", WithSecrets(pending())),
        format!("{:?}", WithSecrets(&access)),
        format!("{:?}", WithSecrets(Operation::from(&consumer()))),
        format!("{:?}", Operation::from((&app(), &rotate))),
        format!("{:?}", Operation::from(&pending())),
        format!("{:?}", Operation::from((&exchange(), NOW))),
        format!("{:?}", Operation::from((&renewal(), NOW))),
        format!(
            "{:?}",
            Operation::from((&token("request"), &approval(), NOW))
        ),
        format!(
            "{:?}",
            oauth1_provider::Done::Exchanged(Box::new(Exchanged::Exchanged(access)))
        ),
    ];
    for text in shown {
        for secret in [
            "first", "second", "d secret", "t secret", "s secret", "7, 7",
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
