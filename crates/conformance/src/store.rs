//! What every [`Store`] must do.

use std::sync::Arc;

use oauth1_provider::{
    AccessToken, Consumer, Created, Decided, Decision, Exchange, Exchanged, Manager, Realms,
    Renewal, Renewed, RequestToken, RequestTokenState, Revocation, Session, SessionHandleHash,
    Store, VerifierHash,
    core::{Callback, Secret, SessionHandle, Timestamp, Verifier},
};

use crate::{consumer_key, later, race, token_key, user};

/// What a maker for [`crate::store_suite`] makes: the manager of the store's consumers, and the
/// store. The suite creates the consumers first, for stores with foreign keys.
pub type Part = (Arc<dyn Manager>, Arc<dyn Store>);

/// Makes a named test of each behaviour of a store: see the crate's page.
#[macro_export]
macro_rules! store_suite {
    ($make:expr) => {
        $crate::tests!(
            store,
            $make,
            [
                unknown_tokens_are_none,
                created_request_token_has_all_its_fields,
                second_request_token_of_a_key_is_an_error,
                token_keys_are_compared_byte_by_byte,
                request_token_is_approved_once,
                unknown_request_token_is_not_pending,
                request_token_is_dead_from_its_expiry_on,
                expired_request_token_is_not_approved,
                denied_request_token_is_gone,
                approved_request_token_is_not_denied,
                exchange_gives_an_access_token_for_the_approver,
                access_token_of_another_consumer_is_none,
                expired_access_token_is_still_found,
                exchange_by_another_consumer_finds_nothing_and_burns_nothing,
                exchange_before_approval_is_not_authorized,
                exchange_of_an_expired_request_token_is_expired,
                wrong_verifiers_burn_the_request_token_at_the_limit,
                fewer_wrong_verifiers_than_the_limit_burn_nothing,
                verifier_of_another_request_token_is_wrong,
                second_exchange_finds_nothing,
                exchange_for_a_taken_key_keeps_the_request_token,
                one_of_racing_exchanges_wins,
                racing_guesses_get_no_more_than_the_limit,
                one_of_racing_approvals_wins,
                one_of_racing_approvals_and_denials_wins,
                realms_are_narrowed_at_approval_and_kept,
                renewal_replaces_the_token_and_keeps_the_rest,
                an_expired_access_token_is_renewed_while_its_session_lasts,
                wrong_handles_and_other_consumers_renew_nothing,
                a_token_without_session_is_not_renewed,
                renewal_for_a_taken_key_keeps_the_old_token,
                one_of_racing_renewals_wins,
                revoked_tokens_are_not_renewed,
                purge_keeps_what_can_be_renewed,
                access_tokens_of_a_user_are_listed_oldest_first,
                revocation_of_a_token_is_keyed_by_its_user,
                revocation_of_a_user_takes_all_of_its_tokens,
                revocation_of_a_consumer_takes_request_tokens_too,
                purge_deletes_expired_tokens_only,
                purge_of_tokens_is_bounded_by_its_limit,
            ]
        );
    };
}

const APP: &str = "app";
const OTHER: &str = "other app";
const LIMIT: u32 = 5;

/// The store, with the consumers [`APP`] and [`OTHER`] created.
async fn prepare((manager, store): &Part) -> Arc<dyn Store> {
    for key in [APP, OTHER] {
        let consumer = Consumer::new(consumer_key(key), Secret::from("s"), key, later(0));
        assert_eq!(manager.create(&consumer).await.unwrap(), Created::Created);
    }
    Arc::clone(store)
}

/// Pending, of [`APP`], for ten minutes.
fn pending(key: &str) -> RequestToken {
    RequestToken {
        key: token_key(key),
        secret: Secret::from(format!("secret of {key}")),
        consumer: consumer_key(APP),
        callback: Callback::parse("https://app.example/cb?b=2&a=%20").unwrap(),
        realms: realms("photos.read photos.write"),
        state: RequestTokenState::Pending,
        created: later(0),
        expires: later(600),
    }
}

fn realms(text: &str) -> Realms {
    Realms::parse(text).unwrap()
}

async fn create(store: &Arc<dyn Store>, key: &str) {
    store.create_request_token(&pending(key)).await.unwrap();
}

async fn find(store: &Arc<dyn Store>, key: &str) -> Option<RequestToken> {
    store.request_token(&token_key(key)).await.unwrap()
}

fn verifier(key: &str, text: &str) -> VerifierHash {
    VerifierHash::new(&token_key(key), &Verifier::new(text).unwrap())
}

