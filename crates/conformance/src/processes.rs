//! What many processes on the same consumers, tokens and nonces must do together: each opens them
//! for itself, races with the others, and dies.

mod jobs;
pub mod races;
pub mod restart;

use std::{
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStderr, Command, Stdio},
};

pub use self::jobs::serve;
use crate::outage;

/// What a process opens.
pub type Part = outage::Part;

/// Makes a named test of each behaviour of several processes. `$place` makes a [`crate::Fresh`] text
/// that says where the parts are, and `$open` is an async function that opens them there:
///
/// ```ignore
/// async fn open(place: String) -> oauth1_conformance::processes::Part { .. }
/// oauth1_conformance::process_suite!(Place::new(), open);
/// ```
/// Other processes are the same test program with the one test `process_of_another_test`, which does
/// nothing by itself. Parts that share nonces only say so: `process_suite!(place, open, nonces)`.
#[macro_export]
macro_rules! process_suite {
    ($place:expr, $open:expr) => {
        $crate::process_suite!($place, $open, nonces);
        $crate::process_tests!(
            $place,
            $open,
            [
                races::processes_that_start_at_once_all_open,
                races::one_of_racing_processes_decides_exchanges_and_renews,
                races::changes_of_a_consumer_by_racing_processes_are_never_lost,
                restart::what_a_killed_process_was_told_of_tokens_is_there,
            ]
        );
    };
    ($place:expr, $open:expr, nonces) => {
        #[test]
        fn process_of_another_test() {
            $crate::processes::serve(async |place| $open(place).await);
        }

        $crate::process_tests!(
            $place,
            $open,
            [
                races::one_of_racing_processes_is_remembered,
                restart::what_a_killed_process_remembered_is_not_fresh,
            ]
        );
    };
}

/// Turns behaviours of processes into tests; called by [`process_suite!`].
#[doc(hidden)]
#[macro_export]
macro_rules! process_tests {
    ($place:expr, $open:expr, [$($concern:ident::$name:ident),* $(,)?]) => {
        $(
            #[test]
            fn $name() {
                let fresh: $crate::Fresh<String> = $place.into();
                let processes = $crate::processes::Processes::new(module_path!(), fresh.part());
                $crate::run(async {
                    let open = async || $open(fresh.part().clone()).await;
                    $crate::processes::$concern::$name(&processes, open).await;
                });
            }
        )*
    };
}

/// How many race.
const PROCESSES: usize = 4;
/// What is raced for, each by all processes.
const PRIZES: usize = 40;
/// Names the job of a process that a test has started.
const JOB: &str = "OAUTH1_TEST_JOB";

/// Starts processes of a test.
#[derive(Debug)]
pub struct Processes {
    test: String,
    place: String,
}

impl Processes {
    /// Of the tests in a module, by its `module_path!()`, at a place.
    #[must_use]
    pub fn new(module: &str, place: &str) -> Self {
        let (_, module) = module.split_once("::").unwrap_or_default();
        let separator = if module.is_empty() { "" } else { "::" };
        Self {
            test: format!("{module}{separator}process_of_another_test"),
            place: place.to_owned(),
        }
    }

    /// Starts so many, lets them go at once when all have opened, and gives what they won.
    fn race(&self, job: &str, count: usize) -> Vec<String> {
        let mut all: Vec<_> = (0..count).map(|number| self.start(job, number)).collect();
        for process in &mut all {
            process.go();
        }
        let mut won = Vec::new();
        for mut process in all {
            let lines: Vec<_> = process.lines.by_ref().map(Result::unwrap).collect();
            let success = process.child.wait().unwrap().success();
            assert!(success, "{lines:?}");
            let answers = lines.iter().filter_map(|line| line.strip_prefix("won "));
            won.extend(answers.map(str::to_owned));
        }
        won
    }

    /// Lets one work until it has won so many, kills it, and gives what it won.
    fn kill_after(&self, job: &str, count: usize) -> Vec<String> {
        let mut process = self.start(job, 0);
        process.go();
        let lines = process.lines.by_ref().map(Result::unwrap);
        let answers = lines.filter_map(|line| line.strip_prefix("won ").map(str::to_owned));
        let mut won: Vec<_> = answers.take(count).collect();
        assert_eq!(won.len(), count);
        process.child.kill().unwrap();
        process.child.wait().unwrap();
        // What it could still say.
        let rest = process.lines.by_ref().map_while(Result::ok);
        won.extend(rest.filter_map(|line| line.strip_prefix("won ").map(str::to_owned)));
        won
    }

    /// Ready when this returns.
    fn start(&self, job: &str, number: usize) -> Process {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &self.test, "--nocapture"])
            .env(JOB, format!("{job} {number} {}", self.place))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = lines.by_ref().map(Result::unwrap);
        assert!(said.any(|line| line == "ready"), "a process did not start");
        Process { child, lines }
    }
}

struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStderr>>,
}

impl Process {
    fn go(&mut self) {
        let mut input = self.child.stdin.take().unwrap();
        input.write_all(b"go\n").unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
