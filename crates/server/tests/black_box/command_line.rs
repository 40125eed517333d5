//! `oauth1 consumer` and `oauth1 sign`, and clear errors.

use std::process::{Command, Output};

use black_box::{app, consumer, with};

use crate::DEMO;

/// The program, without the settings of whoever runs the tests.
fn oauth1() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oauth1"));
    command.env_remove("OAUTH1_DATABASE");
    command.env_remove("OAUTH1_CONSUMER_SECRET");
    command.env_remove("OAUTH1_KEYS");
    command.env_remove("RUST_LOG");
    command
}

fn run(arguments: &[&str]) -> Output {
    oauth1().args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

struct Database {
    _folder: tempfile::TempDir,
    url: String,
}

impl Database {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("oauth1.db").display());
        Self {
            _folder: folder,
            url,
        }
    }

    fn consumer(&self, arguments: &[&str]) -> Output {
        run(&[&["consumer", "--database", &self.url], arguments].concat())
    }
}

#[test]
fn consumers_are_added_listed_shown_disabled_enabled_and_deleted() {
    let database = Database::new();
    let added = database.consumer(&["add", "shop", "--name", "The Shop", "--oob"]);
    assert!(added.status.success(), "{added:?}");
    let secret = stdout(&added)
        .lines()
        .find_map(|line| line.strip_prefix("secret: "));
    assert!(secret.unwrap().len() >= 32);
    let added = database.consumer(&["--json", "add", "bank", "--secret", "s3cr3t"]);
    let json: serde_json::Value = serde_json::from_str(stdout(&added)).unwrap();
    assert_eq!(
        (&json["key"], &json["secret"]),
        (&"bank".into(), &"s3cr3t".into())
    );

    let listed = database.consumer(&["list"]);
    assert_eq!(
        stdout(&listed),
        "bank\tactive\tbank\nshop\tactive\tThe Shop\n"
    );
    let shown = database.consumer(&["--json", "show", "bank"]);
    assert!(!stdout(&shown).contains("s3cr3t"));
    assert!(stdout(&shown).contains("\"name\":\"bank\""));

    let disabled = database.consumer(&["disable", "bank", "--reason", "abuse"]);
    assert!(disabled.status.success());
    assert!(stdout(&database.consumer(&["list"])).contains("bank\tdisabled\tbank"));
    assert!(stdout(&database.consumer(&["show", "bank"])).contains("disabled: abuse"));
    assert!(database.consumer(&["enable", "bank"]).status.success());
    assert!(database.consumer(&["delete", "bank"]).status.success());
    let listed = database.consumer(&["--json", "list"]);
    let json: serde_json::Value = serde_json::from_str(stdout(&listed)).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 1);
}

