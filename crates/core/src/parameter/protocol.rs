//! The protocol parameters, typed
//! ([RFC 5849 section 3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.1)).

use std::{borrow::Cow, fmt, sync::Arc};

use super::{
    Collected, Name, SentSignature, Text, authorization_header, form_encoded, known::Known,
};
use crate::{
    ConsumerKey, Error, FurtherMethod, Limits, Nonce, Request, SignatureMethod, Timestamp,
    TokenKey, Transport, Verifier, error::refuse, identifier::check,
};

/// The `oauth_` parameters of a request, each checked once and of its type.
#[derive(Clone)]
pub struct ProtocolParameters<'a> {
    /// The identifiers among them are well-formed and within the limits.
    pub(crate) collected: Collected<'a>,
    transport: Transport,
    realm: Option<Cow<'a, str>>,
    signature_method: SignatureMethod,
    timestamp: Option<Timestamp>,
    callback: Option<Cow<'a, str>>,
}

impl<'a> ProtocolParameters<'a> {
    /// None, to be read in place: they are large.
    #[inline]
    pub(super) fn none() -> Self {
        Self {
            collected: Collected::none(),
            transport: Transport::Header,
            realm: None,
            signature_method: SignatureMethod::Plaintext,
            timestamp: None,
            callback: None,
        }
    }

    /// Collects all parameters of the request and checks those of the protocol.
    #[inline]
    pub(super) fn read(
        &mut self,
        request: &Request<'a>,
        limits: &Limits,
        methods: &[Arc<dyn FurtherMethod>],
    ) -> Result<(), Error> {
        self.realm = collect(request, limits, &mut self.collected)?;
        self.transport = transport(&self.collected, request)?;
        let known = &self.collected.known;
        let short = limits.identifier_bytes;
        if known
            .get(Name::Version)
            .is_some_and(|version| !is_1_0(version))
        {
            return refuse(Error::VersionRejected);
        }
        let (Some(method), Some(consumer_key), Some(_)) = (
            known.get(Name::SignatureMethod),
            known.get(Name::ConsumerKey),
            known.get(Name::Signature),
        ) else {
            return Err(absent(known));
        };
        let Some(method) = method_by_name(&method.decoded(), methods) else {
            return refuse(Error::SignatureMethodRejected);
        };
        self.signature_method = method;
        check_identifier(consumer_key, "oauth_consumer_key", short)?;
        if let Some(token) = not_empty(known.get(Name::Token)) {
            check_identifier(token, "oauth_token", short)?;
        }
        self.timestamp = timestamp_and_nonce(known, self.signature_method, short)?;
        if let Some(callback) = known.get(Name::Callback) {
            self.callback = Some(text(*callback, "oauth_callback", limits.callback_bytes)?);
        }
        if let Some(verifier) = not_empty(known.get(Name::Verifier)) {
            check_identifier(verifier, "oauth_verifier", short)?;
        }
        Ok(())
    }

    #[inline]
    fn value(&self, name: Name) -> Option<&Text<'a>> {
        self.collected.known.get(name)
    }

    /// `oauth_signature`.
    #[inline]
    pub(crate) fn signature(&self) -> SentSignature<'a> {
        SentSignature {
            text: self.value(Name::Signature).copied().unwrap_or(Text::EMPTY),
            and_before: self.collected.signature_and_before,
        }
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
        let text = self
            .value(Name::ConsumerKey)
            .copied()
            .unwrap_or(Text::EMPTY);
        ConsumerKey::of_checked(&checked(text))
    }

    /// The bytes of [`Self::consumer_key`], which are found where it is: neither checked again nor,
    /// where nothing is to be decoded, copied.
    #[must_use]
    #[inline]
    pub fn consumer_key_bytes(&self) -> Cow<'a, [u8]> {
        let text = self
            .value(Name::ConsumerKey)
            .copied()
            .unwrap_or(Text::EMPTY);
        text.decoded()
    }

    /// `oauth_token`; an empty one is none.
    #[must_use]
    pub fn token(&self) -> Option<TokenKey> {
        // Some clients send an empty token where there is none (section 3.1 MAY omit).
        let token = not_empty(self.value(Name::Token));
        token.map(|text| TokenKey::of_checked(&checked(*text)))
    }

    /// The bytes of [`Self::token`], as [`Self::consumer_key_bytes`].
    #[must_use]
    #[inline]
    pub fn token_bytes(&self) -> Option<Cow<'a, [u8]>> {
        not_empty(self.value(Name::Token)).map(|text| text.decoded())
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
        let nonce = self.value(Name::Nonce);
        nonce.map(|text| Nonce::of_checked(&checked(*text)))
    }

    /// The bytes of [`Self::nonce`], which are UTF-8, as [`Self::consumer_key_bytes`].
    #[must_use]
    #[inline]
    pub fn nonce_bytes(&self) -> Option<Cow<'a, [u8]>> {
        self.value(Name::Nonce).map(|text| text.decoded())
    }

    /// `oauth_callback` (section 2.1), decoded and not yet checked.
    #[must_use]
    pub fn callback(&self) -> Option<&str> {
        self.callback.as_deref()
    }

    /// `oauth_body_hash` (OAuth Request Body Hash 1.0), in base64 and not yet checked.
    #[must_use]
    pub fn body_hash(&self) -> Option<Cow<'a, [u8]>> {
        self.value(Name::BodyHash).map(|text| text.decoded())
    }

    #[inline]
    pub(crate) fn has_body_hash(&self) -> bool {
        self.value(Name::BodyHash).is_some()
    }

    /// `oauth_verifier` (section 2.3).
    #[must_use]
    pub fn verifier(&self) -> Option<Verifier> {
        let verifier = not_empty(self.value(Name::Verifier));
        verifier.map(|text| Verifier::of_checked(&checked(*text)))
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

/// Collects the parameters; gives the realm.
#[inline]
fn collect<'a>(
    request: &Request<'a>,
    limits: &Limits,
    into: &mut Collected<'a>,
) -> Result<Option<Cow<'a, str>>, Error> {
    let mut realm = None;
    if let Some(header) = request.authorization {
        if request.authorization_repeated {
            return refuse(Error::ParameterDuplicated("Authorization header"));
        }
        realm = authorization_header::collect(header, limits, into)?;
    }
    if let Some(body) = request.form_body {
        form_encoded::collect(body, Transport::Body, limits, into)?;
    }
    if let Some(query) = request.query {
        form_encoded::collect(query.as_bytes(), Transport::Query, limits, into)?;
    }
    into.sort()?;
    Ok(realm)
}

