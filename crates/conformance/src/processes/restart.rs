//! A process that is killed in the middle of its work, and the next one.

use oauth1_provider::Remembered;

use super::{
    Part, Processes,
    jobs::{access_token, app, remember},
    races::create_consumer,
};

/// How many answers a process gives before it is killed.
const ANSWERS: usize = 60;

fn numbers(won: &[String], what: &str) -> Vec<usize> {
    let of_these = won.iter().filter_map(|line| line.strip_prefix(what));
    of_these
        .map(|number| number.trim().parse().unwrap())
        .collect()
}

/// No request that it accepted is accepted again.
pub async fn what_a_killed_process_remembered_is_not_fresh(
    processes: &Processes,
    open: impl AsyncFn() -> Part,
) {
    let won = processes.kill_after("live", ANSWERS);
    let nonces = numbers(&won, "nonce");
    assert!(nonces.len() >= ANSWERS / 2);
    let part = open().await;
    for nonce in nonces {
        assert_ne!(remember(&part, nonce).await, Remembered::Fresh, "{nonce}");
    }
}

/// What was acknowledged is durable.
pub async fn what_a_killed_process_was_told_of_tokens_is_there(
    processes: &Processes,
    open: impl AsyncFn() -> Part,
) {
    create_consumer(&open().await).await;
    let won = processes.kill_after("live", ANSWERS);
    let tokens = numbers(&won, "token");
    assert!(tokens.len() >= ANSWERS / 2 - 1);
    let (_, store, _) = open().await;
    for token in tokens {
        let found = store.access_token(&app(), &access_token(0, token)).await;
        assert!(found.unwrap().is_some(), "{token}");
    }
}
