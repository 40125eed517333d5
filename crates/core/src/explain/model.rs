//! A request as a client may have seen it, right or wrong.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::{
    Explainer,
    digest::DigestEncoding,
    encoder::Encoder,
    order::Order,
    pair::{Group, Pair, form, header, split},
};
use crate::{Limits, Request, SignatureMethod, Transport, request};

/// Everything that goes into a signature.
#[derive(Clone)]
pub(super) struct Model<'a> {
    pub(super) explainer: &'a Explainer,
    pub(super) received: &'a str,
    pub(super) signature_method: SignatureMethod,
    pub(super) method: String,
    pub(super) scheme: String,
    pub(super) authority: String,
    /// With its port, in its case.
    pub(super) authority_as_sent: &'a str,
    pub(super) path: String,
    pub(super) pairs: Vec<Pair>,
    pub(super) raw_query: Option<&'a str>,
    pub(super) raw_form: Option<&'a [u8]>,
    pub(super) realm: Option<Vec<u8>>,
    pub(super) other_body: Option<(&'a [u8], &'a [u8])>,
    /// Behind the parameters, and behind the base string.
    pub(super) tail: Vec<u8>,
    pub(super) fourth: Option<Vec<u8>>,
    pub(super) names: Encoder,
    pub(super) values: Encoder,
    pub(super) outer: Encoder,
    pub(super) key: Encoder,
    pub(super) order: Order,
    pub(super) double_encoded: fn(&Pair) -> bool,
    pub(super) double_encoded_names: fn(&Pair) -> bool,
    pub(super) consumer_secret: String,
    pub(super) token_secret: String,
    pub(super) given_token_secret: String,
    pub(super) consumer_secret_unencoded: bool,
    pub(super) token_secret_unencoded: bool,
    /// Between the secrets in the key.
    pub(super) ampersand: &'static [u8],
    /// Between parameters.
    pub(super) separator: &'static [u8],
    /// What is empty has no `=`.
    pub(super) bare_if_empty: bool,
    /// Parts of the base string that are not encoded.
    pub(super) plain_parts: &'static [usize],
    /// Parts of the base string that are encoded twice, and whether all of it is once more.
    pub(super) parts_twice: &'static [usize],
    pub(super) encoded_whole: bool,
    /// The base string is the key, and the key the text.
    pub(super) swapped: bool,
    pub(super) hash: Option<SignatureMethod>,
    pub(super) digest: DigestEncoding,
}

impl<'a> Model<'a> {
    /// As it is right.
    pub(super) fn new(
        explainer: &'a Explainer,
        request: &Request<'a>,
        body: Option<(&'a [u8], &'a [u8])>,
        (received, signature_method, has_token): (&'a str, SignatureMethod, bool),
    ) -> Self {
        let given = explainer.token_secret.as_ref();
        let given_token_secret = given.map_or("", |secret| secret.expose()).to_owned();
        let (header, realm) = header(request.authorization.unwrap_or_default());
        let mut pairs = header;
        let query = request.query.unwrap_or_default().as_bytes();
        pairs.extend(form(query, Transport::Query));
        let body_form = request.form_body.unwrap_or_default();
        pairs.extend(form(body_form, Transport::Body));
        pairs.retain(|pair| pair.name != b"oauth_signature");
        let path = match request.path {
            "" | "*" => "/",
            path => path,
        };
        Self {
            explainer,
            received,
            signature_method,
            method: request.method.to_ascii_uppercase(),
            scheme: request.scheme.to_ascii_lowercase(),
            authority: without_default_port(request).to_ascii_lowercase(),
            authority_as_sent: request.authority,
            path: path.to_owned(),
            pairs,
            raw_query: request.query,
            raw_form: request.form_body,
            realm,
            other_body: body.filter(|(kind, body)| {
                !request::is_form_encoded(kind) && body.len() <= Limits::default().body_bytes
            }),
            tail: Vec::new(),
            fourth: None,
            names: Encoder::default(),
            values: Encoder::default(),
            outer: Encoder::default(),
            key: Encoder::default(),
            order: Order::ByEncoding,
            double_encoded: |_| false,
            double_encoded_names: |_| false,
            consumer_secret: explainer.consumer_secret.expose().to_owned(),
            token_secret: if has_token {
                given_token_secret.clone()
            } else {
                String::new()
            },
            given_token_secret,
            consumer_secret_unencoded: false,
            token_secret_unencoded: false,
            ampersand: b"&",
            separator: b"&",
            bare_if_empty: false,
            plain_parts: &[],
            parts_twice: &[],
            encoded_whole: false,
            swapped: false,
            hash: None,
            digest: DigestEncoding::Base64,
        }
    }

    /// Reads query and form once more, in another way.
    pub(super) fn read_again(&mut self, query: bool, body: bool, decode: fn(&[u8]) -> Vec<u8>) {
        let mut read = |transport, text: &'a [u8]| {
            self.pairs.retain(|pair| pair.transport != transport);
            self.pairs.extend(split(text, transport, decode));
        };
        if query {
            read(
                Transport::Query,
                self.raw_query.unwrap_or_default().as_bytes(),
            );
        }
        if body {
            read(Transport::Body, self.raw_form.unwrap_or_default());
        }
        self.pairs.retain(|pair| pair.name != b"oauth_signature");
    }

