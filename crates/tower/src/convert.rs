//! The framework's request as the core's: what is signed is what the client saw.

use http::{Uri, header, request::Parts};
use oauth1_provider::{Provider, core::Request};

use crate::body::Read;

/// The URI as the client sent it, for requests whose own was stripped by a mount.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "an extension that others insert")]
pub struct SignedUri(pub Uri);

/// Borrows the core's request, with what was read of its body.
pub(crate) fn convert<'a>(provider: &'a Provider, parts: &'a Parts, body: &'a Read) -> Request<'a> {
    let uri = signed_uri(parts);
    let (scheme, authority) = match provider.public_url() {
        Some(public) => (public.scheme(), public.authority()),
        None => (uri.scheme_str().unwrap_or("http"), authority(parts, uri)),
    };
    let method = parts.method.as_str();
    let mut request = Request::new(method, scheme, authority, uri.path(), uri.query());
    for value in parts.headers.get_all(header::AUTHORIZATION) {
        request = request.with_authorization(value.as_bytes());
    }
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    match body {
        Read::Whole(body) => {
            request.with_body(content_type.map(header::HeaderValue::as_bytes), body)
        }
        Read::Untouched => request.with_unread_body(),
        Read::Empty => request,
    }
}

/// The URI that was signed.
pub(crate) fn signed_uri(parts: &Parts) -> &Uri {
    parts
        .extensions
        .get::<SignedUri>()
        .map_or(&parts.uri, |signed| &signed.0)
}

/// The Host header, else the URI's authority. Two Host headers are none: which one was signed?
fn authority<'a>(parts: &'a Parts, uri: &'a Uri) -> &'a str {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().unwrap_or_default(),
        (Some(_), Some(_)) => "",
        (None, _) => uri.authority().map_or("", http::uri::Authority::as_str),
    }
}
