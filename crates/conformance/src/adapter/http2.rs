//! HTTP/2, with prior knowledge.

use bytes::Bytes;

use super::{
    call::{Call, token_of},
    client::{Answer, chunks, send_http2},
    refusal::CHALLENGE,
    world::{Server, as_consumer, as_user},
};

async fn send(call: Call<'_>) -> Answer {
    let address = call.address();
    send_http2(address, call.request_http2()).await
}

/// As in HTTP/1.1.
pub async fn form_body_counts_in_http2(server: &Server) {
    let world = server.start().await;
    let form = || {
        world
            .post("/echo")
            .form("a=1&b=%20")
            .signed(as_consumer("app"))
    };
    let answer = send(form()).await;
    assert_eq!(
        (answer.status, answer.text()),
        (200, "consumer app\na=1&b=%20")
    );
    let changed = |_| chunks(Bytes::from_static(b"a=2&b=%20"), 1);
    let answer = send_http2(world.address, form().request_http2_with(changed)).await;
    assert_eq!(answer.status, 401);
    let form = world.post("/echo").form(&"x".repeat((1 << 20) + 1));
    assert_eq!(send(form).await.status, 413);
}

/// `:authority` is what a client has in place of Host.
pub async fn authority_is_signed_in_http2(server: &Server) {
    let world = server.start().await;
    let call = |host| {
        world
            .get("/echo?a=1")
            .with_host(host)
            .signed(as_consumer("app"))
    };
    assert_eq!(
        send(call("api.example.com:8080")).await.text(),
        "consumer app\n"
    );
    let other = call("api.example.com").signed_as("http", "example.com");
    assert_eq!(send(other).await.status, 401);
}

/// As they come.
pub async fn other_bodies_stream_in_http2(server: &Server) {
    let world = server.start().await;
    let piece = Bytes::from(vec![b'x'; 1 << 20]);
    let call = world
        .post("/stream")
        .typed("application/json", "")
        .signed(as_consumer("app"));
    let request = call.request_http2_with(|_| chunks(piece, 20));
    let answer = send_http2(world.address, request).await;
    assert_eq!((answer.status, answer.text()), (200, "20971520"));
}

/// Guards, and the challenge.
pub async fn guards_and_challenge_in_http2(server: &Server) {
    let world = server.start().await;
    let answer = send(world.get("/user")).await;
    assert_eq!(
        (answer.status, answer.header("www-authenticate")),
        (401, CHALLENGE)
    );
    let answer = send(world.get("/user").signed(as_user("app", "bob"))).await;
    assert_eq!((answer.status, answer.text()), (200, "user bob by app"));
}

/// Step one.
pub async fn token_endpoints_answer_in_http2(server: &Server) {
    let world = server.start().await;
    let signer = || as_consumer("app").with_parameter("oauth_callback", "oob");
    let answer = send(world.post("/oauth/request_token").signed(signer())).await;
    token_of(&answer);
    let answer = send(world.get("/oauth/request_token").signed(signer())).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
}
