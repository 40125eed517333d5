//! What a journal says is there again when it is opened again.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::Path, time::Duration};

use example_own_store::Journal;
use oauth1_provider::{
    AccessToken, CallbackRule, Consumer, Decision, Exchange, Manager, Policy, Realms, RequestToken,
    RequestTokenState, Revocation, Session, SessionHandleHash, Store, UserId, VerifierHash,
    core::{
        BodyHashPolicy, Callback, ConsumerKey, Leniency, Secret, SignatureMethod, Timestamp,
        TokenKey, Transport, Verifier, Window,
    },
};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

fn app() -> ConsumerKey {
    ConsumerKey::new("app").unwrap()
}

fn key(text: &str) -> TokenKey {
    TokenKey::new(text).unwrap()
}

async fn reopened(path: &Path) -> Journal {
    Journal::open(path).await.unwrap()
}

async fn ask_and_approve(journal: &Journal, name: &str) -> VerifierHash {
    let pending = RequestToken {
        key: key(name),
        secret: Secret::from("request secret"),
        consumer: app(),
        callback: Callback::parse("http://127.0.0.1/back").unwrap(),
        realms: Realms::parse("music photos").unwrap(),
        state: RequestTokenState::Pending,
        created: NOW,
        expires: NOW.plus(Duration::from_secs(600)),
    };
    journal.create_request_token(&pending).await.unwrap();
    let verifier = VerifierHash::new(&key(name), &Verifier::new("verifier").unwrap());
    let decision = Decision::Approve {
        user: UserId::new("alice").unwrap(),
        verifier,
        realms: Realms::parse("photos").unwrap(),
    };
    journal.decide(&key(name), &decision, NOW).await.unwrap();
    verifier
}

fn exchange_of_one(verifier: VerifierHash) -> Exchange {
    Exchange {
        request_token: key("one"),
        consumer: app(),
        verifier,
        attempts: 3,
        key: key("access"),
        secret: Secret::from("access secret"),
        expires: Some(NOW.plus(Duration::from_secs(60))),
        session: Some(Session {
            handle: SessionHandleHash::from_bytes([7; 32]),
            expires: NOW.plus(Duration::from_secs(3_600)),
        }),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journal = reopened(&path).await;
    let verifier = ask_and_approve(&journal, "one").await;

    let journal = reopened(&path).await;
    let approved = journal.request_token(&key("one")).await.unwrap().unwrap();
    let alice = UserId::new("alice").unwrap();
    assert_eq!(approved.state, RequestTokenState::Authorized(alice.clone()));
    assert_eq!(approved.realms.as_str(), "photos");
    let exchange = exchange_of_one(verifier);
    journal.exchange(&exchange, NOW).await.unwrap();

    let journal = reopened(&path).await;
    assert!(journal.request_token(&key("one")).await.unwrap().is_none());
    let access = journal
        .access_token(&app(), &key("access"))
        .await
        .unwrap()
        .unwrap();
    let expected = exchange.access_token(alice.clone(), approved.realms, NOW);
    let parts = |token: &AccessToken| {
        let token = token.clone();
        let secret = token.secret.expose().to_owned();
        (
            token.user,
            token.realms,
            secret,
            token.created,
            token.expires,
            token.session,
        )
    };
    assert_eq!(parts(&access), parts(&expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn ends_of_tokens_are_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journal = reopened(&path).await;
    let alice = UserId::new("alice").unwrap();
    let verifier = ask_and_approve(&journal, "one").await;
    ask_and_approve(&journal, "two").await;
    let exchange = exchange_of_one(verifier);
    journal.exchange(&exchange, NOW).await.unwrap();
    journal
        .decide(&key("two"), &Decision::Deny, NOW)
        .await
        .unwrap();
    journal.revoke(&Revocation::User(alice)).await.unwrap();

    let journal = reopened(&path).await;
    assert!(
        journal
            .access_token(&app(), &key("access"))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        journal.request_token(&key("two")).await.unwrap().is_some(),
        "approved before"
    );
    journal.revoke(&Revocation::Consumer(app())).await.unwrap();
    let journal = reopened(&path).await;
    assert!(journal.request_token(&key("two")).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn consumers_are_there_again_with_all_of_their_policy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let mut policy = Policy::default();
    policy.methods = vec![SignatureMethod::HmacSha256, SignatureMethod::Plaintext];
    policy.transports = vec![Transport::Query, Transport::Header];
    policy.two_legged = false;
    policy.out_of_band = true;
    policy.access_token_lifetime = Some(Duration::from_secs(77));
    policy.realms = Some(Realms::parse("a b").unwrap());
    policy.leniencies = vec![Leniency::RepeatedQueryParameters];
    policy.body_hash = BodyHashPolicy::Require;
    policy.window = Some(Window::new(Duration::from_secs(1), Duration::from_secs(2)));
    let callback = CallbackRule::Exact(Callback::parse("https://a.example/b?c=d").unwrap());
    let consumer = Consumer::new(app(), Secret::from("first"), "App \u{e9}", NOW)
        .with_policy(policy)
        .with_callbacks([CallbackRule::Loopback, callback]);
    let mut consumer = consumer;
    consumer.rotate(Secret::from("second"), NOW.plus(Duration::from_secs(60)));
    consumer.disabled = Some("abuse".to_owned());
    reopened(&path).await.create(&consumer).await.unwrap();

    let journal = reopened(&path).await;
    let found = journal.find(&app()).await.unwrap().unwrap();
    // Debug shows all but the secrets.
    assert_eq!(format!("{found:?}"), format!("{consumer:?}"));
    let secrets = |consumer: &Consumer| -> Vec<String> {
        let live = consumer.live_credentials(NOW);
        live.map(|it| it.shared_secret().unwrap().expose().to_owned())
            .collect()
    };
    assert_eq!(secrets(&found), ["second", "first"]);
    assert!(journal.delete(&app()).await.unwrap());
    assert!(reopened(&path).await.find(&app()).await.unwrap().is_none());
}
