//! Consumers: a change writes the whole consumer anew.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use oauth1_provider::{
    CallbackRule, Consumer, ConsumerChange, Created, Credential, Manager, Policy,
    PreviousCredential, Revocation, Store, StoreError,
    core::{
        BodyHashPolicy, ConsumerKey, Leniency, RsaPublicKey, Secret, SignatureMethod, Timestamp,
        Transport, Window,
    },
};
use serde::{Deserialize, Serialize};

use crate::{
    Journal,
    entry::{Entry, consumer_key, parse_callback, parse_realms},
};

/// A consumer. What a list of names does not know is an error, never a guess.
#[derive(Deserialize, Serialize)]
pub(crate) struct ConsumerRow {
    key: String,
    credential: CredentialRow,
    previous: Option<(CredentialRow, u64)>,
    name: String,
    /// `None` is every callback on a loopback host.
    callbacks: Vec<Option<String>>,
    methods: Vec<String>,
    transports: Vec<u8>,
    two_legged: bool,
    out_of_band: bool,
    access_token_lifetime: Option<u64>,
    realms: Option<String>,
    leniencies: Vec<String>,
    body_hash: u8,
    window: Option<(u64, u64)>,
    disabled: Option<String>,
    created: u64,
}

#[derive(Deserialize, Serialize)]
enum CredentialRow {
    Secret(String),
    Rsa(String),
}

const TRANSPORTS: [Transport; 3] = [Transport::Header, Transport::Body, Transport::Query];
const BODY_HASH: [BodyHashPolicy; 3] = [
    BodyHashPolicy::Ignore,
    BodyHashPolicy::VerifyIfPresent,
    BodyHashPolicy::Require,
];

/// Where it stands in a list.
fn number<T: PartialEq>(list: &[T], wanted: &T) -> Result<u8, StoreError> {
    let place = list.iter().position(|it| it == wanted);
    let place = place.and_then(|place| u8::try_from(place).ok());
    place.ok_or(StoreError::Corrupt("policy"))
}

fn of_number<T: Copy>(list: &[T], number: u8) -> Result<T, StoreError> {
    let found = list.get(usize::from(number)).copied();
    found.ok_or(StoreError::Corrupt("policy"))
}

impl CredentialRow {
    fn new(credential: &Credential) -> Result<Self, StoreError> {
        match credential {
            Credential::SharedSecret(secret) => Ok(Self::Secret(secret.expose().to_owned())),
            Credential::RsaPublicKey(key) => {
                let pem = key.to_pem().map_err(|_| StoreError::Corrupt("RSA key"))?;
                Ok(Self::Rsa(pem))
            }
            _ => Err(StoreError::Corrupt("credential")),
        }
    }

    fn into_credential(self) -> Result<Credential, StoreError> {
        match self {
            Self::Secret(secret) => Ok(Secret::from(secret).into()),
            // Its length was checked when it was added.
            Self::Rsa(pem) => RsaPublicKey::from_pem_of_at_least(0, &pem)
                .map(Credential::from)
                .map_err(|_| StoreError::Corrupt("RSA key")),
        }
    }
}

impl ConsumerRow {
    fn new(consumer: &Consumer) -> Result<Self, StoreError> {
        let policy = &consumer.policy;
        let callback = |rule: &CallbackRule| match rule {
            CallbackRule::Exact(callback) => Ok(Some(callback.as_str().to_owned())),
            CallbackRule::Loopback => Ok(None),
            _ => Err(StoreError::Corrupt("callback rule")),
        };
        let previous = consumer.previous.as_ref();
        let previous =
            previous.map(|it| Ok((CredentialRow::new(&it.credential)?, it.until.as_secs())));
        let transports = policy.transports.iter().map(|it| number(&TRANSPORTS, it));
        Ok(Self {
            key: consumer.key().as_str().to_owned(),
            credential: CredentialRow::new(consumer.credential())?,
            previous: previous.transpose()?,
            name: consumer.name.clone(),
            callbacks: consumer
                .callbacks
                .iter()
                .map(callback)
                .collect::<Result<_, _>>()?,
            methods: policy
                .methods
                .iter()
                .map(|it| it.as_str().to_owned())
                .collect(),
            transports: transports.collect::<Result<_, _>>()?,
            two_legged: policy.two_legged,
            out_of_band: policy.out_of_band,
            access_token_lifetime: policy.access_token_lifetime.map(|it| it.as_secs()),
            realms: policy.realms.as_ref().map(|it| it.as_str().to_owned()),
            leniencies: policy
                .leniencies
                .iter()
                .map(|it| it.as_str().to_owned())
                .collect(),
            body_hash: number(&BODY_HASH, &policy.body_hash)?,
            window: policy
                .window
                .map(|it| (it.past.as_secs(), it.future.as_secs())),
            disabled: consumer.disabled.clone(),
            created: consumer.created().as_secs(),
        })
    }

