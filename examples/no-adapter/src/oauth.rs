//! What an adapter would do: identify each request, hand its body on, add the challenge.

use oauth1_provider::{BodyUse, HttpHead, Identity, KeptBody, Provider, Response};
use poem::{
    Addr, Body, Endpoint, IntoResponse, Request,
    http::{self, HeaderValue, StatusCode, header::WWW_AUTHENTICATE, uri::Scheme},
};
use tokio::time::sleep;

/// poem's request, as the provider asks for it.
fn head(request: &Request) -> HttpHead<'_> {
    let peer = match &request.remote_addr().0 {
        Addr::SocketAddr(address) => Some(address.ip()),
        _ => None,
    };
    HttpHead::new(request.method(), request.uri(), request.headers())
        // Below a mount, poem keeps here what the client sent.
        .with_original_uri(request.original_uri())
        .with_tls(*request.scheme() == Scheme::HTTPS)
        .with_peer(peer)
}

/// Calls `next` with whom the request is from; or answers.
pub(crate) async fn identified(
    provider: &Provider,
    next: &impl Endpoint,
    mut request: Request,
) -> poem::Response {
    match identify(provider, &mut request).await {
        Ok(Some(identity)) => request.set_data(identity),
        Ok(None) => {}
        Err(answer) => return into_poem(answer),
    }
    let mut response = next.get_response(request).await;
    let challenge = HeaderValue::from_str(provider.challenge().as_str());
    if let (StatusCode::UNAUTHORIZED, Ok(challenge)) = (response.status(), challenge) {
        response.headers_mut().append(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Who calls; a body that was read for it is put back whole.
async fn identify(
    provider: &Provider,
    request: &mut Request,
) -> Result<Option<Identity>, Response> {
    let mut body = request.take_body();
    let kept = match provider.body_use(&head(request)) {
        _ if body.is_empty() => KeptBody::Empty,
        BodyUse::None => KeptBody::Untouched,
        counts => {
            let pieces = body.into_bytes_stream();
            let whole = provider.read_body(counts, pieces, sleep).await?;
            body = Body::from_bytes(whole.clone());
            counts.kept(whole)
        }
    };
    request.set_body(body);
    let head = head(request);
    let url = provider.signed_url(&head);
    provider.identify(&url.request(&head, kept.as_read())).await
}

/// The provider's answer as poem's.
pub(crate) fn into_poem(answer: Response) -> poem::Response {
    let (head, body) = http::Response::from(answer).into_parts();
    let mut response = (head.status, body).into_response();
    *response.headers_mut() = head.headers;
    response
}
