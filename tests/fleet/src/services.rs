//! The services that a fleet stands on.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// The URL that a variable names.
pub(crate) fn named(variable: &str) -> String {
    env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: run `scripts/databases start FOLDER; source FOLDER/env`")
    })
}

/// Services of a test's own, to be stopped and started; gone with it.
#[derive(Debug)]
pub(crate) struct Services {
    folder: TempDir,
}

impl Services {
    /// Starts these, by the names that `scripts/databases` has for them.
    pub(crate) fn start(names: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let services = Self { folder };
        services.script("start", names);
        services
    }

    /// The URL of one, by the variable that it is exported as.
    pub(crate) fn url(&self, variable: &str) -> String {
        let file = std::fs::read_to_string(self.folder.path().join("env")).unwrap();
        let start = format!("export {variable}=");
        let line = file.lines().find_map(|line| line.strip_prefix(&start));
        line.unwrap().replace('\\', "")
    }

    /// Ends one at once.
    pub(crate) fn kill(&self, name: &str) {
        self.script("kill", &[name]);
    }

    /// Starts one again, on its port and its data; it answers when this returns.
    pub(crate) fn again(&self, name: &str) {
        self.script("again", &[name]);
    }

    fn script(&self, verb: &str, names: &[&str]) {
        let script = root().join("scripts/databases");
        let mut command = Command::new(script);
        command.arg(verb).arg(self.folder.path()).args(names);
        for (variable, _) in env::vars().filter(|(name, _)| name.starts_with("TEST_")) {
            command.env_remove(variable);
        }
        let status = command.status().unwrap();
        assert!(status.success(), "scripts/databases {verb} {names:?}");
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        self.script("stop", &[]);
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
