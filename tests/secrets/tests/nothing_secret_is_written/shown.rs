//! `Debug` of every public type that holds a secret, or could.

use std::{sync::Arc, time::Duration};

use oauth1_provider::{
    BodyUse, Consumer, Credential, Exchange, Exchanged, Manager, MemoryManager, MemoryReplayGuard,
    MemoryStore, Provider, ReadBody, Renewal, Renewed, Session, SessionHandleHash, Store, UserId,
    VerifierHash,
    core::{
        Callback, ConsumerKey, Limits, Nonce, Parsed, PreparedKey, Request, RsaPrivateKey, Secret,
        SessionHandle, SignatureMethod, Signer, Timestamp, TokenKey, Transport, Verifier,
    },
};
use oauth1_store_sqlx::SqlStoreOptions;
use uncaught_secrets::{Capture, World};

pub(crate) async fn all(capture: &mut Capture, world: &World) {
    for (what, secret) in [
        ("shown secret", "uncaught-shown-secret"),
        ("shown token", "uncaught-shown-token-key"),
        ("shown verifier", "uncaught-shown-verifier"),
        ("shown handle", "uncaught-shown-handle"),
        ("shown query", "uncaught-shown-query"),
        ("shown password", "uncaught-shown-password"),
    ] {
        world.secrets.add(what, secret);
    }
    core(capture);
    tokens(capture, world.provider.now());
    provider(capture, world).await;
    around(capture, world).await;
}

fn secret() -> Secret {
    Secret::from("uncaught-shown-secret")
}

fn token() -> TokenKey {
    // The head is shown, the whole is not.
    TokenKey::new("uncaught-shown-token-key").unwrap()
}

fn consumer_key() -> ConsumerKey {
    ConsumerKey::new("app").unwrap()
}

fn core(capture: &mut Capture) {
    let private = include_str!("../../../vectors/keys/rsa2048.pkcs8.pem");
    let private = RsaPrivateKey::from_pem(private).unwrap();
    let verifier = Verifier::new("uncaught-shown-verifier").unwrap();
    let handle = SessionHandle::new("uncaught-shown-handle").unwrap();
    capture.debug(&(secret(), token(), &verifier, &handle, &private));
    capture.debug(&SessionHandleHash::new(&handle));
    capture.debug(&VerifierHash::new(&token(), &verifier));
    for method in SignatureMethod::ALL {
        capture.debug(&PreparedKey::shared_secret(
            method,
            &secret(),
            Some(&secret()),
        ));
    }
    let signer = Signer::new(consumer_key(), secret())
        .with_token(token(), secret())
        .with_method(SignatureMethod::Plaintext)
        .with_parameter("oauth_verifier", "uncaught-shown-verifier");
    capture.debug(&Signer::rsa(consumer_key(), private));
    let form = b"password=uncaught-shown-password";
    for transport in [Transport::Header, Transport::Query, Transport::Body] {
        let signer = signer.clone().with_transport(transport);
        let query = Some("q=uncaught-shown-query");
        let bare = Request::new("POST", "https", "h", "/p", query)
            .with_body(Some(b"application/x-www-form-urlencoded"), form);
        let now = Timestamp::from_secs(1);
        let signed = signer.sign(&bare, now, &Nonce::new("n").unwrap()).unwrap();
        let (header, query, body) = (signed.authorization(), signed.query(), signed.body());
        let body = body.unwrap();
        let mut request = Request::new("POST", "https", "h", "/p", query.as_deref())
            .with_body(Some(b"application/x-www-form-urlencoded"), &body);
        if transport == Transport::Header {
            request = request.with_authorization(header.as_bytes());
        }
        capture.debug(&(&signer, &signed, &request, ReadBody::Form(&body)));
        let parsed = Parsed::extract(&request, &Limits::default())
            .unwrap()
            .unwrap();
        capture.debug(&(&parsed, parsed.parameters()));
        let key =
            PreparedKey::shared_secret(SignatureMethod::Plaintext, &secret(), Some(&secret()));
        let signed = parsed.verify(&key.unwrap()).unwrap();
        capture.debug(&signed);
        let intact = signed.check_body_hash(Default::default()).unwrap();
        capture.debug(&intact);
        capture.debug(&intact.check_timestamp(now, Default::default()));
    }
}

