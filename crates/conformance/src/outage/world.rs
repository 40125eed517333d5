//! A provider over parts that fail on command, and requests to it.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use oauth1_provider::{
    Clock, Consumer, Created, Manager, Policy, Provider, Refusal, ReplayGuard, Response, Store,
    core::{Nonce, Request, Secret, Signer, Timestamp, TokenKey},
};
use tokio::sync::Semaphore;

use super::Part;
use crate::{
    consumer_key,
    faults::{Fault, Faults, Faulty},
    later, user,
};

pub(super) const ACCEPTED: u16 = 200;
pub(super) const DENIED: u16 = 401;
pub(super) const UNAVAILABLE: u16 = 503;

pub(super) struct World {
    pub(super) provider: Arc<Provider>,
    /// Without faults.
    pub(super) store: Arc<dyn Store>,
    pub(super) consumers: Faults,
    pub(super) tokens: Faults,
    pub(super) token_changes: Faults,
    pub(super) nonces: Faults,
    clock: StandingClock,
    number: AtomicUsize,
}

/// Always the same second; whoever waits does so until told that the time is up.
#[derive(Clone, Debug)]
struct StandingClock(Arc<Semaphore>);

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        later(0)
    }

    fn wait(&self, _duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let up = Arc::clone(&self.0);
        Box::pin(async move { up.acquire().await.unwrap().forget() })
    }
}

impl World {
    /// With the consumer `app`.
    pub(super) async fn new((manager, store, replay_guard): &Part) -> Self {
        let mut policy = Policy::default();
        policy.out_of_band = true;
        let consumer = Consumer::new(consumer_key("app"), Secret::from("secret"), "App", later(0));
        let created = manager.create(&consumer.with_policy(policy)).await;
        assert_eq!(created.unwrap(), Created::Created);
        let manager = Faulty::<dyn Manager>::new(Arc::clone(manager));
        let faulty = Faulty::<dyn Store>::new(Arc::clone(store));
        let guard = Faulty::<dyn ReplayGuard>::new(Arc::clone(replay_guard));
        let consumers = manager.look_ups().clone();
        let (tokens, token_changes) = (faulty.look_ups().clone(), faulty.changes().clone());
        let nonces = guard.changes().clone();
        let parts = (Arc::new(manager), Arc::new(faulty), Arc::new(guard));
        let clock = StandingClock(Arc::new(Semaphore::new(0)));
        let builder =
            Provider::builder(parts.0, parts.1, parts.2).with_clock(Arc::new(clock.clone()));
        Self {
            provider: Arc::new(builder.build().unwrap()),
            store: Arc::clone(store),
            consumers,
            tokens,
            token_changes,
            nonces,
            clock,
            number: AtomicUsize::new(0),
        }
    }

    /// The Authorization value of a request with a nonce of its own.
    pub(super) fn header(&self, signer: &Signer, method: &str, path: &str) -> String {
        let number = self.number.fetch_add(1, Ordering::SeqCst);
        let nonce = Nonce::new(format!("n{number}")).unwrap();
        let request = Request::new(method, "https", "api.example", path, None);
        let signed = signer.sign(&request, later(0), &nonce);
        signed.unwrap().authorization()
    }

    /// A signed request to a resource.
    pub(super) fn resource(&self, signer: &Signer) -> String {
        self.header(signer, "GET", "/resource")
    }

    /// The status of the answer to a request to a resource.
    pub(super) async fn status(&self, header: &str) -> u16 {
        status(&self.provider, header).await
    }

    /// The answer of a token endpoint to a request with a nonce of its own.
    pub(super) async fn post(&self, path: &str, signer: &Signer) -> Response {
        let header = self.header(signer, "POST", path);
        post(&self.provider, path, &header).await
    }

    /// Sends a request to a resource, and hangs up when `silent` has been asked.
    pub(super) async fn hang_up_on(&self, header: &str, silent: &Faults) {
        let (provider, header) = (Arc::clone(&self.provider), header.to_owned());
        let request = tokio::spawn(async move { status(&provider, &header).await });
        silent.waited_for().await;
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
    }

