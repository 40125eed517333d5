//! Providers to be served, and requests to be sent to them.

use std::{
    fmt,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Full};
use oauth1_provider::{
    AccessToken, CallbackRule, Consumer, Decided, Decision, Exchange, Exchanged, FixedClock,
    Manager, MemoryManager, MemoryReplayGuard, MemoryStore, Policy, Provider, ProviderBuilder,
    Realms, Remembered, Renewal, Renewed, ReplayEntry, ReplayGuard, RequestToken,
    RequestTokenState, Revocation, Store, StoreError, UserId, VerifierHash,
    core::{Callback, ConsumerKey, Secret, Signer, Timestamp, TokenKey, Transport, Verifier},
};

use super::client::{Answer, Connection, Sent};
use crate::{consumer_key, later, nonce, token_key, user};

type Serving = Pin<Box<dyn Future<Output = SocketAddr> + Send>>;

/// Serves the application with a provider: the adapter's part of the suite.
pub struct Server(Box<dyn Fn(Arc<Provider>) -> Serving + Send + Sync>);

impl Server {
    /// Of a function that starts a server and gives its address.
    pub fn new(serve: impl Fn(Arc<Provider>) -> Serving + Send + Sync + 'static) -> Self {
        Self(Box::new(serve))
    }

    pub(super) async fn start(&self) -> World {
        self.start_with(|builder| builder).await
    }

    /// Serves a provider with two consumers, `app` and `other`, whose secret is `secret`; users
    /// `alice` and `bob` have access tokens of their names with `app`, and `alice-other` is
    /// `alice`'s with `other`, and `alice-photos` is `alice`'s with `app`, for the realm `photos`.
    pub(super) async fn start_with(
        &self,
        configure: impl FnOnce(ProviderBuilder) -> ProviderBuilder,
    ) -> World {
        let manager = Arc::new(MemoryManager::default());
        let mut policy = Policy::default();
        policy.out_of_band = true;
        for name in ["app", "other"] {
            let consumer =
                Consumer::new(consumer_key(name), Secret::from("secret"), name, later(0))
                    .with_policy(policy.clone())
                    .with_callbacks([CallbackRule::Loopback]);
            manager.create(&consumer).await.unwrap();
        }
        let parts = Arc::new(Parts {
            tokens: MemoryStore::default(),
            nonces: MemoryReplayGuard::without_history(),
            store_is_down: AtomicBool::new(false),
            guard_is_down: AtomicBool::new(false),
        });
        let clock = Arc::new(FixedClock::new(later(0)));
        let (store, guard) = (Arc::clone(&parts), Arc::clone(&parts));
        let builder = Provider::builder(manager, store, guard)
            .with_realm("realm of the suite")
            .with_clock(clock);
        let provider = Arc::new(configure(builder).build().unwrap());
        for (key, consumer, name, realms) in [
            ("alice", "app", "alice", ""),
            ("alice-photos", "app", "alice", "photos"),
            ("bob", "app", "bob", "music"),
            ("alice-other", "other", "alice", ""),
        ] {
            let realms = Realms::parse(realms).unwrap();
            parts.grant(key, consumer, name, realms).await;
        }
        let address = (self.0)(provider).await;
        World {
            address,
            parts,
            nonces: AtomicU64::new(0),
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}

/// A running server.
pub(super) struct World {
    pub(super) address: SocketAddr,
    pub(super) parts: Arc<Parts>,
    nonces: AtomicU64,
}

impl World {
    pub(super) fn get<'w>(&'w self, target: &str) -> Call<'w> {
        self.call("GET", target)
    }

    pub(super) fn post<'w>(&'w self, target: &str) -> Call<'w> {
        self.call("POST", target)
    }

    pub(super) fn call<'w>(&'w self, method: &str, target: &str) -> Call<'w> {
        Call {
            world: self,
            method: method.to_owned(),
            target: target.to_owned(),
            signed_path: None,
            signed_base: ("http".to_owned(), self.address.to_string()),
            host: self.address.to_string(),
            headers: Vec::new(),
            body: None,
            signer: None,
            timestamp: later(0),
            nonce: None,
        }
    }

    /// A request token of `app`, with its secret.
    pub(super) async fn request_token(&self, callback: &str) -> (String, String) {
        let signer = as_consumer("app").with_parameter("oauth_callback", callback);
        let answer = self
            .post("/oauth/request_token")
            .signed(signer)
            .send()
            .await;
        token_of(&answer)
    }
}

