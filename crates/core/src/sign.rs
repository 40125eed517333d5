//! Signing of requests: the client's half
//! ([RFC 5849 section 3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.1)).

use std::{fmt, sync::Arc};

#[cfg(feature = "rsa")]
use crate::RsaPrivateKey;
use crate::{
    ConsumerKey, Error, FurtherMethod, KeyError, Limits, Nonce, PreparedKey, Request, Secret,
    SignatureMethod, Timestamp, TokenKey, Transport, parameter::Parsed, percent,
};

/// Signs requests of one consumer, for itself or with a token.
///
/// ```
/// use oauth1_core::{ConsumerKey, Nonce, Request, Secret, Signer, Timestamp};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let signer = Signer::new(ConsumerKey::new("key")?, Secret::from("secret"));
/// let request = Request::new("GET", "https", "api.example.com", "/me", None);
/// let signed = signer.sign(&request, Timestamp::from_secs(1_700_000_000), &Nonce::new("n0nce")?)?;
/// assert!(signed.authorization().starts_with("OAuth oauth_consumer_key=\"key\""));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct Signer {
    consumer_key: ConsumerKey,
    credential: Credential,
    token: Option<(TokenKey, Secret)>,
    method: SignatureMethod,
    transport: Transport,
    extra: Vec<(String, String)>,
    hashed_body: Option<Vec<u8>>,
    further: Option<Arc<dyn FurtherMethod>>,
}

/// Of the further parameters only names show: a verifier or a session handle may be among them.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra: Vec<_> = self.extra.iter().map(|(name, _)| name).collect();
        f.debug_struct("Signer")
            .field("consumer_key", &self.consumer_key)
            .field("token", &self.token.as_ref().map(|(key, _)| key))
            .field("method", &self.method)
            .field("transport", &self.transport)
            .field("extra", &extra)
            .finish_non_exhaustive()
    }
}

/// What the consumer signs with.
#[derive(Clone)]
enum Credential {
    Secret(Secret),
    #[cfg(feature = "rsa")]
    Rsa(RsaPrivateKey),
}

impl Signer {
    /// For the consumer itself, by HMAC-SHA1 in the header.
    pub fn new(consumer_key: ConsumerKey, consumer_secret: Secret) -> Self {
        Self {
            consumer_key,
            credential: Credential::Secret(consumer_secret),
            token: None,
            method: SignatureMethod::HmacSha1,
            transport: Transport::Header,
            extra: Vec::new(),
            hashed_body: None,
            further: None,
        }
    }

    /// For a consumer with an RSA key, by RSA-SHA1 in the header.
    #[cfg(feature = "rsa")]
    pub fn rsa(consumer_key: ConsumerKey, key: RsaPrivateKey) -> Self {
        Self {
            credential: Credential::Rsa(key),
            method: SignatureMethod::RsaSha1,
            ..Self::new(consumer_key, Secret::from(""))
        }
    }

    /// With a request or access token.
    pub fn with_token(mut self, key: TokenKey, secret: Secret) -> Self {
        self.token = Some((key, secret));
        self
    }

    /// By another method.
    pub fn with_method(mut self, method: SignatureMethod) -> Self {
        self.method = method;
        self.further = None;
        self
    }

    /// By a further method, with the shared secrets.
    pub fn with_further_method(mut self, method: Arc<dyn FurtherMethod>) -> Self {
        self.method = SignatureMethod::Further(method.name());
        self.further = Some(method);
        self
    }

    /// Through another transport.
    pub fn with_transport(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// With a further protocol parameter, such as `oauth_callback` or `oauth_verifier`.
    pub fn with_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra.push((name.into(), value.into()));
        self
    }

    /// With `oauth_body_hash` for a body that is no form.
    pub fn with_body_hash(mut self, body: &[u8]) -> Self {
        self.hashed_body = Some(body.to_vec());
        self
    }

    /// Signs. The request must not carry OAuth parameters yet.
    ///
    /// # Errors
    /// [`SignError`] if a secret is empty, the request has malformed parameters, or already
    /// carries OAuth ones.
    pub fn sign(
        &self,
        request: &Request<'_>,
        timestamp: Timestamp,
        nonce: &Nonce,
    ) -> Result<SignedRequest, SignError> {
        if request.has_oauth() {
            return Err(SignError::AlreadySigned);
        }
        let mut signed = SignedRequest {
            parameters: self.parameters(timestamp, nonce),
            transport: self.transport,
            query: request.query.map(String::from),
            body: request.form_body.map(<[u8]>::to_vec),
        };
        // A placeholder makes the request whole; the base string leaves it out again.
        signed
            .parameters
            .push(("oauth_signature".into(), "-".into()));
        let signature = {
            let authorization = signed.authorization();
            let (query, body) = (signed.query(), signed.body());
            let mut whole = Request {
                query: query.as_deref(),
                form_body: body.as_deref(),
                ..*request
            };
            if self.transport == Transport::Header {
                whole = whole.with_authorization(authorization.as_bytes());
            }
            let further = self.further.as_slice();
            let parsed = Parsed::extract_with(&whole, &unlimited(), further)?
                .ok_or(SignError::AlreadySigned)?;
            self.signature(&parsed)?
        };
        signed.parameters.pop();
        signed
            .parameters
            .push(("oauth_signature".into(), signature));
        Ok(signed)
    }

