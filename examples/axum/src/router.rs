//! The endpoints and resources. `oauth1 demo` serves this very file.

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::any,
};
use futures_util::StreamExt;
use oauth1_axum::{GuardLayer, Identity, OAuthLayer, UnreadBodyLayer, into_http, token_endpoints};
use oauth1_demo::{Demo, PUBLIC, Received};
use oauth1_provider::{is_consumer, is_oauth_user, not_oauth};

pub(crate) fn router(demo: Demo) -> Router {
    let guarded = |guard| any(whoami).layer(GuardLayer::new(guard));
    Router::new()
        .route("/api/whoami", any(whoami))
        .route("/api/consumer", guarded(is_consumer()))
        .route("/api/user", guarded(is_oauth_user()))
        .route(
            "/api/public",
            any(async || PUBLIC).layer(GuardLayer::new(not_oauth())),
        )
        .route("/oauth/authorize", any(authorize))
        .merge(token_endpoints(&demo.provider()))
        .layer(OAuthLayer::new(demo.provider()))
        .layer(UnreadBodyLayer::new())
        .with_state(demo)
}

/// Who called, and what arrived: the body comes whole, whether it was signed or not.
async fn whoami(
    identity: Identity,
    method: Method,
    uri: Uri,
    body: Body,
) -> Result<impl IntoResponse, StatusCode> {
    let mut received = Received::default();
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        received.update(&piece.map_err(|_| StatusCode::BAD_REQUEST)?);
    }
    let json = received.answer(&identity, method.as_str(), uri.query());
    Ok(([(header::CONTENT_TYPE, "application/json")], json))
}

/// Log-in, consent and decision are the application's own.
async fn authorize(
    State(demo): State<Demo>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    form: Body,
) -> Response {
    let cookies = headers.get_all(header::COOKIE);
    let cookies = cookies.into_iter().map(HeaderValue::as_bytes);
    let form = form.into_data_stream();
    let answer = demo.authorize(method.as_str(), uri.query(), cookies, form);
    into_http(answer.await).into_response()
}
