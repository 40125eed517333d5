//! The provider's configuration. Defaults are the safe ones.

use std::{sync::Arc, time::Duration};

use oauth1_core::{FurtherMethod, Limits, Realm, SignatureMethod, Window};

use crate::{
    Clock, Entropy, Manager, ProblemReporting, Provider, PublicUrl, Realms, ReplayGuard, Sessions,
    Store, SystemClock, SystemEntropy, TrustedProxies, provider::Config,
};

/// Builds a [`Provider`].
#[derive(Debug)]
#[must_use]
pub struct ProviderBuilder {
    manager: Arc<dyn Manager>,
    store: Arc<dyn Store>,
    replay_guard: Arc<dyn ReplayGuard>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    realm: String,
    public_url: Option<String>,
    config: Config,
}

/// What a bad OAuth attempt on a resource becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum BadAttempt {
    /// A refusal, 400 or 401. The default.
    Refuse,
    /// An anonymous visitor, as repoze-oauth-plugin did.
    Anonymous,
}

impl ProviderBuilder {
    pub(crate) fn new(
        manager: Arc<dyn Manager>,
        store: Arc<dyn Store>,
        replay_guard: Arc<dyn ReplayGuard>,
    ) -> Self {
        Self {
            manager,
            store,
            replay_guard,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            realm: "API".to_owned(),
            public_url: None,
            config: Config::default(),
        }
    }

    /// The realm of the challenge. Default `API`.
    pub fn with_realm(mut self, realm: impl Into<String>) -> Self {
        self.realm = realm.into();
        self
    }

    /// The path for temporary credentials. Default `/oauth/request_token`.
    pub fn with_request_token_path(mut self, path: impl Into<String>) -> Self {
        self.config.request_token_path = path.into();
        self
    }

    /// The path for token credentials, default `/oauth/access_token`. It may equal the request
    /// token path: then the parameters decide.
    pub fn with_access_token_path(mut self, path: impl Into<String>) -> Self {
        self.config.access_token_path = path.into();
        self
    }

    /// The path where users authorise. Default `/oauth/authorize`.
    pub fn with_authorize_path(mut self, path: impl Into<String>) -> Self {
        self.config.authorize_path = path.into();
        self
    }

