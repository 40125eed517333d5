//! Signals, and what is left behind.

use std::path::Path;

use crate::demo::{Demo, app, oauth1};

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[test]
fn signals_end_it_gracefully_and_the_temporary_database_goes() {
    for signal in ["INT", "TERM"] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = oauth1();
        command.args(["demo", "--listen", "127.0.0.1:0"]);
        let demo = Demo::start_command(command.env("TMPDIR", folder.path()));
        assert_eq!(entries(folder.path()), 1);
        assert_eq!(demo.get(&app(), "/api/whoami").status, 200);
        assert!(demo.end_by(signal).success(), "{signal}");
        assert_eq!(entries(folder.path()), 0);
    }
}

#[test]
fn request_under_way_is_answered_after_the_signal() {
    use std::io::{Read, Write};
    let mut demo = Demo::start(&[]);
    let mut stream = std::net::TcpStream::connect(demo.authority()).unwrap();
    // The head is there, the body is not: the request is under way.
    let head = "POST /api/public HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut seen = [0; 25];
    stream.read_exact(&mut seen).unwrap();
    assert!(seen.starts_with(b"HTTP/1.1 100 Continue"));
    demo.signal("TERM");
    stream.write_all(b"a=b").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(demo.wait().success());
}
