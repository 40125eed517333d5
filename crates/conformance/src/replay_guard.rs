//! What every replay guard must do.

use std::sync::Arc;

use oauth1_provider::{
    Remembered, ReplayEntry, ReplayGuard,
    core::{ConsumerKey, Nonce, Timestamp, TokenKey},
};

async fn remember(guard: &dyn ReplayGuard, entry: (&str, Option<&str>, u64, &str)) -> Remembered {
    let (consumer, token, timestamp, nonce) = entry;
    let token = token.map(|token| TokenKey::new(token).unwrap());
    let entry = ReplayEntry {
        consumer: &ConsumerKey::new(consumer).unwrap(),
        token: token.as_ref(),
        timestamp: Timestamp::from_secs(timestamp),
        nonce: &Nonce::new(nonce).unwrap(),
        keep_until: Timestamp::from_secs(timestamp + 300),
        now: Timestamp::from_secs(1_000),
    };
    guard.remember(&entry).await.unwrap()
}

/// Runs the suite on an empty guard without a birth.
pub async fn replay_guard(guard: Arc<dyn ReplayGuard>) {
    let long = "n".repeat(256);
    // Each differs from the others in one part, or in where the parts meet.
    let entries = [
        ("c", None, 1_000, "n"),
        ("d", None, 1_000, "n"),
        ("c", Some("t"), 1_000, "n"),
        ("c", Some("u"), 1_000, "n"),
        ("c", None, 1_001, "n"),
        ("c", None, 1_000, "N"),
        ("c", None, 1_000, "ñ☃"),
        ("ct", None, 1_000, "n"),
        ("c", None, 1_000, "tn"),
        ("c", None, 1_000, long.as_str()),
        ("a:b", None, 1_000, "c"),
        ("a", None, 1_000, "b:c"),
    ];
    for entry in entries {
        assert_eq!(
            remember(&*guard, entry).await,
            Remembered::Fresh,
            "{entry:?}"
        );
    }
    for entry in entries {
        assert_eq!(
            remember(&*guard, entry).await,
            Remembered::Replayed,
            "{entry:?}"
        );
    }
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let guard = Arc::clone(&guard);
            tokio::spawn(async move { remember(&*guard, ("c", None, 1_000, "race")).await })
        })
        .collect();
    let mut fresh = 0;
    for task in tasks {
        fresh += u32::from(task.await.unwrap() == Remembered::Fresh);
    }
    assert_eq!(fresh, 1, "one of many that race");
    guard
        .purge(Timestamp::from_secs(1_300), 1_000)
        .await
        .unwrap();
    let kept = remember(&*guard, ("c", None, 1_000, "n")).await;
    assert_eq!(
        kept,
        Remembered::Replayed,
        "kept as long as it could be accepted"
    );
    assert!(
        guard
            .purge(Timestamp::from_secs(1_301), 1_000)
            .await
            .unwrap()
            > 0
    );
}
