//! What is sent to all processes at once counts once.

use std::{
    collections::HashSet,
    sync::{
        Barrier, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use black_box::{Program, Token, app, with};

use crate::{
    connection::{Connection, Signed},
    load::nonce,
    node::{Fleet, NODES},
};

/// How many requests are under way at each process.
const LANES: usize = 8;

/// Sends each group's requests to all processes at the same moment, and gives what each answered.
fn race(fleet: &Fleet, groups: &[[Signed; NODES]], answer: impl Fn(usize, u16, String) + Sync) {
    let next = AtomicUsize::new(0);
    let answer = &answer;
    thread::scope(|scope| {
        for _ in 0..LANES {
            let lane = next.fetch_add(1, Ordering::Relaxed);
            let start = std::sync::Arc::new(Barrier::new(NODES));
            for number in 0..NODES {
                let (start, address) = (std::sync::Arc::clone(&start), fleet.address(number));
                scope.spawn(move || {
                    let mut connection = Connection::open(address).unwrap();
                    for group in (lane..groups.len()).step_by(LANES) {
                        start.wait();
                        let got = connection.send(&groups[group][number]).unwrap();
                        answer(group, got.status, got.body);
                    }
                });
            }
        }
    });
}

pub fn thousand_requests_sent_to_all_three_are_accepted_once_each(program: &Program) {
    accepted_once_each(&Fleet::start(program), 1_000);
}

pub fn one_sqlite_file_is_enough_for_three_processes(program: &Program) {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("oauth1.db").display());
    let fleet = Fleet::start_on(program, &database, None);
    accepted_once_each(&fleet, 200);
    exchanged_once_each(&fleet, 50);
}

fn accepted_once_each(fleet: &Fleet, count: usize) {
    let requests: Vec<_> = (0..count)
        .map(|number| {
            let nonce = nonce(number);
            let request = Signed::new(&app(), "GET", "/api/consumer", &nonce);
            std::array::from_fn(|_| request.clone())
        })
        .collect();
    let accepted = Mutex::new(vec![0; count]);
    race(fleet, &requests, |request, status, body| {
        assert!(matches!(status, 200 | 401), "{status}: {body}");
        accepted.lock().unwrap()[request] += usize::from(status == 200);
    });
    let accepted = accepted.into_inner().unwrap();
    assert!(accepted.iter().all(|times| *times == 1), "{accepted:?}");
}

pub fn two_hundred_exchanges_raced_on_all_three_give_two_hundred_tokens(program: &Program) {
    exchanged_once_each(&Fleet::start(program), 200);
}

fn exchanged_once_each(fleet: &Fleet, count: usize) {
    let requests: Vec<_> = (0..count)
        .map(|number| {
            let (token, code) = approved(fleet, number);
            let signer = with(&token).with_parameter("oauth_verifier", code);
            std::array::from_fn(|node| {
                let nonce = nonce(1_000 + number * NODES + node);
                Signed::new(&signer, "POST", "/oauth/access_token", &nonce)
            })
        })
        .collect();
    let tokens = Mutex::new(vec![Vec::new(); count]);
    race(fleet, &requests, |exchange, status, body| {
        assert!(matches!(status, 200 | 401), "{status}: {body}");
        if status == 200 {
            tokens.lock().unwrap()[exchange].push(body);
        }
    });
    let tokens = tokens.into_inner().unwrap();
    assert!(tokens.iter().all(|given| given.len() == 1), "{tokens:?}");
    let different: HashSet<_> = tokens.iter().flatten().collect();
    assert_eq!(different.len(), count);
    for (number, body) in tokens.iter().flatten().enumerate() {
        let signer = with(&Token::of_form(body));
        let request = Signed::new(&signer, "GET", "/api/user", &nonce(10_000 + number));
        let answer = request.send_to(fleet.address(number)).unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

/// A request token of one process, approved at another, with its verifier.
fn approved(fleet: &Fleet, number: usize) -> (Token, String) {
    let token = fleet.with(number, |demo| demo.request_token("oob"));
    let code = fleet.with(number + 1, |demo| {
        demo.browser()
            .log_in(&token.key, "demo", "demo")
            .approve()
            .code()
    });
    (token, code)
}
