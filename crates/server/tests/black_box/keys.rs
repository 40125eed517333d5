//! `oauth1 keys`: rings of keys that seal secrets at rest.

use crate::command_line::{Database, run, stderr, stdout};

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
