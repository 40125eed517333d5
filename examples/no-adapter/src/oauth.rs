//! What an adapter would do: identify each request, hand its body on, add the challenge.

use std::{net::IpAddr, sync::Arc};

use oauth1_provider::{BodyUse, Identity, Provider, ReadBody, RequestHead, Response};
use poem::{
    Addr, Body, Endpoint, IntoResponse, Middleware, Request,
    http::{
        HeaderName, HeaderValue, StatusCode, header,
        uri::{Authority, Scheme},
    },
};

/// poem's request, as the provider asks for it.
struct Head<'a>(&'a Request);

impl RequestHead for Head<'_> {
    fn method(&self) -> &str {
        self.0.method().as_str()
    }

    fn is_tls(&self) -> bool {
        *self.0.scheme() == Scheme::HTTPS
    }

    fn authority(&self) -> Option<&str> {
        self.0.uri().authority().map(Authority::as_str)
    }

    fn path(&self) -> &str {
        // Below a mount, poem keeps here what the client sent.
        self.0.original_uri().path()
    }

    fn routed_path(&self) -> &str {
        self.0.uri().path()
    }

    fn query(&self) -> Option<&str> {
        self.0.original_uri().query()
    }

    fn header(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        let values = self.0.headers().get_all(name);
        values.into_iter().map(HeaderValue::as_bytes)
    }

    fn peer(&self) -> Option<IpAddr> {
        match &self.0.remote_addr().0 {
            Addr::SocketAddr(address) => Some(address.ip()),
            _ => None,
        }
    }
}

/// Identifies every request.
pub(crate) struct OAuth(pub(crate) Arc<Provider>);

/// An endpoint behind [`OAuth`].
pub(crate) struct OAuthEndpoint<E> {
    provider: Arc<Provider>,
    inner: E,
}

impl<E: Endpoint> Middleware<E> for OAuth {
    type Output = OAuthEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        OAuthEndpoint {
            provider: Arc::clone(&self.0),
            inner,
        }
    }
}

impl<E: Endpoint> Endpoint for OAuthEndpoint<E> {
    type Output = poem::Response;

    async fn call(&self, mut request: Request) -> poem::Result<poem::Response> {
        match identify(&self.provider, &mut request).await {
            Ok(Some(identity)) => {
                request.set_data(identity);
            }
            Ok(None) => {}
            Err(answer) => return Ok(into_poem(answer)),
        }
        let mut response = match self.inner.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) => error.into_response(),
        };
        let challenge = HeaderValue::from_str(self.provider.challenge().as_str());
        if let (StatusCode::UNAUTHORIZED, Ok(challenge)) = (response.status(), challenge) {
            let headers = response.headers_mut();
            headers.append(header::WWW_AUTHENTICATE, challenge);
        }
        Ok(response)
    }
}

/// Who calls; a body that was read for it is put back whole.
async fn identify(
    provider: &Provider,
    request: &mut Request,
) -> Result<Option<Identity>, Response> {
    let body = request.take_body();
    let is_empty = body.is_empty();
    request.set_body(body);
    let body = if provider.body_use(&Head(request)) == BodyUse::None {
        None
    } else {
        let limit = provider.limits().body_bytes;
        let read = request.take_body().into_bytes_limit(limit).await;
        Some(read.map_err(|_| Response::text(413, "form body too large"))?)
    };
    let identity = {
        let head = Head(request);
        let read = match &body {
            Some(body) => ReadBody::Whole(body),
            None if is_empty => ReadBody::Empty,
            None => ReadBody::Untouched,
        };
        let url = provider.signed_url(&head);
        provider.identify(&url.request(&head, read)).await?
    };
    if let Some(body) = body {
        request.set_body(Body::from_bytes(body));
    }
    Ok(identity)
}

/// The provider's answer as poem's.
pub(crate) fn into_poem(answer: Response) -> poem::Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = poem::Response::builder().status(status).body(answer.body);
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            let name = HeaderName::from_static(name);
            response.headers_mut().append(name, value);
        }
    }
    response
}
