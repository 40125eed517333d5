//! Authenticated requests
//! ([RFC 5849 section 3](https://www.rfc-editor.org/rfc/rfc5849#section-3)): the order of checks.

mod checked;
mod keys;
mod token;
mod verified;

use std::{borrow::Borrow, sync::Arc};

use oauth1_core::{BodyHasher, ErrorCode, KeyError, Parsed, Request, SignatureMethod, Timestamp};

use self::{
    checked::{Checked, timestamp_refused},
    keys::{Scheme, dummy, keys, pinned},
};
pub(crate) use self::{token::Token, verified::Verified};
use crate::{
    Consumer, Denied, Identity, Provider, Refusal, Remembered, StoreError,
    hint::seldom,
    key_cache::{Keys, Of},
};

/// What a request names; `None` where it is unknown.
type Named = (Option<Arc<Consumer>>, Option<Token>);

/// How far a request has come.
enum Step<'a, 'p> {
    Done(Verified<'a>),
    /// In a box: whoever has all parts at hand carries no room for it.
    Wait(Box<Waiting<'a, 'p>>),
}

impl<'a, 'p> Step<'a, 'p> {
    #[cold]
    fn wait(waiting: Waiting<'a, 'p>) -> Self {
        Self::Wait(Box::new(waiting))
    }
}

/// What has to be waited for.
enum Waiting<'a, 'p> {
    /// Consumer or token are not at hand.
    LookUp(Parsed<'a>, Asked<'p>),
    /// The replay guard does not answer at once.
    Remember(Checked<'a>),
}

/// What is asked of a request.
#[derive(Clone, Copy)]
struct Asked<'p> {
    endpoint: Endpoint,
    scheme: Scheme<'p>,
    now: Timestamp,
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
        let verified = match self.begin(request, Endpoint::Resource) {
            Ok(Some(Step::Done(verified))) => Ok(verified),
            Ok(Some(Step::Wait(waiting))) => Box::pin(self.wait(waiting)).await,
            Ok(None) => return Ok(None),
            Err(refusal) => Err(refusal),
        };
        match verified.and_then(Verified::identity) {
            Ok(identity) => Ok(Some(identity)),
            Err(refusal) => {
                self.log(&refusal);
                Err(refusal)
            }
        }
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
        let verified = match self.begin(request, Endpoint::StreamedResource) {
            Ok(Some(Step::Done(verified))) => Ok(verified),
            Ok(Some(Step::Wait(waiting))) => Box::pin(self.wait(waiting)).await,
            Ok(None) => return Ok(None),
            Err(refusal) => Err(refusal),
        };
        let identity = verified.and_then(|mut verified| {
            let body = verified.body.take().map(|body| *body);
            Ok((verified.identity()?, body))
        });
        identity.map(Some).inspect_err(|refusal| self.log(refusal))
    }

