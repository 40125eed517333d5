//! Nothing that is secret reaches the logs, however much is logged; and no answer waits for them.

use std::{fs::File, process::Stdio};

use oauth1_provider::core::Transport;

use crate::{Demo, FORM, Program, app, consumer, with};

/// On a full disk, say: `/dev/full` is one.
pub fn logs_that_cannot_be_written_cost_no_answer(program: &Program) {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = program.command();
    command.env("RUST_LOG", "info").stderr(Stdio::from(full));
    let demo = Demo::start_command(&mut command);
    let stranger = consumer("demo-consumer", "guessed-consumer-secret");
    for _ in 0..2 {
        assert_eq!(demo.get(&stranger, "/api/whoami").status, 401);
        assert_eq!(demo.get(&app(), "/api/whoami").status, 200);
    }
    assert!(demo.end_by("TERM").success());
}

pub fn logs_at_trace_hold_no_secret(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let mut command = program.command();
    command
        .args(["--consumer", "demo-consumer:demo-consumer-secret"])
        .args(["--user", "alice:pass-word-of-alice"])
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "1")
        .stderr(Stdio::from(File::create(&path).unwrap()));
    let demo = Demo::start_command(&mut command);

    let token = demo.request_token("oob");
    let browser = demo
        .browser()
        .log_in(&token.key, "alice", "pass-word-of-alice");
    let (cookie, csrf) = (browser.cookie.clone(), browser.csrf().to_owned());
    let code = browser.approve().code();
    demo.exchange(&token, "a-wrong-verifier");
    let access = demo.exchange(&token, &code).token();
    for signer in [
        with(&access),
        with(&access).with_transport(Transport::Query),
        consumer("demo-consumer", "guessed-consumer-secret"),
        consumer("nobody", "secret-of-nobody"),
    ] {
        demo.get(&signer, "/api/user?q=private-query-value");
    }
    let body = "field=private-form-value";
    let header = demo
        .signed(&app(), "POST", "/api/whoami", body)
        .authorization();
    let headers = [("authorization", header.as_str()), ("content-type", FORM)];
    demo.send("POST", "/api/whoami", &headers, body);
    demo.send("POST", "/api/whoami", &headers, body);
    let signature = header.split("oauth_signature=\"").nth(1).unwrap();
    let signature = signature.trim_end_matches('"').to_owned();
    assert!(demo.end_by("TERM").success());

    let log = std::fs::read_to_string(&path).unwrap();
    assert!(log.contains("oauth1 request refused"), "it logs: {log}");
    assert!(log.contains("nonce_used"));
    for secret in [
        "demo-consumer-secret",
        "guessed-consumer-secret",
        "secret-of-nobody",
        "pass-word-of-alice",
        "a-wrong-verifier",
        "private-form-value",
        &token.secret,
        &access.secret,
        &access.key,
        &code,
        &csrf,
        cookie.split('=').nth(1).unwrap(),
        &signature,
    ] {
        assert!(
            !secret.is_empty() && !log.contains(secret),
            "{secret} is in the log"
        );
    }
}
