//! Clients that work on while processes and services come and go.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use black_box::{Token, app, with};

use crate::{
    connection::{Answer, Signed},
    node::Fleet,
};

/// What clients were told.
#[derive(Debug, Default)]
pub(crate) struct Load {
    over: AtomicBool,
    numbers: AtomicUsize,
    told: Mutex<Told>,
    more: Condvar,
}

#[derive(Debug, Default)]
struct Told {
    /// Access tokens that a client got.
    tokens: Vec<Token>,
    /// How often each request was accepted, by its number.
    accepted: HashMap<usize, usize>,
    /// How many answers there were of each status.
    answers: HashMap<u16, usize>,
    /// Connections that broke.
    broken: usize,
}

impl Load {
    /// A client: signs, sends to each process in turn what it signed, until the load is over.
    pub(crate) fn client(&self, fleet: &Fleet) {
        while !self.over.load(Ordering::SeqCst) {
            let number = self.number();
            let request = Signed::new(&app(), "GET", "/api/consumer", &nonce(number));
            for node in 0..crate::node::NODES {
                self.send(number, &request, fleet.address(number + node));
            }
        }
    }

    /// A client that asks for tokens; users approve at whichever process still stands.
    pub(crate) fn three_legged_client(
        &self,
        fleet: &Fleet,
        approve: impl Fn(&Token) -> Option<String>,
    ) {
        while !self.over.load(Ordering::SeqCst) {
            let _ = self.three_legs(fleet, &approve);
        }
    }

    fn three_legs(&self, fleet: &Fleet, approve: impl Fn(&Token) -> Option<String>) -> Option<()> {
        let number = self.number();
        let asks = app().with_parameter("oauth_callback", "oob");
        let request = Signed::new(&asks, "POST", "/oauth/request_token", &nonce(number));
        let token = self.send(number, &request, fleet.address(number))?;
        let token = Token::of_form(&ok(token)?);
        let code = approve(&token)?;
        let number = self.number();
        let exchanges = with(&token).with_parameter("oauth_verifier", code);
        let request = Signed::new(&exchanges, "POST", "/oauth/access_token", &nonce(number));
        let access = self.send(number, &request, fleet.address(number))?;
        let access = Token::of_form(&ok(access)?);
        self.told.lock().unwrap().tokens.push(access);
        Some(())
    }

    /// Sends a request and keeps what came of it; `None` if the connection broke.
    pub(crate) fn send(&self, number: usize, request: &Signed, to: SocketAddr) -> Option<Answer> {
        let answer: io::Result<Answer> = request.send_to(to);
        let mut told = self.told.lock().unwrap();
        self.more.notify_all();
        let Ok(answer) = answer else {
            told.broken += 1;
            return None;
        };
        *told.answers.entry(answer.status).or_default() += 1;
        if answer.status == 200 {
            *told.accepted.entry(number).or_default() += 1;
        }
        Some(answer)
    }

    pub(crate) fn number(&self) -> usize {
        self.numbers.fetch_add(1, Ordering::SeqCst)
    }

    /// Waits until there were so many more answers of a status.
    pub(crate) fn wait_for(&self, more: usize, status: u16) {
        let count = |told: &Told| told.answers.get(&status).copied().unwrap_or_default();
        let told = self.told.lock().unwrap();
        let wanted = count(&told) + more;
        let waiting = |told: &mut Told| count(told) < wanted;
        let limit = Duration::from_secs(120);
        let (told, waited) = self.more.wait_timeout_while(told, limit, waiting).unwrap();
        assert!(!waited.timed_out(), "no {more} more of {status}: {told:?}");
    }

    /// Ends the load when it is dropped: also by a panic, else the clients would go on for ever.
    pub(crate) fn end_afterwards(&self) -> End<'_> {
        End(self)
    }

    /// Nothing was accepted twice, and no answer was anything but these.
    pub(crate) fn assert_accepted_once(&self, statuses: &[u16]) {
        let told = self.told.lock().unwrap();
        let twice: Vec<_> = told
            .accepted
            .iter()
            .filter(|(_, times)| **times > 1)
            .collect();
        assert!(twice.is_empty(), "{twice:?}");
        let all_known = told.answers.keys().all(|status| statuses.contains(status));
        assert!(all_known, "{:?}", told.answers);
    }

    pub(crate) fn tokens(&self) -> Vec<Token> {
        self.told.lock().unwrap().tokens.clone()
    }
}

/// Ends a load.
#[derive(Debug)]
pub(crate) struct End<'l>(&'l Load);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::SeqCst);
    }
}

pub(crate) fn nonce(number: usize) -> String {
    use std::sync::OnceLock;
    static RUN: OnceLock<String> = OnceLock::new();
    let run = RUN.get_or_init(|| {
        let start = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
        format!("{}-{}", std::process::id(), start.as_nanos())
    });
    format!("load-{run}-{number}")
}

fn ok(answer: Answer) -> Option<String> {
    (answer.status == 200).then_some(answer.body)
}
