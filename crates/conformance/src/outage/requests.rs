//! Requests to resources.

use std::sync::Arc;

use oauth1_provider::core::{Secret, Signer};

use super::{
    Part,
    world::{ACCEPTED, DENIED, UNAVAILABLE, World, app, status},
};
use crate::{
    consumer_key,
    faults::{Fault, Faults},
};

/// 503 while it lasts; afterwards the same request is accepted, once.
pub async fn failed_look_ups_are_503_and_spend_no_nonce(part: &Part) {
    let world = World::new(part).await;
    let token = world.access_token().await;
    for fault in [Fault::Fails, Fault::LosesAnswer] {
        for faults in [&world.consumers, &world.tokens] {
            let request = world.resource(&token.signer());
            faults.set(fault);
            for _ in 0..3 {
                assert_eq!(world.status(&request).await, UNAVAILABLE, "{fault:?}");
            }
            world.heal();
            assert_eq!(world.status(&request).await, ACCEPTED, "{fault:?}");
            assert_eq!(world.status(&request).await, DENIED, "{fault:?}");
        }
    }
}

/// Neither accepted nor called a replay.
pub async fn a_guard_that_fails_is_503(part: &Part) {
    let world = World::new(part).await;
    let request = world.resource(&app());
    world.nonces.set(Fault::Fails);
    for _ in 0..3 {
        assert_eq!(world.status(&request).await, UNAVAILABLE);
    }
    world.heal();
    assert_eq!(world.status(&request).await, ACCEPTED);
    assert_eq!(world.status(&request).await, DENIED);
}

/// Nobody knows whether the request was accepted, so it never is.
pub async fn a_guard_whose_answer_is_lost_is_503_and_the_nonce_spent(part: &Part) {
    let world = World::new(part).await;
    let request = world.resource(&app());
    world.nonces.set(Fault::LosesAnswer);
    assert_eq!(world.status(&request).await, UNAVAILABLE);
    world.heal();
    assert_eq!(world.status(&request).await, DENIED);
    assert_eq!(world.status(&world.resource(&app())).await, ACCEPTED);
}

/// Each part that a request asks, silent; and whether its nonce is spent then.
fn silences(world: &World) -> impl Iterator<Item = (Fault, &Faults, bool)> {
    let silent = [Fault::IsSilent, Fault::DoesAndIsSilent].into_iter();
    silent.flat_map(|fault| {
        [
            (fault, &world.consumers, false),
            (fault, &world.tokens, false),
            (fault, &world.nonces, fault == Fault::DoesAndIsSilent),
        ]
    })
}

/// As servers do it to requests whose clients went away. Who comes next is not held up.
pub async fn callers_that_hang_up_on_silent_parts_leave_nothing_half_done(part: &Part) {
    let world = World::new(part).await;
    let token = world.access_token().await;
    for (fault, faults, spent) in silences(&world) {
        let request = world.resource(&token.signer());
        faults.set(fault);
        for _ in 0..3 {
            world.hang_up_on(&request, faults).await;
        }
        world.heal();
        let once = if spent { DENIED } else { ACCEPTED };
        assert_eq!(world.status(&request).await, once, "{fault:?}");
        assert_eq!(world.status(&request).await, DENIED, "{fault:?}");
        let next = world.resource(&token.signer());
        assert_eq!(world.status(&next).await, ACCEPTED, "{fault:?}");
    }
}

/// Nobody waits for ever, and who repeats a request that was not spent gets in.
pub async fn silent_parts_are_503_when_the_time_is_up(part: &Part) {
    let world = World::new(part).await;
    let token = world.access_token().await;
    for (fault, faults, spent) in silences(&world) {
        let header = world.resource(&token.signer());
        faults.set(fault);
        let (provider, sent) = (Arc::clone(&world.provider), header.clone());
        let request = async move { status(&provider, &sent).await };
        let answer = world.out_of_time(request, faults).await;
        assert_eq!(answer, UNAVAILABLE, "{fault:?}");
        world.heal();
        let once = if spent { DENIED } else { ACCEPTED };
        assert_eq!(world.status(&header).await, once, "{fault:?}");
    }
}

/// Whatever fails, nobody gets in by it.
pub async fn wrong_signatures_get_nowhere_in_any_outage(part: &Part) {
    let world = World::new(part).await;
    let token = world.access_token().await;
    let forgers = [
        Signer::new(consumer_key("app"), Secret::from("a guess")),
        Signer::new(consumer_key("nobody"), Secret::from("a guess")),
    ];
    for fault in [Fault::Fails, Fault::LosesAnswer] {
        for faults in [&world.consumers, &world.tokens, &world.nonces] {
            faults.set(fault);
            for forger in &forgers {
                let status = world.status(&world.resource(forger)).await;
                assert!(matches!(status, DENIED | UNAVAILABLE), "{fault:?} {status}");
            }
            // Right for another method and path.
            let other = world.header(&token.signer(), "POST", "/elsewhere");
            let status = world.status(&other).await;
            assert!(matches!(status, DENIED | UNAVAILABLE), "{fault:?} {status}");
            world.heal();
        }
    }
}

/// A consumer without token waits for no store.
pub async fn requests_that_need_no_silent_part_go_on(part: &Part) {
    let world = World::new(part).await;
    let token = world.access_token().await;
    world.tokens.set(Fault::IsSilent);
    world.token_changes.set(Fault::IsSilent);
    world
        .hang_up_on(&world.resource(&token.signer()), &world.tokens)
        .await;
    for _ in 0..10 {
        assert_eq!(world.status(&world.resource(&app())).await, ACCEPTED);
    }
}
