//! Requests in the making: signed as a client would, or wrong in one way.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Uri, header};
use http_body_util::{BodyExt, Full};
use oauth1_provider::core::{Signer, Timestamp, Transport};

use super::{
    client::{Answer, Connection, Sent},
    world::{World, as_consumer},
};
use crate::{later, nonce};

impl World {
    pub(super) fn get<'w>(&'w self, target: &str) -> Call<'w> {
        self.call("GET", target)
    }

    pub(super) fn post<'w>(&'w self, target: &str) -> Call<'w> {
        self.call("POST", target)
    }

    pub(super) fn call<'w>(&'w self, method: &str, target: &str) -> Call<'w> {
        Call {
            world: self,
            method: method.to_owned(),
            target: target.to_owned(),
            signed_path: None,
            signed_base: ("http".to_owned(), self.address.to_string()),
            host: self.address.to_string(),
            headers: Vec::new(),
            body: None,
            signer: None,
            timestamp: later(0),
            nonce: None,
        }
    }

    /// A request token of `app`, with its secret.
    pub(super) async fn request_token(&self, callback: &str) -> (String, String) {
        let signer = as_consumer("app").with_parameter("oauth_callback", callback);
        let answer = self
            .post("/oauth/request_token")
            .signed(signer)
            .send()
            .await;
        token_of(&answer)
    }
}

/// Token and secret of a token endpoint's answer.
pub(super) fn token_of(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 200, "{answer:?}");
    let field = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(&answer.body);
        let found = pairs.find(|(name, _)| name == wanted);
        found.unwrap().1.into_owned()
    };
    (field("oauth_token"), field("oauth_token_secret"))
}

/// A request in the making.
pub(super) struct Call<'w> {
    world: &'w World,
    method: String,
    target: String,
    signed_path: Option<String>,
    signed_base: (String, String),
    host: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Option<Vec<u8>>,
    signer: Option<Signer>,
    timestamp: Timestamp,
    nonce: Option<String>,
}

impl Call<'_> {
    pub(super) fn signed(mut self, signer: Signer) -> Self {
        self.signer = Some(signer);
        self
    }

    pub(super) fn at(mut self, seconds: i64) -> Self {
        let now = later(0).as_secs().saturating_add_signed(seconds);
        self.timestamp = Timestamp::from_secs(now);
        self
    }

    pub(super) fn with_nonce(mut self, nonce: &str) -> Self {
        self.nonce = Some(nonce.to_owned());
        self
    }

    /// Sends this Host header; it is signed, too.
    pub(super) fn with_host(mut self, host: &str) -> Self {
        host.clone_into(&mut self.host);
        host.clone_into(&mut self.signed_base.1);
        self
    }

    /// Signs another scheme and authority than those it is sent to.
    pub(super) fn signed_as(mut self, scheme: &str, authority: &str) -> Self {
        self.signed_base = (scheme.to_owned(), authority.to_owned());
        self
    }

    /// Signs another path than that it is sent to.
    pub(super) fn signed_for(mut self, path: &str) -> Self {
        self.signed_path = Some(path.to_owned());
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name, value.as_ref().to_vec()));
        self
    }

    pub(super) fn form(self, body: &str) -> Self {
        self.typed("application/x-www-form-urlencoded", body)
    }

    pub(super) fn typed(mut self, content_type: &str, body: &str) -> Self {
        self.body = Some(body.as_bytes().to_vec());
        self.header("content-type", content_type)
    }

    /// Signs and makes the request.
    pub(super) fn request(self) -> Request<Sent> {
        self.request_with(|body| Full::new(body).boxed_unsync())
    }

    /// Where it goes.
    pub(super) fn address(&self) -> SocketAddr {
        self.world.address
    }

    /// The same, over HTTP/2.
    pub(super) fn request_http2(self) -> Request<Sent> {
        self.request_http2_with(|body| Full::new(body).boxed_unsync())
    }

    /// The same, over HTTP/2, with this `:scheme`.
    pub(super) fn request_http2_as(self, scheme: &str) -> Request<Sent> {
        let mut request = self.request_http2();
        let mut parts = request.uri().clone().into_parts();
        parts.scheme = Some(scheme.parse().unwrap());
        *request.uri_mut() = Uri::from_parts(parts).unwrap();
        request
    }

    /// The same, over HTTP/2, with a body that is sent in another way.
    pub(super) fn request_http2_with(
        mut self,
        body_of: impl FnOnce(Bytes) -> Sent,
    ) -> Request<Sent> {
        self.target = format!("http://{}{}", self.host, self.target);
        let mut request = self.request_with(body_of);
        request.headers_mut().remove(header::HOST);
        request
    }

    /// The same, with a body that is sent in another way.
    pub(super) fn request_with(self, body_of: impl FnOnce(Bytes) -> Sent) -> Request<Sent> {
        let path_and_query = self
            .target
            .strip_prefix("http://")
            .and_then(|rest| rest.find('/').and_then(|at| rest.get(at..)))
            .unwrap_or(&self.target);
        let (path, query) = match path_and_query.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path_and_query, None),
        };
        let mut target = self.target.clone();
        let mut body = self.body.clone();
        let mut authorization = None;
        if let Some(signer) = &self.signer {
            let content_type = self
                .headers
                .iter()
                .find(|(name, _)| *name == "content-type");
            let (scheme, authority) = &self.signed_base;
            let signed_path = self.signed_path.as_deref().unwrap_or(path);
            let unsigned = oauth1_provider::core::Request::new(
                &self.method,
                scheme,
                authority,
                signed_path,
                query,
            )
            .with_body(
                content_type.map(|(_, value)| value.as_slice()),
                self.body.as_deref().unwrap_or_default(),
            );
            let text = self.nonce.unwrap_or_else(|| self.world.next_nonce());
            let signed = signer
                .sign(&unsigned, self.timestamp, &nonce(&text))
                .unwrap();
            match signed.transport() {
                Transport::Query => {
                    let path = target.split('?').next().unwrap_or_default();
                    target = format!("{path}?{}", signed.query().unwrap());
                }
                Transport::Body => body = signed.body(),
                _ => authorization = Some(signed.authorization()),
            }
        }
        let mut builder = Request::builder().method(self.method.as_str()).uri(target);
        if !self.headers.iter().any(|(name, _)| *name == "host") {
            builder = builder.header(header::HOST, &self.host);
        }
        for (name, value) in &self.headers {
            builder = builder.header(*name, value.as_slice());
        }
        if let Some(authorization) = authorization {
            builder = builder.header(header::AUTHORIZATION, authorization);
        }
        builder
            .body(body_of(body.unwrap_or_default().into()))
            .unwrap()
    }

    pub(super) async fn send(self) -> Answer {
        let address = self.world.address;
        let request = self.request();
        Connection::open(address).await.send(request).await
    }
}
