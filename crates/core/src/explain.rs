//! Why a signature does not match: tries what clients usually get wrong with
//! [RFC 5849 section 3.4](https://www.rfc-editor.org/rfc/rfc5849#section-3.4).
//!
//! For operators. The result holds the expected signature: it is not for the client.

mod message;
mod mistake;
mod model;

use std::fmt;

pub use self::message::{HttpMessage, HttpMessageError};
use self::{
    mistake::{MISTAKES, Mistake},
    model::Model,
};
use crate::{Error, Limits, Parsed, PreparedKey, Request, Secret, SignatureMethod, Transport};

/// What the provider knows about the consumer and its request.
#[derive(Clone, Debug)]
#[must_use]
pub struct Explainer {
    consumer_secret: Secret,
    token_secret: Option<Secret>,
    #[cfg(feature = "rsa")]
    public_key: Option<crate::RsaPublicKey>,
    authority: Option<String>,
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
        let parsed = Parsed::extract(request, &Limits::default())?.ok_or(ExplainError::NotOAuth)?;
        let method = parsed.parameters().signature_method();
        let received = parsed.parameters().signature.decoded().into_owned();
        let received = String::from_utf8_lossy(&received).into_owned();
        let has_token = parsed.parameters().token().is_some();
        let parameters = parsed.collected.iter().map(Parameter::of).collect();
        let base_string = parsed.base_string();
        let model = Model::new(self, request, body, &received, has_token);
        let expected = model.signature(method);
        let key = self.key(method, has_token)?;
        let valid = parsed.verify(&key).is_ok();
        let (causes, tried) = if valid {
            (Vec::new(), 0)
        } else {
            search(&model, method)
        };
        Ok(Explanation {
            valid,
            parameters,
            base_string,
            expected_signature: expected,
            received_signature: received,
            causes,
            tried,
        })
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

/// Up to this length of a base string, pairs are tried: they are thousands.
const PAIRS_BYTES: usize = 16 << 10;

/// One mistake; else the first pair, in the order of their likelihood.
fn search(model: &Model<'_>, method: SignatureMethod) -> (Vec<Cause>, usize) {
    let mut tried = 0;
    let mut holds = |mistakes: &[&Mistake]| {
        let mut wrong = model.clone();
        mistakes
            .iter()
            .for_each(|mistake| (mistake.make)(&mut wrong));
        tried += 1;
        wrong.matches(method)
    };
    let mut causes: Vec<Cause> = Vec::new();
    for mistake in MISTAKES {
        if !causes.iter().any(|cause| cause.code == mistake.code) && holds(&[mistake]) {
            causes.push(mistake.cause());
        }
    }
    if causes.is_empty() && model.length() <= PAIRS_BYTES {
        let pairs = MISTAKES.iter().enumerate().flat_map(|(at, first)| {
            MISTAKES
                .iter()
                .skip(at + 1)
                .filter(move |second| second.code != first.code)
                .map(move |second| (first, second))
        });
        for (first, second) in pairs {
            // Some depend on which is made first.
            if holds(&[first, second]) || holds(&[second, first]) {
                causes = vec![first.cause(), second.cause()];
                break;
            }
        }
    }
    (causes, tried)
}

/// What is known after [`Explainer::explain`].
#[derive(Clone)]
#[non_exhaustive]
pub struct Explanation {
    /// Whether the signature is right.
    pub valid: bool,
    /// The parameters that were found, in the order of the base string.
    pub parameters: Vec<Parameter>,
    /// The signature base string (section 3.4.1.1).
    pub base_string: String,
    /// The right signature; `None` for RSA, where only the consumer can make it.
    pub expected_signature: Option<String>,
    /// The signature that came.
    pub received_signature: String,
    /// What reproduces the signature that came: alternatives, or a pair made together. Empty if
    /// nothing does.
    pub causes: Vec<Cause>,
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
    fn of(parameter: &crate::parameter::Parameter<'_>) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            name: text(&parameter.name().decoded()),
            value: text(&parameter.value().decoded()),
            transport: parameter.transport,
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