/// Approval by `name`, with the verifier "right".
fn approval(key: &str, name: &str) -> Decision {
    Decision::Approve {
        user: user(name),
        verifier: verifier(key, "right"),
        realms: realms("photos.read"),
    }
}

async fn decide(store: &Arc<dyn Store>, key: &str, decision: &Decision, at: u64) -> Decided {
    let decided = store.decide(&token_key(key), decision, later(at)).await;
    decided.unwrap()
}

async fn create_approved(store: &Arc<dyn Store>, key: &str, name: &str) {
    create(store, key).await;
    let decided = decide(store, key, &approval(key, name), 1).await;
    assert_eq!(decided, Decided::Decided);
}

/// Exchange of a request token of [`APP`] for the access token `access`.
fn exchange(key: &str, verifier_text: &str, access: &str) -> Exchange {
    Exchange {
        request_token: token_key(key),
        consumer: consumer_key(APP),
        verifier: verifier(key, verifier_text),
        attempts: LIMIT,
        key: token_key(access),
        secret: Secret::from(format!("secret of {access}")),
        expires: None,
        session: None,
    }
}

async fn attempt(store: &Arc<dyn Store>, exchange: &Exchange) -> Exchanged {
    store.exchange(exchange, later(2)).await.unwrap()
}

/// An access token of `consumer` for `name`, made through a whole flow.
async fn grant(
    store: &Arc<dyn Store>,
    (consumer, name, access): (&str, &str, &str),
    created: Timestamp,
    expires: Option<Timestamp>,
) -> AccessToken {
    let key = format!("request for {access}");
    let mut token = pending(&key);
    token.consumer = consumer_key(consumer);
    store.create_request_token(&token).await.unwrap();
    let decided = decide(store, &key, &approval(&key, name), 1).await;
    assert_eq!(decided, Decided::Decided);
    let mut exchange = exchange(&key, "right", access);
    exchange.consumer = consumer_key(consumer);
    exchange.expires = expires;
    match store.exchange(&exchange, created).await.unwrap() {
        Exchanged::Exchanged(token) => token,
        other => panic!("not exchanged: {other:?}"),
    }
}

async fn found(store: &Arc<dyn Store>, consumer: &str, key: &str) -> Option<Arc<AccessToken>> {
    let (consumer, key) = (consumer_key(consumer), token_key(key));
    store.access_token(&consumer, &key).await.unwrap()
}

async fn listed(store: &Arc<dyn Store>, name: &str) -> Vec<String> {
    let tokens = store.access_tokens_of(&user(name)).await.unwrap();
    let keys = tokens.iter().map(|token| token.key.as_str().to_owned());
    keys.collect()
}

#[track_caller]
fn assert_same_access(found: &AccessToken, expected: &AccessToken) {
    assert!(found.key == expected.key, "the key is another");
    let secrets = (found.secret.expose(), expected.secret.expose());
    assert!(secrets.0 == secrets.1, "the secret is another");
    assert_eq!(found.consumer, expected.consumer);
    assert_eq!(found.user, expected.user);
    assert_eq!(found.created, expected.created);
    assert_eq!(found.expires, expected.expires);
    assert_eq!(found.realms, expected.realms);
    assert!(found.session == expected.session, "the session is another");
}

/// What was never kept is `None`, not an error.
pub async fn unknown_tokens_are_none(part: &Part) {
    let store = prepare(part).await;
    assert!(find(&store, "nothing").await.is_none());
    assert!(found(&store, APP, "nothing").await.is_none());
    assert!(listed(&store, "nobody").await.is_empty());
}

/// Nothing of a request token is lost on the way in and out.
pub async fn created_request_token_has_all_its_fields(part: &Part) {
    let store = prepare(part).await;
    let mut out_of_band = pending("oob");
    out_of_band.callback = Callback::OutOfBand;
    for token in [pending("token"), out_of_band, pending(&"t".repeat(255))] {
        store.create_request_token(&token).await.unwrap();
        let found = store.request_token(&token.key).await.unwrap().unwrap();
        assert!(found.key == token.key, "the key is another");
        let secrets = (found.secret.expose(), token.secret.expose());
        assert!(secrets.0 == secrets.1, "the secret is another");
        assert_eq!(found.consumer, token.consumer);
        assert_eq!(found.callback, token.callback);
        assert_eq!(found.realms, token.realms);
        assert_eq!(found.state, token.state);
        assert_eq!(found.created, token.created);
        assert_eq!(found.expires, token.expires);
    }
}