    /// As far as it goes without waiting.
    #[inline]
    fn begin<'a>(
        &self,
        request: &Request<'a>,
        endpoint: Endpoint,
    ) -> Result<Option<Step<'a, '_>>, Refusal> {
        match self.extract(request)? {
            Some(parsed) => self.verify_now(request, parsed, endpoint).map(Some),
            None => Ok(None),
        }
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
        match self.verify_now(request, parsed, endpoint)? {
            Step::Done(verified) => Ok(verified),
            Step::Wait(waiting) => Box::pin(self.wait(waiting)).await,
        }
    }

    /// As far as it goes without waiting.
    fn verify_now<'a>(
        &self,
        request: &Request<'_>,
        parsed: Parsed<'a>,
        endpoint: Endpoint,
    ) -> Result<Step<'a, '_>, Refusal> {
        // Section 3.2: unsupported methods are named before anything is looked up.
        let scheme = self.scheme(request, parsed.parameters().signature_method())?;
        let asked = Asked {
            endpoint,
            scheme,
            now: self.clock.now(),
        };
        match self.look_up_now(&parsed, endpoint) {
            Some(named) => self.check_and_remember(parsed, named?, &asked),
            None => Ok(Step::wait(Waiting::LookUp(parsed, asked))),
        }
    }

    /// Its future is boxed by who waits for it: all others carry no room for it.
    #[cold]
    async fn wait<'a>(&self, waiting: Box<Waiting<'a, '_>>) -> Result<Verified<'a>, Refusal> {
        let mut waiting = waiting;
        loop {
            let step = match *waiting {
                Waiting::LookUp(parsed, asked) => {
                    let named = self.look_up(&parsed, asked.endpoint).await?;
                    self.check_and_remember(parsed, named, &asked)?
                }
                Waiting::Remember(checked) => Step::Done(self.remember(checked).await?),
            };
            match step {
                Step::Done(verified) => return Ok(verified),
                Step::Wait(next) => waiting = next,
            }
        }
    }

    /// Signature and timestamp, and the nonce if the guard answers at once.
    #[inline]
    fn check_and_remember<'a, 'p>(
        &self,
        parsed: Parsed<'a>,
        named: Named,
        asked: &Asked<'_>,
    ) -> Result<Step<'a, 'p>, Refusal> {
        let checked = self.check(parsed, named, asked)?;
        let window = &self.config.window;
        let remembered = match &checked.nonce() {
            Some(nonce) => {
                let entry = checked.entry(nonce, window);
                self.replay_guard.remember_now(&entry)
            }
            None => Some(Ok(Remembered::Fresh)),
        };
        match remembered {
            Some(known) => Ok(Step::Done(checked.accept(known?, window)?)),
            None => Ok(Step::wait(Waiting::Remember(checked))),
        }
    }

    async fn remember<'a>(&self, checked: Checked<'a>) -> Result<Verified<'a>, Refusal> {
        let window = &self.config.window;
        let remembered = match &checked.nonce() {
            Some(nonce) => {
                let entry = checked.entry(nonce, window);
                self.in_time(self.replay_guard.remember(&entry)).await?
            }
            None => Remembered::Fresh,
        };
        Ok(checked.accept(remembered, window)?)
    }

    /// What a request names; `None` if a part has to be waited for.
    fn look_up_now(
        &self,
        parsed: &Parsed<'_>,
        endpoint: Endpoint,
    ) -> Option<Result<Named, StoreError>> {
        let consumer_key = parsed.parameters().consumer_key_bytes();
        let consumer = match self.manager.find_now(&consumer_key)? {
            Ok(consumer) => consumer,
            Err(error) => return Some(Err(error)),
        };
        let token_key = parsed.parameters().token_bytes();
        let token = match (&token_key, endpoint) {
            (None, _) => Some(Token::None),
            (Some(_), Endpoint::TemporaryCredentials) => None,
            (Some(_), Endpoint::TokenCredentials) => return None,
            (Some(key), _) => match self.store.access_token_now(&consumer_key, key)? {
                Ok(token) => token.map(Token::Access),
                Err(error) => return Some(Err(error)),
            },
        };
        Some(Ok((consumer, token)))
    }

    async fn look_up(&self, parsed: &Parsed<'_>, endpoint: Endpoint) -> Result<Named, StoreError> {
        let consumer_key = parsed.parameters().consumer_key();
        let consumer = match self.manager.find_now(consumer_key.borrow()) {
            Some(known) => known?,
            None => self.in_time(self.manager.find(&consumer_key)).await?,
        };
        let token = match (parsed.parameters().token(), endpoint) {
            (None, _) => Some(Token::None),
            (Some(_), Endpoint::TemporaryCredentials) => None,
            (Some(key), Endpoint::TokenCredentials) => {
                let token = self.in_time(self.store.request_token(&key)).await?;
                // Bound to its consumer: another's is as good as unknown.
                let token = token.filter(|token| token.consumer == consumer_key);
                token.map(|token| Token::Request(Box::new(token)))
            }
            (Some(key), _) => match self
                .store
                .access_token_now(consumer_key.borrow(), key.borrow())
            {
                Some(known) => known?,
                None => {
                    self.in_time(self.store.access_token(&consumer_key, &key))
                        .await?
                }
            }
            .map(Token::Access),
        };
        Ok((consumer, token))
    }

    /// Signature, body hash and timestamp. An unknown consumer or token costs a dummy key.
    #[inline]
    fn check<'a>(
        &self,
        parsed: Parsed<'a>,
        named: Named,
        asked: &Asked<'_>,
    ) -> Result<Checked<'a>, Denied> {
        let (consumer, token) = match named {
            (Some(consumer), Some(token)) => (consumer, token),
            (None, _) => return Err(unknown(parsed, ErrorCode::ConsumerKeyUnknown, asked)),
            (_, None) => return Err(unknown(parsed, ErrorCode::TokenRejected, asked)),
        };
        if !pinned(&consumer, &parsed) {
            return Err(unknown(parsed, ErrorCode::ConsumerKeyRejected, asked));
        }
        // Read where they come, not moved.
        let keys = self.keys(&consumer, &token, asked);
        let Some(live) = keys.as_ref().ok().filter(|live| !live.is_empty()) else {
            return Err(unknown(parsed, ErrorCode::ConsumerKeyRejected, asked));
        };
        // Sections 3.4: signature, and 3.3: timestamp.
        let signed = parsed
            .with_leniencies(&consumer.policy.leniencies)
            .verify_any(live)?;
        drop(keys);
        // OAuth Request Body Hash 1.0.
        let policy = consumer.policy.body_hash;
        let (intact, body) = match asked.endpoint {
            Endpoint::StreamedResource => {
                seldom();
                let (intact, body) = signed.check_streamed_body(policy)?;
                (intact, body.map(Box::new))
            }
            _ => (signed.check_body_hash(policy)?, None),
        };
        let (now, window) = (asked.now, consumer.window(&self.config.window));
        let fresh = intact.check_timestamp(now, *window);
        Ok(Checked {
            fresh: fresh.map_err(|_| timestamp_refused(now, window))?,
            consumer,
            token,
            body,
            now,
        })
    }

    /// The keys of the live credentials. Those of a rotation are made anew each time: which of them
    /// are live changes with the time.
    #[inline(always)]
    fn keys(
        &self,
        consumer: &Arc<Consumer>,
        token: &Token,
        asked: &Asked<'_>,
    ) -> Result<Keys<'_>, KeyError> {
        let make = || keys(consumer, token.secret(), &asked.scheme, asked.now);
        let token = match token {
            Token::None => None,
            Token::Access(token) => Some(token),
            Token::Request(_) => return make().map(Keys::Made),
        };
        match asked.scheme {
            Scheme::Own(method) if consumer.previous.is_none() => {
                let of = Of {
                    consumer,
                    token,
                    method,
                };
                self.key_cache.get_or_make(of, make)
            }
            _ => make().map(Keys::Made),
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
        let over_http = || !request.scheme().eq_ignore_ascii_case("https");
        let bare = method == SignatureMethod::Plaintext && over_http();
        if !self.config.methods.contains(&method) || (bare && !self.config.plaintext_over_http) {
            return Err(oauth1_core::Error::SignatureMethodRejected.into());
        }
        Ok(Scheme::Own(method))
    }
}

/// The refusal of what nobody knows, at the price of a request that somebody does.
#[cold]
fn unknown(parsed: Parsed<'_>, code: ErrorCode, asked: &Asked<'_>) -> Denied {
    match dummy(&asked.scheme) {
        Ok(key) => {
            let _ = parsed.verify(&key);
            Denied::hidden(code)
        }
        Err(denied) => denied,
    }
}
