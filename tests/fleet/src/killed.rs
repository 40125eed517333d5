//! Processes that die in the middle of whatever they do.

use std::{
    thread,
    time::{Duration, Instant},
};

use black_box::{Program, Token, with};

use crate::{
    connection::Signed,
    load::{Load, nonce},
    node::Fleet,
};

/// How long processes are killed.
const SPAN: Duration = Duration::from_secs(60);
/// How many requests are accepted between two kills.
const BETWEEN: usize = 40;

pub fn kill_9_in_a_loop_loses_no_acknowledged_token_and_accepts_nothing_twice(program: &Program) {
    let fleet = Fleet::start(program);
    let load = Load::default();
    let mut kills = 0;
    thread::scope(|scope| {
        let _end = load.end_afterwards();
        for _ in 0..3 {
            scope.spawn(|| load.client(&fleet));
        }
        for number in 0..3 {
            let (load, fleet) = (&load, &fleet);
            scope.spawn(move || {
                load.three_legged_client(fleet, |token| approve(fleet, number, token));
            });
        }
        let start = Instant::now();
        // A sequence without a pattern, the same in each run.
        let mut random = 5_849_usize;
        while start.elapsed() < SPAN {
            load.wait_for(BETWEEN, 200);
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            fleet.kill_9(random >> 33);
            kills += 1;
        }
    });
    load.assert_accepted_once(&[200, 401]);
    let tokens = load.tokens();
    assert!(
        kills > 10 && tokens.len() > 10,
        "{kills} kills, {} tokens",
        tokens.len()
    );
    for (number, token) in tokens.iter().enumerate() {
        let request = Signed::new(&with(token), "GET", "/api/user", &nonce(load.number()));
        let answer = request.send_to(fleet.address(number)).unwrap();
        assert_eq!(
            answer.status,
            200,
            "token {number} of {}: {answer:?}",
            tokens.len()
        );
    }
}

/// A user's approval at one process, while it is not killed.
fn approve(fleet: &Fleet, number: usize, token: &Token) -> Option<String> {
    fleet.with(number, |demo| {
        let browser = demo.browser().log_in(&token.key, "demo", "demo");
        Some(browser.approve().code())
    })
}
