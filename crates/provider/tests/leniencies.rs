//! Each leniency with the request it is for: refused without it, accepted with it.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::sync::Arc;

use oauth1_provider::{
    CallbackRule, Consumer, FixedClock, Identity, Manager, MemoryManager, MemoryReplayGuard,
    MemoryStore, Policy, Provider, Refusal,
    core::{
        ConsumerKey, Leniency, Nonce, Request, Secret, SignatureMethod, Signer, Timestamp,
        Transport, percent,
    },
};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const FORM: Option<&[u8]> = Some(b"application/x-www-form-urlencoded");

/// With a consumer `strict`, and `lenient` with one leniency; both have this secret.
async fn provider(leniency: Leniency, secret: &str) -> Provider {
    let manager = Arc::new(MemoryManager::default());
    for (name, leniencies) in [("strict", vec![]), ("lenient", vec![leniency])] {
        let mut policy = Policy::default();
        policy.out_of_band = true;
        policy.leniencies = leniencies;
        let key = ConsumerKey::new(name).unwrap();
        let consumer = Consumer::new(key, Secret::from(secret), name, NOW)
            .with_policy(policy)
            .with_callbacks([CallbackRule::Loopback]);
        manager.create(&consumer).await.unwrap();
    }
    let store = Arc::new(MemoryStore::default());
    let guard = Arc::new(MemoryReplayGuard::without_history());
    Provider::builder(manager, store, guard)
        .with_clock(Arc::new(FixedClock::new(NOW)))
        .with_methods(SignatureMethod::ALL)
        .build()
        .unwrap()
}

fn signer(name: &str) -> Signer {
    Signer::new(ConsumerKey::new(name).unwrap(), Secret::from("s"))
}

fn nonce() -> Nonce {
    Nonce::new("n").unwrap()
}

fn accepted(found: &Result<Option<Identity>, Refusal>) -> bool {
    matches!(found, Ok(Some(_)))
}

#[tokio::test]
async fn canvas_repeats_the_query_in_the_body_and_signs_it_once() {
    let provider = provider(Leniency::RepeatedQueryParameters, "s").await;
    for (name, expected) in [("strict", false), ("lenient", true)] {
        // What Canvas signs: the body alone, with the query's parameters in it.
        let signed = signer(name).with_transport(Transport::Body).sign(
            &Request::new("POST", "https", "h", "/launch", None)
                .with_body(FORM, b"course=1&b=x%20y&a=2"),
            NOW,
            &nonce(),
        );
        let body = signed.unwrap().body().unwrap();
        let request = |query| {
            Request::new("POST", "https", "h", "/launch", Some(query)).with_body(FORM, &body)
        };
        let found = provider.authenticate(&request("a=2&b=x+y")).await;
        assert_eq!(accepted(&found), expected, "{name}");
        // What is only in the query was not signed.
        let found = provider.authenticate(&request("a=2&b=x+y&c=3")).await;
        assert!(!accepted(&found));
        let found = provider.authenticate(&request("a=3&b=x+y")).await;
        assert!(!accepted(&found));
    }
}

#[tokio::test]
async fn woocommerce_for_node_writes_the_query_twice_and_signs_it_once() {
    let provider = provider(Leniency::DoubledQueryParameters, "s").await;
    for (name, expected) in [("strict", false), ("lenient", true)] {
        let own = "per_page=20&search=%C3%BC%20a%2Bb*'()!";
        let signer = signer(name).with_method(SignatureMethod::HmacSha256);
        let signed = signer.with_transport(Transport::Query).sign(
            &Request::new("GET", "http", "h", "/wp-json/wc/v3/products", Some(own)),
            NOW,
            &nonce(),
        );
        let signed = signed.unwrap().query().unwrap();
        // As its HTTP client writes it once more.
        let request = |again| format!("{signed}&{again}");
        for (again, expected) in [
            ("per_page=20&search=%C3%BC+a%2Bb*%27()!&d=1&d=1", false),
            ("per_page=100&search=%C3%BC+a%2Bb*%27()!", false),
            ("per_page=20&search=%C3%BC+a%2Bb*%27()!", expected),
        ] {
            let query = request(again);
            let path = "/wp-json/wc/v3/products";
            let sent = Request::new("GET", "http", "h", path, Some(&query));
            let found = provider.authenticate(&sent).await;
            assert_eq!(accepted(&found), expected, "{name} {again}");
        }
    }
}

#[tokio::test]
async fn signature_may_be_encoded_twice() {
    let provider = provider(Leniency::TwiceEncodedSignature, "s").await;
    for (name, expected) in [("strict", false), ("lenient", true)] {
        let bare = Request::new("GET", "https", "h", "/p", None);
        let signed = signer(name).sign(&bare, NOW, &nonce()).unwrap();
        let once = percent::encode(signed.signature().as_bytes());
        let twice = percent::encode(once.as_bytes());
        let header = signed.authorization();
        let request = header.replace(&once, &twice);
        assert_ne!(request, header);
        let request =
            Request::new("GET", "https", "h", "/p", None).with_authorization(request.as_bytes());
        assert_eq!(accepted(&provider.authenticate(&request).await), expected);
    }
    // Once is still right.
    let bare = Request::new("GET", "https", "h", "/q", None);
    let signed = signer("lenient").sign(&bare, NOW, &nonce()).unwrap();
    let header = signed.authorization();
    let request = bare.with_authorization(header.as_bytes());
    assert!(
        !accepted(&provider.authenticate(&request).await),
        "the nonce is spent"
    );
}

#[tokio::test]
async fn token_endpoints_may_be_asked_by_get() {
    let provider = provider(Leniency::GetTokenEndpoints, "s").await;
    for (name, status) in [("strict", 405), ("lenient", 200), ("nobody", 405)] {
        let bare = Request::new("GET", "https", "h", "/oauth/request_token", None);
        let signed =
            signer(name)
                .with_parameter("oauth_callback", "oob")
                .sign(&bare, NOW, &nonce());
        let header = signed.unwrap().authorization();
        let request = bare.with_authorization(header.as_bytes());
        let answer = provider.token_endpoint(&request).await;
        assert_eq!(answer.status, status, "{name}");
    }
}

#[tokio::test]
async fn about_blank_stands_for_oob() {
    let provider = provider(Leniency::AboutBlankCallback, "s").await;
    for (name, status) in [("strict", 400), ("lenient", 200)] {
        let bare = Request::new("POST", "https", "h", "/oauth/request_token", None);
        let signed = signer(name)
            .with_parameter("oauth_callback", "about:blank")
            .sign(&bare, NOW, &nonce());
        let header = signed.unwrap().authorization();
        let request = bare.with_authorization(header.as_bytes());
        let answer = provider.token_endpoint(&request).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
    }
}

#[tokio::test]
async fn consumer_may_have_an_empty_secret() {
    let provider = provider(Leniency::EmptyConsumerSecret, "").await;
    for (name, expected) in [("strict", false), ("lenient", true)] {
        // PLAINTEXT with the key `&`: what MAAS sends with an empty consumer secret.
        let header = format!(
            "OAuth oauth_consumer_key=\"{name}\", oauth_signature_method=\"PLAINTEXT\", \
             oauth_signature=\"%26\""
        );
        let request =
            Request::new("GET", "https", "h", "/p", None).with_authorization(header.as_bytes());
        assert_eq!(accepted(&provider.authenticate(&request).await), expected);
    }
}
