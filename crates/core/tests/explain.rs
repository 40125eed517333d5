//! The mistakes of `tests/vectors/explain`: each is found, and named.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and reads files"
)]

use std::{collections::BTreeSet, fs, path::Path};

use oauth1_core::{
    Secret,
    explain::{ExplainError, Explainer, Explanation, HttpMessage, HttpMessageError},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    raw: String,
    scheme: String,
    authority: Option<String>,
    consumer_secret: String,
    token_secret: Option<String>,
    causes: BTreeSet<String>,
}

fn cases() -> Vec<Case> {
    let path = "../../tests/vectors/explain/mistakes.json";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let file: File = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    file.cases
}

fn explain(case: &Case) -> Explanation {
    let message = HttpMessage::parse(case.raw.as_bytes()).unwrap();
    let mut explainer = Explainer::new(Secret::from(case.consumer_secret.as_str()));
    if let Some(secret) = &case.token_secret {
        explainer = explainer.with_token_secret(Secret::from(secret.as_str()));
    }
    if let Some(authority) = &case.authority {
        explainer = explainer.with_authority(authority.as_str());
    }
    let request = message.request(&case.scheme, "");
    explainer.explain(&request, message.body()).unwrap()
}

#[test]
fn every_mistake_is_named_and_alone() {
    let mut failed = Vec::new();
    for case in cases() {
        let found = explain(&case);
        let codes: BTreeSet<String> = found
            .causes
            .iter()
            .map(|cause| cause.code.to_owned())
            .collect();
        let expected: BTreeSet<String> = case
            .causes
            .iter()
            .filter(|code| *code != "unknown")
            .cloned()
            .collect();
        if codes != expected || found.valid != case.causes.is_empty() {
            failed.push(format!("{}: {codes:?}, not {:?}", case.name, case.causes));
        }
        assert_eq!(found.tried == 0, found.valid);
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn expected_signature_is_the_right_one() {
    for case in cases().iter().filter(|case| case.causes.is_empty()) {
        let found = explain(case);
        assert_eq!(
            found.expected_signature.as_ref(),
            Some(&found.received_signature)
        );
        assert!(!format!("{found:?}").contains(&found.received_signature));
    }
}

#[test]
fn useless_input_is_told_from_wrong_signatures() {
    for (text, error) in [
        ("", HttpMessageError::Incomplete),
        ("nonsense", HttpMessageError::Malformed),
        ("\0\u{1}\n\n", HttpMessageError::Malformed),
        (
            "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort",
            HttpMessageError::Incomplete,
        ),
        (
            "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
            HttpMessageError::Malformed,
        ),
        (
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            HttpMessageError::Chunked,
        ),
    ] {
        assert_eq!(
            HttpMessage::parse(text.as_bytes()).unwrap_err(),
            error,
            "{text:?}"
        );
    }
    let explainer = Explainer::new(Secret::from("s"));
    let message = HttpMessage::parse(b"GET /a?b=c HTTP/1.1\nHost: h\n").unwrap();
    let refused = explainer.explain(&message.request("http", ""), message.body());
    assert_eq!(refused.unwrap_err(), ExplainError::NotOAuth);
}
