//! OAuth Problem Reporting 1.0.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::sync::Arc;

use oauth1_provider::{
    Consumer, FixedClock, Guard, Manager, MemoryManager, MemoryReplayGuard, MemoryStore,
    ProblemReporting, Provider, Response, Verdict,
    core::{ConsumerKey, Nonce, Request, Secret, Signer, Timestamp, TokenKey},
};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

async fn provider(level: ProblemReporting) -> Provider {
    let manager = Arc::new(MemoryManager::default());
    let key = ConsumerKey::new("k").unwrap();
    let consumer = Consumer::new(key, Secret::from("s"), "n", NOW);
    manager.create(&consumer).await.unwrap();
    let store = Arc::new(MemoryStore::default());
    let guard = Arc::new(MemoryReplayGuard::without_history());
    Provider::builder(manager, store, guard)
        .with_clock(Arc::new(FixedClock::new(NOW)))
        .with_problem_reporting(level)
        .build()
        .unwrap()
}

fn signer(key: &str, secret: &str) -> Signer {
    Signer::new(ConsumerKey::new(key).unwrap(), Secret::from(secret))
}

fn header(signer: &Signer, seconds: u64) -> String {
    let bare = Request::new("GET", "https", "h", "/p", None);
    let nonce = Nonce::new("n").unwrap();
    let at = Timestamp::from_secs(seconds);
    signer.sign(&bare, at, &nonce).unwrap().authorization()
}

async fn refused(provider: &Provider, header: &str) -> Response {
    let request =
        Request::new("GET", "https", "h", "/p", None).with_authorization(header.as_bytes());
    let refusal = provider.authenticate(&request).await.unwrap_err();
    provider.refusal_response(&refusal)
}

fn value<'r>(response: &'r Response, name: &str) -> &'r str {
    let found = response.headers.iter().find(|(header, _)| *header == name);
    found.map_or("", |(_, value)| value)
}

/// Requests, the status they deserve, and how its report begins.
fn reports(good: &str) -> Vec<(String, u16, &'static str)> {
    let unknown_token = signer("k", "s").with_token(TokenKey::new("t").unwrap(), Secret::from("u"));
    vec![
        (
            good.replace("oauth_nonce=\"n\", ", ""),
            400,
            "oauth_problem=parameter_absent&oauth_parameters_absent=oauth_nonce&",
        ),
        (
            good.replace("oauth_timestamp=\"1", "oauth_timestamp=\"x"),
            400,
            "oauth_problem=parameter_rejected&oauth_parameters_rejected=oauth_timestamp&",
        ),
        (
            good.replace("oauth_version=\"1.0\"", "oauth_version=\"2.0\""),
            400,
            "oauth_problem=version_rejected&oauth_acceptable_versions=1.0-1.0&",
        ),
        (
            good.replace("HMAC-SHA1", "HMAC-MD5"),
            400,
            "oauth_problem=signature_method_rejected&",
        ),
        (
            header(&signer("k", "guess"), NOW.as_secs()),
            401,
            "oauth_problem=signature_invalid&",
        ),
        (
            header(&signer("nobody", "s"), NOW.as_secs()),
            401,
            "oauth_problem=consumer_key_unknown&",
        ),
        (
            header(&unknown_token, NOW.as_secs()),
            401,
            "oauth_problem=token_rejected&",
        ),
        (
            header(&signer("k", "s"), 1),
            401,
            "oauth_problem=timestamp_refused&oauth_acceptable_timestamps=1699999700-1700000300&",
        ),
    ]
}

#[tokio::test]
async fn codes_and_their_parameters_stand_in_body_and_header() {
    let provider = provider(ProblemReporting::Full).await;
    let good = header(&signer("k", "s"), NOW.as_secs());
    for (header, status, report) in reports(&good) {
        let answer = refused(&provider, &header).await;
        assert_eq!(answer.status, status, "{report}");
        assert!(answer.body.starts_with(report), "{}", answer.body);
        assert!(answer.body.contains("oauth_problem_advice="));
        assert_eq!(
            value(&answer, "content-type"),
            "application/x-www-form-urlencoded"
        );
        let challenge = value(&answer, "www-authenticate");
        let problem = report.split('&').next().unwrap().replace('=', "=\"");
        assert!(
            challenge.starts_with(&format!("OAuth realm=\"API\", {problem}\"")),
            "{challenge}"
        );
    }
    // A replay, at last.
    let accepted =
        Request::new("GET", "https", "h", "/p", None).with_authorization(good.as_bytes());
    provider.authenticate(&accepted).await.unwrap();
    let answer = refused(&provider, &good).await;
    assert!(
        answer.body.starts_with("oauth_problem=nonce_used"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn level_code_tells_the_code_and_no_more() {
    let provider = provider(ProblemReporting::Code).await;
    let answer = refused(&provider, &header(&signer("k", "s"), 1)).await;
    assert_eq!(answer.body, "oauth_problem=timestamp_refused");
    let challenge = value(&answer, "www-authenticate");
    assert_eq!(
        challenge,
        "OAuth realm=\"API\", oauth_problem=\"timestamp_refused\""
    );
}

#[tokio::test]
async fn off_tells_unknown_consumer_unknown_token_and_wrong_signature_alike() {
    let provider = provider(ProblemReporting::Off).await;
    let token = signer("k", "s").with_token(TokenKey::new("t").unwrap(), Secret::from("u"));
    let mut answers = Vec::new();
    for signer in [signer("k", "guess"), signer("nobody", "s"), token] {
        let answer = refused(&provider, &header(&signer, NOW.as_secs())).await;
        assert!(!answer.body.contains("oauth_problem"));
        answers.push((answer.status, answer.headers, answer.body));
    }
    assert_eq!(answers.first(), answers.get(1));
    assert_eq!(answers.get(1), answers.get(2));
}

/// Who came without OAuth, and may not by the application's own log-in, reads no word of OAuth.
#[tokio::test]
async fn what_the_own_log_in_forbids_is_no_problem_of_oauth() {
    let provider = provider(ProblemReporting::Full).await;
    let guard = |verdict| Guard::of_request("editors only", move |(): &()| verdict);
    let forbidden = guard(Verdict::Forbid).check(None).unwrap_err();
    let answer = provider.guard_response(&forbidden);
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (403, "editors only\n")
    );
    assert!(provider.guard_report(&forbidden).is_none());

    let missing = guard(Verdict::Refuse).check(None).unwrap_err();
    let answer = provider.guard_response(&missing);
    assert_eq!(answer.status, 401);
    assert!(answer.body.starts_with("oauth_problem=permission_denied&"));

    let good = header(&signer("k", "s"), NOW.as_secs());
    let request = Request::new("GET", "https", "h", "/p", None);
    let request = request.with_authorization(good.as_bytes());
    let identity = provider.authenticate(&request).await.unwrap();
    let both = guard(Verdict::Forbid).check(identity.as_ref()).unwrap_err();
    let answer = provider.guard_response(&both);
    assert_eq!(answer.status, 403);
    assert!(answer.body.starts_with("oauth_problem=permission_denied&"));
}
