//! Signature methods that the provider brings: HMAC-SHA384, and RSA-SHA384 over the consumer's
//! RSA key, through the whole provider.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use oauth1_provider::{
    Consumer, Credential, FixedClock, Identity, Manager, MemoryManager, MemoryReplayGuard,
    MemoryStore, Policy, Provider, Refusal, Response, UserId,
    core::{
        BaseString, ConsumerKey, FurtherMethod, KeyMaterial, KeyType, Limits, MethodName, Nonce,
        Parsed, Request, RsaPublicKey, Secret, SignatureMethod, Signer, Timestamp, TokenKey,
        Transport,
    },
};
use rsa::{
    pkcs8::{DecodePrivateKey, DecodePublicKey},
    signature::{Signer as _, Verifier as _},
};
use sha2::Sha384;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

/// HMAC-SHA384; counts how often it is asked.
#[derive(Debug, Default)]
struct HmacSha384(AtomicUsize);

impl FurtherMethod for HmacSha384 {
    fn name(&self) -> MethodName {
        name("HMAC-SHA384")
    }

    fn key_type(&self) -> KeyType {
        KeyType::SharedSecret
    }

    fn sign(&self, key: KeyMaterial<'_>, base_string: &BaseString<'_>) -> Option<Vec<u8>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        let KeyMaterial::SharedSecret(key) = key else {
            panic!("handed a key of another type");
        };
        let mut mac = Hmac::<Sha384>::new_from_slice(key).unwrap();
        base_string.write_to(|bytes| mac.update(bytes));
        Some(mac.finalize().into_bytes().to_vec())
    }
}

/// RSA-SHA384: PKCS#1 v1.5 as in section 3.4.3.
#[derive(Debug)]
struct RsaSha384;

impl FurtherMethod for RsaSha384 {
    fn name(&self) -> MethodName {
        name("RSA-SHA384")
    }

    fn key_type(&self) -> KeyType {
        KeyType::Rsa
    }

    fn sign(&self, _: KeyMaterial<'_>, _: &BaseString<'_>) -> Option<Vec<u8>> {
        None
    }

    fn verify(&self, key: KeyMaterial<'_>, base_string: &BaseString<'_>, received: &[u8]) -> bool {
        let KeyMaterial::Rsa(key) = key else {
            panic!("handed a key of another type");
        };
        let key = rsa::PublicKey::from_public_key_pem(&key.to_pem().unwrap()).unwrap();
        let key = rsa::pkcs1v15::VerifyingKey::<Sha384>::new(key);
        rsa::pkcs1v15::Signature::try_from(received)
            .is_ok_and(|received| key.verify(&base_string.to_vec(), &received).is_ok())
    }
}

/// Signs nothing, and so must not be satisfied by nothing.
#[derive(Debug)]
struct Nothing;

impl FurtherMethod for Nothing {
    fn name(&self) -> MethodName {
        name("NOTHING")
    }

    fn key_type(&self) -> KeyType {
        KeyType::SharedSecret
    }

    fn sign(&self, _: KeyMaterial<'_>, _: &BaseString<'_>) -> Option<Vec<u8>> {
        Some(Vec::new())
    }

    fn verify(&self, _: KeyMaterial<'_>, _: &BaseString<'_>, _: &[u8]) -> bool {
        true
    }
}

fn name(name: &str) -> MethodName {
    MethodName::new(name).unwrap()
}

fn key(name: &str) -> ConsumerKey {
    ConsumerKey::new(name).unwrap()
}

struct World {
    provider: Provider,
    hmac: Arc<HmacSha384>,
}

/// `app` may use the further methods, `pinned` only those of the core, `rsa` has an RSA key.
async fn world() -> World {
    let manager = MemoryManager::default();
    let mut policy = Policy::default();
    policy.out_of_band = true;
    let pinned = Consumer::new(key("pinned"), Secret::from("secret"), "n", NOW);
    manager
        .create(&pinned.with_policy(policy.clone()))
        .await
        .unwrap();
    for further in ["HMAC-SHA384", "RSA-SHA384", "NOTHING"] {
        policy.methods.push(SignatureMethod::Further(name(further)));
    }
    let public = include_str!("../../../tests/vectors/keys/rsa2048.public.pem");
    let no_key = Secret::from("");
    for (consumer, credential) in [
        ("app", Credential::from(Secret::from("secret"))),
        ("keyless", no_key.into()),
        ("rsa", RsaPublicKey::from_pem(public).unwrap().into()),
    ] {
        let consumer = Consumer::new(key(consumer), credential, "n", NOW);
        manager
            .create(&consumer.with_policy(policy.clone()))
            .await
            .unwrap();
    }
    let hmac = Arc::new(HmacSha384::default());
    let provider = Provider::builder(
        Arc::new(manager),
        Arc::new(MemoryStore::default()),
        Arc::new(MemoryReplayGuard::without_history()),
    )
    .with_clock(Arc::new(FixedClock::new(NOW)))
    .with_further_method(Arc::clone(&hmac) as _)
    .with_further_method(Arc::new(RsaSha384))
    .with_further_method(Arc::new(Nothing))
    .build()
    .unwrap();
    World { provider, hmac }
}

