//! What the [application](super#the-application) is made of in every framework.

use oauth1_provider::{
    Guard, Identity, Outcome, PendingAuthorization, UserId, all_of, any_of, core::Callback,
    has_realm, is_consumer, is_oauth_user, not_oauth,
};

use crate::{consumer_key, user};

/// An identity as the answers show it.
#[must_use]
pub fn shown(identity: Option<&Identity>) -> String {
    let Some(identity) = identity else {
        return "none".to_owned();
    };
    let key = identity.consumer().key();
    match identity.user() {
        Some(user) => format!("user {} by {key}", user.as_str()),
        None => format!("consumer {key}"),
    }
}

/// The guarded paths. Those of [`OWN_CHECKS`] need a guard on the framework's request: the own check.
#[must_use]
pub fn guards(own_check: &Guard) -> Vec<(&'static str, Guard)> {
    let (app, alice) = (|| consumer_key("app"), || user("alice"));
    let is_app = is_consumer().with_consumer(app());
    let is_alice = is_oauth_user().with_user(alice());
    let short = Guard::custom("short names only", |found| {
        found.is_some_and(|found| found.consumer().key().as_str().len() <= 3)
    });
    vec![
        ("/consumer", is_consumer()),
        ("/consumer-app", is_app.clone()),
        ("/user", is_oauth_user()),
        ("/user-alice", is_alice.clone()),
        ("/user-alice-by-app", is_alice.clone().with_consumer(app())),
        ("/realm", has_realm("photos")),
        ("/custom", short),
        ("/own-check", any_of([is_consumer(), own_check.clone()])),
        ("/browser-admin", all_of([not_oauth(), own_check.clone()])),
        ("/not-oauth", not_oauth()),
        ("/any-of", any_of([is_app, is_alice])),
        (
            "/all-of",
            all_of([is_oauth_user(), is_oauth_user().with_consumer(app())]),
        ),
    ]
}

/// The paths of [`guards`] with the own check.
pub const OWN_CHECKS: [&str; 2] = ["/own-check", "/browser-admin"];

/// What the authorise path answers to GET.
#[must_use]
pub fn wanted(pending: &PendingAuthorization) -> String {
    let callback = match pending.callback() {
        Callback::OutOfBand => "oob",
        other => other.as_str(),
    };
    format!("{} wants {callback}", pending.consumer_key())
}

/// Who approves by this body of a POST to the authorise path; `None` denies.
#[must_use]
pub fn approver(decision: &str) -> Option<UserId> {
    decision.strip_prefix("approve ").map(user)
}

/// What the authorise path answers to POST, where it does not redirect.
#[must_use]
pub fn decided(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Page(Some(verifier)) => format!("PIN {}", verifier.as_str()),
        _ => "denied".to_owned(),
    }
}
