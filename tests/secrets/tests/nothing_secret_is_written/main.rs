//! All flows, refusals, outages and panics with every log at TRACE, and `Debug` of all that holds
//! a secret: none of the secrets used or issued stands in what was written.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![forbid(unsafe_code)]

mod shown;

use oauth1_provider::{
    ProblemReporting,
    core::{RsaPrivateKey, Secret, SignatureMethod, Signer, Transport},
};
use uncaught_secrets::{Answer, Capture, Fault, Secrets, World};

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_logged_or_shown_however_much_is_written() {
    let mut capture = Capture::install();
    let (folder, secrets) = (tempfile::tempdir().unwrap(), Secrets::default());
    for problems in [ProblemReporting::Off, ProblemReporting::Full] {
        let world = World::start(folder.path(), secrets.clone(), problems).await;
        all_flows(&world).await;
        refusals(&world).await;
        if problems == ProblemReporting::Full {
            faults(&world).await;
        }
        shown::all(&mut capture, &world).await;
        outage(&world).await;
    }
    let text = capture.text();
    // It is in truth all: ours, those of the libraries below, errors and panics.
    for expected in [
        "oauth1 request accepted",
        "oauth1 request refused",
        "oauth1 request not decided",
        "oauth1 access token issued",
        "oauth1 access token renewed",
        "nonce_used",
        "exchange is down",
        "exchange has a bug",
        "after access_token has a bug",
        "stack backtrace",
        "sqlx::query",
        "no such table",
    ] {
        assert!(text.contains(expected), "{expected} is absent");
    }
    assert!(secrets.count() > 100, "{}", secrets.count());
    let found = secrets.found_in(&text);
    assert!(found.is_empty(), "{} found: {found:#?}", found.len());
}

/// What a client has to keep to itself, noted.
fn credentials(world: &World, answer: &Answer) -> Option<(String, String)> {
    let (key, secret) = (
        answer.field("oauth_token")?,
        answer.field("oauth_token_secret")?,
    );
    world.secrets.add("token secret", secret);
    world.secrets.add("whole token", key);
    if let Some(handle) = answer.field("oauth_session_handle") {
        world.secrets.add("session handle", handle);
    }
    Some((key.to_owned(), secret.to_owned()))
}

/// From a request token to a renewed access token; ends where an answer is missing.
async fn flow(world: &World, callback: &str) -> Option<(String, String)> {
    let asking = world
        .signer("app")
        .with_parameter("oauth_callback", callback);
    let answer = world
        .call(&asking, "POST", "/oauth/request_token", "")
        .await;
    let (key, secret) = credentials(world, &answer)?;
    let page = format!("/oauth/authorize?oauth_token={key}");
    world.send("GET", &page, "", "").await;
    let answer = world.send("POST", &page, "", "").await;
    let in_redirect = answer.head.split("oauth_verifier=").nth(1);
    let code = in_redirect.map_or(answer.body.as_str(), |rest| rest.lines().next().unwrap());
    if answer.status != 200 && answer.status != 303 {
        return None;
    }
    world.secrets.add("verifier", code);
    let exchanging = world.with_token(&key, &secret);
    let wrong = exchanging
        .clone()
        .with_parameter("oauth_verifier", "uncaught-wrong-verifier");
    world
        .secrets
        .add("wrong verifier", "uncaught-wrong-verifier");
    world.call(&wrong, "POST", "/oauth/access_token", "").await;
    let exchanging = exchanging.with_parameter("oauth_verifier", code);
    let answer = world
        .call(&exchanging, "POST", "/oauth/access_token", "")
        .await;
    let (key, secret) = credentials(world, &answer)?;
    let handle = answer.field("oauth_session_handle")?.to_owned();
    for path in ["/any?q=1", "/user", "/panic"] {
        world
            .call(&world.with_token(&key, &secret), "GET", path, "")
            .await;
    }
    let renewing = world.with_token(&key, &secret);
    let renewing = renewing.with_parameter("oauth_session_handle", handle);
    let answer = world
        .call(&renewing, "POST", "/oauth/access_token", "")
        .await;
    credentials(world, &answer)
}

