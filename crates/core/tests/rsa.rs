//! RSA keys: what is read, what is refused, and that no key serves for another method.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::sync::Arc;

use oauth1_core::{
    BaseString, ConsumerKey, Error, FurtherMethod, KeyError, KeyMaterial, KeyType, Limits,
    MethodName, Nonce, Parsed, PreparedKey, Request, RsaKeyError, RsaPrivateKey, RsaPublicKey,
    Secret, SignError, SignatureMethod, Signer, Timestamp,
};

const PUBLIC: &str = include_str!("../../../tests/vectors/keys/rsa2048.public.pem");
const PKCS1: &str = include_str!("../../../tests/vectors/keys/rsa2048.pkcs1.pem");
const PKCS8: &str = include_str!("../../../tests/vectors/keys/rsa2048.pkcs8.pem");
const SHORT: &str = include_str!("../../../tests/vectors/keys/rsa1024.public.pem");

const METHODS: [SignatureMethod; 3] = [
    SignatureMethod::RsaSha1,
    SignatureMethod::RsaSha256,
    SignatureMethod::RsaSha512,
];

fn signed(signer: &Signer) -> String {
    let request = Request::new("GET", "https", "h", "/p", Some("a=1"));
    let nonce = Nonce::new("n").unwrap();
    let signed = signer.sign(&request, Timestamp::from_secs(1), &nonce);
    signed.unwrap().authorization()
}

fn verify(header: &str, key: &PreparedKey) -> Result<(), Error> {
    let request =
        Request::new("GET", "https", "h", "/p", Some("a=1")).with_authorization(header.as_bytes());
    let parsed = Parsed::extract(&request, &Limits::default())?.unwrap();
    parsed.verify(key).map(drop)
}

fn consumer() -> ConsumerKey {
    ConsumerKey::new("k").unwrap()
}

#[test]
fn what_is_signed_with_either_form_of_the_private_key_is_accepted() {
    let public = RsaPublicKey::from_pem(PUBLIC).unwrap();
    for pem in [PKCS1, PKCS8] {
        for method in METHODS {
            let private = RsaPrivateKey::from_pem(pem).unwrap();
            let header = signed(&Signer::rsa(consumer(), private).with_method(method));
            let key = PreparedKey::rsa(method, &public).unwrap();
            assert_eq!(verify(&header, &key), Ok(()));
            let forged = header.replace("oauth_nonce=\"n\"", "oauth_nonce=\"m\"");
            assert_eq!(verify(&forged, &key), Err(Error::SignatureInvalid));
        }
    }
}

#[test]
fn keys_of_one_type_never_serve_for_methods_of_another() {
    let public = RsaPublicKey::from_pem(PUBLIC).unwrap();
    for method in SignatureMethod::ALL {
        let secret = Secret::from(PUBLIC);
        let shared = PreparedKey::shared_secret(method, &secret, None).map(drop);
        let rsa = PreparedKey::rsa(method, &public).map(drop);
        assert_eq!(shared.is_ok(), !method.is_rsa());
        assert_eq!(rsa.is_ok(), method.is_rsa());
        assert_eq!(shared.and(rsa), Err(KeyError::WrongType));
    }
    // A forger who signs by HMAC with the public key's text as the secret.
    let forger = Signer::new(consumer(), Secret::from(PUBLIC));
    for method in METHODS {
        let key = PreparedKey::rsa(method, &public).unwrap();
        let refused = verify(&signed(&forger), &key);
        assert_eq!(refused, Err(Error::SignatureMethodRejected));
    }
}

#[test]
fn short_keys_are_refused_unless_allowed() {
    assert_eq!(
        RsaPublicKey::from_pem(SHORT),
        Err(RsaKeyError::TooShort(1_024))
    );
    let short = RsaPublicKey::from_pem_of_at_least(1_024, SHORT).unwrap();
    assert_eq!(short.bits(), 1_024);
}

#[test]
fn what_is_no_key_is_refused() {
    let cut = PUBLIC.get(..200).unwrap();
    let names = PUBLIC.replace("PUBLIC KEY", "CERTIFICATE");
    for text in [
        "",
        "secret",
        cut,
        PKCS8,
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
        &names,
    ] {
        assert_eq!(
            RsaPublicKey::from_pem(text),
            Err(RsaKeyError::Malformed),
            "{text}"
        );
    }
    assert!(RsaPrivateKey::from_pem(PUBLIC).is_err());
}

