//! A running demo, and signed requests to it.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

use oauth1_provider::core::{
    ConsumerKey, Nonce, Request, Secret, SignedRequest, Signer, Timestamp, TokenKey,
};
use ureq::{Agent, Body, http};

pub const FORM: &str = "application/x-www-form-urlencoded";
pub const CALLBACK: &str = "http://127.0.0.1:9/back?x=%7e";

/// Names a file where every secret is noted, for `scripts/secrets` to look for in the logs.
const SECRETS: &str = "TEST_SECRETS";

/// Notes a secret that a client was given, or made.
pub(crate) fn note(secret: &str) {
    if let (Some(path), false) = (std::env::var_os(SECRETS), secret.is_empty()) {
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.create(true).append(true).open(path).unwrap();
        // In one piece: other tests append, too.
        file.write_all(format!("{secret}\n").as_bytes()).unwrap();
    }
}

/// A program that takes the demo's options.
#[derive(Clone, Debug)]
pub struct Program {
    path: &'static str,
    arguments: &'static [&'static str],
}

impl Program {
    pub const fn new(path: &'static str) -> Self {
        Self {
            path,
            arguments: &[],
        }
    }

    /// With what stands before the options.
    #[must_use]
    pub const fn with_arguments(mut self, arguments: &'static [&'static str]) -> Self {
        self.arguments = arguments;
        self
    }

    /// Where it is.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// To be started on a free port, without the settings of whoever runs the tests.
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.path);
        command
            .args(self.arguments)
            .args(["--listen", "127.0.0.1:0"]);
        for name in ["OAUTH1_DATABASE", "OAUTH1_CONSUMER_SECRET", "RUST_LOG"] {
            command.env_remove(name);
        }
        if std::env::var_os(SECRETS).is_some() {
            command.env("RUST_LOG", "trace");
        }
        command
    }

    /// Starts it; ready when this returns.
    pub fn start(&self, options: &[&str]) -> Demo {
        Demo::start_command(self.command().args(options))
    }
}

/// A demo, killed when its test ends.
#[derive(Debug)]
pub struct Demo {
    process: Child,
    pub base: String,
    pub agent: Agent,
    /// What it printed once it listened.
    pub walk: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn of(mut response: http::Response<Body>) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.body_mut().read_to_string().unwrap(),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.status, 200, "{self:?}");
        serde_json::from_str(&self.text).unwrap()
    }

    /// Key and secret of a token.
    pub fn token(&self) -> Token {
        assert_eq!(self.status, 200, "{self:?}");
        Token::of_form(&self.text)
    }
}

/// A token as the consumer holds it.
#[derive(Clone, Debug)]
pub struct Token {
    pub key: String,
    pub secret: String,
}

impl Token {
    /// Of a token endpoint's answer.
    pub fn of_form(form: &str) -> Self {
        let field = |wanted: &str| {
            let mut pairs = form_urlencoded::parse(form.as_bytes());
            pairs
                .find(|(name, _)| name == wanted)
                .unwrap()
                .1
                .into_owned()
        };
        let token = Self {
            key: field("oauth_token"),
            secret: field("oauth_token_secret"),
        };
        note(&token.key);
        note(&token.secret);
        token
    }
}

/// Signs for a consumer.
pub fn consumer(key: &str, secret: &str) -> Signer {
    // Words as short as "first" stand in any log.
    if secret.len() >= 12 {
        note(secret);
    }
    Signer::new(ConsumerKey::new(key).unwrap(), Secret::from(secret))
}

/// Signs for the default consumer.
pub fn app() -> Signer {
    consumer("demo-consumer", "demo-consumer-secret")
}

/// Signs for the default consumer with a token.
pub fn with(token: &Token) -> Signer {
    let secret = Secret::from(token.secret.as_str());
    app().with_token(TokenKey::new(&token.key).unwrap(), secret)
}

fn nonce() -> Nonce {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    Nonce::new(format!("{}-{count}", std::process::id())).unwrap()
}

