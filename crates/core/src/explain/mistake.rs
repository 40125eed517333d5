//! What clients get wrong, the most likely first. Codes are frozen: tools read them.

use super::{
    Cause,
    model::{DigestEncoding, Model, Order, Pair, default_port, form},
};
use crate::{SignatureMethod, Transport, percent};

/// A mistake, as a change to what is right. Several share a code where it can be made in
/// different ways.
pub(super) struct Mistake {
    pub(super) code: &'static str,
    pub(super) text: &'static str,
    pub(super) make: fn(&mut Model<'_>),
}

impl Mistake {
    pub(super) fn cause(&self) -> Cause {
        Cause {
            code: self.code,
            text: self.text,
        }
    }
}

macro_rules! mistakes {
    ($($code:literal, $text:literal: [$($make:expr),+ $(,)?];)+) => {
        &[$($(Mistake { code: $code, text: $text, make: $make }),+),+]
    };
}

pub(super) static MISTAKES: &[Mistake] = mistakes![
    "scheme", "the client signed http for https, or https for http": [
        |model| model.scheme = other_scheme(&model.scheme),
        |model| {
            model.scheme = other_scheme(&model.scheme);
            let bare = model.authority.strip_suffix(default_port(&model.scheme));
            model.authority = bare.unwrap_or(&model.authority).to_owned();
        },
    ];
    "port", "the client kept a default port, or dropped another": [
        |model| {
            if !has_port(&model.authority) {
                model.authority.push_str(default_port(&model.scheme));
            }
        },
        |model| {
            if has_port(&model.authority)
                && let Some((host, _)) = model.authority.clone().rsplit_once(':') {
                model.authority = host.to_owned();
            }
        },
    ];
    "host", "the client signed another host, or the host in another case": [
        |model| if let Some(other) = model.explainer.authority.clone() {
            let other = other.to_ascii_lowercase();
            let bare = other.strip_suffix(default_port(&model.scheme)).map(str::to_owned);
            model.authority = bare.unwrap_or(other);
        },
        |model| if let Some(other) = model.explainer.authority.clone() {
            model.authority = other;
        },
        |model| match model.authority.clone().strip_prefix("www.") {
            Some(bare) => model.authority = bare.to_owned(),
            None => model.authority.insert_str(0, "www."),
        },
        |model| model.authority = model.authority_as_sent.clone(),
        |model| model.authority = model.authority.to_ascii_uppercase(),
    ];
    "token_secret_missing", "the client left the token secret out of the key": [
        |model| model.token_secret.clear(),
    ];
    "token_secret_extra", "the client put a token secret into the key of a request without token": [
        |model| model.token_secret = model.given_token_secret.clone(),
    ];
    "query_missing", "the client left the query's parameters out": [
        |model| without(model, Transport::Query),
    ];
    "body_missing", "the client left the form body's parameters out": [
        |model| without(model, Transport::Body),
    ];
    "body_included", "the client took a body in that is no form": [
        |model| take_body(model, |_, body| form(body, Transport::Body, true)),
        |model| take_body(model, |_, body| form(body, Transport::Body, false)),
        |model| take_body(model, |_, body| vec![pair(body, b"")]),
        |model| take_body(model, |_, body| json(body)),
        |model| take_body(model, multipart),
    ];
    "trailing_slash", "the client added or dropped a slash at the path's end": [
        |model| match model.path.clone().strip_suffix('/') {
            Some(bare) => model.path = bare.to_owned(),
            None => model.path.push('/'),
        },
    ];
    "path_encoding", "the client decoded the path, or encoded it twice": [
        |model| model.path = decoded(&model.path),
        |model| model.double_encoded_path = true,
        |model| {
            model.path = decoded(&model.path);
            model.double_encoded_path = true;
        },
    ];
    "plus_for_space", "the client wrote a space as plus, or took a plus for a plus": [
        |model| model.inner.plus_for_space = true,
        |model| Model::take_plus_for_plus(model),
        |model| {
            model.inner.plus_for_space = true;
            model.outer.left = b"+";
        },
    ];
    "double_encoded", "the client encoded values twice": [
        |model| model.double_encoded = |_| true,
        |model| model.double_encoded = |pair| !pair.name.starts_with(b"oauth_"),
        |model| model.double_encoded = |pair| pair.name.starts_with(b"oauth_"),
        |model| model.double_encoded = |pair| pair.transport == Transport::Query,
        |model| model.double_encoded = |pair| pair.transport == Transport::Body,
    ];
    "unsorted", "the client did not sort the parameters": [
        |model| model.order = Order::AsSent([Transport::Header, Transport::Query, Transport::Body]),
        |model| model.order = Order::AsSent([Transport::Query, Transport::Header, Transport::Body]),
        |model| model.order = Order::AsSent([Transport::Query, Transport::Body, Transport::Header]),
        |model| model.order = Order::AsSent([Transport::Body, Transport::Header, Transport::Query]),
        |model| model.order = Order::AsSent([Transport::Body, Transport::Query, Transport::Header]),
        |model| model.order = Order::AsSent([Transport::Header, Transport::Body, Transport::Query]),
        |model| model.order = Order::ByName,
    ];
    "sorted_before_encoding", "the client sorted the parameters before it encoded them": [
        |model| model.order = Order::ByDecoding,
    ];
    "duplicates_dropped", "the client signed a repeated parameter once": [
        |model| model.drop_duplicates(true),
        |model| model.drop_duplicates(false),
    ];
    "underencoded", "the client left some of ! * ' ( ) unescaped": [
        |model| { model.inner.left = b"!*'()"; model.outer.left = b"!*'()"; },
        |model| model.inner.left = b"!*'()",
        |model| { model.inner.left = b"*"; model.outer.left = b"*"; },
        |model| model.inner.left = b"*",
        |model| { model.inner.left = b"!'()"; model.outer.left = b"!'()"; },
        |model| model.inner.left = b"!'()",
        |model| { model.inner.left = b"!"; model.outer.left = b"!"; },
        |model| model.inner.left = b"!",
        |model| { model.inner.left = b"'"; model.outer.left = b"'"; },
        |model| model.inner.left = b"'",
        |model| { model.inner.left = b"()"; model.outer.left = b"()"; },
        |model| model.inner.left = b"()",
        |model| { model.inner.left = b"!*()"; model.outer.left = b"!*()"; },
        |model| model.inner.left = b"!*()",
        |model| { model.inner.left = b"'()"; model.outer.left = b"'()"; },
        |model| { model.inner.left = b"!*"; model.outer.left = b"!*"; },
        |model| model.outer.left = b"!*'()",
    ];
    "overencoded", "the client escaped some of ~ - . _": [
        |model| { model.inner.escaped = b"~"; model.outer.escaped = b"~"; },
        |model| model.inner.escaped = b"~",
        |model| { model.inner.escaped = b"~-._"; model.outer.escaped = b"~-._"; },
        |model| model.inner.escaped = b"~-._",
        |model| model.outer.escaped = b"~-._",
        |model| { model.inner.escaped = b"-"; model.outer.escaped = b"-"; },
        |model| model.inner.escaped = b"-",
        |model| { model.inner.escaped = b"."; model.outer.escaped = b"."; },
        |model| model.inner.escaped = b".",
        |model| { model.inner.escaped = b"_"; model.outer.escaped = b"_"; },
        |model| model.inner.escaped = b"_",
        |model| model.outer.escaped = b"~",
        |model| { model.inner.escaped = b"-._"; model.outer.escaped = b"-._"; },
        |model| model.inner.escaped = b"-._",
    ];
    "lowercase_hex", "the client wrote escapes with lower-case digits": [
        |model| { model.inner.lower_case_hex = true; model.outer.lower_case_hex = true; },
        |model| model.inner.lower_case_hex = true,
        |model| model.outer.lower_case_hex = true,
    ];
    "method_case", "the client signed the HTTP method in another case": [
        |model| model.method = model.method.to_ascii_lowercase(),
        |model| {
            let mut letters = model.method.to_ascii_lowercase();
            if let Some(first) = letters.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            model.method = letters;
        },
    ];
    "secrets_unencoded", "the client did not encode the secrets in the key": [
        |model| model.secrets_unencoded = true,
    ];
    "ampersand_missing", "the client left the & out of the key": [
        |model| model.ampersand = false,
    ];
    "secrets_swapped", "the client put the secrets into the key the wrong way round": [
        |model| {
            model.token_secret = model.given_token_secret.clone();
            std::mem::swap(&mut model.consumer_secret, &mut model.token_secret);
        },
    ];
    "other_hash", "the client used another hash than the method's name says": [
        |model| model.hash = Some(SignatureMethod::HmacSha256),
        |model| model.hash = Some(SignatureMethod::HmacSha1),
        |model| model.hash = Some(SignatureMethod::HmacSha512),
        |model| model.hash = Some(SignatureMethod::RsaSha256),
        |model| model.hash = Some(SignatureMethod::RsaSha1),
        |model| model.hash = Some(SignatureMethod::RsaSha512),
    ];
    "digest_encoding", "the client wrote the digest in another encoding than base64": [
        |model| model.digest = DigestEncoding::Hex,
        |model| model.digest = DigestEncoding::Base64OfHex,
        |model| model.digest = DigestEncoding::UrlSafe,
        |model| model.digest = DigestEncoding::Unpadded,
        |model| model.digest = DigestEncoding::UrlSafeUnpadded,
        |model| model.digest = DigestEncoding::UpperHex,
    ];
    "realm_included", "the client signed the realm": [
        |model| if let Some(realm) = model.realm.clone() {
            model.pairs.push(header_pair(b"realm", &realm));
        },
    ];
    "signature_included", "the client signed oauth_signature itself": [
        |model| model.pairs.push(header_pair(b"oauth_signature", b"")),
    ];
    "body_hash_missing", "the client left oauth_body_hash out of the signature": [
        |model| model.pairs.retain(|pair| pair.name != b"oauth_body_hash"),
    ];
];

fn other_scheme(scheme: &str) -> String {
    if scheme == "https" { "http" } else { "https" }.to_owned()
}

fn has_port(authority: &str) -> bool {
    let host_end = authority.rfind(']').unwrap_or(0);
    authority
        .get(host_end..)
        .is_some_and(|rest| rest.contains(':'))
}

fn without(model: &mut Model<'_>, transport: Transport) {
    model
        .pairs
        .retain(|pair| pair.transport != transport || pair.name.starts_with(b"oauth_"));
}

fn decoded(path: &str) -> String {
    match percent::decode(path.as_bytes()) {
        Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        None => path.to_owned(),
    }
}

fn pair(name: &[u8], value: &[u8]) -> Pair {
    Pair {
        name: name.to_vec(),
        value: value.to_vec(),
        transport: Transport::Body,
    }
}

fn header_pair(name: &[u8], value: &[u8]) -> Pair {
    Pair {
        transport: Transport::Header,
        ..pair(name, value)
    }
}

fn take_body(model: &mut Model<'_>, read: fn(&[u8], &[u8]) -> Vec<Pair>) {
    if let Some((content_type, body)) = model.other_body {
        model.pairs.extend(read(content_type, body));
    }
}

/// The fields of a JSON object.
fn json(body: &[u8]) -> Vec<Pair> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_slice(body) else {
        return Vec::new();
    };
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    fields
        .iter()
        .map(|(name, value)| pair(name.as_bytes(), text(value).as_bytes()))
        .collect()
}

/// The fields of a multipart form.
fn multipart(content_type: &[u8], body: &[u8]) -> Vec<Pair> {
    let content_type = String::from_utf8_lossy(content_type);
    let body = String::from_utf8_lossy(body);
    let Some((_, boundary)) = content_type.split_once("boundary=") else {
        return Vec::new();
    };
    let delimiter = format!("--{}", boundary.trim().trim_matches('"'));
    body.split(&delimiter)
        .filter_map(|part| {
            let (head, value) = part.split_once("\r\n\r\n")?;
            let name = head.split_once(" name=\"")?.1.split('"').next()?;
            let value = value.strip_suffix("\r\n").unwrap_or(value);
            Some(pair(name.as_bytes(), value.as_bytes()))
        })
        .collect()
}
