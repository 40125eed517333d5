//! The URL that was signed: the one the client saw.

use super::{
    client::send_raw,
    world::{Server, as_consumer},
};

/// Every byte of it.
pub async fn query_is_signed(server: &Server) {
    let world = server.start().await;
    let signed = world.get("/echo?a=1").signed(as_consumer("app")).request();
    let (mut head, body) = signed.into_parts();
    head.uri = "/echo?a=2".parse().unwrap();
    let mut connection = super::client::Connection::open(world.address).await;
    let request = http::Request::from_parts(head, body);
    assert_eq!(connection.send(request).await.status, 401);
}

/// Escapes, brackets and encoded slashes survive (PITFALLS 37).
pub async fn path_is_signed_as_sent(server: &Server) {
    let world = server.start().await;
    for path in [
        "/echo/",
        "/nowhere/%2F%7e/a%20b",
        "/nowhere/[1]/(x);y=1,2",
        "//echo",
    ] {
        let answer = world.get(path).signed(as_consumer("app")).send().await;
        // What matters is that the signature held: no route is no refusal.
        assert!(
            matches!(answer.status, 200 | 404 | 308),
            "{path}: {answer:?}"
        );
        let call = world
            .get(path)
            .signed_for("/echo")
            .signed(as_consumer("app"));
        assert_eq!(call.send().await.status, 401, "{path}");
    }
}

/// A port that is not the scheme's default is signed.
pub async fn host_is_signed_with_its_port(server: &Server) {
    let world = server.start().await;
    for host in [
        "api.example.com:8080",
        "API.Example.com",
        "[2001:DB8::1]:8080",
        "[::1]",
    ] {
        let call = world
            .get("/echo")
            .with_host(host)
            .signed(as_consumer("app"));
        let answer = call.send().await;
        assert_eq!(
            (answer.status, answer.text()),
            (200, "consumer app\n"),
            "{host}"
        );
        let call = world
            .get("/echo")
            .with_host(host)
            .signed_as("http", "example.com");
        assert_eq!(
            call.signed(as_consumer("app")).send().await.status,
            401,
            "{host}"
        );
    }
}

/// Whether it is written or not.
pub async fn default_port_in_the_host_header_is_dropped(server: &Server) {
    let world = server.start().await;
    for (host, signed) in [
        ("example.com:80", "example.com"),
        ("example.com", "example.com:80"),
    ] {
        let call = world.get("/echo").with_host(host).signed_as("http", signed);
        assert_eq!(
            call.signed(as_consumer("app")).send().await.status,
            200,
            "{host}"
        );
    }
    let call = world
        .get("/echo")
        .with_host("example.com:443")
        .signed_as("http", "example.com");
    assert_eq!(call.signed(as_consumer("app")).send().await.status, 401);
}

/// The mount's prefix is part of it.
pub async fn mounted_handler_signs_what_the_client_saw(server: &Server) {
    let world = server.start().await;
    let answer = world
        .get("/mounted/echo?a=1")
        .signed(as_consumer("app"))
        .send()
        .await;
    assert_eq!((answer.status, answer.text()), (200, "consumer app\n"));
    let call = world
        .get("/mounted/echo")
        .signed_for("/echo")
        .signed(as_consumer("app"));
    assert_eq!(call.send().await.status, 401);
}

/// Behind a proxy it is the only truth.
pub async fn public_url_counts_before_the_host_header(server: &Server) {
    let world = server
        .start_with(|builder| builder.with_public_url("https://api.example.com"))
        .await;
    let call = world.get("/echo").signed_as("https", "api.example.com");
    let answer = call.signed(as_consumer("app")).send().await;
    assert_eq!((answer.status, answer.text()), (200, "consumer app\n"));
    let answer = world.get("/echo").signed(as_consumer("app")).send().await;
    assert_eq!(answer.status, 401);
}

/// Anybody can write them.
pub async fn forwarded_headers_of_strangers_are_not_believed(server: &Server) {
    let world = server.start().await;
    let call = || {
        world
            .get("/echo")
            .header("x-forwarded-proto", "https")
            .header("x-forwarded-host", "bank.example")
            .header("forwarded", "proto=https;host=bank.example")
    };
    let answer = call().signed(as_consumer("app")).send().await;
    assert_eq!((answer.status, answer.text()), (200, "consumer app\n"));
    let call = call().signed_as("https", "bank.example");
    assert_eq!(call.signed(as_consumer("app")).send().await.status, 401);
}

/// Which one was signed, nobody knows: a clean refusal of a signed request.
pub async fn two_host_headers_are_no_server_error(server: &Server) {
    let world = server.start().await;
    let request = "GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\nAuthorization: OAuth a=\"b\"\r\n\r\n";
    let line = send_raw(world.address, request.as_bytes()).await;
    assert!(line.starts_with("HTTP/1.1 400"), "{line}");
}
