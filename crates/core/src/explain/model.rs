//! A request as a client may have seen it, right or wrong.

use std::collections::HashSet;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::Explainer;
use crate::{Request, SignatureMethod, Transport, percent, request};

/// How a client writes bytes.
#[derive(Clone, Default)]
pub(super) struct Encoder {
    pub(super) lower_case_hex: bool,
    pub(super) plus_for_space: bool,
    /// Unreserved bytes that it escapes all the same.
    pub(super) escaped: &'static [u8],
    /// Reserved bytes that it leaves.
    pub(super) left: &'static [u8],
}

impl Encoder {
    fn encode(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        for byte in bytes {
            let byte = *byte;
            let stays = if percent::is_unreserved(byte) {
                !self.escaped.contains(&byte)
            } else {
                self.left.contains(&byte)
            };
            if stays {
                out.push(byte);
            } else if byte == b' ' && self.plus_for_space {
                out.push(b'+');
            } else {
                let escape = percent::escape(byte);
                out.extend(if self.lower_case_hex {
                    escape.map(|byte| byte.to_ascii_lowercase())
                } else {
                    escape
                });
            }
        }
        out
    }
}

/// In which order parameters stand in the base string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    ByEncoding,
    ByDecoding,
    ByName,
    AsSent([Transport; 3]),
}

/// A parameter, decoded.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Pair {
    pub(super) name: Vec<u8>,
    pub(super) value: Vec<u8>,
    pub(super) transport: Transport,
}

/// How a client writes its digest down.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DigestEncoding {
    Base64,
    Unpadded,
    UrlSafe,
    UrlSafeUnpadded,
    Hex,
    UpperHex,
    Base64OfHex,
}

/// Everything that goes into a signature.
#[derive(Clone)]
pub(super) struct Model<'a> {
    pub(super) explainer: &'a Explainer,
    pub(super) received: &'a str,
    pub(super) method: String,
    pub(super) scheme: String,
    pub(super) authority: String,
    pub(super) authority_as_sent: String,
    pub(super) path: String,
    pub(super) pairs: Vec<Pair>,
    pub(super) raw_query: Option<&'a str>,
    pub(super) raw_form: Option<&'a [u8]>,
    pub(super) realm: Option<Vec<u8>>,
    pub(super) other_body: Option<(&'a [u8], &'a [u8])>,
    pub(super) inner: Encoder,
    pub(super) outer: Encoder,
    pub(super) order: Order,
    pub(super) double_encoded: fn(&Pair) -> bool,
    pub(super) double_encoded_path: bool,
    pub(super) consumer_secret: String,
    pub(super) token_secret: String,
    pub(super) given_token_secret: String,
    pub(super) secrets_unencoded: bool,
    pub(super) ampersand: bool,
    pub(super) hash: Option<SignatureMethod>,
    pub(super) digest: DigestEncoding,
}

impl<'a> Model<'a> {
    /// As it is right.
    pub(super) fn new(
        explainer: &'a Explainer,
        request: &Request<'a>,
        body: Option<(&'a [u8], &'a [u8])>,
        received: &'a str,
        has_token: bool,
    ) -> Self {
        let given = explainer.token_secret.as_ref();
        let given_token_secret = given.map_or("", |secret| secret.expose()).to_owned();
        let (header, realm) = header(request.authorization.unwrap_or_default());
        let mut pairs = header;
        pairs.extend(form(
            request.query.unwrap_or_default().as_bytes(),
            Transport::Query,
            true,
        ));
        pairs.extend(form(
            request.form_body.unwrap_or_default(),
            Transport::Body,
            true,
        ));
        pairs.retain(|pair| pair.name != b"oauth_signature");
        Self {
            explainer,
            received,
            method: request.method.to_ascii_uppercase(),
            scheme: request.scheme.to_ascii_lowercase(),
            authority: without_default_port(request).to_ascii_lowercase(),
            authority_as_sent: without_default_port(request).to_owned(),
            path: if request.path.is_empty() {
                "/"
            } else {
                request.path
            }
            .to_owned(),
            pairs,
            raw_query: request.query,
            raw_form: request.form_body,
            realm,
            other_body: body.filter(|(kind, _)| !request::is_form_encoded(kind)),
            inner: Encoder::default(),
            outer: Encoder::default(),
            order: Order::ByEncoding,
            double_encoded: |_| false,
            double_encoded_path: false,
            consumer_secret: explainer.consumer_secret.expose().to_owned(),
            token_secret: if has_token {
                given_token_secret.clone()
            } else {
                String::new()
            },
            given_token_secret,
            secrets_unencoded: false,
            ampersand: true,
            hash: None,
            digest: DigestEncoding::Base64,
        }
    }

