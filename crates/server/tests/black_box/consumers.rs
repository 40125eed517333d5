//! `oauth1 consumer`: what it keeps, shows and refuses, and what a running demo makes of it.

use std::process::Command;

use black_box::{consumer, with};
use oauth1_provider::core::Leniency;

use crate::{
    DEMO,
    command_line::{Database, run, stderr, stdout},
};

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
    let (longest, too_long) = ("k".repeat(256), "k".repeat(257));
    assert!(database.consumer(&["add", &longest]).status.success());
    for (arguments, told) in [
        (vec!["add", &too_long], "256 bytes"),
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
    let output = database.consumer(&["add", "x", "--token-lifetime", "0"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--token-lifetime"));
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

#[test]
fn leniencies_are_listed_with_what_each_is_for_and_all_can_be_given() {
    let help = run(&["consumer", "add", "--help"]);
    let lines: Vec<_> = stdout(&help).lines().map(str::trim).collect();
    let database = Database::new();
    for leniency in Leniency::ALL {
        let name = leniency.as_str();
        let line = lines.iter().find_map(|line| {
            let (listed, purpose) = line.strip_prefix("- ")?.split_once(':')?;
            (listed == name).then_some(purpose.trim())
        });
        assert!(line.is_some_and(|purpose| !purpose.is_empty()), "{name}");
        let added = database.consumer(&["add", name, "--leniency", name]);
        assert!(added.status.success(), "{added:?}");
        let shown = database.consumer(&["show", name, "--json"]);
        let shown: serde_json::Value = serde_json::from_str(stdout(&shown)).unwrap();
        assert_eq!(shown["leniencies"], serde_json::json!([name]));
    }
    let unknown = database.consumer(&["add", "app", "--leniency", "everything"]);
    assert_eq!(unknown.status.code(), Some(2));
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
fn names_have_no_power_over_the_terminal_and_stay_in_their_line() {
    let database = Database::new();
    database.consumer(&["add", "shop", "--name", "a\u{1b}[2J\nb\tactive\u{202e}"]);
    for command in [&["list"][..], &["show", "shop"]] {
        let shown = database.consumer(command);
        let shown = stdout(&shown);
        assert!(shown.contains(r"a\u{1b}[2J\nb\tactive\u{202e}"), "{shown}");
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    }
}
