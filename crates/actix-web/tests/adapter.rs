//! actix-web passes the suite for adapters.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::future_not_send,
    reason = "a worker of actix-web is one thread: its requests and payloads are not Send"
)]

use std::{future::poll_fn, pin::Pin, sync::Arc};

use actix_web::{
    App, HttpResponse, HttpServer, Responder,
    error::PayloadError,
    http::{Method, header},
    web::{self, Bytes, Payload, ServiceConfig},
};
use futures_core::Stream;
use oauth1_actix_web::{
    Authorize, AuthorizeRejection, Guarded, OAuth, OAuthConsumer, OAuthIdentity, OAuthUser,
    token_endpoints,
};
use oauth1_provider::{
    Guard, Identity, Outcome, Provider, UserId, all_of, any_of,
    core::{Callback, ConsumerKey},
    is_consumer, is_oauth_user, not_oauth,
};

oauth1_conformance::adapter_suite_without_proxies!(async |provider: Arc<Provider>| {
    let server = HttpServer::new(move || {
        App::new()
            .configure(application)
            .configure(token_endpoints(&provider))
            .wrap(OAuth::new(Arc::clone(&provider)))
    });
    let server = server.workers(1).disable_signals();
    let server = server.bind_auto_h2c("127.0.0.1:0").unwrap();
    let address = server.addrs()[0];
    tokio::spawn(server.run());
    address
});

fn application(config: &mut ServiceConfig) {
    let app = || ConsumerKey::new("app").unwrap();
    let alice = || UserId::new("alice").unwrap();
    for (path, guard) in [
        ("/consumer", is_consumer()),
        ("/consumer-app", is_consumer().with_consumer(app())),
        ("/user", is_oauth_user()),
        ("/user-alice", is_oauth_user().with_user(alice())),
        ("/not-oauth", not_oauth()),
        (
            "/any-of",
            any_of([
                is_consumer().with_consumer(app()),
                is_oauth_user().with_user(alice()),
            ]),
        ),
        (
            "/all-of",
            all_of([is_oauth_user(), is_oauth_user().with_consumer(app())]),
        ),
    ] {
        let guard: Guard = guard;
        config.service(web::resource(path).wrap(Guarded::new(guard)).to(identity));
    }
    config
        .service(web::resource("/echo").to(echo))
        .service(web::scope("/mounted").service(web::resource("/echo").to(echo)))
        .service(web::resource("/stream").to(stream))
        .service(web::resource("/own-401").to(own_401))
        .service(web::resource("/extract-identity").to(extract_identity))
        .service(web::resource("/extract-consumer").to(extract_consumer))
        .service(web::resource("/extract-user").to(extract_user))
        .service(web::resource("/optional-identity").to(identity))
        .service(web::resource("/oauth/authorize").to(authorize));
}

fn shown(identity: &Identity) -> String {
    let key = identity.consumer().key();
    match identity.user() {
        Some(user) => format!("user {} by {key}", user.as_str()),
        None => format!("consumer {key}"),
    }
}

async fn identity(identity: Option<OAuthIdentity>) -> String {
    identity.map_or_else(|| "none".to_owned(), |OAuthIdentity(found)| shown(&found))
}

async fn next(payload: &mut Payload) -> Option<Result<Bytes, PayloadError>> {
    poll_fn(|context| Pin::new(&mut *payload).poll_next(context)).await
}

async fn echo(found: Option<OAuthIdentity>, mut body: Payload) -> HttpResponse {
    let mut out = identity(found).await.into_bytes();
    out.push(b'\n');
    while let Some(piece) = next(&mut body).await {
        out.extend_from_slice(&piece.unwrap());
    }
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body(out)
}

async fn stream(mut body: Payload) -> String {
    let mut count = 0;
    while let Some(piece) = next(&mut body).await {
        count += piece.unwrap().len();
    }
    count.to_string()
}

async fn own_401() -> impl Responder {
    HttpResponse::Unauthorized()
        .insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"app\""))
        .content_type("text/plain; charset=utf-8")
        .body("log in")
}

async fn extract_identity(OAuthIdentity(identity): OAuthIdentity) -> String {
    shown(&identity)
}

async fn extract_consumer(OAuthConsumer(identity): OAuthConsumer) -> String {
    identity.consumer().key().to_string()
}

async fn extract_user(OAuthUser(identity): OAuthUser) -> String {
    identity.user().as_str().to_owned()
}

async fn authorize(
    method: Method,
    authorize: Authorize,
    decision: String,
) -> Result<HttpResponse, AuthorizeRejection> {
    let text = |text: String| {
        HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .body(text)
    };
    if method == Method::GET {
        let pending = authorize.pending();
        let callback = match pending.callback() {
            Callback::OutOfBand => "oob",
            other => other.as_str(),
        };
        return Ok(text(format!("{} wants {callback}", pending.consumer_key())));
    }
    let outcome = match decision.strip_prefix("approve ") {
        Some(name) => authorize
            .approve(&UserId::new(name).unwrap())
            .await?
            .outcome(),
        None => authorize.deny().await?,
    };
    Ok(match outcome {
        Outcome::Redirect(uri) => HttpResponse::SeeOther()
            .insert_header((header::LOCATION, uri))
            .finish(),
        Outcome::Page(Some(verifier)) => text(format!("PIN {}", verifier.as_str())),
        Outcome::Page(None) => text("denied".to_owned()),
    })
}