async fn all_flows(world: &World) {
    for callback in ["oob", "http://127.0.0.1:9/back?x=1"] {
        let (key, secret) = flow(world, callback).await.unwrap();
        for method in SignatureMethod::ALL {
            for transport in [Transport::Header, Transport::Query, Transport::Body] {
                if method.is_rsa() {
                    continue;
                }
                let signer = world.with_token(&key, &secret);
                let signer = signer.with_method(method).with_transport(transport);
                let form = "field=uncaught-form-value";
                let answer = world.call(&signer, "POST", "/user", form).await;
                assert_eq!(answer.status, 200, "{answer:?}");
            }
        }
    }
    world.secrets.add("form value", "uncaught-form-value");
    let private = include_str!("../../../vectors/keys/rsa2048.pkcs8.pem");
    for line in private.lines().filter(|line| !line.starts_with('-')) {
        world.secrets.add("private key", line);
    }
    let key = oauth1_provider::core::ConsumerKey::new("rsa").unwrap();
    let signer = Signer::rsa(key, RsaPrivateKey::from_pem(private).unwrap());
    assert_eq!(world.call(&signer, "GET", "/any", "").await.status, 200);
}

async fn refusals(world: &World) {
    let asking = world.signer("app").with_parameter("oauth_callback", "oob");
    let answer = world
        .call(&asking, "POST", "/oauth/request_token", "")
        .await;
    let (key, secret) = credentials(world, &answer).unwrap();
    let denied = format!("/oauth/authorize?oauth_token={key}");
    world.send("DELETE", &denied, "", "").await;
    world.secrets.add("guess", "uncaught-guessed-secret");
    let guess = Secret::from("uncaught-guessed-secret");
    for consumer in ["app", "nobody", "rsa"] {
        let consumer = oauth1_provider::core::ConsumerKey::new(consumer).unwrap();
        for method in [SignatureMethod::HmacSha1, SignatureMethod::Plaintext] {
            for path in ["/any", "/oauth/request_token", "/oauth/access_token"] {
                let signer = Signer::new(consumer.clone(), guess.clone()).with_method(method);
                let signer = signer
                    .with_parameter("oauth_callback", "oob")
                    .with_parameter("oauth_verifier", "uncaught-wrong-verifier");
                assert!(world.call(&signer, "POST", path, "").await.status >= 400);
                let token = oauth1_provider::core::TokenKey::new(&key).unwrap();
                let signer = signer.with_token(token, Secret::from(secret.as_str()));
                assert!(world.call(&signer, "POST", path, "").await.status >= 400);
            }
        }
    }
    world.secrets.add("signature", "uncaught-broken-signature");
    for rest in [
        "",
        ", oauth_nonce=\"a\", oauth_nonce=\"b\"",
        ", oauth_token_secret=\"uncaught-guessed-secret\"",
        ", oauth_verifier=\"uncaught-wrong-verifier%zz\"",
        ", oauth_version=\"uncaught-guessed-secret\"",
        ", oauth_timestamp=\"uncaught-guessed-secret\", oauth_nonce=\"\"",
        "\u{1}",
    ] {
        let header = format!(
            "OAuth oauth_consumer_key=\"app\", oauth_signature_method=\"PLAINTEXT\", \
             oauth_signature=\"uncaught-broken-signature\"{rest}"
        );
        for path in ["/any", "/oauth/access_token"] {
            assert!(world.send("POST", path, &header, "").await.status >= 400);
        }
    }
    // The same request twice.
    let signer = world.signer("app").with_transport(Transport::Query);
    let request = oauth1_provider::core::Request::new("GET", "http", "h", "/any", None);
    let nonce = oauth1_provider::core::Nonce::new("twice").unwrap();
    let signed = signer.sign(&request, world.provider.now(), &nonce).unwrap();
    world.secrets.add("signature", signed.signature());
    let query = signed.query().unwrap();
    let request = oauth1_provider::core::Request::new("GET", "http", "h", "/any", Some(&query));
    assert!(world.provider.authenticate(&request).await.is_ok());
    assert!(world.provider.authenticate(&request).await.is_err());
}

/// Every operation down, and panicking before and after its deed, in the whole flow.
async fn faults(world: &World) {
    for operation in [
        "find",
        "create_request_token",
        "request_token",
        "decide",
        "exchange",
        "renew",
        "access_token",
        "remember",
        "after find",
        "after create_request_token",
        "after request_token",
        "after decide",
        "after exchange",
        "after renew",
        "after access_token",
        "after remember",
    ] {
        for fault in [Fault::Outage, Fault::Panic] {
            world.faults.set(Some((operation, fault)));
            assert_eq!(flow(world, "oob").await, None, "{operation}");
        }
    }
    world.faults.set(None);
    assert!(flow(world, "oob").await.is_some(), "it works again");
}

/// The database itself: first without a table, then closed.
async fn outage(world: &World) {
    for statement in [
        "DROP TABLE oauth1_access_tokens",
        "DROP TABLE oauth1_nonces",
    ] {
        sqlx::query(statement).execute(&world.pool).await.unwrap();
        assert_eq!(flow(world, "oob").await, None);
    }
    world.pool.close().await;
    assert_eq!(flow(world, "oob").await, None);
}
