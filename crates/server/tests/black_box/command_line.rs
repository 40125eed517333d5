//! The program with arguments, and a database of a test's own for it.

use std::process::{Command, Output};

/// The program, without the settings of whoever runs the tests.
pub(crate) fn oauth1() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oauth1"));
    command.env_remove("OAUTH1_DATABASE");
    command.env_remove("OAUTH1_CONSUMER_SECRET");
    command.env_remove("OAUTH1_KEYS");
    command.env_remove("RUST_LOG");
    command
}

pub(crate) fn run(arguments: &[&str]) -> Output {
    oauth1().args(arguments).output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub(crate) fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

pub(crate) struct Database {
    _folder: tempfile::TempDir,
    pub(crate) url: String,
}

impl Database {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("oauth1.db").display());
        Self {
            _folder: folder,
            url,
        }
    }

    pub(crate) fn consumer(&self, arguments: &[&str]) -> Output {
        run(&[&["consumer", "--database", &self.url], arguments].concat())
    }
}
