//! Why a signature does not match: what `explain` finds, reads and shows.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and reads files"
)]

mod message;
mod secrets;
mod vectors;

use oauth1_core::{
    ConsumerKey, Nonce, Request, RsaPublicKey, SignatureMethod, Signer, Timestamp, Transport,
    explain::{ExplainError, Explainer, Explanation},
};

/// The Authorization header of a client that takes the request to be another.
fn header(of: &Request<'_>, method: SignatureMethod, consumer_secret: &str) -> String {
    let signer = Signer::new(ConsumerKey::new("k").unwrap(), consumer_secret.into());
    let signer = signer.with_method(method);
    let nonce = Nonce::new("n").unwrap();
    let signed = signer.sign(of, Timestamp::from_secs(1), &nonce);
    signed.unwrap().authorization()
}

fn causes(found: &Explanation) -> Vec<&'static str> {
    found.causes.iter().map(|cause| cause.code).collect()
}

const SHA1: SignatureMethod = SignatureMethod::HmacSha1;

#[test]
fn json_that_was_signed_as_a_form_is_named_however_its_values_were_written() {
    let body = br#"{"a":{"b":[1,"x",true,false,null],"c":{}},"d":["e",{"f":"g"}],"h":"i"}"#;
    for (a, d) in [
        // As Python's `json.dumps` writes it, and `str`.
        (
            r#"{"b": [1, "x", true, false, null], "c": {}}"#,
            r#"["e", {"f": "g"}]"#,
        ),
        (
            "{'b': [1, 'x', True, False, None], 'c': {}}",
            "['e', {'f': 'g'}]",
        ),
    ] {
        let encode = |text: &str| oauth1_core::percent::encode(text.as_bytes());
        let form = format!("a={}&d={}&h=i", encode(a), encode(d));
        let kind: &[u8] = b"application/x-www-form-urlencoded";
        let request = Request::new("POST", "https", "h", "/", None);
        let wrong = header(&request.with_body(Some(kind), form.as_bytes()), SHA1, "s");
        let kind: &[u8] = b"application/json";
        let sent = request
            .with_authorization(wrong.as_bytes())
            .with_body(Some(kind), body);
        let found = Explainer::new("s".into()).explain(&sent, Some((kind, body)));
        assert_eq!(causes(&found.unwrap()), ["body_included"], "{a}");
    }
}

#[test]
fn bare_values_of_a_header_are_read_as_quoted_ones() {
    let request = Request::new("GET", "https", "h", "/p/%zz", None);
    let wrong = header(&Request::new("GET", "http", "h", "/p/%zz", None), SHA1, "s");
    let bare = wrong.replace('"', "");
    for header in [wrong, bare] {
        let sent = request.with_authorization(header.as_bytes());
        let found = Explainer::new("s".into()).explain(&sent, None).unwrap();
        assert_eq!(causes(&found), ["scheme"], "{header}");
    }
}

#[test]
fn a_malformed_escape_of_the_path_is_signed_as_sent() {
    let request = Request::new("GET", "https", "h", "/p/%zz+", None);
    let header = header(&request, SHA1, "another");
    let sent = request.with_authorization(header.as_bytes());
    let found = Explainer::new("s".into()).explain(&sent, None).unwrap();
    assert!(!found.valid && found.causes.is_empty());
    assert!(found.base_string.contains("%2Fp%2F%25zz%2B&"));
}

#[test]
fn a_pair_of_mistakes_is_searched_for_within_the_work_allowed() {
    let request = Request::new("GET", "https", "h", "/p", None);
    let wrong = header(&Request::new("get", "http", "h", "/p/", None), SHA1, "s");
    let sent = request.with_authorization(wrong.as_bytes());
    let explainer = Explainer::new("s".into());
    let found = explainer.explain(&sent, None).unwrap();
    assert_eq!(causes(&found), ["scheme", "trailing_slash"]);
    assert_eq!(found.alternatives, [found.causes]);
    let found = explainer.with_work_bytes(0).explain(&sent, None).unwrap();
    assert!(!found.valid && found.causes.is_empty() && found.tried > 0);
}

#[test]
fn a_body_that_is_not_the_one_signed_is_told_though_the_signature_matches() {
    const JSON: &[u8] = b"application/json";
    const FORM: &[u8] = b"application/x-www-form-urlencoded";
    let request = Request::new("PUT", "https", "h", "/p", None);
    let signer = Signer::new(ConsumerKey::new("k").unwrap(), "s".into()).with_body_hash(b"{}");
    let signed = signer.sign(&request, Timestamp::from_secs(1), &Nonce::new("n").unwrap());
    let signed = signed.unwrap().authorization();
    let request = request.with_authorization(signed.as_bytes());
    let explain = |body: Option<(&[u8], &[u8])>| {
        let found = Explainer::new("s".into()).explain(&request, body).unwrap();
        assert_eq!(
            found.expected_signature,
            Some(found.received_signature.clone())
        );
        assert_eq!(found.valid, found.alternatives.is_empty());
        assert_eq!(found.tried, 0);
        causes(&found)
    };
    assert_eq!(explain(Some((JSON, b"{}"))), [""; 0]);
    assert_eq!(explain(Some((JSON, b"{} "))), ["body_hash_wrong"]);
    assert_eq!(explain(None), ["body_hash_wrong"]);
    // The hash of a form's body: it is forbidden, whatever it says.
    let form = request.with_body(Some(FORM), b"");
    let found = Explainer::new("s".into()).explain(&form, None).unwrap();
    assert_eq!(causes(&found), ["body_hash_of_form"]);
}

