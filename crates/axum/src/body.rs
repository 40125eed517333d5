//! Hands the body on as axum's own.

use std::task::{Context, Poll};

use axum::{
    BoxError,
    body::{Body, HttpBody},
    extract::Request,
    http,
    response::Response,
};
use bytes::Bytes;
use http_body_util::{Either, Full};
use tower_service::Service;

/// Hands the body on as axum's own: untouched, or the form that was read.
#[derive(Clone, Debug)]
#[expect(unnameable_types, reason = "an inner part of OAuthService")]
pub struct AxumBody<S>(pub(crate) S);

impl<S: Service<Request>> Service<http::Request<Either<Body, Full<Bytes>>>> for AxumBody<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Either<Body, Full<Bytes>>>) -> Self::Future {
        self.0.call(request.map(|body| match body {
            Either::Left(body) => body,
            Either::Right(form) => Body::new(form),
        }))
    }
}

/// The answer with axum's own body: one that is already is not wrapped once more.
pub(crate) fn with_axums_body<RB>(response: http::Response<Either<RB, Full<Bytes>>>) -> Response
where
    RB: HttpBody<Data = Bytes> + Send + 'static,
    RB::Error: Into<BoxError>,
{
    response.map(|body| match body {
        Either::Left(body) => Body::new(body),
        Either::Right(report) => Body::new(report),
    })
}