    fn signature(&self, parsed: &Parsed<'_>) -> Result<String, SignError> {
        let base_string = parsed.to_base_string();
        let signature = match &self.credential {
            Credential::Secret(secret) => {
                let token_secret = self.token.as_ref().map(|(_, secret)| secret);
                let key = match &self.further {
                    Some(method) => PreparedKey::further(method, secret, token_secret)?,
                    None => PreparedKey::shared_secret(self.method, secret, token_secret)?,
                };
                key.sign(&base_string)
            }
            #[cfg(feature = "rsa")]
            Credential::Rsa(key) => key.sign(self.method, &base_string),
        };
        Ok(signature.ok_or(KeyError::WrongType)?)
    }

    fn parameters(&self, timestamp: Timestamp, nonce: &Nonce) -> Vec<(String, String)> {
        let mut parameters = vec![
            (
                "oauth_consumer_key".to_owned(),
                self.consumer_key.as_str().to_owned(),
            ),
            (
                "oauth_signature_method".to_owned(),
                self.method.as_str().to_owned(),
            ),
            ("oauth_timestamp".to_owned(), timestamp.to_string()),
            ("oauth_nonce".to_owned(), nonce.as_str().to_owned()),
            ("oauth_version".to_owned(), "1.0".to_owned()),
        ];
        if let Some((token, _)) = &self.token {
            parameters.push(("oauth_token".to_owned(), token.as_str().to_owned()));
        }
        if let Some(body) = &self.hashed_body {
            let hash = crate::body_hash::body_hash(self.method, body);
            parameters.push(("oauth_body_hash".to_owned(), hash));
        }
        parameters.extend(self.extra.iter().cloned());
        parameters
    }
}

/// What signing adds to a request.
#[derive(Clone)]
pub struct SignedRequest {
    parameters: Vec<(String, String)>,
    transport: Transport,
    query: Option<String>,
    body: Option<Vec<u8>>,
}

impl SignedRequest {
    /// Where the protocol parameters go.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// The value of an Authorization header with the protocol parameters (section 3.5.1).
    #[must_use]
    pub fn authorization(&self) -> String {
        let mut out = String::from("OAuth ");
        for (at, (name, value)) in self.parameters.iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            out.push_str(&percent::encode(name.as_bytes()));
            out.push_str("=\"");
            out.push_str(&percent::encode(value.as_bytes()));
            out.push('"');
        }
        out
    }

    /// The query to send: with the protocol parameters, if that is their transport
    /// (section 3.5.3).
    #[must_use]
    pub fn query(&self) -> Option<String> {
        if self.transport == Transport::Query {
            let mut query = self.query.clone().unwrap_or_default();
            self.append_to(&mut query);
            return Some(query);
        }
        self.query.clone()
    }

    /// The form body to send: with the protocol parameters, if that is their transport
    /// (section 3.5.2).
    #[must_use]
    pub fn body(&self) -> Option<Vec<u8>> {
        if self.transport == Transport::Body {
            let mut form = String::new();
            let mut body = self.body.clone().unwrap_or_default();
            self.append_to(&mut form);
            if !body.is_empty() {
                body.push(b'&');
            }
            body.extend_from_slice(form.as_bytes());
            return Some(body);
        }
        self.body.clone()
    }

    /// The signature, decoded.
    #[must_use]
    pub fn signature(&self) -> &str {
        self.parameters.last().map_or("", |(_, value)| value)
    }

    fn append_to(&self, form: &mut String) {
        for (name, value) in &self.parameters {
            if !form.is_empty() {
                form.push('&');
            }
            form.push_str(&percent::encode(name.as_bytes()));
            form.push('=');
            form.push_str(&percent::encode(value.as_bytes()));
        }
    }
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest")
            .field("transport", &self.transport)
            .finish_non_exhaustive()
    }
}

/// Why a request cannot be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// A secret is empty, or the key is of another type than the method.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The request's own parameters are malformed.
    #[error(transparent)]
    Request(#[from] Error),
    /// The request carries OAuth parameters already.
    #[error("the request carries OAuth parameters already")]
    AlreadySigned,
}

/// A client signs what it will; the server's limits are the server's.
fn unlimited() -> Limits {
    Limits {
        parameters: usize::MAX,
        name_bytes: usize::MAX,
        value_bytes: usize::MAX,
        header_bytes: usize::MAX,
        query_bytes: usize::MAX,
        body_bytes: usize::MAX,
        identifier_bytes: usize::MAX,
        callback_bytes: usize::MAX,
    }
}
