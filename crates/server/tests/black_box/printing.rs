//! What cannot be printed: `/dev/full` is a full disk.

use std::{fs::File, process::Stdio};

use black_box::{Demo, app};

use crate::{
    DEMO,
    command_line::{Database, oauth1, stderr, stdout},
};

fn full() -> Stdio {
    File::options()
        .write(true)
        .open("/dev/full")
        .unwrap()
        .into()
}

#[test]
fn what_cannot_be_printed_is_told_and_no_panic() {
    let database = Database::new();
    database.consumer(&["add", "shop"]);
    let request = "GET / HTTP/1.1\nHost: h\nAuthorization: OAuth oauth_consumer_key=\"k\", \
        oauth_signature_method=\"PLAINTEXT\", oauth_signature=\"s%26\"\n\n";
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), request).unwrap();
    let file = file.path().to_str().unwrap();
    let on = ["consumer", "--database", &database.url];
    let keys = ["--consumer-key", "k", "--consumer-secret", "s"];
    for (arguments, code) in [
        ([&on[..], &["list"]].concat(), 1),
        ([&on[..], &["list", "--json"]].concat(), 1),
        ([&on[..], &["show", "shop"]].concat(), 1),
        ([&on[..], &["show", "shop", "--json"]].concat(), 1),
        (vec!["keys", "generate", "2026"], 1),
        ([&["sign", "GET", "http://h/"], &keys[..]].concat(), 1),
        (
            [&["sign", "GET", "http://h/", "--as", "raw"], &keys[..]].concat(),
            1,
        ),
        (vec!["explain", "--consumer-secret", "s", file], 2),
        (vec!["explain", "--consumer-secret", "s", "--json", file], 2),
    ] {
        let output = oauth1().args(&arguments).stdout(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?} {output:?}");
        let told = stderr(&output);
        assert!(told.starts_with("oauth1: cannot print: "), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
        let mut silent = oauth1();
        silent.args(&arguments).stdout(full()).stderr(full());
        assert_eq!(silent.status().unwrap().code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn a_consumer_whose_secret_cannot_be_shown_is_not_added() {
    let database = Database::new();
    let arguments = ["consumer", "--database", &database.url, "add", "shop"];
    let output = oauth1().args(arguments).stdout(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = stderr(&output);
    assert!(told.contains("the consumer is not added"), "{told}");
    assert_eq!(stdout(&database.consumer(&["list"])), "");
    assert!(database.consumer(&["add", "shop"]).status.success());
}

#[test]
fn a_demo_whose_words_nobody_reads_serves() {
    let mut command = DEMO.command();
    let demo = Demo::start_silent(command.stdout(full()));
    assert_eq!(demo.get(&app(), "/api/whoami").status, 200);
    assert!(demo.end_by("TERM").success());
}
