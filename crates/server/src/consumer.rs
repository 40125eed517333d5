//! `oauth1 consumer`: administration.

use std::time::Duration;

use oauth1_provider::{
    CallbackRule, Change, Clock, Consumer, ConsumerChange, Created, Credential, Manager, Policy,
    SystemClock,
    core::{BodyHashPolicy, Callback, ConsumerKey, Leniency, Limits, RsaPublicKey, Secret},
};
use oauth1_store_redis::RedisNotices;
use oauth1_store_sqlx::{KeyRing, SqlStore, SqlStoreOptions};
use serde_json::{Value, json};

use crate::{
    cli::{self, ConsumerAction, ConsumerAdd},
    error::{self, Error},
    output::{print, print_line, printable},
    random,
};

pub(crate) async fn run(options: cli::Consumer) -> Result<(), Error> {
    let ring = KeyRing::from_file_or_env(options.database.keys.as_deref())?;
    let store = SqlStoreOptions::default().with_key_ring(ring);
    let store = store.connect(&options.database.database).await?;
    let notices = match &options.notify {
        Some(url) => Some(RedisNotices::connect(url).await?),
        None => None,
    };
    let mut changed = None;
    match options.action {
        ConsumerAction::Add(added) => {
            let consumer = build(added)?;
            changed = Some(consumer.key().clone());
            add(&store, &consumer, options.json).await?;
        }
        ConsumerAction::List => list(&store, options.json).await?,
        ConsumerAction::Show { key } => {
            let consumer = store
                .find(&ConsumerKey::new(key)?)
                .await?
                .ok_or_else(unknown)?;
            show(&consumer, None, options.json)?;
        }
        ConsumerAction::Disable { key, reason } => {
            changed = Some(change(&store, key, &ConsumerChange::Disable(reason)).await?);
        }
        ConsumerAction::Enable { key } => {
            changed = Some(change(&store, key, &ConsumerChange::Enable).await?);
        }
        ConsumerAction::Delete { key } => {
            let key = ConsumerKey::new(key)?;
            if !store.delete(&key).await? {
                return Err(unknown());
            }
            changed = Some(key);
        }
    }
    tell(notices, changed).await
}

/// Without its secret a consumer is of no use: one that cannot be shown is not added.
async fn add(store: &SqlStore, consumer: &Consumer, json: bool) -> Result<(), Error> {
    if store.create(consumer).await? == Created::AlreadyExists {
        return Err(Error::new("the key is taken"));
    }
    let secret = consumer.credential().shared_secret();
    let secret = secret.map(|secret| secret.expose().to_owned());
    if let Err(error) = show(consumer, secret, json) {
        store.delete(consumer.key()).await?;
        return Err(Error::new(format!("the consumer is not added: {error}")));
    }
    Ok(())
}

/// Other processes, so that their caches forget the consumer.
async fn tell(notices: Option<RedisNotices>, changed: Option<ConsumerKey>) -> Result<(), Error> {
    let (Some(notices), Some(key)) = (notices, changed) else {
        return Ok(());
    };
    let told = notices.publish(&Change::Consumer(key)).await;
    told.map_err(|error| {
        let error = Error::of(&error);
        Error::new(format!(
            "the change is made, but caches see it late: {error}"
        ))
    })
}

fn credential(add: &ConsumerAdd) -> Result<Credential, Error> {
    if let Some(file) = &add.rsa_public_key {
        let minimum = usize::from(add.minimum_key_bits);
        return Ok(RsaPublicKey::from_pem_of_at_least(minimum, &error::read(file)?)?.into());
    }
    match add.secret.as_deref() {
        Some("") if add.leniency.contains(&Leniency::EmptyConsumerSecret) => {
            Ok(Secret::from("").into())
        }
        Some("") => Err(Error::new("an empty secret is no secret")),
        Some(secret) => Ok(Secret::from(secret).into()),
        None => Ok(Secret::from(random::hex(24)?).into()),
    }
}

