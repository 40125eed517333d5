//! The mistakes of `tests/vectors/explain`: each is found, and named.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and reads files"
)]

use std::{collections::BTreeSet, fs, path::Path, thread};

use oauth1_core::{
    ConsumerKey, Nonce, Request, RsaPublicKey, Secret, SignatureMethod, Signer, Timestamp,
    Transport,
    explain::{self, ExplainError, Explainer, Explanation, HttpMessage, HttpMessageError},
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
fn useless_input_is_told_from_wrong_signatures() {
    for (text, error) in [
        ("", HttpMessageError::Incomplete),
        ("nonsense", HttpMessageError::Malformed),
        ("\0\u{1}\n\n", HttpMessageError::Malformed),
        ("GET p HTTP/1.1\n\n", HttpMessageError::Malformed),
        ("GET ?q HTTP/1.1\n\n", HttpMessageError::Malformed),
        (
            "GET p?q=http://h/ HTTP/1.1\n\n",
            HttpMessageError::Malformed,
        ),
        ("GET ftp://h/p HTTP/1.1\n\n", HttpMessageError::Malformed),
        ("CONNECT h:443 HTTP/1.1\n\n", HttpMessageError::Malformed),
        (
            "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort",
            HttpMessageError::Incomplete,
        ),
        (
            "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
            HttpMessageError::Malformed,
        ),
        (
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nshort",
            HttpMessageError::Incomplete,
        ),
        (
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\r\n",
            HttpMessageError::Malformed,
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

#[test]
fn requests_are_read_as_people_and_tools_write_them() {
    let plain = "POST /p?q=1 HTTP/1.1\r\nHost: h\r\nAuthorization: OAuth a=\"b\", c=\"d\"\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nx=1&y=2";
    let folded = plain.replace(", c=", ",\r\n    c=");
    let unix = plain.replace("\r\n", "\n");
    let chunked = plain
        .replace("Content-Length: 7", "Transfer-Encoding: chunked")
        .replace("x=1&y=2", "3\r\nx=1\r\n4;ext=1\r\n&y=2\r\n0\r\n\r\n");
    let version = plain.replace("HTTP/1.1", "HTTP/2");
    let without_length = plain.replace("Content-Length: 7\r\n", "") + "\r\n";
    let typed_twice = plain.replace("Host: h", "Host: h\r\nContent-Type: text/plain");
    let after_empty_lines = format!("\r\n\r\n{plain}");
    for text in [
        plain,
        &folded,
        &unix,
        &chunked,
        &version,
        &without_length,
        &after_empty_lines,
        &typed_twice,
    ] {
        let message = HttpMessage::parse(text.as_bytes()).unwrap();
        let shown = format!("{:?}", message.request("http", ""));
        let body = message.body().unwrap();
        assert_eq!(body.1, b"x=1&y=2", "{text}");
        let plain = HttpMessage::parse(plain.as_bytes()).unwrap();
        assert_eq!(shown, format!("{:?}", plain.request("http", "")), "{text}");
    }
    let message = HttpMessage::parse(plain.as_bytes()).unwrap();
    assert_eq!((message.scheme(), message.authority()), (None, "h"));
    assert_eq!(format!("{message:?}"), "HttpMessage(POST, 7 bytes of body)");
    for (target, path, query) in [
        ("https://h:81/p?q", "/p", true),
        ("https://h:81", "", false),
        ("https://h:81?q", "", true),
    ] {
        let text = format!("GET {target} HTTP/1.1\nHost: other\n\n");
        let message = HttpMessage::parse(text.as_bytes()).unwrap();
        assert_eq!(message.scheme(), Some("https"));
        assert_eq!(message.authority(), "h:81");
        let request = message.request("https", "unused");
        assert_eq!((request.authority(), request.path()), ("h:81", path));
        assert_eq!(format!("{request:?}").contains("query: Some"), query);
    }
    let without_host = HttpMessage::parse(b"GET /p HTTP/1.1\n\n").unwrap();
    assert_eq!(without_host.request("http", "given").authority(), "given");
    let without_empty_line = "GET /p HTTP/1.1\nHost: h";
    assert!(HttpMessage::parse(without_empty_line.as_bytes()).is_ok());
}

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
    let key = include_str!("../../../tests/vectors/keys/rsa2048.public.pem");
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

#[test]
fn every_cause_is_among_the_codes() {
    let codes: BTreeSet<_> = explain::codes().collect();
    let all = cases().into_iter().flat_map(|case| case.causes);
    let named: BTreeSet<String> = all.filter(|cause| cause != "unknown").collect();
    let named: BTreeSet<_> = named.iter().map(String::as_str).collect();
    assert_eq!(named, codes);
}
