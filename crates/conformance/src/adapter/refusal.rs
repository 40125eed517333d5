//! What is refused, and how.

use oauth1_provider::{BadAttempt, core::Secret};

use super::{
    client::{Answer, send_raw},
    world::{Server, World, as_consumer, as_user},
};
use crate::{consumer_key, faults::Fault};

pub(super) const CHALLENGE: &str = "OAuth realm=\"realm of the suite\"";

fn assert_refused(answer: &Answer) {
    assert_eq!(answer.status, 401, "{answer:?}");
    assert_eq!(answer.header("www-authenticate"), CHALLENGE);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
}

/// Not an anonymous visitor: a refusal.
pub async fn wrong_signature_is_refused_with_the_challenge(server: &Server) {
    let world = server.start().await;
    let forger = oauth1_provider::core::Signer::new(consumer_key("app"), Secret::from("guess"));
    let answer = world.get("/echo").signed(forger).send().await;
    assert_refused(&answer);
    assert_eq!(answer.text(), "invalid consumer, token or signature\n");
}

/// Status, headers and body do not tell what exists.
pub async fn unknown_consumer_and_wrong_signature_are_told_alike(server: &Server) {
    let world = server.start().await;
    let guess = |key| oauth1_provider::core::Signer::new(consumer_key(key), Secret::from("guess"));
    let wrong = world.get("/echo").signed(guess("app")).send().await;
    let unknown = world.get("/echo").signed(guess("nobody")).send().await;
    let token = world
        .get("/echo")
        .signed(as_user("app", "nobody"))
        .send()
        .await;
    assert_eq!(wrong.clone().without_date(), unknown.without_date());
    assert_eq!(wrong.without_date(), token.without_date());
}

async fn header(world: &World, value: &str) -> Answer {
    world
        .get("/echo")
        .header("authorization", value)
        .send()
        .await
}

/// Section 3.2: 400, and no challenge.
pub async fn missing_parameter_is_400(server: &Server) {
    let world = server.start().await;
    for value in [
        "OAuth",
        "OAuth oauth_consumer_key=\"app\"",
        "oauth realm=\"x\"",
    ] {
        let answer = header(&world, value).await;
        assert_eq!(answer.status, 400, "{value}");
        assert_eq!(answer.header("www-authenticate"), "");
    }
}

/// Section 3.2, in one place and across.
pub async fn duplicated_parameter_is_400(server: &Server) {
    let world = server.start().await;
    let answer = world.get("/echo?oauth_nonce=1&oauth_nonce=1").send().await;
    assert_eq!(answer.status, 400);
    let call = world
        .get("/echo?oauth_nonce=1")
        .header("authorization", "OAuth oauth_nonce=\"1\"");
    assert_eq!(call.send().await.status, 400);
    let answer = header(&world, "OAuth oauth_nonce=\"1\", oauth_nonce=\"1\"").await;
    assert_eq!(answer.status, 400);
    let call = world
        .get("/echo")
        .header("authorization", "OAuth oauth_nonce=\"1\"");
    assert_eq!(call.signed(as_consumer("app")).send().await.status, 400);
}

/// The same bytes once more.
pub async fn replayed_request_is_refused(server: &Server) {
    let world = server.start().await;
    let call = |nonce| {
        world
            .get("/echo")
            .with_nonce(nonce)
            .signed(as_consumer("app"))
    };
    assert_eq!(call("n").send().await.status, 200);
    let answer = call("n").send().await;
    assert_refused(&answer);
    assert_eq!(answer.text(), "nonce already used\n");
    assert_eq!(call("m").send().await.status, 200);
}

/// 300 seconds each way, both included.
pub async fn old_and_future_timestamps_are_refused(server: &Server) {
    let world = server.start().await;
    for (seconds, status) in [(-301, 401), (-300, 200), (300, 200), (301, 401)] {
        let answer = world
            .get("/echo")
            .at(seconds)
            .signed(as_consumer("app"))
            .send()
            .await;
        assert_eq!(answer.status, status, "{seconds}");
    }
}

