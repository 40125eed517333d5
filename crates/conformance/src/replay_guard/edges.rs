//! Texts and times at their limits, and clocks that jump.

use oauth1_provider::Remembered;

use super::{
    Part,
    fixture::{assert_distinct, entry},
};

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
