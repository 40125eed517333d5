//! Databases that earlier versions made, and migrations that were cut off: nothing is lost.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use oauth1_provider::{
    Decided, Decision, Exchange, Exchanged, Manager, Realms, Remembered, ReplayEntry, ReplayGuard,
    RequestTokenState, Store, UserId, VerifierHash,
    core::{Secret, TokenKey, Verifier},
};
use oauth1_store_sqlx::{ConnectError, SqlStore};
use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection};

use crate::{
    common::{Place, execute},
    rows::{app, at},
};

/// The tables as version 1 made them, on SQLite.
const VERSION_1: &str = "
    CREATE TABLE oauth1_schema (version INTEGER NOT NULL);
    CREATE TABLE oauth1_consumers (
        consumer_key TEXT PRIMARY KEY NOT NULL,
        secret TEXT NOT NULL,
        previous_secret TEXT,
        previous_until INTEGER,
        name TEXT NOT NULL,
        settings TEXT NOT NULL,
        created INTEGER NOT NULL,
        disabled TEXT
    ) WITHOUT ROWID;
    CREATE TABLE oauth1_request_tokens (
        token_key TEXT PRIMARY KEY NOT NULL,
        secret TEXT NOT NULL,
        consumer_key TEXT NOT NULL REFERENCES oauth1_consumers ON DELETE CASCADE,
        callback TEXT NOT NULL,
        user_id TEXT,
        verifier_hash BLOB,
        wrong_verifiers INTEGER NOT NULL DEFAULT 0,
        created INTEGER NOT NULL,
        expires INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX oauth1_request_tokens_consumer ON oauth1_request_tokens (consumer_key);
    CREATE INDEX oauth1_request_tokens_expires ON oauth1_request_tokens (expires);
    CREATE TABLE oauth1_access_tokens (
        token_key TEXT PRIMARY KEY NOT NULL,
        secret TEXT NOT NULL,
        consumer_key TEXT NOT NULL REFERENCES oauth1_consumers ON DELETE CASCADE,
        user_id TEXT NOT NULL,
        created INTEGER NOT NULL,
        expires INTEGER
    ) WITHOUT ROWID;
    CREATE INDEX oauth1_access_tokens_consumer ON oauth1_access_tokens (consumer_key);
    CREATE INDEX oauth1_access_tokens_user ON oauth1_access_tokens (user_id, created);
    CREATE INDEX oauth1_access_tokens_expires ON oauth1_access_tokens (expires)
        WHERE expires IS NOT NULL;
    CREATE TABLE oauth1_nonces (
        hash BLOB PRIMARY KEY NOT NULL,
        keep_until INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX oauth1_nonces_keep_until ON oauth1_nonces (keep_until);
    INSERT INTO oauth1_schema (version) VALUES (1);";

/// What version 2 did to them.
const VERSION_2: &str = "
    ALTER TABLE oauth1_consumers ADD COLUMN kind TEXT NOT NULL DEFAULT 'secret';
    ALTER TABLE oauth1_consumers ADD COLUMN previous_kind TEXT;
    INSERT INTO oauth1_schema (version) VALUES (2);";

/// What version 3 did to them.
const VERSION_3: &str = "
    ALTER TABLE oauth1_request_tokens ADD COLUMN realms TEXT NOT NULL DEFAULT '';
    ALTER TABLE oauth1_access_tokens ADD COLUMN realms TEXT NOT NULL DEFAULT '';
    ALTER TABLE oauth1_access_tokens ADD COLUMN session_handle_hash BLOB;
    ALTER TABLE oauth1_access_tokens ADD COLUMN session_expires INTEGER;
    ALTER TABLE oauth1_access_tokens ADD COLUMN dead INTEGER;
    UPDATE oauth1_access_tokens SET dead = expires;
    DROP INDEX oauth1_access_tokens_expires;
    CREATE INDEX oauth1_access_tokens_dead ON oauth1_access_tokens (dead) WHERE dead IS NOT NULL;
    INSERT INTO oauth1_schema (version) VALUES (3);";

/// The rows that the programs of those days kept: a consumer, its tokens in every state.
const ROWS: &str = r#"
    INSERT INTO oauth1_consumers
            (consumer_key, secret, previous_secret, previous_until, name, settings, created)
        VALUES ('app', 'new secret', 'old secret', 5000, 'App', '{"callbacks":
            [{"exact":"https://app.example/cb"}],"methods":["HMAC-SHA1"],"transports":["header"],
            "two_legged":true,"out_of_band":false,"access_token_lifetime":60,"window":null}', 1000);
    INSERT INTO oauth1_request_tokens
            (token_key, secret, consumer_key, callback, created, expires)
        VALUES ('pending', 's1', 'app', 'https://app.example/cb', 1000, 2000);
    INSERT INTO oauth1_request_tokens
            (token_key, secret, consumer_key, callback, created, expires, user_id, verifier_hash)
        VALUES ('approved', 's2', 'app', 'oob', 1000, 2000, 'alice',
            X'VERIFIER');
    INSERT INTO oauth1_access_tokens (token_key, secret, consumer_key, user_id, created, expires)
        VALUES ('lasting', 's3', 'app', 'alice', 1000, NULL),
               ('short', 's4', 'app', 'bob', 1000, 1500);"#;

async fn made_by(versions: &[&'static str]) -> Place {
    let place = Place::sqlite();
    let url = format!("{}?mode=rwc", place.url);
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let (first, later) = versions.split_first().unwrap();
    let rows = ROWS.replace("VERIFIER", &hex(verifier("approved").as_bytes()));
    for statements in [*first, &rows].into_iter().chain(later.iter().copied()) {
        let statements = sqlx::raw_sql(AssertSqlSafe(statements.to_owned()));
        connection.execute(statements).await.unwrap();
    }
    connection.close().await.unwrap();
    place
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key(text: &str) -> TokenKey {
    TokenKey::new(text).unwrap()
}

fn verifier(token: &str) -> VerifierHash {
    VerifierHash::new(&key(token), &Verifier::new("right").unwrap())
}

#[tokio::test]
async fn consumers_and_tokens_of_every_earlier_version_keep_working() {
    for versions in [
        &[VERSION_1][..],
        &[VERSION_1, VERSION_2],
        &[VERSION_1, VERSION_2, VERSION_3],
    ] {
        let place = made_by(versions).await;
        // The second time there is nothing left to do.
        for _ in 0..2 {
            let store = place.open().await;
            consumer_is_whole(&store).await;
            access_tokens_are_whole(&store).await;
        }
        let store = place.open().await;
        request_tokens_go_their_way(&store).await;
        purge_takes_what_expired(&store).await;
        nonces_are_remembered(&store).await;
        assert!(Manager::delete(&*store, &app()).await.unwrap());
        let lasting = store.access_token(&app(), &key("lasting")).await.unwrap();
        assert!(lasting.is_none(), "the cascade came through");
    }
}

async fn consumer_is_whole(store: &SqlStore) {
    let consumer = store.find(&app()).await.unwrap().unwrap();
    let secrets: Vec<_> = consumer
        .live_credentials(at(4_999))
        .map(|credential| credential.shared_secret().unwrap().expose().to_owned())
        .collect();
    assert_eq!(secrets, ["new secret", "old secret"]);
    assert!(consumer.policy.two_legged);
    assert!(consumer.policy.realms.is_none());
    assert_eq!(consumer.policy.methods.len(), 1);
    assert_eq!(consumer.callbacks.len(), 1);
}

async fn access_tokens_are_whole(store: &SqlStore) {
    let lasting = store.access_token(&app(), &key("lasting")).await.unwrap();
    let lasting = lasting.unwrap();
    assert_eq!(lasting.secret.expose(), "s3");
    assert_eq!(lasting.user.as_str(), "alice");
    assert_eq!(lasting.realms, Realms::default());
    assert_eq!((lasting.expires, lasting.created), (None, at(1_000)));
    assert!(lasting.session.is_none());
    let bobs = UserId::new("bob").unwrap();
    let bobs = store.access_tokens_of(&bobs).await.unwrap();
    assert_eq!(bobs.len(), 1);
}

async fn request_tokens_go_their_way(store: &SqlStore) {
    let pending = store.request_token(&key("pending")).await.unwrap().unwrap();
    assert_eq!(pending.state, RequestTokenState::Pending);
    let approval = Decision::Approve {
        user: UserId::new("carol").unwrap(),
        verifier: verifier("pending"),
        realms: Realms::default(),
    };
    let decided = store.decide(&key("pending"), &approval, at(1_100)).await;
    assert_eq!(decided.unwrap(), Decided::Decided);
    for (request, user) in [("approved", "alice"), ("pending", "carol")] {
        let exchange = Exchange {
            request_token: key(request),
            consumer: app(),
            verifier: verifier(request),
            attempts: 5,
            key: key(&format!("access of {user}")),
            secret: Secret::from("s"),
            expires: Some(at(9_000)),
            session: None,
        };
        let exchanged = store.exchange(&exchange, at(1_200)).await.unwrap();
        let Exchanged::Exchanged(access) = exchanged else {
            panic!("{exchanged:?}")
        };
        assert_eq!(access.user.as_str(), user);
    }
}

async fn purge_takes_what_expired(store: &SqlStore) {
    assert_eq!(Store::purge(store, at(1_499), 10).await.unwrap(), 0);
    assert_eq!(Store::purge(store, at(1_500), 10).await.unwrap(), 1);
    let short = store.access_token(&app(), &key("short")).await.unwrap();
    assert!(short.is_none());
}

async fn nonces_are_remembered(store: &SqlStore) {
    for expected in [Remembered::Fresh, Remembered::Replayed] {
        let entry = ReplayEntry {
            consumer: &app(),
            token: Some(&key("lasting")),
            timestamp: at(1_000),
            nonce: b"n",
            keep_until: at(1_300),
            now: at(1_000),
        };
        assert_eq!(store.remember(&entry).await.unwrap(), expected);
    }
}

/// MariaDB and MySQL cannot undo changes of tables: what a process that was killed in the midst of
/// a migration had done stays, without being noted.
#[tokio::test]
async fn a_migration_that_was_killed_half_way_is_finished_on_mariadb() {
    let place = Place::mysql();
    drop(place.open().await);
    let prefix = &place.prefix;
    for undone in [
        format!("DELETE FROM {prefix}schema"),
        format!("ALTER TABLE {prefix}nonces DROP COLUMN batch"),
        format!("DROP TABLE {prefix}request_tokens"),
        format!("ALTER TABLE {prefix}access_tokens DROP COLUMN session_expires"),
    ] {
        execute(&place.url, undone).await.unwrap();
    }
    let store = place.open().await;
    nonces_are_remembered(&store).await;
    assert!(store.request_token(&key("none")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    for place in [Place::sqlite(), Place::postgres(), Place::mysql()] {
        drop(place.open().await);
        let insert = format!("INSERT INTO {}schema (version) VALUES (1000)", place.prefix);
        execute(&place.url, insert).await.unwrap();
        let refused = place.options().connect(&place.url).await;
        assert!(matches!(refused, Err(ConnectError::Newer(1_000))));
    }
}
