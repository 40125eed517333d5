//! Races between processes, each with a store of its own on the same tables.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking; processes answer on standard error"
)]

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use oauth1_provider::{
    Consumer, ConsumerChange, Decided, Decision, Exchange, Exchanged, Manager, Realms, Remembered,
    Renewal, Renewed, ReplayEntry, ReplayGuard, RequestToken, RequestTokenState, Session,
    SessionHandleHash, Store, UserId, VerifierHash,
    core::{Callback, ConsumerKey, Secret, SessionHandle, Timestamp, TokenKey, Verifier},
};
use oauth1_store_sqlx::{SqlStore, SqlStoreOptions};
use tokio::task::JoinSet;

use crate::common::Place;

const PROCESSES: usize = 4;
/// What is raced for, each by all processes.
const PRIZES: usize = 40;
const JOB: &str = "OAUTH1_TEST_JOB";

/// Makes the tests of each database.
macro_rules! races {
    ($($database:ident)*) => {
        $(
            mod $database {
                use crate::common::Place;

                #[tokio::test]
                async fn processes_that_start_at_once_all_find_the_tables() {
                    super::migrate(Place::$database()).await;
                }

                #[tokio::test]
                async fn one_of_racing_processes_decides_exchanges_renews_and_is_remembered() {
                    super::win(Place::$database()).await;
                }

                #[tokio::test]
                async fn changes_of_a_consumer_by_racing_processes_are_never_lost() {
                    super::rotate(Place::$database()).await;
                }
            }
        )*
    };
}

races!(sqlite postgres mysql);

async fn migrate(place: Place) {
    let answers = run(&place, "open", 10);
    assert_eq!(answers, ["opened"; 10]);
    let store = place.open().await;
    assert!(store.find(&app()).await.unwrap().is_none());
}

/// Each prize is won exactly once, whichever process it is.
async fn win(place: Place) {
    let store = place.open().await;
    let consumer = Consumer::new(app(), Secret::from("s"), "App", at(0));
    store.create(&consumer).await.unwrap();
    for prize in 0..PRIZES {
        let token = request_token(prize);
        store.create_request_token(&token).await.unwrap();
    }
    for job in ["remember", "decide", "exchange", "renew"] {
        let mut won = HashMap::<String, u32>::new();
        for answer in run(&place, job, PROCESSES) {
            *won.entry(answer).or_default() += 1;
        }
        assert_eq!(won.len(), PRIZES, "{job}: {won:?}");
        assert!(won.values().all(|times| *times == 1), "{job}: {won:?}");
    }
    // No loser has left an access token behind.
    let mut tokens = 0;
    for process in 0..PROCESSES {
        tokens += store.access_tokens_of(&user(process)).await.unwrap().len();
    }
    assert_eq!(tokens, PRIZES);
}

/// One process rotates the secret while the others disable: had one of them written what it read
/// before a rotation, that rotation would be undone, which its process notices at once or the next
/// time.
async fn rotate(place: Place) {
    let store = place.open().await;
    let consumer = Consumer::new(app(), Secret::from("first"), "App", at(0));
    store.create(&consumer).await.unwrap();
    assert_eq!(run(&place, "rotate", PROCESSES), ["rotated"]);
    let consumer = store.find(&app()).await.unwrap().unwrap();
    assert_eq!(
        secrets(&consumer),
        [format!("{}", PRIZES - 1), format!("{}", PRIZES - 2)]
    );
    // Each process that disables does so for good at last.
    assert_eq!(consumer.disabled.as_deref(), Some("for good"));
}

fn secrets(consumer: &Consumer) -> Vec<String> {
    let live = consumer.live_credentials(at(1));
    live.map(|credential| credential.shared_secret().unwrap().expose().to_owned())
        .collect()
}

/// Does nothing by itself: the processes that the other tests start are this test.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn process_of_another_test() {
    let Ok(job) = std::env::var(JOB) else { return };
    let words: Vec<_> = job.splitn(4, ' ').collect();
    let [job, number, prefix, url] = words.try_into().unwrap();
    let number: usize = number.parse().unwrap();
    let open = async || {
        let options = SqlStoreOptions::default().with_table_prefix(prefix);
        Arc::new(options.connect(url).await.unwrap())
    };
    // Migrations race from the start, the rest is to find the store open.
    let store = if job == "open" {
        None
    } else {
        Some(open().await)
    };
    eprintln!("ready");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    let Some(store) = store else {
        open().await;
        eprintln!("won opened");
        return;
    };
    if job == "rotate" {
        change_consumer(&store, number).await;
        return;
    }
    let mut tasks = JoinSet::new();
    for prize in 0..PRIZES {
        let (store, job) = (Arc::clone(&store), job.to_owned());
        tasks.spawn(async move {
            if try_for(&store, &job, number, prize).await {
                eprintln!("won {prize}");
            }
        });
    }
    tasks.join_all().await;
}

