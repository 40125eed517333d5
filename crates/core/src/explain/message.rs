//! A raw HTTP/1.1 request, as captured or as printed by `oauth1 sign --as raw`.

use crate::Request;

/// An HTTP/1.1 request message.
#[derive(Clone)]
pub struct HttpMessage {
    method: String,
    scheme: Option<String>,
    authority: String,
    path: String,
    query: Option<String>,
    authorization: Vec<Vec<u8>>,
    content_type: Option<Vec<u8>>,
    body: Vec<u8>,
}

/// The most headers that are read.
const HEADERS: usize = 256;

impl HttpMessage {
    /// Reads a request: request line, headers, an empty line, the body. Lines may end in LF alone.
    /// Without Content-Length all that follows is the body, but for a line end after a form.
    ///
    /// # Errors
    /// [`HttpMessageError`] if it is not one whole request.
    pub fn parse(bytes: &[u8]) -> Result<Self, HttpMessageError> {
        // People cut the empty line off.
        match Self::parse_whole(bytes) {
            Err(HttpMessageError::Incomplete) if !has_empty_line(bytes) => {
                Self::parse_whole(&[bytes, b"\r\n\r\n"].concat())
            }
            found => found,
        }
    }

    fn parse_whole(bytes: &[u8]) -> Result<Self, HttpMessageError> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(bytes) {
            Ok(httparse::Status::Complete(length)) => {
                Self::of(&request, bytes.get(length..).unwrap_or_default())
            }
            Ok(httparse::Status::Partial) => Err(HttpMessageError::Incomplete),
            Err(_) => Err(HttpMessageError::Malformed),
        }
    }

    fn of(request: &httparse::Request<'_, '_>, rest: &[u8]) -> Result<Self, HttpMessageError> {
        let values = |name: &'static str| {
            let named =
                move |header: &&httparse::Header<'_>| header.name.eq_ignore_ascii_case(name);
            request
                .headers
                .iter()
                .filter(named)
                .map(|header| header.value)
        };
        let target = request.path.unwrap_or_default();
        let (scheme, authority, target) = match target.split_once("://") {
            Some((scheme, rest)) if !target.starts_with('/') => {
                let end = rest.find(['/', '?']).unwrap_or(rest.len());
                let (authority, target) = rest.split_at(end);
                (Some(scheme.to_owned()), authority.to_owned(), target)
            }
            _ => {
                let host = values("host").next().unwrap_or_default();
                (None, String::from_utf8_lossy(host).into_owned(), target)
            }
        };
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (target, None),
        };
        if values("transfer-encoding").next().is_some() {
            return Err(HttpMessageError::Chunked);
        }
        let content_type = values("content-type").next().map(<[u8]>::to_vec);
        let body = match values("content-length").next() {
            Some(length) => {
                let length = std::str::from_utf8(length).ok();
                let length = length.and_then(|text| text.trim().parse::<usize>().ok());
                rest.get(..length.ok_or(HttpMessageError::Malformed)?)
                    .ok_or(HttpMessageError::Incomplete)?
            }
            None if content_type
                .as_deref()
                .is_some_and(crate::request::is_form_encoded) =>
            {
                rest.trim_ascii_end()
            }
            None => rest,
        };
        Ok(Self {
            method: request.method.unwrap_or_default().to_owned(),
            scheme,
            authority,
            path: path.to_owned(),
            query,
            authorization: values("authorization").map(<[u8]>::to_vec).collect(),
            content_type,
            body: body.to_vec(),
        })
    }

    /// The scheme, if the request line has it.
    #[must_use]
    pub fn scheme(&self) -> Option<&str> {
        self.scheme.as_deref()
    }

    /// The request line's authority, else the Host header; empty without either.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The request, as it came by this scheme; `authority` counts where the message has none.
    #[must_use]
    pub fn request<'a>(&'a self, scheme: &'a str, authority: &'a str) -> Request<'a> {
        let authority = if self.authority.is_empty() {
            authority
        } else {
            &self.authority
        };
        let query = self.query.as_deref();
        let mut request = Request::new(&self.method, scheme, authority, &self.path, query);
        for value in &self.authorization {
            request = request.with_authorization(value);
        }
        request.with_body(self.content_type.as_deref(), &self.body)
    }

    /// Content-Type and body, whether it is a form or not; `None` without a body.
    #[must_use]
    pub fn body(&self) -> Option<(&[u8], &[u8])> {
        let content_type = self.content_type.as_deref().unwrap_or_default();
        (!self.body.is_empty()).then_some((content_type, self.body.as_slice()))
    }
}

fn has_empty_line(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == b"\n\n") || bytes.windows(4).any(|four| four == b"\r\n\r\n")
}

/// Only its size shows: it holds credentials.
impl std::fmt::Debug for HttpMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "HttpMessage({}, {} bytes of body)",
            self.method,
            self.body.len()
        )
    }
}

/// Why bytes are no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HttpMessageError {
    /// Not HTTP/1.1.
    #[error("not a raw HTTP/1.1 request")]
    Malformed,
    /// Something is missing at its end.
    #[error("the request is cut off")]
    Incomplete,
    /// Its body is chunked.
    #[error("a chunked body cannot be read: give it whole, with its Content-Length")]
    Chunked,
}
