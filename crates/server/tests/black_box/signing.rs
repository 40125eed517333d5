//! `oauth1 sign`: what it prints is accepted, by a shell and by a server.

use std::process::Command;

use crate::{
    DEMO,
    command_line::{run, stderr, stdout},
};

#[test]
fn signed_curl_command_runs_as_printed() {
    let demo = DEMO.start(&[]);
    let url = format!("{}/api/whoami?q=it's%20%22quoted%22&r=2&r=1", demo.base);
    let output = run(&[
        "sign",
        "POST",
        &url,
        "--data",
        "a=1&b=it's",
        "--consumer-key",
        "demo-consumer",
        "--consumer-secret",
        "demo-consumer-secret",
        "--signature-method",
        "HMAC-SHA256",
    ]);
    assert!(output.status.success(), "{output:?}");
    assert!(!stdout(&output).contains("demo-consumer-secret"));
    let ran = Command::new("sh")
        .args(["-c", stdout(&output)])
        .output()
        .unwrap();
    let seen: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(
        (&seen["kind"], &seen["body_bytes"]),
        (&"consumer".into(), &10.into())
    );
}

#[test]
fn curl_commands_with_nasty_characters_run_as_printed() {
    let demo = DEMO.start(&[]);
    let url = format!(
        "{}/api/whoami?{{a,b}}=[1-3]&q='$HOME`id`\"\\&ü=%20;&r=2&r=1&!!=*#gone",
        demo.base
    );
    let keys = ["--consumer-key", "demo-consumer"];
    let secret = ["--consumer-secret", "demo-consumer-secret"];
    let ran = |arguments: &[&str]| {
        let signed = run(&[arguments, &keys, &secret].concat());
        assert!(signed.status.success(), "{signed:?}");
        let ran = Command::new("sh").args(["-c", stdout(&signed)]).output();
        ran.unwrap()
    };
    for arguments in [
        vec!["sign", "GET", &url],
        vec!["sign", "GET", &url, "--transport", "query"],
        vec!["sign", "post", &url, "--data", "@x=$(id)&y='\\''&z=\r\n\t!"],
        vec![
            "sign",
            "POST",
            &url,
            "--data",
            "=;|>x",
            "--transport",
            "body",
        ],
        vec!["sign", "DELETE", &url, "--json", "{\"a\":\"'$x`\\n\"}"],
    ] {
        let ran = ran(&arguments);
        let seen: serde_json::Value =
            serde_json::from_slice(&ran.stdout).unwrap_or_else(|_| panic!("{arguments:?} {ran:?}"));
        assert_eq!(seen["consumer_key"], "demo-consumer", "{arguments:?}");
    }
    let head = ran(&["sign", "HEAD", &url]);
    assert!(stdout(&head).starts_with("HTTP/1.1 200"), "{head:?}");
}

#[test]
fn signed_requests_are_printed_as_header_and_url_too() {
    let demo = DEMO.start(&[]);
    let url = format!("{}/api/whoami?a=1", demo.base);
    let sign = |format| {
        let signed = run(&[
            "sign",
            "GET",
            &url,
            "--consumer-key",
            "demo-consumer",
            "--consumer-secret",
            "demo-consumer-secret",
            "--as",
            format,
        ]);
        stdout(&signed).trim_end().to_owned()
    };
    let header = sign("header");
    let value = header.strip_prefix("Authorization: ").unwrap();
    let answer = demo.send("GET", "/api/whoami?a=1", &[("authorization", value)], "");
    assert_eq!(answer.status, 200);
    let signed = sign("url");
    let target = signed.strip_prefix(&demo.base).unwrap();
    assert_eq!(demo.send("GET", target, &[], "").status, 200);
    // A raw request is one that a server takes.
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(demo.authority()).unwrap();
    let raw = sign("raw").replacen("\r\nHost", "\r\nConnection: close\r\nHost", 1);
    stream
        .write_all(format!("{raw}\r\n\r\n").as_bytes())
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn what_cannot_be_signed_is_told() {
    let keys = ["--consumer-key", "k", "--consumer-secret", "s"];
    for wrong in [
        vec![
            "sign",
            "POST",
            "https://h/",
            "--json",
            "{}",
            "--transport",
            "body",
        ],
        vec!["sign", "GET", "https://user@h/"],
        vec!["sign", "GET", "https://:pass@h/"],
        vec!["sign", "GET", "/relative"],
        vec!["sign", "GET", "https://h/", "--method", "HMAC-MD5"],
        vec!["sign", "GET", "https://h/?oauth_nonce=n"],
        vec!["sign", "", "https://h/"],
        vec!["sign", "GET /", "https://h/"],
        vec!["sign", "GET\r\nX: y", "https://h/"],
        vec!["sign", "GET", "ftp://h/"],
    ] {
        let refused = run(&[&wrong, &keys[..]].concat());
        assert!(!refused.status.success(), "{wrong:?}");
        assert!(stdout(&refused).is_empty(), "{wrong:?}");
    }
    let public = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/vectors/keys/rsa2048.public.pem"
    );
    let key = ["--consumer-key", "k", "--private-key", public];
    let refused = run(&[&["sign", "GET", "https://h/"], &key[..]].concat());
    assert_eq!(refused.status.code(), Some(1));
    let told = stderr(&refused);
    assert!(
        told.contains("private key") && !told.contains("public key"),
        "{told}"
    );
}
