//! The framework's request as the core's: what is signed is what the client saw.

use actix_web::{
    dev::RequestHead,
    http::{Uri, header},
};
use oauth1_provider::{Provider, core::Request};

use crate::body::Read;

/// Borrows the core's request, with what was read of its body. actix-web keeps the path whole in
/// scopes, so it is what the client sent.
pub(crate) fn convert<'a>(
    provider: &'a Provider,
    head: &'a RequestHead,
    body: &'a Read,
) -> Request<'a> {
    let uri = &head.uri;
    let (scheme, authority) = match provider.public_url() {
        Some(public) => (public.scheme(), public.authority()),
        None => (uri.scheme_str().unwrap_or("http"), authority(head, uri)),
    };
    let method = head.method.as_str();
    let mut request = Request::new(method, scheme, authority, uri.path(), uri.query());
    for value in head.headers.get_all(header::AUTHORIZATION) {
        request = request.with_authorization(value.as_bytes());
    }
    let content_type = head.headers.get(header::CONTENT_TYPE);
    match body {
        Read::Whole(body) => {
            request.with_body(content_type.map(header::HeaderValue::as_bytes), body)
        }
        Read::Untouched => request.with_unread_body(),
        Read::Empty => request,
    }
}

/// The Host header, else the URI's authority. Two Host headers are none: which one was signed?
fn authority<'a>(head: &'a RequestHead, uri: &'a Uri) -> &'a str {
    let mut hosts = head.headers.get_all(header::HOST);
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().unwrap_or_default(),
        (Some(_), Some(_)) => "",
        (None, _) => uri.authority().map_or("", |authority| authority.as_str()),
    }
}