impl Demo {
    /// Starts a program that prints nothing but where it listens.
    pub fn start_other(command: &mut Command) -> Self {
        Self::start_reading(command, false)
    }

    pub fn start_command(command: &mut Command) -> Self {
        Self::start_reading(command, true)
    }

    fn start_reading(command: &mut Command, walks: bool) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let base = first.strip_prefix("listening on ").unwrap().to_owned();
        let mut walk = String::new();
        // Nothing more comes of one that prints no walk.
        let further = if walks { usize::MAX } else { 0 };
        for line in lines.by_ref().take(further).map_while(Result::ok) {
            walk.push_str(&line);
            walk.push('\n');
            if line.contains("/api/user") {
                break;
            }
        }
        // The pipe must not fill up.
        std::thread::spawn(move || lines.for_each(drop));
        Self::of(process, base, walk)
    }

    /// Starts a program whose standard output is the caller's affair: its log tells where it listens.
    pub fn start_silent(command: &mut Command) -> Self {
        command.env("RUST_LOG", "info").stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut told = lines.by_ref().map(Result::unwrap);
        let base = told
            .find_map(|line| Some(line.split_once("listening on ")?.1.to_owned()))
            .unwrap();
        // The pipe must not fill up.
        std::thread::spawn(move || lines.for_each(drop));
        Self::of(process, base, String::new())
    }

    fn of(process: Child, base: String, walk: String) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build()
            .new_agent();
        Self {
            process,
            base,
            agent,
            walk,
        }
    }

    pub fn authority(&self) -> &str {
        self.base.strip_prefix("http://").unwrap()
    }

    /// Signs a request without sending it: the value of its Authorization header.
    pub fn signed(&self, signer: &Signer, method: &str, target: &str, form: &str) -> SignedRequest {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let mut request = Request::new(method, "http", self.authority(), path, query);
        if !form.is_empty() {
            request = request.with_body(Some(FORM.as_bytes()), form.as_bytes());
        }
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let signed = signer.sign(&request, Timestamp::from_secs(now), &nonce());
        let signed = signed.unwrap();
        note(signed.signature());
        signed
    }

    pub fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}{target}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.into();
        let response = if body.is_empty() {
            self.agent.run(request.body(()).unwrap())
        } else {
            self.agent.run(request.body(body).unwrap())
        };
        Answer::of(response.unwrap())
    }

    pub fn get(&self, signer: &Signer, target: &str) -> Answer {
        self.call(signer, "GET", target, "")
    }

    pub fn post(&self, signer: &Signer, target: &str) -> Answer {
        self.call(signer, "POST", target, "")
    }

    /// Signs, with a form body unless it is empty, and sends.
    pub fn call(&self, signer: &Signer, method: &str, target: &str, form: &str) -> Answer {
        let header = self.signed(signer, method, target, form).authorization();
        let mut headers = vec![("authorization", header.as_str())];
        if !form.is_empty() {
            headers.push(("content-type", FORM));
        }
        self.send(method, target, &headers, form)
    }

    pub fn request_token(&self, callback: &str) -> Token {
        let signer = app().with_parameter("oauth_callback", callback);
        let answer = self.post(&signer, "/oauth/request_token");
        assert!(
            answer.text.contains("oauth_callback_confirmed=true"),
            "{answer:?}"
        );
        answer.token()
    }

    pub fn exchange(&self, token: &Token, verifier: &str) -> Answer {
        let signer = with(token).with_parameter("oauth_verifier", verifier);
        self.post(&signer, "/oauth/access_token")
    }

    /// Goes through the whole flow, as the default user.
    pub fn access_token(&self) -> Token {
        let token = self.request_token("oob");
        let verifier = self
            .browser()
            .log_in(&token.key, "demo", "demo")
            .approve()
            .code();
        self.exchange(&token, &verifier).token()
    }

    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Sends a signal by name, and waits for the end.
    pub fn end_by(mut self, signal: &str) -> ExitStatus {
        self.signal(signal);
        self.process.wait().unwrap()
    }

    pub fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        let done = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(done.unwrap().success());
    }

    pub fn wait(&mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