    /// Reads query and form once more, with `+` as a plus.
    pub(super) fn take_plus_for_plus(&mut self) {
        self.pairs
            .retain(|pair| pair.transport == Transport::Header);
        let query = self.raw_query.unwrap_or_default().as_bytes();
        self.pairs.extend(form(query, Transport::Query, false));
        self.pairs.extend(form(
            self.raw_form.unwrap_or_default(),
            Transport::Body,
            false,
        ));
        self.pairs.retain(|pair| pair.name != b"oauth_signature");
    }

    pub(super) fn length(&self) -> usize {
        self.base_string().len()
    }

    fn base_string(&self) -> Vec<u8> {
        let encoder = &self.outer;
        let path = if self.double_encoded_path {
            let keeps_slashes = Encoder {
                left: b"/",
                ..Encoder::default()
            };
            keeps_slashes.encode(self.path.as_bytes())
        } else {
            self.path.as_bytes().to_vec()
        };
        let uri = [
            self.scheme.as_bytes(),
            b"://",
            self.authority.as_bytes(),
            &path,
        ]
        .concat();
        [
            encoder.encode(self.method.as_bytes()),
            encoder.encode(&uri),
            encoder.encode(&self.parameters()),
        ]
        .join(&b'&')
    }

    fn parameters(&self) -> Vec<u8> {
        let mut pairs: Vec<&Pair> = self.pairs.iter().collect();
        match self.order {
            Order::ByDecoding => {
                pairs.sort_by(|a, b| (&a.name, &a.value).cmp(&(&b.name, &b.value)));
            }
            Order::ByName => pairs.sort_by(|a, b| a.name.cmp(&b.name)),
            Order::AsSent(transports) => pairs.sort_by_key(|pair| {
                transports
                    .iter()
                    .position(|transport| *transport == pair.transport)
            }),
            Order::ByEncoding => {}
        }
        let mut encoded: Vec<(Vec<u8>, Vec<u8>)> = pairs
            .into_iter()
            .map(|pair| {
                let mut value = self.inner.encode(&pair.value);
                if (self.double_encoded)(pair) {
                    value = self.inner.encode(&value);
                }
                (self.inner.encode(&pair.name), value)
            })
            .collect();
        if self.order == Order::ByEncoding {
            encoded.sort();
        }
        let joined: Vec<Vec<u8>> = encoded
            .into_iter()
            .map(|(name, value)| [name, value].join(&b'='))
            .collect();
        joined.join(&b'&')
    }

    fn key(&self) -> Vec<u8> {
        let encode = |text: &str| {
            if self.secrets_unencoded {
                text.to_owned()
            } else {
                percent::encode(text.as_bytes())
            }
        };
        let (consumer, token) = (encode(&self.consumer_secret), encode(&self.token_secret));
        let separator = if self.ampersand { "&" } else { "" };
        format!("{consumer}{separator}{token}").into_bytes()
    }

    /// The signature this client makes; `None` for RSA.
    pub(super) fn signature(&self, method: SignatureMethod) -> Option<String> {
        let digest = match self.hash.unwrap_or(method) {
            SignatureMethod::HmacSha1 => self.mac::<Sha1>(),
            SignatureMethod::HmacSha256 => self.mac::<Sha256>(),
            SignatureMethod::HmacSha512 => self.mac::<Sha512>(),
            SignatureMethod::Plaintext => return String::from_utf8(self.key()).ok(),
            _ => return None,
        };
        let hex = |digest: &[u8]| {
            let digits = digest.iter().map(|byte| format!("{byte:02x}"));
            digits.collect::<String>()
        };
        Some(match self.digest {
            DigestEncoding::Base64 => STANDARD.encode(digest),
            DigestEncoding::Unpadded => STANDARD_NO_PAD.encode(digest),
            DigestEncoding::UrlSafe => URL_SAFE.encode(digest),
            DigestEncoding::UrlSafeUnpadded => URL_SAFE_NO_PAD.encode(digest),
            DigestEncoding::Hex => hex(&digest),
            DigestEncoding::UpperHex => hex(&digest).to_ascii_uppercase(),
            DigestEncoding::Base64OfHex => STANDARD.encode(hex(&digest)),
        })
    }

