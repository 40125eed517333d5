//! actix-web passes the suite for adapters.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::future_not_send,
    reason = "a worker of actix-web is one thread: its requests and payloads are not Send"
)]

use std::{future::poll_fn, pin::Pin, sync::Arc};

use actix_web::{
    App, Error, HttpMessage, HttpResponse, HttpServer,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::{Method, header::WWW_AUTHENTICATE},
    middleware::{Next, from_fn},
    web::{self, Bytes, Payload, ServiceConfig},
};
use futures_core::Stream;
use oauth1_actix_web::{
    Authorize, AuthorizeRejection, ConsumerIdentity, Guarded, Identity, OAuth, UserIdentity,
    redirect, request_guard, token_endpoints,
};
use oauth1_conformance::adapter::application::{approver, decided, guards, shown, wanted};
use oauth1_provider::Provider;

const TEXT: &str = "text/plain; charset=utf-8";

/// A macro, for nobody can write the type of an application with middleware.
macro_rules! server {
    ($provider:expr) => {
        HttpServer::new(move || {
            let below = web::scope("/below")
                .service(web::resource("/echo").to(echo))
                .configure(protocol(&$provider))
                .wrap(OAuth::new(Arc::clone(&$provider)));
            let above = web::scope("")
                .configure(application)
                .configure(guarded)
                .configure(protocol(&$provider))
                .wrap(OAuth::new(Arc::clone(&$provider)))
                .wrap(from_fn(log_in));
            App::new().service(below).service(above)
        })
        .workers(1)
        .disable_signals()
    };
}

oauth1_conformance::adapter_suite!(async |provider: Arc<Provider>| {
    let server = server!(provider).bind_auto_h2c("127.0.0.1:0").unwrap();
    let address = server.addrs()[0];
    tokio::spawn(server.run());
    address
});

// The adapter sees of what kind the listener is: nobody has to tell it.
oauth1_conformance::tls_suite!(async |provider: Arc<Provider>| {
    let config = oauth1_conformance::adapter::tls_config();
    let server = server!(provider).bind_rustls_0_23("127.0.0.1:0", config);
    let server = server.unwrap();
    let address = server.addrs()[0];
    tokio::spawn(server.run());
    address
});

fn application(config: &mut ServiceConfig) {
    config
        .service(web::resource("/echo").to(echo))
        .service(web::scope("/mounted").service(web::resource("/echo").to(echo)))
        .service(web::resource("/stream").to(stream))
        .service(web::resource("/own-401").to(own_401))
        .service(web::resource("/own-403").to(own_403))
        .service(web::resource("/extract-identity").to(extract_identity))
        .service(web::resource("/extract-consumer").to(extract_consumer))
        .service(web::resource("/extract-user").to(extract_user))
        .service(web::resource("/optional-identity").to(identity))
        .service(web::resource("/optional-consumer").to(optional_consumer))
        .service(web::resource("/optional-user").to(optional_user));
}

fn protocol(provider: &Arc<Provider>) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let endpoints = token_endpoints(provider);
    |config| {
        config.service(web::resource("/oauth/authorize").to(authorize));
        endpoints(config);
    }
}

fn guarded(config: &mut ServiceConfig) {
    let own_check = request_guard("admins only", |request| {
        request.extensions().contains::<Admin>()
    });
    for (path, guard) in guards(&own_check) {
        config.service(web::resource(path).wrap(Guarded::new(guard)).to(identity));
    }
}

/// Whom the application's own log-in has marked.
struct Admin;

async fn log_in<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let marks = request.headers().get("x-admin");
    if marks.is_some_and(|value| value == "yes") {
        request.extensions_mut().insert(Admin);
    }
    next.call(request).await
}

async fn identity(identity: Option<Identity>) -> String {
    shown(identity.as_deref())
}

async fn next(payload: &mut Payload) -> Option<Result<Bytes, PayloadError>> {
    poll_fn(|context| Pin::new(&mut *payload).poll_next(context)).await
}

async fn echo(found: Option<Identity>, mut body: Payload) -> HttpResponse {
    let mut out = identity(found).await.into_bytes();
    out.push(b'\n');
    while let Some(piece) = next(&mut body).await {
        // The client may have gone.
        let Ok(piece) = piece else {
            return HttpResponse::BadRequest().finish();
        };
        out.extend_from_slice(&piece);
    }
    HttpResponse::Ok().content_type(TEXT).body(out)
}

async fn stream(mut body: Payload) -> String {
    let mut count = 0;
    while let Some(piece) = next(&mut body).await {
        count += piece.unwrap().len();
    }
    count.to_string()
}

async fn own_401() -> HttpResponse {
    HttpResponse::Unauthorized()
        .append_header((WWW_AUTHENTICATE, "Basic realm=\"app\""))
        .append_header((WWW_AUTHENTICATE, "Negotiate"))
        .content_type(TEXT)
        .body("log in")
}

async fn own_403() -> HttpResponse {
    HttpResponse::Forbidden()
        .append_header((WWW_AUTHENTICATE, "Basic realm=\"app\""))
        .content_type(TEXT)
        .body("never")
}

async fn extract_identity(identity: Identity) -> String {
    shown(Some(&identity))
}

async fn extract_consumer(identity: ConsumerIdentity) -> String {
    identity.consumer().key().to_string()
}

async fn extract_user(identity: UserIdentity) -> String {
    identity.user().as_str().to_owned()
}

async fn optional_consumer(found: Option<ConsumerIdentity>) -> String {
    identity(found.map(|found| Identity(oauth1_provider::Identity::Consumer(found.0)))).await
}

async fn optional_user(found: Option<UserIdentity>) -> String {
    identity(found.map(|found| Identity(oauth1_provider::Identity::User(found.0)))).await
}

async fn authorize(
    method: Method,
    authorize: Authorize,
    decision: String,
) -> Result<HttpResponse, AuthorizeRejection> {
    let text = |text: String| HttpResponse::Ok().content_type(TEXT).body(text);
    if method == Method::GET {
        return Ok(text(wanted(authorize.pending())));
    }
    let outcome = match approver(&decision) {
        Some(user) => authorize.approve(&user).await?.outcome(),
        None => authorize.deny().await?,
    };
    Ok(redirect(&outcome).unwrap_or_else(|| text(decided(&outcome))))
}