/// Token and secret of a token endpoint's answer.
pub(super) fn token_of(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 200, "{answer:?}");
    let field = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(&answer.body);
        let found = pairs.find(|(name, _)| name == wanted);
        found.unwrap().1.into_owned()
    };
    (field("oauth_token"), field("oauth_token_secret"))
}

/// Signs for a consumer itself.
pub(super) fn as_consumer(key: &str) -> Signer {
    Signer::new(consumer_key(key), Secret::from("secret"))
}

/// Signs with one of the access tokens.
pub(super) fn as_user(consumer: &str, token: &str) -> Signer {
    as_consumer(consumer).with_token(token_key(token), Secret::from("token secret"))
}

/// A request in the making.
pub(super) struct Call<'w> {
    world: &'w World,
    method: String,
    target: String,
    signed_path: Option<String>,
    signed_base: (String, String),
    host: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Option<Vec<u8>>,
    signer: Option<Signer>,
    timestamp: Timestamp,
    nonce: Option<String>,
}

impl Call<'_> {
    pub(super) fn signed(mut self, signer: Signer) -> Self {
        self.signer = Some(signer);
        self
    }

    pub(super) fn at(mut self, seconds: i64) -> Self {
        let now = later(0).as_secs().saturating_add_signed(seconds);
        self.timestamp = Timestamp::from_secs(now);
        self
    }

    pub(super) fn with_nonce(mut self, nonce: &str) -> Self {
        self.nonce = Some(nonce.to_owned());
        self
    }

    /// Sends this Host header; it is signed, too.
    pub(super) fn with_host(mut self, host: &str) -> Self {
        host.clone_into(&mut self.host);
        host.clone_into(&mut self.signed_base.1);
        self
    }

    /// Signs another scheme and authority than those it is sent to.
    pub(super) fn signed_as(mut self, scheme: &str, authority: &str) -> Self {
        self.signed_base = (scheme.to_owned(), authority.to_owned());
        self
    }

    /// Signs another path than that it is sent to.
    pub(super) fn signed_for(mut self, path: &str) -> Self {
        self.signed_path = Some(path.to_owned());
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name, value.as_ref().to_vec()));
        self
    }

    pub(super) fn form(self, body: &str) -> Self {
        self.typed("application/x-www-form-urlencoded", body)
    }

    pub(super) fn typed(mut self, content_type: &str, body: &str) -> Self {
        self.body = Some(body.as_bytes().to_vec());
        self.header("content-type", content_type)
    }

    /// Signs and makes the request.
    pub(super) fn request(self) -> Request<Sent> {
        self.request_with(|body| Full::new(body).boxed_unsync())
    }

    /// Where it goes.
    pub(super) fn address(&self) -> SocketAddr {
        self.world.address
    }

    /// The same, over HTTP/2.
    pub(super) fn request_http2(self) -> Request<Sent> {
        self.request_http2_with(|body| Full::new(body).boxed_unsync())
    }

    /// The same, over HTTP/2, with a body that is sent in another way.
    pub(super) fn request_http2_with(
        mut self,
        body_of: impl FnOnce(Bytes) -> Sent,
    ) -> Request<Sent> {
        self.target = format!("http://{}{}", self.host, self.target);
        let mut request = self.request_with(body_of);
        request.headers_mut().remove(header::HOST);
        request
    }

    /// The same, with a body that is sent in another way.
    pub(super) fn request_with(self, body_of: impl FnOnce(Bytes) -> Sent) -> Request<Sent> {
        let path_and_query = self
            .target
            .strip_prefix("http://")
            .and_then(|rest| rest.find('/').and_then(|at| rest.get(at..)))
            .unwrap_or(&self.target);
        let (path, query) = match path_and_query.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path_and_query, None),
        };
        let mut target = self.target.clone();
        let mut body = self.body.clone();
        let mut authorization = None;
        if let Some(signer) = &self.signer {
            let content_type = self
                .headers
                .iter()
                .find(|(name, _)| *name == "content-type");
            let (scheme, authority) = &self.signed_base;
            let signed_path = self.signed_path.as_deref().unwrap_or(path);
            let unsigned = oauth1_provider::core::Request::new(
                &self.method,
                scheme,
                authority,
                signed_path,
                query,
            )
            .with_body(
                content_type.map(|(_, value)| value.as_slice()),
                self.body.as_deref().unwrap_or_default(),
            );
            let count = self.world.nonces.fetch_add(1, Ordering::Relaxed);
            let text = self.nonce.unwrap_or_else(|| format!("nonce-{count}"));
            let signed = signer
                .sign(&unsigned, self.timestamp, &nonce(&text))
                .unwrap();
            match signed.transport() {
                Transport::Query => {
                    let path = target.split('?').next().unwrap_or_default();
                    target = format!("{path}?{}", signed.query().unwrap());
                }
                Transport::Body => body = signed.body(),
                _ => authorization = Some(signed.authorization()),
            }
        }
        let mut builder = Request::builder().method(self.method.as_str()).uri(target);
        if !self.headers.iter().any(|(name, _)| *name == "host") {
            builder = builder.header(header::HOST, &self.host);
        }
        for (name, value) in &self.headers {
            builder = builder.header(*name, value.as_slice());
        }
        if let Some(authorization) = authorization {
            builder = builder.header(header::AUTHORIZATION, authorization);
        }
        builder
            .body(body_of(body.unwrap_or_default().into()))
            .unwrap()
    }

    pub(super) async fn send(self) -> Answer {
        let address = self.world.address;
        let request = self.request();
        Connection::open(address).await.send(request).await
    }
}

