//! `oauth1 demo`: the flows on embedded SQLite, for trying and for testing clients.

mod api;
mod authorize;
mod page;
mod session;
mod walk;

use std::{future::IntoFuture, sync::Arc, time::Duration};

use axum::{Router, extract::FromRef};
use oauth1_axum::{OAuthLayer, token_endpoints};
use oauth1_provider::{
    CallbackRule, Consumer, ConsumerChange, Created, Manager, Policy, Provider,
    core::{ConsumerKey, Secret, SignatureMethod, Timestamp, constant_time_eq},
};
use oauth1_store_sqlx::SqlStore;
use tokio::net::TcpListener;

use crate::{
    cli::{Demo, Pair},
    error::Error,
};

/// What the handlers share.
#[derive(Clone)]
struct App {
    provider: Arc<Provider>,
    sessions: Arc<session::Sessions>,
}

impl FromRef<App> for Arc<Provider> {
    fn from_ref(app: &App) -> Self {
        Self::clone(&app.provider)
    }
}

pub(crate) async fn run(options: Demo) -> Result<(), Error> {
    // Removed when this function returns, after the server has stopped.
    let folder = tempfile::Builder::new().prefix("oauth1-demo-").tempdir()?;
    let database = match options.database {
        Some(url) => url,
        None => format!("sqlite:{}", folder.path().join("oauth1.db").display()),
    };
    let sql = Arc::new(SqlStore::connect(&database).await?);
    let provider = {
        let (manager, store, replay_guard) = (Arc::clone(&sql), Arc::clone(&sql), Arc::clone(&sql));
        let mut builder = Provider::builder(manager, store, replay_guard).with_realm("oauth1 demo");
        if options.listen.ip().is_loopback() {
            // Nobody else reads what never leaves the machine (section 3.4.4: "or sent over a
            // secure channel with equivalent protections").
            builder = builder
                .with_methods(SignatureMethod::ALL)
                .dangerous_plaintext_over_http();
        }
        Arc::new(builder.build()?)
    };
    for consumer in &options.consumer {
        seed(&sql, consumer, provider.now()).await?;
    }
    let sessions = Arc::new(session::Sessions::new(&options.user)?);
    let app = App {
        provider: Arc::clone(&provider),
        sessions,
    };

    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| Error::new(format!("cannot listen on {}: {error}", options.listen)))?;
    let address = listener.local_addr()?;
    let stop = stop_signal()?;
    println!("listening on http://{address}");
    walk::print(
        &format!("http://{address}"),
        &options.consumer,
        &options.user,
    );

    let purge = tokio::spawn(purge_for_ever(provider));
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = axum::serve(listener, router(app)).with_graceful_shutdown(async move {
        stop.await;
        let _ = stopping.send(());
    });
    tokio::select! {
        done = server.into_future() => done?,
        () = async { let _ = stopped.await; tokio::time::sleep(GRACE).await } => {}
    }
    purge.abort();
    Ok(())
}

/// How long requests under way may take after a signal.
const GRACE: Duration = Duration::from_secs(10);

fn router(app: App) -> Router {
    let provider = Arc::clone(&app.provider);
    Router::new()
        .merge(api::routes())
        .merge(authorize::routes())
        .merge(token_endpoints(&provider))
        .layer(OAuthLayer::new(provider))
        .with_state(app)
}

/// Demo consumers accept `oob` and every callback on a loopback host.
async fn seed(sql: &SqlStore, pair: &Pair, now: Timestamp) -> Result<(), Error> {
    let key = ConsumerKey::new(&pair.name)?;
    let mut policy = Policy::default();
    policy.out_of_band = true;
    let secret = Secret::from(pair.secret.as_str());
    let consumer = Consumer::new(key.clone(), secret.clone(), pair.name.as_str(), now)
        .with_policy(policy)
        .with_callbacks([CallbackRule::Loopback]);
    if sql.create(&consumer).await? == Created::Created {
        return Ok(());
    }
    // From an earlier run: the secret given now counts.
    let there = sql.find(&key).await?;
    let same = there.is_some_and(|there| {
        let kept = there.credential().shared_secret().map(Secret::expose);
        kept.is_some_and(|kept| constant_time_eq(kept.as_bytes(), secret.expose().as_bytes()))
    });
    if !same {
        let change = ConsumerChange::Rotate {
            credential: secret.into(),
            overlap_until: now,
        };
        sql.update(&key, &change).await?;
    }
    Ok(())
}

/// Ready to be awaited: the handlers are in place when this returns.
fn stop_signal() -> Result<impl Future<Output = ()>, Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

async fn purge_for_ever(provider: Arc<Provider>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(60));
    loop {
        ticks.tick().await;
        if let Err(error) = provider.purge().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "purge failed");
        }
    }
}
