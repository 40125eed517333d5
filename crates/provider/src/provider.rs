//! The provider: the parts, and what adapters ask of it.

use std::{sync::Arc, time::Duration};

use futures_util::FutureExt;
use oauth1_core::{
    Challenge, FurtherMethod, Limits, Realm, Request, SignatureMethod, Timestamp, Window,
};

use crate::{
    BadAttempt, Clock, Denied, Entropy, GuardRefusal, Identity, Manager, ProblemReporting,
    ProviderBuilder, PublicUrl, Realms, Refusal, ReplayGuard, Response, Sessions, Store,
    StoreError, TrustedProxies, key_cache::KeyCache, outages::Outages,
};

/// An OAuth 1.0a provider. Share it as `Arc<Provider>`.
#[derive(Debug)]
pub struct Provider {
    pub(crate) manager: Arc<dyn Manager>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) replay_guard: Arc<dyn ReplayGuard>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) realm: Realm,
    pub(crate) challenge: Challenge,
    pub(crate) config: Config,
    pub(crate) key_cache: KeyCache,
    pub(crate) outages: Outages,
}

#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) request_token_path: String,
    pub(crate) access_token_path: String,
    pub(crate) authorize_path: String,
    pub(crate) public_url: Option<PublicUrl>,
    pub(crate) trusted_proxies: Option<TrustedProxies>,
    pub(crate) methods: Vec<SignatureMethod>,
    pub(crate) further_methods: Vec<Arc<dyn FurtherMethod>>,
    pub(crate) plaintext_over_http: bool,
    pub(crate) window: Window,
    pub(crate) request_token_lifetime: Duration,
    pub(crate) verifier_attempts: u32,
    pub(crate) limits: Limits,
    pub(crate) body_timeout: Option<Duration>,
    pub(crate) part_timeout: Option<Duration>,
    pub(crate) realms: Realms,
    pub(crate) realm_parameter: String,
    pub(crate) sessions: Option<Sessions>,
    pub(crate) bad_attempt: BadAttempt,
    pub(crate) problem_reporting: ProblemReporting,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            request_token_path: "/oauth/request_token".to_owned(),
            access_token_path: "/oauth/access_token".to_owned(),
            authorize_path: "/oauth/authorize".to_owned(),
            public_url: None,
            trusted_proxies: None,
            methods: vec![
                SignatureMethod::HmacSha1,
                SignatureMethod::HmacSha256,
                SignatureMethod::HmacSha512,
                SignatureMethod::RsaSha1,
                SignatureMethod::RsaSha256,
                SignatureMethod::RsaSha512,
            ],
            further_methods: Vec::new(),
            plaintext_over_http: false,
            window: Window::default(),
            request_token_lifetime: Duration::from_secs(600),
            verifier_attempts: 5,
            limits: Limits::default(),
            body_timeout: Some(Duration::from_secs(30)),
            part_timeout: Some(Duration::from_secs(10)),
            problem_reporting: ProblemReporting::Off,
            realms: Realms::default(),
            realm_parameter: "scope".to_owned(),
            sessions: None,
            bad_attempt: BadAttempt::Refuse,
        }
    }
}

impl Provider {
    /// Starts to build one over consumers, tokens and nonces.
    pub fn builder(
        manager: Arc<dyn Manager>,
        store: Arc<dyn Store>,
        replay_guard: Arc<dyn ReplayGuard>,
    ) -> ProviderBuilder {
        ProviderBuilder::new(manager, store, replay_guard)
    }

    pub(crate) fn assemble(
        (manager, store, replay_guard): (Arc<dyn Manager>, Arc<dyn Store>, Arc<dyn ReplayGuard>),
        (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>),
        realm: Realm,
        config: Config,
    ) -> Self {
        Self {
            manager,
            store,
            replay_guard,
            clock,
            entropy,
            challenge: Challenge::new(&realm),
            realm,
            config,
            key_cache: KeyCache::default(),
            outages: Outages::default(),
        }
    }

    /// Answers a POST to a token endpoint (sections 2.1 and 2.3). Where both have one path, a
    /// request with `oauth_token` is an exchange. Every other method is answered 405.
    ///
    /// The request's path must be one of [`Provider::request_token_path`] and
    /// [`Provider::access_token_path`], exactly; others are answered 404.
    pub async fn token_endpoint(&self, request: &Request<'_>) -> Response {
        self.token_endpoint_at(request.path(), request).await
    }

    /// The same for a request that is routed by another path than it was signed for: a mount or
    /// a proxy has stripped a prefix.
    pub async fn token_endpoint_at(&self, path: &str, request: &Request<'_>) -> Response {
        let (request_token, access_token) = (
            path == self.config.request_token_path,
            path == self.config.access_token_path,
        );
        if !request_token && !access_token {
            return Response::text(404, "not found");
        }
        self.answer_token_request(request, request_token, access_token)
            .await
    }

