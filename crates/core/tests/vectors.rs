//! The vectors of `tests/vectors`: read its README.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and reads files"
)]

use std::{collections::HashSet, fs, path::Path};

use oauth1_core::{
    BodyHashPolicy, Error, Limits, Parsed, PreparedKey, Request, RsaPublicKey, Secret,
    SignatureMethod,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: String,
    url: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    request: Sent,
    base_string: Option<String>,
    consumer_secret: Option<String>,
    token_secret: Option<String>,
    rsa_public_key: Option<String>,
    accepted: Option<bool>,
    body_hash: Option<bool>,
    error: Option<String>,
    #[serde(default)]
    not_oauth: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    method: String,
    scheme: String,
    authority: String,
    path: String,
    query: Option<String>,
    #[serde(default)]
    authorization: Vec<String>,
    content_type: Option<String>,
    #[serde(default)]
    body: String,
}

impl Sent {
    fn request(&self) -> Request<'_> {
        let query = self.query.as_deref();
        let mut request = Request::new(
            &self.method,
            &self.scheme,
            &self.authority,
            &self.path,
            query,
        );
        for value in &self.authorization {
            request = request.with_authorization(value.as_bytes());
        }
        let content_type = self.content_type.as_deref().map(str::as_bytes);
        request.with_body(content_type, self.body.as_bytes())
    }
}

impl Case {
    fn check(&self) {
        let request = self.request.request();
        let parsed = match Parsed::extract(&request, &Limits::default()) {
            Ok(Some(parsed)) => parsed,
            Ok(None) => {
                assert!(self.not_oauth, "taken for not OAuth");
                return;
            }
            Err(error) => {
                assert_eq!(
                    Some(error.code().as_str()),
                    self.error.as_deref(),
                    "{error}"
                );
                return;
            }
        };
        assert!(
            !self.not_oauth && self.error.is_none(),
            "parsed: {parsed:?}"
        );
        if let Some(expected) = &self.base_string {
            assert_eq!(&parsed.base_string(), expected);
        }
        let Some(accepted) = self.accepted else {
            return;
        };
        let key = self.key(parsed.parameters().signature_method());
        match parsed.verify(&key) {
            Ok(signed) => {
                assert!(accepted, "accepted");
                let intact = signed.check_body_hash(BodyHashPolicy::VerifyIfPresent);
                if let Some(expected) = self.body_hash {
                    assert_eq!(intact.is_ok(), expected, "body hash");
                }
            }
            Err(error) => {
                assert_eq!(error, Error::SignatureInvalid);
                assert!(!accepted, "refused");
            }
        }
    }

    fn key(&self, method: SignatureMethod) -> PreparedKey {
        if let Some(pem) = &self.rsa_public_key {
            return PreparedKey::rsa(method, &RsaPublicKey::from_pem(pem).unwrap()).unwrap();
        }
        let consumer = Secret::from(self.consumer_secret.as_deref().unwrap());
        let token = self.token_secret.as_deref().map(Secret::from);
        PreparedKey::shared_secret(method, &consumer, token.as_ref()).unwrap()
    }
}

#[test]
fn vectors_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let (mut count, mut failed) = (0, Vec::new());
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let file: File = serde_json::from_str(&text).unwrap();
        assert!(file.url.starts_with("https://") && !file.source.is_empty());
        let mut names = HashSet::new();
        for case in &file.cases {
            assert!(names.insert(&case.name), "{} twice", case.name);
            count += 1;
            if std::panic::catch_unwind(|| case.check()).is_err() {
                failed.push(format!("{}: {}", path.display(), case.name));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    if count <= 250 {
        panic!("{count} vectors are not enough");
    }
}
