//! What may happen once happens once, however many race.

use std::{collections::HashSet, sync::Barrier};

use crate::{Answer, FORM, Program, app, with};

const RACERS: usize = 50;

fn race(call: impl Fn() -> Answer + Sync) -> Vec<Answer> {
    let start = Barrier::new(RACERS);
    std::thread::scope(|scope| {
        let racers: Vec<_> = (0..RACERS)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    call()
                })
            })
            .collect();
        racers
            .into_iter()
            .map(|racer| racer.join().unwrap())
            .collect()
    })
}

pub fn fifty_parallel_exchanges_give_one_access_token(program: &Program) {
    let demo = program.start(&[]);
    let token = demo.request_token("oob");
    let verifier = demo
        .browser()
        .log_in(&token.key, "demo", "demo")
        .approve()
        .code();
    let answers = race(|| demo.exchange(&token, &verifier));
    let given: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .collect();
    assert_eq!(given.len(), 1);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer.status, 200 | 401)),
        "{answers:?}"
    );
    let access = given.first().unwrap().token();
    assert_eq!(demo.get(&with(&access), "/api/user").status, 200);
}

pub fn fifty_copies_of_one_request_are_accepted_once(program: &Program) {
    let demo = program.start(&[]);
    let header = demo
        .signed(&app(), "GET", "/api/whoami", "")
        .authorization();
    let answers = race(|| demo.send("GET", "/api/whoami", &[("authorization", &header)], ""));
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 401).count(),
        RACERS - 1
    );
}

pub fn fifty_request_tokens_are_all_different(program: &Program) {
    let demo = program.start(&[]);
    let signer = app().with_parameter("oauth_callback", "oob");
    let answers = race(|| demo.post(&signer, "/oauth/request_token"));
    let keys: HashSet<_> = answers.iter().map(|answer| answer.token().key).collect();
    assert_eq!(keys.len(), RACERS);
}

pub fn replay_is_refused_on_every_endpoint_and_transport(program: &Program) {
    let demo = program.start(&[]);
    let asking = app().with_parameter("oauth_callback", "oob");
    let token = demo.request_token("oob");
    let verifier = demo
        .browser()
        .log_in(&token.key, "demo", "demo")
        .approve()
        .code();
    let exchanging = with(&token).with_parameter("oauth_verifier", verifier);
    for (path, signer) in [
        ("/api/whoami", &app()),
        ("/oauth/request_token", &asking),
        ("/oauth/access_token", &exchanging),
    ] {
        let header = demo.signed(signer, "POST", path, "").authorization();
        let send = || {
            demo.send("POST", path, &[("authorization", &header)], "")
                .status
        };
        assert_eq!((send(), send()), (200, 401), "{path}");
    }
    let signer = app().with_transport(oauth1_provider::core::Transport::Body);
    let body = demo
        .signed(&signer, "POST", "/api/whoami", "a=1")
        .body()
        .unwrap();
    let send = || {
        demo.send(
            "POST",
            "/api/whoami",
            &[("content-type", FORM)],
            body.clone(),
        )
        .status
    };
    assert_eq!((send(), send()), (200, 401));
}
