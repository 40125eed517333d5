//! Why a signature does not match: tries what clients usually get wrong with
//! [RFC 5849 section 3.4](https://www.rfc-editor.org/rfc/rfc5849#section-3.4).
//!
//! For operators. The result holds the expected signature: it is not for the client.

mod digest;
mod encoder;
mod message;
mod mistake;
mod model;
mod order;
mod pair;
mod search;

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

pub use self::message::{HttpMessage, HttpMessageError};
use self::{model::Model, search::search};
use crate::{
    BodyHashPolicy, Error, Limits, Parsed, PreparedKey, Request, Secret, SignatureMethod,
    Transport, parameter::Text,
};

/// What the provider knows about the consumer and its request.
#[derive(Clone, Debug)]
#[must_use]
pub struct Explainer {
    consumer_secret: Secret,
    token_secret: Option<Secret>,
    #[cfg(feature = "rsa")]
    public_key: Option<crate::RsaPublicKey>,
    authority: Option<String>,
    work_bytes: usize,
}

impl Explainer {
    /// With the consumer's secret.
    pub fn new(consumer_secret: Secret) -> Self {
        Self {
            consumer_secret,
            token_secret: None,
            #[cfg(feature = "rsa")]
            public_key: None,
            authority: None,
            work_bytes: 256 << 20,
        }
    }

    /// With the token's secret.
    pub fn with_token_secret(mut self, secret: Secret) -> Self {
        self.token_secret = Some(secret);
        self
    }

    /// With the consumer's public key, for the RSA methods.
    #[cfg(feature = "rsa")]
    pub fn with_public_key(mut self, key: crate::RsaPublicKey) -> Self {
        self.public_key = Some(key);
        self
    }

    /// With another authority that the client may have signed.
    pub fn with_authority(mut self, authority: impl Into<String>) -> Self {
        self.authority = Some(authority.into());
        self
    }

    /// About how many bytes of base strings are made at most in the search, once the usual mistakes
    /// were each tried alone. Default 256 MiB: a few seconds.
    pub fn with_work_bytes(mut self, work_bytes: usize) -> Self {
        self.work_bytes = work_bytes;
        self
    }

    /// Verifies a request; if its signature does not match, tries the usual mistakes, alone and
    /// in pairs.
    ///
    /// `body` is the body with its Content-Type, also where it is no form.
    ///
    /// # Errors
    /// [`ExplainError`] if there is no OAuth in the request, its parameters are not well-formed,
    /// or there is no key for its method.
    pub fn explain(
        &self,
        request: &Request<'_>,
        body: Option<(&[u8], &[u8])>,
    ) -> Result<Explanation, ExplainError> {
        let whole = match body {
            Some((kind, body)) if request.form_body.is_none() => {
                request.with_body(Some(kind), body)
            }
            _ => *request,
        };
        let parsed = Parsed::extract(&whole, &Limits::default())?.ok_or(ExplainError::NotOAuth)?;
        let method = parsed.parameters().signature_method();
        let received = parsed.parameters().signature().text.decoded().into_owned();
        let received = String::from_utf8_lossy(&received).into_owned();
        let has_token = parsed.parameters().token().is_some();
        let mut parameters: Vec<_> = parsed.in_order().into_iter().map(Parameter::of).collect();
        let signatures = parameters
            .iter_mut()
            .filter(|parameter| parameter.name == "oauth_signature");
        signatures.for_each(|parameter| parameter.value = self.shown(method, &parameter.value));
        let realm = parsed.parameters().realm().map(str::to_owned);
        let base_string = parsed.base_string();
        let model = Model::new(self, &whole, body, (&received, method, has_token));
        let expected = model.signature();
        // PLAINTEXT is the secrets themselves.
        let expected = expected.filter(|_| method != SignatureMethod::Plaintext);
        let key = self.key(method, has_token)?;
        let signed = parsed.verify(&key);
        let intact = signed.map(|signed| signed.check_body_hash(BodyHashPolicy::VerifyIfPresent));
        let valid = matches!(intact, Ok(Ok(_)));
        let (alternatives, tried) = match intact {
            Ok(Ok(_)) => (Vec::new(), 0),
            Ok(Err(error)) => (vec![vec![of_body(&error)]], 0),
            Err(_) => search(&model),
        };
        let mut causes: Vec<Cause> = Vec::new();
        for cause in alternatives.iter().flatten() {
            if !causes.contains(cause) {
                causes.push(*cause);
            }
        }
        Ok(Explanation {
            valid,
            parameters,
            realm,
            base_string,
            expected_signature: expected,
            received_signature: self.shown(method, &received),
            causes,
            alternatives,
            tried,
        })
    }

    /// What came, unless it shows a secret: by PLAINTEXT it does, whatever method the client names,
    /// however often it escaped it, and in base64.
    fn shown(&self, method: SignatureMethod, received: &str) -> String {
        // No digest has `&` or `%` or is so short; one may hold a short secret by chance.
        const DIGEST: usize = 27;
        const BY_CHANCE: usize = 4;
        let is_none = method == SignatureMethod::Plaintext
            || received.contains(['&', '%'])
            || received.len() < DIGEST;
        let shortest = if is_none { 0 } else { BY_CHANCE };
        let told = STANDARD_NO_PAD.decode(received.trim_end_matches('='));
        let told = told.map(|told| self.tells_a_secret(&String::from_utf8_lossy(&told), BY_CHANCE));
        if self.tells_a_secret(received, shortest) || told == Ok(true) {
            return "[redacted]".to_owned();
        }
        received.to_owned()
    }

