//! What every [`ReplayGuard`] must do.

use std::sync::Arc;

use oauth1_provider::{
    Remembered, ReplayEntry, ReplayGuard,
    core::{ConsumerKey, Nonce, Timestamp, TokenKey},
};

use crate::{consumer_key, later, nonce, race, token_key};

/// What a maker for [`crate::replay_guard_suite`] makes.
pub type Part = Arc<dyn ReplayGuard>;

/// Makes a named test of each behaviour of a replay guard: see the crate's page. A guard that
/// forgets by a clock of its own, and so has nothing to purge, says so:
/// `replay_guard_suite!(make, own_clock)`.
#[macro_export]
macro_rules! replay_guard_suite {
    ($make:expr) => {
        $crate::replay_guard_suite!($make, own_clock);
        $crate::tests!(
            replay_guard,
            $make,
            [
                purge_forgets_dead_nonces_once,
                purge_called_until_zero_forgets_all,
            ]
        );
    };
    ($make:expr, own_clock) => {
        $crate::tests!(
            replay_guard,
            $make,
            [
                nonce_is_fresh_once,
                nonce_of_another_consumer_is_fresh,
                nonce_with_another_token_or_none_is_fresh,
                nonce_at_another_timestamp_is_fresh,
                second_nonce_of_a_second_leaves_the_first_replayed,
                parts_of_an_entry_are_not_run_together,
                nonces_are_compared_byte_by_byte,
                long_and_unicode_nonces_are_told_apart,
                one_of_racing_requests_is_fresh,
                racing_requests_with_different_nonces_are_all_fresh,
                nonce_is_replayed_up_to_keep_until,
                purge_forgets_no_live_nonce,
            ]
        );
    };
}

/// An entry with parts of its own.
#[derive(Clone)]
struct Entry {
    consumer: ConsumerKey,
    token: Option<TokenKey>,
    timestamp: Timestamp,
    nonce: Nonce,
    keep_until: Timestamp,
}

fn entry(consumer: &str, token: Option<&str>, nonce_text: &str) -> Entry {
    Entry {
        consumer: consumer_key(consumer),
        token: token.map(token_key),
        timestamp: later(0),
        nonce: nonce(nonce_text),
        keep_until: later(300),
    }
}

impl Entry {
    fn stamped(mut self, seconds: u64) -> Self {
        self.timestamp = later(seconds);
        self.keep_until = later(seconds + 300);
        self
    }

    /// What the guard says `seconds` after [`crate::NOW`].
    async fn at(&self, guard: &Part, seconds: u64) -> Remembered {
        let entry = ReplayEntry {
            consumer: &self.consumer,
            token: self.token.as_ref(),
            timestamp: self.timestamp,
            nonce: self.nonce.as_str(),
            keep_until: self.keep_until,
            now: later(seconds),
        };
        guard.remember(&entry).await.unwrap()
    }
}

/// All are fresh, and then all are replayed: none stands for another.
async fn assert_distinct(guard: &Part, entries: &[Entry]) {
    for expected in [Remembered::Fresh, Remembered::Replayed] {
        for entry in entries {
            let found = entry.at(guard, 10).await;
            let Entry { token, nonce, .. } = entry;
            assert_eq!(found, expected, "{:?} {token:?} {nonce}", entry.consumer);
        }
    }
}

/// The first is fresh; every other is a replay.
pub async fn nonce_is_fresh_once(guard: &Part) {
    let entry = entry("app", Some("token"), "n");
    assert_eq!(entry.at(guard, 0).await, Remembered::Fresh);
    assert_eq!(entry.at(guard, 0).await, Remembered::Replayed);
    assert_eq!(entry.at(guard, 1).await, Remembered::Replayed);
}

/// Consumers cannot spend each other's nonces.
pub async fn nonce_of_another_consumer_is_fresh(guard: &Part) {
    assert_distinct(guard, &[entry("a", None, "n"), entry("b", None, "n")]).await;
}

/// The token is part of what must be unique; none is one, too.
pub async fn nonce_with_another_token_or_none_is_fresh(guard: &Part) {
    let tokens = [Some("t"), Some("u"), None];
    assert_distinct(guard, &tokens.map(|token| entry("app", token, "n"))).await;
}

/// A nonce may come again with another timestamp.
pub async fn nonce_at_another_timestamp_is_fresh(guard: &Part) {
    let entries = [0, 1, 2].map(|seconds| entry("app", None, "n").stamped(seconds));
    assert_distinct(guard, &entries).await;
}

/// Many requests within one second are remembered all.
pub async fn second_nonce_of_a_second_leaves_the_first_replayed(guard: &Part) {
    let (first, second) = (entry("app", None, "n1"), entry("app", None, "n2"));
    assert_eq!(first.at(guard, 0).await, Remembered::Fresh);
    assert_eq!(second.at(guard, 0).await, Remembered::Fresh);
    assert_eq!(first.at(guard, 0).await, Remembered::Replayed);
}

