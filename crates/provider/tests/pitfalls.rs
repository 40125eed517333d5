//! What providers of OAuth 1.0a got wrong, each as a claim about ours.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use oauth1_provider::{
    CallbackRule, Consumer, ConsumerChange, Entropy, EntropyError, FixedClock, Identity, Manager,
    MemoryManager, MemoryReplayGuard, MemoryStore, Outcome, Policy, Provider, Refusal, Remembered,
    ReplayEntry, ReplayGuard, Response, StoreError, UserId,
    core::{ConsumerKey, Nonce, Request, Secret, SignatureMethod, Signer, Timestamp, TokenKey},
    is_consumer,
};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

struct World {
    provider: Provider,
    manager: Arc<MemoryManager>,
    clock: Arc<FixedClock>,
}

async fn world() -> World {
    world_with(
        Arc::new(MemoryReplayGuard::without_history()),
        "/oauth/access_token",
    )
    .await
}

async fn world_with(guard: Arc<dyn ReplayGuard>, access_token_path: &str) -> World {
    let manager = Arc::new(MemoryManager::default());
    let mut policy = Policy::default();
    policy.out_of_band = true;
    for name in ["app", "other"] {
        let consumer = Consumer::new(key(name), Secret::from("secret"), name, NOW)
            .with_policy(policy.clone())
            .with_callbacks([CallbackRule::Loopback]);
        manager.create(&consumer).await.unwrap();
    }
    let clock = Arc::new(FixedClock::new(NOW));
    let provider = Provider::builder(
        Arc::clone(&manager) as _,
        Arc::new(MemoryStore::default()),
        guard,
    )
    .with_clock(Arc::clone(&clock) as _)
    .with_access_token_path(access_token_path)
    .build()
    .unwrap();
    World {
        provider,
        manager,
        clock,
    }
}

fn key(name: &str) -> ConsumerKey {
    ConsumerKey::new(name).unwrap()
}

fn signer(name: &str) -> Signer {
    Signer::new(key(name), Secret::from("secret"))
}

fn header(signer: &Signer, verb: &str, path: &str, nonce: &str) -> String {
    let request = Request::new(verb, "https", "api.example.com", path, None);
    signer
        .sign(&request, NOW, &Nonce::new(nonce).unwrap())
        .unwrap()
        .authorization()
}

fn request<'a>(verb: &'a str, path: &'a str, header: &'a str) -> Request<'a> {
    Request::new(verb, "https", "api.example.com", path, None).with_authorization(header.as_bytes())
}

impl World {
    async fn resource(&self, header: &str) -> Result<Option<Identity>, Refusal> {
        self.provider
            .authenticate(&request("GET", "/me", header))
            .await
    }

    async fn post(&self, path: &str, header: &str) -> Response {
        self.provider
            .token_endpoint(&request("POST", path, header))
            .await
    }

    async fn request_token(&self, nonce: &str, callback: &str) -> (TokenKey, Secret) {
        let signer = signer("app").with_parameter("oauth_callback", callback);
        let path = self.provider.request_token_path();
        token(&self.post(path, &header(&signer, "POST", path, nonce)).await)
    }

    async fn approve(&self, key: &TokenKey, user: &str) -> String {
        let pending = self
            .provider
            .pending_authorization(key.as_str())
            .await
            .unwrap();
        let user = UserId::new(user).unwrap();
        let approved = self.provider.approve(&pending, &user).await.unwrap();
        approved.verifier().as_str().to_owned()
    }

    fn exchange_header(
        &self,
        (key, secret): &(TokenKey, Secret),
        verifier: &str,
        nonce: &str,
    ) -> String {
        let signer = signer("app")
            .with_token(key.clone(), secret.clone())
            .with_parameter("oauth_verifier", verifier);
        header(&signer, "POST", self.provider.access_token_path(), nonce)
    }

