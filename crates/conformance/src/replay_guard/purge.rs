//! What is dead goes, and nothing else.

use oauth1_provider::Remembered;

use super::{Part, fixture::entry};
use crate::later;

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