/// However consumer, token and nonce are joined, no two of these are one.
pub async fn parts_of_an_entry_are_not_run_together(guard: &Part) {
    let mut entries = vec![entry("ab", None, "c"), entry("a", None, "bc")];
    for separator in [":", "&", "|", ",", " ", "/", "-", ".", "\u{1f}", "%00"] {
        // Control characters are no part of any identifier, so skip what cannot be sent.
        if separator.bytes().any(|byte| byte < 0x20) {
            continue;
        }
        let (left, right) = (format!("a{separator}b"), format!("b{separator}c"));
        let whole = format!("a{separator}b{separator}c");
        entries.extend([
            entry("a", None, &right),
            entry(&left, None, "c"),
            entry("a", Some("b"), &format!("c{separator}")),
            entry("a", Some(&right), "d"),
            entry(&left, Some("c"), "d"),
            entry("a", Some("b"), &format!("c{separator}d")),
            entry(&whole, None, "d"),
            entry("x", None, &whole),
        ]);
    }
    assert_distinct(guard, &entries).await;
}

/// Case, trailing space, accents and composition make another nonce.
pub async fn nonces_are_compared_byte_by_byte(guard: &Part) {
    let nonces = [
        "nonce",
        "Nonce",
        "nonce ",
        " nonce",
        "nöncé",
        "no\u{308}nce\u{301}",
    ];
    assert_distinct(guard, &nonces.map(|nonce| entry("app", None, nonce))).await;
}

/// 256 bytes, of which the last differs, are not cut off.
pub async fn long_and_unicode_nonces_are_told_apart(guard: &Part) {
    let long = "n".repeat(255);
    let nonces = [
        format!("{long}1"),
        format!("{long}2"),
        "🦀".repeat(64),
        format!("{}🐚", "🦀".repeat(63)),
        "1".to_owned(),
        "2".to_owned(),
    ];
    assert_distinct(guard, &nonces.map(|nonce| entry("app", None, &nonce))).await;
}

/// However many send one request at once, one is fresh.
pub async fn one_of_racing_requests_is_fresh(guard: &Part) {
    let answers = race(|_| {
        let guard = Arc::clone(guard);
        async move { entry("app", Some("t"), "n").at(&guard, 0).await }
    })
    .await;
    let fresh = answers.iter().filter(|found| **found == Remembered::Fresh);
    assert_eq!(fresh.count(), 1);
    assert!(!answers.contains(&Remembered::TooOld));
}

/// Honest requests at once do not disturb each other.
pub async fn racing_requests_with_different_nonces_are_all_fresh(guard: &Part) {
    let answers = race(|number| {
        let guard = Arc::clone(guard);
        async move { entry("app", None, &number.to_string()).at(&guard, 0).await }
    })
    .await;
    assert!(answers.iter().all(|found| *found == Remembered::Fresh));
}

/// `keep_until` is inclusive: at that second the timestamp is accepted for the last time.
pub async fn nonce_is_replayed_up_to_keep_until(guard: &Part) {
    let kept = entry("app", None, "n");
    assert_eq!(kept.at(guard, 0).await, Remembered::Fresh);
    for seconds in [1, 299, 300] {
        // Another request at that time may make the guard sweep.
        let other = entry("app", None, "other").stamped(seconds);
        assert_eq!(other.at(guard, seconds).await, Remembered::Fresh);
        assert_eq!(kept.at(guard, seconds).await, Remembered::Replayed);
    }
}

/// What may still be sent again is not forgotten, at `keep_until` neither.
pub async fn purge_forgets_no_live_nonce(guard: &Part) {
    let live = [0, 1, 2].map(|seconds| entry("app", None, "n").stamped(seconds));
    for entry in &live {
        assert_eq!(entry.at(guard, 10).await, Remembered::Fresh);
    }
    assert_eq!(guard.purge(later(300), 100).await.unwrap(), 0);
    for entry in &live {
        assert_eq!(entry.at(guard, 300).await, Remembered::Replayed);
    }
    guard.purge(later(301), 100).await.unwrap();
    for entry in live.iter().skip(1) {
        assert_eq!(entry.at(guard, 301).await, Remembered::Replayed);
    }
}

/// The second after `keep_until` a nonce goes, and is counted once.
pub async fn purge_forgets_dead_nonces_once(guard: &Part) {
    for text in ["n1", "n2", "n3"] {
        assert_eq!(
            entry("app", None, text).at(guard, 0).await,
            Remembered::Fresh
        );
    }
    let live = entry("app", None, "n").stamped(100);
    assert_eq!(live.at(guard, 100).await, Remembered::Fresh);
    assert_eq!(guard.purge(later(301), 100).await.unwrap(), 3);
    assert_eq!(guard.purge(later(301), 100).await.unwrap(), 0);
    assert_eq!(live.at(guard, 301).await, Remembered::Replayed);
}

/// Called until it finds none, purge forgets all; how many a call, is the guard's affair.
pub async fn purge_called_until_zero_forgets_all(guard: &Part) {
    for (number, text) in ["n1", "n2", "n3", "n4", "n5"].into_iter().enumerate() {
        let stamp = u64::from(number >= 3);
        let entry = entry("app", None, text).stamped(stamp);
        assert_eq!(entry.at(guard, 1).await, Remembered::Fresh);
    }
    let mut forgotten = 0;
    for _ in 0..5 {
        forgotten += guard.purge(later(1_000), 2).await.unwrap();
    }
    assert_eq!(forgotten, 5);
    assert_eq!(guard.purge(later(1_000), 2).await.unwrap(), 0);
}
