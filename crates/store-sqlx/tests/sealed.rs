//! Secrets at rest: what a database holds of them, and what happens without the right keys.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

mod common;

use std::sync::Arc;

use oauth1_provider::{
    Consumer, ConsumerChange, Exchange, Exchanged, Manager, Realms, RequestToken,
    RequestTokenState, Store, StoreError, UserId, VerifierHash,
    core::{Callback, ConsumerKey, Secret, Timestamp, TokenKey, Verifier},
};
use oauth1_store_sqlx::{ConnectError, KeyRing, SqlStore};
use sqlx::{AssertSqlSafe, Column, Row};

use crate::common::Place;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const SECRETS: [&str; 4] = [
    "secret-of-the-consumer",
    "secret-before-rotation",
    "secret-of-request-token",
    "secret-of-access-token",
];

fn ring(ids: &[&str]) -> (Vec<String>, KeyRing) {
    let lines: Vec<_> = ids
        .iter()
        .map(|id| KeyRing::generate(id).unwrap().to_string())
        .collect();
    let ring = KeyRing::parse(&lines.join("\n")).unwrap();
    (lines, ring)
}

fn key(text: &str) -> ConsumerKey {
    ConsumerKey::new(text).unwrap()
}

fn token(text: &str) -> TokenKey {
    TokenKey::new(text).unwrap()
}

/// A consumer with two live secrets, a request token and an access token of it.
async fn fill(store: &SqlStore) {
    let consumer = Consumer::new(key("app"), Secret::from(SECRETS[1]), "App", NOW);
    store.create(&consumer).await.unwrap();
    let change = ConsumerChange::Rotate {
        credential: Secret::from(SECRETS[0]).into(),
        overlap_until: Timestamp::from_secs(NOW.as_secs() + 1_000),
    };
    assert!(store.update(&key("app"), &change).await.unwrap());
    for name in ["pending", "exchanged"] {
        store
            .create_request_token(&request_token(name))
            .await
            .unwrap();
    }
    exchange(store, "exchanged", "access").await;
}

fn request_token(name: &str) -> RequestToken {
    RequestToken {
        key: token(name),
        secret: Secret::from(SECRETS[2]),
        consumer: key("app"),
        callback: Callback::OutOfBand,
        realms: Realms::default(),
        state: RequestTokenState::Pending,
        created: NOW,
        expires: Timestamp::from_secs(NOW.as_secs() + 600),
    }
}

async fn exchange(store: &SqlStore, from: &str, to: &str) {
    let hash = VerifierHash::new(&token(from), &Verifier::new("v").unwrap());
    let decision = oauth1_provider::Decision::Approve {
        user: UserId::new("alice").unwrap(),
        verifier: hash,
        realms: Realms::default(),
    };
    store.decide(&token(from), &decision, NOW).await.unwrap();
    let exchange = Exchange {
        request_token: token(from),
        consumer: key("app"),
        verifier: hash,
        attempts: 5,
        key: token(to),
        secret: Secret::from(SECRETS[3]),
        expires: None,
        session: None,
    };
    let exchanged = store.exchange(&exchange, NOW).await.unwrap();
    assert!(matches!(exchanged, Exchanged::Exchanged(_)));
}

/// Everything that [`fill`] put in reads back as it was.
async fn assert_readable(store: &SqlStore) {
    let consumer = store.find(&key("app")).await.unwrap().unwrap();
    let live: Vec<_> = consumer
        .live_credentials(NOW)
        .map(|credential| credential.shared_secret().unwrap().expose().to_owned())
        .collect();
    assert_eq!(live, SECRETS[..2]);
    let request = store.request_token(&token("pending")).await.unwrap();
    assert_eq!(request.unwrap().secret.expose(), SECRETS[2]);
    let access = store.access_token(&key("app"), &token("access")).await;
    assert_eq!(access.unwrap().unwrap().secret.expose(), SECRETS[3]);
}

/// Every column of every row, as text.
async fn dump(place: &Place) -> String {
    let mut out = String::new();
    for table in [
        "consumers",
        "request_tokens",
        "access_tokens",
        "nonces",
        "keys",
        "schema",
    ] {
        let query = AssertSqlSafe(format!("SELECT * FROM {}{table}", place.prefix));
        macro_rules! rows {
            ($pool:ty) => {{
                let pool = <$pool>::connect(&place.url).await.unwrap();
                for row in sqlx::query(query).fetch_all(&pool).await.unwrap() {
                    for at in 0..row.columns().len() {
                        let bytes: Option<Vec<u8>> = row.try_get_unchecked(at).unwrap_or_default();
                        out += &format!(
                            "{table}.{}={}\n",
                            row.column(at).name(),
                            String::from_utf8_lossy(&bytes.unwrap_or_default())
                        );
                    }
                }
            }};
        }
        match place.url.split(':').next().unwrap() {
            "sqlite" => rows!(sqlx::SqlitePool),
            "postgres" => rows!(sqlx::PgPool),
            _ => rows!(sqlx::MySqlPool),
        }
    }
    out
}

