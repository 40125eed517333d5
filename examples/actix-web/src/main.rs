//! An API behind OAuth 1.0a, in actix-web: the endpoints and resources of `oauth1 demo`.
#![forbid(unsafe_code)]
#![expect(
    clippy::future_not_send,
    reason = "a worker of actix-web is one thread: its requests and payloads are not Send"
)]

use std::net::TcpListener;

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    error::ErrorBadRequest,
    http::header::{self, HeaderValue},
    web::{self, Data, Payload, ServiceConfig},
};
use futures_util::StreamExt;
use oauth1_actix_web::{Guarded, Identity, OAuth, into_actix, token_endpoints};
use oauth1_demo::{Demo, Error, Options, PROGRAM, PUBLIC, Received};
use oauth1_provider::{is_consumer, is_oauth_user, not_oauth};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let options = Options::from_command_line();
    let demo = Demo::open(&options).await?;
    let listener = TcpListener::bind(options.listen)?;
    let address = listener.local_addr()?;
    let shared = demo.clone();
    let server = HttpServer::new(move || {
        let oauth = OAuth::new(shared.provider());
        App::new().configure(routes(&shared)).wrap(oauth)
    })
    .listen_auto_h2c(listener)?;
    demo.announce(address, PROGRAM);
    demo.run(|stop| server.shutdown_signal(stop).run()).await
}

fn routes(demo: &Demo) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let demo = demo.clone();
    move |config| {
        let guarded = |path, guard| web::resource(path).wrap(Guarded::new(guard));
        config
            .service(web::resource("/api/whoami").to(whoami))
            .service(guarded("/api/consumer", is_consumer()).to(whoami))
            .service(guarded("/api/user", is_oauth_user()).to(whoami))
            .service(guarded("/api/public", not_oauth()).to(async || PUBLIC))
            .service(web::resource("/oauth/authorize").to(authorize))
            .configure(token_endpoints(&demo.provider()))
            .app_data(Data::new(demo));
    }
}

/// Who called, and what arrived: the body comes whole, whether it was signed or not.
async fn whoami(
    identity: Identity,
    request: HttpRequest,
    mut body: Payload,
) -> actix_web::Result<HttpResponse> {
    let mut received = Received::default();
    while let Some(piece) = body.next().await {
        received.update(&piece.map_err(ErrorBadRequest)?);
    }
    let json = received.answer(&identity, request.method().as_str(), request.uri().query());
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .body(json))
}

/// Log-in, consent and decision are the application's own.
async fn authorize(demo: Data<Demo>, request: HttpRequest, form: Payload) -> HttpResponse {
    let cookies = request.headers().get_all(header::COOKIE);
    let cookies = cookies.map(HeaderValue::as_bytes);
    let (method, query) = (request.method().as_str(), request.uri().query());
    into_actix(demo.authorize(method, query, cookies, form).await)
}
