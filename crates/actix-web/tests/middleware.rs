//! Other middlewares beside ours: the session of a browser, an error instead of an answer.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::future_not_send,
    reason = "a worker of actix-web is one thread: its requests and payloads are not Send"
)]

use std::sync::Arc;

use actix_web::{
    App, Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::{ErrorBadRequest, ErrorUnauthorized, InternalError},
    http::{
        StatusCode,
        header::{HeaderMap, WWW_AUTHENTICATE},
    },
    middleware::{Next, from_fn},
    test, web,
};
use oauth1_actix_web::{Guarded, OAuth};
use oauth1_provider::{
    MemoryManager, MemoryReplayGuard, MemoryStore, Provider, is_consumer, not_oauth,
};

const CHALLENGE: &str = "OAuth realm=\"API\"";

fn provider() -> Arc<Provider> {
    let builder = Provider::builder(
        Arc::new(MemoryManager::default()),
        Arc::new(MemoryStore::default()),
        Arc::new(MemoryReplayGuard::without_history()),
    );
    Arc::new(builder.build().unwrap())
}

async fn refuse<B: MessageBody>(
    request: ServiceRequest,
    _: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    Err(match request.path() {
        "/401" => ErrorUnauthorized("log in"),
        "/basic" => {
            let response = HttpResponse::Unauthorized()
                .insert_header((WWW_AUTHENTICATE, "Basic realm=\"app\""))
                .body("log in");
            InternalError::from_response("log in", response).into()
        }
        _ => ErrorBadRequest("no"),
    })
}

/// Status and challenges of what the server makes of the middleware's error.
async fn answer(path: &str) -> (StatusCode, Vec<String>) {
    let app = App::new()
        .wrap(from_fn(refuse))
        .wrap(OAuth::new(provider()));
    let app = test::init_service(app).await;
    let request = test::TestRequest::with_uri(path).to_request();
    let error = test::try_call_service(&app, request).await.unwrap_err();
    let response = error.error_response();
    (response.status(), challenges(response.headers()))
}

fn challenges(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(WWW_AUTHENTICATE);
    values.map(|v| v.to_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn middleware_that_fails_with_401_gets_the_challenge() {
    assert_eq!(
        answer("/401").await,
        (StatusCode::UNAUTHORIZED, vec![CHALLENGE.to_owned()])
    );
    let both = vec!["Basic realm=\"app\"".to_owned(), CHALLENGE.to_owned()];
    assert_eq!(answer("/basic").await, (StatusCode::UNAUTHORIZED, both));
    assert_eq!(answer("/400").await, (StatusCode::BAD_REQUEST, Vec::new()));
}

#[actix_web::test]
async fn guards_wrap_scopes_and_resources() {
    let inner = web::resource("/job")
        .wrap(Guarded::new(is_consumer()))
        .to(HttpResponse::Ok);
    let open = web::resource("/page").to(HttpResponse::Ok);
    let scope = web::scope("/in").wrap(Guarded::new(not_oauth()));
    let app = App::new()
        .service(scope.service(inner).service(open))
        .wrap(OAuth::new(provider()));
    let app = test::init_service(app).await;
    for (path, status) in [("/in/page", 200), ("/in/job", 401), ("/in/none", 404)] {
        let request = test::TestRequest::with_uri(path).to_request();
        let response = test::call_service(&app, request).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
    }
}