/// One try of one process for one prize.
async fn try_for(store: &SqlStore, job: &str, number: usize, prize: usize) -> bool {
    match job {
        "remember" => {
            let nonce = format!("nonce-{prize}");
            let entry = ReplayEntry {
                consumer: &app(),
                token: None,
                timestamp: at(1),
                nonce: &nonce,
                keep_until: at(300),
                now: at(1),
            };
            store.remember(&entry).await.unwrap() == Remembered::Fresh
        }
        "decide" => {
            let token = token("request", prize);
            let approval = Decision::Approve {
                user: user(number),
                verifier: verifier(&token),
                realms: Realms::default(),
            };
            store.decide(&token, &approval, at(1)).await.unwrap() == Decided::Decided
        }
        "exchange" => {
            let request_token = token("request", prize);
            let exchange = Exchange {
                consumer: app(),
                verifier: verifier(&request_token),
                attempts: 5,
                key: token(&format!("access-{number}"), prize),
                secret: Secret::from("s"),
                expires: Some(at(100)),
                session: Some(Session {
                    handle: handle(),
                    expires: at(1_000),
                }),
                request_token,
            };
            let exchanged = store.exchange(&exchange, at(1)).await.unwrap();
            matches!(exchanged, Exchanged::Exchanged(_))
        }
        _ => renew(store, number, prize).await,
    }
}

/// Whichever process exchanged it: the others' access tokens do not exist.
async fn renew(store: &SqlStore, number: usize, prize: usize) -> bool {
    let mut renewals = 0;
    for exchanger in 0..PROCESSES {
        let renewal = Renewal {
            access_token: token(&format!("access-{exchanger}"), prize),
            consumer: app(),
            handle: handle(),
            key: token(&format!("renewed-{number}"), prize),
            secret: Secret::from("s"),
            expires: at(200),
        };
        let renewed = store.renew(&renewal, at(1)).await.unwrap();
        renewals += u32::from(matches!(renewed, Renewed::Renewed(_)));
    }
    assert!(renewals <= 1);
    renewals == 1
}

async fn change_consumer(store: &SqlStore, number: usize) {
    let mut before = "first".to_owned();
    for change in 0..PRIZES {
        if number != 0 {
            let last = change + 1 == PRIZES;
            let reason = if last { "for good" } else { "for now" };
            let disable = ConsumerChange::Disable(reason.to_owned());
            assert!(store.update(&app(), &disable).await.unwrap());
            continue;
        }
        let secret = change.to_string();
        let rotate = ConsumerChange::Rotate {
            credential: Secret::from(secret.as_str()).into(),
            overlap_until: at(1_000),
        };
        assert!(store.update(&app(), &rotate).await.unwrap());
        let consumer = store.find(&app()).await.unwrap().unwrap();
        assert_eq!(secrets(&consumer), [secret.clone(), before]);
        before = secret;
    }
    if number == 0 {
        eprintln!("won rotated");
    }
}

/// Starts processes, lets them go at once, and gives what they won.
fn run(place: &Place, job: &str, processes: usize) -> Vec<String> {
    let mut running: Vec<_> = (0..processes)
        .map(|number| start(&format!("{job} {number} {} {}", place.prefix, place.url)))
        .collect();
    for (_, lines) in &mut running {
        assert!(lines.any(|line| line == "ready"), "a process did not start");
    }
    for (child, _) in &mut running {
        child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    }
    let mut won = Vec::new();
    for (mut child, lines) in running {
        let lines: Vec<_> = lines.collect();
        assert!(child.wait().unwrap().success(), "{lines:?}");
        let answers = lines.iter().filter_map(|line| line.strip_prefix("won "));
        won.extend(answers.map(str::to_owned));
    }
    won
}

type Lines = Box<dyn Iterator<Item = String>>;

fn start(job: &str) -> (Child, Lines) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "processes::process_of_another_test",
            "--nocapture",
        ])
        .env(JOB, job)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    (child, Box::new(lines.map(Result::unwrap)))
}

fn request_token(prize: usize) -> RequestToken {
    RequestToken {
        key: token("request", prize),
        secret: Secret::from("s"),
        consumer: app(),
        callback: Callback::parse("oob").unwrap(),
        realms: Realms::default(),
        state: RequestTokenState::Pending,
        created: at(0),
        expires: at(600),
    }
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_secs(seconds)
}

fn app() -> ConsumerKey {
    ConsumerKey::new("app").unwrap()
}

fn user(number: usize) -> UserId {
    UserId::new(format!("user {number}")).unwrap()
}

fn token(what: &str, prize: usize) -> TokenKey {
    TokenKey::new(format!("{what}-{prize}")).unwrap()
}

fn verifier(token: &TokenKey) -> VerifierHash {
    VerifierHash::new(token, &Verifier::new("right").unwrap())
}

fn handle() -> SessionHandleHash {
    SessionHandleHash::new(&SessionHandle::new("handle").unwrap())
}