fn build(add: ConsumerAdd) -> Result<Consumer, Error> {
    let longest = Limits::default().identifier_bytes;
    if add.key.len() > longest {
        let why = "providers refuse requests with a longer one";
        return Err(Error::new(format!(
            "the key may have {longest} bytes: {why}"
        )));
    }
    let credential = credential(&add)?;
    let mut callbacks = Vec::new();
    for text in &add.callback {
        callbacks.push(CallbackRule::Exact(Callback::parse(text)?));
    }
    if add.loopback_callbacks {
        callbacks.push(CallbackRule::Loopback);
    }
    let mut policy = Policy::default();
    policy.out_of_band = add.oob;
    policy.two_legged = !add.no_two_legged;
    policy.leniencies.clone_from(&add.leniency);
    policy.body_hash = match add.body_hash {
        cli::BodyHash::Ignore => BodyHashPolicy::Ignore,
        cli::BodyHash::IfPresent => BodyHashPolicy::VerifyIfPresent,
        cli::BodyHash::Require => BodyHashPolicy::Require,
    };
    policy.access_token_lifetime = add.token_lifetime.map(Duration::from_secs);
    let name = add.name.unwrap_or_else(|| add.key.clone());
    let now = SystemClock::default().now();
    Ok(
        Consumer::new(ConsumerKey::new(add.key)?, credential, name, now)
            .with_policy(policy)
            .with_callbacks(callbacks),
    )
}

async fn list(store: &SqlStore, json: bool) -> Result<(), Error> {
    const PAGE: u32 = 500;
    let mut after = None;
    let mut all = Vec::new();
    loop {
        let page = store.list(after.as_ref(), PAGE).await?;
        for consumer in &page {
            if json {
                all.push(describe(consumer, None));
            } else {
                let state = if consumer.disabled.is_some() {
                    "disabled"
                } else {
                    "active"
                };
                let key = printable(consumer.key().as_str());
                let name = printable(&consumer.name);
                print_line(format_args!("{key}\t{state}\t{name}"))?;
            }
        }
        match page.last() {
            Some(last) => after = Some(last.key().clone()),
            None => break,
        }
    }
    if json {
        print_line(Value::Array(all))?;
    }
    Ok(())
}

async fn change(
    store: &SqlStore,
    key: String,
    change: &ConsumerChange,
) -> Result<ConsumerKey, Error> {
    let key = ConsumerKey::new(key)?;
    if store.update(&key, change).await? {
        Ok(key)
    } else {
        Err(unknown())
    }
}

fn unknown() -> Error {
    Error::new("there is no such consumer")
}

/// The secret only where it was just made.
fn describe(consumer: &Consumer, secret: Option<String>) -> Value {
    let callbacks: Vec<_> = consumer
        .callbacks
        .iter()
        .map(|rule| match rule {
            CallbackRule::Exact(callback) => callback.as_str().to_owned(),
            _ => "any http(s) URL on a loopback host".to_owned(),
        })
        .collect();
    let mut value = json!({
        "key": consumer.key().as_str(),
        "name": consumer.name,
        "credential": kind(consumer.credential()),
        "callbacks": callbacks,
        "oob": consumer.policy.out_of_band,
        "leniencies": names(&consumer.policy.leniencies),
        "two_legged": consumer.policy.two_legged,
        "token_lifetime": consumer.policy.access_token_lifetime.map(|lifetime| lifetime.as_secs()),
        "created": consumer.created().as_secs(),
        "disabled": consumer.disabled,
    });
    if let (Some(secret), Some(map)) = (secret, value.as_object_mut()) {
        map.insert("secret".to_owned(), Value::String(secret));
    }
    value
}

fn names(leniencies: &[Leniency]) -> Vec<&'static str> {
    leniencies
        .iter()
        .map(|leniency| leniency.as_str())
        .collect()
}

fn kind(credential: &Credential) -> String {
    match credential {
        Credential::SharedSecret(_) => "shared secret".to_owned(),
        Credential::RsaPublicKey(key) => format!("RSA public key of {} bits", key.bits()),
        _ => "unknown".to_owned(),
    }
}

fn show(consumer: &Consumer, secret: Option<String>, json: bool) -> Result<(), Error> {
    let value = describe(consumer, secret);
    if json {
        return print_line(value);
    }
    let lines = value.as_object().into_iter().flatten();
    let lines = lines.map(|(name, value)| match value {
        // To be copied as it is.
        Value::String(secret) if name == "secret" => format!("{name}: {secret}\n"),
        Value::String(text) => format!("{name}: {}\n", printable(text)),
        other => format!("{name}: {other}\n"),
    });
    print(lines.collect::<String>())
}
