//! The replay guard in memory: bounds, clocks that jump, many threads.

use std::{sync::Arc, thread, time::Duration};

use oauth1_provider::{
    Entropy, EntropyError, MemoryReplayGuard, Remembered, ReplayEntry, ReplayGuard, StoreError,
    core::{ConsumerKey, Timestamp},
};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

fn later(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

#[expect(clippy::unwrap_used, reason = "constants are well-formed")]
/// A request with this timestamp, sent at `now`.
fn remember(
    guard: &MemoryReplayGuard,
    nonce: &str,
    timestamp: Timestamp,
    now: Timestamp,
) -> Result<Remembered, StoreError> {
    let entry = ReplayEntry {
        consumer: &ConsumerKey::new("app").unwrap(),
        token: None,
        timestamp,
        nonce: nonce.as_bytes(),
        keep_until: timestamp.plus(Duration::from_secs(300)),
        now,
    };
    guard.remember_now(&entry).unwrap()
}

fn fresh(guard: &MemoryReplayGuard, nonce: &str, timestamp: Timestamp, now: Timestamp) -> bool {
    matches!(
        remember(guard, nonce, timestamp, now),
        Ok(Remembered::Fresh)
    )
}

#[test]
fn a_full_guard_refuses_new_nonces_and_knows_the_old_until_they_expire() {
    let guard = MemoryReplayGuard::without_history().with_capacity(3);
    for nonce in ["a", "b", "c"] {
        assert!(fresh(&guard, nonce, NOW, NOW));
    }
    assert!(matches!(
        remember(&guard, "d", NOW, NOW),
        Err(StoreError::Full)
    ));
    assert!(matches!(
        remember(&guard, "a", NOW, NOW),
        Ok(Remembered::Replayed)
    ));
    assert!(matches!(
        remember(&guard, "d", later(300), later(300)),
        Err(StoreError::Full)
    ));
    assert!(fresh(&guard, "d", later(301), later(301)));
}

#[test]
fn a_replay_takes_no_place() {
    let guard = MemoryReplayGuard::without_history().with_capacity(2);
    assert!(fresh(&guard, "a", NOW, NOW));
    for _ in 0..10 {
        assert!(!fresh(&guard, "a", NOW, NOW));
    }
    assert!(fresh(&guard, "b", NOW, NOW));
}

#[tokio::test]
async fn what_was_forgotten_is_refused_when_the_clock_jumps_back() {
    let guard = MemoryReplayGuard::without_history();
    assert!(fresh(&guard, "n", NOW, NOW));
    assert!(fresh(&guard, "other", later(10_000), later(10_000)));
    assert!(!fresh(&guard, "n", NOW, later(1)));
    // Sweep all, so that all is forgotten.
    guard.purge(later(10_000), 1).await.unwrap();
    let found = remember(&guard, "n", NOW, later(1)).unwrap();
    assert_eq!(found, Remembered::TooOld);
}

#[test]
fn a_nonce_is_found_again_when_the_window_has_grown() {
    let guard = MemoryReplayGuard::without_history();
    assert!(fresh(&guard, "n", NOW, NOW));
    let consumer = ConsumerKey::new("app").unwrap();
    let entry = ReplayEntry {
        consumer: &consumer,
        token: None,
        timestamp: NOW,
        nonce: b"n",
        keep_until: later(600),
        now: later(1),
    };
    assert_eq!(
        guard.remember_now(&entry).unwrap().unwrap(),
        Remembered::Replayed
    );
}

#[derive(Debug)]
struct NoEntropy;

impl Entropy for NoEntropy {
    fn fill(&self, _: &mut [u8]) -> Result<(), EntropyError> {
        Err(EntropyError::new())
    }
}

#[test]
fn without_randomness_nothing_is_accepted() {
    let guard = MemoryReplayGuard::without_history().with_entropy(&NoEntropy);
    assert!(matches!(
        remember(&guard, "n", NOW, NOW),
        Err(StoreError::Unavailable(_))
    ));
}

#[test]
fn threads_that_fill_one_second_share_the_places_and_lose_nothing() {
    const EACH: usize = 20_000;
    let guard = Arc::new(MemoryReplayGuard::without_history().with_capacity(4 * EACH));
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let guard = Arc::clone(&guard);
            thread::spawn(move || {
                let name = |number| format!("{thread} {number}");
                (0..EACH).for_each(|number| assert!(fresh(&guard, &name(number), NOW, NOW)));
                (0..EACH).for_each(|number| assert!(!fresh(&guard, &name(number), NOW, NOW)));
            })
        })
        .collect();
    threads
        .into_iter()
        .for_each(|thread| thread.join().unwrap());
    assert!(matches!(
        remember(&guard, "one more", NOW, NOW),
        Err(StoreError::Full)
    ));
}

#[tokio::test]
async fn purge_gives_every_place_back() {
    let guard = MemoryReplayGuard::without_history().with_capacity(100_000);
    for second in 0..10 {
        for number in 0..10_000 {
            assert!(fresh(
                &guard,
                &number.to_string(),
                later(second),
                later(second)
            ));
        }
    }
    assert_eq!(guard.purge(later(304), 1).await.unwrap(), 40_000);
    assert_eq!(guard.purge(later(1_000), 1).await.unwrap(), 60_000);
    for number in 0..100_000 {
        assert!(fresh(
            &guard,
            &number.to_string(),
            later(1_000),
            later(1_000)
        ));
    }
}
