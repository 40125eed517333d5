//! A whole verification beside its floor F, in one run: prints ratios, no absolute times.
//!
//! F is the method's HMAC over the ready base string with the ready key. A verification starts from
//! the raw request and ends with accepted: parameters, key, signature, timestamp, and a nonce set
//! in memory. With `BREAKDOWN=1` it also prints what the steps cost alone.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark: it looks at the clock and fails by panicking"
)]

use std::{
    collections::{HashSet, hash_map::RandomState},
    fmt::Display,
    hash::BuildHasher,
    hint::black_box,
    num::NonZeroU64,
    time::Instant,
};

use hmac::{EagerHash, Hmac, KeyInit, Mac};
use oauth1_core::{
    BodyHashPolicy, ConsumerKey, Limits, Nonce, Parsed, PreparedKey, Request, Secret,
    SignatureMethod, SignedRequest, Signer, Timestamp, TokenKey, Window,
};
use oauth1_request::{Builder, Credentials, HMAC_SHA1, ParameterList};
use sha1::Sha1;
use sha2::Sha256;

const NOW: Timestamp = Timestamp::from_secs(1_318_622_958);
const CONSUMER: (&str, &str) = ("xvz1evFS4wEEPTGEFPHBog", "kd94hf93k423kf44kd94");
const TOKEN: (&str, &str) = (
    "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9Ey",
    "pfkkdhi9sl3r4s00pfkk",
);
const NONCE: &str = "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgm";
const STATUS: &str = "Hello Ladies + Gentlemen, a signed OAuth request!";
const FORM: &[u8] = b"status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21";

fn main() {
    // `cargo test --benches` only wants to know that it runs.
    let rounds = if std::env::args().any(|arg| arg == "--bench") {
        2_001
    } else {
        3
    };
    println!("ratios to F, median of {rounds} rounds (first to third quartile)");
    let post = Request::new(
        "POST",
        "https",
        "api.example.com",
        "/1/statuses/update.json",
        Some("include_entities=true"),
    )
    .with_body(Some(b"application/x-www-form-urlencoded"), FORM);
    let get = Request::new("GET", "https", "api.example.com", "/me", Some("page=2"));
    for (name, request, token) in [
        ("POST with a token", post, Some(TOKEN)),
        ("GET without a token", get, None),
    ] {
        let sha1 = Case::new(request, token, SignatureMethod::HmacSha1);
        sha1.measure::<Sha1>(name, rounds);
        let sha256 = Case::new(request, token, SignatureMethod::HmacSha256);
        sha256.measure::<Sha256>(name, rounds);
    }
    re_signing(post, rounds);
    many_parameters(rounds);
}

/// A request, signed, and what its verification takes.
struct Case<'a> {
    request: Request<'a>,
    signed: SignedRequest,
    method: SignatureMethod,
    secrets: (Secret, Option<Secret>),
    base_string: String,
}

impl<'a> Case<'a> {
    fn new(request: Request<'a>, token: Option<(&str, &str)>, method: SignatureMethod) -> Self {
        let consumer = Secret::from(CONSUMER.1);
        let mut signer = Signer::new(ConsumerKey::new(CONSUMER.0).unwrap(), consumer.clone())
            .with_method(method);
        if let Some((key, secret)) = token {
            signer = signer.with_token(TokenKey::new(key).unwrap(), Secret::from(secret));
        }
        let signed = signer
            .sign(&request, NOW, &Nonce::new(NONCE).unwrap())
            .unwrap();
        let header = signed.authorization();
        let whole = request.with_authorization(header.as_bytes());
        let parsed = Parsed::extract(&whole, &Limits::default()).unwrap();
        let base_string = parsed.unwrap().base_string();
        Self {
            request,
            signed,
            method,
            secrets: (consumer, token.map(|(_, secret)| Secret::from(secret))),
            base_string,
        }
    }

    fn key(&self) -> PreparedKey {
        let (consumer, token) = &self.secrets;
        PreparedKey::shared_secret(self.method, consumer, token.as_ref()).unwrap()
    }

