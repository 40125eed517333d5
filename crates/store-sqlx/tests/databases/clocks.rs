//! Clocks of several processes that differ.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use oauth1_provider::{
    Clock, Remembered, ReplayEntry, ReplayGuard, SystemClock,
    core::{ConsumerKey, Timestamp},
};
use oauth1_store_sqlx::SqlStore;

use crate::common::Place;

async fn remember(store: &SqlStore, now: Timestamp) -> Remembered {
    let entry = ReplayEntry {
        consumer: &ConsumerKey::new("app").unwrap(),
        token: None,
        timestamp: now,
        nonce: b"n",
        keep_until: now.plus(Duration::from_secs(300)),
        now,
    };
    store.remember(&entry).await.unwrap()
}

/// The database's own clock keeps the nonces of all from a process whose clock is wrong.
#[tokio::test]
async fn a_process_whose_clock_is_ahead_makes_no_other_forget() {
    for place in [Place::sqlite(), Place::postgres(), Place::mysql()] {
        let (right, ahead) = (place.open().await, place.open().await);
        let now = SystemClock::default().now();
        assert_eq!(remember(&right, now).await, Remembered::Fresh);
        let tomorrow = now.plus(Duration::from_secs(86_400));
        assert_eq!(ahead.purge(tomorrow, 100).await.unwrap(), 0);
        for store in [&right, &ahead] {
            assert_eq!(remember(store, now).await, Remembered::Replayed);
        }
    }
}
