//! What was acknowledged survives `kill -9`; what was accepted is not accepted again.

use crate::{Program, app, consumer, with};

fn database(folder: &tempfile::TempDir) -> String {
    format!("sqlite:{}", folder.path().join("oauth1.db").display())
}

pub fn acknowledged_token_survives_kill_9(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder);
    let mut demo = program.start(&["--database", &database]);
    let access = demo.access_token();
    demo.kill();
    let demo = program.start(&["--database", &database]);
    assert_eq!(demo.get(&with(&access), "/api/user").json()["user"], "demo");
}

pub fn pending_and_approved_tokens_survive_kill_9(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder);
    let mut demo = program.start(&["--database", &database]);
    let (pending, approved) = (demo.request_token("oob"), demo.request_token("oob"));
    let code = demo
        .browser()
        .log_in(&approved.key, "demo", "demo")
        .approve()
        .code();
    demo.kill();
    let demo = program.start(&["--database", &database]);
    assert_eq!(demo.exchange(&approved, &code).status, 200);
    let code = demo
        .browser()
        .log_in(&pending.key, "demo", "demo")
        .approve()
        .code();
    assert_eq!(demo.exchange(&pending, &code).status, 200);
}

pub fn replay_is_refused_after_kill_9(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder);
    let mut demo = program.start(&["--database", &database]);
    let address = demo.authority().to_owned();
    let mut headers = Vec::new();
    for _ in 0..20 {
        let header = demo
            .signed(&app(), "GET", "/api/whoami", "")
            .authorization();
        let answer = demo.send("GET", "/api/whoami", &[("authorization", &header)], "");
        assert_eq!(answer.status, 200);
        headers.push(header);
    }
    demo.kill();
    // Another port, and the Host header that was signed.
    let demo = program.start(&["--database", &database]);
    for header in &headers {
        let sent = [("authorization", header.as_str()), ("host", &address)];
        let answer = demo.send("GET", "/api/whoami", &sent, "");
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (401, "nonce already used\n")
        );
    }
    assert_eq!(demo.get(&app(), "/api/whoami").status, 200);
}

pub fn consumers_given_again_are_kept_and_a_changed_secret_counts(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder);
    let start = |pair| program.start(&["--database", &database, "--consumer", pair]);
    drop(start("app:first"));
    let demo = start("app:first");
    assert_eq!(
        demo.get(&consumer("app", "first"), "/api/whoami").status,
        200
    );
    drop(demo);
    let demo = start("app:second");
    assert_eq!(
        demo.get(&consumer("app", "second"), "/api/whoami").status,
        200
    );
    assert_eq!(
        demo.get(&consumer("app", "first"), "/api/whoami").status,
        401
    );
}
