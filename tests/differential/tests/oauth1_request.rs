//! The crate oauth1-request agrees on every signature.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::num::NonZeroU64;

use oauth1_differential::{Case, Sequence, case, ours};
use oauth1_request::{Builder, Credentials, HMAC_SHA1, ParameterList, signature_method::Plaintext};

fn theirs(case: &Case) -> Option<String> {
    let request = ParameterList::new(pairs(case));
    let client = Credentials::new(case.consumer_key.as_str(), case.consumer_secret.as_str());
    let token = case.token.as_ref();
    let token = token.map(|(key, secret)| Credentials::new(key.as_str(), secret.as_str()));
    let timestamp = NonZeroU64::new(case.timestamp);
    macro_rules! sign {
        ($method:expr) => {{
            let mut builder = Builder::new(client, $method);
            builder
                .token(token)
                .nonce(case.nonce.as_str())
                .timestamp(timestamp)
                .version(true);
            builder.authorize(&case.method, uri(case), &request)
        }};
    }
    let header = match case.signature_method.as_str() {
        "HMAC-SHA1" => sign!(HMAC_SHA1),
        "PLAINTEXT" => sign!(Plaintext::new()),
        _ => return None,
    };
    let signature = header.split("oauth_signature=\"").nth(1).unwrap();
    let signature = signature.split('"').next().unwrap();
    let decoded = oauth1_core::percent::decode(signature.as_bytes()).unwrap();
    Some(String::from_utf8(decoded.into_owned()).unwrap())
}

/// It takes a URI that is normalised already.
fn uri(case: &Case) -> String {
    let (scheme, rest) = case.uri.split_once("://").unwrap();
    let (authority, path) = rest.split_at(rest.find('/').unwrap());
    format!("{scheme}://{}{path}", authority.to_ascii_lowercase())
}

/// It sorts repeated names by their values before it encodes those, against section 3.4.1.3.2
/// ("First, the name and value of each parameter are encoded. [...] If two or more parameters
/// share the same name, they are sorted by their value"): where that is another order, there is
/// nothing to compare.
fn sorts_alike(case: &Case) -> bool {
    let mut before = pairs(case);
    before.sort();
    let encoded = |pairs: &[(String, String)]| -> Vec<_> {
        let encode = |text: &str| oauth1_core::percent::encode(text.as_bytes());
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| (name.clone(), encode(value)))
            .collect()
    };
    let mut after = encoded(&before);
    after.sort();
    encoded(&before) == after
}

fn pairs(case: &Case) -> Vec<(String, String)> {
    let all = case.query.iter().chain(case.form.iter().flatten());
    all.cloned().collect()
}

/// It puts names into the base string as they are given, against section 3.4.1.3.2: it gets those
/// that need no encoding.
fn with_plain_names(mut case: Case) -> Case {
    let plain =
        |(name, _): &(String, String)| name.bytes().all(oauth1_core::percent::is_unreserved);
    case.query.retain(plain);
    if let Some(form) = &mut case.form {
        form.retain(plain);
    }
    case
}

/// Its PLAINTEXT leaves the secrets unencoded, against section 3.4.4 ("The client shared-secret,
/// after being encoded").
fn has_plain_secrets(case: &Case) -> bool {
    let plain = |text: &str| text.bytes().all(oauth1_core::percent::is_unreserved);
    let token_secret = case.token.as_ref().map_or("", |(_, secret)| secret);
    plain(&case.consumer_secret) && plain(token_secret)
}

#[test]
fn oauth1_request_agrees() {
    let mut sequence = Sequence::new(5_849);
    let mut compared = 0;
    for _ in 0..10_000 {
        let case = with_plain_names(case(&mut sequence));
        let Some(expected) = theirs(&case).filter(|_| sorts_alike(&case)) else {
            continue;
        };
        if case.signature_method == "PLAINTEXT" && !has_plain_secrets(&case) {
            continue;
        }
        let (base_string, signature) = ours::base_string_and_signature(&case).unwrap();
        assert_eq!(signature, expected, "{case:?}\n{base_string}");
        compared += 1;
    }
    assert!(compared > 2_000, "{compared}");
}