#[test]
fn keys_are_kept_as_pem_and_debug_shows_none() {
    let public = RsaPublicKey::from_pem(&format!("\r\n{PUBLIC}\n")).unwrap();
    assert_eq!(public.to_pem().unwrap(), PUBLIC);
    assert_eq!(format!("{public:?}"), "RsaPublicKey(2048 bits)");
    let private = RsaPrivateKey::from_pem(PKCS8).unwrap();
    assert_eq!(format!("{private:?}"), "[redacted]");
}

#[test]
fn private_keys_sign_by_rsa_methods_only() {
    let request = Request::new("GET", "https", "h", "/p", None);
    let private = RsaPrivateKey::from_pem(PKCS8).unwrap();
    for method in SignatureMethod::ALL {
        let signer = Signer::rsa(consumer(), private.clone()).with_method(method);
        let signed = signer.sign(&request, Timestamp::from_secs(1), &Nonce::new("n").unwrap());
        match signed {
            Ok(_) => assert!(method.is_rsa(), "{method}"),
            Err(error) => {
                assert!(!method.is_rsa(), "{method}");
                assert_eq!(error, SignError::Key(KeyError::WrongType));
            }
        }
    }
}

/// A method of RSA keys that this crate does not have: of tests, for anybody can sign by it.
#[derive(Debug)]
struct BaseStringItself;

impl FurtherMethod for BaseStringItself {
    fn name(&self) -> MethodName {
        MethodName::new("RSA-TEST").unwrap()
    }

    fn key_type(&self) -> KeyType {
        KeyType::Rsa
    }

    fn sign(&self, _: KeyMaterial<'_>, _: &BaseString<'_>) -> Option<Vec<u8>> {
        None
    }

    fn verify(&self, key: KeyMaterial<'_>, base_string: &BaseString<'_>, signature: &[u8]) -> bool {
        assert_eq!(format!("{key:?}"), "[redacted]");
        let shown = format!("{base_string:?}");
        assert!(shown.contains("https") && !shown.contains("oauth_"));
        matches!(key, KeyMaterial::Rsa(key) if key.bits() == 2_048)
            && base_string.to_vec() == signature
    }
}

#[test]
fn a_further_method_of_rsa_keys_is_handed_the_consumers_and_no_secret() {
    let method: Arc<dyn FurtherMethod> = Arc::new(BaseStringItself);
    let public = RsaPublicKey::from_pem(PUBLIC).unwrap();
    let secret = PreparedKey::further(&method, &Secret::from("s"), None);
    assert_eq!(secret.map(drop), Err(KeyError::WrongType));
    let key = PreparedKey::further_rsa(&method, &public).unwrap();
    assert_eq!(key.method(), SignatureMethod::Further(method.name()));
    // "GET&https%3A%2F%2Fh%2Fp&a%3D1%26oauth_consumer_key%3Dk%26oauth_nonce%3Dn%26..."
    let signature = "R0VUJmh0dHBzJTNBJTJGJTJGaCUyRnAmYSUzRDElMjZvYXV0aF9jb25zdW1lcl9rZXklM0RrJTI2\
                     b2F1dGhfbm9uY2UlM0RuJTI2b2F1dGhfc2lnbmF0dXJlX21ldGhvZCUzRFJTQS1URVNUJTI2b2F1\
                     dGhfdGltZXN0YW1wJTNEMQ%3D%3D";
    for (signature, expected) in [
        (signature, Ok(())),
        ("R0VU", Err(Error::SignatureInvalid)),
        ("", Err(Error::SignatureInvalid)),
        ("%21", Err(Error::SignatureInvalid)),
    ] {
        let header = format!(
            "OAuth oauth_consumer_key=k, oauth_signature_method=RSA-TEST, oauth_timestamp=1, \
             oauth_nonce=n, oauth_signature={signature}"
        );
        let request = Request::new("GET", "https", "h", "/p", Some("a=1"))
            .with_authorization(header.as_bytes());
        let methods = [Arc::clone(&method)];
        let parsed = Parsed::extract_with(&request, &Limits::default(), &methods);
        let verified = parsed.unwrap().unwrap().verify(&key).map(drop);
        assert_eq!(verified, expected, "{signature}");
    }
}