    /// What a request gets of whom `silent` has been asked, when the time is up.
    pub(super) async fn out_of_time<T: Send + 'static>(
        &self,
        request: impl Future<Output = T> + Send + 'static,
        silent: &Faults,
    ) -> T {
        let request = tokio::spawn(request);
        silent.waited_for().await;
        self.clock.0.add_permits(1);
        request.await.unwrap()
    }

    /// The same of a token endpoint.
    pub(super) async fn hang_up_on_post(&self, path: &str, signer: &Signer, silent: &Faults) {
        let header = self.header(signer, "POST", path);
        let (provider, path) = (Arc::clone(&self.provider), path.to_owned());
        let request = tokio::spawn(async move { post(&provider, &path, &header).await.status });
        silent.waited_for().await;
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
    }

    /// A request token, through the provider.
    pub(super) async fn request_token(&self) -> Token {
        let signer = app().with_parameter("oauth_callback", "oob");
        let answer = self.post(self.provider.request_token_path(), &signer).await;
        Token::of(&answer)
    }

    /// A request token that "ann" has approved, and its verifier: a signer for the exchange.
    pub(super) async fn approved(&self) -> Signer {
        let token = self.request_token().await;
        let pending = self.provider.pending_authorization(&token.key).await;
        let approved = self.provider.approve(&pending.unwrap(), &user("ann")).await;
        let verifier = approved.unwrap().verifier().as_str().to_owned();
        token.signer().with_parameter("oauth_verifier", verifier)
    }

    /// An access token of "ann".
    pub(super) async fn access_token(&self) -> Token {
        let signer = self.approved().await;
        Token::of(&self.exchange(&signer).await)
    }

    pub(super) async fn exchange(&self, signer: &Signer) -> Response {
        self.post(self.provider.access_token_path(), signer).await
    }

    pub(super) fn heal(&self) {
        let all = [
            &self.consumers,
            &self.tokens,
            &self.token_changes,
            &self.nonces,
        ];
        for faults in all {
            faults.set(Fault::None);
        }
    }
}

pub(super) async fn status(provider: &Provider, header: &str) -> u16 {
    let request = Request::new("GET", "https", "api.example", "/resource", None);
    let request = request.with_authorization(header.as_bytes());
    match provider.authenticate(&request).await {
        Ok(identity) => {
            assert!(identity.is_some());
            ACCEPTED
        }
        Err(refusal) => {
            let answer = provider.refusal_response(&refusal);
            if matches!(refusal, Refusal::Unavailable(_)) {
                assert_is_503(&answer);
            }
            answer.status
        }
    }
}

pub(super) async fn post(provider: &Provider, path: &str, header: &str) -> Response {
    let request = Request::new("POST", "https", "api.example", path, None);
    let request = request.with_authorization(header.as_bytes());
    provider.token_endpoint(&request).await
}

/// The client is told to come again, and nothing else.
#[track_caller]
pub(super) fn assert_is_503(answer: &Response) {
    assert_eq!(answer.status, UNAVAILABLE, "{}", answer.body);
    let header = |name| answer.headers.iter().any(|(other, _)| *other == name);
    assert!(header("retry-after") && !header("www-authenticate"));
    assert!(!answer.body.contains("oauth_token"), "{}", answer.body);
}

pub(super) fn app() -> Signer {
    Signer::new(consumer_key("app"), Secret::from("secret"))
}

/// As the client holds it.
pub(super) struct Token {
    pub(super) key: String,
    secret: String,
}

impl Token {
    fn of(answer: &Response) -> Self {
        assert_eq!(answer.status, ACCEPTED, "{}", answer.body);
        let field = |wanted: &str| {
            let mut pairs = answer
                .body
                .split('&')
                .filter_map(|pair| pair.split_once('='));
            let pair = pairs.find(|(name, _)| *name == wanted);
            pair.unwrap().1.to_owned()
        };
        Self {
            key: field("oauth_token"),
            secret: field("oauth_token_secret"),
        }
    }

    pub(super) fn signer(&self) -> Signer {
        let secret = Secret::from(self.secret.as_str());
        app().with_token(TokenKey::new(&self.key).unwrap(), secret)
    }
}
