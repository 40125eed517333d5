//! What caches keep, and what they never do.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod counted;
mod short_cuts;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use oauth1_provider::{
    AccessToken, CacheOptions, CachedManager, CachedStore, Change, ChangeListener, Consumer,
    ConsumerChange, FixedClock, Manager, MemoryReplayGuard, Provider, Revocation, Store, UserId,
    core::{ConsumerKey, Nonce, Request, Secret, Signer, Timestamp, TokenKey},
};

use crate::counted::Counted;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_secs(NOW.as_secs() + seconds)
}

fn key(text: &str) -> ConsumerKey {
    ConsumerKey::new(text).unwrap()
}

fn token(text: &str) -> TokenKey {
    TokenKey::new(text).unwrap()
}

struct World {
    counted: Arc<Counted>,
    clock: Arc<FixedClock>,
    manager: Arc<CachedManager>,
    store: Arc<CachedStore>,
}

/// Caches over counted parts that have a consumer `app` and a token `t` of `alice`.
async fn world(change: impl Fn(&mut CacheOptions)) -> World {
    let counted = Arc::new(Counted::default());
    let consumer = Consumer::new(key("app"), Secret::from("secret"), "App", NOW);
    counted.manager.create(&consumer).await.unwrap();
    counted.grant("app", "t", "alice").await;
    let clock = Arc::new(FixedClock::new(NOW));
    let mut options = CacheOptions::default();
    options.clock = Arc::clone(&clock) as _;
    change(&mut options);
    World {
        manager: Arc::new(CachedManager::with_options(
            Arc::clone(&counted) as _,
            options.clone(),
        )),
        store: Arc::new(CachedStore::with_options(
            Arc::clone(&counted) as _,
            options,
        )),
        counted,
        clock,
    }
}

impl World {
    async fn look_up(&self) -> Option<Arc<AccessToken>> {
        let found = self.store.access_token(&key("app"), &token("t")).await;
        found.unwrap()
    }
}

#[tokio::test]
async fn a_warm_verified_request_asks_nothing() {
    let world = world(|_| ()).await;
    let provider = Provider::builder(
        Arc::clone(&world.manager) as _,
        Arc::clone(&world.store) as _,
        Arc::new(MemoryReplayGuard::without_history()),
    )
    .with_clock(Arc::clone(&world.clock) as _)
    .build()
    .unwrap();
    let signer = Signer::new(key("app"), Secret::from("secret"))
        .with_token(token("t"), Secret::from("token secret"));
    for number in 0..10 {
        let request = Request::new("GET", "https", "h", "/", None);
        let nonce = Nonce::new(format!("n{number}")).unwrap();
        let header = signer.sign(&request, NOW, &nonce).unwrap().authorization();
        let identity = provider
            .authenticate(&request.with_authorization(header.as_bytes()))
            .await;
        assert_eq!(identity.unwrap().unwrap().user().unwrap().as_str(), "alice");
        assert_eq!(
            world.counted.asked(),
            2,
            "once for each, at the first request"
        );
    }
}

#[tokio::test]
async fn entries_count_until_their_time_is_over_and_not_after() {
    let world = world(|_| ()).await;
    let first = world.look_up().await.unwrap();
    world.clock.set(at(4));
    assert!(
        Arc::ptr_eq(&first, &world.look_up().await.unwrap()),
        "the same"
    );
    assert_eq!(world.counted.asked(), 1);
    world.counted.tokens_revoked_elsewhere("alice").await;
    assert!(world.look_up().await.is_some(), "within the time to live");
    world.clock.set(at(5));
    assert!(world.look_up().await.is_none());
    assert_eq!(world.counted.asked(), 2);
}

#[tokio::test]
async fn absent_keys_are_believed_for_their_own_time() {
    let world = world(|_| ()).await;
    let new = key("new");
    let find = || world.manager.find(&new);
    for _ in 0..3 {
        assert!(find().await.unwrap().is_none());
    }
    assert_eq!(world.counted.asked(), 1);
    let consumer = Consumer::new(key("new"), Secret::from("s"), "New", NOW);
    world.counted.manager.create(&consumer).await.unwrap();
    assert!(find().await.unwrap().is_none());
    world.clock.set(at(1));
    assert!(find().await.unwrap().is_some());
}

#[tokio::test]
async fn strangers_who_guess_keys_push_out_no_real_entry() {
    let world = world(|options| {
        options.entries = 10;
        options.absent_entries = 10;
    })
    .await;
    assert!(world.look_up().await.is_some());
    for number in 0..1_000 {
        let guess = token(&format!("guess-{number}"));
        let found = world.store.access_token(&key("app"), &guess).await;
        assert!(found.unwrap().is_none());
    }
    let asked = world.counted.asked();
    assert!(world.look_up().await.is_some());
    assert_eq!(world.counted.asked(), asked);
}

#[tokio::test]
async fn another_consumers_question_says_nothing_about_a_token() {
    let world = world(|_| ()).await;
    let other = world.store.access_token(&key("other"), &token("t")).await;
    assert!(other.unwrap().is_none());
    assert!(world.look_up().await.is_some());
    let other = world.store.access_token(&key("other"), &token("t")).await;
    assert!(other.unwrap().is_none());
}

