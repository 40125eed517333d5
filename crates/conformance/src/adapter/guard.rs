//! Guards on routes, and the challenge.

use super::{
    refusal::CHALLENGE,
    world::{Server, as_consumer, as_user},
};

const CONSUMER: &str = "The current user must be a consumer\n";
const USER: &str = "The current user must be a consumer acting on behalf of a user\n";

/// Credentials are missing: 401.
pub async fn guards_without_credentials_answer_401_with_the_challenge(server: &Server) {
    let world = server.start().await;
    for (path, message) in [
        ("/consumer", CONSUMER),
        ("/consumer-app", CONSUMER),
        ("/user", USER),
        ("/user-alice", USER),
        ("/any-of", USER),
        ("/all-of", USER),
    ] {
        let answer = world.get(path).send().await;
        assert_eq!((answer.status, answer.text()), (401, message), "{path}");
        assert_eq!(answer.header("www-authenticate"), CHALLENGE, "{path}");
    }
}

/// Credentials do not suffice: 403, without the challenge.
pub async fn guards_refuse_the_wrong_kind_with_403_and_their_message(server: &Server) {
    let world = server.start().await;
    for (path, signer, message) in [
        ("/consumer", as_user("app", "alice"), CONSUMER),
        ("/user", as_consumer("app"), USER),
    ] {
        let answer = world.get(path).signed(signer).send().await;
        assert_eq!((answer.status, answer.text()), (403, message), "{path}");
        assert_eq!(answer.header("www-authenticate"), "");
    }
}

/// Whom they are named for.
pub async fn guards_pass_the_right_kind(server: &Server) {
    let world = server.start().await;
    for (path, signer, identity) in [
        ("/consumer", as_consumer("other"), "consumer other"),
        ("/user", as_user("app", "bob"), "user bob by app"),
    ] {
        let answer = world.get(path).signed(signer).send().await;
        assert_eq!((answer.status, answer.text()), (200, identity), "{path}");
    }
}

/// Consumer key and user.
pub async fn guards_with_arguments_look_at_them(server: &Server) {
    let world = server.start().await;
    for (path, signer, status) in [
        ("/consumer-app", as_consumer("app"), 200),
        ("/consumer-app", as_consumer("other"), 403),
        ("/user-alice", as_user("app", "alice"), 200),
        ("/user-alice", as_user("other", "alice-other"), 200),
        ("/user-alice", as_user("app", "bob"), 403),
    ] {
        let answer = world.get(path).signed(signer).send().await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
    }
}

/// All and any.
pub async fn combined_guards_combine(server: &Server) {
    let world = server.start().await;
    for (path, signer, status) in [
        ("/any-of", as_consumer("app"), 200),
        ("/any-of", as_consumer("other"), 403),
        ("/any-of", as_user("app", "alice"), 200),
        ("/any-of", as_user("app", "bob"), 403),
        ("/all-of", as_user("app", "bob"), 200),
        ("/all-of", as_user("other", "alice-other"), 403),
        ("/all-of", as_consumer("app"), 403),
    ] {
        let answer = world.get(path).signed(signer).send().await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
    }
}

/// Browser users only.
pub async fn not_oauth_refuses_every_oauth_request(server: &Server) {
    let world = server.start().await;
    let answer = world.get("/not-oauth").send().await;
    assert_eq!((answer.status, answer.text()), (200, "none"));
    for signer in [as_consumer("app"), as_user("app", "alice")] {
        let answer = world.get("/not-oauth").signed(signer).send().await;
        assert_eq!(
            (answer.status, answer.text()),
            (403, "Access through OAuth forbidden\n")
        );
    }
}

/// Beside the handler's own; whoever calls.
pub async fn challenge_is_added_to_the_handlers_own_401(server: &Server) {
    let world = server.start().await;
    for call in [
        world.get("/own-401"),
        world.get("/own-401").signed(as_consumer("app")),
    ] {
        let answer = call.send().await;
        assert_eq!((answer.status, answer.text()), (401, "log in"));
        let challenges = answer.all("www-authenticate");
        assert_eq!(challenges.last(), Some(&CHALLENGE));
    }
}