fn tokens(capture: &mut Capture, now: Timestamp) {
    let consumer = consumer(now);
    capture.debug(&(&consumer, Credential::from(secret()), &consumer.previous));
    let hash = VerifierHash::new(&token(), &Verifier::new("uncaught-shown-verifier").unwrap());
    let handle = SessionHandle::new("uncaught-shown-handle").unwrap();
    let session = Session {
        handle: SessionHandleHash::new(&handle),
        expires: now,
    };
    let exchange = Exchange {
        request_token: token(),
        consumer: consumer_key(),
        verifier: hash,
        attempts: 1,
        key: token(),
        secret: secret(),
        expires: None,
        session: Some(session.clone()),
    };
    let user = UserId::new("alice").unwrap();
    let access = exchange.access_token(user, Default::default(), now);
    let renewal = Renewal {
        access_token: token(),
        consumer: consumer_key(),
        handle: session.handle,
        key: token(),
        secret: secret(),
        expires: now,
    };
    let exchanged = Exchanged::Exchanged(access.clone());
    capture.debug(&(
        &exchange,
        &exchanged,
        &renewal,
        renewal.of(&access, now),
        session,
    ));
    capture.debug(&Renewed::Renewed(access));
}

fn consumer(now: Timestamp) -> Consumer {
    let mut consumer = Consumer::new(consumer_key(), secret(), "n", now);
    consumer.rotate(secret(), now);
    consumer
}

async fn provider(capture: &mut Capture, world: &World) {
    let now = world.provider.now();
    let user = UserId::new("alice").unwrap();
    let request_token = oauth1_provider::RequestToken {
        key: token(),
        secret: secret(),
        consumer: consumer_key(),
        callback: Callback::OutOfBand,
        realms: Default::default(),
        state: oauth1_provider::RequestTokenState::Pending,
        created: now,
        expires: now.plus(Duration::from_secs(600)),
    };
    capture.debug(&request_token);
    let (manager, store) = (
        Arc::new(MemoryManager::default()),
        Arc::new(MemoryStore::default()),
    );
    manager.create(&consumer(now)).await.unwrap();
    store.create_request_token(&request_token).await.unwrap();
    capture.debug(&(&manager, &store));
    let guard = Arc::new(MemoryReplayGuard::without_history());
    let builder = Provider::builder(manager, store, guard);
    capture.debug(&builder);
    let provider = builder.build().unwrap();
    let pending = provider
        .pending_authorization("uncaught-shown-token-key")
        .await
        .unwrap();
    capture.debug(&(&provider, &pending));
    let approved = provider.approve(&pending, &user).await.unwrap();
    world.secrets.add("verifier", approved.verifier().as_str());
    capture.debug(&(&approved, approved.outcome(), approved.outcome().redirect()));
    let mut collector = provider.body_collector::<Vec<u8>>(BodyUse::Form);
    assert!(collector.push(b"password=uncaught-shown-password".to_vec()));
    capture.debug(&collector);
}

/// Stores, adapters, programs.
async fn around(capture: &mut Capture, world: &World) {
    capture.debug(&(&world.sql, &world.options, &world.provider));
    let provider = Arc::clone(&world.provider);
    capture.debug(&oauth1_axum::OAuthLayer::new(Arc::clone(&provider)));
    capture.debug(&oauth1_tower::TokenEndpoints::new(provider));
    let pair: oauth1_demo::Pair = "name:uncaught-shown-password".parse().unwrap();
    capture.debug(&pair);
    // Neither a database that is not there nor a wrong URL shows the password in it.
    for url in [
        "nope://name:uncaught-shown-password@h/d",
        "postgres://name:uncaught-shown-password@127.0.0.1:1/d",
        "postgres://name:uncaught-shown-password@h:port/d",
        "mysql://name:uncaught-shown-password@127.0.0.1:1/d",
        "mysql://name:uncaught-shown-password@[h/d",
    ] {
        let options = SqlStoreOptions::default();
        let options = options.with_acquire_timeout(Duration::from_millis(50));
        let error = options.connect(url).await.unwrap_err();
        capture.debug(&(&error, error.to_string()));
    }
}