/// As the seed did; but never when the provider could not answer.
pub async fn bad_attempt_passes_as_anonymous_if_so_configured(server: &Server) {
    let world = server
        .start_with(|builder| builder.with_bad_attempt(BadAttempt::Anonymous))
        .await;
    let call = || world.get("/echo").signed(as_user("app", "nobody"));
    let answer = call().send().await;
    assert_eq!((answer.status, answer.text()), (200, "none\n"));
    world.store.set(Fault::Fails);
    assert_eq!(call().send().await.status, 503);
}

fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.text(), "temporarily unavailable\n");
}

/// Never accepted, never called a replay; and it recovers.
pub async fn replay_guard_that_is_down_means_503(server: &Server) {
    let world = server.start().await;
    let call = || world.get("/echo").signed(as_consumer("app"));
    world.guard.set(Fault::Fails);
    assert_unavailable(&call().send().await);
    assert_eq!(world.get("/echo").send().await.status, 200);
    world.guard.set(Fault::None);
    assert_eq!(call().send().await.status, 200);
}

/// On resources, at the token endpoints, at the authorise page.
pub async fn store_that_is_down_means_503(server: &Server) {
    let world = server.start().await;
    world.store.set(Fault::Fails);
    assert_unavailable(
        &world
            .get("/echo")
            .signed(as_user("app", "alice"))
            .send()
            .await,
    );
    let signer = as_consumer("app").with_parameter("oauth_callback", "oob");
    let call = world.post("/oauth/request_token").signed(signer);
    assert_unavailable(&call.send().await);
    assert_unavailable(&world.get("/oauth/authorize?oauth_token=x").send().await);
}

/// No 5xx, whatever comes; and the server lives on.
pub async fn hostile_bytes_are_never_a_server_error(server: &Server) {
    let world = server.start().await;
    let many = "oauth_a=1&".repeat(3_000);
    let mut heads = vec!["GET /echo?oauth_a HTTP/1.1".to_owned()];
    heads.extend(
        QUERIES
            .iter()
            .map(|query| format!("GET /echo?{query} HTTP/1.1\r\nHost: h")),
    );
    heads.push(format!("GET /echo?{many} HTTP/1.1\r\nHost: h"));
    for value in HEADERS {
        heads.push(format!(
            "GET /echo HTTP/1.1\r\nHost: h\r\nAuthorization: {value}"
        ));
    }
    for host in HOSTS {
        heads.push(format!(
            "GET /echo HTTP/1.1\r\n{host}Authorization: OAuth a=\"b\""
        ));
    }
    for head in heads {
        let request = format!("{head}\r\nConnection: close\r\n\r\n");
        let line = send_raw(world.address, request.as_bytes()).await;
        let status = line.strip_prefix("HTTP/1.1 ").unwrap_or_default();
        assert!(status.starts_with(['2', '4']), "{line} for {head}");
    }
    let answer = world
        .post("/echo")
        .form("oauth_nonce=\u{0}%&%ff=\u{e9}")
        .send()
        .await;
    assert_eq!(answer.status, 400);
    assert_eq!(world.get("/echo").send().await.status, 200);
}

const QUERIES: [&str; 8] = [
    "oauth_nonce=%",
    "oauth_nonce=%zz",
    "oauth_nonce=[{|\"}]",
    "oauth_consumer_key=%ff%fe",
    "oauth_signature=%FF",
    "&&&=&==&oauth_=",
    "oauth_token=\u{1}",
    "oauth_nonce=%00",
];

const HEADERS: [&str; 9] = [
    "OAuth \"",
    "OAuth a",
    "OAuth =",
    "OAuth a=\"",
    "OAuth ,,,,",
    "OAuth oauth_nonce=\"\\\"",
    "OAuth oauth_timestamp=\"-1\"",
    "OAuth realm=\"\\",
    "OAuth oauth_signature=\"\u{e9}\"",
];

const HOSTS: [&str; 9] = [
    "",
    "Host: \r\n",
    "Host: a b\r\n",
    "Host: h:99999\r\n",
    "Host: [::1\r\n",
    "Host: \u{e9}\r\n",
    "Host: a/b\r\n",
    "Host: user@h\r\n",
    "Host: h:x\r\n",
];