    fn measure<D: EagerHash>(&self, name: &str, rounds: usize)
    where
        Hmac<D>: Mac + KeyInit + Clone,
    {
        let (limits, window) = (Limits::default(), Window::default());
        let header = self.signed.authorization();
        let request = self.request.with_authorization(header.as_bytes());
        let token_secret = self.secrets.1.as_ref().map_or("", Secret::expose);
        let key = format!("{}&{token_secret}", self.secrets.0.expose());
        let new = |key: &str| <Hmac<D> as KeyInit>::new_from_slice(key.as_bytes()).unwrap();
        let (prepared, keyed) = (self.key(), new(&key));
        let floor = || {
            let mac = new(black_box(&key)).chain_update(black_box(&self.base_string));
            black_box(mac.finalize());
        };
        let extract = || {
            Parsed::extract(black_box(&request), &limits)
                .unwrap()
                .unwrap()
        };
        let mut seen = Seen::default();
        let mut verify = |key: &PreparedKey| {
            let signed = extract().verify(key).unwrap();
            let intact = signed.check_body_hash(BodyHashPolicy::default()).unwrap();
            let fresh = intact.check_timestamp(NOW, window).unwrap();
            assert!(seen.insert(&fresh.parameters().nonce_text().unwrap()));
        };
        let length = self.base_string.len();
        println!("{} {name}, base string of {length} bytes", self.method);
        print("verification, prepared key", rounds, floor, || {
            verify(&prepared);
        });
        print("verification, key from the secrets", rounds, floor, || {
            verify(&self.key());
        });
        if std::env::var_os("BREAKDOWN").is_some() {
            print("  the prepared MAC alone", rounds, floor, || {
                let mac = black_box(&keyed)
                    .clone()
                    .chain_update(black_box(&self.base_string));
                black_box(mac.finalize());
            });
            print("  parameters alone", rounds, floor, || {
                drop(black_box(extract()));
            });
            print("  up to the signature", rounds, floor, || {
                drop(black_box(extract().verify(&prepared).unwrap()));
            });
        }
    }
}

/// Nonces by their keyed hashes, all in one timestamp.
#[derive(Default)]
struct Seen {
    hasher: RandomState,
    nonces: HashSet<u64>,
}

impl Seen {
    fn insert(&mut self, nonce: &str) -> bool {
        let fresh = self
            .nonces
            .insert(self.hasher.hash_one((NOW.as_secs(), nonce)));
        self.nonces.clear();
        fresh
    }
}

/// The crate oauth1-request signs the same request again and compares; it is handed the parameters
/// ready and decoded.
fn re_signing(request: Request<'_>, rounds: usize) {
    let case = Case::new(request, Some(TOKEN), SignatureMethod::HmacSha1);
    let header = case.signed.authorization();
    let (_, signature) = header.split_once("oauth_signature=\"").unwrap();
    let signature = signature.trim_end_matches('"');
    let mut builder = Builder::new(Credentials::new(CONSUMER.0, CONSUMER.1), HMAC_SHA1);
    builder
        .token(Credentials::new(TOKEN.0, TOKEN.1))
        .nonce(NONCE)
        .timestamp(NonZeroU64::new(NOW.as_secs()))
        .version(true);
    let key = format!("{}&{}", CONSUMER.1, TOKEN.1);
    let floor = || {
        let mac = <Hmac<Sha1> as KeyInit>::new_from_slice(black_box(key.as_bytes())).unwrap();
        black_box(mac.chain_update(black_box(&case.base_string)).finalize());
    };
    let uri = "https://api.example.com/1/statuses/update.json";
    print(
        "oauth1-request signs again and compares",
        rounds,
        floor,
        || {
            let parameters = ParameterList::new([
                ("include_entities", &"true" as &dyn Display),
                ("status", &STATUS),
            ]);
            let again = builder.clone().post(black_box(uri), &parameters);
            assert!(again.contains(signature));
        },
    );
}

/// Ten times the parameters: linear would be 10.
fn many_parameters(rounds: usize) {
    let query = |count: usize| {
        let pairs: String = (0..count)
            .map(|n| format!("&p{}=v", n * 7_919 % count))
            .collect();
        format!("oauth_consumer_key=k&oauth_signature_method=PLAINTEXT&oauth_signature=s%26{pairs}")
    };
    let mut limits = Limits::default();
    limits.parameters = usize::MAX;
    limits.query_bytes = usize::MAX;
    let extract = |query: &str| {
        let request = Request::new("GET", "https", "h", "/", Some(black_box(query)));
        black_box(
            Parsed::extract(&request, &limits)
                .unwrap()
                .unwrap()
                .base_string(),
        );
    };
    let (few, many) = (query(1_000), query(10_000));
    let rounds = rounds.min(101);
    let mut ratios: Vec<f64> = (0..rounds)
        .map(|_| time(1, || extract(&many)) / time(1, || extract(&few)))
        .collect();
    ratios.sort_by(f64::total_cmp);
    let median = ratios.get(rounds / 2).copied().unwrap_or_default();
    println!("10,000 parameters beside 1,000: {median:.1} times");
}

/// The medians of both sides in pairs of short rounds: what else the machine does hits both.
fn print(name: &str, rounds: usize, mut floor: impl FnMut(), mut what: impl FnMut()) {
    const TIMES: u32 = 50;
    let mut ratios: Vec<f64> = (0..rounds)
        .map(|_| {
            let floor = time(TIMES, &mut floor);
            time(TIMES, &mut what) / floor
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let at = |quarter: usize| {
        ratios
            .get(rounds * quarter / 4)
            .copied()
            .unwrap_or_default()
    };
    println!("  {name}: {:.2} F ({:.2} to {:.2})", at(2), at(1), at(3));
}

fn time(times: u32, mut what: impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..times {
        what();
    }
    start.elapsed().as_secs_f64()
}
