//! Identifies every request.

use std::{
    future::{Future, Ready, ready},
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
};

use actix_web::{
    Error, HttpMessage,
    body::{EitherBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
};
use oauth1_provider::{Identity, Provider, RequestHead, Response};

use crate::{
    body,
    convert::Head,
    rejection::{finish, into_actix},
};

/// The middleware that identifies every request: [`Identity`] stands in the request's extensions
/// afterwards, if it was signed. Requests to the provider's own paths pass as they are.
#[derive(Clone, Debug)]
pub struct OAuth {
    provider: Arc<Provider>,
}

impl OAuth {
    /// Of a provider.
    #[must_use]
    pub fn new(provider: Arc<Provider>) -> Self {
        Self { provider }
    }
}

impl<S, B> Transform<S, ServiceRequest> for OAuth
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = OAuthService<S>;
    type InitError = ();
    type Future = Ready<Result<OAuthService<S>, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(OAuthService(Rc::new(Around {
            provider: Arc::clone(&self.provider),
            inner,
        }))))
    }
}

/// The service of [`OAuth`].
#[derive(Clone, Debug)]
pub struct OAuthService<S>(Rc<Around<S>>);

/// In one place, which a thread has to itself: no request counts references that others see.
#[derive(Debug)]
struct Around<S> {
    provider: Arc<Provider>,
    inner: S,
}

impl<S, B> Service<ServiceRequest> for OAuthService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.inner.poll_ready(context)
    }

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let around = Rc::clone(&self.0);
        Box::pin(async move {
            let provider = &around.provider;
            if let Err(response) = identify(provider, &mut request).await {
                let response = into_actix(response);
                return Ok(request.into_response(response).map_into_right_body());
            }
            match around.inner.call(request).await {
                Ok(response) => {
                    let (request, response) = response.into_parts();
                    let response = finish(provider, response);
                    Ok(ServiceResponse::new(request, response))
                }
                // A middleware inside of ours failed: its answer is made outside of it.
                Err(mut error) => {
                    let provider = Arc::clone(provider);
                    error.add_response_mapper(move |response| {
                        finish(&provider, response).map_into_boxed_body()
                    });
                    Err(error)
                }
            }
        })
    }
}

/// Puts the identity into the extensions, or answers.
async fn identify(provider: &Provider, request: &mut ServiceRequest) -> Result<(), Response> {
    if provider.is_protocol_path(Head(request.request()).routed_path()) {
        request.extensions_mut().remove::<Identity>();
        return Ok(());
    }
    let mut payload = request.take_payload();
    let head = Head(request.request());
    let read = body::read(provider, &head, &mut payload).await?;
    let url = provider.signed_url(&head);
    let identity = provider
        .identify(&url.request(&head, read.as_read()))
        .await?;
    body::put_back(read, &mut payload);
    request.set_payload(payload);
    // Whatever stands there was not put there by this provider.
    match identity {
        Some(identity) => request.extensions_mut().insert(identity),
        None => request.extensions_mut().remove(),
    };
    Ok(())
}
