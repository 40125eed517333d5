//! What a request costs in memory, counted and so deterministic; and that no input costs more than
//! in proportion to its length.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use allocation_counter::measure;
use oauth1_core::{
    BodyHashPolicy, ConsumerKey, Limits, Nonce, Parsed, PreparedKey, Request, Secret,
    SignatureMethod, Signer, Timestamp, TokenKey, Window,
};

const NOW: Timestamp = Timestamp::from_secs(1_318_622_958);

const METHODS: [SignatureMethod; 3] = [
    SignatureMethod::HmacSha1,
    SignatureMethod::HmacSha256,
    SignatureMethod::HmacSha512,
];

fn unlimited() -> Limits {
    let mut limits = Limits::default();
    limits.parameters = usize::MAX;
    limits.header_bytes = usize::MAX;
    limits.query_bytes = usize::MAX;
    limits.body_bytes = usize::MAX;
    limits.name_bytes = usize::MAX;
    limits.value_bytes = usize::MAX;
    limits
}

/// From the raw request to fresh, with its nonce taken out for the replay guard.
fn verify(request: &Request<'_>, key: &PreparedKey) -> Nonce {
    let parsed = Parsed::extract(request, &Limits::default()).unwrap();
    let signed = parsed.unwrap().verify(key).unwrap();
    let intact = signed.check_body_hash(BodyHashPolicy::default()).unwrap();
    let fresh = intact.check_timestamp(NOW, Window::default()).unwrap();
    fresh.parameters().nonce().unwrap()
}

#[test]
fn a_verification_allocates_at_most_twice() {
    let (consumer, token) = (
        Secret::from("kd94hf93k423kf44"),
        Secret::from("pfkkdhi9sl3r4s00"),
    );
    let body = b"status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21";
    let post = Request::new(
        "POST",
        "https",
        "api.example.com",
        "/1/statuses/update.json",
        Some("include_entities=true"),
    )
    .with_body(Some(b"application/x-www-form-urlencoded"), body);
    let get = Request::new("GET", "https", "api.example.com", "/me", Some("page=2"));
    let user = TokenKey::new("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9Ey").unwrap();
    for method in METHODS {
        for (request, token) in [(post, Some(&token)), (get, None)] {
            let mut signer = Signer::new(
                ConsumerKey::new("xvz1evFS4wEEPTGEFPHBog").unwrap(),
                consumer.clone(),
            )
            .with_method(method);
            if let Some(token) = token {
                signer = signer.with_token(user.clone(), token.clone());
            }
            let nonce = Nonce::new("kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgm").unwrap();
            let header = signer.sign(&request, NOW, &nonce).unwrap().authorization();
            let request = request.with_authorization(header.as_bytes());
            let key = PreparedKey::shared_secret(method, &consumer, token).unwrap();
            let allocations = measure(|| {
                verify(&request, &key);
            });
            assert!(allocations.count_total <= 2, "{method}: {allocations:?}");
        }
    }
}

#[test]
fn a_request_without_oauth_allocates_nothing() {
    let query = "a=1&b=%6fauth&oauth=x&%zz&o=%6f";
    let plain = Request::new("POST", "https", "api.example.com", "/", Some(query))
        .with_authorization(b"Bearer oauth_token")
        .with_body(
            Some(b"application/x-www-form-urlencoded"),
            b"x=1&OAuth_token=2",
        );
    let allocations = measure(|| {
        assert!(
            Parsed::extract(&plain, &Limits::default())
                .unwrap()
                .is_none()
        );
    });
    assert_eq!(allocations.count_total, 0);
}

/// PITFALLS 30: twice the parameters take at most about twice the memory.
#[test]
fn memory_grows_no_faster_than_the_number_of_parameters() {
    let bytes = |count: usize| {
        let pairs: String = (0..count).map(|n| format!("&n%2f{n}=%7e{n}+x")).collect();
        let query = format!(
            "oauth_consumer_key=k&oauth_signature_method=PLAINTEXT&oauth_signature=s%26{pairs}"
        );
        let request = Request::new("GET", "https", "h", "/", Some(&query));
        let key = PreparedKey::shared_secret(SignatureMethod::Plaintext, &Secret::from("s"), None);
        let key = key.unwrap();
        let allocations = measure(|| {
            let parsed = Parsed::extract(&request, &unlimited()).unwrap().unwrap();
            parsed.verify(&key).unwrap();
        });
        (allocations.bytes_total, query.len())
    };
    for count in [1_000, 2_000, 4_000, 8_000, 16_000] {
        let ((once, _), (twice, length)) = (bytes(count), bytes(2 * count));
        // A vector that doubles may just have done so.
        assert!(twice <= 3 * once, "{count}: {once} to {twice}");
        assert!(twice < 32 * length as u64);
    }
}

/// PITFALLS 30: with a step for each pair of bytes, this would go on for hours.
#[test]
fn two_mebibytes_of_anything_are_read_in_one_pass() {
    const BYTES: usize = 2 << 20;
    for piece in [
        ",",
        "%",
        "=",
        "&",
        "\"",
        "+",
        "a",
        " ",
        "\\",
        "%41",
        "%2f",
        "a=",
        "&a",
        "a=b&",
        "a=\"\",",
        "oauth_=&",
        "realm=\"\",",
        "%6f",
        "=\"",
        "\\\"",
    ] {
        let text = piece.repeat(BYTES / piece.len());
        let header = format!("OAuth {text}");
        let realm = format!("OAuth realm=\"{text}");
        let ask = |request: &Request<'_>| {
            // Refused or not: here only that an answer comes.
            let _ = Parsed::extract(request, &unlimited());
        };
        let request = Request::new("GET", "https", "h", "/", None);
        ask(&request.with_authorization(header.as_bytes()));
        ask(&request.with_authorization(realm.as_bytes()));
        let query = format!("oauth_token=&{text}");
        ask(&Request::new("GET", "https", "h", "/", Some(&query)));
        let form = Some(&b"application/x-www-form-urlencoded"[..]);
        ask(&request.with_body(form, query.as_bytes()));
        ask(&Request::new("GET", "https", "h", &text, None).with_authorization(b"OAuth a=\"\""));
    }
}