fn signer(consumer: &str) -> Signer {
    Signer::new(key(consumer), Secret::from("secret"))
        .with_further_method(Arc::new(HmacSha384::default()))
}

fn nonce(text: &str) -> Nonce {
    Nonce::new(text).unwrap()
}

fn code(result: Result<Option<Identity>, Refusal>) -> &'static str {
    match result {
        Ok(Some(_)) => "accepted",
        Ok(None) => "none",
        Err(Refusal::Denied(denied)) => denied.code().as_str(),
        Err(other) => panic!("{other}"),
    }
}

impl World {
    async fn get(&self, header: &str) -> &'static str {
        let request = Request::new("GET", "https", "h", "/p", Some("a=1"));
        let request = request.with_authorization(header.as_bytes());
        code(self.provider.authenticate(&request).await)
    }

    async fn post(&self, path: &str, signer: Signer, number: &str) -> Response {
        let bare = Request::new("POST", "https", "h", path, None);
        let header = signer.sign(&bare, NOW, &nonce(number)).unwrap();
        let header = header.authorization();
        let request = bare.with_authorization(header.as_bytes());
        self.provider.token_endpoint(&request).await
    }
}

/// A header of `GET https://h/p?a=1` by HMAC-SHA384.
fn header(signer: &Signer, number: &str) -> String {
    let bare = Request::new("GET", "https", "h", "/p", Some("a=1"));
    let signed = signer.sign(&bare, NOW, &nonce(number)).unwrap();
    signed.authorization()
}

#[tokio::test]
async fn a_further_method_is_good_for_the_whole_flow() {
    let world = world().await;
    let asked = signer("app").with_parameter("oauth_callback", "oob");
    let (token, secret) = token(&world.post("/oauth/request_token", asked, "n1").await);
    let pending = world.provider.pending_authorization(token.as_str()).await;
    let user = UserId::new("u").unwrap();
    let approved = world
        .provider
        .approve(&pending.unwrap(), &user)
        .await
        .unwrap();
    let exchange = signer("app")
        .with_token(token, secret)
        .with_parameter("oauth_verifier", approved.verifier().as_str());
    let answer = world.post("/oauth/access_token", exchange, "n2").await;
    let (token, secret) = self::token(&answer);
    for transport in [Transport::Header, Transport::Query] {
        let signer = signer("app")
            .with_token(token.clone(), secret.clone())
            .with_transport(transport);
        let bare = Request::new("GET", "https", "h", "/p", Some("b=%2b&a=ü"));
        let signed = signer
            .sign(&bare, NOW, &nonce(&format!("{transport:?}")))
            .unwrap();
        let (header, query) = (signed.authorization(), signed.query().unwrap());
        let request = Request::new("GET", "https", "h", "/p", Some(&query));
        let request = match transport {
            Transport::Header => request.with_authorization(header.as_bytes()),
            _ => request,
        };
        let who = world
            .provider
            .authenticate(&request)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(who.user(), Some(&user));
        assert_eq!(who.signature_method().as_str(), "HMAC-SHA384");
    }
}

fn token(response: &Response) -> (TokenKey, Secret) {
    assert_eq!(response.status, 200, "{}", response.body);
    let part = |at| {
        let pair = response.body.split('&').nth(at).unwrap();
        pair.split_once('=').unwrap().1
    };
    (TokenKey::new(part(0)).unwrap(), Secret::from(part(1)))
}

#[tokio::test]
async fn wrong_signatures_and_replays_are_refused() {
    let world = world().await;
    let good = header(&signer("app"), "n");
    let at = good.find("oauth_signature=\"").unwrap() + 17;
    let (before, _) = good.split_at(at);
    for wrong in ["", "A", "AAAA", "%25%25", "=", "AAAA%3D%3D%3D"] {
        let forged = format!("{before}{wrong}\"");
        assert_eq!(world.get(&forged).await, "signature_invalid", "{wrong}");
    }
    let other = Signer::new(key("app"), Secret::from("guess"))
        .with_further_method(Arc::new(HmacSha384::default()));
    assert_eq!(world.get(&header(&other, "n")).await, "signature_invalid");
    assert_eq!(world.get(&good).await, "accepted");
    assert_eq!(world.get(&good).await, "nonce_used");
}

