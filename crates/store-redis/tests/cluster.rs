//! A Cluster whose slots move.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use oauth1_provider::Remembered;
use oauth1_store_redis::{RedisOptions, RedisReplayGuard};
use redis::{Cmd, Value};
use tokio::sync::Mutex;

use self::common::{now, prefix, remember, run, timeless, until, url};

/// Tests that change the Cluster take turns.
static CHANGING: Mutex<()> = Mutex::const_new(());

fn nodes() -> Vec<String> {
    let url = url("TEST_REDIS_CLUSTER_URL");
    let (_, hosts) = url.split_once("://").unwrap();
    hosts
        .split(',')
        .map(|host| format!("redis://{host}"))
        .collect()
}

fn text(value: Value) -> String {
    redis::from_redis_value(value).unwrap()
}

async fn info(node: &str, words: &[&str]) -> String {
    text(run(node, words).await)
}

/// Nodes that are masters now, with their identifiers.
async fn masters() -> Vec<(String, String)> {
    let mut masters = Vec::new();
    for node in nodes() {
        if info(&node, &["INFO", "replication"])
            .await
            .contains("role:master")
        {
            let id = info(&node, &["CLUSTER", "MYID"]).await;
            masters.push((node, id));
        }
    }
    masters
}

/// While a replica takes over on request, requests go on, and none is accepted twice.
#[tokio::test]
async fn slots_are_followed_when_a_replica_takes_over() {
    let _turn = CHANGING.lock().await;
    let guard = timeless(&url("TEST_REDIS_CLUSTER_URL")).await;
    let stamp = now();
    let mut accepted = Vec::new();
    for number in 0..300 {
        if number == 100 {
            let masters = masters().await;
            for node in nodes() {
                if masters.iter().all(|(master, _)| *master != node) {
                    run(&node, &["CLUSTER", "FAILOVER"]).await;
                }
            }
        }
        let nonce = number.to_string();
        if let Ok(Remembered::Fresh) = remember(&guard, &nonce, stamp).await {
            accepted.push(nonce);
        }
    }
    assert!(accepted.len() >= 100);
    for nonce in accepted {
        until(async || {
            let found = remember(&guard, &nonce, stamp).await;
            assert!(!matches!(found, Ok(Remembered::Fresh)), "{nonce}");
            found.is_ok()
        })
        .await;
    }
}

/// All slots of a node are on the way to another: what is new is asked for there, once.
#[tokio::test]
async fn a_slot_on_its_way_is_asked_for_at_its_new_place() {
    let _turn = CHANGING.lock().await;
    // What stands in braces chooses the slot: one for all.
    let prefix = format!("{{{}}}", prefix());
    let options = RedisOptions::default()
        .with_prefix(prefix.clone())
        .with_trust_after_restart();
    let url = url("TEST_REDIS_CLUSTER_URL");
    let guard = RedisReplayGuard::connect_with(&url, options).await.unwrap();
    let slot = run(&nodes().remove(0), &["CLUSTER", "KEYSLOT", &prefix]).await;
    let slot: u16 = redis::from_redis_value(slot).unwrap();
    let slot = slot.to_string();
    let (mut from, mut to) = (None, None);
    for (node, id) in masters().await {
        let place = if has_slot(&node, &prefix).await {
            &mut from
        } else {
            &mut to
        };
        *place = Some((node, id));
    }
    let ((from, from_id), (to, to_id)) = (from.unwrap(), to.unwrap());
    run(&to, &["CLUSTER", "SETSLOT", &slot, "IMPORTING", &from_id]).await;
    run(&from, &["CLUSTER", "SETSLOT", &slot, "MIGRATING", &to_id]).await;
    let stamp = now();
    let first = remember(&guard, "n", stamp).await;
    let second = remember(&guard, "n", stamp).await;
    run(&from, &["CLUSTER", "SETSLOT", &slot, "STABLE"]).await;
    run(&to, &["CLUSTER", "SETSLOT", &slot, "STABLE"]).await;
    assert_eq!(first.unwrap(), Remembered::Fresh);
    assert_eq!(second.unwrap(), Remembered::Replayed);
}

/// Whether this node answers for this key.
async fn has_slot(node: &str, key: &str) -> bool {
    let client = redis::Client::open(node).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut get = Cmd::new();
    get.arg(&["GET", key]);
    let found: redis::RedisResult<Value> = get.query_async(&mut connection).await;
    found.is_ok()
}
