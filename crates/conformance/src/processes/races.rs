//! Many processes at once, of which one wins.

use std::collections::HashMap;

use oauth1_provider::{Consumer, Created, core::Secret};

use super::{
    PRIZES, PROCESSES, Part, Processes,
    jobs::{app, request_token, secrets},
};
use crate::{later, user};

/// Tables make themselves, say, and one process does it.
pub async fn processes_that_start_at_once_all_open(
    processes: &Processes,
    open: impl AsyncFn() -> Part,
) {
    assert_eq!(processes.race("open", 10), ["opened"; 10]);
    let (manager, ..) = open().await;
    assert!(manager.find(&app()).await.unwrap().is_none());
}

/// Of a request that is sent to all, one is accepted.
pub async fn one_of_racing_processes_is_remembered(
    processes: &Processes,
    _: impl AsyncFn() -> Part,
) {
    each_prize_is_won_once(processes, "remember");
}

/// Each prize is won exactly once, whichever process it is.
pub async fn one_of_racing_processes_decides_exchanges_and_renews(
    processes: &Processes,
    open: impl AsyncFn() -> Part,
) {
    let part = open().await;
    let (_, store, _) = &part;
    create_consumer(&part).await;
    for prize in 0..PRIZES {
        let token = request_token(prize);
        store.create_request_token(&token).await.unwrap();
    }
    for job in ["decide", "exchange", "renew"] {
        each_prize_is_won_once(processes, job);
    }
    // No loser has left an access token behind.
    let mut tokens = 0;
    for process in 0..PROCESSES {
        let user = user(&format!("user {process}"));
        tokens += store.access_tokens_of(&user).await.unwrap().len();
    }
    assert_eq!(tokens, PRIZES);
}

/// One process rotates the secret while the others disable: had one of them written what it read
/// before a rotation, that rotation would be undone, which its process notices at once or the next
/// time.
pub async fn changes_of_a_consumer_by_racing_processes_are_never_lost(
    processes: &Processes,
    open: impl AsyncFn() -> Part,
) {
    let part = open().await;
    create_consumer(&part).await;
    assert_eq!(processes.race("rotate", PROCESSES), ["rotated"]);
    let consumer = part.0.find(&app()).await.unwrap().unwrap();
    let last = [PRIZES - 1, PRIZES - 2].map(|change| change.to_string());
    assert_eq!(secrets(&consumer), last);
    // Each process that disables does so for good at last.
    assert_eq!(consumer.disabled.as_deref(), Some("for good"));
}

fn each_prize_is_won_once(processes: &Processes, job: &str) {
    let mut won = HashMap::<String, u32>::new();
    for answer in processes.race(job, PROCESSES) {
        *won.entry(answer).or_default() += 1;
    }
    assert_eq!(won.len(), PRIZES, "{job}: {won:?}");
    assert!(won.values().all(|times| *times == 1), "{job}: {won:?}");
}

pub(super) async fn create_consumer((manager, ..): &Part) {
    let consumer = Consumer::new(app(), Secret::from("first"), "App", later(0));
    assert_eq!(manager.create(&consumer).await.unwrap(), Created::Created);
}
