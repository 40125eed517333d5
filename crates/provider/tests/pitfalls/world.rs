//! A provider on parts in memory, two consumers, and what a client does.

use std::sync::Arc;

use oauth1_provider::{
    CallbackRule, Consumer, FixedClock, Identity, Manager, MemoryManager, MemoryReplayGuard,
    MemoryStore, Policy, Provider, Refusal, ReplayGuard, Response, UserId,
    core::{ConsumerKey, Nonce, Request, Secret, Signer, Timestamp, TokenKey},
};

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

pub(crate) struct World {
    pub(crate) provider: Provider,
    pub(crate) manager: Arc<MemoryManager>,
    pub(crate) clock: Arc<FixedClock>,
}

pub(crate) async fn world() -> World {
    world_with(
        Arc::new(MemoryReplayGuard::without_history()),
        "/oauth/access_token",
    )
    .await
}

pub(crate) async fn world_with(guard: Arc<dyn ReplayGuard>, access_token_path: &str) -> World {
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

pub(crate) fn key(name: &str) -> ConsumerKey {
    ConsumerKey::new(name).unwrap()
}

pub(crate) fn signer(name: &str) -> Signer {
    Signer::new(key(name), Secret::from("secret"))
}

pub(crate) fn header(signer: &Signer, verb: &str, path: &str, nonce: &str) -> String {
    let request = Request::new(verb, "https", "api.example.com", path, None);
    signer
        .sign(&request, NOW, &Nonce::new(nonce).unwrap())
        .unwrap()
        .authorization()
}

pub(crate) fn request<'a>(verb: &'a str, path: &'a str, header: &'a str) -> Request<'a> {
    Request::new(verb, "https", "api.example.com", path, None).with_authorization(header.as_bytes())
}

impl World {
    pub(crate) async fn resource(&self, header: &str) -> Result<Option<Identity>, Refusal> {
        self.provider
            .authenticate(&request("GET", "/me", header))
            .await
    }

    pub(crate) async fn post(&self, path: &str, header: &str) -> Response {
        self.provider
            .token_endpoint(&request("POST", path, header))
            .await
    }

    pub(crate) async fn request_token(&self, nonce: &str, callback: &str) -> (TokenKey, Secret) {
        let signer = signer("app").with_parameter("oauth_callback", callback);
        let path = self.provider.request_token_path();
        token(&self.post(path, &header(&signer, "POST", path, nonce)).await)
    }

    pub(crate) async fn approve(&self, key: &TokenKey, user: &str) -> String {
        let pending = self
            .provider
            .pending_authorization(key.as_str())
            .await
            .unwrap();
        let user = UserId::new(user).unwrap();
        let approved = self.provider.approve(&pending, &user).await.unwrap();
        approved.verifier().as_str().to_owned()
    }

    pub(crate) fn exchange_header(
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

    pub(crate) async fn exchange(
        &self,
        token: &(TokenKey, Secret),
        verifier: &str,
        nonce: &str,
    ) -> Response {
        let header = self.exchange_header(token, verifier, nonce);
        self.post(self.provider.access_token_path(), &header).await
    }
}

pub(crate) fn token(response: &Response) -> (TokenKey, Secret) {
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

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> &'static str {
    match result.unwrap_err() {
        Refusal::Denied(denied) => denied.code().as_str(),
        other => panic!("{other}"),
    }
}
