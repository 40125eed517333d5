//! The same handler, bare and behind OAuth, in each framework, on one thread.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use actix_web::{App, HttpServer, dev::Server, web};
use async_trait::async_trait;
use axum::{Router, routing::post};
use oauth1_provider::{
    Consumer, Decision, Exchange, Manager, MemoryManager, MemoryReplayGuard, MemoryStore, Provider,
    Realms, Remembered, ReplayEntry, ReplayGuard, RequestToken, RequestTokenState, Store,
    StoreError, UserId, VerifierHash,
    core::{Callback, ConsumerKey, Secret, Timestamp, TokenKey, Verifier},
};

use tower_layer::Layer;
use warp::Filter;

use crate::Result;

/// Key of the consumer and of its token.
pub(crate) const TOKEN: &str = "dpf43f3p2l4k3l03";
/// Secret of both.
pub(crate) const SECRET: &str = "kd94hf93k423kf44";

/// What stands before the handler.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    Bare,
    OAuth,
    OAuthWithoutNonces,
}

impl Variant {
    fn word(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::OAuth => "oauth",
            Self::OAuthWithoutNonces => "oauth-without-nonces",
        }
    }
}

impl FromStr for Variant {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        [Self::Bare, Self::OAuth, Self::OAuthWithoutNonces]
            .into_iter()
            .find(|variant| variant.word() == text)
            .ok_or("no such variant")
    }
}

/// A server in a process of its own, on the first core where `taskset` is there.
pub(crate) struct Running {
    process: Child,
    pub(crate) address: String,
}

impl Running {
    pub(crate) fn start(framework: &str, variant: Variant) -> Result<Self> {
        let program = std::env::current_exe()?;
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]).arg(program);
        command.args(["serve", framework, variant.word()]);
        let mut process = command.stdout(Stdio::piped()).spawn()?;
        let stdout = process.stdout.take().ok_or("no output")?;
        let mut address = String::new();
        BufReader::new(stdout).read_line(&mut address)?;
        address.truncate(address.trim_end().len());
        Ok(Self { process, address })
    }

    /// User and system time, of all threads.
    pub(crate) fn processor_time(&self) -> Result<Duration> {
        // In ticks of a hundredth of a second, behind the name in parentheses.
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        let rest = text.rsplit(')').next().unwrap_or_default();
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |index: usize| -> Result<u64> {
            Ok(fields.get(index).ok_or("no such field")?.parse()?)
        };
        Ok(Duration::from_millis(10 * (ticks(11)? + ticks(12)?)))
    }

    pub(crate) fn resident_kib(&self) -> Result<u64> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number.ok_or("no VmRSS")?.parse()?)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves until killed; prints its address.
pub(crate) fn serve(framework: &str, variant: Variant) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    println!("{}", listener.local_addr()?);
    let provider = match variant {
        Variant::Bare => None,
        other => Some(runtime.block_on(provider(other))?),
    };
    match framework {
        "axum" => runtime.block_on(serve_axum(listener, provider)),
        "actix-web" => {
            let system = actix_web::rt::System::new();
            let server = async {
                actix_web_server(listener, provider)?
                    .await
                    .map_err(Into::into)
            };
            system.block_on(server)
        }
        "warp" => runtime.block_on(serve_warp(listener, provider)),
        _ => Err("no such framework".into()),
    }
}

async fn serve_axum(
    listener: std::net::TcpListener,
    provider: Option<Arc<Provider>>,
) -> Result<()> {
    let handler = async |form: axum::body::Bytes| if form.is_empty() { "" } else { "ok" };
    let mut router = Router::new().route("/statuses/update", post(handler));
    if let Some(provider) = provider {
        router = router.layer(oauth1_axum::OAuthLayer::new(provider));
    }
    let listener = tokio::net::TcpListener::from_std(listener)?;
    Ok(axum::serve(listener, router).await?)
}

fn actix_web_server(
    listener: std::net::TcpListener,
    provider: Option<Arc<Provider>>,
) -> Result<Server> {
    let handler = async |form: web::Bytes| if form.is_empty() { "" } else { "ok" };
    let route = move || web::resource("/statuses/update").route(web::post().to(handler));
    let Some(provider) = provider else {
        let server = HttpServer::new(move || App::new().service(route()));
        return Ok(server.workers(1).listen(listener)?.run());
    };
    let server = HttpServer::new(move || {
        let oauth = oauth1_actix_web::OAuth::new(Arc::clone(&provider));
        App::new().service(route()).wrap(oauth)
    });
    Ok(server.workers(1).listen(listener)?.run())
}

async fn serve_warp(
    listener: std::net::TcpListener,
    provider: Option<Arc<Provider>>,
) -> Result<()> {
    let route = warp::path!("statuses" / "update")
        .and(warp::post())
        .and(warp::body::bytes())
        .map(|form: axum::body::Bytes| if form.is_empty() { "" } else { "ok" });
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let stop = std::future::pending();
    match provider {
        None => oauth1_warp::serve(listener, warp::service(route), stop).await?,
        Some(provider) => {
            let routes = route.recover(oauth1_warp::recover);
            let service = oauth1_warp::OAuthLayer::new(provider).layer(warp::service(routes));
            oauth1_warp::serve(listener, service, stop).await?;
        }
    }
    Ok(())
}

async fn provider(variant: Variant) -> Result<Arc<Provider>> {
    let (manager, store) = (MemoryManager::default(), MemoryStore::default());
    let now = Timestamp::from_secs(0);
    let (key, secret) = (ConsumerKey::new(TOKEN)?, Secret::from(SECRET));
    manager
        .create(&Consumer::new(key.clone(), secret.clone(), "load", now))
        .await?;
    let (request_token, verifier) = (TokenKey::new(TOKEN)?, Verifier::new("verifier")?);
    let verifier = VerifierHash::new(&request_token, &verifier);
    let pending = RequestToken {
        key: request_token.clone(),
        secret: secret.clone(),
        consumer: key.clone(),
        callback: Callback::OutOfBand,
        realms: Realms::default(),
        state: RequestTokenState::Pending,
        created: now,
        expires: now.plus(Duration::from_secs(600)),
    };
    store.create_request_token(&pending).await?;
    let (user, realms) = (UserId::new("user")?, Realms::default());
    let decision = Decision::Approve {
        user,
        verifier,
        realms,
    };
    store.decide(&request_token, &decision, now).await?;
    let exchange = Exchange {
        verifier,
        request_token,
        consumer: key,
        attempts: 3,
        key: TokenKey::new(TOKEN)?,
        secret,
        expires: None,
        session: None,
    };
    store.exchange(&exchange, now).await?;
    let guard: Arc<dyn ReplayGuard> = match variant {
        Variant::OAuthWithoutNonces => Arc::new(ForgetsAtOnce),
        _ => Arc::new(MemoryReplayGuard::without_history()),
    };
    Ok(Arc::new(
        Provider::builder(Arc::new(manager), Arc::new(store), guard).build()?,
    ))
}

/// Keeps nothing: for looking at all other memory.
#[derive(Debug)]
struct ForgetsAtOnce;

#[async_trait]
impl ReplayGuard for ForgetsAtOnce {
    async fn remember(&self, _: &ReplayEntry<'_>) -> std::result::Result<Remembered, StoreError> {
        Ok(Remembered::Fresh)
    }

    async fn purge(&self, _: Timestamp, _: u32) -> std::result::Result<u64, StoreError> {
        Ok(0)
    }
}
