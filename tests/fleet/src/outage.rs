//! Services that stop under load: 503 meanwhile, nothing let in, and no restart needed afterwards.

use std::thread;

use black_box::{Program, app, consumer};

use crate::{
    connection::Signed,
    load::{Load, nonce},
    node::{Fleet, NODES},
    services::Services,
};

/// How many answers are waited for before something happens.
const SOME: usize = 60;

pub fn database_that_stops_means_503_until_it_is_back(program: &Program) {
    let services = Services::start(&["postgres", "redis"]);
    outage(program, &services, "postgres");
}

pub fn redis_that_stops_means_503_until_it_is_back(program: &Program) {
    let services = Services::start(&["postgres", "redis"]);
    outage(program, &services, "redis");
}

fn outage(program: &Program, services: &Services, name: &str) {
    let (database, replay) = (
        services.url("TEST_POSTGRES_URL"),
        services.url("TEST_REDIS_URL"),
    );
    let fleet = Fleet::start_on(program, &database, Some(&replay));
    let load = while_clients_ask(&fleet, |load| {
        services.kill(name);
        load.wait_for(SOME, 503);
        for number in 0..NODES {
            nobody_gets_in(load, &fleet, number);
        }
        services.again(name);
        load.wait_for(SOME, 200);
    });
    every_process_answers(&load, &fleet);
}

/// Nothing that clients ask for is accepted twice, whatever happens after their first requests.
fn while_clients_ask(fleet: &Fleet, happens: impl FnOnce(&Load)) -> Load {
    let load = Load::default();
    thread::scope(|scope| {
        let _end = load.end_afterwards();
        for _ in 0..4 {
            scope.spawn(|| load.client(fleet));
        }
        load.wait_for(SOME, 200);
        happens(&load);
    });
    load.assert_accepted_once(&[200, 401, 503]);
    load
}

/// Each master has one replica, which a nonce must have before its request is accepted: the one
/// that takes over knows all of them.
pub fn killed_master_of_a_redis_cluster_lets_nothing_in_twice(program: &Program) {
    let services = Services::start(&["postgres", "redis-cluster"]);
    let database = services.url("TEST_POSTGRES_URL");
    let replay = services.url("TEST_REDIS_CLUSTER_URL");
    let fleet = Fleet::start_on(program, &database, Some(&format!("{replay}?replicas=1")));
    while_clients_ask(&fleet, |load| {
        services.kill("redis-cluster-1");
        // The slots of the one that is gone, until its replica has taken over.
        load.wait_for(1, 503);
        services.again("redis-cluster-1");
        every_slot_answers(load, &fleet);
    });
}

/// Sentinels make its replica the master. That one has no replica of its own until the old master
/// comes back as one: nothing is accepted before.
pub fn killed_master_behind_sentinels_lets_nothing_in_twice(program: &Program) {
    let services = Services::start(&["postgres", "redis-sentinel"]);
    let database = services.url("TEST_POSTGRES_URL");
    let replay = services.url("TEST_REDIS_SENTINEL_URL");
    let fleet = Fleet::start_on(program, &database, Some(&format!("{replay}?replicas=1")));
    let load = while_clients_ask(&fleet, |load| {
        services.kill("redis-master");
        for number in 0..NODES {
            nobody_gets_in(load, &fleet, number);
        }
        load.wait_for(SOME, 503);
        services.again("redis-master");
        load.wait_for(SOME, 200);
    });
    every_process_answers(&load, &fleet);
}

/// All have recovered, not just one of them.
fn every_process_answers(load: &Load, fleet: &Fleet) {
    for address in fleet.addresses() {
        let request = Signed::new(&app(), "GET", "/api/consumer", &nonce(load.number()));
        assert_eq!(request.send_to(address).unwrap().status, 200);
    }
}

/// So many in a row do not all miss the third of the slots that was gone.
fn every_slot_answers(load: &Load, fleet: &Fleet) {
    let mut in_a_row = 0;
    for _ in 0..5_000 {
        let number = load.number();
        let request = Signed::new(&app(), "GET", "/api/consumer", &nonce(number));
        match load.send(number, &request, fleet.address(number)) {
            Some(answer) if answer.status == 200 => in_a_row += 1,
            _ => in_a_row = 0,
        }
        if in_a_row == 40 {
            return;
        }
    }
    panic!("some slots never came back");
}

/// Neither who signs well nor who guesses.
fn nobody_gets_in(load: &Load, fleet: &Fleet, number: usize) {
    let request = Signed::new(&app(), "GET", "/api/consumer", &nonce(load.number()));
    let answer = request.send_to(fleet.address(number)).unwrap();
    assert_eq!(answer.status, 503, "{answer:?}");
    let forger = consumer("demo-consumer", "a guess");
    let request = Signed::new(&forger, "GET", "/api/consumer", &nonce(load.number()));
    let answer = request.send_to(fleet.address(number)).unwrap();
    assert!(matches!(answer.status, 401 | 503), "{answer:?}");
}
