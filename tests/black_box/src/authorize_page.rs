//! Resource owner authorization (section 2.2) through the pages.

use crate::{CALLBACK, Program, app, browser::between, with};

pub fn approval_out_of_band_shows_the_code_once(program: &Program) {
    let demo = program.start(&[]);
    let token = demo.request_token("oob");
    let browser = demo.browser().open(&token.key);
    assert_eq!(browser.page.status, 200);
    for input in ["name=\"username\"", "name=\"password\""] {
        assert!(browser.page.text.contains(input), "{input}");
    }
    let browser = browser.submit(&[("username", "demo"), ("password", "demo")]);
    for text in [
        "<strong>demo-consumer</strong>",
        "<strong>demo</strong>",
        "name=\"decision\" value=\"approve\"",
        "name=\"decision\" value=\"deny\"",
        "will be able to",
    ] {
        assert!(browser.page.text.contains(text), "{text}");
    }
    assert!(!browser.page.text.contains(&token.secret));
    let browser = browser.approve();
    let code = browser.code();
    // Neither by going on nor by coming back.
    let again = browser.open(&token.key);
    assert_eq!(again.page.status, 400);
    assert!(!again.page.text.contains(&code));
    assert_eq!(demo.exchange(&token, &code).status, 200);
}

pub fn approval_with_a_callback_redirects_with_token_and_verifier(program: &Program) {
    let demo = program.start(&[]);
    let token = demo.request_token(CALLBACK);
    let answer = demo
        .browser()
        .log_in(&token.key, "demo", "demo")
        .approve()
        .page;
    assert_eq!(answer.status, 303);
    let location = answer.header("location");
    let start = format!("{CALLBACK}&oauth_token={}&oauth_verifier=", token.key);
    assert!(location.starts_with(&start), "{location}");
    let verifier = between(location, "oauth_verifier=", "&");
    assert_eq!(demo.exchange(&token, verifier).status, 200);
}

pub fn denial_redirects_with_user_refused_and_kills_the_token(program: &Program) {
    let demo = program.start(&[]);
    let token = demo.request_token(CALLBACK);
    let answer = demo
        .browser()
        .log_in(&token.key, "demo", "demo")
        .deny()
        .page;
    assert_eq!(answer.status, 303);
    let location = answer.header("location");
    assert!(location.starts_with(CALLBACK), "{location}");
    assert!(
        location.contains("oauth_problem=user_refused"),
        "{location}"
    );
    assert!(location.contains(&token.key), "{location}");
    assert_eq!(demo.browser().open(&token.key).page.status, 400);
    assert_eq!(demo.exchange(&token, "guess").status, 401);
    // Out of band it is a page.
    let token = demo.request_token("oob");
    let answer = demo
        .browser()
        .log_in(&token.key, "demo", "demo")
        .deny()
        .page;
    assert_eq!((answer.status, answer.header("location")), (200, ""));
}

pub fn second_user_cannot_approve_nor_see_the_verifier(program: &Program) {
    let demo = program.start(&["--user", "alice:a", "--user", "bob:b"]);
    let token = demo.request_token("oob");
    let bob = demo.browser().log_in(&token.key, "bob", "b");
    let code = demo
        .browser()
        .log_in(&token.key, "alice", "a")
        .approve()
        .code();
    let late = bob.approve();
    assert_eq!(late.page.status, 400);
    assert!(!late.page.text.contains(&code));
    let access = demo.exchange(&token, &code).token();
    let whoami = demo.get(&with(&access), "/api/user").json();
    assert_eq!(whoami["user"], "alice");
}

pub fn wrong_password_logs_nobody_in(program: &Program) {
    let demo = program.start(&[]);
    let token = demo.request_token("oob");
    for name in ["demo", "de<mo"] {
        let browser = demo.browser().log_in(&token.key, name, "guess");
        assert_eq!(browser.page.status, 403);
        assert!(browser.page.text.contains("name=\"password\""));
        // What was typed is not lost, but for the password.
        let kept = format!("value=\"{}\"", name.replace('<', "&lt;"));
        assert!(browser.page.text.contains(&kept));
        assert!(!browser.page.text.contains("guess"));
        assert_ne!(browser.approve().page.status, 200);
    }
}

