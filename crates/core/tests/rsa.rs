//! RSA keys: what is read, what is refused, and that no key serves for another method.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use oauth1_core::{
    ConsumerKey, Error, KeyError, Limits, Nonce, Parsed, PreparedKey, Request, RsaKeyError,
    RsaPrivateKey, RsaPublicKey, Secret, SignatureMethod, Signer, Timestamp,
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