    /// About how many bytes are encoded and hashed for its signature.
    pub(super) fn work_bytes(&self) -> usize {
        const LEAST: usize = 1_024;
        const OF_A_PAIR: usize = 32;
        // One becomes up to five.
        const OF_A_BYTE: usize = 3;
        let pairs = self.pairs.iter();
        let pairs = pairs.map(|pair| OF_A_PAIR + OF_A_BYTE * (pair.name.len() + pair.value.len()));
        let fourth = self.fourth.as_ref().map_or(0, Vec::len);
        let all = pairs.sum::<usize>() + self.path.len() + self.tail.len() + fourth;
        all.max(LEAST)
    }

    pub(super) fn base_string(&self) -> Vec<u8> {
        let encoder = self.outer;
        let uri = [&self.scheme, "://", &self.authority, &self.path].concat();
        let mut parameters = self.parameters();
        parameters.extend_from_slice(&self.tail);
        let parts = [self.method.as_bytes(), uri.as_bytes(), &parameters];
        let parts = parts.into_iter().zip(0..).map(|(part, at)| {
            if self.plain_parts.contains(&at) {
                part.to_vec()
            } else if self.parts_twice.contains(&at) {
                encoder.encode(&encoder.encode(part))
            } else {
                encoder.encode(part)
            }
        });
        let mut parts: Vec<_> = parts.collect();
        parts.extend(self.fourth.as_ref().map(|part| encoder.encode(part)));
        let whole = parts.join(&b'&');
        if self.encoded_whole {
            return encoder.encode(&whole);
        }
        whole
    }

    fn parameters(&self) -> Vec<u8> {
        let mut pairs: Vec<&Pair> = self.pairs.iter().collect();
        self.order.sort(&mut pairs);
        let mut encoded: Vec<(Vec<u8>, Vec<u8>)> = pairs
            .into_iter()
            .map(|pair| {
                let mut name = self.names.encode(&pair.name);
                let mut value = self.values.encode(&pair.value);
                if (self.double_encoded)(pair) {
                    value = self.values.encode(&value);
                }
                if (self.double_encoded_names)(pair) {
                    name = self.names.encode(&name);
                }
                (name, value)
            })
            .collect();
        self.order.sort_encoded(&mut encoded);
        let mut joined: Vec<Vec<u8>> = encoded
            .into_iter()
            .map(|(name, value)| {
                if self.bare_if_empty && value.is_empty() {
                    return name;
                }
                [name, value].join(&b'=')
            })
            .collect();
        if self.order == (Order::Joined { decoded: false }) {
            joined.sort();
        }
        joined.join(self.separator)
    }

