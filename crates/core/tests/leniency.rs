//! Leniencies that concern the signature, and further methods, on the core alone.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use oauth1_core::{
    BaseString, ConsumerKey, Error, FurtherMethod, KeyError, KeyMaterial, KeyType, Leniency,
    Limits, MethodName, Nonce, Parsed, PreparedKey, Request, Secret, SignatureMethod, Signer,
    Timestamp, TokenKey, Transport, percent,
};
use sha2::Sha384;

const FORM: Option<&[u8]> = Some(b"application/x-www-form-urlencoded");
const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

fn secret() -> Secret {
    Secret::from("secret")
}

fn signer() -> Signer {
    Signer::new(ConsumerKey::new("k").unwrap(), secret())
}

fn key() -> PreparedKey {
    PreparedKey::shared_secret(SignatureMethod::HmacSha1, &secret(), None).unwrap()
}

fn authorization(signer: &Signer, request: &Request<'_>) -> String {
    let nonce = Nonce::new("n").unwrap();
    signer.sign(request, NOW, &nonce).unwrap().authorization()
}

fn parse<'a>(request: &Request<'a>) -> Parsed<'a> {
    Parsed::extract(request, &Limits::default())
        .unwrap()
        .unwrap()
}

#[test]
fn leniencies_have_names_that_lead_back_to_them() {
    for leniency in Leniency::ALL {
        assert_eq!(Leniency::parse(leniency.as_str()), Some(leniency));
        assert_eq!(leniency.to_string(), leniency.as_str());
    }
    assert_eq!(Leniency::parse("everything"), None);
}

#[test]
fn parameters_that_canvas_repeats_in_the_body_count_once_if_lenient_and_twice_if_not() {
    let plain = |query| Request::new("POST", "https", "tool.example", "/launch", query);
    let signed = plain(None).with_body(FORM, b"a=1&b=2&b=2&course=3");
    let header = authorization(&signer(), &signed);
    let sent = plain(Some("course=3&a=1"))
        .with_authorization(header.as_bytes())
        .with_body(FORM, b"a=1&b=2&b=2&course=3");
    assert_eq!(
        parse(&sent).verify(&key()).unwrap_err(),
        Error::SignatureInvalid
    );
    let lenient = |request: &Request<'_>| {
        let parsed = parse(request).with_leniencies(&[Leniency::RepeatedQueryParameters]);
        parsed.verify(&key()).is_ok()
    };
    assert!(lenient(&sent));
    // What stands in the query only is signed all the same.
    for query in ["course=3&a=2", "course=3&zz=1", "0=0&course=3"] {
        let other = plain(Some(query))
            .with_authorization(header.as_bytes())
            .with_body(FORM, b"a=1&b=2&b=2&course=3");
        assert!(!lenient(&other), "{query}");
    }
}

#[test]
fn a_query_that_is_there_twice_counts_once_if_lenient_and_twice_if_not() {
    fn request(query: &str) -> Request<'_> {
        Request::new("GET", "http", "h", "/wp-json", Some(query))
    }
    let verify = |query: &str, leniencies: &[Leniency]| {
        let signed = request("b=%C3%BC%20x&a[]=1&a[]=1&c=");
        let signer = signer().with_transport(Transport::Query);
        let signed = signer.sign(&signed, NOW, &Nonce::new("n").unwrap());
        let signed = signed.unwrap().query().unwrap();
        let (_, oauth) = signed.split_once("oauth_").unwrap();
        let query = query.replace("OAUTH", &format!("oauth_{oauth}"));
        let parsed = parse(&request(&query)).with_leniencies(leniencies);
        let all = parsed.application_parameters();
        let read = all.filter(|(name, _)| name == b"b").count();
        parsed.verify(&key()).map(|_| read)
    };
    let lenient = [Leniency::DoubledQueryParameters];
    let once = "b=%C3%BC%20x&a[]=1&a[]=1&c=&OAUTH";
    let twice = "b=%C3%BC%20x&a[]=1&a[]=1&c=&OAUTH&b=%C3%BC+x&a%5B%5D=1&a%5B%5D=1&c";
    let invalid = Err(Error::SignatureInvalid);
    assert_eq!(verify(once, &[]), Ok(1));
    assert_eq!(verify(twice, &[]), invalid);
    assert_eq!(verify(twice, &lenient), Ok(1));
    // Who writes it once may do so.
    assert_eq!(verify(once, &lenient), Ok(1));
    for other in [
        // A part of it is there twice, something else is, or it is there three times.
        "b=%C3%BC%20x&a[]=1&a[]=1&c=&OAUTH&b=%C3%BC+x",
        "b=%C3%BC%20x&a[]=1&a[]=1&c=&OAUTH&b=%C3%BC+x&a[]=1&a[]=1&c=&d=1&d=1",
        "b=%C3%BC%20x&a[]=1&a[]=1&c=&OAUTH&b=y&a[]=1&a[]=1&c=",
        "b=y&b=y&a[]=1&a[]=1&a[]=1&a[]=1&c=&c=&OAUTH",
    ] {
        assert_eq!(verify(other, &lenient), invalid, "{other}");
    }
}

