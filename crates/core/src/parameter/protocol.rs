//! The protocol parameters, typed
//! ([RFC 5849 section 3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.1)).

use std::{borrow::Cow, fmt, sync::Arc};

use super::{Collected, Name, Parameter, Text};
use crate::{
    ConsumerKey, Error, FurtherMethod, Limits, Nonce, Request, SignatureMethod, Timestamp,
    TokenKey, Transport, Verifier, identifier::check,
};

/// The `oauth_` parameters of a request, each decoded once and of its type.
#[derive(Clone)]
pub struct ProtocolParameters<'a> {
    transport: Transport,
    realm: Option<Cow<'a, str>>,
    consumer_key: Text<'a>,
    token: Option<Text<'a>>,
    signature_method: SignatureMethod,
    pub(crate) signature: Text<'a>,
    timestamp: Option<Timestamp>,
    nonce: Option<Text<'a>>,
    callback: Option<Cow<'a, str>>,
    verifier: Option<Text<'a>>,
    body_hash: Option<Text<'a>>,
}

impl<'a> ProtocolParameters<'a> {
    pub(super) fn parse(
        collected: &Collected<'a>,
        realm: Option<Cow<'a, str>>,
        request: &Request<'a>,
        (limits, methods): (&Limits, &[Arc<dyn FurtherMethod>]),
    ) -> Result<Self, Error> {
        let found = Found::scan(collected)?;
        let transport = found.transport(request)?;
        let short = limits.identifier_bytes;
        if let Some(version) = found.version
            && !version.value().is(b"1.0")
        {
            return Err(Error::VersionRejected);
        }
        let (Some(method), Some(consumer_key), Some(signature)) =
            (found.signature_method, found.consumer_key, found.signature)
        else {
            return Err(found.absent());
        };
        let signature_method = method_by_name(&method.value().decoded(), methods)
            .ok_or(Error::SignatureMethodRejected)?;
        let consumer_key = identifier(consumer_key, "oauth_consumer_key", short)?;
        let signature = signature.value();
        let token = match found.token {
            // Some clients send an empty token where there is none (section 3.1 MAY omit).
            Some(token) if !token.value().is_empty() => {
                Some(identifier(token, "oauth_token", short)?)
            }
            _ => None,
        };
        let (timestamp, nonce) = found.timestamp_and_nonce(signature_method, short)?;
        let callback = found
            .callback
            .map(|p| text(p, "oauth_callback", limits.callback_bytes))
            .transpose()?;
        let verifier = found
            .verifier
            .filter(|p| !p.value().is_empty())
            .map(|p| identifier(p, "oauth_verifier", short))
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
            body_hash: found.body_hash.map(Parameter::value),
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
    pub fn consumer_key(&self) -> ConsumerKey {
        ConsumerKey::of_checked(&checked(self.consumer_key))
    }

    /// `oauth_token`; an empty one is none.
    #[must_use]
    pub fn token(&self) -> Option<TokenKey> {
        self.token.map(|text| TokenKey::of_checked(&checked(text)))
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
    pub fn nonce(&self) -> Option<Nonce> {
        self.nonce.map(|text| Nonce::of_checked(&checked(text)))
    }

    /// `oauth_callback` (section 2.1), decoded and not yet checked.
    #[must_use]
    pub fn callback(&self) -> Option<&str> {
        self.callback.as_deref()
    }

    /// `oauth_body_hash` (OAuth Request Body Hash 1.0), in base64 and not yet checked.
    #[must_use]
    pub fn body_hash(&self) -> Option<Cow<'a, [u8]>> {
        self.body_hash.map(Text::decoded)
    }

    /// `oauth_verifier` (section 2.3).
    #[must_use]
    pub fn verifier(&self) -> Option<Verifier> {
        self.verifier
            .map(|text| Verifier::of_checked(&checked(text)))
    }
}

impl fmt::Debug for ProtocolParameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProtocolParameters")
            .field("transport", &self.transport)
            .field("consumer_key", &self.consumer_key())
            .field("token", &self.token())
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
    body_hash: Option<&'c Parameter<'a>>,
    first: Option<&'c Parameter<'a>>,
}

