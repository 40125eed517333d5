//! What is read, what is left alone, and what the handler gets.

use bytes::Bytes;

use super::{
    call::Call,
    client::{Connection, chunks},
    world::{Server, World, as_consumer},
};

const FORM: &str = "application/x-www-form-urlencoded";
const LIMIT: usize = 1 << 20;

async fn assert_echoed(call: Call<'_>, identity: &str, body: &str) {
    let answer = call.send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.text(), format!("{identity}\n{body}"));
}

/// Byte for byte, in the order it was sent.
pub async fn form_body_reaches_the_handler_whole(server: &Server) {
    let world = server.start().await;
    for body in [
        "z=1&a=2&a=+%20%2b&&x",
        "%C3%BC=%e2%82%ac",
        "a=",
        "just text",
    ] {
        for content_type in [FORM, "Application/X-WWW-Form-URLEncoded; charset=UTF-8"] {
            let call = world.post("/echo").typed(content_type, body);
            assert_echoed(call.signed(as_consumer("app")), "consumer app", body).await;
        }
    }
}

/// Of other people's log-ins, too.
pub async fn form_body_without_oauth_reaches_the_handler_whole(server: &Server) {
    let world = server.start().await;
    assert_echoed(
        world.post("/echo").form("user=a&p=%zz"),
        "none",
        "user=a&p=%zz",
    )
    .await;
}

/// They are no part of the signature.
pub async fn json_and_multipart_bodies_reach_the_handler_untouched(server: &Server) {
    let world = server.start().await;
    for (content_type, body) in [
        ("application/json", "{\"oauth_nonce\":\"a=b&c\"}"),
        ("multipart/form-data; boundary=x", "--x\r\n\r\na=b\r\n--x--"),
        ("text/plain", "oauth_nonce=1&oauth_nonce=1"),
        (
            "application/x-www-form-urlencoded-not",
            "oauth_nonce=1&oauth_nonce=1",
        ),
        ("", "oauth_nonce=1&oauth_nonce=1"),
    ] {
        let call = world.post("/echo").typed(content_type, body);
        assert_echoed(call, "none", body).await;
        let call = world.post("/echo").typed(content_type, body);
        assert_echoed(call.signed(as_consumer("app")), "consumer app", body).await;
    }
}

/// Without a Content-Length.
pub async fn chunked_form_body_counts(server: &Server) {
    let world = server.start().await;
    let call = world
        .post("/echo")
        .form("a=1&b=2&")
        .signed(as_consumer("app"));
    let request = call.request_with(|_| chunks(Bytes::from_static(b"a=1&b=2&"), 1));
    let answer = Connection::open(world.address).await.send(request).await;
    assert_eq!(
        (answer.status, answer.text()),
        (200, "consumer app\na=1&b=2&")
    );
    // What was not signed is seen in chunks, too.
    let call = world.post("/echo").form("a=1&").signed(as_consumer("app"));
    let request = call.request_with(|_| chunks(Bytes::from_static(b"a=1&"), 2));
    let answer = Connection::open(world.address).await.send(request).await;
    assert_eq!(answer.status, 401);
}

/// With any type.
pub async fn empty_bodies_are_fine(server: &Server) {
    let world = server.start().await;
    for content_type in [FORM, "application/json"] {
        let call = world.post("/echo").typed(content_type, "");
        assert_echoed(call.signed(as_consumer("app")), "consumer app", "").await;
    }
}

/// The default is 1 MiB.
pub async fn form_body_at_the_limit_is_fine_and_past_it_413(server: &Server) {
    let world = server.start().await;
    let body = format!("a={}", "x".repeat(LIMIT - 2));
    assert_echoed(world.post("/echo").form(&body), "none", &body).await;
    let call = world.post("/echo").form(&body).signed(as_consumer("app"));
    assert_echoed(call, "consumer app", &body).await;
    let call = world.post("/echo").form(&format!("{body}x"));
    let answer = call.signed(as_consumer("app")).send().await;
    assert_eq!(
        (answer.status, answer.text()),
        (413, "form body too large\n")
    );
    let answer = world.post("/echo").form(&format!("{body}x")).send().await;
    assert_eq!(answer.status, 413);
}

async fn send_chunks(world: &World, target: &str, content_type: &str, count: usize) -> u16 {
    let piece = Bytes::from(vec![b'x'; 64 << 10]);
    let request = world
        .post(target)
        .typed(content_type, "")
        .request_with(|_| chunks(piece, count));
    let answer = Connection::open(world.address).await.send(request).await;
    answer.status
}

/// No length is announced; what comes counts.
pub async fn chunked_form_body_past_the_limit_is_413(server: &Server) {
    let world = server.start().await;
    assert_eq!(send_chunks(&world, "/echo", FORM, 16).await, 200);
    assert_eq!(send_chunks(&world, "/echo", FORM, 17).await, 413);
    assert_eq!(send_chunks(&world, "/echo", FORM, 100).await, 413);
}

/// They are the application's affair.
pub async fn other_bodies_have_no_limit_of_ours(server: &Server) {
    let world = server.start().await;
    assert_eq!(
        send_chunks(&world, "/stream", "application/json", 17).await,
        200
    );
}

/// As they come: were they gathered, the handler would see them after the last.
pub async fn hundred_megabytes_stream_through(server: &Server) {
    let world = server.start().await;
    let piece = Bytes::from(vec![b'x'; 1 << 20]);
    let request = world
        .post("/stream")
        .typed("application/octet-stream", "")
        .signed(as_consumer("app"))
        .request_with(|_| chunks(piece, 100));
    let answer = Connection::open(world.address).await.send(request).await;
    assert_eq!((answer.status, answer.text()), (200, "104857600"));
}