    pub(crate) fn into_consumer(self) -> Result<Consumer, StoreError> {
        let corrupt = || StoreError::Corrupt("policy");
        let mut policy = Policy::default();
        let methods = self.methods.iter();
        let methods = methods.map(|it| SignatureMethod::parse_any(it).ok_or_else(corrupt));
        policy.methods = methods.collect::<Result<_, _>>()?;
        let transports = self.transports.iter().map(|it| of_number(&TRANSPORTS, *it));
        policy.transports = transports.collect::<Result<_, _>>()?;
        policy.two_legged = self.two_legged;
        policy.out_of_band = self.out_of_band;
        policy.access_token_lifetime = self.access_token_lifetime.map(Duration::from_secs);
        policy.realms = self.realms.as_deref().map(parse_realms).transpose()?;
        let leniencies = self.leniencies.iter();
        let leniencies = leniencies.map(|it| Leniency::parse(it).ok_or_else(corrupt));
        policy.leniencies = leniencies.collect::<Result<_, _>>()?;
        policy.body_hash = of_number(&BODY_HASH, self.body_hash)?;
        policy.window = self.window.map(|(past, future)| {
            Window::new(Duration::from_secs(past), Duration::from_secs(future))
        });
        let callbacks = self.callbacks.iter().map(|rule| match rule {
            None => Ok(CallbackRule::Loopback),
            Some(text) => Ok(CallbackRule::Exact(parse_callback(text)?)),
        });
        let callbacks: Vec<_> = callbacks.collect::<Result<_, StoreError>>()?;
        let credential = self.credential.into_credential()?;
        let created = Timestamp::from_secs(self.created);
        let consumer = Consumer::new(consumer_key(&self.key)?, credential, self.name, created);
        let mut consumer = consumer.with_policy(policy).with_callbacks(callbacks);
        consumer.disabled = self.disabled;
        if let Some((credential, until)) = self.previous {
            consumer.previous = Some(PreviousCredential {
                credential: credential.into_credential()?,
                until: Timestamp::from_secs(until),
            });
        }
        Ok(consumer)
    }
}

#[async_trait]
impl Manager for Journal {
    async fn find(&self, key: &ConsumerKey) -> Result<Option<Arc<Consumer>>, StoreError> {
        self.consumers.find(key).await
    }

    async fn create(&self, consumer: &Consumer) -> Result<Created, StoreError> {
        let mut writer = self.writer().await;
        if self.consumers.find(consumer.key()).await?.is_some() {
            return Ok(Created::AlreadyExists);
        }
        writer
            .write(&Entry::Consumer(ConsumerRow::new(consumer)?))
            .await?;
        self.consumers.create(consumer).await
    }

    async fn list(
        &self,
        after: Option<&ConsumerKey>,
        limit: u32,
    ) -> Result<Vec<Arc<Consumer>>, StoreError> {
        self.consumers.list(after, limit).await
    }

    async fn update(&self, key: &ConsumerKey, change: &ConsumerChange) -> Result<bool, StoreError> {
        let mut writer = self.writer().await;
        let Some(there) = self.consumers.find(key).await? else {
            return Ok(false);
        };
        let mut consumer = Consumer::clone(&there);
        change.apply(&mut consumer);
        writer
            .write(&Entry::Consumer(ConsumerRow::new(&consumer)?))
            .await?;
        self.consumers.update(key, change).await
    }

    async fn delete(&self, key: &ConsumerKey) -> Result<bool, StoreError> {
        let mut writer = self.writer().await;
        if self.consumers.find(key).await?.is_none() {
            return Ok(false);
        }
        writer
            .write(&Entry::ConsumerGone(key.as_str().to_owned()))
            .await?;
        self.tokens
            .revoke(&Revocation::Consumer(key.clone()))
            .await?;
        self.consumers.delete(key).await
    }
}
