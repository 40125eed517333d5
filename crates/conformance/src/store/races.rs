//! Many at once, of which one wins.

use std::sync::Arc;

use oauth1_provider::{Decided, Decision, Exchanged, Renewed, RequestTokenState};

use super::{
    Part,
    fixture::{
        LIMIT, approval, attempt, create, create_approved, decide, exchange, find, grant_session,
        listed, prepare, renew, renewal,
    },
};
use crate::{race, user};

/// However many exchange at once, one gets an access token, and one is kept.
pub async fn one_of_racing_exchanges_wins(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    let answers = race(|number| {
        let store = Arc::clone(&store);
        async move { attempt(&store, &exchange("token", "right", &number.to_string())).await }
    })
    .await;
    let mut winners = Vec::new();
    for answer in answers {
        match answer {
            Exchanged::Exchanged(token) => winners.push(token.key.as_str().to_owned()),
            other => assert!(matches!(other, Exchanged::NotFound), "{other:?}"),
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(listed(&store, "ann").await, winners);
}

/// Guessing in parallel buys no further guess.
pub async fn racing_guesses_get_no_more_than_the_limit(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    let answers = race(|number| {
        let store = Arc::clone(&store);
        async move { attempt(&store, &exchange("token", &format!("w{number}"), "access")).await }
    })
    .await;
    let guesses = answers
        .iter()
        .filter(|answer| matches!(answer, Exchanged::WrongVerifier));
    assert_eq!(guesses.count(), usize::try_from(LIMIT).unwrap());
    assert!(find(&store, "token").await.is_none());
}

/// However many approve at once, one user's approval is kept.
pub async fn one_of_racing_approvals_wins(part: &Part) {
    let store = prepare(part).await;
    create(&store, "token").await;
    let answers = race(|number| {
        let store = Arc::clone(&store);
        async move { decide(&store, "token", &approval("token", &number.to_string()), 1).await }
    })
    .await;
    let winners: Vec<_> = (0..answers.len())
        .filter(|at| answers.get(*at) == Some(&Decided::Decided))
        .collect();
    let [winner] = winners.as_slice() else {
        panic!("{} approvals were decided", winners.len());
    };
    let state = find(&store, "token").await.unwrap().state;
    let approver = user(&winner.to_string());
    assert_eq!(state, RequestTokenState::Authorized(approver));
}

/// Approval and denial at once: one holds, and the token is as the winner says.
pub async fn one_of_racing_approvals_and_denials_wins(part: &Part) {
    let store = prepare(part).await;
    create(&store, "token").await;
    let answers = race(|number| {
        let store = Arc::clone(&store);
        async move {
            let decision = match number % 2 {
                0 => approval("token", "ann"),
                _ => Decision::Deny,
            };
            let decided = decide(&store, "token", &decision, 1).await;
            (decided, matches!(decision, Decision::Approve { .. }))
        }
    })
    .await;
    let winners: Vec<_> = answers
        .iter()
        .filter(|(decided, _)| *decided == Decided::Decided)
        .collect();
    let [(_, approved)] = winners.as_slice() else {
        panic!("{} decisions held", winners.len());
    };
    assert_eq!(find(&store, "token").await.is_some(), *approved);
}

/// However many renew at once, there is one new token.
pub async fn one_of_racing_renewals_wins(part: &Part) {
    let store = prepare(part).await;
    grant_session(&store, "old").await;
    let answers = race(|number| {
        let store = Arc::clone(&store);
        async move { renew(&store, &renewal("old", &format!("new {number}"), 15), 5).await }
    })
    .await;
    let mut winners = Vec::new();
    for answer in &answers {
        match answer {
            Renewed::Renewed(token) => winners.push(token.key.as_str().to_owned()),
            other => assert!(matches!(other, Renewed::NotFound), "{other:?}"),
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(listed(&store, "ann").await, winners);
}
