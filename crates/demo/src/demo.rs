//! The parts: database, provider, users.

use std::{
    io::{self, Write},
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use oauth1_provider::{
    CallbackRule, Consumer, ConsumerChange, Created, Manager, Policy, Provider, ReplayGuard,
    core::{ConsumerKey, Secret, SignatureMethod, Timestamp, constant_time_eq},
};
use oauth1_store_redis::{RedisOptions, RedisReplayGuard};
use oauth1_store_sqlx::{KeyRing, SqlStore, SqlStoreOptions};

use crate::{Error, Options, Pair, cache, run::Signals, session::Sessions, walk};

/// What the handlers share.
#[derive(Clone, Debug)]
pub struct Demo {
    pub(crate) provider: Arc<Provider>,
    pub(crate) sessions: Arc<Sessions>,
    options: Arc<Options>,
    pub(crate) signals: Arc<Mutex<Option<Signals>>>,
}

impl Demo {
    /// Opens the database, one in memory if none is named, and seeds it.
    ///
    /// # Errors
    /// [`Error`], for the person at the terminal.
    pub async fn open(options: &Options) -> Result<Self, Error> {
        let database = options.database.as_deref().unwrap_or("sqlite::memory:");
        let ring = KeyRing::from_file_or_env(options.keys.as_deref())?;
        let sql = SqlStoreOptions::default().with_key_ring(ring);
        let sql = Arc::new(sql.connect(database).await?);
        let (manager, store) = cache::over(&sql, options).await?;
        let replay_guard: Arc<dyn ReplayGuard> = match &options.replay {
            Some(url) => {
                // A Redis started a moment ago is to be tried at once; the URL may say otherwise.
                let options = RedisOptions::default().with_past_refused_after_restart();
                Arc::new(RedisReplayGuard::connect_with(url, options).await?)
            }
            None => Arc::<SqlStore>::clone(&sql),
        };
        let mut builder = Provider::builder(manager, store, replay_guard)
            .with_realm("oauth1 demo")
            .with_body_timeout(Duration::from_secs(options.body_timeout));
        if options.listen.ip().is_loopback() {
            // Nobody else reads what never leaves the machine (section 3.4.4: "or sent over a
            // secure channel with equivalent protections").
            builder = builder
                .with_methods(SignatureMethod::ALL)
                .dangerous_plaintext_over_http();
        }
        let provider = Arc::new(builder.build()?);
        for consumer in &options.consumer {
            seed(provider.manager().as_ref(), consumer, provider.now()).await?;
        }
        Ok(Self {
            provider,
            sessions: Arc::new(Sessions::new(&options.user)?),
            options: Arc::new(options.clone()),
            signals: Arc::new(Mutex::new(Some(Signals::listen()?))),
        })
    }

    /// The provider.
    #[must_use]
    pub fn provider(&self) -> Arc<Provider> {
        Arc::clone(&self.provider)
    }

    /// Prints and logs where it listens, as `listening on http://ADDR`, and prints what a person can
    /// paste to see the flows; `program` is the shell's word for `oauth1`, which signs.
    pub fn announce(&self, address: SocketAddr, program: &str) {
        let base = format!("http://{address}");
        let walk = walk::steps(program, &base, &self.options.consumer, &self.options.user);
        tracing::info!("listening on {base}");
        // It serves whoever knows the address, even if nobody reads it here.
        let _ = write!(io::stdout(), "listening on {base}\n{walk}");
    }
}

/// Demo consumers accept `oob` and every callback on a loopback host.
async fn seed(manager: &dyn Manager, pair: &Pair, now: Timestamp) -> Result<(), Error> {
    let key = ConsumerKey::new(&pair.name)?;
    let mut policy = Policy::default();
    policy.out_of_band = true;
    let secret = Secret::from(pair.secret.as_str());
    let consumer = Consumer::new(key.clone(), secret.clone(), pair.name.as_str(), now)
        .with_policy(policy)
        .with_callbacks([CallbackRule::Loopback]);
    if manager.create(&consumer).await? == Created::Created {
        return Ok(());
    }
    // From an earlier run, or from `oauth1 consumer add`: what is given now counts.
    let configure = ConsumerChange::Configure {
        policy: Box::new(consumer.policy),
        callbacks: consumer.callbacks,
    };
    manager.update(&key, &configure).await?;
    let there = manager.find(&key).await?;
    let same = there.is_some_and(|there| {
        let kept = there.credential().shared_secret().map(Secret::expose);
        kept.is_some_and(|kept| constant_time_eq(kept.as_bytes(), secret.expose().as_bytes()))
    });
    if !same {
        let change = ConsumerChange::Rotate {
            credential: secret.into(),
            overlap_until: now,
        };
        manager.update(&key, &change).await?;
    }
    Ok(())
}
