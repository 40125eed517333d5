//! What a process that a test has started does.

use std::{io::stdin, sync::Arc};

use oauth1_provider::{
    Consumer, ConsumerChange, Decided, Decision, Exchange, Exchanged, Realms, Remembered, Renewal,
    Renewed, ReplayEntry, RequestToken, RequestTokenState, Session, SessionHandleHash,
    VerifierHash,
    core::{Callback, ConsumerKey, Secret, SessionHandle, TokenKey, Verifier},
};
use tokio::task::JoinSet;

use super::{JOB, PRIZES, PROCESSES, Part};
use crate::{consumer_key, later, token_key, user};

/// Does the job that the environment names, if it names one. Called by the test
/// `process_of_another_test`.
pub fn serve(open: impl AsyncFn(String) -> Part) {
    let Ok(job) = std::env::var(JOB) else { return };
    let mut words = job.splitn(3, ' ');
    let mut word = || words.next().unwrap().to_owned();
    let (job, number, place) = (word(), word().parse().unwrap(), word());
    crate::run(async {
        // Opening races from the start; the rest is to find the parts open.
        let part = match job.as_str() {
            "open" => None,
            _ => Some(open(place.clone()).await),
        };
        say("ready");
        stdin().read_line(&mut String::new()).unwrap();
        match part {
            None => {
                open(place).await;
                say("won opened");
            }
            Some(part) => work(part, &job, number).await,
        }
    });
}

#[expect(clippy::print_stderr, reason = "a process answers on standard error")]
fn say(text: &str) {
    eprintln!("{text}");
}

async fn work(part: Part, job: &str, number: usize) {
    match job {
        "rotate" => return change_consumer(&part, number).await,
        "live" => return live(&part).await,
        _ => {}
    }
    let part = Arc::new(part);
    let mut tasks = JoinSet::new();
    for prize in 0..PRIZES {
        let (part, job) = (Arc::clone(&part), job.to_owned());
        tasks.spawn(async move {
            if try_for(&part, &job, number, prize).await {
                say(&format!("won {prize}"));
            }
        });
    }
    tasks.join_all().await;
}

/// One try of one process for one prize.
async fn try_for(part: &Part, job: &str, number: usize, prize: usize) -> bool {
    match job {
        "remember" => remember(part, prize).await == Remembered::Fresh,
        "decide" => decide(part, number, prize).await,
        "exchange" => exchange(part, number, prize).await,
        _ => renew(part, number, prize).await,
    }
}

pub(super) async fn remember(part: &Part, prize: usize) -> Remembered {
    let nonce = format!("nonce-{prize}");
    let entry = ReplayEntry {
        consumer: &app(),
        token: None,
        timestamp: later(0),
        nonce: nonce.as_bytes(),
        keep_until: later(300),
        now: later(0),
    };
    part.2.remember(&entry).await.unwrap()
}

async fn decide((_, store, _): &Part, number: usize, prize: usize) -> bool {
    let token = token("request", prize);
    let approval = Decision::Approve {
        user: user(&format!("user {number}")),
        verifier: verifier(&token),
        realms: Realms::default(),
    };
    store.decide(&token, &approval, later(1)).await.unwrap() == Decided::Decided
}

async fn exchange((_, store, _): &Part, number: usize, prize: usize) -> bool {
    let request_token = token("request", prize);
    let exchange = Exchange {
        consumer: app(),
        verifier: verifier(&request_token),
        attempts: 5,
        key: access_token(number, prize),
        secret: Secret::from("s"),
        expires: Some(later(100)),
        session: Some(Session {
            handle: handle(),
            expires: later(1_000),
        }),
        request_token,
    };
    let exchanged = store.exchange(&exchange, later(1)).await.unwrap();
    matches!(exchanged, Exchanged::Exchanged(_))
}

/// Whichever process exchanged it: the others' access tokens do not exist.
async fn renew((_, store, _): &Part, number: usize, prize: usize) -> bool {
    let mut renewals = 0;
    for exchanger in 0..PROCESSES {
        let renewal = Renewal {
            access_token: access_token(exchanger, prize),
            consumer: app(),
            handle: handle(),
            key: token(&format!("renewed-{number}"), prize),
            secret: Secret::from("s"),
            expires: later(200),
        };
        let renewed = store.renew(&renewal, later(1)).await.unwrap();
        renewals += u32::from(matches!(renewed, Renewed::Renewed(_)));
    }
    assert!(renewals <= 1);
    renewals == 1
}

/// The first process rotates the secret, the others disable.
async fn change_consumer((manager, ..): &Part, number: usize) {
    let mut before = "first".to_owned();
    for change in 0..PRIZES {
        if number != 0 {
            let last = change + 1 == PRIZES;
            let reason = if last { "for good" } else { "for now" };
            let disable = ConsumerChange::Disable(reason.to_owned());
            assert!(manager.update(&app(), &disable).await.unwrap());
            continue;
        }
        let secret = change.to_string();
        let rotate = ConsumerChange::Rotate {
            credential: Secret::from(secret.as_str()).into(),
            overlap_until: later(1_000),
        };
        assert!(manager.update(&app(), &rotate).await.unwrap());
        let consumer = manager.find(&app()).await.unwrap().unwrap();
        assert_eq!(secrets(&consumer), [secret.clone(), before]);
        before = secret;
    }
    if number == 0 {
        say("won rotated");
    }
}

/// Tokens and nonces without end, until it is killed.
async fn live(part: &Part) {
    for prize in 0.. {
        assert_eq!(remember(part, prize).await, Remembered::Fresh);
        say(&format!("won nonce {prize}"));
        if part.0.find(&app()).await.unwrap().is_none() {
            // Nonces only.
            continue;
        }
        let token = request_token(prize);
        part.1.create_request_token(&token).await.unwrap();
        assert!(decide(part, 0, prize).await && exchange(part, 0, prize).await);
        say(&format!("won token {prize}"));
    }
}

pub(super) fn request_token(prize: usize) -> RequestToken {
    RequestToken {
        key: token("request", prize),
        secret: Secret::from("s"),
        consumer: app(),
        callback: Callback::parse("oob").unwrap(),
        realms: Realms::default(),
        state: RequestTokenState::Pending,
        created: later(0),
        expires: later(600),
    }
}

pub(super) fn secrets(consumer: &Consumer) -> Vec<String> {
    let live = consumer.live_credentials(later(1));
    live.map(|credential| credential.shared_secret().unwrap().expose().to_owned())
        .collect()
}

pub(super) fn app() -> ConsumerKey {
    consumer_key("app")
}

pub(super) fn access_token(number: usize, prize: usize) -> TokenKey {
    token(&format!("access-{number}"), prize)
}

fn token(what: &str, prize: usize) -> TokenKey {
    token_key(&format!("{what}-{prize}"))
}

fn verifier(token: &TokenKey) -> VerifierHash {
    VerifierHash::new(token, &Verifier::new("right").unwrap())
}

fn handle() -> SessionHandleHash {
    SessionHandleHash::new(&SessionHandle::new("handle").unwrap())
}