async fn run(place: &Place, statement: &str) {
    let statement = AssertSqlSafe(statement.replace("{p}", &place.prefix));
    match place.url.split(':').next().unwrap() {
        "sqlite" => {
            let pool = sqlx::SqlitePool::connect(&place.url).await.unwrap();
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
        "postgres" => {
            let pool = sqlx::PgPool::connect(&place.url).await.unwrap();
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
        _ => {
            let pool = sqlx::MySqlPool::connect(&place.url).await.unwrap();
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
    }
}

async fn dump_shows_no_secret(place: Place) {
    let store = place.open().await;
    fill(&store).await;
    let dump = dump(&place).await;
    assert!(dump.contains("consumers.consumer_key=app"), "{dump}");
    for secret in SECRETS {
        assert!(!dump.contains(secret), "{secret} is in {dump}");
    }
    assert_readable(&store).await;
    if let Some(path) = place.url.strip_prefix("sqlite:") {
        for file in [path.to_owned(), format!("{path}-wal")] {
            let bytes = std::fs::read(file).unwrap_or_default();
            let bytes = String::from_utf8_lossy(&bytes);
            assert!(SECRETS.iter().all(|secret| !bytes.contains(secret)));
        }
    }
}

async fn without_sealing_the_dump_shows_secrets(place: Place) {
    let store = place.open().await;
    fill(&store).await;
    let dump = dump(&place).await;
    assert!(SECRETS.iter().all(|secret| dump.contains(secret)), "{dump}");
}

async fn wrong_and_missing_keys_are_found_out_at_the_start(mut place: Place) {
    let (lines, right) = ring(&["a"]);
    place.ring = Some(right);
    fill(&*place.open().await).await;
    place.ring = None;
    let refused = place.options().connect(&place.url).await.unwrap_err();
    assert!(matches!(refused, ConnectError::KeyRingMissing), "{refused}");
    place.ring = Some(ring(&["a"]).1);
    let refused = place.options().connect(&place.url).await.unwrap_err();
    assert!(
        matches!(&refused, ConnectError::KeyWrong(id) if id == "a"),
        "{refused}"
    );
    place.ring = Some(ring(&["b"]).1);
    let refused = place.options().connect(&place.url).await.unwrap_err();
    assert!(
        matches!(&refused, ConnectError::KeyMissing(id) if id == "a"),
        "{refused}"
    );
    place.ring = Some(KeyRing::parse(&lines.join("\n")).unwrap());
    assert_readable(&*place.open().await).await;
}

async fn moved_and_changed_secrets_are_corrupt_and_never_used(place: Place) {
    let store = place.open().await;
    fill(&store).await;
    store
        .create_request_token(&request_token("other"))
        .await
        .unwrap();
    exchange(&store, "other", "stolen").await;
    // One row's secret in place of another's.
    run(
        &place,
        "CREATE TABLE {p}copy AS SELECT secret FROM {p}access_tokens WHERE token_key = 'access'",
    )
    .await;
    run(&place, "UPDATE {p}access_tokens SET secret = (SELECT secret FROM {p}copy) WHERE token_key = 'stolen'").await;
    run(&place, "DROP TABLE {p}copy").await;
    let stolen = store.access_token(&key("app"), &token("stolen")).await;
    assert!(matches!(stolen, Err(StoreError::Corrupt(_))), "{stolen:?}");
    run(&place, "UPDATE {p}request_tokens SET secret = 'AAAA'").await;
    let changed = store.request_token(&token("pending")).await;
    assert!(
        matches!(changed, Err(StoreError::Corrupt(_))),
        "{changed:?}"
    );
    // The others are as they were.
    let access = store.access_token(&key("app"), &token("access")).await;
    assert_eq!(access.unwrap().unwrap().secret.expose(), SECRETS[3]);
}

async fn rotation_seals_what_was_in_the_clear_and_lets_old_keys_go(mut place: Place) {
    fill(&*place.open().await).await;
    let (lines, _) = ring(&["new", "old"]);
    // From nothing to the old key, from the old one to the new.
    for text in [lines[1].clone(), lines.join("\n")] {
        place.ring = Some(KeyRing::parse(&text).unwrap());
        let store = place.open().await;
        assert_readable(&store).await;
        let mut seen = Vec::new();
        let sealed = store
            .rotate_keys(|progress| seen.push(progress))
            .await
            .unwrap();
        assert_eq!(sealed, 3, "a consumer and two tokens");
        assert!(
            seen.iter()
                .any(|progress| (progress.done, progress.total) == (3, 3))
        );
        assert_eq!(store.rotate_keys(|_| ()).await.unwrap(), 0);
        assert_readable(&store).await;
        let dump = dump(&place).await;
        assert!(SECRETS.iter().all(|secret| !dump.contains(secret)));
    }
    place.ring = Some(KeyRing::parse(&lines[0]).unwrap());
    assert_readable(&*place.open().await).await;
}

/// As after a `kill -9` between two batches: some rows have the new key, others the old one.
async fn an_interrupted_rotation_is_started_again(mut place: Place) {
    let (lines, _) = ring(&["new", "old"]);
    place.ring = Some(KeyRing::parse(&lines[1]).unwrap());
    let store = place.open().await;
    fill(&store).await;
    for number in 0..500 {
        let token = request_token(&format!("many-{number:03}"));
        store.create_request_token(&token).await.unwrap();
    }
    place.ring = Some(KeyRing::parse(&lines.join("\n")).unwrap());
    let store = place.open().await;
    let (begun, mut interrupted) = tokio::sync::mpsc::unbounded_channel();
    let rotating = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            store
                .rotate_keys(|progress| {
                    // The first batch of request tokens is behind us.
                    if progress.done > 100 {
                        let _ = begun.send(());
                    }
                })
                .await
        })
    };
    interrupted.recv().await;
    rotating.abort();
    let _ = rotating.await;
    assert_readable(&store).await;
    // The old key cannot be spared before the rotation has come to its end.
    store.rotate_keys(|_| ()).await.unwrap();
    place.ring = Some(KeyRing::parse(&lines[0]).unwrap());
    let store = place.open().await;
    assert_readable(&store).await;
    let last = store.request_token(&token("many-499")).await.unwrap();
    assert_eq!(last.unwrap().secret.expose(), SECRETS[2]);
}