    /// The URL that clients see, such as `https://api.example.com`: scheme and authority of
    /// every signature. Behind a proxy it, or [`Self::with_trusted_proxies`], is required; without
    /// both the Host header decides, with the connection's scheme: `http`, unless the server itself
    /// ends TLS and says so to its adapter. What a request names as its scheme is never believed.
    ///
    /// A path, as in `https://example.com/api`, is one that the proxy strips: it is put in front
    /// of the path of every request. Leave it out where requests come with it.
    pub fn with_public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// The proxies whose forwarded headers are believed. Default none. A public URL counts before
    /// them.
    pub fn with_trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.config.trusted_proxies = Some(proxies);
        self
    }

    /// The signature methods accepted at all. Default HMAC and RSA, each with SHA-1, -256
    /// and -512; PLAINTEXT has to be named here, and is accepted over https only.
    pub fn with_methods(mut self, methods: impl IntoIterator<Item = SignatureMethod>) -> Self {
        self.config.methods = methods.into_iter().collect();
        self
    }

    /// Accepts a further signature method. A consumer may use it if its policy names it, as
    /// [`SignatureMethod::Further`]; the default policy does not.
    pub fn with_further_method(mut self, method: Arc<dyn FurtherMethod>) -> Self {
        self.config.further_methods.push(method);
        self
    }

    /// Accepts PLAINTEXT over plain http too.
    ///
    /// # Security
    /// Every reader of the traffic then has the secrets. For tests.
    pub fn dangerous_plaintext_over_http(mut self) -> Self {
        self.config.plaintext_over_http = true;
        self
    }

    /// How far a timestamp may lie from now. Default 300 seconds each way.
    pub fn with_window(mut self, window: Window) -> Self {
        self.config.window = window;
        self
    }

    /// The lifetime of request tokens. Default 600 seconds.
    pub fn with_request_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.config.request_token_lifetime = lifetime;
        self
    }

    /// How many wrong verifiers burn a request token. Default 5.
    pub fn with_verifier_attempts(mut self, attempts: u32) -> Self {
        self.config.verifier_attempts = attempts;
        self
    }

    /// Upper limits of what is read.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.config.limits = limits;
        self
    }

    /// How long the whole of a body that counts for the signature may take to come. Default 30
    /// seconds; then the answer is 408. Other bodies are the application's affair, and so is the
    /// time that a server gives a request's head.
    pub fn with_body_timeout(mut self, timeout: Duration) -> Self {
        self.config.body_timeout = Some(timeout);
        self
    }

    /// Bodies may take as long as they like: for servers with limits of their own.
    pub fn without_body_timeout(mut self) -> Self {
        self.config.body_timeout = None;
        self
    }

    /// How long a manager, store or replay guard may take for one answer. Default 10 seconds; then
    /// the request is refused with 503. What the part did by then, it did: an exchange of which
    /// nobody hears has spent its request token.
    pub fn with_part_timeout(mut self, timeout: Duration) -> Self {
        self.config.part_timeout = Some(timeout);
        self
    }

    /// Parts may take as long as they like: for those with limits of their own.
    pub fn without_part_timeout(mut self) -> Self {
        self.config.part_timeout = None;
        self
    }

    /// What a bad OAuth attempt on a resource becomes. Default [`BadAttempt::Refuse`].
    pub fn with_bad_attempt(mut self, bad_attempt: BadAttempt) -> Self {
        self.config.bad_attempt = bad_attempt;
        self
    }

    /// How much of a refusal's reason the client is told. Default [`ProblemReporting::Off`].
    pub fn with_problem_reporting(mut self, problem_reporting: ProblemReporting) -> Self {
        self.config.problem_reporting = problem_reporting;
        self
    }

    /// Realms that tokens can be limited to. Default none: then no request for a realm is looked
    /// at, and tokens have none.
    ///
    /// A consumer asks for realms when it asks for a request token, by the request parameter
    /// [`ProviderBuilder::with_realm_parameter`] or, without that, by `realm` of the
    /// Authorization header; names are separated by spaces. Realms that are unknown or not of its
    /// policy are refused with 400. The header's `realm` is not signed (section 3.4.1.3.1); where
    /// it is the provider's own, as some clients send it, it asks for nothing.
    pub fn with_realms(mut self, realms: Realms) -> Self {
        self.config.realms = realms;
        self
    }

    /// The parameter of the query or form body that asks for realms. Default `scope`.
    pub fn with_realm_parameter(mut self, name: impl Into<String>) -> Self {
        self.config.realm_parameter = name.into();
        self
    }

    /// Lets consumers renew access tokens (OAuth Session 1.0). Off by default: then answers say
    /// nothing of lifetimes, and `oauth_session_handle` is not looked at.
    pub fn with_sessions(mut self, sessions: Sessions) -> Self {
        self.config.sessions = Some(sessions);
        self
    }

    /// Another clock: for tests.
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Another source of randomness: for tests.
    pub fn with_entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// Builds the provider.
    ///
    /// # Errors
    /// [`ConfigError`] naming everything that is wrong.
    pub fn build(mut self) -> Result<Provider, ConfigError> {
        let mut problems = Vec::new();
        let config = &mut self.config;
        for (name, path) in [
            ("request_token_path", &config.request_token_path),
            ("access_token_path", &config.access_token_path),
            ("authorize_path", &config.authorize_path),
        ] {
            if !path.starts_with('/') || path.contains(['?', '#']) {
                problems.push(format!("{name} is no absolute path: {path:?}"));
            }
        }
        if [&config.request_token_path, &config.access_token_path].contains(&&config.authorize_path)
        {
            problems.push("authorize_path equals a token path".to_owned());
        }
        let names = config.further_methods.iter().map(|method| method.name());
        let names: Vec<_> = names.collect();
        for (at, name) in names.iter().enumerate() {
            if names.iter().take(at).any(|before| before == name) {
                problems.push(format!("two further methods are called {name:?}"));
            }
        }
        if config.methods.is_empty() && names.is_empty() {
            problems.push("no signature method".to_owned());
        }
        if config.sessions.is_some_and(|sessions| !sessions.is_sound()) {
            problems.push("session lifetimes must be at least a second".to_owned());
        }
        if config.realm_parameter.is_empty() || config.realm_parameter.starts_with("oauth_") {
            problems.push("the realm parameter is no parameter of an application".to_owned());
        }
        if config.body_timeout.is_some_and(|timeout| timeout.is_zero()) {
            problems.push("the body timeout must be longer than nothing".to_owned());
        }
        if config.part_timeout.is_some_and(|timeout| timeout.is_zero()) {
            problems.push("the part timeout must be longer than nothing".to_owned());
        }
        if config.verifier_attempts == 0 {
            problems.push("verifier attempts must be at least 1".to_owned());
        }
        let realm = Realm::new(&self.realm);
        if let Err(error) = &realm {
            problems.push(format!("realm: {error}"));
        }
        if let Some(url) = &self.public_url {
            config.public_url = PublicUrl::parse(url);
            if config.public_url.is_none() {
                problems.push("public URL is not `http(s)://host[:port][/path]`".to_owned());
            }
        }
        match realm {
            Ok(realm) if problems.is_empty() => Ok(Provider::assemble(
                (self.manager, self.store, self.replay_guard),
                (self.clock, self.entropy),
                realm,
                self.config,
            )),
            _ => Err(ConfigError(problems)),
        }
    }
}

/// Everything that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct ConfigError(Vec<String>);

impl ConfigError {
    /// Each problem.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.0
    }
}
