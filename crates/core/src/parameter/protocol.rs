//! The protocol parameters, typed
//! ([RFC 5849 section 3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.1)).

use std::{borrow::Cow, fmt};

use super::{Collected, Parameter};
use crate::{
    ConsumerKey, Error, Limits, Nonce, Request, SignatureMethod, Timestamp, TokenKey, Transport,
    Verifier,
};

/// The `oauth_` parameters of a request, each decoded once and of its type.
#[derive(Clone)]
pub struct ProtocolParameters<'a> {
    transport: Transport,
    realm: Option<Cow<'a, str>>,
    consumer_key: ConsumerKey,
    token: Option<TokenKey>,
    signature_method: SignatureMethod,
    pub(crate) signature: Cow<'a, [u8]>,
    timestamp: Option<Timestamp>,
    nonce: Option<Nonce>,
    callback: Option<Cow<'a, str>>,
    verifier: Option<Verifier>,
}

impl<'a> ProtocolParameters<'a> {
    pub(super) fn parse(
        collected: &Collected<'a>,
        realm: Option<Cow<'a, str>>,
        request: &Request<'a>,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let found = Found::scan(collected)?;
        let transport = found.transport(request)?;
        let short = limits.identifier_bytes;
        if let Some(version) = found.version
            && collected.value(version) != b"1.0"
        {
            return Err(Error::VersionRejected);
        }
        let text = |parameter, name, limit| text(collected, parameter, name, limit);
        let method = required(found.signature_method, "oauth_signature_method")?;
        let signature_method =
            SignatureMethod::parse(&text(method, "oauth_signature_method", short)?)
                .ok_or(Error::SignatureMethodRejected)?;
        let consumer_key = required(found.consumer_key, "oauth_consumer_key")?;
        let consumer_key = ConsumerKey::new(text(consumer_key, "oauth_consumer_key", short)?)
            .map_err(|_| Error::ParameterMalformed("oauth_consumer_key"))?;
        let signature = bytes(collected, required(found.signature, "oauth_signature")?);
        let token = match found.token {
            // Some clients send an empty token where there is none (section 3.1 MAY omit).
            Some(token) if !collected.value(token).is_empty() => Some(
                TokenKey::new(text(token, "oauth_token", short)?)
                    .map_err(|_| Error::ParameterMalformed("oauth_token"))?,
            ),
            _ => None,
        };
        let (timestamp, nonce) = found.timestamp_and_nonce(collected, signature_method, short)?;
        let callback = found
            .callback
            .map(|p| text(p, "oauth_callback", limits.callback_bytes))
            .transpose()?;
        let verifier = found
            .verifier
            .filter(|p| !collected.value(p).is_empty())
            .map(|p| {
                Verifier::new(text(p, "oauth_verifier", short)?)
                    .map_err(|_| Error::ParameterMalformed("oauth_verifier"))
            })
            .transpose()?;
        Ok(Self {
            transport,
            realm,
            consumer_key,
            token,
            signature_method,
            signature,
            timestamp,
            nonce,
            callback,
            verifier,
        })
    }

    /// Where they stood.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// The realm of the Authorization header, decoded. It is not signed.
    #[must_use]
    pub fn realm(&self) -> Option<&str> {
        self.realm.as_deref()
    }

    /// `oauth_consumer_key`.
    #[must_use]
    pub fn consumer_key(&self) -> &ConsumerKey {
        &self.consumer_key
    }

    /// `oauth_token`; an empty one is none.
    #[must_use]
    pub fn token(&self) -> Option<&TokenKey> {
        self.token.as_ref()
    }

    /// `oauth_signature_method`.
    #[must_use]
    pub fn signature_method(&self) -> SignatureMethod {
        self.signature_method
    }

    /// `oauth_timestamp`; only PLAINTEXT may lack it.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.timestamp
    }

    /// `oauth_nonce`; only PLAINTEXT may lack it.
    #[must_use]
    pub fn nonce(&self) -> Option<&Nonce> {
        self.nonce.as_ref()
    }

    /// `oauth_callback` (section 2.1), decoded and not yet checked.
    #[must_use]
    pub fn callback(&self) -> Option<&str> {
        self.callback.as_deref()
    }

    /// `oauth_verifier` (section 2.3).
    #[must_use]
    pub fn verifier(&self) -> Option<&Verifier> {
        self.verifier.as_ref()
    }
}

impl fmt::Debug for ProtocolParameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProtocolParameters")
            .field("transport", &self.transport)
            .field("consumer_key", &self.consumer_key)
            .field("token", &self.token)
            .field("signature_method", &self.signature_method)
            .field("timestamp", &self.timestamp)
            .finish_non_exhaustive()
    }
}

