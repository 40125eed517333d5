//! A server that ends TLS itself says so.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use axum::{Extension, Router, body::Body, extract::Request, routing::get};
use oauth1_axum::{OAuthLayer, SecureConnection};
use oauth1_provider::{
    Consumer, FixedClock, Manager, MemoryManager, MemoryReplayGuard, Provider,
    core::{self, ConsumerKey, Nonce, Secret, Signer, Timestamp},
};
use tower_service::Service;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

async fn provider() -> Arc<Provider> {
    let manager = Arc::new(MemoryManager::default());
    let app = Consumer::new(app(), Secret::from("secret"), "app", NOW);
    manager.create(&app).await.unwrap();
    let guard = Arc::new(MemoryReplayGuard::without_history());
    let builder = Provider::verify_only(manager, guard);
    let builder = builder.with_clock(Arc::new(FixedClock::new(NOW)));
    Arc::new(builder.build().unwrap())
}

fn app() -> ConsumerKey {
    ConsumerKey::new("app").unwrap()
}

/// Signed for the URL with this scheme.
fn signed(scheme: &str) -> Request {
    let signer = Signer::new(app(), Secret::from("secret"));
    let request = core::Request::new("GET", scheme, "h", "/", None);
    let signed = signer.sign(&request, NOW, &Nonce::new(scheme).unwrap());
    Request::get("/")
        .header("host", "h")
        .header("authorization", signed.unwrap().authorization())
        .body(Body::empty())
        .unwrap()
}

#[test]
fn scheme_is_https_where_the_server_says_so_and_http_elsewhere() {
    oauth1_conformance::run(async {
        let provider = provider().await;
        let plain: Router = Router::new()
            .route("/", get(async || "hello"))
            .layer(OAuthLayer::new(provider));
        let secure = plain.clone().layer(Extension(SecureConnection));
        for (mut router, scheme, status) in [
            (plain.clone(), "https", 401),
            (plain, "http", 200),
            (secure.clone(), "http", 401),
            (secure, "https", 200),
        ] {
            let answer = router.call(signed(scheme)).await.unwrap();
            assert_eq!(answer.status().as_u16(), status, "{scheme}");
        }
    });
}