/// A key that is taken is an error; the first token stays as it is.
pub async fn second_request_token_of_a_key_is_an_error(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    let mut second = pending("token");
    second.consumer = consumer_key(OTHER);
    assert!(store.create_request_token(&second).await.is_err());
    let kept = find(&store, "token").await.unwrap();
    assert_eq!(kept.consumer, consumer_key(APP));
    assert_eq!(kept.state, RequestTokenState::Authorized(user("ann")));
}

/// Case and trailing space make another token.
pub async fn token_keys_are_compared_byte_by_byte(part: &Part) {
    let store = prepare(part).await;
    for key in ["token", "Token", "token "] {
        create(&store, key).await;
    }
    assert!(find(&store, "TOKEN").await.is_none());
    grant(&store, (APP, "ann", "access"), later(2), None).await;
    grant(&store, (APP, "bob", "Access"), later(2), None).await;
    assert_eq!(
        found(&store, APP, "access").await.unwrap().user,
        user("ann")
    );
    assert_eq!(
        found(&store, APP, "Access").await.unwrap().user,
        user("bob")
    );
    assert!(found(&store, APP, "access ").await.is_none());
}

/// The session fixation attack: a second user's approval changes nothing.
pub async fn request_token_is_approved_once(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    for name in ["bob", "ann"] {
        let again = Decision::Approve {
            user: user(name),
            verifier: verifier("token", "another"),
            realms: Realms::default(),
        };
        assert_eq!(
            decide(&store, "token", &again, 1).await,
            Decided::NotPending
        );
    }
    let state = find(&store, "token").await.unwrap().state;
    assert_eq!(state, RequestTokenState::Authorized(user("ann")));
    let with_second = attempt(&store, &exchange("token", "another", "access")).await;
    assert!(matches!(with_second, Exchanged::WrongVerifier));
    let with_first = attempt(&store, &exchange("token", "right", "access")).await;
    assert!(matches!(with_first, Exchanged::Exchanged(token) if token.user == user("ann")));
}

/// There is nothing to approve or deny.
pub async fn unknown_request_token_is_not_pending(part: &Part) {
    let store = prepare(part).await;
    for decision in [approval("token", "ann"), Decision::Deny] {
        let decided = decide(&store, "token", &decision, 0).await;
        assert_eq!(decided, Decided::NotPending);
    }
    assert!(find(&store, "token").await.is_none());
}

/// A second before its expiry a request token lives, at its expiry it does not.
pub async fn request_token_is_dead_from_its_expiry_on(part: &Part) {
    let store = prepare(part).await;
    for (key, at, decided) in [
        ("before", 599, Decided::Decided),
        ("at", 600, Decided::NotPending),
    ] {
        create(&store, key).await;
        assert_eq!(
            decide(&store, key, &approval(key, "ann"), at).await,
            decided
        );
        create(&store, &format!("{key} denied")).await;
        let denied = decide(&store, &format!("{key} denied"), &Decision::Deny, at).await;
        assert_eq!(denied, decided);
    }
    create_approved(&store, "token", "ann").await;
    let exchange = exchange("token", "right", "access");
    let at = store.exchange(&exchange, later(600)).await.unwrap();
    assert!(matches!(at, Exchanged::Expired), "{at:?}");
    let before = store.exchange(&exchange, later(599)).await.unwrap();
    assert!(matches!(before, Exchanged::Exchanged(_)), "{before:?}");
}

/// An expired request token is found, and cannot be approved.
pub async fn expired_request_token_is_not_approved(part: &Part) {
    let store = prepare(part).await;
    create(&store, "token").await;
    let decided = decide(&store, "token", &approval("token", "ann"), 10_000).await;
    assert_eq!(decided, Decided::NotPending);
    let state = find(&store, "token").await.unwrap().state;
    assert_eq!(state, RequestTokenState::Pending);
}

/// Denial deletes.
pub async fn denied_request_token_is_gone(part: &Part) {
    let store = prepare(part).await;
    create(&store, "token").await;
    create(&store, "kept").await;
    let denied = decide(&store, "token", &Decision::Deny, 1).await;
    assert_eq!(denied, Decided::Decided);
    assert!(find(&store, "token").await.is_none());
    assert!(find(&store, "kept").await.is_some());
    let approved = decide(&store, "token", &approval("token", "ann"), 1).await;
    assert_eq!(approved, Decided::NotPending);
    let exchanged = attempt(&store, &exchange("token", "right", "access")).await;
    assert!(matches!(exchanged, Exchanged::NotFound), "{exchanged:?}");
}

