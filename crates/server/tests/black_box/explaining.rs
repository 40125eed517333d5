//! `oauth1 explain`: what `oauth1 sign` made matches, and mistakes are named.

use std::process::Output;

use crate::command_line::{oauth1, run, stderr, stdout};

fn explain(request: &str, arguments: &[&str]) -> Output {
    use std::io::Write;
    let mut child = oauth1()
        .arg("explain")
        .args(arguments)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(request.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

#[test]
fn raw_requests_as_signed_are_explained_as_valid() {
    let sign = [
        "sign",
        "POST",
        "https://h.example/p?b=2&a=%20",
        "--as",
        "raw",
    ];
    let keys = ["--consumer-key", "k", "--consumer-secret", "s"];
    let token = ["--token", "t", "--token-secret", "u"];
    for extra in [
        vec![],
        vec!["--data", "x=1", "--data", "y=2"],
        vec!["--json", "{\"x\":1}", "--method", "HMAC-SHA512"],
        vec!["--transport", "body", "--data", "x=1"],
        vec!["--transport", "query"],
    ] {
        let signed = run(&[&sign, &keys[..], &token, &extra].concat());
        let explained = explain(
            stdout(&signed),
            &["--consumer-secret", "s", "--token-secret", "u"],
        );
        assert_eq!(explained.status.code(), Some(0), "{extra:?} {explained:?}");
        assert!(stdout(&explained).contains("The signature matches."));
    }
}

#[test]
fn raw_requests_of_every_method_and_transport_are_explained_as_valid() {
    let key = |name: &str| {
        let keys = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/keys/");
        format!("{keys}{name}")
    };
    let (private, public) = (key("rsa2048.pkcs8.pem"), key("rsa2048.public.pem"));
    let secrets = ["--consumer-secret", "c&%s", "--token-secret", "t s+"];
    for method in [
        "HMAC-SHA1",
        "HMAC-SHA256",
        "HMAC-SHA512",
        "RSA-SHA1",
        "RSA-SHA256",
        "RSA-SHA512",
        "PLAINTEXT",
    ] {
        let rsa = method.starts_with("RSA");
        for (verb, transport, data) in [
            ("GET", "header", None),
            ("GET", "query", None),
            ("POST", "header", Some("a=1&b=%20+ü&=&c")),
            ("POST", "query", Some("a=1&a=0")),
            ("POST", "body", Some("a='\"&b=\n")),
            ("PUT", "body", None),
        ] {
            let url = "http://[::1]:8080/p%2fq;x/{a}[1-2]?b=~*'()&a=ü&b=%7e|^";
            let mut sign = vec!["sign", verb, url, "--as", "raw", "--method", method];
            sign.extend([
                "--consumer-key",
                "k",
                "--token",
                "t",
                "--transport",
                transport,
            ]);
            sign.extend(secrets);
            sign.extend(data.map(|data| ["--data", data]).into_iter().flatten());
            if rsa {
                sign.extend(["--private-key", &private]);
            }
            let signed = run(&sign);
            assert!(signed.status.success(), "{sign:?} {signed:?}");
            let known = match rsa {
                true => vec!["--public-key", &public],
                false => secrets.to_vec(),
            };
            let explained = explain(stdout(&signed), &known);
            let code = explained.status.code();
            assert_eq!(code, Some(0), "{sign:?} {}", stdout(&explained));
            for secret in ["c&%s", "c%26%25s", "t s+", "t%20s%2B"] {
                assert!(!stdout(&explained).contains(secret), "{sign:?}");
            }
        }
    }
}

#[test]
fn mistakes_are_explained_with_exit_codes_and_json() {
    let sign = ["sign", "GET", "http://h.example/p?a=b", "--as", "raw"];
    let keys = ["--consumer-key", "k", "--consumer-secret", "the-secret"];
    let signed = run(&[&sign, &keys[..]].concat());
    let request = stdout(&signed);
    let explained = explain(
        request,
        &[
            "--consumer-secret",
            "the-secret",
            "--scheme",
            "https",
            "--json",
        ],
    );
    assert_eq!(explained.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_slice(&explained.stdout).unwrap();
    assert_eq!(json["valid"], false);
    assert_eq!(json["causes"][0]["code"], "scheme");
    assert!(
        json["base_string"]
            .as_str()
            .unwrap()
            .starts_with("GET&https%3A%2F%2Fh.example%2Fp&")
    );
    assert_ne!(json["expected_signature"], json["received_signature"]);

    let unknown = explain(request, &["--consumer-secret", "other-secret"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(stdout(&unknown).contains("Cause unknown"));
    assert!(
        !stdout(&unknown).contains("other-secret"),
        "secrets are never printed"
    );

    for useless in ["", "nonsense", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"] {
        let refused = explain(useless, &["--consumer-secret", "s"]);
        assert_eq!(refused.status.code(), Some(2), "{useless}");
        assert!(stderr(&refused).starts_with("oauth1: "));
    }
    let absent = run(&["explain", "/nowhere/at/all", "--consumer-secret", "s"]);
    assert_eq!(absent.status.code(), Some(2));
}

#[test]
fn what_a_stranger_sent_has_no_power_over_the_terminal() {
    let request = "GET /p?a=%1b%5b2J%0aThe%20signature%20matches.%c2%9b%e2%80%ae HTTP/1.1\r\nHost: h\r\n\
        Authorization: OAuth oauth_consumer_key=\"k\", oauth_signature_method=\"HMAC-SHA1\", \
        oauth_signature=\"%1b%5b31mx\", oauth_timestamp=\"1\", oauth_nonce=\"n\"\r\n\r\n";
    let explained = explain(request, &["--consumer-secret", "s", "--scheme", "https"]);
    let shown = stdout(&explained);
    assert!(shown.chars().all(|char| char == '\n' || !char.is_control()));
    assert!(!shown.contains('\u{202e}'));
    assert!(shown.contains(r"a = \u{1b}[2J\nThe signature matches.\u{9b}\u{202e}"));
    assert!(shown.contains(r"Received signature: \u{1b}[31mx"));
}

/// Whatever the request holds: to be copied, and compared with the client's.
#[test]
fn the_base_string_is_printed_byte_for_byte() {
    let request = "GET /p\\q?a=\\x\u{202e}&b=%5C HTTP/1.1\r\nHost: a\\b\u{61c}\r\n\
        Authorization: OAuth oauth_consumer_key=\"k\", oauth_signature_method=\"HMAC-SHA1\", \
        oauth_signature=\"x\", oauth_timestamp=\"1\", oauth_nonce=\"n\\\"\r\n\r\n";
    let secret = ["--consumer-secret", "s", "--scheme", "https"];
    let json = explain(request, &[&secret[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let base_string = json["base_string"].as_str().unwrap();
    assert!(base_string.contains("%255C") && !base_string.contains('\\'));
    let text = explain(request, &secret);
    let line = format!("\nBase string:\n  {base_string}\n");
    assert!(stdout(&text).contains(&line), "{text:?}");
}

#[test]
fn the_realm_is_shown_as_no_part_of_the_signature() {
    let sign = ["sign", "GET", "http://h.example/p", "--as", "raw"];
    let keys = ["--consumer-key", "k", "--consumer-secret", "s"];
    let signed = run(&[&sign, &keys[..]].concat());
    let request = stdout(&signed).replace("OAuth ", "OAuth realm=\"Photos\u{202e}\", ");
    let explained = explain(&request, &["--consumer-secret", "s"]);
    let shown = stdout(&explained);
    let line = "\n  header realm (no part of the signature) = Photos\\u{202e}\n";
    assert!(shown.contains(line), "{shown}");
    assert!(shown.contains("The signature matches."), "{shown}");
}

#[test]
fn a_body_changed_on_its_way_is_told_from_a_wrong_signature() {
    let sign = ["sign", "POST", "http://h.example/p", "--as", "raw"];
    let body = ["--json", "[1]", "--body-hash"];
    let keys = ["--consumer-key", "k", "--consumer-secret", "s"];
    let signed = run(&[&sign[..], &body, &keys].concat());
    let right = explain(stdout(&signed), &keys[2..]);
    assert_eq!(right.status.code(), Some(0));
    let request = stdout(&signed).replace("[1]", "[2]");
    let secret = ["--consumer-secret", "s"];
    let explained = explain(&request, &secret);
    let shown = stdout(&explained);
    assert!(
        shown.contains(
            "\nThe signature matches, but the request is not valid:\n  body_hash_wrong: "
        ),
        "{shown}"
    );
    assert_eq!(explained.status.code(), Some(1));
    let explained = explain(&request, &[&secret[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(stdout(&explained)).unwrap();
    assert_eq!(json["valid"], false);
    assert_eq!(json["causes"][0]["code"], "body_hash_wrong");
    assert_eq!(json["expected_signature"], json["received_signature"]);
}

#[test]
fn two_mistakes_are_told_from_alternatives() {
    let sign = ["sign", "GET", "http://h.example/p/", "--as", "raw"];
    let keys = ["--consumer-key", "k", "--consumer-secret", "the-secret"];
    let signed = run(&[&sign, &keys[..]].concat());
    let request = stdout(&signed);
    let secret = ["--consumer-secret", "the-secret", "--scheme"];
    let one = explain(request, &[&secret[..], &["https"]].concat());
    assert!(stdout(&one).contains("This makes the received one:\n  scheme: "));
    let other = request.replace("/p/ ", "/p ");
    let two = explain(&other, &[&secret[..], &["https"]].concat());
    assert!(stdout(&two).contains("These together make the received one:\n  scheme: "));
    assert!(stdout(&two).contains("\n  trailing_slash: "));
}
