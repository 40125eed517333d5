//! Tokens, and what happens to them.

use oauth1_core::{Callback, ConsumerKey, Secret, Timestamp, TokenKey};
use serde::{Deserialize, Serialize};

use super::field::{self, twins};
use crate::{
    AccessToken, Decision, Exchange, Realms, Renewal, RequestToken, RequestTokenState, Revocation,
    Session, SessionHandleHash, UserId, VerifierHash,
};

twins! {
    RequestToken: RequestTokenTwin;
    RequestTokenState: RequestTokenStateTwin;
    AccessToken: AccessTokenTwin;
    Session: SessionTwin;
    Decision: DecisionTwin;
    Exchange: ExchangeTwin;
    Renewal: RenewalTwin;
    Revocation: RevocationTwin;
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RequestToken")]
struct RequestTokenTwin {
    #[serde(with = "field")]
    key: TokenKey,
    #[serde(with = "field")]
    secret: Secret,
    #[serde(with = "field")]
    consumer: ConsumerKey,
    #[serde(with = "field")]
    callback: Callback,
    #[serde(with = "field")]
    realms: Realms,
    #[serde(with = "field")]
    state: RequestTokenState,
    #[serde(with = "field")]
    created: Timestamp,
    #[serde(with = "field")]
    expires: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RequestTokenState", rename_all = "snake_case")]
enum RequestTokenStateTwin {
    Pending,
    Authorized(#[serde(with = "field")] UserId),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "AccessToken")]
struct AccessTokenTwin {
    #[serde(with = "field")]
    key: TokenKey,
    #[serde(with = "field")]
    secret: Secret,
    #[serde(with = "field")]
    consumer: ConsumerKey,
    #[serde(with = "field")]
    user: UserId,
    #[serde(with = "field")]
    realms: Realms,
    #[serde(with = "field")]
    created: Timestamp,
    #[serde(with = "field")]
    expires: Option<Timestamp>,
    #[serde(with = "field")]
    session: Option<Session>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Session")]
struct SessionTwin {
    #[serde(with = "field")]
    handle: SessionHandleHash,
    #[serde(with = "field")]
    expires: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Decision", rename_all = "snake_case")]
enum DecisionTwin {
    Approve {
        #[serde(with = "field")]
        user: UserId,
        #[serde(with = "field")]
        verifier: VerifierHash,
        #[serde(with = "field")]
        realms: Realms,
    },
    Deny,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Exchange")]
struct ExchangeTwin {
    #[serde(with = "field")]
    request_token: TokenKey,
    #[serde(with = "field")]
    consumer: ConsumerKey,
    #[serde(with = "field")]
    verifier: VerifierHash,
    attempts: u32,
    #[serde(with = "field")]
    key: TokenKey,
    #[serde(with = "field")]
    secret: Secret,
    #[serde(with = "field")]
    expires: Option<Timestamp>,
    #[serde(with = "field")]
    session: Option<Session>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Renewal")]
struct RenewalTwin {
    #[serde(with = "field")]
    access_token: TokenKey,
    #[serde(with = "field")]
    consumer: ConsumerKey,
    #[serde(with = "field")]
    handle: SessionHandleHash,
    #[serde(with = "field")]
    key: TokenKey,
    #[serde(with = "field")]
    secret: Secret,
    #[serde(with = "field")]
    expires: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Revocation", rename_all = "snake_case")]
enum RevocationTwin {
    Token {
        #[serde(with = "field")]
        user: UserId,
        #[serde(with = "field")]
        key: TokenKey,
    },
    User(#[serde(with = "field")] UserId),
    Consumer(#[serde(with = "field")] ConsumerKey),
}
