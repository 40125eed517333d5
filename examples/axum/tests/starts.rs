//! The example does what its README says.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::SystemTime,
};

use oauth1_provider::{
    CallbackRule, Consumer, Manager, Policy,
    core::{Callback, ConsumerKey, Nonce, Request, Secret, Signer, Timestamp, TokenKey},
};
use oauth1_store_sqlx::SqlStore;

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn now() -> Timestamp {
    Timestamp::from_secs(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs())
}

fn call(signer: &Signer, base: &str, method: &str, path: &str, form: &str) -> String {
    let authority = base.strip_prefix("http://").unwrap();
    let content_type = "application/x-www-form-urlencoded";
    let request = Request::new(method, "http", authority, path, None)
        .with_body(Some(content_type.as_bytes()), form.as_bytes());
    let nonce = Nonce::new(format!("{method} {path} {form}")).unwrap();
    let header = signer
        .sign(&request, now(), &nonce)
        .unwrap()
        .authorization();
    let url = format!("{base}{path}");
    let answer = if method == "GET" {
        ureq::get(url).header("authorization", header).call()
    } else {
        let request = ureq::post(url).header("authorization", header);
        request.content_type(content_type).send(form)
    };
    answer.unwrap().body_mut().read_to_string().unwrap()
}

fn field(form: &str, name: &str) -> String {
    let start = format!("{name}=");
    let mut pairs = form.split('&');
    pairs
        .find_map(|pair| pair.strip_prefix(&start))
        .unwrap()
        .to_owned()
}

fn with_token(form: &str) -> Signer {
    let key = TokenKey::new(field(form, "oauth_token")).unwrap();
    app().with_token(key, Secret::from(field(form, "oauth_token_secret")))
}

fn app() -> Signer {
    Signer::new(ConsumerKey::new("app").unwrap(), Secret::from("app-secret"))
}

#[tokio::test]
async fn notes_are_kept_for_the_user_who_approved() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("notes.db").display());
    let store = SqlStore::connect(&url).await.unwrap();
    let mut policy = Policy::default();
    policy.out_of_band = true;
    let key = ConsumerKey::new("app").unwrap();
    let consumer = Consumer::new(key, Secret::from("app-secret"), "App", now())
        .with_policy(policy)
        .with_callbacks([CallbackRule::Exact(Callback::parse("http://a/").unwrap())]);
    store.create(&consumer).await.unwrap();

    let mut command = Command::new(env!("CARGO_BIN_EXE_example-axum"));
    let child = command
        .args(["127.0.0.1:0", &url])
        .stdout(Stdio::piped())
        .spawn();
    let mut running = Running(child.unwrap());
    let stdout = running.0.stdout.take().unwrap();
    let line = BufReader::new(stdout).lines().next().unwrap().unwrap();
    let base = line.strip_prefix("listening on ").unwrap();

    assert_eq!(
        call(&app(), base, "GET", "/status", ""),
        "{\"consumer\":\"App\"}"
    );
    let asking = app().with_parameter("oauth_callback", "oob");
    let token = call(&asking, base, "POST", "/oauth/request_token", "");
    let page = format!(
        "{base}/oauth/authorize?oauth_token={}",
        field(&token, "oauth_token")
    );
    let answer = ureq::post(&page).send_form([("user", "ann"), ("decision", "approve")]);
    let text = answer.unwrap().body_mut().read_to_string().unwrap();
    let code = text.strip_prefix("Your code: ").unwrap();
    let exchanging = with_token(&token).with_parameter("oauth_verifier", code);
    let token = call(&exchanging, base, "POST", "/oauth/access_token", "");
    call(
        &with_token(&token),
        base,
        "POST",
        "/notes",
        "text=milk+%26+eggs",
    );
    let notes = call(&with_token(&token), base, "GET", "/notes", "");
    assert_eq!(notes, "{\"notes\":[\"milk & eggs\"],\"user\":\"ann\"}");
}
