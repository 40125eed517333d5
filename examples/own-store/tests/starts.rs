//! What was acknowledged is there after `kill -9`; what was accepted is not accepted again.

use std::{fs::OpenOptions, io::Write, path::Path, process::Command};

use black_box::{Demo, consumer};

fn start(file: &Path, consumer: &[&str]) -> Demo {
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-own-store"));
    Demo::start_other(command.arg("127.0.0.1:0").arg(file).args(consumer))
}

#[test]
fn consumers_and_nonces_survive_kill_9_and_a_cut_last_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal");
    let app = consumer("app", "app-secret");
    let mut service = start(&file, &["app:app-secret"]);
    let header = service.signed(&app, "GET", "/whoami", "").authorization();
    let host = service.authority().to_owned();
    let headers = [("authorization", header.as_str()), ("host", host.as_str())];
    assert_eq!(service.send("GET", "/whoami", &headers, "").text, "app");
    service.kill();

    let mut end = OpenOptions::new().append(true).open(&file).unwrap();
    end.write_all(b"{\"ConsumerGone\":\"ap").unwrap();
    let service = start(&file, &[]);
    let answer = service.send("GET", "/whoami", &headers, "");
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (401, "nonce already used\n")
    );
    assert_eq!(service.get(&app, "/whoami").text, "app");
    let asking = app.with_parameter("oauth_callback", "oob");
    let token = service.post(&asking, "/oauth/request_token").token();
    assert!(!token.key.is_empty());
}

#[test]
fn a_damaged_journal_is_a_clear_error_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal");
    std::fs::write(&file, "nonsense\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-own-store"));
    let ended = command.arg("127.0.0.1:0").arg(&file).output().unwrap();
    assert!(!ended.status.success() && ended.stdout.is_empty());
}
