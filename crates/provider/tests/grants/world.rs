//! A provider, a consumer, and the way through the flow.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use oauth1_provider::{
    Consumer, ConsumerChange, FixedClock, Identity, Manager, MemoryManager, MemoryReplayGuard,
    MemoryStore, Policy, Provider, ProviderBuilder, Realms, Refusal, Response, UserId,
    core::{ConsumerKey, Nonce, Request, Secret, Signer, Timestamp, TokenKey},
};

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

pub(crate) struct World {
    pub(crate) provider: Provider,
    manager: Arc<MemoryManager>,
    clock: Arc<FixedClock>,
    nonces: AtomicUsize,
}

/// An answer's form-encoded parameters.
pub(crate) type Pairs = HashMap<String, String>;

impl World {
    /// With the consumers `app`, which has this policy, and `other`.
    pub(crate) async fn new(
        policy: Policy,
        change: impl FnOnce(ProviderBuilder) -> ProviderBuilder,
    ) -> Self {
        let manager = Arc::new(MemoryManager::default());
        for name in ["app", "other"] {
            let mut policy = policy.clone();
            policy.out_of_band = true;
            let consumer = Consumer::new(key(name), Secret::from("secret"), name, NOW);
            let created = manager.create(&consumer.with_policy(policy)).await;
            created.unwrap();
        }
        let clock = Arc::new(FixedClock::new(NOW));
        let builder = Provider::builder(
            Arc::clone(&manager) as _,
            Arc::new(MemoryStore::default()),
            Arc::new(MemoryReplayGuard::without_history()),
        )
        .with_clock(Arc::clone(&clock) as _);
        Self {
            provider: change(builder).build().unwrap(),
            manager,
            clock,
            nonces: AtomicUsize::new(0),
        }
    }

    pub(crate) fn wait(&self, seconds: u64) {
        self.clock.set(Timestamp::from_secs(
            self.provider.now().as_secs() + seconds,
        ));
    }

    pub(crate) async fn disable(&self) {
        let change = ConsumerChange::Disable("abuse".to_owned());
        assert!(self.manager.update(&key("app"), &change).await.unwrap());
    }

    /// A header by a fresh nonce, now.
    pub(crate) fn header(&self, signer: &Signer, bare: &Request<'_>) -> String {
        let number = self.nonces.fetch_add(1, Ordering::SeqCst);
        let nonce = Nonce::new(format!("n{number}")).unwrap();
        let signed = signer.sign(bare, self.provider.now(), &nonce).unwrap();
        signed.authorization()
    }

    pub(crate) async fn post(&self, path: &str, signer: &Signer) -> Response {
        let bare = Request::new("POST", "https", "api.example.com", path, None);
        let header = self.header(signer, &bare);
        self.send(path, &header).await
    }

    pub(crate) async fn send(&self, path: &str, header: &str) -> Response {
        let bare = Request::new("POST", "https", "api.example.com", path, None);
        let request = bare.with_authorization(header.as_bytes());
        self.provider.token_endpoint(&request).await
    }

    /// Asks for a request token, with a query and perhaps a realm in the header.
    pub(crate) async fn ask(&self, query: Option<&str>, realm: Option<&str>) -> Response {
        let path = self.provider.request_token_path();
        let bare = Request::new("POST", "https", "api.example.com", path, query);
        let signer = app().with_parameter("oauth_callback", "oob");
        let mut header = self.header(&signer, &bare);
        if let Some(realm) = realm {
            header = header.replace("OAuth ", &format!("OAuth realm=\"{realm}\", "));
        }
        let request = bare.with_authorization(header.as_bytes());
        self.provider.token_endpoint(&request).await
    }

    /// A report, as body and WWW-Authenticate tell it: both alike, in the same order.
    pub(crate) async fn report(&self, path: &str, signer: &Signer) -> String {
        report(&self.post(path, signer).await)
    }

    /// Approval by `u` of what `realms` says, or of all, and the exchange.
    pub(crate) async fn grant(&self, asked: &Response, realms: Option<&str>) -> Response {
        let asked = pairs(asked);
        let user = UserId::new("u").unwrap();
        let token = &asked["oauth_token"];
        let pending = self.provider.pending_authorization(token).await.unwrap();
        let approved = match realms {
            None => self.provider.approve(&pending, &user).await,
            Some(text) => {
                let realms = Realms::parse(text).unwrap();
                self.provider.approve_realms(&pending, &user, &realms).await
            }
        };
        let verifier = approved.unwrap().verifier().as_str().to_owned();
        let signer = with_token(&asked).with_parameter("oauth_verifier", verifier);
        self.post(self.provider.access_token_path(), &signer).await
    }

    /// Whom a request to a resource is from.
    pub(crate) async fn resource(&self, signer: &Signer) -> Result<Identity, Refusal> {
        let bare = Request::new("GET", "https", "api.example.com", "/me", None);
        let header = self.header(signer, &bare);
        let request = bare.with_authorization(header.as_bytes());
        Ok(self.provider.authenticate(&request).await?.unwrap())
    }

    pub(crate) async fn code(&self, signer: &Signer) -> &'static str {
        match self.resource(signer).await {
            Ok(_) => "accepted",
            Err(Refusal::Denied(denied)) => denied.code().as_str(),
            Err(other) => panic!("{other}"),
        }
    }
}

fn key(name: &str) -> ConsumerKey {
    ConsumerKey::new(name).unwrap()
}

pub(crate) fn app() -> Signer {
    Signer::new(key("app"), Secret::from("secret"))
}

pub(crate) fn other() -> Signer {
    Signer::new(key("other"), Secret::from("secret"))
}

/// Of `app`, with the token of an answer.
pub(crate) fn with_token(answer: &Pairs) -> Signer {
    app().with_token(
        TokenKey::new(&answer["oauth_token"]).unwrap(),
        Secret::from(answer["oauth_token_secret"].as_str()),
    )
}

pub(crate) fn pairs(response: &Response) -> Pairs {
    assert_eq!(response.status, 200, "{}", response.body);
    let pairs = response.body.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    });
    pairs.collect()
}

/// Status and report of an answer, which body and WWW-Authenticate tell alike; no advice.
pub(crate) fn report(response: &Response) -> String {
    let header = response
        .headers
        .iter()
        .find(|(name, _)| *name == "www-authenticate")
        .map_or("", |(_, value)| value);
    let told: Vec<_> = response
        .body
        .split('&')
        .map(|pair| pair.replacen('=', "=\"", 1) + "\"")
        .collect();
    assert_eq!(
        header,
        format!("OAuth realm=\"API\", {}", told.join(", ")),
        "{}",
        response.body
    );
    let (report, advice) = response.body.split_once("&oauth_problem_advice=").unwrap();
    assert!(!advice.is_empty() && !advice.contains('&'), "{advice}");
    format!("{} {report}", response.status)
}
