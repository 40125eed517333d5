//! Tokens, from the first to the last step.

use std::sync::Arc;

use oauth1_provider::{AuthorizationError, core::Signer};

use super::{
    Part,
    world::{ACCEPTED, DENIED, World, app, assert_is_503, post},
};
use crate::{
    faults::{Fault, Faults},
    user,
};

/// What a client is given is there.
pub async fn no_request_token_is_given_without_being_kept(part: &Part) {
    let world = World::new(part).await;
    let signer = app().with_parameter("oauth_callback", "oob");
    let path = world.provider.request_token_path();
    for fault in [Fault::Fails, Fault::LosesAnswer] {
        for faults in [&world.consumers, &world.token_changes, &world.nonces] {
            faults.set(fault);
            assert_is_503(&world.post(path, &signer).await);
            world.heal();
        }
    }
    for fault in [Fault::IsSilent, Fault::DoesAndIsSilent] {
        world.token_changes.set(fault);
        world
            .hang_up_on_post(path, &signer, &world.token_changes)
            .await;
        world.heal();
    }
    let token = world.request_token().await;
    let pending = world.provider.pending_authorization(&token.key).await;
    assert!(pending.is_ok());
}

/// The verifier of a decision that nobody was told of is known to nobody.
pub async fn an_approval_that_fails_can_be_repeated_and_one_that_is_lost_cannot(part: &Part) {
    let world = World::new(part).await;
    for (fault, again) in [(Fault::Fails, true), (Fault::LosesAnswer, false)] {
        let token = world.request_token().await;
        let pending = world.provider.pending_authorization(&token.key).await;
        let pending = pending.unwrap();
        world.token_changes.set(fault);
        let failed = world.provider.approve(&pending, &user("ann")).await;
        assert!(matches!(failed, Err(AuthorizationError::Unavailable(_))));
        world.heal();
        let repeated = world.provider.approve(&pending, &user("bob")).await;
        assert_eq!(repeated.is_ok(), again, "{fault:?}");
        if let Err(error) = repeated {
            assert!(matches!(error, AuthorizationError::NotPending), "{error:?}");
        }
    }
    let token = world.request_token().await;
    for fault in [Fault::Fails, Fault::LosesAnswer] {
        world.tokens.set(fault);
        let failed = world.provider.pending_authorization(&token.key).await;
        assert!(matches!(failed, Err(AuthorizationError::Unavailable(_))));
    }
}

/// At each step, and what was not done can be done again.
pub async fn silent_stores_are_503_when_the_time_is_up(part: &Part) {
    let world = World::new(part).await;
    let changes = &world.token_changes;
    let silent_post = async |path: &str, signer: &Signer, faults: &Faults| {
        faults.set(Fault::IsSilent);
        let header = world.header(signer, "POST", path);
        let (provider, path) = (Arc::clone(&world.provider), path.to_owned());
        let request = async move { post(&provider, &path, &header).await };
        assert_is_503(&world.out_of_time(request, faults).await);
        world.heal();
    };
    let (first, last) = (
        world.provider.request_token_path().to_owned(),
        world.provider.access_token_path().to_owned(),
    );
    silent_post(
        &first,
        &app().with_parameter("oauth_callback", "oob"),
        changes,
    )
    .await;
    let token = world.request_token().await;
    world.tokens.set(Fault::IsSilent);
    let (provider, key) = (Arc::clone(&world.provider), token.key.clone());
    let look_up = async move { provider.pending_authorization(&key).await };
    let failed = world.out_of_time(look_up, &world.tokens).await;
    assert!(matches!(failed, Err(AuthorizationError::Unavailable(_))));
    world.heal();
    let pending = world.provider.pending_authorization(&token.key).await;
    let (provider, denied) = (Arc::clone(&world.provider), pending.unwrap());
    changes.set(Fault::IsSilent);
    let deny = async move { provider.deny(&denied).await.err() };
    let failed = world.out_of_time(deny, changes).await;
    assert!(matches!(failed, Some(AuthorizationError::Unavailable(_))));
    world.heal();
    let approved = world.approved().await;
    silent_post(&last, &approved, &world.tokens).await;
    silent_post(&last, &approved, changes).await;
    assert_eq!(world.exchange(&approved).await.status, ACCEPTED);
}

/// Nothing has happened; neither look-up nor nonce nor exchange took the request token.
pub async fn an_exchange_that_fails_can_be_repeated(part: &Part) {
    let world = World::new(part).await;
    let path = world.provider.access_token_path();
    let look_ups = [Fault::Fails, Fault::LosesAnswer];
    let faults = [
        (&world.consumers, &look_ups[..]),
        (&world.tokens, &look_ups[..]),
        (&world.nonces, &look_ups[..]),
        (&world.token_changes, &[Fault::Fails][..]),
    ];
    let approved = world.approved().await;
    for (faults, kinds) in faults {
        for fault in kinds {
            faults.set(*fault);
            assert_is_503(&world.exchange(&approved).await);
            world.heal();
        }
    }
    for faults in [
        &world.consumers,
        &world.tokens,
        &world.nonces,
        &world.token_changes,
    ] {
        faults.set(Fault::IsSilent);
        world.hang_up_on_post(path, &approved, faults).await;
        world.heal();
    }
    assert!(
        world
            .store
            .access_tokens_of(&user("ann"))
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(world.exchange(&approved).await.status, ACCEPTED);
    let tokens = world.store.access_tokens_of(&user("ann")).await.unwrap();
    assert_eq!(tokens.len(), 1);
}

/// It has happened: the client starts over, and there is no other way to a token.
pub async fn an_exchange_whose_answer_is_lost_gives_no_second_token(part: &Part) {
    let world = World::new(part).await;
    let path = world.provider.access_token_path();
    for (fault, count) in [(Fault::LosesAnswer, 1), (Fault::DoesAndIsSilent, 2)] {
        let approved = world.approved().await;
        world.token_changes.set(fault);
        if fault == Fault::LosesAnswer {
            assert_is_503(&world.exchange(&approved).await);
        } else {
            let silent = &world.token_changes;
            world.hang_up_on_post(path, &approved, silent).await;
        }
        world.heal();
        assert_eq!(world.exchange(&approved).await.status, DENIED);
        let tokens = world.store.access_tokens_of(&user("ann")).await.unwrap();
        assert_eq!(tokens.len(), count, "{fault:?}");
    }
}
