//! Who calls.

use oauth1_provider::core::Transport;

use super::{
    client::{Connection, send_http2},
    world::{Server, as_consumer, as_user},
};

/// No OAuth, no identity, no error.
pub async fn unsigned_request_is_nobodys(server: &Server) {
    let answer = server.start().await.get("/echo?a=1").send().await;
    assert_eq!((answer.status, answer.text()), (200, "none\n"));
}

/// Basic, Bearer, Digest and what only looks like OAuth are other people's.
pub async fn other_authorization_schemes_are_nobodys(server: &Server) {
    let world = server.start().await;
    for value in [
        "Basic dTpw",
        "Bearer oauth_token=x",
        "Digest a=\"b\"",
        "",
        "OAuth2 x",
        "Oau",
    ] {
        let answer = world
            .get("/echo")
            .header("authorization", value)
            .send()
            .await;
        assert_eq!((answer.status, answer.text()), (200, "none\n"), "{value}");
    }
    // Beside an OAuth header, they are passed over.
    let call = world.get("/echo").header("authorization", "Basic dTpw");
    let answer = call.signed(as_consumer("app")).send().await;
    assert_eq!((answer.status, answer.text()), (200, "consumer app\n"));
}

/// 2-legged.
pub async fn signed_request_is_its_consumers(server: &Server) {
    let world = server.start().await;
    for method in [
        "GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND",
    ] {
        let call = world.call(method, "/echo?b=2&a=1%20%2B&a=&%C3%BC=~");
        let answer = call.signed(as_consumer("app")).send().await;
        assert_eq!(
            (answer.status, answer.text()),
            (200, "consumer app\n"),
            "{method}"
        );
    }
}

/// 3-legged.
pub async fn signed_request_with_a_token_is_its_users_by_the_consumer(server: &Server) {
    let world = server.start().await;
    let answer = world
        .get("/echo")
        .signed(as_user("app", "alice"))
        .send()
        .await;
    assert_eq!((answer.status, answer.text()), (200, "user alice by app\n"));
    let answer = world
        .get("/echo")
        .signed(as_user("other", "alice-other"))
        .send()
        .await;
    assert_eq!(
        (answer.status, answer.text()),
        (200, "user alice by other\n")
    );
    // Another consumer's token is no token.
    let answer = world
        .get("/echo")
        .signed(as_user("other", "alice"))
        .send()
        .await;
    assert_eq!(answer.status, 401);
}

/// Section 3.5.3.
pub async fn parameters_in_the_query_identify(server: &Server) {
    let world = server.start().await;
    for target in ["/echo", "/echo?a=1&b=%20+%2B"] {
        let signer = as_consumer("app").with_transport(Transport::Query);
        let answer = world.get(target).signed(signer).send().await;
        assert_eq!((answer.status, answer.text()), (200, "consumer app\n"));
    }
}

/// Section 3.5.2.
pub async fn parameters_in_a_form_body_identify(server: &Server) {
    let world = server.start().await;
    let signer = as_consumer("app").with_transport(Transport::Body);
    let answer = world.post("/echo").form("a=1").signed(signer).send().await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.text().starts_with("consumer app\na=1&oauth_"),
        "{answer:?}"
    );
}

/// Each for itself.
pub async fn extractors_give_the_identity_they_are_named_for(server: &Server) {
    let world = server.start().await;
    let (app, alice) = (as_consumer("app"), as_user("app", "alice"));
    for (path, signer, expected) in [
        ("/extract-identity", &app, "consumer app"),
        ("/extract-identity", &alice, "user alice by app"),
        ("/extract-consumer", &app, "app"),
        ("/extract-user", &alice, "alice"),
        ("/optional-identity", &alice, "user alice by app"),
    ] {
        let answer = world.get(path).signed(signer.clone()).send().await;
        assert_eq!((answer.status, answer.text()), (200, expected), "{path}");
    }
}

/// 401 with the challenge for nobody, 403 for the other kind.
pub async fn extractors_refuse_other_identities(server: &Server) {
    let world = server.start().await;
    for path in ["/extract-identity", "/extract-consumer", "/extract-user"] {
        let answer = world.get(path).send().await;
        assert_eq!(answer.status, 401, "{path}");
        assert_eq!(answer.header("www-authenticate"), super::refusal::CHALLENGE);
    }
    let answer = world
        .get("/extract-user")
        .signed(as_consumer("app"))
        .send()
        .await;
    assert_eq!(answer.status, 403);
    let answer = world
        .get("/extract-consumer")
        .signed(as_user("app", "bob"))
        .send()
        .await;
    assert_eq!(answer.status, 403);
}

/// Each kind for itself; the other kind is none.
pub async fn optional_extractors_of_one_kind_give_none_for_the_other(server: &Server) {
    let world = server.start().await;
    for (path, app, alice) in [
        ("/optional-consumer", "consumer app", "none"),
        ("/optional-user", "none", "user alice by app"),
    ] {
        let answer = world.get(path).signed(as_consumer("app")).send().await;
        assert_eq!((answer.status, answer.text()), (200, app), "{path}");
        let call = world.get(path).signed(as_user("app", "alice"));
        let answer = call.send().await;
        assert_eq!((answer.status, answer.text()), (200, alice), "{path}");
        let answer = world.get(path).send().await;
        assert_eq!((answer.status, answer.text()), (200, "none"), "{path}");
    }
}

/// The method is signed as it is.
pub async fn head_requests_are_signed_as_head(server: &Server) {
    let world = server.start().await;
    let head = || world.call("HEAD", "/echo").signed(as_consumer("app"));
    assert_eq!(head().send().await.status, 200);
    let mut request = head().request();
    *request.method_mut() = http::Method::GET;
    let answer = Connection::open(world.address).await.send(request).await;
    assert_eq!(answer.status, 401);
}

/// An optional extractor never refuses.
pub async fn optional_extractor_gives_none_without_oauth(server: &Server) {
    let answer = server.start().await.get("/optional-identity").send().await;
    assert_eq!((answer.status, answer.text()), (200, "none"));
}

/// Nothing is carried over on a connection that is kept.
pub async fn identity_of_one_request_is_not_that_of_the_next_on_a_connection(server: &Server) {
    let world = server.start().await;
    let mut connection = Connection::open(world.address).await;
    for (signer, expected) in [
        (Some(as_user("app", "alice")), "user alice by app\n"),
        (None, "none\n"),
        (Some(as_consumer("other")), "consumer other\n"),
        (None, "none\n"),
    ] {
        let call = world.get("/echo");
        let call = match signer {
            Some(signer) => call.signed(signer),
            None => call,
        };
        assert_eq!(connection.send(call.request()).await.text(), expected);
    }
}

/// Scheme and authority come from the pseudo-headers there.
pub async fn identity_in_http2(server: &Server) {
    let world = server.start().await;
    let call = world
        .post("/echo?a=1")
        .form("b=2")
        .signed(as_user("app", "alice"));
    let answer = send_http2(world.address, call.request_http2()).await;
    assert_eq!(
        (answer.status, answer.text()),
        (200, "user alice by app\nb=2")
    );
}
