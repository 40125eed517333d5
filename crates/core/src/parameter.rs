//! Parameters of a request: collected, bounded, typed
//! ([RFC 5849 sections 3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.1) and
//! [3.5](https://www.rfc-editor.org/rfc/rfc5849#section-3.5)).

use std::sync::Arc;

mod authorization_header;
mod collected;
mod form_encoded;
mod name;
mod protocol;
mod text;

pub use self::protocol::ProtocolParameters;
pub(crate) use self::{
    collected::{Collected, Parameter},
    name::Name,
    text::Text,
};

use crate::{Error, FurtherMethod, Limits, Request, SessionHandle, Transport};

/// An OAuth request whose parameters are well-formed; nothing is verified yet.
#[derive(Debug)]
pub struct Parsed<'a> {
    pub(crate) request: Request<'a>,
    pub(crate) collected: Collected<'a>,
    pub(crate) protocol: ProtocolParameters<'a>,
    pub(crate) twice_encoded_signature: bool,
}

impl<'a> Parsed<'a> {
    /// Collects and checks the parameters; `None` if the request has no sign of OAuth at all.
    ///
    /// # Errors
    /// [`Error`] of status 400: past the limits, malformed, duplicated, missing, in more than one
    /// transport, or of an unsupported version.
    pub fn extract(request: &Request<'a>, limits: &Limits) -> Result<Option<Self>, Error> {
        Self::extract_with(request, limits, &[])
    }

    /// The same, where `oauth_signature_method` may name a further method too.
    ///
    /// # Errors
    /// As [`Parsed::extract`].
    pub fn extract_with(
        request: &Request<'a>,
        limits: &Limits,
        methods: &[Arc<dyn FurtherMethod>],
    ) -> Result<Option<Self>, Error> {
        if !request.has_oauth() {
            return Ok(None);
        }
        check_request(request, limits)?;
        let mut collected = Collected::default();
        let mut realm = None;
        if let Some(header) = request.authorization {
            if request.authorization_repeated {
                return Err(Error::ParameterDuplicated("Authorization header"));
            }
            realm = authorization_header::collect(header, limits, &mut collected)?;
        }
        if let Some(body) = request.form_body {
            form_encoded::collect(body, Transport::Body, limits, &mut collected)?;
        }
        if let Some(query) = request.query {
            form_encoded::collect(query.as_bytes(), Transport::Query, limits, &mut collected)?;
        }
        collected.sort();
        let protocol = ProtocolParameters::parse(&collected, realm, request, (limits, methods))?;
        Ok(Some(Self {
            request: *request,
            collected,
            protocol,
            twice_encoded_signature: false,
        }))
    }

    /// The protocol parameters.
    #[must_use]
    pub fn parameters(&self) -> &ProtocolParameters<'a> {
        &self.protocol
    }

    /// `oauth_session_handle` (OAuth Session 1.0), decoded; an empty one is none.
    ///
    /// # Errors
    /// [`Error::ParameterMalformed`] and [`Error::TooLarge`].
    pub fn session_handle(&self, limits: &Limits) -> Result<Option<SessionHandle>, Error> {
        const NAME: &str = "oauth_session_handle";
        let is_handle = |p: &&Parameter<'_>| {
            p.known == Name::OtherProtocol && *p.name().decoded() == *NAME.as_bytes()
        };
        let Some(parameter) = self.collected.iter().find(is_handle) else {
            return Ok(None);
        };
        let value = parameter.value().decoded();
        if value.len() > limits.identifier_bytes {
            return Err(Error::TooLarge(NAME));
        }
        match std::str::from_utf8(&value) {
            Ok("") => Ok(None),
            Ok(text) => SessionHandle::new(text)
                .map(Some)
                .map_err(|_| Error::ParameterMalformed(NAME)),
            Err(_) => Err(Error::ParameterMalformed(NAME)),
        }
    }

    /// The signature base string (section 3.4.1.1), for people: to verify, none is built.
    #[must_use]
    pub fn base_string(&self) -> String {
        let mut out = Vec::new();
        crate::base_string::write(&self.request, &self.collected, &mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    /// The application's own parameters, decoded, in the order of section 3.4.1.3.2: what was
    /// signed, without `oauth_` ones and `realm`. Bytes, for they need not be UTF-8.
    pub fn application_parameters(&self) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> + '_ {
        self.collected.iter().filter(|p| !p.is_protocol()).map(|p| {
            (
                p.name().decoded().into_owned(),
                p.value().decoded().into_owned(),
            )
        })
    }
}

fn check_request(request: &Request<'_>, limits: &Limits) -> Result<(), Error> {
    if request
        .authorization
        .is_some_and(|h| h.len() > limits.header_bytes)
    {
        return Err(Error::TooLarge("Authorization header"));
    }
    if request.query.is_some_and(|q| q.len() > limits.query_bytes) {
        return Err(Error::TooLarge("query"));
    }
    if request
        .form_body
        .is_some_and(|b| b.len() > limits.body_bytes)
    {
        return Err(Error::TooLarge("form body"));
    }
    let bad = |b: u8| b <= b' ' || b == 0x7f || matches!(b, b'/' | b'?' | b'#' | b'@');
    if request.authority.is_empty() || request.authority.bytes().any(bad) {
        return Err(Error::ParameterMalformed("Host"));
    }
    Ok(())
}
