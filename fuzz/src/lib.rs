//! What must hold for any bytes, one function per fuzz target. `tests/replay.rs` runs them on
//! stable over the seeds and over bytes made of them.
#![deny(missing_docs)]
#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a finding is a panic"
)]

mod reference;
mod seeds;
pub use crate::seeds::seeds;

use oauth1_core::{
    Callback, ConsumerKey, Limits, Nonce, Parsed, PreparedKey, Request, Secret, SignatureMethod,
    Signer, Timestamp, TokenKey, Transport,
    explain::{Explainer, HttpMessage},
    percent,
};

/// A target.
pub type Target = fn(&[u8]);

/// All targets, by name.
pub const TARGETS: [(&str, Target); 9] = [
    ("authorization_header", authorization_header),
    ("base_string", base_string),
    ("base_string_uri", base_string_uri),
    ("callback", callback),
    ("explain", explain),
    ("form_encoded", form_encoded),
    ("percent", percent),
    ("query", query),
    ("sign_and_verify", sign_and_verify),
];

const FORM: Option<&[u8]> = Some(b"application/x-www-form-urlencoded");

fn secret() -> Secret {
    Secret::from("secret")
}

fn key(method: SignatureMethod) -> PreparedKey {
    PreparedKey::shared_secret(method, &secret(), None).unwrap()
}

/// Nothing that is parsed is accepted without the secret.
fn parse_and_refuse(request: &Request<'_>) {
    let Ok(Some(parsed)) = Parsed::extract(request, &Limits::default()) else {
        return;
    };
    let method = parsed.parameters().signature_method();
    let _ = format!(
        "{parsed:?} {:?} {}",
        parsed.parameters(),
        parsed.base_string()
    );
    assert!(parsed.application_parameters().count() <= Limits::default().parameters);
    if method.is_rsa() {
        return;
    }
    let unguessable = Secret::from("3xNQmLQKzZ9dW1uJ0s6TtVb2");
    let key = PreparedKey::shared_secret(method, &unguessable, None).unwrap();
    assert!(parsed.verify(&key).is_err());
}

/// Any Authorization header value.
pub fn authorization_header(data: &[u8]) {
    let request = Request::new("GET", "http", "example.com", "/", None);
    parse_and_refuse(&request.with_authorization(data));
    let prefixed = [b"OAuth ", data].concat();
    parse_and_refuse(&request.with_authorization(&prefixed));
}

/// Any form body or query, read as the WHATWG's parser reads it, where that is defined.
pub fn form_encoded(data: &[u8]) {
    let request = Request::new("POST", "http", "example.com", "/", None);
    parse_and_refuse(&request.with_body(FORM, data));
    let header = b"OAuth oauth_consumer_key=\"k\", oauth_signature_method=\"PLAINTEXT\", \
                   oauth_signature=\"secret%26\"";
    let request = request.with_authorization(header).with_body(FORM, data);
    let Ok(Some(parsed)) = Parsed::extract(&request, &Limits::default()) else {
        return;
    };
    let mut ours: Vec<(String, String)> = parsed
        .application_parameters()
        .map(|(name, value)| {
            let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
            (text(name), text(value))
        })
        .collect();
    let mut theirs: Vec<_> = form_urlencoded::parse(data).into_owned().collect();
    ours.sort();
    theirs.sort();
    assert_eq!(ours, theirs);
}

/// Any query, with the protocol parameters in it or beside it.
pub fn query(data: &[u8]) {
    let query = String::from_utf8_lossy(data);
    let request = Request::new("GET", "https", "example.com", "/", Some(&query));
    parse_and_refuse(&request);
    let header = b"OAuth oauth_consumer_key=\"k\", oauth_signature_method=\"PLAINTEXT\", \
                   oauth_signature=\"secret%26\"";
    let Ok(Some(parsed)) = Parsed::extract(&request.with_authorization(header), &Limits::default())
    else {
        return;
    };
    let theirs = form_urlencoded::parse(query.as_bytes()).count();
    assert_eq!(parsed.application_parameters().count(), theirs);
    assert!(parsed.verify(&key(SignatureMethod::Plaintext)).is_ok());
}

/// Any scheme, authority and path.
pub fn base_string_uri(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.splitn(3, '\n');
    let mut part = || parts.next().unwrap_or_default();
    let (scheme, authority, path) = (part(), part(), part());
    let header = b"OAuth oauth_consumer_key=\"k\", oauth_signature_method=\"PLAINTEXT\", \
                   oauth_signature=\"secret%26\"";
    let request = Request::new("GET", scheme, authority, path, None).with_authorization(header);
    if let Ok(Some(parsed)) = Parsed::extract(&request, &Limits::default()) {
        assert_eq!(
            parsed.base_string(),
            reference::base_string(&request_parts(&text, header))
        );
    }
}

fn request_parts<'a>(text: &'a str, header: &'a [u8]) -> reference::Parts<'a> {
    let mut parts = text.splitn(3, '\n');
    let mut part = || parts.next().unwrap_or_default();
    reference::Parts {
        method: "GET",
        scheme: part(),
        authority: part(),
        path: part(),
        query: None,
        header,
        body: b"",
    }
}