/// As who has a request's parts apart gives them.
#[test]
fn a_form_given_beside_the_request_counts_as_its_body() {
    const FORM: &[u8] = b"application/x-www-form-urlencoded";
    let request = Request::new("POST", "https", "h", "/p", None);
    let signed = header(&request.with_body(Some(FORM), b"a=1"), SHA1, "s");
    let sent = request.with_authorization(signed.as_bytes());
    let explain = |body| Explainer::new("s".into()).explain(&sent, Some((FORM, body)));
    let right = explain(b"a=1").unwrap();
    assert!(right.valid);
    assert_eq!(right.expected_signature, Some(right.received_signature));
    let wrong = explain(b"a=1&a=1").unwrap();
    assert!(wrong.base_string.contains("a%3D1%26a%3D1"));
    assert_eq!(causes(&wrong), ["duplicates_dropped"]);
}

#[test]
fn a_body_that_is_no_form_counts_as_work() {
    let body = "[".repeat(20_000);
    let request = Request::new("POST", "https", "h", "/p", None);
    let wrong = header(&request, SHA1, "another secret");
    let sent = request.with_authorization(wrong.as_bytes());
    let explainer = Explainer::new("s".into()).with_work_bytes(8 << 20);
    let body = Some((b"text/plain".as_slice(), body.as_bytes()));
    let [without, with] = [None, body].map(|body| explainer.explain(&sent, body).unwrap().tried);
    assert!(with < without / 2, "{with} of {without}");
}

#[test]
fn a_consumer_without_a_secret_is_explained_with_the_tokens_alone() {
    let request = Request::new("GET", "https", "h", "/p", None);
    // Of the key `&ts`, made elsewhere.
    let header = "OAuth oauth_consumer_key=\"k\", oauth_token=\"t\", oauth_nonce=\"n\", \
        oauth_signature_method=\"PLAINTEXT\", oauth_signature=\"%26ts\"";
    let sent = request.with_authorization(header.as_bytes());
    let explainer = Explainer::new("".into());
    let with_token = explainer.clone().with_token_secret("ts".into());
    assert!(with_token.explain(&sent, None).unwrap().valid);
    let empty = explainer.with_token_secret("".into()).explain(&sent, None);
    assert_eq!(
        empty.unwrap_err(),
        ExplainError::NoKey(SignatureMethod::Plaintext)
    );
}

#[test]
fn rsa_requests_need_the_public_key_and_what_is_no_signature_has_no_cause() {
    let header = "OAuth oauth_consumer_key=\"k\", oauth_timestamp=\"1\", oauth_nonce=\"n\", \
        oauth_signature_method=\"RSA-SHA1\", oauth_signature=\"\"";
    let request = Request::new("GET", "https", "h", "/p", None);
    let sent = request.with_authorization(header.as_bytes());
    let explainer = Explainer::new("s".into());
    let refused = explainer.explain(&sent, None).unwrap_err();
    assert_eq!(refused, ExplainError::NoKey(SignatureMethod::RsaSha1));
    let key = include_str!("../../../../tests/vectors/keys/rsa2048.public.pem");
    let explainer = explainer.with_public_key(RsaPublicKey::from_pem(key).unwrap());
    let found = explainer.explain(&sent, None).unwrap();
    assert!(!found.valid && found.causes.is_empty());
    assert_eq!(found.expected_signature, None);
}

#[test]
fn parameters_are_listed_decoded_in_order_and_with_where_they_stood() {
    let form: &[u8] = b"application/x-www-form-urlencoded";
    let request = Request::new("POST", "https", "h", "/p", Some("z=%7e&oauth"));
    let request = request.with_body(Some(form), b"b=1+2&a");
    let header = header(&request, SHA1, "s");
    let sent = request.with_authorization(header.as_bytes());
    let found = Explainer::new("s".into()).explain(&sent, None).unwrap();
    let listed = found.parameters.iter().map(|parameter| {
        let (name, value) = (parameter.name.as_str(), parameter.value.as_str());
        let value = if name == "oauth_signature" { "" } else { value };
        (name, value, parameter.transport)
    });
    let (body, query, header) = (Transport::Body, Transport::Query, Transport::Header);
    assert_eq!(
        listed.collect::<Vec<_>>(),
        [
            ("a", "", body),
            ("b", "1 2", body),
            ("oauth", "", query),
            ("oauth_consumer_key", "k", header),
            ("oauth_nonce", "n", header),
            ("oauth_signature", "", header),
            ("oauth_signature_method", "HMAC-SHA1", header),
            ("oauth_timestamp", "1", header),
            ("oauth_version", "1.0", header),
            ("z", "~", query),
        ]
    );
}

#[test]
fn the_realm_is_told_apart_from_what_is_signed() {
    let request = Request::new("GET", "https", "h", "/p", Some("realm=signed"));
    let header = header(&request, SHA1, "s");
    let with_realm = header.replacen("OAuth ", r#"OAuth Realm="a \"b\"", "#, 1);
    for (sent, realm) in [(with_realm, Some("a \"b\"")), (header, None)] {
        let sent = request.with_authorization(sent.as_bytes());
        let found = Explainer::new("s".into()).explain(&sent, None).unwrap();
        assert!(found.valid);
        assert_eq!(found.realm.as_deref(), realm);
        let listed = found.parameters.iter().filter(|one| one.name == "realm");
        let listed: Vec<_> = listed.map(|one| one.value.as_str()).collect();
        assert_eq!(listed, ["signed"]);
    }
}
