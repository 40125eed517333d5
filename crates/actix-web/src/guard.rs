//! Lets pass whom a guard lets pass.

use std::{
    future::{Future, Ready, ready},
    pin::Pin,
};

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::{EitherBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
};
use oauth1_provider::{Guard, GuardRefusal, Identity, Verdict};

use crate::rejection::guard_response;

/// The middleware that lets pass whom a [`Guard`] lets pass, for scopes and resources. It stands
/// inside of [`crate::OAuth`], which identifies the request and adds the challenge to a 401.
#[derive(Clone, Debug)]
pub struct Guarded {
    guard: Guard,
}

impl Guarded {
    /// By a guard.
    #[must_use]
    pub fn new(guard: Guard) -> Self {
        Self { guard }
    }
}

/// The application's own condition, such as its log-in's permissions, on a request; with the message
/// of its refusal. It combines with other guards.
///
/// ```
/// use actix_web::HttpMessage;
/// use oauth1_actix_web::{Guarded, request_guard};
/// use oauth1_provider::{any_of, is_consumer};
///
/// struct Admin; // put into the extensions by the application's own log-in
///
/// let admin = request_guard("admins only", |request| request.extensions().contains::<Admin>());
/// let guarded = Guarded::new(any_of([is_consumer(), admin]));
/// ```
pub fn request_guard<V: Into<Verdict>>(
    message: &'static str,
    check: impl Fn(&HttpRequest) -> V + Send + Sync + 'static,
) -> Guard {
    Guard::of_request(message, check)
}

/// The identity is copied out: a check may want the extensions for itself, as sessions do.
pub(crate) fn check(guard: &Guard, request: &HttpRequest) -> Result<(), GuardRefusal> {
    let identity = request.extensions().get::<Identity>().cloned();
    guard.check_request(identity.as_ref(), request)
}

impl<S, B> Transform<S, ServiceRequest> for Guarded
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = GuardedService<S>;
    type InitError = ();
    type Future = Ready<Result<GuardedService<S>, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(GuardedService {
            guard: self.guard.clone(),
            inner,
        }))
    }
}

/// The service of [`Guarded`].
#[derive(Clone, Debug)]
pub struct GuardedService<S> {
    guard: Guard,
    inner: S,
}

impl<S, B> Service<ServiceRequest> for GuardedService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    forward_ready!(inner);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        if let Err(refusal) = check(&self.guard, request.request()) {
            let response = request.into_response(guard_response(&refusal));
            return Box::pin(ready(Ok(response.map_into_right_body())));
        }
        let answer = self.inner.call(request);
        Box::pin(async move { Ok(answer.await?.map_into_left_body()) })
    }
}
