//! Lets pass whom a guard lets pass.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Extensions, Request};
use http_body_util::{Either, Full};
use oauth1_provider::{Guard, Verdict};
use tower_layer::Layer;
use tower_service::Service;

use crate::{extract::identity, rejection::guard_response};

/// Lets pass whom a [`Guard`] lets pass. It stands inside of [`crate::OAuthLayer`], which
/// identifies the request and adds the challenge to a 401.
#[derive(Clone, Debug)]
pub struct GuardLayer {
    guard: Guard,
}

impl GuardLayer {
    /// Of a guard.
    #[must_use]
    pub fn new(guard: Guard) -> Self {
        Self { guard }
    }
}

/// The application's own condition, such as its log-in's permissions, on what stands in a request's
/// extensions; with the message of its refusal. It combines with other guards.
///
/// ```
/// use oauth1_provider::{any_of, is_consumer};
/// use oauth1_tower::{GuardLayer, request_guard};
///
/// #[derive(Clone)]
/// struct Admin; // put into the extensions by the application's own log-in
///
/// let admin = request_guard("admins only", |extensions| extensions.get::<Admin>().is_some());
/// let layer = GuardLayer::new(any_of([is_consumer(), admin]));
/// ```
pub fn request_guard<V: Into<Verdict>>(
    message: &'static str,
    check: impl Fn(&Extensions) -> V + Send + Sync + 'static,
) -> Guard {
    Guard::of_request(message, check)
}

impl<S> Layer<S> for GuardLayer {
    type Service = GuardService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        GuardService {
            guard: self.guard.clone(),
            inner,
        }
    }
}

/// The service of [`GuardLayer`].
#[derive(Clone, Debug)]
pub struct GuardService<S> {
    guard: Guard,
    inner: S,
}

impl<S, B, RB> Service<Request<B>> for GuardService<S>
where
    S: Service<Request<B>, Response = http::Response<RB>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
    RB: Send + 'static,
{
    type Response = http::Response<Either<RB, Full<Bytes>>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if let Err(refusal) = self
            .guard
            .check_request(identity(request.extensions()), request.extensions())
        {
            return Box::pin(async move { Ok(guard_response(&refusal).map(Either::Right)) });
        }
        let answer = self.inner.call(request);
        Box::pin(async move { Ok(answer.await?.map(Either::Left)) })
    }
}