    pub(crate) async fn answer_token_request(
        &self,
        request: &Request<'_>,
        request_token: bool,
        access_token: bool,
    ) -> Response {
        let use_post = || {
            let mut response = Response::text(405, "use POST");
            response.headers.push(("allow", "POST".to_owned()));
            response
        };
        let verb = request.method();
        if verb != "POST" && verb != "GET" {
            return use_post();
        }
        let answer = self
            .token_request(request, request_token, access_token)
            .await
            .inspect_err(|refusal| self.log(refusal));
        match answer {
            Ok(response) => response,
            // By GET, only a consumer that may is told more.
            Err(Refusal::Denied(_)) if verb == "GET" => use_post(),
            Err(refusal) => self.refusal_response(&refusal),
        }
    }

    /// Tells who calls, as an adapter needs it: [`Provider::authenticate`] with the answer ready,
    /// or an anonymous visitor where [`BadAttempt::Anonymous`] says so.
    ///
    /// # Errors
    /// The answer to a request that is refused, or that could not be decided.
    pub fn identify(
        &self,
        request: &Request<'_>,
    ) -> impl Future<Output = Result<Option<Identity>, Response>> + Send {
        let known = self.authenticate(request);
        known.map(|known| known.or_else(|refusal| self.refused(&refusal)))
    }

    #[cold]
    fn refused(&self, refusal: &Refusal) -> Result<Option<Identity>, Response> {
        match refusal {
            Refusal::Denied(_) if self.bad_attempt() == BadAttempt::Anonymous => Ok(None),
            refusal => Err(self.refusal_response(refusal)),
        }
    }

    /// Tells the operator: once for each request that is refused, and of outages.
    #[cold]
    pub(crate) fn log(&self, refusal: &Refusal) {
        match refusal {
            Refusal::Denied(denied) => {
                tracing::info!(code = %denied.code(), "oauth1 request refused");
            }
            Refusal::Unavailable(error) => self.outages.tell(error.as_ref(), self.clock.now()),
        }
    }

    /// The answer to a refused request, with the challenge on 401.
    #[must_use]
    pub fn refusal_response(&self, refusal: &Refusal) -> Response {
        Response::refusal(refusal, &self.challenge, self.config.problem_reporting)
    }

    /// The answer to what a guard refused, with a report of the problem where reports are on: the
    /// adapters' layers do it for all guards and extractors that they stand around.
    #[must_use]
    pub fn guard_response(&self, refusal: &GuardRefusal) -> Response {
        self.guard_report(refusal)
            .unwrap_or_else(|| Response::from(refusal))
    }

    /// The report of what a guard refused; `None` where reports are off, and for whom the
    /// application's own log-in knows: that is no problem of OAuth.
    #[must_use]
    pub fn guard_report(&self, refusal: &GuardRefusal) -> Option<Response> {
        if refusal.own_log_in {
            return None;
        }
        let denied = Denied::because(refusal.code, refusal.message).with_status(refusal.status);
        let reporting = self.config.problem_reporting;
        reporting.response(&denied, &self.challenge)
    }

    /// The value of WWW-Authenticate for the application's own 401s.
    #[must_use]
    pub fn challenge(&self) -> &Challenge {
        &self.challenge
    }

    /// The path for temporary credentials.
    #[must_use]
    pub fn request_token_path(&self) -> &str {
        &self.config.request_token_path
    }

    /// The path for token credentials.
    #[must_use]
    pub fn access_token_path(&self) -> &str {
        &self.config.access_token_path
    }

    /// The path where users authorise.
    #[must_use]
    pub fn authorize_path(&self) -> &str {
        &self.config.authorize_path
    }

    /// Whether the path is a token endpoint's or the authorise page's: requests there carry
    /// OAuth parameters and are no authenticated requests.
    #[must_use]
    pub fn is_protocol_path(&self, path: &str) -> bool {
        [
            &self.config.request_token_path,
            &self.config.access_token_path,
            &self.config.authorize_path,
        ]
        .into_iter()
        .any(|own| own == path)
    }

    /// The URL that clients see, if fixed.
    #[must_use]
    pub fn public_url(&self) -> Option<&PublicUrl> {
        self.config.public_url.as_ref()
    }

    /// The limits; adapters bound form bodies by them.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.config.limits
    }

    /// What a bad OAuth attempt on a resource becomes.
    #[must_use]
    pub fn bad_attempt(&self) -> BadAttempt {
        self.config.bad_attempt
    }

    /// The store: for lists and revocation.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The manager: for administration.
    #[must_use]
    pub fn manager(&self) -> &Arc<dyn Manager> {
        &self.manager
    }

    /// Now, by the provider's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Deletes what has expired, in bounded steps; gives how much. Call it every few minutes.
    ///
    /// # Errors
    /// [`StoreError`] if store or guard could not answer.
    pub async fn purge(&self) -> Result<u64, StoreError> {
        const STEP: u32 = 1_000;
        let now = self.now();
        let mut all = 0;
        loop {
            let tokens = self.store.purge(now, STEP).await?;
            let nonces = self.replay_guard.purge(now, STEP).await?;
            all += tokens + nonces;
            if tokens < u64::from(STEP) && nonces < u64::from(STEP) {
                return Ok(all);
            }
        }
    }
}
