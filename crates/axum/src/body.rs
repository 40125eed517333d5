//! Hands the body on as axum's own.

use std::task::{Context, Poll};

use axum::{body::Body, extract::Request, http};
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
