//! Rows as the provider's types, and back. What cannot be read is an error, never a guess.

use std::time::Duration;

use crate::{
    column::{optional_integer, optional_text, text, time, timestamp},
    error::sort,
    pool::Row,
    sealing::Sealing,
};
use oauth1_provider::{
    AccessToken, CallbackRule, Consumer, Credential, Policy, PreviousCredential, Realms,
    RequestToken, RequestTokenState, Session, SessionHandleHash, StoreError, UserId,
    core::{
        BodyHashPolicy, Callback, ConsumerKey, Leniency, RsaPublicKey, Secret, SignatureMethod,
        TokenKey, Transport, Window,
    },
};
use serde::{Deserialize, Serialize};

/// What a consumer has beside its secrets: one JSON text, so that a new option is no migration.
#[derive(Serialize, Deserialize)]
struct Settings {
    callbacks: Vec<Rule>,
    methods: Vec<String>,
    transports: Vec<String>,
    two_legged: bool,
    out_of_band: bool,
    access_token_lifetime: Option<u64>,
    window: Option<(u64, u64)>,
    #[serde(default)]
    body_hash: BodyHash,
    #[serde(default)]
    leniencies: Vec<String>,
    #[serde(default)]
    realms: Option<String>,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum BodyHash {
    Ignore,
    #[default]
    VerifyIfPresent,
    Require,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Rule {
    Exact(String),
    Loopback,
}

/// The JSON text of a consumer's callbacks and policy.
pub(crate) fn settings(consumer: &Consumer) -> Result<String, StoreError> {
    let policy = &consumer.policy;
    let rule = |rule: &CallbackRule| match rule {
        CallbackRule::Exact(callback) => Ok(Rule::Exact(callback.as_str().to_owned())),
        CallbackRule::Loopback => Ok(Rule::Loopback),
        _ => Err(StoreError::Corrupt("callback rule")),
    };
    let transport = |transport: &Transport| match transport {
        Transport::Header => Ok("header".to_owned()),
        Transport::Body => Ok("body".to_owned()),
        Transport::Query => Ok("query".to_owned()),
        _ => Err(StoreError::Corrupt("transport")),
    };
    let settings = Settings {
        callbacks: consumer
            .callbacks
            .iter()
            .map(rule)
            .collect::<Result<_, _>>()?,
        methods: policy
            .methods
            .iter()
            .map(|method| method.as_str().to_owned())
            .collect(),
        transports: policy
            .transports
            .iter()
            .map(transport)
            .collect::<Result<_, _>>()?,
        two_legged: policy.two_legged,
        out_of_band: policy.out_of_band,
        access_token_lifetime: policy
            .access_token_lifetime
            .map(|lifetime| lifetime.as_secs()),
        window: policy
            .window
            .map(|w| (w.past.as_secs(), w.future.as_secs())),
        leniencies: policy
            .leniencies
            .iter()
            .map(|leniency| leniency.as_str().to_owned())
            .collect(),
        realms: policy.realms.as_ref().map(ToString::to_string),
        body_hash: match policy.body_hash {
            BodyHashPolicy::Ignore => BodyHash::Ignore,
            BodyHashPolicy::VerifyIfPresent => BodyHash::VerifyIfPresent,
            BodyHashPolicy::Require => BodyHash::Require,
        },
    };
    serde_json::to_string(&settings).map_err(|_| StoreError::Corrupt("settings"))
}

fn policy(settings: &Settings) -> Result<Policy, StoreError> {
    let mut policy = Policy::default();
    policy.methods = settings
        .methods
        .iter()
        .map(|name| SignatureMethod::parse_any(name).ok_or(StoreError::Corrupt("signature method")))
        .collect::<Result<_, _>>()?;
    policy.transports = settings
        .transports
        .iter()
        .map(|name| match name.as_str() {
            "header" => Ok(Transport::Header),
            "body" => Ok(Transport::Body),
            "query" => Ok(Transport::Query),
            _ => Err(StoreError::Corrupt("transport")),
        })
        .collect::<Result<_, _>>()?;
    policy.two_legged = settings.two_legged;
    policy.out_of_band = settings.out_of_band;
    policy.access_token_lifetime = settings.access_token_lifetime.map(Duration::from_secs);
    policy.leniencies = settings
        .leniencies
        .iter()
        .map(|name| Leniency::parse(name).ok_or(StoreError::Corrupt("leniency")))
        .collect::<Result<_, _>>()?;
    policy.realms = settings.realms.as_deref().map(parse_realms).transpose()?;
    policy.body_hash = match settings.body_hash {
        BodyHash::Ignore => BodyHashPolicy::Ignore,
        BodyHash::VerifyIfPresent => BodyHashPolicy::VerifyIfPresent,
        BodyHash::Require => BodyHashPolicy::Require,
    };
    policy.window = settings
        .window
        .map(|(past, future)| Window::new(Duration::from_secs(past), Duration::from_secs(future)));
    Ok(policy)
}

pub(crate) fn consumer(row: &Row, sealing: &Sealing) -> Result<Consumer, StoreError> {
    let settings: Settings = serde_json::from_str(&text(row, "settings")?)
        .map_err(|_| StoreError::Corrupt("settings"))?;
    let policy = policy(&settings)?;
    let callbacks = settings
        .callbacks
        .into_iter()
        .map(|rule| match rule {
            Rule::Loopback => Ok(CallbackRule::Loopback),
            Rule::Exact(text) => Ok(CallbackRule::Exact(callback(&text)?)),
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    let key = consumer_key(row)?;
    let secret = sealing.open(
        "consumers.secret",
        key.as_str(),
        (row, text(row, "secret")?),
    )?;
    let previous = match optional_text(row, "previous_secret")? {
        Some(text) => {
            let place = "consumers.previous_secret";
            Some(sealing.open(place, key.as_str(), (row, text))?)
        }
        None => None,
    };
    let mut consumer = Consumer::new(
        key,
        credential(&text(row, "kind")?, secret)?,
        text(row, "name")?,
        time(row, "created")?,
    )
    .with_policy(policy)
    .with_callbacks(callbacks);
    consumer.disabled = optional_text(row, "disabled")?;
    let until = optional_integer(row, "previous_until")?;
    if let Some((previous, until)) = previous.zip(until) {
        let kind = optional_text(row, "previous_kind")?;
        consumer.previous = Some(PreviousCredential {
            credential: credential(kind.as_deref().unwrap_or(SECRET), previous)?,
            until: timestamp(until)?,
        });
    }
    Ok(consumer)
}

const SECRET: &str = "secret";
const RSA: &str = "rsa";

/// A credential as kind and text. The kind stands for itself: no text is guessed at.
pub(crate) fn kind_and_text(credential: &Credential) -> Result<(&'static str, String), StoreError> {
    match credential {
        Credential::SharedSecret(secret) => Ok((SECRET, secret.expose().to_owned())),
        Credential::RsaPublicKey(key) => key
            .to_pem()
            .map(|pem| (RSA, pem))
            .map_err(|_| StoreError::Corrupt("RSA key")),
        _ => Err(StoreError::Corrupt("credential")),
    }
}

fn credential(kind: &str, text: String) -> Result<Credential, StoreError> {
    match kind {
        SECRET => Ok(Secret::from(text).into()),
        // Its length was checked when it was added.
        RSA => RsaPublicKey::from_pem_of_at_least(0, &text)
            .map(Credential::from)
            .map_err(|_| StoreError::Corrupt("RSA key")),
        _ => Err(StoreError::Corrupt("credential")),
    }
}

pub(crate) fn request_token(row: &Row, sealing: &Sealing) -> Result<RequestToken, StoreError> {
    let key = token_key(row)?;
    let user = optional_text(row, "user_id")?;
    let secret = sealing.open(
        "request_tokens.secret",
        key.as_str(),
        (row, text(row, "secret")?),
    )?;
    Ok(RequestToken {
        key,
        secret: Secret::from(secret),
        consumer: consumer_key(row)?,
        callback: callback(&text(row, "callback")?)?,
        realms: realms(row)?,
        state: match user {
            None => RequestTokenState::Pending,
            Some(user) => RequestTokenState::Authorized(user_id(&user)?),
        },
        created: time(row, "created")?,
        expires: time(row, "expires")?,
    })
}

pub(crate) fn access_token(row: &Row, sealing: &Sealing) -> Result<AccessToken, StoreError> {
    let key = token_key(row)?;
    let secret = sealing.open(
        "access_tokens.secret",
        key.as_str(),
        (row, text(row, "secret")?),
    )?;
    Ok(AccessToken {
        key,
        secret: Secret::from(secret),
        consumer: consumer_key(row)?,
        user: user_id(&text(row, "user_id")?)?,
        realms: realms(row)?,
        created: time(row, "created")?,
        expires: optional_integer(row, "expires")?
            .map(timestamp)
            .transpose()?,
        session: session(row)?,
    })
}

fn session(row: &Row) -> Result<Option<Session>, StoreError> {
    let hash = row.bytes("session_handle_hash").map_err(sort)?;
    let expires = optional_integer(row, "session_expires")?;
    let Some((hash, expires)) = hash.zip(expires) else {
        return Ok(None);
    };
    let hash = <[u8; 32]>::try_from(hash).map_err(|_| StoreError::Corrupt("session"))?;
    Ok(Some(Session {
        handle: SessionHandleHash::from_bytes(hash),
        expires: timestamp(expires)?,
    }))
}

/// None are kept by tokens from before there were realms.
fn realms(row: &Row) -> Result<Realms, StoreError> {
    parse_realms(&optional_text(row, "realms")?.unwrap_or_default())
}

fn parse_realms(text: &str) -> Result<Realms, StoreError> {
    Realms::parse(text).map_err(|_| StoreError::Corrupt("realms"))
}

pub(crate) fn user_id(text: &str) -> Result<UserId, StoreError> {
    UserId::new(text).map_err(|_| StoreError::Corrupt("user"))
}

fn consumer_key(row: &Row) -> Result<ConsumerKey, StoreError> {
    ConsumerKey::new(text(row, "consumer_key")?).map_err(|_| StoreError::Corrupt("consumer key"))
}

fn token_key(row: &Row) -> Result<TokenKey, StoreError> {
    TokenKey::new(text(row, "token_key")?).map_err(|_| StoreError::Corrupt("token key"))
}

fn callback(text: &str) -> Result<Callback, StoreError> {
    Callback::parse(text).map_err(|_| StoreError::Corrupt("callback"))
}
