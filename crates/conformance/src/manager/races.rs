//! Many at once, of which one wins.

use std::sync::Arc;

use oauth1_provider::Created;

use super::{
    Part,
    fixture::{assert_same, create, find, plain},
};
use crate::{consumer_key, race};

/// Of callers that create one key at once, one gets `Created`, and its consumer is kept.
pub async fn one_of_racing_creates_wins(manager: &Part) {
    let answers = race(|number| {
        let manager = Arc::clone(manager);
        async move {
            let consumer = plain("app", &number.to_string());
            manager.create(&consumer).await.unwrap()
        }
    })
    .await;
    let winners: Vec<_> = (0..answers.len())
        .filter(|at| answers.get(*at) == Some(&Created::Created))
        .collect();
    let [winner] = winners.as_slice() else {
        panic!("{} callers got Created", winners.len());
    };
    let kept = find(manager, "app").await.unwrap();
    assert_same(&kept, &plain("app", &winner.to_string()));
}

/// Of callers that delete one consumer at once, one is told that it was there.
pub async fn one_of_racing_deletes_wins(manager: &Part) {
    create(manager, &plain("app", "s")).await;
    let answers = race(|_| {
        let manager = Arc::clone(manager);
        async move { manager.delete(&consumer_key("app")).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|deleted| **deleted).count(), 1);
}
