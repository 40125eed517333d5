//! Answers byte for byte, so that no adapter differs from another.

use std::fmt::Write;

use oauth1_provider::{ProblemReporting, core::Secret};

use super::{
    client::Answer,
    world::{Server, as_consumer, as_user},
};
use crate::{consumer_key, faults::Fault};

/// Status, headers in the order of their names, and body; without what the server itself adds.
fn text(answer: &Answer) -> String {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["date", "connection"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort_unstable();
    let mut text = format!("{}\n{}\n\n", answer.status, headers.join("\n"));
    write!(text, "{}", answer.text()).unwrap();
    text
}

/// A plain text answer.
fn plain(status: u16, extra: &[&str], body: &str) -> String {
    let length = format!("content-length: {}", body.len());
    let mut headers = vec![
        "cache-control: no-store",
        "content-type: text/plain; charset=utf-8",
        &length,
    ];
    headers.extend(extra);
    headers.sort_unstable();
    format!("{status}\n{}\n\n{body}", headers.join("\n"))
}

const CHALLENGE: &str = "www-authenticate: OAuth realm=\"realm of the suite\"";

const MISSING: &str = "missing parameters oauth_consumer_key, oauth_signature_method, \
                       oauth_signature, oauth_timestamp, oauth_nonce\n";

/// On resources.
pub async fn refusals_are_the_same_in_every_adapter(server: &Server) {
    let world = server.start().await;
    let forger = oauth1_provider::core::Signer::new(consumer_key("app"), Secret::from("guess"));
    let consumer = "The current user must be a consumer\n";
    let user = "The current user must be a consumer acting on behalf of a user\n";
    for (call, expected) in [
        (
            world.get("/echo").signed(forger),
            plain(401, &[CHALLENGE], "invalid consumer, token or signature\n"),
        ),
        (
            world
                .get("/echo")
                .header("authorization", "OAuth realm=\"\""),
            plain(400, &[], MISSING),
        ),
        (
            world.post("/echo").form(&"x".repeat((1 << 20) + 1)),
            plain(413, &[], "form body too large\n"),
        ),
        (world.get("/consumer"), plain(401, &[CHALLENGE], consumer)),
        (
            world.get("/extract-consumer"),
            plain(401, &[CHALLENGE], consumer),
        ),
        (world.get("/extract-user"), plain(401, &[CHALLENGE], user)),
        (
            world.get("/extract-identity"),
            plain(401, &[CHALLENGE], "OAuth credentials required\n"),
        ),
        (
            world.get("/consumer").signed(as_user("app", "bob")),
            plain(403, &[], consumer),
        ),
        (
            world.get("/extract-user").signed(as_consumer("app")),
            plain(403, &[], user),
        ),
        (
            world.get("/not-oauth").signed(as_consumer("app")),
            plain(403, &[], "Access through OAuth forbidden\n"),
        ),
        (
            world.get("/oauth/authorize"),
            plain(
                400,
                &[],
                "this request is unknown, expired or already decided\n",
            ),
        ),
        (
            world.get("/oauth/request_token"),
            plain(405, &["allow: POST"], "use POST\n"),
        ),
    ] {
        assert_eq!(text(&call.send().await), expected);
    }
}

/// On resources and on the authorise page.
pub async fn outages_are_the_same_in_every_adapter(server: &Server) {
    let world = server.start().await;
    world.store.set(Fault::Fails);
    let unavailable = plain(503, &["retry-after: 1"], "temporarily unavailable\n");
    let answer = world
        .get("/echo")
        .signed(as_user("app", "bob"))
        .send()
        .await;
    assert_eq!(text(&answer), unavailable);
    let answer = world.get("/oauth/authorize?oauth_token=x").send().await;
    assert_eq!(text(&answer), unavailable);
}

/// Of the token endpoints, and of a decision.
pub async fn token_answers_and_redirects_are_the_same_in_every_adapter(server: &Server) {
    let world = server.start().await;
    let callback = "http://127.0.0.1/back";
    let signer = as_consumer("app").with_parameter("oauth_callback", callback);
    let answer = world
        .post("/oauth/request_token")
        .signed(signer)
        .send()
        .await;
    let (token, secret) = super::call::token_of(&answer);
    let body =
        format!("oauth_token={token}&oauth_token_secret={secret}&oauth_callback_confirmed=true");
    let expected = format!(
        "200\ncache-control: no-store\ncontent-length: {}\n\
         content-type: application/x-www-form-urlencoded\npragma: no-cache\n\n{body}",
        body.len(),
    );
    assert_eq!(text(&answer), expected);

    let target = format!("/oauth/authorize?oauth_token={token}");
    let answer = world.post(&target).typed("text/plain", "deny").send().await;
    let expected = format!(
        "303\ncache-control: no-store\ncontent-length: 0\n\
         location: {callback}?oauth_problem=user_refused&oauth_token={token}\n\
         referrer-policy: no-referrer\n\n",
    );
    assert_eq!(text(&answer), expected);
}

/// OAuth Problem Reporting 1.0.
pub async fn problem_reports_are_the_same_in_every_adapter(server: &Server) {
    let world = server
        .start_with(|builder| builder.with_problem_reporting(ProblemReporting::Code))
        .await;
    let answer = world
        .get("/echo")
        .signed(as_consumer("nobody"))
        .send()
        .await;
    let expected = format!(
        "401\ncache-control: no-store\ncontent-length: 34\n\
         content-type: application/x-www-form-urlencoded\n\
         {CHALLENGE}, oauth_problem=\"consumer_key_unknown\"\n\n\
         oauth_problem=consumer_key_unknown",
    );
    assert_eq!(text(&answer), expected);
}

/// Of guards and of extractors, as of all refusals.
pub async fn guards_report_problems_where_reports_are_on(server: &Server) {
    let world = server
        .start_with(|builder| builder.with_problem_reporting(ProblemReporting::Code))
        .await;
    let denied = "permission_denied";
    for (call, status, problem) in [
        (world.get("/consumer"), 401, denied),
        (world.get("/extract-consumer"), 401, denied),
        (world.get("/extract-identity"), 401, denied),
        (
            world.get("/consumer").signed(as_user("app", "bob")),
            403,
            denied,
        ),
        (
            world.get("/extract-user").signed(as_consumer("app")),
            403,
            denied,
        ),
        (
            world.get("/not-oauth").signed(as_consumer("app")),
            403,
            denied,
        ),
        (
            world.get("/realm").signed(as_user("app", "bob")),
            403,
            "additional_authorization_required",
        ),
    ] {
        let body = format!("oauth_problem={problem}");
        let expected = format!(
            "{status}\ncache-control: no-store\ncontent-length: {}\n\
             content-type: application/x-www-form-urlencoded\n\
             {CHALLENGE}, oauth_problem=\"{problem}\"\n\n{body}",
            body.len(),
        );
        assert_eq!(text(&call.send().await), expected);
    }
}