    async fn exchange(&self, token: &(TokenKey, Secret), verifier: &str, nonce: &str) -> Response {
        let header = self.exchange_header(token, verifier, nonce);
        self.post(self.provider.access_token_path(), &header).await
    }
}

fn token(response: &Response) -> (TokenKey, Secret) {
    assert_eq!(response.status, 200, "{}", response.body);
    let part = |name: &str| {
        let prefix = format!("{name}=");
        response
            .body
            .split('&')
            .find_map(|pair| pair.strip_prefix(&prefix))
            .unwrap()
            .to_owned()
    };
    (
        TokenKey::new(part("oauth_token")).unwrap(),
        Secret::from(part("oauth_token_secret")),
    )
}

fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> &'static str {
    match result.unwrap_err() {
        Refusal::Denied(denied) => denied.code().as_str(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_whole_three_legged_flow_identifies_the_user() {
    for path in ["/oauth/access_token", "/oauth/request_token"] {
        let world = world_with(Arc::new(MemoryReplayGuard::without_history()), path).await;
        let request_token = world.request_token("n1", "http://127.0.0.1/cb?x=%7e").await;
        let pending = world
            .provider
            .pending_authorization(request_token.0.as_str())
            .await
            .unwrap();
        assert_eq!(pending.consumer_name(), "app");
        let user = UserId::new("consumer:x").unwrap();
        let approved = world.provider.approve(&pending, &user).await.unwrap();
        let Outcome::Redirect(uri) = approved.outcome() else {
            panic!("a redirect")
        };
        assert!(
            uri.starts_with("http://127.0.0.1/cb?x=%7e&oauth_token="),
            "{uri}"
        );
        let answer = world
            .exchange(&request_token, approved.verifier().as_str(), "n2")
            .await;
        let (key, secret) = token(&answer);
        assert!(
            answer
                .headers
                .contains(&("cache-control", "no-store".to_owned()))
        );
        let header = header(&signer("app").with_token(key, secret), "GET", "/me", "n3");
        let identity = world.resource(&header).await.unwrap().unwrap();
        assert!(matches!(identity, Identity::User(who) if *who.user() == user));
    }
}

#[tokio::test]
async fn a_replayed_request_is_refused_on_every_endpoint() {
    let world = world().await;
    let header1 = header(&signer("app"), "GET", "/me", "n");
    assert!(world.resource(&header1).await.is_ok());
    assert_eq!(code(world.resource(&header1).await), "nonce_used");
    let signer = signer("app").with_parameter("oauth_callback", "oob");
    let header2 = header(&signer, "POST", "/oauth/request_token", "n2");
    let first = world.post("/oauth/request_token", &header2).await;
    assert_eq!(first.status, 200);
    assert!(first.body.ends_with("&oauth_callback_confirmed=true"));
    assert_eq!(
        world.post("/oauth/request_token", &header2).await.status,
        401
    );
    let request_token = token(&first);
    world.approve(&request_token.0, "u").await;
    let header3 = world.exchange_header(&request_token, "wrong", "n3");
    let wrong = world.post("/oauth/access_token", &header3).await;
    assert_eq!(wrong.body, "invalid verifier\n");
    let replayed = world.post("/oauth/access_token", &header3).await;
    assert_eq!(
        (replayed.status, replayed.body.as_str()),
        (401, "nonce already used\n")
    );
}

#[tokio::test]
async fn a_nonce_is_spent_only_after_the_signature_held() {
    let world = world().await;
    let good = header(&signer("app"), "GET", "/me", "n");
    let bad = header(
        &Signer::new(key("app"), Secret::from("wrong")),
        "GET",
        "/me",
        "n",
    );
    assert_eq!(code(world.resource(&bad).await), "signature_invalid");
    assert!(world.resource(&good).await.is_ok());
}

#[tokio::test]
async fn the_same_answer_for_unknown_consumer_unknown_token_and_wrong_signature() {
    let world = world().await;
    let unknown_token = signer("app").with_token(TokenKey::new("t").unwrap(), Secret::from("s"));
    let mut answers = Vec::new();
    for signer in [
        signer("nobody"),
        unknown_token,
        Signer::new(key("app"), Secret::from("x")),
    ] {
        let refusal = world
            .resource(&header(&signer, "GET", "/me", "n"))
            .await
            .unwrap_err();
        let response = world.provider.refusal_response(&refusal);
        answers.push((response.status, response.headers, response.body));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[1], answers[2]);
    assert_eq!(answers[0].0, 401);
    assert!(
        answers[0]
            .1
            .iter()
            .any(|(name, value)| { *name == "www-authenticate" && value == "OAuth realm=\"API\"" })
    );
}

#[tokio::test]
async fn far_past_and_far_future_are_refused() {
    let world = world().await;
    for (shift, accepted) in [(-301_i64, false), (-300, true), (300, true), (301, false)] {
        world.clock.set(Timestamp::from_secs(
            NOW.as_secs().saturating_add_signed(-shift),
        ));
        let header = header(&signer("app"), "GET", "/me", &format!("n{shift}"));
        let result = world.resource(&header).await;
        assert_eq!(result.is_ok(), accepted, "{shift}");
        if !accepted {
            assert_eq!(code(result), "timestamp_refused");
        }
    }
}

#[tokio::test]
async fn a_second_decision_changes_nothing_and_denial_kills() {
    let world = world().await;
    let one = world.request_token("n1", "oob").await;
    let pending = world
        .provider
        .pending_authorization(one.0.as_str())
        .await
        .unwrap();
    let victim = UserId::new("victim").unwrap();
    assert!(world.provider.approve(&pending, &victim).await.is_ok());
    assert!(
        world
            .provider
            .approve(&pending, &UserId::new("mallory").unwrap())
            .await
            .is_err()
    );
    assert!(world.provider.deny(&pending).await.is_err());
    assert!(
        world
            .provider
            .pending_authorization(one.0.as_str())
            .await
            .is_err()
    );
    let two = world.request_token("n2", "http://localhost/cb").await;
    let pending = world
        .provider
        .pending_authorization(two.0.as_str())
        .await
        .unwrap();
    let outcome = world.provider.deny(&pending).await.unwrap();
    let wanted = format!(
        "http://localhost/cb?oauth_problem=user_refused&oauth_token={}",
        two.0.as_str()
    );
    assert_eq!(outcome, Outcome::Redirect(wanted));
    assert_eq!(world.exchange(&two, "x", "n3").await.status, 401);
}

#[tokio::test]
async fn wrong_verifiers_burn_the_token() {
    let world = world().await;
    let token = world.request_token("n", "oob").await;
    let verifier = world.approve(&token.0, "u").await;
    for attempt in 0..5 {
        assert_eq!(
            world
                .exchange(&token, "wrong", &format!("w{attempt}"))
                .await
                .status,
            401
        );
    }
    assert_eq!(world.exchange(&token, &verifier, "right").await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_parallel_exchanges_give_one_access_token() {
    let world = Arc::new(world().await);
    let token = world.request_token("n", "oob").await;
    let verifier = world.approve(&token.0, "u").await;
    let tasks: Vec<_> = (0..50)
        .map(|n| {
            let (world, token, verifier) = (Arc::clone(&world), token.clone(), verifier.clone());
            tokio::spawn(async move {
                world
                    .exchange(&token, &verifier, &format!("n{n}"))
                    .await
                    .status
            })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        accepted += u32::from(task.await.unwrap() == 200);
    }
    assert_eq!(accepted, 1);
}

#[tokio::test]
async fn tokens_are_bound_to_their_consumer_and_their_kind() {
    let world = world().await;
    let request_token = world.request_token("n", "oob").await;
    let verifier = world.approve(&request_token.0, "u").await;
    let with = |name: &str, token: &(TokenKey, Secret)| {
        signer(name).with_token(token.0.clone(), token.1.clone())
    };
    let foreign = with("other", &request_token).with_parameter("oauth_verifier", &*verifier);
    let foreign = header(&foreign, "POST", "/oauth/access_token", "f");
    assert_eq!(
        world.post("/oauth/access_token", &foreign).await.status,
        401
    );
    let early = header(&with("app", &request_token), "GET", "/me", "e");
    assert!(
        world.resource(&early).await.is_err(),
        "a request token is no access token"
    );
    let access = token(&world.exchange(&request_token, &verifier, "x").await);
    let foreign = header(&with("other", &access), "GET", "/me", "g");
    assert!(
        world.resource(&foreign).await.is_err(),
        "another consumer's token"
    );
}

#[tokio::test]
async fn a_disabled_consumer_and_an_empty_secret_are_refused() {
    let world = world().await;
    let disable = ConsumerChange::Disable("abuse".to_owned());
    world.manager.update(&key("app"), &disable).await.unwrap();
    let refused = world
        .resource(&header(&signer("app"), "GET", "/me", "n"))
        .await;
    assert_eq!(code(refused), "consumer_key_refused");
    let empty = Consumer::new(key("empty"), Secret::from(""), "n", NOW);
    world.manager.create(&empty).await.unwrap();
    assert!(
        world
            .resource(&header(&signer("empty"), "GET", "/me", "n"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn plaintext_is_refused_unless_allowed_and_methods_are_pinned() {
    let world = world().await;
    let plain = header(
        &signer("app").with_method(SignatureMethod::Plaintext),
        "GET",
        "/me",
        "n",
    );
    assert_eq!(
        code(world.resource(&plain).await),
        "signature_method_rejected"
    );
    let mut policy = Policy::default();
    policy.methods = vec![SignatureMethod::HmacSha256];
    let pinned = Consumer::new(key("pinned"), Secret::from("secret"), "n", NOW).with_policy(policy);
    world.manager.create(&pinned).await.unwrap();
    let sha1 = header(&signer("pinned"), "GET", "/me", "n");
    assert!(world.resource(&sha1).await.is_err());
    let sha256 = signer("pinned").with_method(SignatureMethod::HmacSha256);
    assert!(
        world
            .resource(&header(&sha256, "GET", "/me", "n"))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn token_endpoints_refuse_what_is_not_theirs() {
    let world = world().await;
    let signed = |callback: &str| {
        let signer = signer("app").with_parameter("oauth_callback", callback);
        header(&signer, "POST", "/oauth/request_token", callback)
    };
    for (path, header, status) in [
        ("/oauth/request_token", signed("https://evil.example/"), 400),
        ("/oauth/request_token", signed("javascript:alert(1)"), 400),
        (
            "/oauth/request_token",
            header(&signer("app"), "POST", "/oauth/request_token", "m"),
            400,
        ),
        ("/oauth/request_token", "Basic eDp5".to_owned(), 400),
        (
            "/oauth/access_token",
            header(&signer("app"), "POST", "/oauth/access_token", "m"),
            400,
        ),
        ("/oauth/request_token/", signed("oob"), 404),
        ("/x/oauth/request_token", signed("oob"), 404),
    ] {
        assert_eq!(
            world.post(path, &header).await.status,
            status,
            "{path} {header}"
        );
    }
    let get = world
        .provider
        .token_endpoint(&request("GET", "/oauth/request_token", ""))
        .await;
    assert_eq!(get.status, 405);
}

#[derive(Debug)]
struct Broken;

#[async_trait]
impl ReplayGuard for Broken {
    async fn remember(&self, _: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        Err(StoreError::unavailable("secret connection string"))
    }

    async fn purge(&self, _: Timestamp, _: u32) -> Result<u64, StoreError> {
        Err(StoreError::Full)
    }
}

#[tokio::test]
async fn a_guard_that_cannot_answer_means_503() {
    let world = world_with(Arc::new(Broken), "/oauth/access_token").await;
    let refusal = world
        .resource(&header(&signer("app"), "GET", "/me", "n"))
        .await
        .unwrap_err();
    let response = world.provider.refusal_response(&refusal);
    assert_eq!(
        (response.status, response.body.as_str()),
        (503, "temporarily unavailable\n")
    );
    assert!(
        response
            .headers
            .iter()
            .any(|(name, _)| *name == "retry-after")
    );
}

#[tokio::test]
async fn a_forgetful_guard_refuses_what_an_earlier_process_could_have_accepted() {
    let guard = Arc::new(MemoryReplayGuard::starting_at(NOW));
    let world = world_with(guard, "/oauth/access_token").await;
    let refused = world
        .resource(&header(&signer("app"), "GET", "/me", "n"))
        .await;
    assert_eq!(code(refused), "timestamp_refused");
}

#[tokio::test]
async fn no_debug_output_holds_a_secret() {
    let world = world().await;
    let token = world.request_token("n", "oob").await;
    let consumer = world.manager.find(&key("app")).await.unwrap();
    let text = format!("{:?} {consumer:?} {token:?}", world.provider);
    assert!(
        !text.contains("secret\"") && !text.contains(token.1.expose()),
        "{text}"
    );
    assert!(!text.contains(token.0.as_str()));
}

/// PITFALLS 4: signature, nonce memory and application see one value.
#[tokio::test]
async fn a_nonce_is_one_however_it_is_escaped() {
    let world = world().await;
    let plain = header(&signer("app"), "GET", "/me", "abc");
    assert!(world.resource(&plain).await.is_ok());
    let once = plain.replace("\"abc\"", "\"%61bc\"");
    assert_eq!(code(world.resource(&once).await), "nonce_used");
    let twice = plain.replace("\"abc\"", "\"%2561bc\"");
    assert_eq!(code(world.resource(&twice).await), "signature_invalid");
}

/// PITFALLS 7.
#[tokio::test]
async fn verifiers_and_tokens_have_128_bits_and_never_repeat() {
    let world = world().await;
    let mut seen = std::collections::HashSet::new();
    for number in 0..200 {
        let (key, secret) = world.request_token(&format!("n{number}"), "oob").await;
        let verifier = world.approve(&key, "u").await;
        for text in [key.as_str(), secret.expose(), &verifier] {
            // Of 62 letters, 22 make 130 bits.
            assert!(text.len() >= 22 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            assert!(seen.insert(text.to_owned()));
        }
    }
}

#[derive(Debug)]
struct NoEntropy;

impl Entropy for NoEntropy {
    fn fill(&self, _: &mut [u8]) -> Result<(), EntropyError> {
        Err(EntropyError::new())
    }
}

/// PITFALLS 7: no weaker source is fallen back to.
#[tokio::test]
async fn without_randomness_no_token_is_given() {
    let mut world = world().await;
    let manager = Arc::clone(&world.manager);
    let store = Arc::new(MemoryStore::default());
    let guard = Arc::new(MemoryReplayGuard::without_history());
    world.provider = Provider::builder(manager, store, guard)
        .with_clock(Arc::clone(&world.clock) as _)
        .with_entropy(Arc::new(NoEntropy))
        .build()
        .unwrap();
    let signer = signer("app").with_parameter("oauth_callback", "oob");
    let header = header(&signer, "POST", "/oauth/request_token", "n");
    let answer = world.post("/oauth/request_token", &header).await;
    assert_eq!(answer.status, 503);
    assert!(!answer.body.contains("oauth_token"));
}

/// Gives the same bytes for ever, and counts how often it was asked.
#[derive(Debug, Default)]
struct Stuck {
    byte: u8,
    asked: AtomicUsize,
}

impl Entropy for Stuck {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        bytes.fill(self.byte);
        Ok(())
    }
}

/// PITFALLS 28: a key that is taken, or a source that never gives a usable letter, ends in 503
/// after a bounded number of tries, and what is there stays.
#[tokio::test]
async fn retries_are_bounded_when_keys_collide_or_randomness_is_stuck() {
    for (byte, statuses) in [(0, [200, 503]), (0xff, [503, 503])] {
        let mut world = world().await;
        let entropy = Arc::new(Stuck {
            byte,
            ..Stuck::default()
        });
        world.provider = Provider::builder(
            Arc::clone(&world.manager) as _,
            Arc::new(MemoryStore::default()),
            Arc::new(MemoryReplayGuard::without_history()),
        )
        .with_clock(Arc::clone(&world.clock) as _)
        .with_entropy(Arc::clone(&entropy) as _)
        .build()
        .unwrap();
        let signer = signer("app").with_parameter("oauth_callback", "oob");
        for (nonce, status) in ["first", "second"].into_iter().zip(statuses) {
            let header = header(&signer, "POST", "/oauth/request_token", nonce);
            let answer = world.post("/oauth/request_token", &header).await;
            assert_eq!(answer.status, status, "{}", answer.body);
        }
        assert!(entropy.asked.load(Ordering::Relaxed) <= 256);
        let pending = world.provider.pending_authorization(&"A".repeat(22)).await;
        assert_eq!(pending.is_ok(), byte == 0);
    }
}

/// PITFALLS 19.
#[tokio::test]
async fn a_user_called_like_a_consumer_is_a_user() {
    let world = world().await;
    let names = ["consumer:app", "app", "anonymous", "üser & \"co\""];
    for (number, name) in names.into_iter().enumerate() {
        let asked = world.request_token(&format!("r{number}"), "oob").await;
        let verifier = world.approve(&asked.0, name).await;
        let given = world
            .exchange(&asked, &verifier, &format!("x{number}"))
            .await;
        let (key, secret) = token(&given);
        let signer = signer("app").with_token(key, secret);
        let header = header(&signer, "GET", "/me", &format!("n{number}"));
        let identity = world.resource(&header).await.unwrap().unwrap();
        assert!(matches!(identity, Identity::User(_)));
        assert_eq!(identity.user().map(UserId::as_str), Some(name));
        assert!(is_consumer().check(Some(&identity)).is_err());
    }
}

/// PITFALLS 20: the right way round, by the injected clock.
#[tokio::test]
async fn request_tokens_are_good_until_they_expire_and_not_after() {
    for (seconds, status) in [(599, 200), (600, 401)] {
        // A world each: a guard that has forgotten a time refuses to go back to it.
        let world = world().await;
        let asked = world.request_token(&format!("r{seconds}"), "oob").await;
        let verifier = world.approve(&asked.0, "u").await;
        let later = Timestamp::from_secs(NOW.as_secs() + seconds);
        world.clock.set(later);
        let request = Request::new(
            "POST",
            "https",
            "api.example.com",
            "/oauth/access_token",
            None,
        );
        let signer = signer("app")
            .with_token(asked.0, asked.1)
            .with_parameter("oauth_verifier", verifier);
        let nonce = Nonce::new("x").unwrap();
        let header = signer
            .sign(&request, later, &nonce)
            .unwrap()
            .authorization();
        let answer = world.post("/oauth/access_token", &header).await;
        assert_eq!(answer.status, status, "{seconds}");
    }
}

/// PITFALLS 25: neither secret nor signature nor base string.
#[tokio::test]
async fn no_answer_tells_what_only_the_provider_knows() {
    let world = world().await;
    let right = header(&signer("app"), "GET", "/me", "n");
    let expected = right.split("oauth_signature=\"").nth(1).unwrap();
    let forger = Signer::new(key("app"), Secret::from("guess"));
    let refusal = world
        .resource(&header(&forger, "GET", "/me", "n"))
        .await
        .unwrap_err();
    let answer = world.provider.refusal_response(&refusal);
    let text = format!("{} {:?} {refusal:?}", answer.body, answer.headers);
    for hidden in [
        expected.trim_end_matches('"'),
        "GET&",
        "\"secret\"",
        "secret&",
    ] {
        assert!(!text.contains(hidden), "{text}");
    }
}