#[test]
fn mistakes_are_told_on_stderr_without_secrets() {
    let database = Database::new();
    database.consumer(&["add", "shop", "--secret", "first-secret"]);
    for (arguments, told) in [
        (vec!["add", "shop", "--secret", "other-secret"], "taken"),
        (vec!["show", "nobody"], "no such consumer"),
        (vec!["disable", "nobody"], "no such consumer"),
        (vec!["delete", "nobody"], "no such consumer"),
        (vec!["add", "", "--secret", "other-secret"], "empty"),
        (vec!["add", "x", "--secret", ""], "secret"),
        (vec!["add", "x", "--callback", "javascript://x"], "scheme"),
    ] {
        let output = database.consumer(&arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!(stdout(&output), "");
        let text = stderr(&output);
        assert!(
            text.starts_with("oauth1: ") && text.contains(told),
            "{text}"
        );
        assert!(
            !text.contains("first-secret") && !text.contains("other-secret"),
            "{text}"
        );
    }
    for url in ["nonsense", "oracle://h/d", "sqlite:/nowhere/at/all.db"] {
        let output = run(&["consumer", "--database", url, "list"]);
        assert_eq!(output.status.code(), Some(1), "{url}");
        assert!(
            stderr(&output).starts_with("oauth1: "),
            "{}",
            stderr(&output)
        );
    }
    for arguments in [["demo", "--consumer=nocolon"], ["demo", "--listen=nowhere"]] {
        assert_eq!(run(&arguments).status.code(), Some(2));
    }
}

#[test]
fn administration_takes_effect_on_a_running_demo() {
    let database = Database::new();
    let demo = DEMO.start(&["--database", &database.url]);
    let shop = consumer("shop", "s3cr3t");
    assert_eq!(demo.get(&shop, "/api/whoami").status, 401);
    database.consumer(&["add", "shop", "--secret", "s3cr3t"]);
    assert_eq!(demo.get(&shop, "/api/whoami").status, 200);
    database.consumer(&["disable", "shop"]);
    assert_eq!(demo.get(&shop, "/api/whoami").status, 401);
    let access = demo.access_token();
    assert_eq!(demo.get(&with(&access), "/api/user").status, 200);
    database.consumer(&["delete", "demo-consumer"]);
    assert_eq!(demo.get(&with(&access), "/api/user").status, 401);
    database.consumer(&["add", "demo-consumer", "--secret", "demo-consumer-secret"]);
    assert_eq!(
        demo.get(&with(&access), "/api/user").status,
        401,
        "its tokens are gone"
    );
}

/// Each has a database of its own, and the seeded consumer in it.
#[test]
fn a_request_is_accepted_by_one_of_two_demos_that_share_a_redis() {
    let redis = std::env::var("TEST_REDIS_URL").unwrap();
    // It may have been started for these tests: what restarted may have lost nonces.
    let redis = format!("{redis}?after_restart=trust");
    let [one, other] = [0, 1].map(|_| DEMO.start(&["--replay", &redis]));
    let header = one.signed(&app(), "GET", "/api/whoami", "").authorization();
    let sent = [
        ("authorization", header.as_str()),
        ("host", one.authority()),
    ];
    assert_eq!(one.send("GET", "/api/whoami", &sent, "").status, 200);
    assert_eq!(other.send("GET", "/api/whoami", &sent, "").status, 401);
    assert_eq!(other.get(&app(), "/api/whoami").status, 200);
    for url in ["redis://127.0.0.1:1", "sqlite:nonces"] {
        let output = run(&["demo", "--replay", url]);
        assert_eq!(output.status.code(), Some(1), "{url}");
        assert!(stderr(&output).contains("oauth1: --replay: "));
    }
}

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
fn consumer_with_an_rsa_key_signs_with_it_and_with_nothing_else() {
    let keys = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/keys/");
    let file = |name: &str| format!("{keys}{name}");
    let database = Database::new();
    let added = database.consumer(&[
        "add",
        "bank",
        "--rsa-public-key",
        &file("rsa2048.public.pem"),
    ]);
    assert!(
        stdout(&added).contains("credential: RSA public key of 2048 bits"),
        "{added:?}"
    );
    assert!(!stdout(&added).contains("secret:"));
    let short = file("rsa1024.public.pem");
    let refused = database.consumer(&["add", "short", "--rsa-public-key", &short]);
    assert!(
        stderr(&refused).contains("1024 bits is too short"),
        "{refused:?}"
    );
    let policy = ["--minimum-key-bits", "1024"];
    let add = ["add", "short", "--rsa-public-key", &short];
    let added = database.consumer(&[&add, &policy[..]].concat());
    assert!(stdout(&added).contains("RSA public key of 1024 bits"));
    let no_key = database.consumer(&[&["add", "other"], &policy[..]].concat());
    assert!(!no_key.status.success());

    let demo = DEMO.start(&["--database", &database.url]);
    let url = format!("{}/api/whoami?a=1", demo.base);
    for private in ["rsa2048.pkcs1.pem", "rsa2048.pkcs8.pem"] {
        for method in ["RSA-SHA1", "RSA-SHA256", "RSA-SHA512"] {
            let private = file(private);
            let signed = run(&[
                "sign",
                "POST",
                &url,
                "--data",
                "b=2",
                "--consumer-key",
                "bank",
                "--private-key",
                &private,
                "--signature-method",
                method,
            ]);
            let ran = Command::new("sh")
                .args(["-c", stdout(&signed)])
                .output()
                .unwrap();
            let seen: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
            assert_eq!(seen["consumer_key"], "bank", "{method}");
        }
    }
    // The public key is known to everybody: as a secret it opens nothing.
    let public = std::fs::read_to_string(file("rsa2048.public.pem")).unwrap();
    assert_eq!(
        demo.get(&consumer("bank", &public), "/api/whoami").status,
        401
    );
}

#[test]
fn commands_to_paste_name_the_address() {
    let demo = DEMO.start(&[]);
    assert!(demo.walk.contains(&demo.base), "{}", demo.walk);
    assert!(demo.walk.contains("/oauth/authorize"), "{}", demo.walk);
}

/// Runs lines in a shell of its own, that stands in an empty folder, and types `code`.
fn paste(lines: &str, code: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("lines");
    std::fs::write(&script, lines).unwrap();
    let (code_file, shell) = (folder.path().join("code"), Command::new("sh"));
    std::fs::write(&code_file, format!("{code}\n")).unwrap();
    let mut shell = shell;
    let ran = shell
        .arg(script)
        .current_dir(folder.path())
        .stdin(std::fs::File::open(code_file).unwrap())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{errors}");
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn commands_to_paste_go_through_the_flow_wherever_the_other_shell_stands() {
    let path = std::path::Path::new(env!("CARGO_BIN_EXE_oauth1"));
    for (listen, consumer) in [
        ("127.0.0.1:0", "demo-consumer:demo-consumer-secret"),
        (
            "[::1]:0",
            "-ein 'Schl\u{fc}ssel' $(id) \\:-it's a \"secret\": `%41`&+",
        ),
    ] {
        // As `cargo run` starts it: by a path that holds in its own folder only.
        let mut command = Command::new("sh");
        command
            .current_dir(path.parent().unwrap())
            .args(["-c", "exec ./oauth1 \"$@\"", "sh", "demo"])
            .args(["--listen", listen, "--consumer", consumer])
            .args(["--user", "al'ice:pass:word"]);
        let demo = black_box::Demo::start_command(&mut command);
        let (first, second) = demo.walk.split_once("# 4.").unwrap();
        let (_, first) = first.split_once("# 1.").unwrap();
        let seen = paste(&format!("# {first}\necho \"$token $secret\""), "");
        assert!(seen.contains("\"kind\":\"consumer\""), "{seen}");
        assert!(
            seen.contains(&format!("{}/oauth/authorize", demo.base)),
            "{seen}"
        );
        let (token, secret) = seen.lines().last().unwrap().split_once(' ').unwrap();
        let page = demo.browser().log_in(token, "al'ice", "pass:word");
        let code = page.approve().code();
        let seen = paste(
            &format!("token={token}; secret={secret}\n# {second}"),
            &code,
        );
        assert!(seen.contains("\"kind\":\"user\""), "{seen}");
        assert!(seen.contains("\"user\":\"al'ice\""), "{seen}");
    }
}

#[test]
fn consumers_from_elsewhere_accept_loopback_callbacks_once_the_demo_is_given_them() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("oauth1.db").display());
    let add = ["consumer", "add", "demo-consumer", "--secret", "other"];
    assert!(
        run(&[&add[..], &["--database", &database]].concat())
            .status
            .success()
    );
    let demo = DEMO.start(&["--database", &database]);
    demo.request_token("http://localhost:9/back");
    demo.request_token("oob");
}

