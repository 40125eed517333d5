//! A whole verification beside its floor F, in one run: prints ratios, no absolute times.
//!
//! F is HMAC-SHA1 over the ready base string with the ready key. A verification starts from the
//! raw request and ends with accepted: parameters, key, signature, timestamp, and a nonce set in
//! memory.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::too_many_lines,
    reason = "a benchmark: it looks at the clock, and reads best in one piece"
)]

use std::{collections::HashSet, hint::black_box, time::Instant};

use hmac::{Hmac, KeyInit, Mac};
use oauth1_core::{
    BodyHashPolicy, ConsumerKey, Limits, Nonce, Parsed, PreparedKey, Request, Secret,
    SignatureMethod, Signer, Timestamp, TokenKey, Window,
};
use sha1::Sha1;

const ROUNDS: usize = 41;
const NOW: Timestamp = Timestamp::from_secs(1_318_622_958);

fn main() {
    // `cargo test --benches` only wants to know that it runs.
    let per_round = if std::env::args().any(|arg| arg == "--bench") {
        20_000
    } else {
        10
    };
    let (consumer, token) = (
        Secret::from("kd94hf93k423kf44kd94"),
        Secret::from("pfkkdhi9sl3r4s00pfkk"),
    );
    let body = b"status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21";
    let request = Request::new(
        "POST",
        "https",
        "api.example.com",
        "/1/statuses/update.json",
        Some("include_entities=true"),
    )
    .with_body(Some(b"application/x-www-form-urlencoded"), body);
    let signer = Signer::new(
        ConsumerKey::new("xvz1evFS4wEEPTGEFPHBog").unwrap(),
        consumer.clone(),
    )
    .with_token(
        TokenKey::new("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9Ey").unwrap(),
        token.clone(),
    );
    let nonce = Nonce::new("kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgm").unwrap();
    let header = signer.sign(&request, NOW, &nonce).unwrap().authorization();
    let request = request.with_authorization(header.as_bytes());
    let limits = Limits::default();
    let method = SignatureMethod::HmacSha1;
    let prepared = PreparedKey::shared_secret(method, &consumer, Some(&token)).unwrap();
    let base_string = Parsed::extract(&request, &limits)
        .unwrap()
        .unwrap()
        .base_string();
    let key = format!("{}&{}", consumer.expose(), token.expose());

    let floor = || {
        let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(black_box(key.as_bytes())).unwrap();
        mac.update(black_box(base_string.as_bytes()));
        black_box(mac.finalize().into_bytes());
    };
    let mut seen = HashSet::new();
    let mut verify = |key: Option<&PreparedKey>| {
        let parsed = Parsed::extract(black_box(&request), &limits)
            .unwrap()
            .unwrap();
        let signed = match key {
            Some(key) => parsed.verify(key),
            None => {
                parsed.verify(&PreparedKey::shared_secret(method, &consumer, Some(&token)).unwrap())
            }
        };
        let fresh = signed
            .unwrap()
            .check_body_hash(BodyHashPolicy::default())
            .unwrap()
            .check_timestamp(NOW, Window::default())
            .unwrap();
        assert!(seen.insert(fresh.parameters().nonce().unwrap()));
        seen.clear();
    };

    let (mut plain, mut ready) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let f = time(per_round, floor);
        plain.push(time(per_round, || verify(None)) / f);
        ready.push(time(per_round, || verify(Some(&prepared))) / f);
    }
    println!(
        "base string: {} bytes; ratios to F over {ROUNDS} rounds, median (min to max)",
        base_string.len()
    );
    print("verification, key from the secrets", &mut plain);
    print("verification, prepared key", &mut ready);
}

fn time(times: u32, mut what: impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..times {
        what();
    }
    start.elapsed().as_secs_f64()
}

fn print(name: &str, ratios: &mut [f64]) {
    ratios.sort_by(f64::total_cmp);
    let at = |index: usize| ratios.get(index).copied().unwrap_or_default();
    println!(
        "{name}: {:.2} F ({:.2} to {:.2})",
        at(ratios.len() / 2),
        at(0),
        at(ratios.len() - 1)
    );
}