/// Parts in memory that can be switched off.
#[derive(Debug)]
pub(super) struct Parts {
    tokens: MemoryStore,
    nonces: MemoryReplayGuard,
    pub(super) store_is_down: AtomicBool,
    pub(super) guard_is_down: AtomicBool,
}

impl Parts {
    /// An access token, by the way that every token comes.
    async fn grant(&self, key: &str, consumer: &str, name: &str, realms: Realms) {
        let request_token = token_key(&format!("request-{key}"));
        let verifier = Verifier::new("verifier").unwrap();
        let verifier = VerifierHash::new(&request_token, &verifier);
        let pending = RequestToken {
            key: request_token.clone(),
            secret: Secret::from("request token secret"),
            consumer: consumer_key(consumer),
            callback: Callback::OutOfBand,
            realms: realms.clone(),
            state: RequestTokenState::Pending,
            created: later(0),
            expires: later(600),
        };
        self.tokens.create_request_token(&pending).await.unwrap();
        let decision = Decision::Approve {
            user: user(name),
            verifier,
            realms,
        };
        self.tokens
            .decide(&request_token, &decision, later(0))
            .await
            .unwrap();
        let exchange = Exchange {
            verifier,
            request_token,
            consumer: consumer_key(consumer),
            attempts: 3,
            key: token_key(key),
            secret: Secret::from("token secret"),
            expires: None,
            session: None,
        };
        let exchanged = self.tokens.exchange(&exchange, later(0)).await.unwrap();
        assert!(matches!(exchanged, Exchanged::Exchanged(_)));
    }

    fn store(&self) -> Result<&MemoryStore, StoreError> {
        if self.store_is_down.load(Ordering::SeqCst) {
            return Err(StoreError::unavailable("switched off by the suite"));
        }
        Ok(&self.tokens)
    }
}

#[async_trait]
impl Store for Parts {
    async fn create_request_token(&self, token: &RequestToken) -> Result<(), StoreError> {
        self.store()?.create_request_token(token).await
    }

    async fn request_token(&self, key: &TokenKey) -> Result<Option<RequestToken>, StoreError> {
        self.store()?.request_token(key).await
    }

    async fn decide(
        &self,
        key: &TokenKey,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        self.store()?.decide(key, decision, now).await
    }

    async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError> {
        self.store()?.exchange(exchange, now).await
    }

    async fn renew(&self, renewal: &Renewal, now: Timestamp) -> Result<Renewed, StoreError> {
        self.store()?.renew(renewal, now).await
    }

    async fn access_token(
        &self,
        consumer: &ConsumerKey,
        key: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError> {
        self.store()?.access_token(consumer, key).await
    }

    async fn access_tokens_of(&self, user: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError> {
        self.store()?.access_tokens_of(user).await
    }

    async fn revoke(&self, which: &Revocation) -> Result<u64, StoreError> {
        self.store()?.revoke(which).await
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        Store::purge(self.store()?, now, limit).await
    }
}

#[async_trait]
impl ReplayGuard for Parts {
    async fn remember(&self, entry: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        if self.guard_is_down.load(Ordering::SeqCst) {
            return Err(StoreError::unavailable("switched off by the suite"));
        }
        self.nonces.remember(entry).await
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.nonces.purge(now, limit).await
    }
}
