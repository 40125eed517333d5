//! The crate oauth1-request, unmodified, against a running demo. Usage: client-oauth1-request BASE
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "it reports to the terminal, and fails by panicking"
)]
#![forbid(unsafe_code)]

use std::fmt::Write;

use oauth1_request::{
    Builder, Credentials, HMAC_SHA1, HmacSha1, ParameterList, Token, signature_method::Plaintext,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use ureq::{Agent, Body, http};

const ME: &str = "oauth1-request";
const KEY: &str = "demo-consumer";
const SECRET: &str = "demo-consumer-secret";
const CALLBACK: &str = "http://127.0.0.1:9/cb?x=%7e";
const PAIRS: [(&str, &str); 6] = [
    ("u", "é ☃"),
    ("plus", "a+b"),
    ("marks", "~*'()!"),
    ("empty", ""),
    ("r", "2"),
    ("r", "1"),
];
const FORM: &str = "application/x-www-form-urlencoded";

fn main() {
    let base = std::env::args().nth(1).unwrap();
    let mut run = Run {
        base,
        agent: Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build()
            .new_agent(),
        failed: 0,
    };
    run.two_legged();
    run.refusals();
    let access = run.three_legged();
    run.for_the_user(&access);
    println!("cannot {ME}: HMAC-SHA256 and -SHA512: it has HMAC-SHA1, PLAINTEXT and RSA-SHA1");
    std::process::exit(i32::from(run.failed > 0));
}

/// Key and secret of a token.
type Pair = (String, String);

struct Run {
    base: String,
    agent: Agent,
    failed: usize,
}

struct Answer {
    status: u16,
    headers: http::HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }
}

fn pairs() -> ParameterList<&'static str, &'static str> {
    ParameterList::new(PAIRS.to_vec())
}

fn none() -> ParameterList<&'static str, &'static str> {
    ParameterList::new(Vec::new())
}

fn consumer() -> Builder<'static, HmacSha1, &'static str> {
    Builder::new(Credentials::new(KEY, SECRET), HMAC_SHA1)
}

fn with_token((key, secret): &Pair) -> Builder<'_, HmacSha1, &str> {
    Builder::with_token(Token::from_parts(KEY, SECRET, key, secret), HMAC_SHA1)
}

impl Run {
    fn check(&mut self, claim: &str, holds: bool, why: &str) {
        if holds {
            println!("ok {ME}: {claim}");
        } else {
            self.failed += 1;
            println!("FAILED {ME}: {claim}: {why}");
        }
    }

