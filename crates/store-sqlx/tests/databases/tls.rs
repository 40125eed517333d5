//! TLS to the databases, by the parameters of their URLs.

use std::{error::Error, process::Command};

use oauth1_provider::{Manager, core::ConsumerKey};
use oauth1_store_sqlx::ConnectError;

use crate::common::{Place, variable_or_help};

fn with(mut place: Place, parameters: &str) -> Place {
    let mark = if place.url.contains('?') { '&' } else { '?' };
    place.url = format!("{}{mark}{parameters}", place.url);
    place
}

/// Each database with its parameters for "verify all", against the authority in a file.
fn verifying(authority: &str) -> [Place; 2] {
    [
        with(
            Place::postgres(),
            &format!("sslmode=verify-full&sslrootcert={authority}"),
        ),
        with(
            Place::mysql(),
            &format!("ssl-mode=VERIFY_IDENTITY&ssl-ca={authority}"),
        ),
    ]
}

#[tokio::test]
async fn a_verified_certificate_is_accepted() {
    for place in verifying(&variable_or_help("TEST_TLS_CA")) {
        let store = place.open().await;
        let key = ConsumerKey::new("none").unwrap();
        assert!(store.find(&key).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("other.pem");
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt"])
        .args(["ec_paramgen_curve:P-256", "-nodes", "-days", "1"])
        .args(["-subj", "/CN=localhost", "-keyout"])
        .arg(folder.path().join("other.key"))
        .arg("-out")
        .arg(&authority)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    for place in verifying(authority.to_str().unwrap()) {
        let refused = place.options().connect(&place.url).await.unwrap_err();
        let ConnectError::Open(source) = &refused else {
            panic!("{refused:?}")
        };
        let mut text = String::new();
        let mut cause: Option<&dyn Error> = Some(source);
        while let Some(error) = cause {
            text.push_str(&error.to_string());
            cause = error.source();
        }
        assert!(text.to_lowercase().contains("cert"), "{text}");
    }
}