    /// One of more than `shortest` bytes. Also if it is escaped more often than anybody looks.
    fn tells_a_secret(&self, text: &str, shortest: usize) -> bool {
        const ESCAPED: usize = 8;
        let spaced = |text: &str| text.replace('+', " ");
        let token = self.token_secret.as_ref();
        let secrets = [Some(&self.consumer_secret), token].into_iter().flatten();
        let secrets = secrets.map(Secret::expose);
        let secrets = secrets.filter(|secret| secret.len() > shortest);
        let forms: Vec<String> = secrets
            .flat_map(|secret| [spaced(secret), crate::percent::encode(secret.as_bytes())])
            .collect();
        let mut text = spaced(text);
        for _ in 0..ESCAPED {
            if forms.iter().any(|form| text.contains(form)) {
                return true;
            }
            let decoded = pair::decode(text.as_bytes());
            if decoded == text.as_bytes() {
                return false;
            }
            text = spaced(&String::from_utf8_lossy(&decoded));
        }
        true
    }

    fn key(&self, method: SignatureMethod, has_token: bool) -> Result<PreparedKey, ExplainError> {
        #[cfg(feature = "rsa")]
        if method.is_rsa() {
            let key = self
                .public_key
                .as_ref()
                .ok_or(ExplainError::NoKey(method))?;
            return PreparedKey::rsa(method, key).map_err(|_| ExplainError::NoKey(method));
        }
        let token = self.token_secret.as_ref().filter(|_| has_token);
        let key = if self.consumer_secret.is_empty() {
            PreparedKey::without_consumer_secret(method, token)
        } else {
            PreparedKey::shared_secret(method, &self.consumer_secret, token)
        };
        key.map_err(|_| ExplainError::NoKey(method))
    }
}

/// The codes of all mistakes that are tried, the most likely first.
pub fn codes() -> impl Iterator<Item = &'static str> {
    mistake::CODES.into_iter().map(|(code, _)| code)
}

/// What is wrong where the signature matches, and nothing has to be tried.
fn of_body(error: &Error) -> Cause {
    let (code, text) = match error {
        Error::ParameterMalformed(_) => (
            "body_hash_of_form",
            "a form has oauth_body_hash, which is for other bodies only",
        ),
        _ => (
            "body_hash_wrong",
            "oauth_body_hash is not that of the body, or by another method's hash",
        ),
    };
    Cause { code, text }
}

/// What is known after [`Explainer::explain`].
#[derive(Clone)]
#[non_exhaustive]
pub struct Explanation {
    /// Whether the signature is right, and the body is the one that was signed where `oauth_body_hash`
    /// covers it.
    pub valid: bool,
    /// The parameters that were found, in the order of the base string.
    pub parameters: Vec<Parameter>,
    /// The realm of the Authorization header, which is no part of the signature (section 3.4.1.3.1).
    pub realm: Option<String>,
    /// The signature base string (section 3.4.1.1).
    pub base_string: String,
    /// The right signature; `None` for RSA, where only the consumer can make it, and for PLAINTEXT,
    /// where it is the secrets.
    pub expected_signature: Option<String>,
    /// The signature that came; `[redacted]` if by PLAINTEXT it shows a secret.
    pub received_signature: String,
    /// The mistakes that reproduce the signature that came, the most likely first: all those of
    /// `alternatives`. Empty if nothing does. Where the signature is right and the body is not, that.
    pub causes: Vec<Cause>,
    /// Each of them reproduces it: a mistake alone or, where none does, two made together, or more
    /// where an encoder for something else makes them.
    pub alternatives: Vec<Vec<Cause>>,
    /// How many mistakes and pairs were tried.
    pub tried: usize,
}

/// Signatures and parameters stay out of logs.
impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explanation")
            .field("valid", &self.valid)
            .field("causes", &self.causes)
            .finish_non_exhaustive()
    }
}

/// A parameter, decoded, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where it stood.
    pub transport: Transport,
}

impl Parameter {
    fn of((name, value, transport): (Text<'_>, Text<'_>, Transport)) -> Self {
        let text = |text: Text<'_>| String::from_utf8_lossy(&text.decoded()).into_owned();
        Self {
            name: text(name),
            value: text(value),
            transport,
        }
    }
}

/// A mistake that reproduces the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// Its name, frozen.
    pub code: &'static str,
    /// What it means, in a sentence.
    pub text: &'static str,
}

/// Why there is nothing to explain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// There is no OAuth in the request.
    #[error("the request carries no OAuth parameters")]
    NotOAuth,
    /// The parameters are not well-formed: the signature is not the problem.
    #[error(transparent)]
    Request(#[from] Error),
    /// There is no key for its method.
    #[error("no key for {0} was given")]
    NoKey(SignatureMethod),
}
