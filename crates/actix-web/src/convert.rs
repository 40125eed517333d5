//! The framework's request as the provider's: what is signed is what the client saw.

use std::net::{IpAddr, SocketAddr};

use actix_web::{
    HttpRequest,
    http::{
        Uri,
        header::{self, HeaderValue},
        uri::Authority,
    },
};
use oauth1_provider::RequestHead;

/// The head of a request of actix-web, which keeps the path whole in scopes.
pub(crate) struct Head<'a>(pub(crate) &'a HttpRequest);

impl Head<'_> {
    fn uri(&self) -> &Uri {
        self.0.uri()
    }
}

impl RequestHead for Head<'_> {
    fn method(&self) -> &str {
        self.0.method().as_str()
    }

    fn is_tls(&self) -> bool {
        self.0.app_config().secure()
    }

    fn authority(&self) -> Option<&str> {
        self.uri().authority().map(Authority::as_str)
    }

    fn path(&self) -> &str {
        self.uri().path()
    }

    /// What the scopes around have left. The router unescapes; an escaped path is none of ours.
    fn routed_path(&self) -> &str {
        let left = self.0.match_info().unprocessed();
        if self.path().ends_with(left) {
            left
        } else {
            self.path()
        }
    }

    fn query(&self) -> Option<&str> {
        self.uri().query()
    }

    // Whoever calls it knows the name: then no names are compared.
    #[inline(always)]
    fn header(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        let headers = self.0.headers();
        // A name as a text is looked up in a table first, each time.
        let values = match name {
            "authorization" => headers.get_all(header::AUTHORIZATION),
            "content-type" => headers.get_all(header::CONTENT_TYPE),
            "host" => headers.get_all(header::HOST),
            other => headers.get_all(other),
        };
        values.map(HeaderValue::as_bytes)
    }

    fn peer(&self) -> Option<IpAddr> {
        self.0.peer_addr().as_ref().map(SocketAddr::ip)
    }
}
