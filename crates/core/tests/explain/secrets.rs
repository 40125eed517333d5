//! What a client sent in place of a digest is not shown if it tells a secret.

use oauth1_core::{
    Secret,
    explain::{Explainer, HttpMessage},
};

#[test]
fn secrets_are_not_in_the_explanation_of_plaintext() {
    let explainer = Explainer::new(Secret::from("con&sumer")).with_token_secret("token".into());
    for (signature, shown) in [
        ("con%2526sumer%26token", "[redacted]"),
        ("con%26sumer%26token", "[redacted]"),
        ("token%26x", "[redacted]"),
        ("con%252526sumer%2526x", "[redacted]"),
        ("con%2525252526sumer%252526x", "[redacted]"),
        ("%25zzcon%2526sumer", "[redacted]"),
        ("con%26sumertoken", "[redacted]"),
        ("token", "[redacted]"),
        ("dG9rZW4m", "[redacted]"),
        ("Y29uJTI2c3VtZXImdG9rZW4%3D", "[redacted]"),
        ("Y29uJTI2c3VtZXImdG9rZW4", "[redacted]"),
        ("guess%26", "guess&"),
    ] {
        let raw = format!(
            "GET / HTTP/1.1\nHost: h\nAuthorization: OAuth oauth_consumer_key=\"k\", \
             oauth_token=\"t\", oauth_signature_method=\"PLAINTEXT\", \
             oauth_signature=\"{signature}\"\n\n"
        );
        let message = HttpMessage::parse(raw.as_bytes()).unwrap();
        let found = explainer
            .explain(&message.request("https", ""), None)
            .unwrap();
        assert_eq!(found.expected_signature, None);
        assert_eq!(found.received_signature, shown);
        let listed = found.parameters.iter();
        let mut listed = listed.map(|parameter| parameter.value.as_str());
        assert!(listed.all(|value| !value.contains("token")), "{signature}");
        // A client that only says that it makes a digest.
        let raw = raw.replace("PLAINTEXT", "HMAC-SHA1");
        let raw = raw.replace(
            "oauth_token=",
            "oauth_timestamp=\"1\", oauth_nonce=\"n\", oauth_token=",
        );
        let message = HttpMessage::parse(raw.as_bytes()).unwrap();
        let found = explainer.explain(&message.request("https", ""), None);
        assert_eq!(found.unwrap().received_signature, shown);
    }
}

#[test]
fn a_digest_that_holds_a_short_secret_by_chance_is_shown() {
    let explainer = Explainer::new(Secret::from("a")).with_token_secret("b".into());
    let signature = "abcdefghijklmnopqrstuvwxyza=";
    let raw = format!(
        "GET / HTTP/1.1\nHost: h\nAuthorization: OAuth oauth_consumer_key=\"k\", oauth_timestamp=\"1\", \
         oauth_nonce=\"n\", oauth_signature_method=\"HMAC-SHA1\", oauth_signature=\"{signature}\"\n\n"
    );
    let message = HttpMessage::parse(raw.as_bytes()).unwrap();
    let found = explainer.explain(&message.request("https", ""), None);
    assert_eq!(found.unwrap().received_signature, signature);
}
