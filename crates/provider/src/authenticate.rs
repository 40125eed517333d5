//! Authenticated requests
//! ([RFC 5849 section 3](https://www.rfc-editor.org/rfc/rfc5849#section-3)): the order of checks.

mod keys;

use std::sync::Arc;

use oauth1_core::{
    BodyHasher, ErrorCode, Fresh, KeyError, Parsed, PreparedKey, Request, Secret, SignatureMethod,
    Timestamp, TokenKey, Window,
};

use self::keys::{Scheme, dummy, keys, pinned};
use crate::{
    AccessToken, Consumer, ConsumerIdentity, Denied, Identity, Provider, Refusal, Remembered,
    ReplayEntry, RequestToken, UserIdentity, key_cache::Of,
};

/// A request whose signature, timestamp and nonce hold. Only [`Provider::verify`] makes it, and
/// every flow starts from it.
#[derive(Debug)]
pub(crate) struct Verified<'a> {
    pub(crate) fresh: Fresh<'a>,
    pub(crate) consumer: Arc<Consumer>,
    pub(crate) token: Token,
    /// Compares the body, where it is still to come.
    body: Option<Box<BodyHasher>>,
    pub(crate) now: Timestamp,
}

/// What is known before the nonce is spent.
type Checked<'a> = (Fresh<'a>, Arc<Consumer>, Token, Option<Box<BodyHasher>>);

/// The token that a request was signed with.
#[derive(Debug)]
pub(crate) enum Token {
    None,
    Request(Box<RequestToken>),
    Access(Arc<AccessToken>),
}

/// Which tokens count where a request went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Resource,
    StreamedResource,
    TokenCredentials,
    Renewal,
    TemporaryCredentials,
}

impl Provider {
    /// Tells who calls: `Ok(None)` if the request has no sign of OAuth at all (Basic and Bearer
    /// are none).
    ///
    /// # Errors
    /// [`Refusal::Denied`] if the request is not acceptable, [`Refusal::Unavailable`] if a part
    /// could not answer.
    pub async fn authenticate(&self, request: &Request<'_>) -> Result<Option<Identity>, Refusal> {
        let found = self.identity(request, Endpoint::Resource).await;
        let found = found.inspect_err(|refusal| self.log(refusal))?;
        Ok(found.map(|(identity, _)| identity))
    }

    /// The same for a body that is no form and is still to come
    /// ([`Request::with_unread_body`]): for uploads that nobody wants in memory. Whoever reads
    /// the body feeds the hasher, if there is one, with every byte.
    ///
    /// # Security
    /// The request is not verified before [`BodyHasher::finish`] says so: until then its body may
    /// be anybody's. The nonce is spent already.
    ///
    /// # Errors
    /// As [`Provider::authenticate`].
    pub async fn authenticate_streamed(
        &self,
        request: &Request<'_>,
    ) -> Result<Option<(Identity, Option<BodyHasher>)>, Refusal> {
        let found = self.identity(request, Endpoint::StreamedResource).await;
        let found = found.inspect_err(|refusal| self.log(refusal))?;
        Ok(found.map(|(identity, body)| (identity, body.map(|body| *body))))
    }

    async fn identity(
        &self,
        request: &Request<'_>,
        endpoint: Endpoint,
    ) -> Result<Option<(Identity, Option<Box<BodyHasher>>)>, Refusal> {
        let Some(parsed) = self.extract(request)? else {
            return Ok(None);
        };
        let mut verified = self.verify(request, parsed, endpoint).await?;
        let body = verified.body.take();
        let identity = verified.identity()?;
        tracing::debug!(consumer = %identity.consumer().key(), "oauth1 request accepted");
        Ok(Some((identity, body)))
    }