#[test]
fn a_signature_that_was_encoded_twice_counts_only_if_lenient() {
    let request = Request::new("GET", "https", "h", "/", None);
    let header = authorization(&signer(), &request);
    let (before, signature) = header.split_once("oauth_signature=\"").unwrap();
    let twice = percent::encode(signature.trim_end_matches('"').as_bytes());
    let header = format!("{before}oauth_signature=\"{twice}\"");
    let request = request.with_authorization(header.as_bytes());
    assert!(parse(&request).verify(&key()).is_err());
    let lenient = [Leniency::TwiceEncodedSignature];
    assert!(
        parse(&request)
            .with_leniencies(&lenient)
            .verify(&key())
            .is_ok()
    );
    let other = PreparedKey::shared_secret(SignatureMethod::HmacSha1, &"other".into(), None);
    let parsed = parse(&request).with_leniencies(&lenient);
    assert!(parsed.verify(&other.unwrap()).is_err());
}

#[test]
fn leniencies_that_are_the_providers_affair_change_no_signature() {
    let request = Request::new("GET", "https", "h", "/", None);
    let header = authorization(&signer(), &request);
    let request = request.with_authorization(header.as_bytes());
    let parsed = parse(&request).with_leniencies(&[
        Leniency::GetTokenEndpoints,
        Leniency::AboutBlankCallback,
        Leniency::EmptyConsumerSecret,
    ]);
    assert!(parsed.verify(&key()).is_ok());
}

/// A method that this crate does not have.
#[derive(Debug)]
struct HmacSha384;

impl FurtherMethod for HmacSha384 {
    fn name(&self) -> MethodName {
        MethodName::new("HMAC-SHA384").unwrap()
    }

    fn key_type(&self) -> KeyType {
        KeyType::SharedSecret
    }

    fn sign(&self, key: KeyMaterial<'_>, base_string: &BaseString<'_>) -> Option<Vec<u8>> {
        let KeyMaterial::SharedSecret(secret) = key else {
            return None;
        };
        assert_eq!(format!("{key:?}"), "[redacted]");
        let mut mac = Hmac::<Sha384>::new_from_slice(secret).unwrap();
        mac.update(&base_string.to_vec());
        Some(mac.finalize().into_bytes().to_vec())
    }
}

#[test]
fn a_further_method_signs_and_verifies_in_every_transport() {
    let method: Arc<dyn FurtherMethod> = Arc::new(HmacSha384);
    let name = SignatureMethod::Further(method.name());
    assert_eq!(name.to_string(), "HMAC-SHA384");
    assert!(format!("{name:?}").contains("HMAC-SHA384"));
    let token = (TokenKey::new("t").unwrap(), Secret::from("token secret"));
    let further = PreparedKey::further(&method, &secret(), Some(&token.1)).unwrap();
    assert_eq!(further.method(), name);
    for transport in [Transport::Header, Transport::Query, Transport::Body] {
        let request =
            Request::new("POST", "https", "h", "/p", Some("q=%7e")).with_body(FORM, b"b=+");
        let signed = signer()
            .with_token(token.0.clone(), token.1.clone())
            .with_further_method(Arc::clone(&method))
            .with_transport(transport)
            .sign(&request, NOW, &Nonce::new("n").unwrap())
            .unwrap();
        assert_eq!(signed.transport(), transport);
        assert!(!format!("{signed:?}").contains(signed.signature()));
        let (query, body, header) = (signed.query(), signed.body(), signed.authorization());
        let mut sent = Request::new("POST", "https", "h", "/p", query.as_deref())
            .with_body(FORM, body.as_deref().unwrap_or_default());
        if transport == Transport::Header {
            sent = sent.with_authorization(header.as_bytes());
        }
        let limits = Limits::default();
        // Unknown where nobody names it.
        let unknown = Parsed::extract(&sent, &limits).unwrap_err();
        assert_eq!(unknown, Error::SignatureMethodRejected);
        let methods = [Arc::clone(&method)];
        let parse = || {
            Parsed::extract_with(&sent, &limits, &methods)
                .unwrap()
                .unwrap()
        };
        assert!(parse().verify(&further).is_ok());
        let other = PreparedKey::further(&method, &"other".into(), Some(&token.1)).unwrap();
        assert_eq!(parse().verify(&other).unwrap_err(), Error::SignatureInvalid);
        // The same secrets under another method are no key for it.
        assert_eq!(
            parse().verify(&key()).unwrap_err(),
            Error::SignatureMethodRejected
        );
    }
}

#[test]
fn names_of_further_methods_are_short_visible_and_new() {
    assert!(MethodName::new(&"x".repeat(31)).is_some());
    for name in ["", "HMAC-SHA1", "PLAINTEXT", "A B", "é", &"x".repeat(32)] {
        assert!(MethodName::new(name).is_none(), "{name}");
    }
}

#[test]
fn empty_secrets_and_keys_of_another_type_make_no_key() {
    let method: Arc<dyn FurtherMethod> = Arc::new(HmacSha384);
    let (empty, sha1) = (Secret::from(""), SignatureMethod::HmacSha1);
    for (made, why) in [
        (
            PreparedKey::shared_secret(sha1, &empty, None),
            KeyError::EmptyConsumerSecret,
        ),
        (
            PreparedKey::shared_secret(sha1, &secret(), Some(&empty)),
            KeyError::EmptyTokenSecret,
        ),
        (
            PreparedKey::without_consumer_secret(sha1, Some(&empty)),
            KeyError::EmptyTokenSecret,
        ),
        (
            PreparedKey::further(&method, &empty, None),
            KeyError::EmptyConsumerSecret,
        ),
        (
            PreparedKey::shared_secret(SignatureMethod::RsaSha1, &secret(), None),
            KeyError::WrongType,
        ),
    ] {
        assert_eq!(made.unwrap_err(), why);
    }
    let key = PreparedKey::without_consumer_secret(sha1, Some(&secret())).unwrap();
    assert_eq!(format!("{key:?}"), "PreparedKey(HMAC-SHA1, [redacted])");
}
