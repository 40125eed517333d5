//! Clients that do nothing, and too many of them.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use black_box::{Demo, app};

use crate::DEMO;

const GET: &str = "GET /api/public HTTP/1.1\r\nHost: h\r\n\r\n";

fn connection(demo: &Demo, sent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(demo.authority()).unwrap();
    // What is never closed is a failure, not a test that never ends.
    let longest = Duration::from_secs(20);
    stream.set_read_timeout(Some(longest)).unwrap();
    stream.write_all(sent.as_bytes()).unwrap();
    stream
}

/// All that comes until the server hangs up.
fn rest(mut stream: impl Read) -> String {
    let mut seen = String::new();
    stream.read_to_string(&mut seen).unwrap();
    seen
}

/// One answer, without its body.
fn status(stream: &mut BufReader<TcpStream>) -> String {
    let mut lines = stream.by_ref().lines().map(Result::unwrap);
    let status = lines.next().unwrap();
    let mut length = 0;
    for line in lines.take_while(|line| !line.is_empty()) {
        if let Some(bytes) = line.strip_prefix("content-length: ") {
            length = bytes.parse().unwrap();
        }
    }
    stream.read_exact(&mut vec![0; length]).unwrap();
    status
}

#[test]
fn heads_that_do_not_come_end_the_connection() {
    let demo = DEMO.start(&["--head-timeout", "1"]);
    let half = connection(&demo, "GET /api/public HTTP/1.1\r\nHost:");
    assert_eq!(rest(half), "");
    // Nor is the next one waited for.
    let kept = rest(connection(&demo, GET));
    assert!(kept.starts_with("HTTP/1.1 200 OK"), "{kept}");
    let second = rest(connection(&demo, &format!("{GET}GET /")));
    assert_eq!(second.matches("HTTP/1.1 200 OK").count(), 1, "{second}");
}

#[test]
fn connections_on_which_nothing_moves_end() {
    let demo = DEMO.start(&["--idle-timeout", "1"]);
    // Before the first byte nobody knows whether it will be HTTP/1 or HTTP/2.
    let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    for sent in ["", "G", "PRI", GET] {
        rest(connection(&demo, sent));
    }
    let mut http2 = connection(&demo, preface);
    let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    http2.write_all(&settings).unwrap();
    http2.read_to_end(&mut Vec::new()).unwrap();

    let signed = demo.signed(&app(), "PUT", "/api/whoami", "");
    let head = format!(
        "PUT /api/whoami HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\nContent-Length: 9\r\n\r\n",
        demo.authority(),
        signed.authorization()
    );
    let upload = rest(connection(&demo, &format!("{head}12345678")));
    assert!(!upload.contains("200 OK"), "{upload}");
    assert_eq!(demo.get(&app(), "/api/whoami").status, 200);
}

#[test]
fn one_connection_more_than_may_be_open_is_served_once_another_ends() {
    let demo = DEMO.start(&["--connections", "1"]);
    let signed = demo.signed(&app(), "GET", "/api/whoami", "");
    let request = format!(
        "GET /api/whoami HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\n\r\n",
        demo.authority(),
        signed.authorization()
    );
    let mut first = BufReader::new(connection(&demo, GET));
    assert!(status(&mut first).contains("200"));
    // It asks long before the first one does, and its nonce is used when it is heard.
    let mut second = BufReader::new(connection(&demo, &request));
    for sent in [[GET; 100].as_slice(), &[&request]].concat() {
        first.get_mut().write_all(sent.as_bytes()).unwrap();
        assert!(status(&mut first).contains("200"));
    }
    drop(first);
    assert!(status(&mut second).contains("401"));
}

#[test]
fn limits_of_nothing_are_refused() {
    for option in [
        "--head-timeout",
        "--idle-timeout",
        "--body-timeout",
        "--connections",
    ] {
        let output = crate::command_line::run(&["demo", option, "0"]);
        assert_eq!(output.status.code(), Some(2), "{option}");
    }
}
