//! Signals, and what is left behind.

use crate::{Demo, Program, app};

pub fn signals_end_it_gracefully_and_no_end_leaves_a_file(program: &Program) {
    for signal in ["INT", "TERM", "KILL"] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = program.command();
        let command = command.current_dir(folder.path());
        let demo = Demo::start_command(command.env("TMPDIR", folder.path()));
        assert_eq!(demo.get(&app(), "/api/whoami").status, 200);
        assert_eq!(demo.end_by(signal).success(), signal != "KILL", "{signal}");
        let left = std::fs::read_dir(folder.path()).unwrap();
        assert_eq!(left.count(), 0, "{signal}");
    }
}

pub fn request_under_way_is_answered_after_the_signal(program: &Program) {
    use std::io::{Read, Write};
    let mut demo = program.start(&[]);
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
