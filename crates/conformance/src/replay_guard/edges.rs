//! Texts and times at their limits, and clocks that jump.

use oauth1_provider::{Remembered, core::Timestamp};

use super::{
    Part,
    fixture::{assert_distinct, entry},
};
use crate::later;

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

/// By another process's clock, or one that was set back.
pub async fn a_clock_that_goes_back_makes_nothing_fresh(guard: &Part) {
    let kept = entry("app", None, "n").stamped(200);
    assert_eq!(kept.at(guard, 200).await, Remembered::Fresh);
    for seconds in [199, 100, 0] {
        let other = entry("app", None, &seconds.to_string()).stamped(seconds);
        assert_eq!(other.at(guard, seconds).await, Remembered::Fresh);
        assert_ne!(kept.at(guard, seconds).await, Remembered::Fresh);
    }
}

/// What was forgotten too early is not accepted when the clock is right again.
pub async fn a_clock_that_went_ahead_and_back_makes_nothing_fresh(guard: &Part) {
    let kept = ["n1", "n2", "n3"].map(|text| entry("app", Some("t"), text));
    for entry in &kept {
        assert_eq!(entry.at(guard, 0).await, Remembered::Fresh);
    }
    for number in 0..100_u64 {
        let ahead = 5_000 + number;
        let other = entry("app", None, "ahead").stamped(ahead);
        assert_eq!(other.at(guard, ahead).await, Remembered::Fresh);
    }
    guard.purge(later(5_000), 1_000).await.unwrap();
    for entry in &kept {
        assert_ne!(entry.at(guard, 20).await, Remembered::Fresh);
    }
}

/// An error is fine, twice fresh is not.
pub async fn timestamps_at_the_ends_of_the_scale_are_not_fresh_twice(guard: &Part) {
    for seconds in [0, 1, u64::MAX / 2, u64::MAX - 1, u64::MAX] {
        let mut extreme = entry("app", None, "n");
        extreme.timestamp = Timestamp::from_secs(seconds);
        for keep_until in [extreme.keep_until, Timestamp::from_secs(u64::MAX)] {
            extreme.keep_until = keep_until;
            let answers = [extreme.ask(guard, 0).await, extreme.ask(guard, 0).await];
            let fresh = answers.iter().flatten();
            let fresh = fresh.filter(|found| **found == Remembered::Fresh).count();
            assert!(fresh <= 1, "{seconds}: {answers:?}");
        }
    }
}