/// The one transport. An OAuth header beside parameters elsewhere is two.
#[inline]
fn transport(collected: &Collected<'_>, request: &Request<'_>) -> Result<Transport, Error> {
    match collected.transport()? {
        Some((other, name)) if other != Transport::Header && request.authorization.is_some() => {
            refuse(Error::TransportMixed(name.as_str()))
        }
        Some((transport, _)) => Ok(transport),
        None => Err(absent(&collected.known)),
    }
}

/// Required, but of PLAINTEXT (section 3.1).
#[inline]
fn timestamp_and_nonce(
    known: &Known<'_>,
    method: SignatureMethod,
    limit_bytes: usize,
) -> Result<Option<Timestamp>, Error> {
    let may_lack = method == SignatureMethod::Plaintext;
    let timestamp = match known.get(Name::Timestamp) {
        Some(value) => {
            let Some(timestamp) = Timestamp::from_digits(&value.decoded()) else {
                return refuse(Error::ParameterMalformed("oauth_timestamp"));
            };
            Some(timestamp)
        }
        None if may_lack => None,
        None => return Err(absent(known)),
    };
    match known.get(Name::Nonce) {
        Some(value) => check_identifier(value, "oauth_nonce", limit_bytes)?,
        None if may_lack => {}
        None => return Err(absent(known)),
    }
    Ok(timestamp)
}

/// All that section 3.1 requires and is not there.
#[cold]
fn absent(known: &Known<'_>) -> Error {
    let method = known.get(Name::SignatureMethod);
    let plaintext = method.is_some_and(|method| method.is(b"PLAINTEXT"));
    let required = [
        (Name::ConsumerKey, false),
        (Name::SignatureMethod, false),
        (Name::Signature, false),
        (Name::Timestamp, plaintext),
        (Name::Nonce, plaintext),
    ];
    let absent = required.into_iter();
    let absent = absent.filter(|(name, optional)| !optional && known.get(*name).is_none());
    let names: Vec<_> = absent.map(|(name, _)| name.as_str()).collect();
    match names.as_slice() {
        [one] => Error::ParameterAbsent(one),
        _ => Error::ParametersAbsent(names),
    }
}

#[inline]
fn is_1_0(version: &Text<'_>) -> bool {
    matches!(version.plain(), Some(b"1.0")) || version.is(b"1.0")
}

#[inline]
fn not_empty<'t, 'a>(text: Option<&'t Text<'a>>) -> Option<&'t Text<'a>> {
    text.filter(|text| !text.is_empty())
}

/// Checks an identifier; it is made from its text when it is asked for.
#[inline(always)]
fn check_identifier(value: &Text<'_>, name: &'static str, limit_bytes: usize) -> Result<(), Error> {
    // Nothing but unreserved characters, and bytes.
    if value.is_plain() && (1..=limit_bytes).contains(&value.len()) {
        return Ok(());
    }
    check_other_identifier(*value, name, limit_bytes)
}

#[cold]
fn check_other_identifier(
    value: Text<'_>,
    name: &'static str,
    limit_bytes: usize,
) -> Result<(), Error> {
    let text = text(value, name, limit_bytes)?;
    check(&text).map_err(|_| Error::ParameterMalformed(name))
}

/// The decoded text of what [`check_identifier`] accepted.
fn checked(text: Text<'_>) -> Cow<'_, str> {
    match text.decoded() {
        Cow::Borrowed(bytes) => Cow::Borrowed(std::str::from_utf8(bytes).unwrap_or_default()),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8(bytes).unwrap_or_default()),
    }
}

#[inline]
fn method_by_name(name: &[u8], further: &[Arc<dyn FurtherMethod>]) -> Option<SignatureMethod> {
    SignatureMethod::by_name(name).or_else(|| further_by_name(name, further))
}

#[cold]
fn further_by_name(name: &[u8], further: &[Arc<dyn FurtherMethod>]) -> Option<SignatureMethod> {
    let mut further = further.iter().map(|method| method.name());
    let named = further.find(|further| further.as_str().as_bytes() == name);
    named.map(SignatureMethod::Further)
}

#[cold]
fn text<'a>(
    value: Text<'a>,
    name: &'static str,
    limit_bytes: usize,
) -> Result<Cow<'a, str>, Error> {
    let malformed = Error::ParameterMalformed(name);
    let text = match value.decoded() {
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