    fn mac<D: EagerHash>(&self) -> Vec<u8>
    where
        Hmac<D>: Mac + KeyInit,
    {
        let Ok(mut mac) = <Hmac<D> as KeyInit>::new_from_slice(&self.key()) else {
            return Vec::new();
        };
        mac.update(&self.base_string());
        mac.finalize().into_bytes().to_vec()
    }

    /// Whether this client would have made the signature that came.
    pub(super) fn matches(&self, method: SignatureMethod) -> bool {
        #[cfg(feature = "rsa")]
        if method.is_rsa() {
            let key = self.explainer.public_key.as_ref();
            return key.is_some_and(|key| {
                key.holds(
                    self.hash.unwrap_or(method),
                    &self.base_string(),
                    self.received,
                )
            });
        }
        self.signature(method)
            .is_some_and(|made| crate::constant_time_eq(made.as_bytes(), self.received.as_bytes()))
    }

    /// Repeated names once: the first, or the last.
    pub(super) fn drop_duplicates(&mut self, keep_last: bool) {
        let mut seen = HashSet::new();
        if keep_last {
            self.pairs.reverse();
        }
        self.pairs.retain(|pair| seen.insert(pair.name.clone()));
        if keep_last {
            self.pairs.reverse();
        }
    }
}

fn without_default_port<'a>(request: &Request<'a>) -> &'a str {
    let default = default_port(&request.scheme.to_ascii_lowercase());
    let bare = request.authority.strip_suffix(default);
    bare.unwrap_or(request.authority)
}

/// With its colon.
pub(super) fn default_port(scheme: &str) -> &'static str {
    if scheme == "https" { ":443" } else { ":80" }
}

fn decode(raw: &[u8], plus_is_space: bool) -> Vec<u8> {
    percent::Decode::new(raw, plus_is_space).collect()
}

pub(super) fn form(text: &[u8], transport: Transport, plus_is_space: bool) -> Vec<Pair> {
    text.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut half = || decode(halves.next().unwrap_or_default(), plus_is_space);
            Pair {
                name: half(),
                value: half(),
                transport,
            }
        })
        .collect()
}

/// The parameters of a header that was parsed before, in the order they were sent, and its realm.
fn header(value: &[u8]) -> (Vec<Pair>, Option<Vec<u8>>) {
    let text = value.trim_ascii_start();
    let mut rest = text.get(5..).unwrap_or_default();
    let (mut pairs, mut realm) = (Vec::new(), None);
    while let Some(equals) = rest.iter().position(|byte| *byte == b'=') {
        let (name, after) = rest.split_at(equals);
        let name = name.trim_ascii_start().trim_ascii_end();
        let name = name.strip_prefix(b",").unwrap_or(name).trim_ascii();
        let after = after.get(1..).unwrap_or_default().trim_ascii_start();
        let (value, after) = match after.strip_prefix(b"\"") {
            Some(quoted) => {
                let end = quoted.iter().position(|byte| *byte == b'"');
                let (value, after) = quoted.split_at(end.unwrap_or(quoted.len()));
                (value, after.get(1..).unwrap_or_default())
            }
            None => {
                let end = after.iter().position(|byte| *byte == b',');
                let (value, after) = after.split_at(end.unwrap_or(after.len()));
                (value.trim_ascii_end(), after)
            }
        };
        rest = after;
        if name.eq_ignore_ascii_case(b"realm") {
            realm = Some(decode(value, false));
        } else {
            pairs.push(Pair {
                name: decode(name, false),
                value: decode(value, false),
                transport: Transport::Header,
            });
        }
    }
    (pairs, realm)
}
