//! `oauth1 demo` and `--help`: settings, and the commands to paste.

use std::process::Command;

use black_box::app;

use crate::{
    DEMO,
    command_line::{run, stderr},
};

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