pub fn decision_needs_post_a_log_in_and_the_csrf_token_of_this_session_token_and_user(
    program: &Program,
) {
    let demo = program.start(&["--user", "alice:a", "--user", "bob:b"]);
    let (token, other) = (demo.request_token("oob"), demo.request_token("oob"));
    let approve = [("decision", "approve")];
    // By GET nothing is decided.
    let target = format!(
        "/oauth/authorize?oauth_token={}&decision=approve",
        token.key
    );
    assert_eq!(demo.send("GET", &target, &[], "").status, 200);
    // Without a log-in.
    let anonymous = demo.browser().open(&token.key).submit(&approve);
    assert_eq!(anonymous.page.status, 403);
    // With no CSRF token, a wrong one, that of another session, of another request token.
    let stranger = demo
        .browser()
        .log_in(&token.key, "bob", "b")
        .csrf()
        .to_owned();
    let elsewhere = demo
        .browser()
        .log_in(&other.key, "alice", "a")
        .csrf()
        .to_owned();
    for csrf in ["", "wrong", &stranger, &elsewhere] {
        let browser = demo.browser().log_in(&token.key, "alice", "a");
        assert_eq!(
            browser.submit_with(csrf, &approve).page.status,
            403,
            "{csrf}"
        );
    }
    // Nothing of this decided anything.
    demo.browser()
        .log_in(&token.key, "alice", "a")
        .approve()
        .code();
}

pub fn log_in_changes_the_session_and_the_cookie_is_guarded(program: &Program) {
    let demo = program.start(&[]);
    let token = demo.request_token("oob");
    let browser = demo.browser().open(&token.key);
    let before = browser.cookie.clone();
    let browser = browser.submit(&[("username", "demo"), ("password", "demo")]);
    let cookie = browser.page.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite="),
        "{cookie}"
    );
    assert_ne!(browser.cookie, before);
}

pub fn pages_are_never_framed_cached_or_scripted(program: &Program) {
    let demo = program.start(&[]);
    let token = demo.request_token("oob");
    let browser = demo.browser().open(&token.key);
    for page in [&browser.page, &demo.browser().open("unknown").page] {
        let policy = page.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(!page.text.contains("<script") && !page.text.contains("onclick"));
    }
}

pub fn unknown_exchanged_and_hostile_tokens_are_clean_refusals(program: &Program) {
    let demo = program.start(&[]);
    let token = demo.request_token("oob");
    let code = demo
        .browser()
        .log_in(&token.key, "demo", "demo")
        .approve()
        .code();
    let access = demo.exchange(&token, &code).token();
    for text in [
        "",
        "unknown",
        &token.key,
        &access.key,
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "%ff%00",
        &"x".repeat(5_000),
    ] {
        let page = demo.browser().open(text).page;
        assert_eq!(page.status, 400, "{text}");
        assert!(!page.text.contains("<script"), "{text}");
    }
    assert_eq!(demo.send("GET", "/oauth/authorize", &[], "").status, 400);
}

pub fn callbacks_elsewhere_and_dangerous_ones_are_refused_at_step_one(program: &Program) {
    let demo = program.start(&[]);
    for callback in [
        "https://example.com/cb",
        "javascript:alert(1)",
        "http://user@127.0.0.1/",
        "http://127.0.0.1/#x",
        "http://127.0.0.1/?oauth_token=x",
        "http://127.0.0.1.example.com/",
        "ftp://127.0.0.1/",
        "/relative",
        "",
    ] {
        let signer = app().with_parameter("oauth_callback", callback);
        let answer = demo.post(&signer, "/oauth/request_token");
        assert!(matches!(answer.status, 400 | 401), "{callback}: {answer:?}");
    }
    for callback in [
        "http://localhost:1/a",
        "https://127.0.0.1/",
        "http://[::1]:8080/x?y=z",
        "oob",
    ] {
        demo.request_token(callback);
    }
}

/// Neither one that says it is a form, which the adapter reads, nor one of which nobody knows.
pub fn form_that_never_ends_is_408(program: &Program) {
    use std::io::{Read, Write};
    let demo = program.start(&["--body-timeout", "1"]);
    let token = demo.request_token("oob");
    for content_type in [crate::FORM, "text/plain"] {
        let head = format!(
            "POST /oauth/authorize?oauth_token={} HTTP/1.1\r\nHost: h\r\n\
             Content-Type: {content_type}\r\nContent-Length: 9\r\n\r\ncsrf=",
            token.key
        );
        let mut stream = std::net::TcpStream::connect(demo.authority()).unwrap();
        // What is never answered is a failure, not a test that never ends.
        let longest = std::time::Duration::from_secs(20);
        stream.set_read_timeout(Some(longest)).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 408"),
            "{content_type}: {answer}"
        );
    }
}