/// A decision stands.
pub async fn approved_request_token_is_not_denied(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    let denied = decide(&store, "token", &Decision::Deny, 1).await;
    assert_eq!(denied, Decided::NotPending);
    let exchanged = attempt(&store, &exchange("token", "right", "access")).await;
    assert!(
        matches!(exchanged, Exchanged::Exchanged(_)),
        "{exchanged:?}"
    );
}

/// The happy path: the one token goes, the other is found with all its fields.
pub async fn exchange_gives_an_access_token_for_the_approver(part: &Part) {
    let store = prepare(part).await;
    let expected = AccessToken {
        key: token_key("access"),
        secret: Secret::from("secret of access"),
        consumer: consumer_key(APP),
        user: user("consumer:app ü"),
        realms: realms("photos.read"),
        created: later(7),
        expires: Some(later(3_600)),
        session: None,
    };
    let names = (APP, "consumer:app ü", "access");
    let given = grant(&store, names, later(7), Some(later(3_600))).await;
    assert_same_access(&given, &expected);
    assert_same_access(&found(&store, APP, "access").await.unwrap(), &expected);
    assert!(find(&store, "request for access").await.is_none());
    let listed = store.access_tokens_of(&expected.user).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_same_access(listed.first().unwrap(), &expected);
    let endless = grant(&store, (APP, "ann", "endless"), later(7), None).await;
    assert_eq!(endless.expires, None);
    let found = found(&store, APP, "endless").await.unwrap();
    assert_same_access(&found, &endless);
}

/// An access token is looked up by consumer and key together.
pub async fn access_token_of_another_consumer_is_none(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (APP, "ann", "access"), later(2), None).await;
    assert!(found(&store, OTHER, "access").await.is_none());
    assert!(found(&store, APP, "access").await.is_some());
}

/// Whether a token has expired is for the provider to say.
pub async fn expired_access_token_is_still_found(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (APP, "ann", "access"), later(2), Some(later(3))).await;
    assert!(found(&store, APP, "access").await.is_some());
}

/// A request token is bound to its consumer, and others cannot use up its attempts.
pub async fn exchange_by_another_consumer_finds_nothing_and_burns_nothing(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    for text in ["right", "w1", "w2", "w3", "w4", "w5", "w6"] {
        let mut stolen = exchange("token", text, "stolen");
        stolen.consumer = consumer_key(OTHER);
        let exchanged = attempt(&store, &stolen).await;
        assert!(matches!(exchanged, Exchanged::NotFound), "{exchanged:?}");
    }
    assert!(found(&store, OTHER, "stolen").await.is_none());
    let exchanged = attempt(&store, &exchange("token", "right", "access")).await;
    assert!(
        matches!(exchanged, Exchanged::Exchanged(_)),
        "{exchanged:?}"
    );
}

/// Nobody has approved; guesses before that are neither right nor counted.
pub async fn exchange_before_approval_is_not_authorized(part: &Part) {
    let store = prepare(part).await;
    create(&store, "token").await;
    for _ in 0..10 {
        let exchanged = attempt(&store, &exchange("token", "right", "access")).await;
        assert!(
            matches!(exchanged, Exchanged::NotAuthorized),
            "{exchanged:?}"
        );
    }
    assert!(found(&store, APP, "access").await.is_none());
    let decided = decide(&store, "token", &approval("token", "ann"), 1).await;
    assert_eq!(decided, Decided::Decided);
}

/// A request token that was approved in time is not exchanged after its time.
pub async fn exchange_of_an_expired_request_token_is_expired(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    for text in ["right", "wrong"] {
        let exchange = exchange("token", text, "access");
        let exchanged = store.exchange(&exchange, later(601)).await.unwrap();
        assert!(matches!(exchanged, Exchanged::Expired), "{exchanged:?}");
    }
    assert!(found(&store, APP, "access").await.is_none());
}

/// At the limit the token burns: then the right verifier comes too late.
pub async fn wrong_verifiers_burn_the_request_token_at_the_limit(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    for number in 0..LIMIT {
        let exchanged = attempt(&store, &exchange("token", &format!("w{number}"), "access")).await;
        assert!(
            matches!(exchanged, Exchanged::WrongVerifier),
            "{exchanged:?}"
        );
    }
    let exchanged = attempt(&store, &exchange("token", "right", "access")).await;
    assert!(matches!(exchanged, Exchanged::NotFound), "{exchanged:?}");
    assert!(find(&store, "token").await.is_none());
    assert!(found(&store, APP, "access").await.is_none());
}

