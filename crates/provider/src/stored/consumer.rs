//! Consumers, and changes to them.

#[cfg(feature = "rsa")]
use oauth1_core::RsaPublicKey;
use oauth1_core::{
    BodyHashPolicy, Callback, ConsumerKey, Leniency, Secret, SignatureMethod, Timestamp, Transport,
    Window,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

use super::field::{self, twins};
use crate::{
    CallbackRule, Consumer, ConsumerChange, Credential, Policy, PreviousCredential, Realms,
};

twins! {
    Consumer: ConsumerTwin;
    PreviousCredential: PreviousCredentialTwin;
    Credential: CredentialTwin;
    CallbackRule: CallbackRuleTwin;
    Policy: PolicyTwin;
    BodyHashPolicy: BodyHashPolicyTwin;
    ConsumerChange: ConsumerChangeTwin;
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Consumer")]
struct ConsumerTwin {
    #[serde(with = "field", getter = "Consumer::key")]
    key: ConsumerKey,
    #[serde(with = "field", getter = "Consumer::credential")]
    credential: Credential,
    #[serde(with = "field")]
    previous: Option<PreviousCredential>,
    name: String,
    #[serde(with = "field")]
    callbacks: Vec<CallbackRule>,
    #[serde(with = "field")]
    policy: Policy,
    #[serde(with = "field", getter = "Consumer::created")]
    created: Timestamp,
    disabled: Option<String>,
}

impl From<ConsumerTwin> for Consumer {
    fn from(twin: ConsumerTwin) -> Self {
        let mut consumer = Self::new(twin.key, twin.credential, twin.name, twin.created)
            .with_policy(twin.policy)
            .with_callbacks(twin.callbacks);
        consumer.previous = twin.previous;
        consumer.disabled = twin.disabled;
        consumer
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PreviousCredential")]
struct PreviousCredentialTwin {
    #[serde(with = "field")]
    credential: Credential,
    #[serde(with = "field")]
    until: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Credential", rename_all = "snake_case")]
enum CredentialTwin {
    SharedSecret(#[serde(with = "field")] Secret),
    #[cfg(feature = "rsa")]
    RsaPublicKey(#[serde(with = "field")] RsaPublicKey),
}

#[cfg(feature = "rsa")]
impl field::Write for RsaPublicKey {
    fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pem = self.to_pem().map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&pem)
    }
}

#[cfg(feature = "rsa")]
impl field::Read for RsaPublicKey {
    fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pem = String::deserialize(deserializer)?;
        // How long it is was checked when it was added.
        Self::from_pem_of_at_least(0, &pem).map_err(serde::de::Error::custom)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "CallbackRule", rename_all = "snake_case")]
enum CallbackRuleTwin {
    Exact(#[serde(with = "field")] Callback),
    Loopback,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Policy")]
struct PolicyTwin {
    #[serde(with = "field")]
    methods: Vec<SignatureMethod>,
    #[serde(with = "field")]
    transports: Vec<Transport>,
    two_legged: bool,
    out_of_band: bool,
    access_token_lifetime: Option<Duration>,
    #[serde(with = "field")]
    realms: Option<Realms>,
    #[serde(with = "field")]
    leniencies: Vec<Leniency>,
    #[serde(with = "field")]
    body_hash: BodyHashPolicy,
    #[serde(with = "field")]
    window: Option<Window>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "BodyHashPolicy", rename_all = "snake_case")]
enum BodyHashPolicyTwin {
    Ignore,
    VerifyIfPresent,
    Require,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ConsumerChange", rename_all = "snake_case")]
enum ConsumerChangeTwin {
    Disable(String),
    Enable,
    Rotate {
        #[serde(with = "field")]
        credential: Credential,
        #[serde(with = "field")]
        overlap_until: Timestamp,
    },
    Configure {
        #[serde(with = "field")]
        policy: Box<Policy>,
        #[serde(with = "field")]
        callbacks: Vec<CallbackRule>,
    },
}