#[tokio::test]
async fn revocation_takes_effect_at_once() {
    let user = UserId::new("alice").unwrap();
    for which in [
        Revocation::Token {
            user: user.clone(),
            key: token("t"),
        },
        Revocation::User(user),
        Revocation::Consumer(key("app")),
    ] {
        let world = world(|_| ()).await;
        world.look_up().await.unwrap();
        assert_eq!(world.store.revoke(&which).await.unwrap(), 1);
        assert!(world.look_up().await.is_none(), "{which:?}");
    }
}

#[tokio::test]
async fn changes_to_a_consumer_take_effect_at_once() {
    let world = world(|_| ()).await;
    let app = key("app");
    let found = || async { world.manager.find(&app).await.unwrap() };
    assert!(found().await.unwrap().disabled.is_none());
    let change = ConsumerChange::Disable("why".to_owned());
    assert!(world.manager.update(&app, &change).await.unwrap());
    assert!(found().await.unwrap().disabled.is_some());
    assert!(world.manager.delete(&app).await.unwrap());
    assert!(found().await.is_none());
    let consumer = Consumer::new(app.clone(), Secret::from("s"), "App", NOW);
    world.manager.create(&consumer).await.unwrap();
    assert!(
        found().await.is_some(),
        "although it was absent a moment ago"
    );
}

#[tokio::test]
async fn many_that_ask_at_once_make_one_question() {
    let world = world(|_| ()).await;
    let gate = world.counted.gate();
    let asking: Vec<_> = (0..50)
        .map(|_| {
            let store = Arc::clone(&world.store);
            tokio::spawn(async move { store.access_token(&key("app"), &token("t")).await })
        })
        .collect();
    gate.reached().await;
    gate.open();
    for asked in asking {
        assert!(asked.await.unwrap().unwrap().is_some());
    }
    assert_eq!(world.counted.asked(), 1);
}

/// The value was read before the revocation and arrives after it.
#[tokio::test]
async fn what_was_under_way_when_a_change_came_is_not_kept() {
    let world = world(|_| ()).await;
    let gate = world.counted.gate_after_reading();
    let slow = {
        let store = Arc::clone(&world.store);
        tokio::spawn(async move { store.access_token(&key("app"), &token("t")).await })
    };
    gate.reached().await;
    let user = UserId::new("alice").unwrap();
    world.store.revoke(&Revocation::User(user)).await.unwrap();
    gate.open();
    assert!(slow.await.unwrap().unwrap().is_some(), "it asked before");
    assert!(
        world.look_up().await.is_none(),
        "who asks afterwards is told the truth"
    );
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_nothing_behind() {
    let world = world(|_| ()).await;
    let gate = world.counted.gate_after_reading();
    let gone = {
        let store = Arc::clone(&world.store);
        tokio::spawn(async move { store.access_token(&key("app"), &token("t")).await })
    };
    gate.reached().await;
    gone.abort();
    let _ = gone.await;
    world.counted.tokens_revoked_elsewhere("alice").await;
    // Longer than an entry counts: the old answer must not be taken up again.
    world.clock.set(at(5));
    gate.open();
    assert!(world.look_up().await.is_none());
}

#[tokio::test]
async fn outages_are_errors_and_are_not_kept() {
    let world = world(|_| ()).await;
    world.counted.set_down(true);
    for _ in 0..5 {
        let answer = world.store.access_token(&key("app"), &token("t")).await;
        assert!(answer.is_err());
    }
    assert!(world.manager.find(&key("app")).await.is_err());
    world.counted.set_down(false);
    assert!(world.look_up().await.is_some());
    assert!(world.manager.find(&key("app")).await.unwrap().is_some());
    // What is kept outlives an outage, for its time.
    world.counted.set_down(true);
    assert!(world.look_up().await.is_some());
    world.clock.set(at(5));
    let answer = world.store.access_token(&key("app"), &token("t")).await;
    assert!(answer.is_err(), "never more than its time");
}

/// Two processes, and what carries changes from one to the other.
#[tokio::test]
async fn a_listener_carries_changes_to_other_caches() {
    #[derive(Debug, Default)]
    struct Wire(Mutex<Vec<Change>>);
    impl ChangeListener for Wire {
        fn changed(&self, change: &Change) {
            self.0.lock().unwrap().push(change.clone());
        }
    }
    let wire = Arc::new(Wire::default());
    let here = world(|options| options.listener = Some(Arc::clone(&wire) as _)).await;
    let mut options = CacheOptions::default();
    options.clock = Arc::clone(&here.clock) as _;
    options.time_to_live = Duration::from_secs(3_600);
    let there = CachedStore::with_options(Arc::clone(&here.counted) as _, options.clone());
    let managed = CachedManager::with_options(Arc::clone(&here.counted) as _, options);
    let (app, t) = (key("app"), token("t"));
    assert!(there.access_token(&app, &t).await.unwrap().is_some());
    assert!(managed.find(&app).await.unwrap().is_some());
    let user = UserId::new("alice").unwrap();
    here.store.revoke(&Revocation::User(user)).await.unwrap();
    here.manager.delete(&app).await.unwrap();
    assert!(
        there.access_token(&app, &t).await.unwrap().is_some(),
        "not told yet"
    );
    for change in wire.0.lock().unwrap().iter() {
        there.forget(change);
        managed.forget(change);
    }
    assert!(there.access_token(&app, &t).await.unwrap().is_none());
    assert!(managed.find(&app).await.unwrap().is_none());
}
