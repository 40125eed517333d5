//! What a client writes as its URL: HTTP/1.1's absolute form, HTTP/2's `:scheme` and `:authority`
//! ([RFC 9112 section 3.2.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2)).

use oauth1_provider::core::{SignatureMethod, Signer};

use super::{
    call::Call,
    client::{Answer, Connection, send_http2, send_raw},
    world::{Server, World, as_consumer},
};

/// Everywhere that a URL is made of a request.
pub(super) const PATHS: [&str; 4] = [
    "/echo?a=1",
    "/mounted/echo?a=1",
    "/below/echo?a=1",
    "/oauth/request_token?a=1",
];

pub(super) fn asking() -> Signer {
    as_consumer("app").with_parameter("oauth_callback", "oob")
}

/// Sends it in absolute form: over HTTP/1.1 with the Host header that it has.
async fn send_as(call: Call<'_>, scheme: &str, authority: &str) -> Answer {
    let address = call.address();
    let mut request = call.request();
    let path = request.uri().path_and_query().unwrap();
    *request.uri_mut() = format!("{scheme}://{authority}{path}").parse().unwrap();
    Connection::open(address).await.send(request).await
}

async fn send_http2_as(call: Call<'_>, scheme: &str) -> Answer {
    let address = call.address();
    send_http2(address, call.request_http2_as(scheme)).await
}

/// As proxies get it.
pub async fn absolute_request_target_is_signed_by_its_path(server: &Server) {
    let world = server.start().await;
    let own = world.address.to_string();
    for path in PATHS {
        let call = world.post(path).signed(asking());
        let answer = send_as(call, "http", &own).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
    }
}

/// The Host header is ignored then, as section 3.2.2 has it.
pub async fn authority_of_an_absolute_request_target_counts_before_host(server: &Server) {
    let world = server.start().await;
    let own = world.address.to_string();
    for path in PATHS {
        let call = |signed| world.post(path).signed_as("http", signed).signed(asking());
        let target = "API.example.com:8080";
        let answer = send_as(call("api.example.com:8080"), "http", target).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        let answer = send_as(call(&own), "http", target).await;
        assert_eq!(answer.status, 401, "{path}: {answer:?}");
    }
    let call = world.get("/echo").with_host("api.example.com");
    let mut request = call.signed(as_consumer("app")).request_http2();
    let other = http::HeaderValue::from_static("other.example.com");
    request.headers_mut().insert(http::header::HOST, other);
    assert_eq!(send_http2(world.address, request).await.status, 200);
    // Two Host headers stay two.
    let request = format!(
        "GET http://{own}/echo HTTP/1.1\r\nHost: {own}\r\nHost: {own}\r\nConnection: close\r\n\
         Authorization: OAuth a=\"b\"\r\n\r\n"
    );
    let line = send_raw(world.address, request.as_bytes()).await;
    assert!(line.starts_with("HTTP/1.1 400"), "{line}");
}

/// It is the client's word; the connection is what it is.
pub async fn scheme_of_the_request_target_is_not_believed(server: &Server) {
    let world = server.start().await;
    let own = world.address.to_string();
    for path in PATHS {
        for (signed, status) in [("http", 200), ("https", 401)] {
            let call = || world.post(path).signed_as(signed, &own).signed(asking());
            for written in ["http", "https"] {
                let answer = send_as(call(), written, &own).await;
                assert_eq!(answer.status, status, "{signed} as {written}: {answer:?}");
                let answer = send_http2_as(call(), written).await;
                assert_eq!(answer.status, status, "{signed} as {written}: {answer:?}");
            }
        }
    }
}

fn plaintext<'w>(world: &'w World, path: &str) -> Call<'w> {
    let signer = asking().with_method(SignatureMethod::Plaintext);
    world.post(path).signed(signer)
}

/// PLAINTEXT needs TLS (section 3.4.4), and no client can write that there is one.
pub async fn plaintext_over_http_is_refused_whatever_the_client_writes(server: &Server) {
    let all = SignatureMethod::ALL;
    let world = server.start_with(|builder| builder.with_methods(all)).await;
    let own = world.address.to_string();
    for path in PATHS {
        for written in ["http", "https", "HTTPS"] {
            let answer = send_as(plaintext(&world, path), written, &own).await;
            assert_eq!(answer.status, 400, "{path} as {written}: {answer:?}");
        }
        let answer = send_http2_as(plaintext(&world, path), "https").await;
        assert_eq!(answer.status, 400, "{path} over HTTP/2: {answer:?}");
        assert_eq!(plaintext(&world, path).send().await.status, 400, "{path}");
    }
    // The operator can.
    let public = |builder: oauth1_provider::ProviderBuilder| {
        builder.with_methods(all).with_public_url("https://h")
    };
    let world = server.start_with(public).await;
    assert_eq!(plaintext(&world, "/echo").send().await.status, 200);
}
