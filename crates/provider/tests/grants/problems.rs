//! OAuth Problem Reporting 1.0 on the token endpoints: each code at its moment.

use oauth1_provider::{
    Policy, ProblemReporting, Realms, UserId, all_of,
    core::{Request, Secret, SignatureMethod, Signer, TokenKey, Transport},
    has_realm, is_oauth_user,
};

use crate::world::{World, app, pairs, report, with_token};

async fn world(policy: Policy) -> World {
    World::new(policy, |builder| {
        builder
            .with_problem_reporting(ProblemReporting::Full)
            .with_realms(Realms::parse("mail").unwrap())
    })
    .await
}

const REQUEST: &str = "/oauth/request_token";
const ACCESS: &str = "/oauth/access_token";

#[tokio::test]
async fn absent_parameters_are_all_named() {
    let world = world(Policy::default()).await;
    for (header, absent) in [
        (
            "OAuth oauth_version=\"1.0\"",
            "oauth_consumer_key%26oauth_signature_method%26oauth_signature%26oauth_timestamp%26\
             oauth_nonce",
        ),
        (
            "OAuth oauth_consumer_key=\"app\", oauth_signature_method=\"HMAC-SHA1\", \
             oauth_signature=\"x\"",
            "oauth_timestamp%26oauth_nonce",
        ),
        (
            "OAuth oauth_signature_method=\"PLAINTEXT\", oauth_nonce=\"n\"",
            "oauth_consumer_key%26oauth_signature",
        ),
    ] {
        let told = report(&world.send(REQUEST, header).await);
        let expected =
            format!("400 oauth_problem=parameter_absent&oauth_parameters_absent={absent}");
        assert_eq!(told, expected);
    }
    for (path, absent) in [
        (REQUEST, "oauth_callback"),
        (ACCESS, "oauth_token%26oauth_verifier"),
    ] {
        assert_eq!(
            world.report(path, &app()).await,
            format!("400 oauth_problem=parameter_absent&oauth_parameters_absent={absent}")
        );
    }
}

#[tokio::test]
async fn rejected_parameters_are_named_without_their_values() {
    let world = world(Policy::default()).await;
    let rejected = |name: &str| {
        format!("400 oauth_problem=parameter_rejected&oauth_parameters_rejected={name}")
    };
    let bare = Request::new("POST", "https", "api.example.com", REQUEST, None);
    let good = world.header(&app().with_parameter("oauth_callback", "oob"), &bare);
    for (wrong, name) in [
        (good.clone() + ", oauth_nonce=\"again\"", "oauth_nonce"),
        (
            good.replace("oauth_timestamp=\"1", "oauth_timestamp=\"-1"),
            "oauth_timestamp",
        ),
        (good.replace("\"app\"", "\"\""), "oauth_consumer_key"),
        (
            good.replace("OAuth ", "OAuth realm=\"a\", realm=\"b\", "),
            "realm",
        ),
    ] {
        assert_eq!(
            report(&world.send(REQUEST, &wrong).await),
            rejected(name),
            "{wrong}"
        );
    }
    let elsewhere = app().with_parameter("oauth_callback", "https://not.registered.example/");
    assert_eq!(
        world.report(REQUEST, &elsewhere).await,
        rejected("oauth_callback")
    );
    let asked = world.ask(None, Some("unknown")).await;
    assert_eq!(report(&asked), rejected("realm"));
    let asked = world.ask(Some("scope=unknown"), None).await;
    assert_eq!(report(&asked), rejected("scope"));
}

