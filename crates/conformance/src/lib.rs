//! What every `Manager`, `Store` and `ReplayGuard` of `oauth1-provider` must do, as runnable
//! suites: one function per behaviour, named by its claim, and one macro per trait that turns
//! each into a `#[test]` of that name. Author of a store? One line per trait in a file of
//! `tests/`, and the store is done when they pass:
//!
//! ```
//! use std::sync::Arc;
//! use oauth1_provider::{
//!     Manager, MemoryManager, MemoryReplayGuard, MemoryStore, ReplayGuard, Store,
//! };
//!
//! oauth1_conformance::manager_suite!(async {
//!     Arc::new(MemoryManager::default()) as Arc<dyn Manager>
//! });
//! oauth1_conformance::store_suite!(async {
//!     (
//!         Arc::new(MemoryManager::default()) as Arc<dyn Manager>,
//!         Arc::new(MemoryStore::default()) as Arc<dyn Store>,
//!     )
//! });
//! oauth1_conformance::replay_guard_suite!(async {
//!     Arc::new(MemoryReplayGuard::without_history()) as Arc<dyn ReplayGuard>
//! });
//! # fn main() {}
//! ```
//!
//! [`outage_suite!`] runs a provider over the three, with [`faults`] put before them;
//! [`process_suite!`] races processes, and kills them.
//!
//! The argument is any expression that makes a future of a fresh, empty part; it is evaluated
//! once per test. A part that lives only as long as something else (a temporary directory, a
//! container) comes as [`Fresh`]. Two parts in one file go into a `mod` each.
//!
//! The time in these suites is an argument and stands near [`NOW`]; nothing sleeps.
#![deny(missing_docs)]
#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test suite fails by panicking"
)]

use std::{any::Any, fmt, future::Future, sync::Arc};

use oauth1_provider::{
    UserId,
    core::{ConsumerKey, Nonce, Timestamp, TokenKey},
};
use tokio::sync::Barrier;

#[cfg(feature = "adapter")]
pub mod adapter;
pub mod faults;
pub mod manager;
pub mod outage;
pub mod processes;
pub mod replay_guard;
pub mod store;

/// The time at which the suites play, in seconds since 1970. A guard that refuses timestamps
/// before its birth has to be born long before.
pub const NOW: u64 = 1_700_000_000;

/// How many callers race.
const RACERS: usize = 50;

/// A fresh part, with what it must not outlive.
pub struct Fresh<T> {
    part: T,
    _keep: Box<dyn Any + Send>,
}

impl<T> Fresh<T> {
    /// A part that needs `keep` (a temporary directory, say) to be kept until its test ends.
    pub fn new(part: T, keep: impl Any + Send) -> Self {
        Self {
            part,
            _keep: Box::new(keep),
        }
    }

    /// The part.
    pub fn part(&self) -> &T {
        &self.part
    }
}

impl<T> From<T> for Fresh<T> {
    fn from(part: T) -> Self {
        Self::new(part, ())
    }
}

impl<T: fmt::Debug> fmt::Debug for Fresh<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fresh")
            .field("part", &self.part)
            .finish_non_exhaustive()
    }
}

/// Runs a test on a multi-threaded runtime of its own, so that races are races. The macros call
/// it: the crate under test needs no tokio.
pub fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

/// Turns behaviours into tests; called by the suites' macros.
#[doc(hidden)]
#[macro_export]
macro_rules! tests {
    ($suite:ident, $make:expr, [$($concern:ident::$name:ident),* $(,)?]) => {
        $(
            #[test]
            fn $name() {
                $crate::run(async {
                    let fresh: $crate::Fresh<$crate::$suite::Part> = $make.await.into();
                    $crate::$suite::$concern::$name(fresh.part()).await;
                });
            }
        )*
    };
}

/// Calls `caller` at once from many tasks, each with its number, and gives the answers in the
/// order of the numbers.
async fn race<T, F>(caller: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(Barrier::new(RACERS));
    let tasks: Vec<_> = (0..RACERS)
        .map(|number| {
            let (start, call) = (Arc::clone(&start), caller(number));
            tokio::spawn(async move {
                start.wait().await;
                call.await
            })
        })
        .collect();
    let mut answers = Vec::with_capacity(RACERS);
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

/// [`NOW`], so many seconds later.
fn later(seconds: u64) -> Timestamp {
    Timestamp::from_secs(NOW + seconds)
}

/// [`NOW`], so many seconds earlier: by a clock that has gone back, or another process's.
fn earlier(seconds: u64) -> Timestamp {
    Timestamp::from_secs(NOW - seconds)
}

fn consumer_key(text: &str) -> ConsumerKey {
    ConsumerKey::new(text).unwrap()
}

fn token_key(text: &str) -> TokenKey {
    TokenKey::new(text).unwrap()
}

fn nonce(text: &str) -> Nonce {
    Nonce::new(text).unwrap()
}

fn user(text: &str) -> UserId {
    UserId::new(text).unwrap()
}
