//! Consumers, secrets and signature methods that open nothing.

use oauth1_provider::{
    Consumer, ConsumerChange, Manager, Policy,
    core::{Secret, SignatureMethod},
};

use crate::world::{NOW, code, header, key, signer, world};

#[tokio::test]
async fn a_disabled_consumer_and_an_empty_secret_are_refused() {
    let world = world().await;
    let disable = ConsumerChange::Disable("abuse".to_owned());
    world.manager.update(&key("app"), &disable).await.unwrap();
    let refused = world
        .resource(&header(&signer("app"), "GET", "/me", "n"))
        .await;
    assert_eq!(code(refused), "consumer_key_refused");
    let empty = Consumer::new(key("empty"), Secret::from(""), "n", NOW);
    world.manager.create(&empty).await.unwrap();
    assert!(
        world
            .resource(&header(&signer("empty"), "GET", "/me", "n"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn plaintext_is_refused_unless_allowed_and_methods_are_pinned() {
    let world = world().await;
    let plain = header(
        &signer("app").with_method(SignatureMethod::Plaintext),
        "GET",
        "/me",
        "n",
    );
    assert_eq!(
        code(world.resource(&plain).await),
        "signature_method_rejected"
    );
    let mut policy = Policy::default();
    policy.methods = vec![SignatureMethod::HmacSha256];
    let pinned = Consumer::new(key("pinned"), Secret::from("secret"), "n", NOW).with_policy(policy);
    world.manager.create(&pinned).await.unwrap();
    let sha1 = header(&signer("pinned"), "GET", "/me", "n");
    assert!(world.resource(&sha1).await.is_err());
    let sha256 = signer("pinned").with_method(SignatureMethod::HmacSha256);
    assert!(
        world
            .resource(&header(&sha256, "GET", "/me", "n"))
            .await
            .is_ok()
    );
}
