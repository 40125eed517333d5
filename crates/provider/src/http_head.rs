//! Requests and answers of the crate `http` 1.x, as most frameworks have them.

use std::{fmt, net::IpAddr};

use http::{
    HeaderMap, HeaderValue, Method, StatusCode, Uri,
    header::{self, HeaderName},
    request::Parts,
    uri::Authority,
};

use crate::{RequestHead, Response};

/// The head of a request of the crate `http`.
///
/// ```
/// use oauth1_provider::{HttpHead, RequestHead};
///
/// let (parts, ()) = http::Request::get("/photos?size=large").body(())?.into_parts();
/// let head = HttpHead::from(&parts);
/// assert_eq!((head.path(), head.query()), ("/photos", Some("size=large")));
/// # Ok::<_, http::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct HttpHead<'a> {
    method: &'a Method,
    routed: &'a Uri,
    signed: &'a Uri,
    headers: &'a HeaderMap,
    is_tls: bool,
    peer: Option<IpAddr>,
}

/// The values of a header.
enum Values<'a> {
    AtMostOne(Option<&'a HeaderValue>),
    Any(header::ValueIter<'a, HeaderValue>),
}

impl<'a> Values<'a> {
    /// Where no name is repeated, one look-up tells all.
    #[inline(always)]
    fn of(headers: &'a HeaderMap, name: HeaderName) -> Self {
        if headers.len() == headers.keys_len() {
            Self::AtMostOne(headers.get(name))
        } else {
            Self::Any(headers.get_all(name).iter())
        }
    }
}

impl<'a> HttpHead<'a> {
    /// Of a request over plain http, from a peer that nobody knows.
    #[must_use]
    pub fn new(method: &'a Method, uri: &'a Uri, headers: &'a HeaderMap) -> Self {
        Self {
            method,
            routed: uri,
            signed: uri,
            headers,
            is_tls: false,
            peer: None,
        }
    }

    /// The values of a header, as [`RequestHead::header`] tells them.
    // Whoever calls it knows the name: then no names are compared.
    #[inline(always)]
    pub fn values(
        headers: &'a HeaderMap,
        name: &'static str,
    ) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let values = match name {
            // A name as a text is looked up in a table first, each time.
            "authorization" => Values::of(headers, header::AUTHORIZATION),
            "content-type" => Values::of(headers, header::CONTENT_TYPE),
            "host" => Values::of(headers, header::HOST),
            other => Values::Any(headers.get_all(other).iter()),
        };
        values.map(HeaderValue::as_bytes)
    }

    /// With the URI as the client sent it, where a mount has stripped the request's own.
    #[must_use]
    pub fn with_original_uri(mut self, uri: &'a Uri) -> Self {
        self.signed = uri;
        self
    }

    /// Over TLS, if the server itself says so: see [`RequestHead::is_tls`].
    #[must_use]
    pub fn with_tls(mut self, is_tls: bool) -> Self {
        self.is_tls = is_tls;
        self
    }

    /// From this peer: see [`RequestHead::peer`].
    #[must_use]
    pub fn with_peer(mut self, peer: Option<IpAddr>) -> Self {
        self.peer = peer;
        self
    }
}

impl<'a> From<&'a Parts> for HttpHead<'a> {
    fn from(parts: &'a Parts) -> Self {
        Self::new(&parts.method, &parts.uri, &parts.headers)
    }
}

impl RequestHead for HttpHead<'_> {
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn is_tls(&self) -> bool {
        self.is_tls
    }

    fn authority(&self) -> Option<&str> {
        self.signed.authority().map(Authority::as_str)
    }

    fn path(&self) -> &str {
        self.signed.path()
    }

    fn routed_path(&self) -> &str {
        self.routed.path()
    }

    fn query(&self) -> Option<&str> {
        self.signed.query()
    }

    #[inline(always)]
    fn header(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        HttpHead::values(self.headers, name)
    }

    fn peer(&self) -> Option<IpAddr> {
        self.peer
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = &'a HeaderValue;

    #[inline]
    fn next(&mut self) -> Option<&'a HeaderValue> {
        match self {
            Self::AtMostOne(value) => value.take(),
            Self::Any(values) => values.next(),
        }
    }
}

/// The headers may hold a secret, and the query too.
impl fmt::Debug for HttpHead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpHead")
            .field("method", self.method)
            .field("path", &self.signed.path())
            .finish_non_exhaustive()
    }
}

impl From<Response> for http::Response<String> {
    fn from(response: Response) -> Self {
        let mut out = Self::new(response.body);
        *out.status_mut() =
            StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in response.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                let name = HeaderName::from_static(name);
                out.headers_mut().append(name, value);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_headers_nor_query() {
        let request = http::Request::get("http://h/p?oauth_signature=secret")
            .header("authorization", "OAuth oauth_signature=\"secret\"")
            .body(())
            .unwrap();
        let (parts, ()) = request.into_parts();
        let shown = format!("{:?}", HttpHead::from(&parts));
        assert_eq!(shown, r#"HttpHead { method: GET, path: "/p", .. }"#);
    }

    #[test]
    fn every_value_of_a_header_is_told_in_its_order() {
        let request = http::Request::get("/")
            .header("host", "a")
            .header("authorization", "Basic x")
            .header("x-forwarded-for", "1.2.3.4")
            .header("authorization", "OAuth y")
            .header("x-forwarded-for", "5.6.7.8")
            .body(())
            .unwrap();
        let (parts, ()) = request.into_parts();
        let head = HttpHead::from(&parts);
        let values = |name| -> Vec<_> { head.header(name).map(<[u8]>::to_vec).collect() };
        assert_eq!(values("host"), [b"a"]);
        assert_eq!(values("authorization"), [b"Basic x", b"OAuth y"]);
        assert_eq!(values("x-forwarded-for"), [b"1.2.3.4", b"5.6.7.8"]);
        assert!(values("content-type").is_empty() && values("forwarded").is_empty());
    }

    #[test]
    fn an_answer_keeps_status_headers_and_body() {
        let mut answer = Response::text(403, "no");
        answer.headers.push(("vary", "a".to_owned()));
        answer.headers.push(("vary", "b".to_owned()));
        let answer = http::Response::from(answer);
        let vary = answer.headers().get_all("vary").iter();
        let vary: Vec<_> = vary.map(|value| value.to_str().unwrap()).collect();
        assert_eq!((answer.status().as_u16(), vary), (403, vec!["a", "b"]));
        assert_eq!(answer.body(), "no\n");
    }
}