    fn send(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = http::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response: http::Response<Body> = if body.is_empty() && method == "GET" {
            self.agent.run(request.body(()).unwrap()).unwrap()
        } else {
            let request = request.body(body.to_owned()).unwrap();
            self.agent.run(request).unwrap()
        };
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.body_mut().read_to_string().unwrap(),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The resource saw this caller and exactly these bytes.
    fn answers(&mut self, claim: &str, answer: &Answer, user: Option<&str>, body: &str) {
        let seen: Value = serde_json::from_str(&answer.text).unwrap_or_default();
        let mut hash = String::new();
        for byte in Sha256::digest(body) {
            write!(hash, "{byte:02x}").unwrap();
        }
        let kind = if user.is_some() { "user" } else { "consumer" };
        let field = |name: &str| seen.get(name).and_then(Value::as_str);
        let good = answer.status == 200
            && field("kind") == Some(kind)
            && field("consumer_key") == Some(KEY)
            && field("user") == user
            && field("body_sha256") == Some(hash.as_str());
        let why = format!("{} {}", answer.status, answer.text);
        self.check(claim, good, &why);
    }

    fn refused(&mut self, claim: &str, answer: &Answer, status: u16) {
        let challenged = answer.header("www-authenticate").starts_with("OAuth ");
        let good = answer.status == status && (status != 401 || challenged);
        self.check(claim, good, &answer.status.to_string());
    }

    fn two_legged(&mut self) {
        let url = self.url("/api/whoami");
        let whole = oauth1_request::to_query(url.clone(), &pairs());
        let header = consumer().get(&url, &pairs());
        let answer = self.send("GET", &whole, &[("Authorization", &header)], "");
        self.answers("2-legged GET, header", &answer, None, "");
        // It signs all parameters, and writes the protocol's: the others are added here.
        let form = oauth1_request::to_form(&pairs());
        let signed = consumer().to_query("GET", url.clone(), &pairs());
        let signed = format!("{signed}&{form}");
        let answer = self.send("GET", &signed, &[], "");
        self.answers("2-legged GET, query", &answer, None, "");
        let answer = self.send("GET", &signed, &[], "");
        self.refused("its replay is refused", &answer, 401);

        let header = consumer().post(&url, &pairs());
        let headers = [("Authorization", header.as_str()), ("Content-Type", FORM)];
        let answer = self.send("POST", &url, &headers, &form);
        self.answers("2-legged form POST, header", &answer, None, &form);
        let signed = consumer().to_form("POST", &url, &pairs());
        let signed = format!("{form}&{signed}");
        let answer = self.send("POST", &url, &[("Content-Type", FORM)], &signed);
        self.answers("2-legged form POST, body", &answer, None, &signed);

        let plaintext = Builder::<_, &str>::new(Credentials::new(KEY, SECRET), Plaintext::new());
        let header = plaintext.get(&url, &pairs());
        let answer = self.send("GET", &whole, &[("Authorization", &header)], "");
        self.answers("2-legged GET, PLAINTEXT", &answer, None, "");
    }

    fn refusals(&mut self) {
        let url = self.url("/api/whoami");
        for (claim, key, secret) in [
            ("a wrong consumer secret is refused", KEY, "wrong"),
            ("an unknown consumer is refused", "nobody", SECRET),
        ] {
            let builder = Builder::<_, &str>::new(Credentials::new(key, secret), HMAC_SHA1);
            let header = builder.get(&url, &none());
            let answer = self.send("GET", &url, &[("Authorization", &header)], "");
            self.refused(claim, &answer, 401);
        }
        let url = self.url("/api/user");
        let header = consumer().get(&url, &none());
        let answer = self.send("GET", &url, &[("Authorization", &header)], "");
        self.refused("a consumer is no user", &answer, 403);
    }

    /// Gives an access token.
    fn three_legged(&mut self) -> Pair {
        let token = self.request_token("oob");
        let page = self.decide(&token.0, "approve");
        let code = between(&page.text, "id=\"verifier\">", "<").to_owned();
        let access = self.exchange(&token, &code);
        self.check("3-legged with oob", access.status == 200, &access.text);
        let again = self.exchange(&token, &code);
        self.refused("a request token is exchanged once", &again, 401);

        let token = self.request_token(CALLBACK);
        let answer = self.decide(&token.0, "deny");
        let place = answer.header("location").to_owned();
        let good = answer.status == 303 && place.contains("&oauth_problem=user_refused");
        self.check("denial redirects with user_refused", good, &place);

        let token = self.request_token(CALLBACK);
        let answer = self.decide(&token.0, "approve");
        let place = answer.header("location").to_owned();
        let good = answer.status == 303 && place.starts_with(&format!("{CALLBACK}&"));
        self.check("approval redirects to the callback", good, &place);
        let code = between(&place, "oauth_verifier=", "&");
        let access = self.exchange(&token, code);
        self.check(
            "3-legged with a callback",
            access.status == 200,
            &access.text,
        );
        token_of(&access)
    }

    fn request_token(&mut self, callback: &str) -> Pair {
        let url = self.url("/oauth/request_token");
        let header = consumer().callback(callback).post(&url, &none());
        let answer = self.send("POST", &url, &[("Authorization", &header)], "");
        let good = answer.text.contains("oauth_callback_confirmed=true");
        self.check(&format!("request token for {callback}"), good, &answer.text);
        token_of(&answer)
    }

    fn exchange(&self, token: &Pair, verifier: &str) -> Answer {
        let url = self.url("/oauth/access_token");
        let header = with_token(token).verifier(verifier).post(&url, &none());
        self.send("POST", &url, &[("Authorization", &header)], "")
    }

    /// A browser without scripts: logs in and decides.
    fn decide(&self, token: &str, decision: &str) -> Answer {
        let url = self.url(&format!("/oauth/authorize?oauth_token={token}"));
        let page = self.send("GET", &url, &[], "");
        let mut cookie = page.header("set-cookie").to_owned();
        cookie.truncate(cookie.find(';').unwrap_or_default());
        let csrf = |page: &Answer| between(&page.text, "name=\"csrf\" value=\"", "\"").to_owned();
        let headers = [("Content-Type", FORM), ("Cookie", cookie.as_str())];
        let form = format!("csrf={}&username=demo&password=demo", csrf(&page));
        let page = self.send("POST", &url, &headers, &form);
        let renewed = page.header("set-cookie").split(';').next();
        let renewed = renewed.filter(|text| !text.is_empty()).unwrap_or(&cookie);
        let headers = [("Content-Type", FORM), ("Cookie", renewed)];
        let form = format!("csrf={}&decision={decision}", csrf(&page));
        self.send("POST", &url, &headers, &form)
    }

    fn for_the_user(&mut self, access: &Pair) {
        let url = self.url("/api/user");
        let user = Some("demo");
        let header = with_token(access).get(&url, &pairs());
        let whole = oauth1_request::to_query(url.clone(), &pairs());
        let answer = self.send("GET", &whole, &[("Authorization", &header)], "");
        self.answers("GET for the user", &answer, user, "");
        let form = oauth1_request::to_form(&pairs());
        let header = with_token(access).post(&url, &pairs());
        let headers = [("Authorization", header.as_str()), ("Content-Type", FORM)];
        let answer = self.send("POST", &url, &headers, &form);
        self.answers("form POST for the user", &answer, user, &form);
        let json = "{\"a\":\"é\"}";
        let header = with_token(access).post(&url, &none());
        let headers = [
            ("Authorization", header.as_str()),
            ("Content-Type", "application/json"),
        ];
        let answer = self.send("POST", &url, &headers, json);
        self.answers("JSON POST for the user", &answer, user, json);
        let (key, secret) = access;
        let token = Token::from_parts(KEY, SECRET, key.as_str(), secret.as_str());
        let header = Builder::with_token(token, Plaintext::new()).get(&url, &none());
        let answer = self.send("GET", &url, &[("Authorization", &header)], "");
        self.answers("PLAINTEXT for the user", &answer, user, "");
        let url = self.url("/api/consumer");
        let header = with_token(access).get(&url, &none());
        let answer = self.send("GET", &url, &[("Authorization", &header)], "");
        self.refused("a user is no consumer", &answer, 403);
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text.split_once(before).map_or("", |(_, rest)| rest);
    rest.split(after).next().unwrap_or_default()
}

/// Of unreserved characters only, so there is nothing to decode.
fn token_of(answer: &Answer) -> Pair {
    let field = |name: &str| between(&answer.text, &format!("{name}="), "&").to_owned();
    (field("oauth_token"), field("oauth_token_secret"))
}
