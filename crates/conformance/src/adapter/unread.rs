//! Bodies that nobody reads: the client gets its answer, and knows what became of the connection.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, split},
    net::TcpStream,
};

use super::world::{Server, World};

/// More than servers read at once, and less than they give up at.
const BODY_BYTES: usize = 1 << 20;

/// A request with a body that its answer does not need, as the start of its head.
const REFUSED: [(&str, &str, u16); 7] = [
    // By the layer.
    (
        "/echo",
        "Authorization: OAuth oauth_consumer_key=\"app\"\r\n",
        400,
    ),
    ("/echo", "Authorization: OAuth a=\"b\"\r\n", 400),
    // By guards, extractors and handlers.
    ("/consumer", "", 401),
    ("/extract-identity", "", 401),
    ("/own-401", "", 401),
    ("/oauth/request_token", "", 400),
    ("/nowhere", "", 404),
];

/// What came over the connection: all of the client's writing went well, or it did not.
async fn exchange(world: &World, head: &str, chunked: bool) -> (bool, String) {
    let own = world.address;
    let (length, body) = match chunked {
        false => (
            format!("Content-Length: {BODY_BYTES}"),
            vec![b'x'; BODY_BYTES],
        ),
        true => (
            "Transfer-Encoding: chunked".to_owned(),
            chunked_body(BODY_BYTES),
        ),
    };
    let first = format!(
        "POST {head}Host: {own}\r\nContent-Type: application/octet-stream\r\n{length}\r\n\r\n"
    );
    let second = format!("GET /echo HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n");
    let (mut from, mut to) = split(TcpStream::connect(own).await.unwrap());
    let writing = tokio::spawn(async move {
        let is_sent = to.write_all(&[first.as_bytes(), &body].concat()).await;
        // The server may have said that it closes.
        let _ = to.write_all(second.as_bytes()).await;
        is_sent.is_ok()
    });
    let mut answers = Vec::new();
    // One that closes may wait for the client to do so first.
    while !ends_the_connection(&answers) {
        if !matches!(from.read_buf(&mut answers).await, Ok(1..)) {
            break;
        }
    }
    let is_sent = writing.await.unwrap();
    (is_sent, String::from_utf8_lossy(&answers).into_owned())
}

/// Whether the first answer says so.
fn ends_the_connection(answers: &[u8]) -> bool {
    let answers = String::from_utf8_lossy(answers).to_lowercase();
    let first = answers.split_once("\r\n\r\n");
    first.is_some_and(|(head, _)| head.contains("connection: close"))
}

fn chunked_body(bytes: usize) -> Vec<u8> {
    let piece = [&b"1000\r\n"[..], &[b'x'; 0x1000], b"\r\n"].concat();
    [piece.repeat(bytes / 0x1000), b"0\r\n\r\n".to_vec()].concat()
}

/// A connection that ends unannounced loses the client's next request, and one that ends while he
/// writes may lose him this one's answer
/// ([RFC 9112 section 9.6](https://www.rfc-editor.org/rfc/rfc9112#section-9.6)).
pub async fn unread_bodies_cost_no_answer_and_no_later_request(server: &Server) {
    let world = server.start().await;
    for (path, header, status) in REFUSED {
        for chunked in [false, true] {
            let head = format!("{path} HTTP/1.1\r\n{header}");
            let (is_sent, answers) = exchange(&world, &head, chunked).await;
            assert!(is_sent, "{head}{answers}");
            let status = format!("HTTP/1.1 {status} ");
            assert!(answers.starts_with(&status), "{head}{answers}");
            let is_announced = ends_the_connection(answers.as_bytes());
            let is_kept = answers.contains("HTTP/1.1 200 ");
            assert!(is_announced || is_kept, "{head}{answers}");
        }
    }
}
