//! The token endpoints (sections 2.1 and 2.3) as a filter.

use std::{convert::Infallible, future::ready, sync::Arc};

use bytes::Buf;
use futures_util::Stream;
use http::{Extensions, HeaderMap, Method, Request, Uri};
use http_body_util::BodyExt;
use oauth1_provider::Provider;
use oauth1_tower::{PeerAddress, SecureConnection, SignedUri, TokenEndpoints};
use tower_service::Service;
use warp::{Filter, Rejection, path::FullPath, reply::Response};

use crate::body::of_stream;

/// Answers at the provider's token paths, which may be equal. They are whole paths: behind
/// `warp::path` they stay what they are.
///
/// [`crate::OAuthLayer`] has to stand around it, as around every filter of this crate.
#[must_use]
pub fn token_endpoints(
    provider: &Arc<Provider>,
) -> impl Filter<Extract = (Response,), Error = Rejection> + Clone + use<> {
    let endpoints = TokenEndpoints::new(Arc::clone(provider));
    own_path(provider)
        .and(warp::method())
        .and(warp::header::headers_cloned())
        .and(extensions())
        .and(warp::body::stream())
        .then(move |path, method, headers, extensions, body| {
            let head = head(&path, method, headers, extensions);
            answer(endpoints.clone(), head, body)
        })
}

fn own_path(
    provider: &Arc<Provider>,
) -> impl Filter<Extract = (FullPath,), Error = Rejection> + Clone + use<> {
    let provider = Arc::clone(provider);
    warp::path::full().and_then(move |path: FullPath| {
        let own = [provider.request_token_path(), provider.access_token_path()];
        ready(if own.contains(&path.as_str()) {
            Ok(path)
        } else {
            Err(warp::reject::not_found())
        })
    })
}

/// All that the layers around and the server tell of a request: forgetting one of them here would
/// refuse at the token endpoints what is accepted elsewhere.
fn extensions() -> impl Filter<Extract = (Extensions,), Error = Infallible> + Clone {
    warp::ext::optional()
        .and(warp::ext::optional())
        .and(warp::ext::optional())
        .map(
            |signed: Option<SignedUri>,
             peer: Option<PeerAddress>,
             secure: Option<SecureConnection>| {
                let mut all = Extensions::new();
                signed.map(|signed| all.insert(signed));
                peer.map(|peer| all.insert(peer));
                secure.map(|secure| all.insert(secure));
                all
            },
        )
}

/// The request that warp has taken apart.
fn head(
    path: &FullPath,
    method: Method,
    headers: HeaderMap,
    extensions: Extensions,
) -> Request<()> {
    let mut head = Request::new(());
    *head.method_mut() = method;
    *head.headers_mut() = headers;
    // A path that has been one is one.
    *head.uri_mut() = Uri::try_from(path.as_str()).unwrap_or_default();
    *head.extensions_mut() = extensions;
    head
}

async fn answer<B: Buf + 'static>(
    mut endpoints: TokenEndpoints,
    head: Request<()>,
    body: impl Stream<Item = Result<B, warp::Error>> + Send + 'static,
) -> Response {
    let request = head.map(|()| of_stream(body));
    let Ok(answer) = endpoints.call(request).await;
    let (parts, body) = answer.into_parts();
    let Ok(body) = body.collect().await;
    Response::from_parts(parts, body.to_bytes().into())
}