/// A user may mistype.
pub async fn fewer_wrong_verifiers_than_the_limit_burn_nothing(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    for _ in 1..LIMIT {
        let exchanged = attempt(&store, &exchange("token", "wrong", "access")).await;
        assert!(
            matches!(exchanged, Exchanged::WrongVerifier),
            "{exchanged:?}"
        );
    }
    let exchanged = attempt(&store, &exchange("token", "right", "access")).await;
    assert!(
        matches!(exchanged, Exchanged::Exchanged(_)),
        "{exchanged:?}"
    );
}

/// The same verifier hashed for another token does not hold.
pub async fn verifier_of_another_request_token_is_wrong(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    create_approved(&store, "another", "bob").await;
    let mut crossed = exchange("token", "right", "access");
    crossed.verifier = verifier("another", "right");
    let exchanged = attempt(&store, &crossed).await;
    assert!(
        matches!(exchanged, Exchanged::WrongVerifier),
        "{exchanged:?}"
    );
}

/// Once, and only once.
pub async fn second_exchange_finds_nothing(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    let first = attempt(&store, &exchange("token", "right", "first")).await;
    assert!(matches!(first, Exchanged::Exchanged(_)), "{first:?}");
    let second = attempt(&store, &exchange("token", "right", "second")).await;
    assert!(matches!(second, Exchanged::NotFound), "{second:?}");
    assert_eq!(listed(&store, "ann").await, ["first"]);
}

/// Deleting the one token and keeping the other is one step: both or neither.
pub async fn exchange_for_a_taken_key_keeps_the_request_token(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (OTHER, "bob", "access"), later(2), None).await;
    create_approved(&store, "token", "ann").await;
    let taken = exchange("token", "right", "access");
    assert!(store.exchange(&taken, later(2)).await.is_err());
    let kept = found(&store, OTHER, "access").await.unwrap();
    assert_eq!(kept.user, user("bob"));
    let exchanged = attempt(&store, &exchange("token", "right", "new")).await;
    assert!(
        matches!(exchanged, Exchanged::Exchanged(_)),
        "{exchanged:?}"
    );
}

