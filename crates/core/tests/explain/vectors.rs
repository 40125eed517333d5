//! The mistakes of `tests/vectors/explain`: each is found, and named.

use std::{collections::BTreeSet, fs, path::Path, thread};

use oauth1_core::{
    RsaPublicKey, Secret,
    explain::{self, Explainer, Explanation, HttpMessage},
};
use serde::Deserialize;

use crate::causes;

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
    rsa_public_key: Option<String>,
    causes: BTreeSet<String>,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/explain");
    let files = [
        "mistakes.json",
        "variations.json",
        "seldom.json",
        "pairs.json",
    ]
    .map(|name| {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        serde_json::from_str::<File>(&text).unwrap().cases
    });
    let cases: Vec<Case> = files.into_iter().flatten().collect();
    assert!(cases.len() > 400);
    cases
}

fn explain(case: &Case) -> Explanation {
    let message = HttpMessage::parse(case.raw.as_bytes()).unwrap();
    let mut explainer = Explainer::new(Secret::from(case.consumer_secret.as_str()));
    if let Some(secret) = &case.token_secret {
        explainer = explainer.with_token_secret(Secret::from(secret.as_str()));
    }
    if let Some(pem) = &case.rsa_public_key {
        explainer = explainer.with_public_key(RsaPublicKey::from_pem(pem).unwrap());
    }
    if let Some(authority) = &case.authority {
        explainer = explainer.with_authority(authority.as_str());
    }
    let request = message.request(&case.scheme, "");
    explainer.explain(&request, message.body()).unwrap()
}

#[test]
fn every_mistake_is_named_and_alone() {
    let cases = cases();
    let failed: Vec<String> = thread::scope(|scope| {
        let parts = cases.chunks(cases.len().div_ceil(8));
        let threads: Vec<_> = parts
            .map(|part| scope.spawn(|| part.iter().filter_map(misnamed).collect::<Vec<_>>()))
            .collect();
        let found = threads.into_iter().map(|thread| thread.join().unwrap());
        found.flatten().collect()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// What is wrong with the explanation of a case.
fn misnamed(case: &Case) -> Option<String> {
    let found = explain(case);
    let codes = found.causes.iter().map(|cause| cause.code.to_owned());
    let codes: BTreeSet<String> = codes.collect();
    let mut expected = case.causes.clone();
    expected.remove("unknown");
    assert_eq!(found.tried == 0, found.valid);
    (codes != expected || found.valid != case.causes.is_empty())
        .then(|| format!("{}: {codes:?}, not {:?}", case.name, case.causes))
}

#[test]
fn expected_signature_is_the_right_one() {
    let right = |case: &&Case| case.causes.is_empty() && case.rsa_public_key.is_none();
    for case in cases().iter().filter(right) {
        let found = explain(case);
        // PLAINTEXT is the secrets themselves.
        if case.raw.contains("PLAINTEXT") {
            continue;
        }
        assert_eq!(
            found.expected_signature.as_ref(),
            Some(&found.received_signature)
        );
        assert!(!format!("{found:?}").contains(&found.received_signature));
    }
}

#[test]
fn pairs_that_make_the_same_signature_are_all_named_each_for_itself() {
    let cases = cases();
    let case = cases.iter();
    let mut case = case.filter(|case| case.name == "trailing_slash and duplicates_dropped");
    let found = explain(case.next().unwrap());
    let alternatives: Vec<Vec<_>> = found
        .alternatives
        .iter()
        .map(|causes| causes.iter().map(|cause| cause.code).collect())
        .collect();
    let pairs = [
        ["query_missing", "trailing_slash"],
        ["trailing_slash", "duplicates_dropped"],
    ];
    assert_eq!(alternatives, pairs);
    assert_eq!(
        causes(&found),
        ["query_missing", "trailing_slash", "duplicates_dropped"]
    );
}

#[test]
fn every_cause_is_among_the_codes() {
    let codes: BTreeSet<_> = explain::codes().collect();
    let all = cases().into_iter().flat_map(|case| case.causes);
    let named: BTreeSet<String> = all.filter(|cause| cause != "unknown").collect();
    let named: BTreeSet<_> = named.iter().map(String::as_str).collect();
    assert_eq!(named, codes);
}