    pub(crate) fn extract<'a>(
        &self,
        request: &Request<'a>,
    ) -> Result<Option<Parsed<'a>>, oauth1_core::Error> {
        let further = &self.config.further_methods;
        Parsed::extract_with(request, &self.config.limits, further)
    }

    /// Everything between parsing and the effects of a request. Nothing changes before the
    /// signature holds, and the nonce is spent last.
    pub(crate) async fn verify<'a>(
        &self,
        request: &Request<'_>,
        parsed: Parsed<'a>,
        endpoint: Endpoint,
    ) -> Result<Verified<'a>, Refusal> {
        let now = self.clock.now();
        // Section 3.2: unsupported methods are named before anything is looked up.
        let method = parsed.parameters().signature_method();
        let scheme = self.scheme(request, method)?;
        // Look-ups; an unknown consumer or token goes on with a dummy key.
        let consumer_key = parsed.parameters().consumer_key();
        let consumer = match self.manager.find_now(&consumer_key) {
            Some(known) => known?,
            None => self.manager.find(&consumer_key).await?,
        };
        let token = match (parsed.parameters().token(), endpoint) {
            (None, _) => Some(Token::None),
            (Some(_), Endpoint::TemporaryCredentials) => None,
            (Some(key), Endpoint::TokenCredentials) => {
                let token = self.store.request_token(&key).await?;
                // Bound to its consumer: another's is as good as unknown.
                let token = token.filter(|token| token.consumer == consumer_key);
                token.map(|token| Token::Request(Box::new(token)))
            }
            (Some(key), _) => match self.store.access_token_now(&consumer_key, &key) {
                Some(known) => known?,
                None => self.store.access_token(&consumer_key, &key).await?,
            }
            .map(Token::Access),
        };
        // Sections 3.4: signature, and 3.3: timestamp.
        let (fresh, consumer, token, body) =
            self.check(parsed, (consumer, token), scheme, (now, endpoint))?;
        let window = self.window(&consumer);
        self.spend_nonce(&fresh, (&consumer, &token), now, window)
            .await?;
        if consumer.disabled.is_some() {
            return Err(Denied::new(ErrorCode::ConsumerKeyRefused).into());
        }
        Ok(Verified {
            fresh,
            consumer,
            token,
            body,
            now,
        })
    }

    /// What needs no waiting: signature, body hash and timestamp.
    fn check<'a>(
        &self,
        parsed: Parsed<'a>,
        (consumer, token): (Option<Arc<Consumer>>, Option<Token>),
        scheme: Scheme<'_>,
        (now, endpoint): (Timestamp, Endpoint),
    ) -> Result<Checked<'a>, Denied> {
        let code = match (&consumer, &token) {
            (None, _) => ErrorCode::ConsumerKeyUnknown,
            (_, None) => ErrorCode::TokenRejected,
            _ => ErrorCode::ConsumerKeyRejected,
        };
        let known = consumer
            .zip(token)
            .filter(|(consumer, _)| pinned(consumer, &parsed, scheme, now))
            .and_then(|(consumer, token)| {
                let keys = self.keys(&consumer, &token, scheme, now).ok()?;
                Some((consumer, token, keys))
            });
        let Some((consumer, token, keys)) = known else {
            let _ = parsed.verify(&dummy(scheme)?);
            return Err(Denied::hidden(code));
        };
        let signed = parsed
            .with_leniencies(&consumer.policy.leniencies)
            .verify_any(&keys)?;
        // OAuth Request Body Hash 1.0.
        let policy = consumer.policy.body_hash;
        let (intact, body) = match endpoint {
            Endpoint::StreamedResource => {
                let (intact, body) = signed.check_streamed_body(policy)?;
                (intact, body.map(Box::new))
            }
            _ => (signed.check_body_hash(policy)?, None),
        };
        // Section 3.3: timestamp.
        let window = self.window(&consumer);
        let fresh = intact.check_timestamp(now, window);
        let fresh = fresh.map_err(|_| timestamp_refused(now, window))?;
        Ok((fresh, consumer, token, body))
    }

    /// Which timestamps are accepted of a consumer.
    fn window(&self, consumer: &Consumer) -> Window {
        consumer.policy.window.unwrap_or(self.config.window)
    }

    /// Section 3.3: a nonce is accepted once. PLAINTEXT requests may have none.
    async fn spend_nonce(
        &self,
        fresh: &Fresh<'_>,
        (consumer, token): (&Consumer, &Token),
        now: Timestamp,
        window: Window,
    ) -> Result<(), Refusal> {
        let parameters = fresh.parameters();
        let (Some(timestamp), Some(nonce)) = (parameters.timestamp(), parameters.nonce_text())
        else {
            return Ok(());
        };
        let entry = ReplayEntry {
            consumer: consumer.key(),
            token: token.key(),
            timestamp,
            nonce: &nonce,
            keep_until: timestamp.plus(window.past),
            now,
        };
        let remembered = match self.replay_guard.remember_now(&entry) {
            Some(known) => known?,
            None => self.replay_guard.remember(&entry).await?,
        };
        match remembered {
            Remembered::Fresh => Ok(()),
            Remembered::Replayed => Err(Denied::new(ErrorCode::NonceUsed).into()),
            Remembered::TooOld => Err(timestamp_refused(now, window).into()),
        }
    }

    /// The keys of the live credentials. Those of a rotation are made anew each time: which of them
    /// are live changes with the time.
    fn keys(
        &self,
        consumer: &Arc<Consumer>,
        token: &Token,
        scheme: Scheme<'_>,
        now: Timestamp,
    ) -> Result<Arc<[PreparedKey]>, KeyError> {
        let make = || keys(consumer, token.secret(), scheme, now);
        let token = match token {
            Token::None => None,
            Token::Access(token) => Some(token),
            Token::Request(_) => return make().map(Arc::from),
        };
        match scheme {
            Scheme::Own(method) if consumer.previous.is_none() => {
                let of = Of {
                    consumer,
                    token,
                    method,
                };
                self.key_cache.get_or_make(of, make)
            }
            _ => make().map(Arc::from),
        }
    }

    /// The method, if this provider accepts it.
    fn scheme(&self, request: &Request<'_>, method: SignatureMethod) -> Result<Scheme<'_>, Denied> {
        if let SignatureMethod::Further(name) = method {
            let mut further = self.config.further_methods.iter();
            let found = further.find(|method| method.name() == name);
            let rejected = oauth1_core::Error::SignatureMethodRejected;
            return Ok(Scheme::Further(found.ok_or(rejected)?));
        }
        let over_http = !request.scheme().eq_ignore_ascii_case("https");
        let bare = method == SignatureMethod::Plaintext && over_http;
        if !self.config.methods.contains(&method) || (bare && !self.config.plaintext_over_http) {
            return Err(oauth1_core::Error::SignatureMethodRejected.into());
        }
        Ok(Scheme::Own(method))
    }
}

