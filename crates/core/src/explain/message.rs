//! A raw HTTP/1.1 request, as captured or as printed by `oauth1 sign --as raw`.

use crate::{Request, request::is_form_encoded};

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
    /// Reads a request: request line, headers, an empty line, the body. Lines may end in LF alone,
    /// headers may be folded, the version may be another, the body may be chunked. Without
    /// Content-Length all that follows is the body, but for a line end after a form.
    ///
    /// # Errors
    /// [`HttpMessageError`] if it is not one whole request.
    pub fn parse(bytes: &[u8]) -> Result<Self, HttpMessageError> {
        let (head, rest) = head_and_rest(bytes);
        let head = as_http_1(head);
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&head) {
            Ok(httparse::Status::Complete(_)) => Self::of(&request, rest),
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
            Some((scheme, rest)) if is_http(scheme) => {
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
        // RFC 9112 section 3.2; the authority alone is for CONNECT, which is about no resource.
        if scheme.is_none() && !path.starts_with('/') && path != "*" {
            return Err(HttpMessageError::Malformed);
        }
        let content_type = values("content-type")
            .find(|value| is_form_encoded(value))
            .or_else(|| values("content-type").next())
            .map(<[u8]>::to_vec);
        let unchunked;
        let body = match values("content-length").next() {
            _ if values("transfer-encoding").next().is_some() => {
                unchunked = chunks(rest)?;
                &unchunked
            }
            Some(length) => {
                let length = std::str::from_utf8(length).ok();
                let length = length.and_then(|text| text.trim().parse::<usize>().ok());
                rest.get(..length.ok_or(HttpMessageError::Malformed)?)
                    .ok_or(HttpMessageError::Incomplete)?
            }
            None if content_type.as_deref().is_some_and(is_form_encoded) => rest.trim_ascii_end(),
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

/// The head with its empty line, and what follows. People cut the empty line off; others stand before
/// the request line (RFC 9112 section 2.2).
fn head_and_rest(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (mut start, mut begun) = (0, false);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        start += line.len();
        let is_empty = line.trim_ascii().is_empty();
        if begun && is_empty {
            return bytes.split_at(start);
        }
        begun |= !is_empty;
    }
    (bytes, b"")
}

/// The head as HTTP/1.1 has it: without folded lines (RFC 9112 section 5.2), as RFC 5849 prints
/// them, and of no later version, as tools show it.
fn as_http_1(head: &[u8]) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for line in head.split(|byte| *byte == b'\n') {
        let folded = line.starts_with(b" ") || line.starts_with(b"\t");
        let text = line.trim_ascii();
        match lines.last_mut() {
            Some(before) if folded => {
                before.push(b' ');
                before.extend_from_slice(text);
            }
            _ => lines.push(line.strip_suffix(b"\r").unwrap_or(line).to_vec()),
        }
    }
    lines.retain(|line| !line.is_empty());
    if let Some(first) = lines.first_mut() {
        for version in [" HTTP/2.0", " HTTP/2", " HTTP/3.0", " HTTP/3"] {
            if let Some(bare) = first.strip_suffix(version.as_bytes()) {
                *first = [bare, b" HTTP/1.1"].concat();
                break;
            }
        }
    }
    lines.extend([Vec::new(), Vec::new()]);
    if head.is_empty() {
        return Vec::new();
    }
    lines.join(b"\r\n".as_slice())
}

fn is_http(scheme: &str) -> bool {
    ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
}

/// The body in chunks (RFC 9112 section 7.1).
fn chunks(mut rest: &[u8]) -> Result<Vec<u8>, HttpMessageError> {
    let mut body = Vec::new();
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n');
        let (line, after) = rest.split_at(end.ok_or(HttpMessageError::Incomplete)? + 1);
        let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
        let digits = std::str::from_utf8(digits).map_err(|_| HttpMessageError::Malformed)?;
        let length = usize::from_str_radix(digits.trim(), 16);
        let length = length.map_err(|_| HttpMessageError::Malformed)?;
        if length == 0 {
            return Ok(body);
        }
        let (chunk, after) = after
            .split_at_checked(length)
            .ok_or(HttpMessageError::Incomplete)?;
        body.extend_from_slice(chunk);
        let after = after.strip_prefix(b"\r").unwrap_or(after);
        rest = after
            .strip_prefix(b"\n")
            .ok_or(HttpMessageError::Incomplete)?;
    }
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
}