#[tokio::test]
async fn the_way_to_an_access_token_tells_its_problems() {
    let world = world(Policy::default()).await;
    let asked = world.ask(None, None).await;
    let token = pairs(&asked);
    let early = with_token(&token).with_parameter("oauth_verifier", "guess");
    assert_eq!(
        world.report(ACCESS, &early).await,
        "401 oauth_problem=permission_unknown"
    );
    let pending = world
        .provider
        .pending_authorization(&token["oauth_token"])
        .await
        .unwrap();
    let user = UserId::new("u").unwrap();
    let approved = world.provider.approve(&pending, &user).await.unwrap();
    assert_eq!(
        world.report(ACCESS, &early).await,
        "401 oauth_problem=verifier_invalid"
    );
    let verifier = approved.verifier().as_str();
    let exchange = with_token(&token).with_parameter("oauth_verifier", verifier);
    let access = pairs(&world.post(ACCESS, &exchange).await);
    // A used request token is forgotten.
    assert_eq!(
        world.report(ACCESS, &exchange).await,
        "401 oauth_problem=token_rejected"
    );
    assert_eq!(world.code(&with_token(&access)).await, "accepted");
    // As is a revoked access token.
    let revocation = oauth1_provider::Revocation::User(user);
    world.provider.store().revoke(&revocation).await.unwrap();
    assert_eq!(world.code(&with_token(&access)).await, "token_rejected");
    let late = pairs(&world.ask(None, None).await);
    world.wait(600);
    let late = with_token(&late).with_parameter("oauth_verifier", "v");
    assert_eq!(
        world.report(ACCESS, &late).await,
        "401 oauth_problem=token_expired"
    );
    world.disable().await;
    let refused = app().with_parameter("oauth_callback", "oob");
    assert_eq!(
        world.report(REQUEST, &refused).await,
        "401 oauth_problem=consumer_key_refused"
    );
}

#[tokio::test]
async fn what_a_consumer_may_not_is_reported() {
    let mut policy = Policy::default();
    policy.two_legged = false;
    policy.methods = vec![SignatureMethod::HmacSha1];
    policy.transports = vec![Transport::Header];
    let world = world(policy).await;
    assert_eq!(world.code(&app()).await, "permission_denied");
    let sha256 = app().with_method(SignatureMethod::HmacSha256);
    assert_eq!(world.code(&sha256).await, "consumer_key_rejected");
    let unknown = TokenKey::new("unknown").unwrap();
    let signer = app().with_token(unknown, Secret::from("s"));
    assert_eq!(world.code(&signer).await, "token_rejected");
    let asked = world.ask(Some("scope=mail"), None).await;
    let access = pairs(&world.grant(&asked, Some("")).await);
    let who = world.resource(&with_token(&access)).await.unwrap();
    let guard = all_of([is_oauth_user(), has_realm("mail")]);
    let refusal = guard.check(Some(&who)).unwrap_err();
    assert_eq!(
        report(&world.provider.guard_response(&refusal)),
        "403 oauth_problem=additional_authorization_required"
    );
    let refusal = is_oauth_user().check(None).unwrap_err();
    let answer = world.provider.guard_response(&refusal);
    assert_eq!(report(&answer), "401 oauth_problem=permission_denied");
}

#[tokio::test]
async fn off_nothing_tells_strangers_apart_on_any_endpoint() {
    let mut policy = Policy::default();
    policy.methods = vec![SignatureMethod::HmacSha1];
    let world = World::new(policy, |builder| builder).await;
    let token = pairs(&world.ask(None, None).await);
    let key = TokenKey::new(&token["oauth_token"]).unwrap();
    let secret = || Secret::from(token["oauth_token_secret"].as_str());
    let named = |name: &str, secret: &str| {
        let key = oauth1_provider::core::ConsumerKey::new(name).unwrap();
        Signer::new(key, Secret::from(secret))
    };
    let unknown = TokenKey::new("unknown").unwrap();
    let mut answers = Vec::new();
    for signer in [
        named("nobody", "secret"),
        named("app", "guess"),
        app().with_method(SignatureMethod::HmacSha512),
        app().with_token(unknown.clone(), secret()),
        app().with_token(key.clone(), Secret::from("guess")),
        named("other", "secret").with_token(key.clone(), secret()),
        named("nobody", "secret").with_token(key.clone(), secret()),
        named("nobody", "secret").with_token(unknown, secret()),
    ] {
        let signer = signer.with_parameter("oauth_verifier", "v");
        let answer = world
            .post(ACCESS, &signer.clone().with_parameter("x_a", "b"))
            .await;
        if answer.status == 401 {
            answers.push((answer.status, answer.headers, answer.body));
        }
        let asked = signer.with_parameter("oauth_callback", "oob");
        let answer = world.post(REQUEST, &asked).await;
        answers.push((answer.status, answer.headers, answer.body));
    }
    assert!(answers.len() > 10, "{}", answers.len());
    for answer in &answers {
        assert_eq!(Some(answer), answers.first());
    }
}
