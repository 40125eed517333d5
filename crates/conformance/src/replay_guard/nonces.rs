//! What makes a request another one.

use oauth1_provider::Remembered;

use super::{
    Part,
    fixture::{assert_distinct, entry},
};

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
