//! Parameters of a request: collected, bounded, typed
//! ([RFC 5849 sections 3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.1) and
//! [3.5](https://www.rfc-editor.org/rfc/rfc5849#section-3.5)).

use std::{fmt, sync::Arc};

mod authorization_header;
mod collected;
mod form_encoded;
mod known;
mod name;
mod others;
mod protocol;
mod reader;
mod text;

pub use self::protocol::ProtocolParameters;
pub(crate) use self::{
    collected::{Collected, Parameter},
    name::{AND, Literal, Name},
    text::{SentSignature, Text},
};
#[cfg(feature = "explain")]
use crate::Transport;
use crate::{
    BaseString, Error, FurtherMethod, Limits, Request, SessionHandle, body_hash::Body,
    error::refuse, percent, request::Target,
};

/// An OAuth request whose parameters are well-formed; nothing is verified yet.
#[derive(Debug)]
pub struct Parsed<'a> {
    pub(crate) parts: Box<Parts<'a>>,
}

/// What goes from step to step of a request, in one place: it is large, and moved often.
pub(crate) struct Parts<'a> {
    pub(crate) target: Target<'a>,
    pub(crate) body: Body<'a>,
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
        // Made where it stays: memory first, for then nothing is copied there.
        let place = Box::new_uninit();
        let mut parts = Box::write(
            place,
            Parts {
                target: request.target(),
                body: request.body(),
                protocol: ProtocolParameters::none(),
                twice_encoded_signature: false,
            },
        );
        parts.protocol.read(request, limits, methods)?;
        Ok(Some(Self { parts }))
    }

    /// The protocol parameters.
    #[must_use]
    pub fn parameters(&self) -> &ProtocolParameters<'a> {
        &self.parts.protocol
    }

    /// `oauth_session_handle` (OAuth Session 1.0), decoded; an empty one is none.
    ///
    /// # Errors
    /// [`Error::ParameterMalformed`] and [`Error::TooLarge`].
    pub fn session_handle(&self, limits: &Limits) -> Result<Option<SessionHandle>, Error> {
        const NAME: &str = "oauth_session_handle";
        let is_handle = |p: &&Parameter<'_>| p.is_protocol && *p.name.decoded() == *NAME.as_bytes();
        let Some(parameter) = self
            .parts
            .protocol
            .collected
            .others
            .as_slice()
            .iter()
            .find(is_handle)
        else {
            return Ok(None);
        };
        let value = parameter.value.decoded();
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
        String::from_utf8(self.to_base_string().to_vec()).unwrap_or_default()
    }

    /// All parameters with their transports, in the order of section 3.4.1.3.2: for people.
    #[cfg(feature = "explain")]
    pub(crate) fn in_order(&self) -> Vec<(Text<'a>, Text<'a>, Transport)> {
        let known = self.parts.protocol.collected.known.iter();
        let known =
            known.map(|(name, value)| (name.text(), *value, self.parts.protocol.transport()));
        let others = self.parts.protocol.collected.others.as_slice().iter();
        let mut all: Vec<_> = others
            .map(|other| (other.name, other.value, other.transport))
            .chain(known)
            .collect();
        all.sort_by(|left, right| left.0.cmp(right.0).then_with(|| left.1.cmp(right.1)));
        all
    }

    #[inline]
    pub(crate) fn to_base_string(&self) -> BaseString<'_> {
        BaseString {
            target: &self.parts.target,
            collected: &self.parts.protocol.collected,
        }
    }

    /// The application's own parameters, decoded, in the order of section 3.4.1.3.2: what was
    /// signed, without `oauth_` ones and `realm`. Bytes, for they need not be UTF-8.
    pub fn application_parameters(&self) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> + '_ {
        self.parts
            .protocol
            .collected
            .others
            .as_slice()
            .iter()
            .filter(|p| !p.is_protocol)
            .map(|p| {
                (
                    p.name.decoded().into_owned(),
                    p.value.decoded().into_owned(),
                )
            })
    }
}

impl fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("target", &self.target)
            .field("body", &self.body)
            .field("protocol", &self.protocol)
            .finish_non_exhaustive()
    }
}

#[inline]
fn check_request(request: &Request<'_>, limits: &Limits) -> Result<(), Error> {
    if request
        .authorization
        .is_some_and(|h| h.len() > limits.header_bytes)
    {
        return refuse(Error::TooLarge("Authorization header"));
    }
    if request.query.is_some_and(|q| q.len() > limits.query_bytes) {
        return refuse(Error::TooLarge("query"));
    }
    if request
        .form_body
        .is_some_and(|b| b.len() > limits.body_bytes)
    {
        return refuse(Error::TooLarge("form body"));
    }
    let bad = |byte| byte <= b' ' || byte == 0x7f || matches!(byte, b'/' | b'?' | b'#' | b'@');
    let authority = request.authority.as_bytes();
    if authority.is_empty() || percent::has_reserved(authority, bad) {
        return refuse(Error::ParameterMalformed("Host"));
    }
    Ok(())
}
