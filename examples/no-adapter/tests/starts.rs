//! The example does what its README says.

use std::process::Command;

use black_box::{Demo, FORM, consumer};
use oauth1_provider::core::Transport;

fn start() -> Demo {
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-no-adapter"));
    Demo::start_other(command.args(["127.0.0.1:0", "app:app-secret"]))
}

#[test]
fn words_of_consumers_are_counted() {
    let service = start();
    let app = consumer("app", "app-secret");
    for path in ["/words", "/v1/words"] {
        let answer = service.call(&app, "POST", path, "text=to+be+or+not");
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (200, "app posted 4 words\n")
        );
    }
    let signed = service.signed(
        &app.with_transport(Transport::Body),
        "POST",
        "/words",
        "text=to+be",
    );
    let headers = [("content-type", FORM)];
    let body = signed.body().unwrap_or_default();
    let send = || service.send("POST", "/words", &headers, body.clone());
    assert_eq!(
        (send().status, send().status),
        (200, 401),
        "a replay is refused"
    );
}

#[test]
fn others_are_refused_as_by_every_adapter() {
    let service = start();
    let answer = service.send("POST", "/words", &[("content-type", FORM)], "text=x");
    assert_eq!(answer.text, "The current user must be a consumer\n");
    assert_eq!(answer.header("www-authenticate"), "OAuth realm=\"API\"");
    let forger = consumer("app", "guess");
    assert_eq!(
        service.call(&forger, "POST", "/words", "text=x").status,
        401
    );
    let large = format!("text={}", "x".repeat(1 << 20));
    let app = consumer("app", "app-secret");
    assert_eq!(service.call(&app, "POST", "/words", &large).status, 413);
    let header = service
        .signed(&app, "POST", "/words", "text=x")
        .authorization();
    let headers = [("authorization", header.as_str()), ("content-type", FORM)];
    assert_eq!(
        service.send("POST", "/words", &headers, "text=y").status,
        401
    );
}