#[tokio::test]
async fn unknown_consumers_cost_the_same_work_and_are_told_alike() {
    let world = world().await;
    let mut answers = Vec::new();
    for consumer in ["nobody", "pinned", "rsa", "keyless"] {
        let asked = world.hmac.0.load(Ordering::SeqCst);
        let header = header(&signer(consumer), "n");
        let request = Request::new("GET", "https", "h", "/p", Some("a=1"));
        let request = request.with_authorization(header.as_bytes());
        let refusal = world.provider.authenticate(&request).await.unwrap_err();
        assert_eq!(world.hmac.0.load(Ordering::SeqCst), asked + 1, "{consumer}");
        let answer = world.provider.refusal_response(&refusal);
        answers.push((answer.status, answer.headers, answer.body));
    }
    let first = answers.first().unwrap();
    assert!(answers.iter().all(|answer| answer == first), "{answers:?}");
}

#[tokio::test]
async fn an_empty_signature_is_nobodys() {
    let world = world().await;
    for signature in ["", "%3D", "x"] {
        let header = format!(
            "OAuth oauth_consumer_key=\"app\", oauth_signature_method=\"NOTHING\", \
             oauth_timestamp=\"{NOW}\", oauth_nonce=\"n\", oauth_signature=\"{signature}\""
        );
        assert_eq!(world.get(&header).await, "signature_invalid");
    }
}

#[tokio::test]
async fn a_method_over_rsa_keys_gets_no_secret_and_no_others_key() {
    let world = world().await;
    let private = include_str!("../../../tests/vectors/keys/rsa2048.pkcs8.pem");
    let private = rsa::PrivateKey::from_pkcs8_pem(private).unwrap();
    let private = rsa::pkcs1v15::SigningKey::<Sha384>::new(private);
    let of = |consumer: &str, method: &str, signature: &str| {
        format!(
            "OAuth oauth_consumer_key=\"{consumer}\", oauth_signature_method=\"{method}\", \
             oauth_timestamp=\"{NOW}\", oauth_nonce=\"n\", oauth_signature=\"{signature}\""
        )
    };
    let methods: [Arc<dyn FurtherMethod>; 1] = [Arc::new(RsaSha384)];
    let signed = |consumer: &str| {
        let unsigned = of(consumer, "RSA-SHA384", "");
        let request = Request::new("GET", "https", "h", "/p", Some("a=1"));
        let request = request.with_authorization(unsigned.as_bytes());
        let parsed = Parsed::extract_with(&request, &Limits::default(), &methods);
        let base_string = parsed.unwrap().unwrap().base_string();
        let signature: Box<[u8]> = private.sign(base_string.as_bytes()).into();
        of(consumer, "RSA-SHA384", &encoded(&signature))
    };
    assert_eq!(world.get(&signed("app")).await, "consumer_key_rejected");
    assert_eq!(world.get(&signed("nobody")).await, "consumer_key_unknown");
    assert_eq!(world.get(&signed("rsa")).await, "accepted");
    let forged = signed("rsa").replace("oauth_nonce=\"n\"", "oauth_nonce=\"m\"");
    assert_eq!(world.get(&forged).await, "signature_invalid");
}

/// In base64, percent-encoded.
fn encoded(bytes: &[u8]) -> String {
    oauth1_provider::core::percent::encode(STANDARD.encode(bytes).as_bytes())
}

#[tokio::test]
async fn without_registration_the_method_is_unknown() {
    let manager = MemoryManager::default();
    let store = Arc::new(MemoryStore::default());
    let guard = Arc::new(MemoryReplayGuard::without_history());
    let provider = Provider::builder(Arc::new(manager), store, guard);
    let provider = provider.with_clock(Arc::new(FixedClock::new(NOW))).build();
    let world = World {
        provider: provider.unwrap(),
        hmac: Arc::default(),
    };
    let header = header(&signer("app"), "n");
    assert_eq!(world.get(&header).await, "signature_method_rejected");
}

#[test]
fn names_are_short_visible_and_not_taken() {
    for bad in [
        "",
        "HMAC-SHA1",
        "PLAINTEXT",
        "a b",
        "a\n",
        "ü",
        &"a".repeat(32),
    ] {
        assert_eq!(MethodName::new(bad), None, "{bad:?}");
    }
    let longest = "a".repeat(31);
    assert_eq!(MethodName::new(&longest).unwrap().as_str(), longest);
    assert_ne!(name("hmac-sha1"), name("HMAC-sha1"));
    for method in ["HMAC-SHA256", "HMAC-SHA384"] {
        assert_eq!(SignatureMethod::parse_any(method).unwrap().as_str(), method);
    }
    assert_eq!(SignatureMethod::parse_any(""), None);
}

#[test]
fn two_methods_of_one_name_are_a_mistake() {
    let built = Provider::builder(
        Arc::new(MemoryManager::default()),
        Arc::new(MemoryStore::default()),
        Arc::new(MemoryReplayGuard::without_history()),
    )
    .with_further_method(Arc::new(Nothing))
    .with_further_method(Arc::new(Nothing))
    .build();
    assert!(built.unwrap_err().to_string().contains("NOTHING"));
}