impl Verified<'_> {
    /// Status and policy, the last step.
    fn identity(self) -> Result<Identity, Denied> {
        let method = self.fresh.parameters().signature_method();
        let transport = self.fresh.parameters().transport();
        match self.token {
            Token::None if !self.consumer.policy.two_legged => {
                Err(Denied::new(ErrorCode::PermissionDenied))
            }
            Token::None => Ok(Identity::Consumer(ConsumerIdentity {
                consumer: self.consumer,
                method,
                transport,
            })),
            Token::Access(token) if token.expires.is_some_and(|expires| expires <= self.now) => {
                Err(Denied::new(ErrorCode::TokenExpired))
            }
            Token::Access(token) => Ok(Identity::User(UserIdentity {
                consumer: self.consumer,
                token,
                method,
                transport,
            })),
            Token::Request(_) => Err(Denied::new(ErrorCode::TokenRejected)),
        }
    }
}

impl Token {
    fn key(&self) -> Option<&TokenKey> {
        match self {
            Self::None => None,
            Self::Request(token) => Some(&token.key),
            Self::Access(token) => Some(&token.key),
        }
    }

    fn secret(&self) -> Option<&Secret> {
        match self {
            Self::None => None,
            Self::Request(token) => Some(&token.secret),
            Self::Access(token) => Some(&token.secret),
        }
    }
}

/// With the first and last timestamp accepted, as OAuth Problem Reporting writes them.
fn timestamp_refused(now: Timestamp, window: Window) -> Denied {
    let (first, last) = (now.minus(window.past), now.plus(window.future));
    Denied::new(ErrorCode::TimestampRefused)
        .with("oauth_acceptable_timestamps", format!("{first}-{last}"))
}
