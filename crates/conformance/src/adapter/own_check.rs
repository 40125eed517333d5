//! Guards beside the application's own checks.

use super::{
    refusal::CHALLENGE,
    world::{Server, as_consumer, as_user},
};

/// On the identity.
pub async fn custom_guards_look_at_the_identity(server: &Server) {
    let world = server.start().await;
    for (signer, status, text) in [
        (None, 401, "short names only\n"),
        (Some(as_consumer("app")), 200, "consumer app"),
        (Some(as_user("app", "bob")), 200, "user bob by app"),
        (Some(as_consumer("other")), 403, "short names only\n"),
    ] {
        let call = world.get("/custom");
        let call = match signer {
            Some(signer) => call.signed(signer),
            None => call,
        };
        let answer = call.send().await;
        assert_eq!((answer.status, answer.text()), (status, text));
    }
}

/// Either is enough.
pub async fn own_checks_combine_with_guards(server: &Server) {
    let world = server.start().await;
    let own = || world.get("/own-check").header("x-admin", "yes");
    let app = || world.get("/own-check").signed(as_consumer("app"));
    let bob = || world.get("/own-check").signed(as_user("app", "bob"));
    for (call, status, text) in [
        (own(), 200, "none"),
        (app(), 200, "consumer app"),
        (bob(), 403, "admins only\n"),
        (bob().header("x-admin", "yes"), 200, "user bob by app"),
        (bob().header("x-admin", "no"), 403, "admins only\n"),
    ] {
        let answer = call.send().await;
        assert_eq!((answer.status, answer.text()), (status, text));
    }
    let answer = world.get("/own-check").send().await;
    assert_eq!((answer.status, answer.text()), (401, "admins only\n"));
    assert_eq!(answer.header("www-authenticate"), CHALLENGE);
}

/// Browser users with a permission: API clients are none of them.
pub async fn own_checks_without_oauth_are_for_browser_users_only(server: &Server) {
    let world = server.start().await;
    let call = || world.get("/browser-admin");
    let answer = call().header("x-admin", "yes").send().await;
    assert_eq!((answer.status, answer.text()), (200, "none"));
    assert_eq!(call().send().await.status, 401);
    let call = call().header("x-admin", "yes").signed(as_consumer("app"));
    let answer = call.send().await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.text(), "Access through OAuth forbidden\n");
}

/// What the user granted.
pub async fn realm_guard_looks_at_what_was_granted(server: &Server) {
    const MESSAGE: &str = "The access token does not cover this realm\n";
    let world = server.start().await;
    for (signer, status, text) in [
        (as_user("app", "alice-photos"), 200, "user alice by app"),
        (as_user("app", "alice"), 403, MESSAGE),
        (as_consumer("app"), 403, MESSAGE),
    ] {
        let answer = world.get("/realm").signed(signer).send().await;
        assert_eq!((answer.status, answer.text()), (status, text));
    }
    let answer = world.get("/realm").send().await;
    assert_eq!((answer.status, answer.text()), (401, MESSAGE));
}

/// User and consumer together.
pub async fn user_guard_looks_at_user_and_consumer(server: &Server) {
    let world = server.start().await;
    for (signer, status) in [
        (as_user("app", "alice"), 200),
        (as_user("app", "bob"), 403),
        (as_user("other", "alice-other"), 403),
        (as_consumer("app"), 403),
    ] {
        let call = world.get("/user-alice-by-app").signed(signer);
        assert_eq!(call.send().await.status, status);
    }
}

/// However many, in their order, before ours.
pub async fn other_challenges_are_kept(server: &Server) {
    let world = server.start().await;
    let answer = world.get("/own-401").send().await;
    let challenges = answer.all("www-authenticate");
    assert_eq!(challenges, ["Basic realm=\"app\"", "Negotiate", CHALLENGE]);
    // A handler's own 403 is no invitation.
    let answer = world.get("/own-403").send().await;
    assert_eq!((answer.status, answer.text()), (403, "never"));
    assert_eq!(answer.all("www-authenticate"), ["Basic realm=\"app\""]);
}
