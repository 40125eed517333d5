//! Realms: asked for, narrowed, kept, shown, guarded.

use oauth1_provider::{
    AuthorizationError, Guard, Policy, Realms, UserId, all_of, any_of, has_realm, is_consumer,
    is_oauth_user,
};

use crate::world::{World, app, pairs, with_token};

fn realms(text: &str) -> Realms {
    Realms::parse(text).unwrap()
}

async fn world() -> World {
    World::new(Policy::default(), |builder| {
        builder.with_realms(realms("photos.read photos.write mail"))
    })
    .await
}

#[tokio::test]
async fn realms_are_asked_for_in_the_header_or_by_the_parameter() {
    let world = world().await;
    for (query, realm, expected) in [
        (
            None,
            Some("photos.write photos.read"),
            "photos.read photos.write",
        ),
        (Some("scope=mail+photos.read"), None, "mail photos.read"),
        (Some("scope=mail%20mail"), Some("photos.read"), "mail"),
        (Some("scope="), Some("photos.read"), ""),
        // The provider's own realm, as in the challenge.
        (None, Some("API"), ""),
        (Some("other=x"), None, ""),
    ] {
        let asked = pairs(&world.ask(query, realm).await);
        let token = &asked["oauth_token"];
        let pending = world.provider.pending_authorization(token).await.unwrap();
        assert_eq!(pending.realms().as_str(), expected, "{query:?} {realm:?}");
    }
}

#[tokio::test]
async fn unknown_realms_and_those_of_other_consumers_are_refused() {
    let mut policy = Policy::default();
    policy.realms = Some(realms("mail unknown"));
    let world = World::new(policy, |builder| builder.with_realms(realms("mail admin"))).await;
    for (query, realm) in [
        (None, Some("admin")),
        (None, Some("unknown")),
        (None, Some("mail admin")),
        (None, Some("Mail")),
        (Some("scope=admin"), None),
        (Some("scope=mail&scope=mail"), None),
        (Some("scope=%ff"), None),
        (Some("scope=ma%00il"), None),
    ] {
        let answer = world.ask(query, realm).await;
        assert_eq!(answer.status, 400, "{query:?} {realm:?}");
    }
    pairs(&world.ask(None, Some("mail")).await);
}

#[tokio::test]
async fn the_user_narrows_and_never_widens() {
    let world = world().await;
    let asked = world.ask(None, Some("photos.read photos.write")).await;
    let token = &pairs(&asked)["oauth_token"];
    let pending = world.provider.pending_authorization(token).await.unwrap();
    let user = UserId::new("u").unwrap();
    for wider in ["mail", "photos.read photos.write mail"] {
        let refused = world
            .provider
            .approve_realms(&pending, &user, &realms(wider))
            .await;
        assert!(matches!(refused, Err(AuthorizationError::RealmNotAsked)));
    }
    let signer = with_token(&pairs(&world.grant(&asked, Some("photos.read")).await));
    let identity = world.resource(&signer).await.unwrap();
    assert_eq!(identity.realms(), Some(&realms("photos.read")));
}

#[tokio::test]
async fn guards_look_at_what_was_granted() {
    let world = world().await;
    let asked = world.ask(Some("scope=photos.read+mail"), None).await;
    let granted = pairs(&world.grant(&asked, Some("photos.read")).await);
    let user = world.resource(&with_token(&granted)).await.unwrap();
    let consumer = world.resource(&app()).await.unwrap();
    let status = |guard: &Guard, identity| guard.check(identity).map_err(|refused| refused.status);
    let read = has_realm("photos.read");
    assert_eq!(status(&read, Some(&user)), Ok(()));
    assert_eq!(status(&has_realm("mail"), Some(&user)), Err(403));
    assert_eq!(status(&has_realm("photos"), Some(&user)), Err(403));
    assert_eq!(status(&has_realm(""), Some(&user)), Err(403));
    assert_eq!(status(&read, Some(&consumer)), Err(403));
    assert_eq!(status(&read, None), Err(401));
    let both = all_of([is_oauth_user(), read]);
    assert_eq!(status(&both, Some(&user)), Ok(()));
    let either = any_of([is_consumer(), has_realm("mail")]);
    assert_eq!(status(&either, Some(&consumer)), Ok(()));
    assert_eq!(status(&either, Some(&user)), Err(403));
    let refusal = has_realm("mail").check(Some(&user)).unwrap_err();
    assert_eq!(
        refusal.message,
        "The access token does not cover this realm"
    );
}

#[tokio::test]
async fn with_nothing_configured_realms_are_not_looked_at() {
    let world = World::new(Policy::default(), |builder| builder).await;
    let asked = world
        .ask(Some("scope=%ff"), Some("https://api/ \\\"x\\\""))
        .await;
    let granted = pairs(&world.grant(&asked, None).await);
    assert_eq!(granted.len(), 2, "{granted:?}");
    let identity = world.resource(&with_token(&granted)).await.unwrap();
    assert_eq!(identity.realms(), Some(&Realms::default()));
}

#[tokio::test]
async fn a_realm_in_the_header_of_another_request_changes_nothing() {
    let world = world().await;
    let granted = pairs(&world.grant(&world.ask(None, None).await, None).await);
    let bare = oauth1_provider::core::Request::new("GET", "https", "h", "/me", None);
    let header = world.header(&with_token(&granted), &bare);
    let header = header.replace("OAuth ", "OAuth realm=\"photos.write no-such\", ");
    let request = bare.with_authorization(header.as_bytes());
    let identity = world
        .provider
        .authenticate(&request)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(identity.realms(), Some(&Realms::default()));
}
