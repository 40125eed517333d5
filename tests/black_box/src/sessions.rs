//! An application's own log-in and groups beside OAuth: browser users by cookie, API clients by
//! OAuth, and what each may do.

use std::process::Command;

use oauth1_provider::{
    CallbackRule, Clock, Consumer, Manager, Policy, SystemClock,
    core::{Callback, ConsumerKey, Secret, Signer},
};
use oauth1_store_sqlx::SqlStore;

use crate::{Demo, FORM, Token, app, with};

/// The application, with one consumer, and what it keeps its database in.
async fn start(program: &str) -> (Demo, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("articles.db").display());
    let store = SqlStore::connect(&url).await.unwrap();
    let mut policy = Policy::default();
    policy.out_of_band = true;
    let key = ConsumerKey::new("demo-consumer").unwrap();
    let secret = Secret::from("demo-consumer-secret");
    let consumer = Consumer::new(key, secret, "App <b>", SystemClock::default().now())
        .with_policy(policy)
        .with_callbacks([CallbackRule::Exact(Callback::parse("http://a/").unwrap())]);
    store.create(&consumer).await.unwrap();
    let mut command = Command::new(program);
    (
        Demo::start_other(command.args(["127.0.0.1:0", &url])),
        folder,
    )
}

fn log_in(demo: &Demo, name: &str) -> String {
    let form = format!("name={name}&password={name}-password");
    let answer = demo.send("POST", "/login", &[("content-type", FORM)], form);
    assert_eq!(answer.status, 204);
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    cookie.split(';').next().unwrap().to_owned()
}

fn as_browser(demo: &Demo, cookie: &str, method: &str, path: &str) -> u16 {
    let body = if method == "POST" { "news" } else { "" };
    demo.send(method, path, &[("cookie", cookie)], body).status
}

/// With OAuth, and with a cookie besides if there is one.
fn as_client(demo: &Demo, signer: &Signer, cookie: &str, method: &str, path: &str) -> u16 {
    let header = demo.signed(signer, method, path, "").authorization();
    let headers = [("authorization", header.as_str()), ("cookie", cookie)];
    let body = if method == "POST" { "news" } else { "" };
    demo.send(method, path, &headers, body).status
}

/// Through the authorise page, as who is logged in.
fn access_token(demo: &Demo, cookie: &str) -> Token {
    let token = demo.request_token("oob");
    let target = format!("/oauth/authorize?oauth_token={}", token.key);
    let page = demo.send("GET", &target, &[("cookie", cookie)], "");
    assert!(page.text.contains("App &lt;b>"), "{page:?}");
    let csrf = page.text.split("name=csrf value=\"").nth(1).unwrap();
    let csrf = csrf.split('"').next().unwrap().replace('%', "%25");
    let headers = [("cookie", cookie), ("content-type", FORM)];
    let forged = demo.send("POST", &target, &headers, "csrf=guess&decision=approve");
    assert_eq!(forged.status, 403);
    let page = demo.send("GET", &target, &[("cookie", cookie)], "");
    assert!(!page.text.contains(&csrf), "a CSRF token is used once");
    let csrf = page.text.split("name=csrf value=\"").nth(1).unwrap();
    let csrf = csrf.split('"').next().unwrap().replace('%', "%25");
    let form = format!("csrf={csrf}&decision=approve");
    let answer = demo.send("POST", &target, &headers, form);
    let code = answer.text.strip_prefix("Your code: ").unwrap();
    demo.exchange(&token, code).token()
}

pub async fn browser_users_come_by_cookie_and_api_clients_by_oauth(program: &str) {
    let (demo, _folder) = start(program).await;
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| log_in(&demo, name));
    let for_alice = with(&access_token(&demo, &alice));
    let for_bob = with(&access_token(&demo, &bob));

    for (method, path, expected) in [
        //                      nobody, alice, bob, carol, consumer, for alice, for bob
        ("GET", "/articles", [401, 200, 200, 200, 200, 200, 200]),
        ("POST", "/articles", [401, 201, 403, 403, 403, 201, 403]),
        ("GET", "/settings", [401, 200, 200, 200, 403, 403, 403]),
        ("GET", "/admin", [401, 403, 403, 200, 403, 403, 403]),
    ] {
        let browser = |cookie| as_browser(&demo, cookie, method, path);
        let client = |signer| as_client(&demo, signer, "", method, path);
        let found = [
            browser(""),
            browser(&alice),
            browser(&bob),
            browser(&carol),
            client(&app()),
            client(&for_alice),
            client(&for_bob),
        ];
        assert_eq!(found, expected, "{method} {path}");
    }
    let answer = demo.send("GET", "/admin", &[], "");
    assert_eq!(answer.header("www-authenticate"), "OAuth realm=\"API\"");
}

pub async fn a_cookie_adds_nothing_to_oauth(program: &str) {
    let (demo, _folder) = start(program).await;
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| log_in(&demo, name));
    let for_bob = with(&access_token(&demo, &bob));
    assert_eq!(as_client(&demo, &for_bob, &alice, "POST", "/articles"), 403);
    assert_eq!(as_client(&demo, &app(), &carol, "GET", "/admin"), 403);
    // What is no OAuth at all leaves the cookie as it is.
    let headers = [("authorization", "Bearer x"), ("cookie", carol.as_str())];
    assert_eq!(demo.send("GET", "/admin", &headers, "").status, 200);
    // A bad attempt is one, whoever is logged in.
    let forger = Signer::new(
        ConsumerKey::new("demo-consumer").unwrap(),
        Secret::from("x"),
    );
    assert_eq!(as_client(&demo, &forger, &alice, "GET", "/articles"), 401);
}

pub async fn log_in_by_oauth_is_none_and_logging_out_ends_a_session(program: &str) {
    let (demo, _folder) = start(program).await;
    let alice = log_in(&demo, "alice");
    let form = "name=alice&password=alice-password";
    assert_eq!(demo.call(&app(), "POST", "/login", form).status, 403);
    let wrong = demo.send(
        "POST",
        "/login",
        &[("content-type", FORM)],
        "name=bob&password=x",
    );
    assert_eq!(wrong.status, 403);
    assert_eq!(as_browser(&demo, &alice, "POST", "/logout"), 204);
    assert_eq!(as_browser(&demo, &alice, "GET", "/settings"), 401);
    assert_eq!(as_browser(&demo, "", "GET", "/oauth/authorize"), 401);
}