/// Query and body, beside a plain second implementation of section 3.4.1.
pub fn base_string(data: &[u8]) {
    let at = data
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(data.len());
    let (query, body) = data.split_at(at);
    let query = String::from_utf8_lossy(query);
    let header = b"OAuth oauth_consumer_key=\"k%2B\", oauth_signature_method=\"PLAINTEXT\", \
                   oauth_signature=\"secret%26\"";
    let request = Request::new("POST", "https", "Example.com:443", "/a%7e", Some(&query))
        .with_authorization(header)
        .with_body(FORM, body);
    if let Ok(Some(parsed)) = Parsed::extract(&request, &Limits::default()) {
        let parts = reference::Parts {
            method: "POST",
            scheme: "https",
            authority: "Example.com:443",
            path: "/a%7e",
            query: Some(&query),
            header,
            body,
        };
        assert_eq!(parsed.base_string(), reference::base_string(&parts));
    }
}

/// Any callback; what is accepted stays byte for byte, and the query gets what is appended.
pub fn callback(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(callback) = Callback::parse(&text) else {
        return;
    };
    assert_eq!(callback.as_str(), text);
    if let Some(uri) = callback.with_parameters(&[("oauth_verifier", "a b&c")]) {
        assert!(uri.starts_with(&*text));
        assert!(uri.ends_with("oauth_verifier=a%20b%26c"));
        assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()));
    }
}

/// Any raw request: what is explained was not valid, and nothing panics.
pub fn explain(data: &[u8]) {
    let Ok(message) = HttpMessage::parse(data) else {
        return;
    };
    let unguessable = Secret::from("3xNQmLQKzZ9dW1uJ0s6TtVb2");
    // Each mistake, and a few pairs.
    let explainer = Explainer::new(unguessable)
        .with_authority("example.com")
        .with_work_bytes(1 << 20);
    let request = message.request("https", "example.com");
    if let Ok(found) = explainer.explain(&request, message.body()) {
        // Whoever takes something else for the secret needs to guess nothing.
        let mut secrets_aside = found.causes.iter().map(|cause| cause.code);
        let guessed = |code| !matches!(code, "consumer_secret_missing" | "key_as_secret");
        assert!(!found.valid && !secrets_aside.any(guessed));
    }
}

/// Encoding and decoding are each other's inverse.
pub fn percent(data: &[u8]) {
    let encoded = percent::encode(data);
    assert!(
        encoded
            .bytes()
            .all(|byte| percent::is_unreserved(byte) || byte == b'%')
    );
    assert_eq!(percent::decode(encoded.as_bytes()).unwrap(), data);
    if let Some(decoded) = percent::decode(data) {
        let again = percent::encode(&decoded);
        assert_eq!(percent::decode(again.as_bytes()).unwrap(), decoded);
    }
}

/// What is signed is accepted, in each transport; and not with another secret.
pub fn sign_and_verify(data: &[u8]) {
    let (Some((choice, rest)), text) = (data.split_first(), String::from_utf8_lossy(data)) else {
        return;
    };
    let at = rest
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(rest.len());
    let (query, body) = rest.split_at(at);
    let query = String::from_utf8_lossy(query);
    let methods = SignatureMethod::ALL.into_iter();
    let mut methods = methods.filter(|method| !method.is_rsa());
    let method = methods.nth(usize::from(choice % 4)).unwrap();
    let transports = [Transport::Header, Transport::Query, Transport::Body];
    let transport = *transports.get(usize::from(choice / 4 % 3)).unwrap();
    let request =
        Request::new("POST", "http", "example.com", "/p", Some(&query)).with_body(FORM, body);
    let identifier = if text.len() > 200 { "k" } else { &*text };
    let (Ok(consumer), Ok(nonce)) = (ConsumerKey::new(identifier), Nonce::new(identifier)) else {
        return;
    };
    let signer = Signer::new(consumer.clone(), secret())
        .with_token(TokenKey::new("token").unwrap(), secret())
        .with_method(method)
        .with_transport(transport);
    let Ok(signed) = signer.sign(&request, Timestamp::from_secs(1), &nonce) else {
        return;
    };
    let (authorization, query, body) = (signed.authorization(), signed.query(), signed.body());
    let mut sent = Request::new("POST", "http", "example.com", "/p", query.as_deref());
    if transport == Transport::Header {
        sent = sent.with_authorization(authorization.as_bytes());
    }
    sent = sent.with_body(FORM, body.as_deref().unwrap_or_default());
    let Ok(Some(parsed)) = Parsed::extract(&sent, &Limits::default()) else {
        return;
    };
    assert_eq!(parsed.parameters().consumer_key(), consumer);
    let base_string = parsed.base_string();
    let right = PreparedKey::shared_secret(method, &secret(), Some(&secret())).unwrap();
    assert!(parsed.verify(&right).is_ok());
    let parsed = Parsed::extract(&sent, &Limits::default()).unwrap().unwrap();
    assert!(parsed.verify(&key(method)).is_err());
    if method != SignatureMethod::Plaintext {
        flipped_bit_is_refused(&authorization, data, (&right, &base_string));
    }
}

/// One bit of the header, which one the data decide: accepted only if it changed nothing that is
/// signed, such as the realm.
fn flipped_bit_is_refused(header: &str, data: &[u8], (key, signed): (&PreparedKey, &str)) {
    let mut header = header.as_bytes().to_vec();
    let place: usize = data.iter().map(|byte| usize::from(*byte)).sum();
    let at = place % header.len();
    if let Some(byte) = header.get_mut(at) {
        *byte ^= 1 << (place % 7);
    }
    let request = Request::new("POST", "http", "example.com", "/p", None);
    if let Ok(Some(parsed)) =
        Parsed::extract(&request.with_authorization(&header), &Limits::default())
    {
        let base_string = parsed.base_string();
        assert!(parsed.verify(key).is_err() || base_string == signed);
    }
}