impl<'c, 'a> Found<'c, 'a> {
    /// One walk over the sorted parameters: equal names are neighbours, whatever their transport.
    fn scan(collected: &'c Collected<'a>) -> Result<Self, Error> {
        let mut found = Self::default();
        let mut before: Option<&Parameter<'_>> = None;
        for parameter in collected.iter() {
            if !parameter.is_protocol() {
                continue;
            }
            let slot = match parameter.known {
                Name::ConsumerKey => &mut found.consumer_key,
                Name::Token => &mut found.token,
                Name::SignatureMethod => &mut found.signature_method,
                Name::Signature => &mut found.signature,
                Name::Timestamp => &mut found.timestamp,
                Name::Nonce => &mut found.nonce,
                Name::Version => &mut found.version,
                Name::Callback => &mut found.callback,
                Name::Verifier => &mut found.verifier,
                Name::BodyHash => &mut found.body_hash,
                Name::OtherProtocol | Name::Application => {
                    let same = |before: &Parameter<'_>| before.has_name_of(parameter);
                    if before.is_some_and(same) {
                        return Err(duplicated(parameter));
                    }
                    &mut before
                }
            };
            if slot.replace(parameter).is_some() && parameter.known != Name::OtherProtocol {
                return Err(duplicated(parameter));
            }
            let first = *found.first.get_or_insert(parameter);
            if first.transport != parameter.transport {
                return Err(Error::TransportMixed(parameter.known.as_str()));
            }
        }
        Ok(found)
    }

    /// Required, but of PLAINTEXT (section 3.1).
    fn timestamp_and_nonce(
        &self,
        method: SignatureMethod,
        limit_bytes: usize,
    ) -> Result<(Option<Timestamp>, Option<Text<'a>>), Error> {
        let timestamp = match self.timestamp {
            Some(parameter) => {
                let digits = parameter.value().decoded();
                let malformed = Error::ParameterMalformed("oauth_timestamp");
                Some(Timestamp::from_digits(&digits).ok_or(malformed)?)
            }
            None if method == SignatureMethod::Plaintext => None,
            None => return Err(self.absent()),
        };
        let nonce = match self.nonce {
            Some(parameter) => Some(identifier(parameter, "oauth_nonce", limit_bytes)?),
            None if method == SignatureMethod::Plaintext => None,
            None => return Err(self.absent()),
        };
        Ok((timestamp, nonce))
    }

    /// All that section 3.1 requires and is not there.
    #[cold]
    fn absent(&self) -> Error {
        let plaintext = self
            .signature_method
            .is_some_and(|method| method.value().is(b"PLAINTEXT"));
        let required = [
            (Name::ConsumerKey, self.consumer_key.is_some()),
            (Name::SignatureMethod, self.signature_method.is_some()),
            (Name::Signature, self.signature.is_some()),
            (Name::Timestamp, plaintext || self.timestamp.is_some()),
            (Name::Nonce, plaintext || self.nonce.is_some()),
        ];
        let absent = required.into_iter().filter(|(_, there)| !there);
        let names: Vec<_> = absent.map(|(name, _)| name.as_str()).collect();
        match names.as_slice() {
            [one] => Error::ParameterAbsent(one),
            _ => Error::ParametersAbsent(names),
        }
    }

    /// The one transport. An OAuth header beside parameters elsewhere is two.
    fn transport(&self, request: &Request<'_>) -> Result<Transport, Error> {
        match self.first {
            Some(p) if p.transport != Transport::Header && request.authorization.is_some() => {
                Err(Error::TransportMixed(p.known.as_str()))
            }
            Some(p) => Ok(p.transport),
            None => Err(self.absent()),
        }
    }
}

#[cold]
fn duplicated(parameter: &Parameter<'_>) -> Error {
    Error::ParameterDuplicated(parameter.known.as_str())
}

/// Checks an identifier; it is made from its text when it is asked for.
fn identifier<'a>(
    parameter: &Parameter<'a>,
    name: &'static str,
    limit_bytes: usize,
) -> Result<Text<'a>, Error> {
    let value = parameter.value();
    match value.plain() {
        // Nothing but unreserved characters.
        Some(plain) if plain.len() > limit_bytes => return Err(Error::TooLarge(name)),
        Some(plain) if !plain.is_empty() => return Ok(value),
        _ => {}
    }
    let text = text(parameter, name, limit_bytes)?;
    check(&text).map_err(|_| Error::ParameterMalformed(name))?;
    Ok(value)
}

/// The decoded text of what [`identifier`] accepted.
fn checked(text: Text<'_>) -> Cow<'_, str> {
    match text.decoded() {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8(bytes).unwrap_or_default()),
    }
}

fn method_by_name(name: &[u8], further: &[Arc<dyn FurtherMethod>]) -> Option<SignatureMethod> {
    SignatureMethod::ALL
        .into_iter()
        .chain(further.iter().map(|m| SignatureMethod::Further(m.name())))
        .find(|method| method.as_str().as_bytes() == name)
}

fn text<'a>(
    parameter: &Parameter<'a>,
    name: &'static str,
    limit_bytes: usize,
) -> Result<Cow<'a, str>, Error> {
    let malformed = Error::ParameterMalformed(name);
    let text = match parameter.value().decoded() {
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