/// Another process, with the old key first in its ring, goes on issuing tokens and rotating
/// secrets meanwhile.
async fn providers_go_on_while_keys_rotate(mut place: Place) {
    let (lines, _) = ring(&["new", "old"]);
    place.ring = Some(KeyRing::parse(&format!("{}\n{}", lines[1], lines[0])).unwrap());
    let provider = place.open().await;
    fill(&provider).await;
    for number in 0..300 {
        let token = request_token(&format!("many-{number:03}"));
        provider.create_request_token(&token).await.unwrap();
    }
    place.ring = Some(KeyRing::parse(&lines.join("\n")).unwrap());
    let rotator = place.open().await;
    let working = {
        let provider = Arc::clone(&provider);
        tokio::spawn(async move {
            for number in 0..50 {
                let name = format!("new-{number}");
                provider
                    .create_request_token(&request_token(&name))
                    .await
                    .unwrap();
                exchange(&provider, &name, &format!("access-{number}")).await;
            }
        })
    };
    rotator.rotate_keys(|_| ()).await.unwrap();
    working.await.unwrap();
    // What the provider sealed with the old key after the end is found by the next rotation.
    rotator.rotate_keys(|_| ()).await.unwrap();
    place.ring = Some(KeyRing::parse(&lines[0]).unwrap());
    let store = place.open().await;
    assert_readable(&store).await;
    for number in 0..50 {
        let access = token(&format!("access-{number}"));
        let access = store
            .access_token(&key("app"), &access)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(access.secret.expose(), SECRETS[3]);
    }
}

macro_rules! on_each {
    ($($name:ident $(($sealed:ident))?;)*) => {
        mod sqlite { $(#[tokio::test(flavor = "multi_thread")] async fn $name() { super::$name(super::Place::sqlite()$(.$sealed())?).await; })* }
        mod postgres { $(#[tokio::test(flavor = "multi_thread")] async fn $name() { super::$name(super::Place::postgres()$(.$sealed())?).await; })* }
        mod mysql { $(#[tokio::test(flavor = "multi_thread")] async fn $name() { super::$name(super::Place::mysql()$(.$sealed())?).await; })* }
    };
}

on_each! {
    dump_shows_no_secret(sealed);
    without_sealing_the_dump_shows_secrets;
    wrong_and_missing_keys_are_found_out_at_the_start;
    moved_and_changed_secrets_are_corrupt_and_never_used(sealed);
    rotation_seals_what_was_in_the_clear_and_lets_old_keys_go;
    an_interrupted_rotation_is_started_again;
    providers_go_on_while_keys_rotate;
}
