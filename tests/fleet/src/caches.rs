//! Caches of several processes: what one changes, the others see.

use std::{
    net::SocketAddr,
    process::Command,
    time::{Duration, Instant},
};

use black_box::{Program, consumer};
use oauth1_provider::core::Signer;

use crate::{
    connection::Signed,
    load::nonce,
    node::{Fleet, NODES},
    services,
};

/// So long that nothing but a notice can be the reason for what is seen.
const HOUR: &str = "3600";
/// By then a notice has arrived, on the busiest machine.
const LONGEST: Duration = Duration::from_secs(60);

/// A consumer of a test's own in the fleet's database, gone with it.
struct Consumer {
    program: Program,
    key: String,
    database: String,
}

impl Consumer {
    fn add(program: &Program, database: &str) -> Self {
        let consumer = Self {
            program: program.clone(),
            key: nonce(fresh_number()),
            database: database.to_owned(),
        };
        consumer.administer(&["add"], &["--secret", "the secret of before"]);
        consumer
    }

    /// A process of its own: `oauth1 consumer ACTION KEY ...`.
    fn administer(&self, action: &[&str], options: &[&str]) {
        let mut command = Command::new(self.program.path());
        command.arg("consumer").args(action).arg(&self.key);
        command.args(["--database", &self.database]).args(options);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    fn signer(&self, secret: &str) -> Signer {
        consumer(&self.key, secret)
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.administer(&["delete"], &[]);
    }
}

fn fresh_number() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(1_000_000_000);
    NEXT.fetch_add(1, Ordering::SeqCst)
}

fn status(address: SocketAddr, signer: &Signer) -> u16 {
    let request = Signed::new(signer, "GET", "/api/consumer", &nonce(fresh_number()));
    request.send_to(address).unwrap().status
}

/// Asks until it is so.
fn until(address: SocketAddr, signer: &Signer, expected: u16) {
    let start = Instant::now();
    while status(address, signer) != expected {
        assert!(start.elapsed() < LONGEST, "never {expected} at {address}");
    }
}

/// Entries last for an hour: only a notice makes three processes forget one. The change is made by
/// the process of an administrator, and then by a provider that starts with another secret.
pub fn what_one_process_changes_is_seen_by_the_others_at_once_by_notice(program: &Program) {
    let database = services::named("TEST_POSTGRES_URL");
    let channel = nonce(fresh_number());
    let redis = services::named("TEST_REDIS_URL");
    let redis = format!("{redis}?after_restart=past&prefix={channel}");
    let app = Consumer::add(program, &database);
    let options = ["--database", &database, "--replay", &redis, "--cache", HOUR];
    let fleet = Fleet::start_with(program, &options);
    let before = app.signer("the secret of before");
    for address in fleet.addresses() {
        assert_eq!(status(address, &before), 200);
    }
    app.administer(&["disable"], &["--notify", &redis]);
    for address in fleet.addresses() {
        until(address, &before, 401);
    }
    app.administer(&["enable"], &["--notify", &redis]);
    for address in fleet.addresses() {
        until(address, &before, 200);
    }
    let pair = format!("{}:the secret of now", app.key);
    let fourth = program.start(&[&options[..], &["--consumer", &pair]].concat());
    for address in fleet.addresses() {
        until(address, &before, 401);
        assert_eq!(status(address, &app.signer("the secret of now")), 200);
    }
    drop(fourth);
}

pub fn without_notices_a_change_is_seen_within_the_time_to_live(program: &Program) {
    let database = services::named("TEST_POSTGRES_URL");
    let app = Consumer::add(program, &database);
    let signer = app.signer("the secret of before");
    let options = |seconds| ["--database", &database, "--cache", seconds];
    let hour = program.start(&options(HOUR));
    let hour = hour.authority().parse().unwrap();
    let seconds = 2;
    let fleet = Fleet::start_with(program, &options(&seconds.to_string()));
    assert_eq!(status(hour, &signer), 200);
    for address in fleet.addresses() {
        assert_eq!(status(address, &signer), 200);
    }
    app.administer(&["disable"], &[]);
    // Caches count whole seconds: the one that has begun comes on top.
    let over = Instant::now() + Duration::from_secs(seconds + 1);
    let mut refused = [false; NODES];
    while !refused.iter().all(|refused| *refused) {
        for (address, refused) in fleet.addresses().into_iter().zip(&mut refused) {
            let late = Instant::now() >= over;
            *refused = status(address, &signer) == 401;
            assert!(*refused || !late, "accepted after the time to live");
        }
    }
    assert_eq!(status(hour, &signer), 200);
}