#[test]
fn help_never_shows_a_database_url_from_the_environment() {
    for command in ["consumer", "demo"] {
        let mut oauth1 = Command::new(env!("CARGO_BIN_EXE_oauth1"));
        let url = "postgres://u:pass-of-the-database@h/d";
        let help = oauth1.args([command, "--help"]).env("OAUTH1_DATABASE", url);
        let help = String::from_utf8(help.output().unwrap().stdout).unwrap();
        assert!(help.contains("--database"));
        assert!(!help.contains("pass-of-the-database"), "{help}");
    }
}

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
    ] {
        let refused = run(&[&wrong, &keys[..]].concat());
        assert!(!refused.status.success(), "{wrong:?}");
        assert!(stdout(&refused).is_empty(), "{wrong:?}");
    }
}

#[test]
fn an_empty_secret_is_for_consumers_that_are_to_have_none() {
    let database = Database::new();
    let refused = database.consumer(&["add", "maas", "--secret", ""]);
    assert!(stderr(&refused).contains("an empty secret is no secret"));
    let lenient = ["--leniency", "empty_consumer_secret"];
    let added = database.consumer(&[&["add", "maas", "--secret", ""], &lenient[..]].concat());
    assert!(added.status.success(), "{added:?}");
    let shown = database.consumer(&["show", "maas"]);
    assert!(
        stdout(&shown).contains("empty_consumer_secret"),
        "{shown:?}"
    );
}

/// From a database in the clear to a sealed one, and on to another key.
#[test]
fn keys_are_made_and_rotated_and_wrong_ones_are_told_at_the_start() {
    let database = Database::new();
    let path = database.url.strip_prefix("sqlite:").unwrap().to_owned();
    let file = |name: &str| format!("{path}.{name}");
    let key = |id: &str| stdout(&run(&["keys", "generate", id])).to_owned();
    let (old, new) = (key("2025"), key("2026"));
    std::fs::write(file("old"), format!("# keys\n{old}")).unwrap();
    std::fs::write(file("both"), format!("{new}{old}")).unwrap();
    std::fs::write(file("new"), &new).unwrap();
    let added = database.consumer(&["add", "shop", "--secret", "canary-secret"]);
    assert!(added.status.success(), "{added:?}");
    let rotate = |keys: &str| {
        let database = ["--database", &database.url, "--keys", &file(keys), "--json"];
        run(&[&["keys", "rotate"], &database[..]].concat())
    };
    for (keys, expected) in [
        ("old", "{\"key\":\"2025\",\"sealed\":1}\n"),
        ("both", "{\"key\":\"2026\",\"sealed\":1}\n"),
        ("new", "{\"key\":\"2026\",\"sealed\":0}\n"),
    ] {
        let rotated = rotate(keys);
        assert_eq!(stdout(&rotated), expected, "{rotated:?}");
    }
    let bytes = std::fs::read(&path).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("canary-secret"));
    let shown = database.consumer(&["--keys", &file("new"), "show", "shop"]);
    assert!(shown.status.success(), "{shown:?}");
    for (keys, expected) in [
        (None, "a key ring is needed"),
        (Some("old"), "the key ring lacks the key \"2026\""),
    ] {
        let keys = keys.map(file);
        let options = keys.iter().flat_map(|keys| ["--keys", keys]);
        let options: Vec<_> = options.chain(["list"]).collect();
        let refused = database.consumer(&options);
        assert!(!refused.status.success());
        assert!(stderr(&refused).contains(expected), "{refused:?}");
    }
    let refused = run(&["keys", "rotate", "--database", &database.url]);
    assert!(stderr(&refused).contains("no keys"), "{refused:?}");
    let refused = run(&["keys", "generate", "a b"]);
    assert!(!refused.status.success(), "{refused:?}");
}