    pub(super) fn key(&self) -> Vec<u8> {
        let encode = |text: &str, as_it_is: bool| {
            if as_it_is {
                text.as_bytes().to_vec()
            } else {
                self.key.encode(text.as_bytes())
            }
        };
        let consumer = encode(&self.consumer_secret, self.consumer_secret_unencoded);
        let token = encode(&self.token_secret, self.token_secret_unencoded);
        [&consumer, self.ampersand, &token].concat()
    }

    /// The signature this client makes; `None` for RSA.
    pub(super) fn signature(&self) -> Option<String> {
        let digest = match self.hash.unwrap_or(self.signature_method) {
            SignatureMethod::HmacSha1 => self.mac::<Sha1>(),
            SignatureMethod::HmacSha256 => self.mac::<Sha256>(),
            SignatureMethod::HmacSha512 => self.mac::<Sha512>(),
            SignatureMethod::Plaintext => {
                let key = String::from_utf8(self.key()).ok()?;
                return Some(self.digest.transport(&key));
            }
            _ => return None,
        };
        Some(self.digest.encode(&digest))
    }

    fn mac<D: EagerHash>(&self) -> Vec<u8>
    where
        Hmac<D>: Mac + KeyInit,
    {
        let (mut key, mut text) = (self.key(), self.base_string());
        if self.swapped {
            std::mem::swap(&mut key, &mut text);
        }
        let Ok(mut mac) = <Hmac<D> as KeyInit>::new_from_slice(&key) else {
            return Vec::new();
        };
        mac.update(&text);
        mac.finalize().into_bytes().to_vec()
    }

    /// Whether this client would have made the signature that came.
    pub(super) fn matches(&self) -> bool {
        #[cfg(feature = "rsa")]
        if self.signature_method.is_rsa() {
            let method = self.hash.unwrap_or(self.signature_method);
            let key = self.explainer.public_key.as_ref();
            let received = self.digest.decode(self.received);
            return key
                .zip(received)
                .is_some_and(|(key, received)| key.holds(method, &self.base_string(), &received));
        }
        self.signature()
            .is_some_and(|made| crate::constant_time_eq(made.as_bytes(), self.received.as_bytes()))
    }

    /// What decides on the signature: equal for clients that make the same one.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        if !self.signature_method.is_rsa() {
            self.key().hash(&mut hasher);
        }
        let method = self.hash.unwrap_or(self.signature_method);
        method.hash(&mut hasher);
        if method != SignatureMethod::Plaintext {
            self.base_string().hash(&mut hasher);
            self.digest.hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Repeated parameters at the place of the first, as a map of lists has them.
    pub(super) fn group_repeated(&mut self, groups: [Group; 3]) {
        self.pairs
            .sort_by_key(|pair| groups.iter().position(|group| *group == pair.group()));
        let names: Vec<_> = self.pairs.iter().map(|pair| pair.name.clone()).collect();
        self.pairs
            .sort_by_cached_key(|pair| names.iter().position(|name| *name == pair.name));
        self.order = Order::AsListed;
    }

    /// Repeated parameters once, by what `what` tells of each: the first, or the last.
    pub(super) fn drop_repeated<T: Eq + Hash>(&mut self, keep_last: bool, what: fn(&Pair) -> T) {
        let mut seen = HashSet::new();
        if keep_last {
            self.pairs.reverse();
        }
        self.pairs.retain(|pair| seen.insert(what(pair)));
        if keep_last {
            self.pairs.reverse();
        }
    }
}

fn without_default_port<'a>(request: &Request<'a>) -> &'a str {
    let default = default_port(&request.scheme.to_ascii_lowercase());
    let bare = request.authority.strip_suffix(default);
    bare.or_else(|| request.authority.strip_suffix(':'))
        .unwrap_or(request.authority)
}

/// With its colon.
pub(super) fn default_port(scheme: &str) -> &'static str {
    if scheme == "https" { ":443" } else { ":80" }
}
