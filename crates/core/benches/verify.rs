//! A whole verification beside its floor F, in one run: prints ratios, no absolute times.
//!
//! F is the method's HMAC over the ready base string with the ready key. A verification starts from
//! the raw request and ends with accepted: parameters, key, signature, timestamp, and a nonce set
//! in memory. No two requests have the same nonce and signature: a processor learns where the escapes
//! of a signature stand that comes again and again. With `BREAKDOWN=1` it also prints what the steps cost alone.
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
    SignatureMethod, Signer, Timestamp, TokenKey, Window,
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
/// Requests of a round, each with its own nonce.
const TIMES: usize = 50;
/// Requests that are signed before anything is measured; then they come again.
const SIGNED: usize = 80 * TIMES;
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

/// A request, signed many times, and what its verification takes.
struct Case<'a> {
    request: Request<'a>,
    headers: Vec<String>,
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
        let header = |nonce: &str| {
            let signed = signer.sign(&request, NOW, &Nonce::new(nonce).unwrap());
            signed.unwrap().authorization()
        };
        let first = header(NONCE);
        let whole = request.with_authorization(first.as_bytes());
        let parsed = Parsed::extract(&whole, &Limits::default()).unwrap();
        let base_string = parsed.unwrap().base_string();
        let others = (1..SIGNED).map(|n| header(&format!("kYjzVBB8Y0ZFabxSWbWov{n:011}")));
        let headers = std::iter::once(first).chain(others).collect();
        Self {
            request,
            headers,
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
        let token_secret = self.secrets.1.as_ref().map_or("", Secret::expose);
        let key = format!("{}&{token_secret}", self.secrets.0.expose());
        let new = |key: &str| <Hmac<D> as KeyInit>::new_from_slice(key.as_bytes()).unwrap();
        let (prepared, keyed) = (self.key(), new(&key));
        let floor = || {
            let mac = new(black_box(&key)).chain_update(black_box(&self.base_string));
            black_box(mac.finalize());
        };
        let mut seen = Seen::default();
        let mut verify = |request: &Request<'_>, key: &PreparedKey| {
            let signed = extract(request, &limits).verify(key).unwrap();
            let intact = signed.check_body_hash(BodyHashPolicy::default()).unwrap();
            let fresh = intact.check_timestamp(NOW, window).unwrap();
            assert!(seen.insert(&fresh.parameters().nonce_bytes().unwrap()));
        };
        let length = self.base_string.len();
        println!("{} {name}, base string of {length} bytes", self.method);
        self.print("verification, prepared key", rounds, floor, |request| {
            verify(request, &prepared);
        });
        self.print(
            "verification, key from the secrets",
            rounds,
            floor,
            |request| {
                verify(request, &self.key());
            },
        );
        if std::env::var_os("BREAKDOWN").is_some() {
            self.print("  the prepared MAC alone", rounds, floor, |_| {
                let mac = black_box(&keyed)
                    .clone()
                    .chain_update(black_box(&self.base_string));
                black_box(mac.finalize());
            });
            self.print("  parameters alone", rounds, floor, |request| {
                drop(black_box(extract(request, &limits)));
            });
            self.print("  up to the signature", rounds, floor, |request| {
                drop(black_box(
                    extract(request, &limits).verify(&prepared).unwrap(),
                ));
            });
        }
    }

    fn print(
        &self,
        name: &str,
        rounds: usize,
        floor: impl Fn(),
        mut what: impl FnMut(&Request<'_>),
    ) {
        let mut rounds_left = self.headers.chunks(TIMES).cycle();
        let mut received = vec![String::new(); TIMES];
        print(name, rounds, || {
            // A server has just received what it verifies: it is near.
            received.clone_from_slice(rounds_left.next().unwrap());
            let headers = received.iter().map(String::as_bytes);
            let requests: Vec<_> = headers
                .map(|header| self.request.with_authorization(header))
                .collect();
            let floor = time(&requests, |_| floor());
            time(&requests, &mut what) / floor
        });
    }
}

fn extract<'r>(request: &Request<'r>, limits: &Limits) -> Parsed<'r> {
    let parsed = Parsed::extract(black_box(request), limits);
    parsed.unwrap().unwrap()
}

/// Nonces by their keyed hashes, all in one timestamp.
#[derive(Default)]
struct Seen {
    hasher: RandomState,
    nonces: HashSet<u64>,
}

impl Seen {
    fn insert(&mut self, nonce: &[u8]) -> bool {
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
    let header = case.headers.first().unwrap();
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
    let sign_again = || {
        let parameters = ParameterList::new([
            ("include_entities", &"true" as &dyn Display),
            ("status", &STATUS),
        ]);
        let again = builder.clone().post(black_box(uri), &parameters);
        assert!(again.contains(signature));
    };
    print("oauth1-request signs again and compares", rounds, || {
        let floor = time(&[(); TIMES], |()| floor());
        time(&[(); TIMES], |()| sign_again()) / floor
    });
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
        .map(|_| time(&[&many], |query| extract(query)) / time(&[&few], |query| extract(query)))
        .collect();
    ratios.sort_by(f64::total_cmp);
    let median = ratios.get(rounds / 2).copied().unwrap_or_default();
    println!("10,000 parameters beside 1,000: {median:.1} times");
}

/// The median of pairs of short rounds: what else the machine does hits both.
fn print(name: &str, rounds: usize, mut ratio: impl FnMut() -> f64) {
    let mut ratios: Vec<f64> = (0..rounds).map(|_| ratio()).collect();
    ratios.sort_by(f64::total_cmp);
    let at = |quarter: usize| {
        ratios
            .get(rounds * quarter / 4)
            .copied()
            .unwrap_or_default()
    };
    println!("  {name}: {:.2} F ({:.2} to {:.2})", at(2), at(1), at(3));
}

fn time<T>(all: &[T], what: impl FnMut(&T)) -> f64 {
    let start = Instant::now();
    all.iter().for_each(what);
    start.elapsed().as_secs_f64()
}