/// The places of the known protocol parameters.
#[derive(Default)]
struct Found<'c, 'a> {
    consumer_key: Option<&'c Parameter<'a>>,
    token: Option<&'c Parameter<'a>>,
    signature_method: Option<&'c Parameter<'a>>,
    signature: Option<&'c Parameter<'a>>,
    timestamp: Option<&'c Parameter<'a>>,
    nonce: Option<&'c Parameter<'a>>,
    version: Option<&'c Parameter<'a>>,
    callback: Option<&'c Parameter<'a>>,
    verifier: Option<&'c Parameter<'a>>,
    first: Option<&'c Parameter<'a>>,
}

impl<'c, 'a> Found<'c, 'a> {
    /// One walk over the sorted parameters: equal names are neighbours, whatever their transport.
    fn scan(collected: &'c Collected<'a>) -> Result<Self, Error> {
        let mut found = Self::default();
        let mut before: Option<&[u8]> = None;
        for parameter in collected.iter() {
            let name = collected.name(parameter);
            if !name.starts_with(b"oauth_") {
                continue;
            }
            if before == Some(name) {
                return Err(Error::ParameterDuplicated);
            }
            before = Some(name);
            if found
                .first
                .is_some_and(|first| first.transport != parameter.transport)
            {
                return Err(Error::TransportMixed);
            }
            found.first = Some(parameter);
            let slot = match name {
                b"oauth_consumer_key" => &mut found.consumer_key,
                b"oauth_token" => &mut found.token,
                b"oauth_signature_method" => &mut found.signature_method,
                b"oauth_signature" => &mut found.signature,
                b"oauth_timestamp" => &mut found.timestamp,
                b"oauth_nonce" => &mut found.nonce,
                b"oauth_version" => &mut found.version,
                b"oauth_callback" => &mut found.callback,
                b"oauth_verifier" => &mut found.verifier,
                _ => continue,
            };
            *slot = Some(parameter);
        }
        Ok(found)
    }

    /// Required, but of PLAINTEXT (section 3.1).
    fn timestamp_and_nonce(
        &self,
        collected: &Collected<'a>,
        method: SignatureMethod,
        limit_bytes: usize,
    ) -> Result<(Option<Timestamp>, Option<Nonce>), Error> {
        let timestamp = match self.timestamp {
            Some(parameter) => {
                let text = text(collected, parameter, "oauth_timestamp", limit_bytes)?;
                let malformed = Error::ParameterMalformed("oauth_timestamp");
                Some(Timestamp::parse(&text).ok_or(malformed)?)
            }
            None if method == SignatureMethod::Plaintext => None,
            None => return Err(Error::ParameterAbsent("oauth_timestamp")),
        };
        let nonce = match self.nonce {
            Some(parameter) => {
                let text = text(collected, parameter, "oauth_nonce", limit_bytes)?;
                Some(Nonce::new(text).map_err(|_| Error::ParameterMalformed("oauth_nonce"))?)
            }
            None if method == SignatureMethod::Plaintext => None,
            None => return Err(Error::ParameterAbsent("oauth_nonce")),
        };
        Ok((timestamp, nonce))
    }

    /// The one transport. An OAuth header beside parameters elsewhere is two.
    fn transport(&self, request: &Request<'_>) -> Result<Transport, Error> {
        match self.first.map(|p| p.transport) {
            Some(other) if other != Transport::Header && request.authorization.is_some() => {
                Err(Error::TransportMixed)
            }
            Some(transport) => Ok(transport),
            None => Err(Error::ParameterAbsent("oauth_consumer_key")),
        }
    }
}

fn required<T>(parameter: Option<T>, name: &'static str) -> Result<T, Error> {
    parameter.ok_or(Error::ParameterAbsent(name))
}

fn bytes<'a>(collected: &Collected<'a>, parameter: &Parameter<'a>) -> Cow<'a, [u8]> {
    collected.plain_value(parameter).map_or_else(
        || Cow::Owned(collected.decoded_value(parameter)),
        Cow::Borrowed,
    )
}

fn text<'a>(
    collected: &Collected<'a>,
    parameter: &Parameter<'a>,
    name: &'static str,
    limit_bytes: usize,
) -> Result<Cow<'a, str>, Error> {
    let malformed = Error::ParameterMalformed(name);
    let text = match bytes(collected, parameter) {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes)
            .map(Cow::Borrowed)
            .map_err(|_| malformed)?,
        Cow::Owned(bytes) => String::from_utf8(bytes)
            .map(Cow::Owned)
            .map_err(|_| malformed)?,
    };
    if text.len() > limit_bytes {
        return Err(Error::TooLarge(name));
    }
    Ok(text)
}
