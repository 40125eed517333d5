//! A whole service: SQLite with sealed secrets, provider, axum, real sockets.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{Router, extract::Request, http::Method, response::Response, routing::any};
use oauth1_axum::{
    Authorize, AuthorizeRejection, GuardLayer, Identity, OAuthLayer, into_http, token_endpoints,
};
use oauth1_conformance::faults::Faulty;
use oauth1_provider::{
    CallbackRule, Consumer, Manager, Policy, ProblemReporting, Provider, Realms, ReplayGuard,
    Sessions, Store, UserId,
    core::{ConsumerKey, Nonce, RsaPublicKey, Secret, SignatureMethod, Signer, TokenKey},
    is_oauth_user,
};
use oauth1_store_sqlx::{KeyRing, SqlStore, SqlStoreOptions};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{Faults, Secrets};

pub(crate) const CONSUMER_SECRET: &str = "uncaught+consumer/secret=\u{fc}&";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// The service, and what a client needs to talk to it.
#[derive(Debug)]
pub struct World {
    pub provider: Arc<Provider>,
    pub sql: SqlStore,
    pub pool: sqlx::SqlitePool,
    pub faults: Faults,
    pub secrets: Secrets,
    pub options: SqlStoreOptions,
    address: SocketAddr,
    count: AtomicU64,
}

/// What came back; status 0 if the connection broke.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl World {
    pub async fn start(folder: &Path, secrets: Secrets, problems: ProblemReporting) -> Self {
        let ring = KeyRing::generate("k1").unwrap();
        secrets.add("key of the ring", ring.split_once(':').unwrap().1);
        secrets.add("consumer secret", CONSUMER_SECRET);
        let options = SqlStoreOptions::default().with_key_ring(KeyRing::parse(&ring).unwrap());
        let file = folder.join(format!("{problems:?}.db"));
        let connect = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true);
        let pool = sqlx::SqlitePool::connect_with(connect).await.unwrap();
        let sql = options.clone().with_pool(pool.clone()).await.unwrap();
        let faults = Faults::default();
        let all = Arc::new(sql.clone());
        let manager: Faulty<dyn Manager, _> = Faulty::with(Arc::clone(&all) as _, faults.clone());
        let store: Faulty<dyn Store, _> = Faulty::with(Arc::clone(&all) as _, faults.clone());
        let guard: Faulty<dyn ReplayGuard, _> = Faulty::with(all, faults.clone());
        let provider = Provider::builder(Arc::new(manager), Arc::new(store), Arc::new(guard))
            .with_methods(SignatureMethod::ALL)
            .dangerous_plaintext_over_http()
            .with_problem_reporting(problems)
            .with_realms(Realms::parse("photos").unwrap())
            .with_sessions(Sessions::default())
            .build()
            .unwrap();
        let provider = Arc::new(provider);
        seed(&sql, &provider).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = router(&provider);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            provider,
            sql,
            pool,
            faults,
            secrets,
            options,
            address,
            count: AtomicU64::new(0),
        }
    }

    /// Signs for a consumer with the right secret.
    pub fn signer(&self, consumer: &str) -> Signer {
        let key = ConsumerKey::new(consumer).unwrap();
        Signer::new(key, Secret::from(CONSUMER_SECRET))
    }

    pub fn with_token(&self, key: &str, secret: &str) -> Signer {
        self.signer("app")
            .with_token(TokenKey::new(key).unwrap(), Secret::from(secret))
    }

    /// Signs, notes what is secret of it, and sends.
    pub async fn call(&self, signer: &Signer, method: &str, target: &str, form: &str) -> Answer {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let host = self.address.to_string();
        let mut request = oauth1_provider::core::Request::new(method, "http", &host, path, query);
        if !form.is_empty() {
            request = request.with_body(Some(FORM.as_bytes()), form.as_bytes());
        }
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let nonce = Nonce::new(format!("n{count}")).unwrap();
        let signed = signer.sign(&request, self.provider.now(), &nonce).unwrap();
        self.secrets.add("signature", signed.signature());
        let query = signed
            .query()
            .map_or_else(String::new, |query| format!("?{query}"));
        let body = String::from_utf8(signed.body().unwrap_or_default()).unwrap();
        let header = match signed.transport() {
            oauth1_provider::core::Transport::Header => signed.authorization(),
            _ => String::new(),
        };
        self.send(method, &format!("{path}{query}"), &header, &body)
            .await
    }

    pub async fn send(&self, method: &str, target: &str, header: &str, form: &str) -> Answer {
        let mut head = format!("{method} {target} HTTP/1.1\r\nHost: {}\r\n", self.address);
        if !header.is_empty() {
            head.push_str(&format!("Authorization: {header}\r\n"));
        }
        let length = form.len();
        head.push_str(&format!(
            "Connection: close\r\nContent-Type: {FORM}\r\nContent-Length: {length}\r\n\r\n{form}"
        ));
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // A panic breaks the connection.
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Answer {
            status: status.unwrap_or_default(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }
}

impl Answer {
    /// A value of a form-encoded answer; nothing if it is no such answer.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut pairs = self.body.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }
}

async fn seed(sql: &SqlStore, provider: &Provider) {
    let mut policy = Policy::default();
    policy.out_of_band = true;
    let public = include_str!("../../vectors/keys/rsa2048.public.pem");
    let secret = Secret::from(CONSUMER_SECRET);
    for (key, credential) in [
        ("app", secret.clone().into()),
        (
            "rsa",
            oauth1_provider::Credential::from(RsaPublicKey::from_pem(public).unwrap()),
        ),
    ] {
        let key = ConsumerKey::new(key).unwrap();
        let consumer = Consumer::new(key, credential, "n", provider.now())
            .with_policy(policy.clone())
            .with_callbacks([CallbackRule::Loopback]);
        sql.create(&consumer).await.unwrap();
    }
}

fn router(provider: &Arc<Provider>) -> Router {
    Router::new()
        .route(
            "/any",
            any(async |who: Option<Identity>| format!("{:?}", who.is_some())),
        )
        .route(
            "/user",
            any(async || "you").layer(GuardLayer::new(is_oauth_user())),
        )
        // A handler of the application's that panics with all it knows.
        .route(
            "/panic",
            any(async |who: Identity, request: Request| -> String {
                panic!("{:?} {:?}", who, request.method())
            }),
        )
        .route("/oauth/authorize", any(authorize))
        .merge(token_endpoints(provider))
        .layer(OAuthLayer::new(Arc::clone(provider)))
        .with_state(Arc::clone(provider))
}

/// Approves by POST, denies by DELETE; shows what is asked for otherwise.
async fn authorize(method: Method, asked: Authorize) -> Result<Response, AuthorizeRejection> {
    let user = UserId::new("alice").unwrap();
    let outcome = match method {
        Method::POST => asked.approve(&user).await?.outcome(),
        Method::DELETE => asked.deny().await?,
        _ => return Ok(Response::new(format!("{asked:?}").into())),
    };
    let response = outcome.redirect().map(into_http).unwrap_or_default();
    let code = match outcome {
        oauth1_provider::Outcome::Page(Some(code)) => code.as_str().to_owned(),
        _ => String::new(),
    };
    Ok(response.map(|_| code.into()))
}
