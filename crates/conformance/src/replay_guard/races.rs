//! Many at once, of which one is fresh.

use std::sync::Arc;

use oauth1_provider::Remembered;

use super::{Part, fixture::entry};
use crate::race;

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