/// A client that waits to be asked for its body is asked.
pub async fn form_body_behind_expect_continue_counts(server: &Server) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let world = server.start().await;
    let call = world.post("/echo").form("a=1").signed(as_consumer("app"));
    let request = call.request();
    let header = request.headers()["authorization"].to_str().unwrap();
    let head = format!(
        "POST /echo HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nExpect: 100-continue\r\n\
         Content-Type: {FORM}\r\nContent-Length: 3\r\nAuthorization: {header}\r\n\r\n",
        world.address
    );
    let mut stream = tokio::net::TcpStream::connect(world.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut asked = [0; 12];
    stream.read_exact(&mut asked).await.unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100");
    stream.write_all(b"a=1").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("HTTP/1.1 200"), "{answer}");
    assert!(answer.ends_with("consumer app\na=1"), "{answer}");
}

/// The connection breaks in the middle of it: nothing of the application hears of it.
pub async fn broken_form_body_hurts_nobody_else(server: &Server) {
    use tokio::io::AsyncWriteExt;
    let world = server.start().await;
    let head = format!(
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: {FORM}\r\nContent-Length: 9\r\n\r\na=1"
    );
    for _ in 0..20 {
        let mut stream = tokio::net::TcpStream::connect(world.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
    }
    assert_echoed(world.post("/echo").form("a=1"), "none", "a=1").await;
}

/// PUT, PATCH, DELETE and GET alike (PITFALLS 36).
pub async fn form_body_counts_for_every_method(server: &Server) {
    let world = server.start().await;
    for method in ["POST", "PUT", "PATCH", "DELETE", "GET"] {
        let call = world.call(method, "/echo").form("a=1");
        assert_echoed(call.signed(as_consumer("app")), "consumer app", "a=1").await;
        let call = world
            .call(method, "/echo")
            .form("a=1")
            .signed(as_consumer("app"));
        let request = call.request_with(|_| chunks(Bytes::from_static(b"a=2"), 1));
        let answer = Connection::open(world.address).await.send(request).await;
        assert_eq!(answer.status, 401, "{method}");
    }
}

/// One byte is enough.
pub async fn changed_form_body_is_refused(server: &Server) {
    let world = server.start().await;
    for changed in ["amount=101", "amount=10", "Amount=100", "amount=100&b=", ""] {
        let call = world
            .post("/echo")
            .form("amount=100")
            .signed(as_consumer("app"));
        let changed = Bytes::copy_from_slice(changed.as_bytes());
        let request = call.request_with(|_| chunks(changed, 1));
        let answer = Connection::open(world.address).await.send(request).await;
        assert_eq!(
            answer.status,
            401,
            "{request_text}",
            request_text = answer.text()
        );
    }
}

/// Two Content-Type headers: whichever the handler reads, what may be read as a form is signed.
pub async fn form_beside_another_content_type_counts(server: &Server) {
    let world = server.start().await;
    let call = |first, second, body| {
        let call = world.post("/echo").header("content-type", first);
        call.typed(second, body).signed(as_consumer("app"))
    };
    const JSON: &str = "application/json";
    for (first, second) in [(JSON, FORM), (FORM, JSON)] {
        let body = Bytes::from_static(b"a=1");
        let unsigned = call(first, second, "").request_with(|_| chunks(body, 1));
        let answer = Connection::open(world.address).await.send(unsigned).await;
        assert_eq!(answer.status, 401, "{first}, {second}");
    }
    assert_echoed(call(FORM, JSON, "a=1"), "consumer app", "a=1").await;
}

/// OAuth Request Body Hash: the bytes that came count, and reach the handler.
pub async fn body_hash_is_verified_on_the_bytes_received(server: &Server) {
    let world = server.start().await;
    for (content_type, body) in [("application/json", "{\"a\":1}"), ("text/plain", "x")] {
        let signer = || as_consumer("app").with_body_hash(body.as_bytes());
        let call = world.post("/echo").typed(content_type, body);
        assert_echoed(call.signed(signer()), "consumer app", body).await;
        let call = world
            .post("/echo")
            .typed(content_type, body)
            .signed(signer());
        let request = call.request_with(|_| chunks(Bytes::from_static(b"other"), 1));
        let answer = Connection::open(world.address).await.send(request).await;
        assert_eq!(answer.status, 401, "{content_type}");
    }
    // A form has none.
    let signer = as_consumer("app").with_body_hash(b"a=1");
    let answer = world.post("/echo").form("a=1").signed(signer).send().await;
    assert_eq!(answer.status, 400);
    // Too large a body is not held to hash it.
    let large = "x".repeat(LIMIT + 1);
    let signer = as_consumer("app").with_body_hash(large.as_bytes());
    let call = world
        .post("/echo")
        .typed("text/plain", &large)
        .signed(signer);
    assert_eq!(call.send().await.status, 413);
}

/// The head and the first bytes of a form, and no more: the server answers, and hangs up.
pub async fn form_body_that_does_not_come_is_408(server: &Server) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let timeout = std::time::Duration::from_millis(50);
    let world = server
        .start_with(|builder| builder.with_body_timeout(timeout))
        .await;
    for target in ["/echo", "/oauth/request_token"] {
        let head = format!(
            "POST {target} HTTP/1.1\r\nHost: h\r\nContent-Type: {FORM}\r\nContent-Length: 9\r\n\r\na=1"
        );
        let mut stream = tokio::net::TcpStream::connect(world.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 408"), "{target}: {answer}");
        assert!(
            answer.ends_with("\r\n\r\nbody took too long\n"),
            "{target}: {answer}"
        );
    }
    // One that comes at once does, and what is no form is the application's affair.
    let call = world.post("/echo").form("a=1").signed(as_consumer("app"));
    assert_echoed(call, "consumer app", "a=1").await;
}