/// However many exchange at once, one gets an access token, and one is kept.
pub async fn one_of_racing_exchanges_wins(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    let answers = race(|number| {
        let store = Arc::clone(&store);
        async move { attempt(&store, &exchange("token", "right", &number.to_string())).await }
    })
    .await;
    let mut winners = Vec::new();
    for answer in answers {
        match answer {
            Exchanged::Exchanged(token) => winners.push(token.key.as_str().to_owned()),
            other => assert!(matches!(other, Exchanged::NotFound), "{other:?}"),
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(listed(&store, "ann").await, winners);
}

/// Guessing in parallel buys no further guess.
pub async fn racing_guesses_get_no_more_than_the_limit(part: &Part) {
    let store = prepare(part).await;
    create_approved(&store, "token", "ann").await;
    let answers = race(|number| {
        let store = Arc::clone(&store);
        async move { attempt(&store, &exchange("token", &format!("w{number}"), "access")).await }
    })
    .await;
    let guesses = answers
        .iter()
        .filter(|answer| matches!(answer, Exchanged::WrongVerifier));
    assert_eq!(guesses.count(), usize::try_from(LIMIT).unwrap());
    assert!(find(&store, "token").await.is_none());
}

/// However many approve at once, one user's approval is kept.
pub async fn one_of_racing_approvals_wins(part: &Part) {
    let store = prepare(part).await;
    create(&store, "token").await;
    let answers = race(|number| {
        let store = Arc::clone(&store);
        async move { decide(&store, "token", &approval("token", &number.to_string()), 1).await }
    })
    .await;
    let winners: Vec<_> = (0..answers.len())
        .filter(|at| answers.get(*at) == Some(&Decided::Decided))
        .collect();
    let [winner] = winners.as_slice() else {
        panic!("{} approvals were decided", winners.len());
    };
    let state = find(&store, "token").await.unwrap().state;
    let approver = user(&winner.to_string());
    assert_eq!(state, RequestTokenState::Authorized(approver));
}

/// Approval and denial at once: one holds, and the token is as the winner says.
pub async fn one_of_racing_approvals_and_denials_wins(part: &Part) {
    let store = prepare(part).await;
    create(&store, "token").await;
    let answers = race(|number| {
        let store = Arc::clone(&store);
        async move {
            let decision = match number % 2 {
                0 => approval("token", "ann"),
                _ => Decision::Deny,
            };
            let decided = decide(&store, "token", &decision, 1).await;
            (decided, matches!(decision, Decision::Approve { .. }))
        }
    })
    .await;
    let winners: Vec<_> = answers
        .iter()
        .filter(|(decided, _)| *decided == Decided::Decided)
        .collect();
    let [(_, approved)] = winners.as_slice() else {
        panic!("{} decisions held", winners.len());
    };
    assert_eq!(find(&store, "token").await.is_some(), *approved);
}

/// What the user granted reaches the access token, not what was asked for; none at all is none.
pub async fn realms_are_narrowed_at_approval_and_kept(part: &Part) {
    let store = prepare(part).await;
    for (key, granted) in [
        ("some", "photos.write"),
        ("none", ""),
        ("all", "photos.read photos.write"),
    ] {
        create(&store, key).await;
        let decision = Decision::Approve {
            user: user("ann"),
            verifier: verifier(key, "right"),
            realms: realms(granted),
        };
        assert_eq!(decide(&store, key, &decision, 1).await, Decided::Decided);
        assert_eq!(find(&store, key).await.unwrap().realms, realms(granted));
        let access = format!("access {key}");
        let exchanged = attempt(&store, &exchange(key, "right", &access)).await;
        assert!(
            matches!(&exchanged, Exchanged::Exchanged(token) if token.realms == realms(granted)),
            "{exchanged:?}"
        );
        let kept = found(&store, APP, &access).await.unwrap();
        assert_eq!(kept.realms, realms(granted));
    }
}

/// The hash of the handle `text`.
fn handle(text: &str) -> SessionHandleHash {
    SessionHandleHash::new(&SessionHandle::new(text).unwrap())
}

/// An access token of [`APP`] for "ann" that expires after ten seconds, with the session
/// "right", which lasts for ten minutes.
async fn grant_session(store: &Arc<dyn Store>, access: &str) -> AccessToken {
    let key = format!("request for {access}");
    create_approved(store, &key, "ann").await;
    let mut exchange = exchange(&key, "right", access);
    exchange.expires = Some(later(10));
    exchange.session = Some(Session {
        handle: handle("right"),
        expires: later(600),
    });
    match attempt(store, &exchange).await {
        Exchanged::Exchanged(token) => token,
        other => panic!("not exchanged: {other:?}"),
    }
}

/// Of an access token of [`APP`], with the right handle, by one that lasts until `expires`.
fn renewal(old: &str, new: &str, expires: u64) -> Renewal {
    Renewal {
        access_token: token_key(old),
        consumer: consumer_key(APP),
        handle: handle("right"),
        key: token_key(new),
        secret: Secret::from(format!("secret of {new}")),
        expires: later(expires),
    }
}

async fn renew(store: &Arc<dyn Store>, renewal: &Renewal, at: u64) -> Renewed {
    store.renew(renewal, later(at)).await.unwrap()
}

/// User, realms and session stay, key and secret do not; the old token is gone.
pub async fn renewal_replaces_the_token_and_keeps_the_rest(part: &Part) {
    let store = prepare(part).await;
    let old = grant_session(&store, "old").await;
    assert_same_access(&found(&store, APP, "old").await.unwrap(), &old);
    let expected = AccessToken {
        key: token_key("new"),
        secret: Secret::from("secret of new"),
        created: later(5),
        expires: Some(later(15)),
        ..old
    };
    let Renewed::Renewed(new) = renew(&store, &renewal("old", "new", 15), 5).await else {
        panic!("not renewed");
    };
    assert_same_access(&new, &expected);
    assert_same_access(&found(&store, APP, "new").await.unwrap(), &expected);
    assert!(found(&store, APP, "old").await.is_none());
    assert_eq!(listed(&store, "ann").await, ["new"]);
    let again = renew(&store, &renewal("old", "second", 15), 5).await;
    assert!(matches!(again, Renewed::NotFound), "{again:?}");
    let on = renew(&store, &renewal("new", "newer", 20), 6).await;
    assert!(matches!(on, Renewed::Renewed(_)), "{on:?}");
}

/// Up to a second before the session's end, and no new token outlives it.
pub async fn an_expired_access_token_is_renewed_while_its_session_lasts(part: &Part) {
    let store = prepare(part).await;
    grant_session(&store, "old").await;
    let at = renew(&store, &renewal("old", "new", 5_000), 600).await;
    assert!(matches!(at, Renewed::Expired), "{at:?}");
    assert!(found(&store, APP, "old").await.is_some());
    let before = renew(&store, &renewal("old", "new", 5_000), 599).await;
    assert!(
        matches!(&before, Renewed::Renewed(new) if new.expires == Some(later(600))),
        "{before:?}"
    );
}

/// Nor do they change anything.
pub async fn wrong_handles_and_other_consumers_renew_nothing(part: &Part) {
    let store = prepare(part).await;
    let old = grant_session(&store, "old").await;
    for _ in 0..20 {
        let mut wrong = renewal("old", "new", 15);
        wrong.handle = handle("wrong");
        let answer = renew(&store, &wrong, 5).await;
        assert!(matches!(answer, Renewed::WrongHandle), "{answer:?}");
    }
    let mut others = renewal("old", "new", 15);
    others.consumer = consumer_key(OTHER);
    let answer = renew(&store, &others, 5).await;
    assert!(matches!(answer, Renewed::NotFound), "{answer:?}");
    for unknown in ["Old", "old ", "nothing"] {
        let answer = renew(&store, &renewal(unknown, "new", 15), 5).await;
        assert!(matches!(answer, Renewed::NotFound), "{answer:?}");
    }
    assert_same_access(&found(&store, APP, "old").await.unwrap(), &old);
    assert!(found(&store, APP, "new").await.is_none());
    let answer = renew(&store, &renewal("old", "new", 15), 5).await;
    assert!(matches!(answer, Renewed::Renewed(_)), "{answer:?}");
}

/// Not by any handle.
pub async fn a_token_without_session_is_not_renewed(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (APP, "ann", "old"), later(2), Some(later(600))).await;
    let answer = renew(&store, &renewal("old", "new", 15), 5).await;
    assert!(matches!(answer, Renewed::NotFound), "{answer:?}");
    assert_eq!(listed(&store, "ann").await, ["old"]);
}

/// An error, and the old token lives on.
pub async fn renewal_for_a_taken_key_keeps_the_old_token(part: &Part) {
    let store = prepare(part).await;
    let old = grant_session(&store, "old").await;
    grant(&store, (OTHER, "bob", "taken"), later(2), None).await;
    let taken = store.renew(&renewal("old", "taken", 15), later(5)).await;
    assert!(taken.is_err());
    assert_same_access(&found(&store, APP, "old").await.unwrap(), &old);
    assert!(found(&store, OTHER, "taken").await.is_some());
}

/// However many renew at once, there is one new token.
pub async fn one_of_racing_renewals_wins(part: &Part) {
    let store = prepare(part).await;
    grant_session(&store, "old").await;
    let answers = race(|number| {
        let store = Arc::clone(&store);
        async move { renew(&store, &renewal("old", &format!("new {number}"), 15), 5).await }
    })
    .await;
    let mut winners = Vec::new();
    for answer in &answers {
        match answer {
            Renewed::Renewed(token) => winners.push(token.key.as_str().to_owned()),
            other => assert!(matches!(other, Renewed::NotFound), "{other:?}"),
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(listed(&store, "ann").await, winners);
}

/// Revocation ends the session too.
pub async fn revoked_tokens_are_not_renewed(part: &Part) {
    let store = prepare(part).await;
    for (old, revocation) in [
        (
            "one",
            Revocation::Token {
                user: user("ann"),
                key: token_key("one"),
            },
        ),
        ("two", Revocation::User(user("ann"))),
        ("three", Revocation::Consumer(consumer_key(APP))),
    ] {
        grant_session(&store, old).await;
        assert_eq!(store.revoke(&revocation).await.unwrap(), 1);
        let answer = renew(&store, &renewal(old, "new", 15), 5).await;
        assert!(matches!(answer, Renewed::NotFound), "{answer:?}");
    }
}

/// An expired access token stays until its session ends; then it goes.
pub async fn purge_keeps_what_can_be_renewed(part: &Part) {
    let store = prepare(part).await;
    grant_session(&store, "old").await;
    assert_eq!(store.purge(later(599), 100).await.unwrap(), 0);
    let answer = renew(&store, &renewal("old", "new", 1_000), 599).await;
    assert!(matches!(answer, Renewed::Renewed(_)), "{answer:?}");
    assert_eq!(store.purge(later(600), 100).await.unwrap(), 1);
    assert!(found(&store, APP, "new").await.is_none());
}

/// By time of creation, and of one user only.
pub async fn access_tokens_of_a_user_are_listed_oldest_first(part: &Part) {
    let store = prepare(part).await;
    for (access, name, at) in [
        ("b", "ann", 20),
        ("c", "ann", 10),
        ("x", "Ann", 5),
        ("a", "ann", 30),
    ] {
        grant(&store, (APP, name, access), later(at), None).await;
    }
    grant(&store, (OTHER, "ann", "d"), later(15), None).await;
    assert_eq!(listed(&store, "ann").await, ["c", "d", "b", "a"]);
    assert_eq!(listed(&store, "Ann").await, ["x"]);
    assert!(listed(&store, "ann ").await.is_empty());
}

/// No user can revoke another's token.
pub async fn revocation_of_a_token_is_keyed_by_its_user(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (APP, "ann", "a1"), later(2), None).await;
    grant(&store, (APP, "ann", "a2"), later(3), None).await;
    let revocation = |name, key| Revocation::Token {
        user: user(name),
        key: token_key(key),
    };
    for (name, key) in [("bob", "a1"), ("Ann", "a1"), ("ann", "A1")] {
        assert_eq!(store.revoke(&revocation(name, key)).await.unwrap(), 0);
    }
    assert_eq!(listed(&store, "ann").await, ["a1", "a2"]);
    assert_eq!(store.revoke(&revocation("ann", "a1")).await.unwrap(), 1);
    assert!(found(&store, APP, "a1").await.is_none());
    assert_eq!(listed(&store, "ann").await, ["a2"]);
    assert_eq!(store.revoke(&revocation("ann", "a1")).await.unwrap(), 0);
}

/// All of a user, from every consumer, and of nobody else.
pub async fn revocation_of_a_user_takes_all_of_its_tokens(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (APP, "ann", "a1"), later(2), None).await;
    grant(&store, (OTHER, "ann", "a2"), later(3), None).await;
    grant(&store, (APP, "bob", "b1"), later(4), None).await;
    let revocation = Revocation::User(user("ann"));
    assert_eq!(store.revoke(&revocation).await.unwrap(), 2);
    assert!(listed(&store, "ann").await.is_empty());
    assert!(found(&store, APP, "a1").await.is_none());
    assert_eq!(listed(&store, "bob").await, ["b1"]);
    assert_eq!(store.revoke(&revocation).await.unwrap(), 0);
}

/// All of a consumer, pending and approved request tokens included.
pub async fn revocation_of_a_consumer_takes_request_tokens_too(part: &Part) {
    let store = prepare(part).await;
    grant(&store, (APP, "ann", "a1"), later(2), None).await;
    grant(&store, (OTHER, "ann", "o1"), later(3), None).await;
    create(&store, "pending").await;
    create_approved(&store, "approved", "ann").await;
    let mut of_other = pending("of other");
    of_other.consumer = consumer_key(OTHER);
    store.create_request_token(&of_other).await.unwrap();
    let revocation = Revocation::Consumer(consumer_key(APP));
    assert_eq!(store.revoke(&revocation).await.unwrap(), 3);
    assert!(find(&store, "pending").await.is_none());
    assert!(find(&store, "approved").await.is_none());
    assert!(find(&store, "of other").await.is_some());
    assert_eq!(listed(&store, "ann").await, ["o1"]);
    assert_eq!(store.revoke(&revocation).await.unwrap(), 0);
}

/// Expired tokens of both kinds go, at their expiry; tokens without one stay for ever.
pub async fn purge_deletes_expired_tokens_only(part: &Part) {
    let store = prepare(part).await;
    create(&store, "request").await;
    create_approved(&store, "approved", "ann").await;
    grant(&store, (APP, "ann", "short"), later(2), Some(later(600))).await;
    grant(&store, (APP, "ann", "long"), later(3), Some(later(601))).await;
    grant(&store, (APP, "ann", "endless"), later(4), None).await;
    assert_eq!(store.purge(later(599), 100).await.unwrap(), 0);
    assert_eq!(store.purge(later(600), 100).await.unwrap(), 3);
    assert!(find(&store, "request").await.is_none());
    assert!(find(&store, "approved").await.is_none());
    assert_eq!(listed(&store, "ann").await, ["long", "endless"]);
    let end = later(1_000_000_000);
    assert_eq!(store.purge(end, 100).await.unwrap(), 1);
    assert_eq!(listed(&store, "ann").await, ["endless"]);
}

/// One call deletes at most `limit`; further calls delete the rest.
pub async fn purge_of_tokens_is_bounded_by_its_limit(part: &Part) {
    let store = prepare(part).await;
    for key in ["r1", "r2", "r3"] {
        create(&store, key).await;
    }
    for access in ["a1", "a2"] {
        grant(&store, (APP, "ann", access), later(2), Some(later(3))).await;
    }
    let mut deleted = Vec::new();
    for _ in 0..4 {
        deleted.push(store.purge(later(1_000), 2).await.unwrap());
    }
    assert_eq!(deleted, [2, 2, 1, 0]);
    assert_eq!(store.purge(later(1_000), 0).await.unwrap(), 0);
}
