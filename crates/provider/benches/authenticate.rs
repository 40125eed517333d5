//! `Provider::authenticate` beside its floor F, with all parts in memory: look-ups, nonce, dyn and
//! async included. Prints ratios, no absolute times.
//!
//! F is the method's HMAC over the ready base string with the ready key.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark: it looks at the clock and fails by panicking"
)]

use std::{hint::black_box, sync::Arc, time::Instant};

use futures_util::FutureExt;
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use oauth1_core::{
    Callback, ConsumerKey, Limits, Nonce, Parsed, Request, Secret, SignatureMethod, Signer,
    Timestamp, TokenKey, Verifier,
};
use oauth1_provider::{
    Consumer, Decision, Exchange, FixedClock, Manager, MemoryManager, MemoryReplayGuard,
    MemoryStore, Policy, Provider, Realms, ReplayEntry, ReplayGuard, RequestToken,
    RequestTokenState, Store, UserId, VerifierHash,
};
use sha1::Sha1;
use sha2::Sha256;

const NOW: Timestamp = Timestamp::from_secs(1_318_622_958);
const CONSUMER: (&str, &str) = ("xvz1evFS4wEEPTGEFPHBog", "kd94hf93k423kf44kd94");
const TOKEN: (&str, &str) = (
    "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9Ey",
    "pfkkdhi9sl3r4s00pfkk",
);
const FORM: &[u8] = b"status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21";
/// Requests of a round, each with its own nonce.
const TIMES: usize = 50;
/// Requests that are signed before anything is measured. When all have been sent, the next ones go
/// to a new provider.
const SIGNED: usize = 80 * TIMES;
/// Nonces that a provider's guard keeps already.
const KEPT: u32 = 100_000;

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
        measure::<Sha1>(name, rounds, request, (token, SignatureMethod::HmacSha1));
        measure::<Sha256>(name, rounds, request, (token, SignatureMethod::HmacSha256));
    }
}

fn measure<D: EagerHash>(
    name: &str,
    rounds: usize,
    request: Request<'_>,
    (token, method): (Option<(&str, &str)>, SignatureMethod),
) where
    Hmac<D>: Mac + KeyInit,
{
    let consumer = ConsumerKey::new(CONSUMER.0).unwrap();
    let mut signer = Signer::new(consumer, Secret::from(CONSUMER.1)).with_method(method);
    if let Some((key, secret)) = token {
        signer = signer.with_token(TokenKey::new(key).unwrap(), Secret::from(secret));
    }
    let header = |n: usize| {
        let nonce = Nonce::new(format!("kYjzVBB8Y0ZFabxSWbWov{n:011}")).unwrap();
        signer.sign(&request, NOW, &nonce).unwrap().authorization()
    };
    let first = header(99_999_999_999);
    let first = request.with_authorization(first.as_bytes());
    let first = Parsed::extract(&first, &Limits::default()).unwrap();
    let base_string = first.unwrap().base_string();
    let headers: Vec<_> = (0..SIGNED).map(header).collect();
    let mut rounds_left = headers.chunks(TIMES).cycle();
    let mut received = vec![String::new(); TIMES];
    let mut provider = provider();
    let key = format!("{}&{}", CONSUMER.1, token.map_or("", |(_, secret)| secret));
    let mut ratios: Vec<f64> = (0..rounds)
        .map(|round| {
            if (round * TIMES).is_multiple_of(SIGNED) {
                provider = self::provider();
            }
            // A server has just received what it verifies: it is near.
            received.clone_from_slice(rounds_left.next().unwrap());
            let headers = received.iter().map(String::as_bytes);
            let requests: Vec<_> = headers.map(|h| request.with_authorization(h)).collect();
            let floor = time(&requests, |_| {
                let mac = <Hmac<D> as KeyInit>::new_from_slice(black_box(key.as_bytes())).unwrap();
                black_box(mac.chain_update(black_box(&base_string)).finalize());
            });
            // Nothing in memory ever waits.
            let authenticate = time(&requests, |request| {
                let answer = provider.authenticate(black_box(request)).now_or_never();
                black_box(answer.unwrap().unwrap().unwrap());
            });
            authenticate / floor
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let at = |quarter: usize| {
        ratios
            .get(rounds * quarter / 4)
            .copied()
            .unwrap_or_default()
    };
    println!(
        "{method} {name}, base string of {} bytes: {:.2} F ({:.2} to {:.2})",
        base_string.len(),
        at(2),
        at(1),
        at(3)
    );
}

fn time<'r>(requests: &[Request<'r>], mut what: impl FnMut(&Request<'r>)) -> f64 {
    let start = Instant::now();
    requests.iter().for_each(&mut what);
    start.elapsed().as_secs_f64()
}

/// With one consumer and one access token, and nonces of others.
fn provider() -> Provider {
    let (manager, store) = (MemoryManager::default(), MemoryStore::default());
    let key = ConsumerKey::new(CONSUMER.0).unwrap();
    let mut policy = Policy::default();
    policy.two_legged = true;
    let consumer = Consumer::new(key.clone(), Secret::from(CONSUMER.1), "App", NOW);
    let consumer = consumer.with_policy(policy);
    let created = manager.create(&consumer);
    created.now_or_never().unwrap().unwrap();
    grant(&store, key).now_or_never().unwrap();
    let guard = MemoryReplayGuard::without_history();
    for nonce in 0..KEPT {
        let entry = ReplayEntry {
            consumer: &ConsumerKey::new("other").unwrap(),
            token: None,
            timestamp: NOW,
            nonce: &nonce.to_be_bytes(),
            keep_until: NOW,
            now: NOW,
        };
        guard.remember_now(&entry).unwrap().unwrap();
    }
    Provider::builder(Arc::new(manager), Arc::new(store), Arc::new(guard))
        .with_clock(Arc::new(FixedClock::new(NOW)))
        .build()
        .unwrap()
}

async fn grant(store: &MemoryStore, consumer: ConsumerKey) {
    let later = Timestamp::from_secs(NOW.as_secs() + 600);
    let request_token = RequestToken {
        key: TokenKey::new("request").unwrap(),
        secret: Secret::from("secret"),
        consumer: consumer.clone(),
        callback: Callback::OutOfBand,
        realms: Realms::default(),
        state: RequestTokenState::Pending,
        created: NOW,
        expires: later,
    };
    store.create_request_token(&request_token).await.unwrap();
    let verifier = VerifierHash::new(&request_token.key, &Verifier::new("verifier").unwrap());
    let decision = Decision::Approve {
        user: UserId::new("jane").unwrap(),
        verifier,
        realms: Realms::default(),
    };
    store
        .decide(&request_token.key, &decision, NOW)
        .await
        .unwrap();
    let exchange = Exchange {
        request_token: request_token.key,
        consumer,
        verifier,
        attempts: 5,
        key: TokenKey::new(TOKEN.0).unwrap(),
        secret: Secret::from(TOKEN.1),
        expires: None,
        session: None,
    };
    store.exchange(&exchange, NOW).await.unwrap();
}
