//! The crate oauth1-request agrees on every signature.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::num::NonZeroU64;

use oauth1_differential::{Case, Sequence, case, ours};
use oauth1_request::{Builder, Credentials, HMAC_SHA1, ParameterList, signature_method::Plaintext};

fn theirs(case: &Case) -> Option<String> {
    let mut pairs = case.query.clone();
    pairs.extend(case.form.iter().flatten().cloned());
    let request = ParameterList::new(pairs);
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

/// It sorts before it encodes, against section 3.4.1.3.2 ("First, the name and value of each
/// parameter are encoded. [...] The parameters are sorted by name"): where that is another order,
/// there is nothing to compare.
fn sorts_alike(case: &Case) -> bool {
    let mut pairs = case.query.clone();
    pairs.extend(case.form.iter().flatten().cloned());
    let encode = |text: &str| oauth1_core::percent::encode(text.as_bytes());
    let encoded = |pairs: &[(String, String)]| -> Vec<_> {
        let encoded = pairs.iter();
        encoded
            .map(|(name, value)| (encode(name), encode(value)))
            .collect()
    };
    let mut before = pairs.clone();
    before.sort();
    let mut after = encoded(&pairs);
    after.sort();
    encoded(&before) == after
}

#[test]
fn oauth1_request_agrees() {
    let mut sequence = Sequence::new(5_849);
    let mut compared = 0;
    for _ in 0..10_000 {
        let case = case(&mut sequence);
        let Some(expected) = theirs(&case).filter(|_| sorts_alike(&case)) else {
            continue;
        };
        let (base_string, signature) = ours::base_string_and_signature(&case).unwrap();
        assert_eq!(signature, expected, "{case:?}\n{base_string}");
        compared += 1;
    }
    assert!(compared > 3_000, "{compared}");
}
