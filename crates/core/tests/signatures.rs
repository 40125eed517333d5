//! Signatures: where they stand, and the keys that made them
//! ([RFC 5849 section 3.4](https://www.rfc-editor.org/rfc/rfc5849#section-3.4)).

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use oauth1_core::{
    ConsumerKey, Limits, Nonce, Parsed, PreparedKey, Request, Secret, SignatureMethod, Signer,
    Timestamp,
};

fn parse<'a>(request: &Request<'a>) -> Parsed<'a> {
    let parsed = Parsed::extract(request, &Limits::default());
    parsed.unwrap().unwrap()
}

fn key(method: SignatureMethod, consumer: &str, token: Option<&str>) -> PreparedKey {
    let token = token.map(Secret::from);
    PreparedKey::shared_secret(method, &Secret::from(consumer), token.as_ref()).unwrap()
}

#[test]
fn a_signature_in_the_header_is_itself_escaped_or_not() {
    for signature in [
        "tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D",
        "tR3+Ty81lMeYAr/Fid0kMTYa/WM=",
    ] {
        let header = format!(
            "OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_token=\"nnch734d00sl2jdk\", \
             oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1191242096\", \
             oauth_nonce=\"kllo9940pd9333jh\", oauth_version=\"1.0\", \
             oauth_signature=\"{signature}\""
        );
        let query = Some("file=vacation.jpg&size=original");
        let request = Request::new("GET", "http", "photos.example.net", "/photos", query)
            .with_authorization(header.as_bytes());
        let secrets = ("kd94hf93k423kf44", Some("pfkkdhi9sl3r4s00"));
        let key = key(SignatureMethod::HmacSha1, secrets.0, secrets.1);
        let verified = parse(&request).verify(&key);
        assert!(verified.is_ok(), "{signature}");
    }
}

#[test]
fn a_signature_holds_wherever_it_stands_in_the_header_and_whatever_its_escapes_are() {
    let methods = [
        SignatureMethod::HmacSha1,
        SignatureMethod::HmacSha256,
        SignatureMethod::HmacSha512,
    ];
    let request = Request::new("GET", "https", "h", "/", Some("a=1"));
    for (method, second) in methods
        .into_iter()
        .flat_map(|m| (0..12).map(move |s| (m, s)))
    {
        let signer = Signer::new(ConsumerKey::new("app").unwrap(), Secret::from("s"));
        let signer = signer.with_method(method);
        let signed = signer.sign(
            &request,
            Timestamp::from_secs(second),
            &Nonce::new("n").unwrap(),
        );
        let header = signed.unwrap().authorization();
        let parameters = header.strip_prefix("OAuth ").unwrap().split(", ");
        let (signature, others): (Vec<_>, Vec<_>) =
            parameters.partition(|parameter| parameter.starts_with("oauth_signature="));
        let (signature, others) = (signature.join(", "), others.join(", "));
        for length in (0..80).chain([150, 600]) {
            let realm = format!("realm=\"{}\"", "x".repeat(length));
            for order in [
                [&signature, &others, &realm],
                [&signature, &realm, &others],
                [&others, &signature, &realm],
                [&realm, &signature, &others],
                [&realm, &others, &signature],
            ] {
                let header = format!("OAuth {}, {}, {}", order[0], order[1], order[2]);
                let request = request.with_authorization(header.as_bytes());
                let verified = parse(&request).verify(&key(method, "s", None));
                assert!(verified.is_ok(), "{header}");
            }
        }
    }
}

#[test]
fn an_empty_secret_makes_no_key() {
    let method = SignatureMethod::HmacSha1;
    assert!(PreparedKey::shared_secret(method, &Secret::from(""), None).is_err());
    let (some, empty) = (Secret::from("s"), Secret::from(""));
    assert!(PreparedKey::shared_secret(method, &some, Some(&empty)).is_err());
}

#[test]
fn a_signature_holds_if_one_of_several_keys_of_its_method_made_it() {
    let methods = [
        SignatureMethod::HmacSha1,
        SignatureMethod::HmacSha256,
        SignatureMethod::HmacSha512,
        SignatureMethod::Plaintext,
    ];
    let long = format!("a={}", "x".repeat(1_000));
    for (method, query) in methods.into_iter().flat_map(|m| [(m, "a=1"), (m, &long)]) {
        let signer = Signer::new(ConsumerKey::new("app").unwrap(), Secret::from("right"));
        let signer = signer.with_method(method);
        let request = Request::new("GET", "https", "h", "/", Some(query));
        let nonce = Nonce::new("n").unwrap();
        let signed = signer.sign(&request, Timestamp::from_secs(1), &nonce);
        let header = signed.unwrap().authorization();
        let request = request.with_authorization(header.as_bytes());
        let (right, wrong) = (key(method, "right", None), key(method, "wrong", None));
        let of_other = key(SignatureMethod::HmacSha1, "right", None);
        let of_other = (method != SignatureMethod::HmacSha1).then_some(of_other);
        for (keys, holds) in [
            (vec![right.clone()], true),
            (vec![wrong.clone()], false),
            (vec![wrong.clone(), right], true),
            (vec![wrong.clone(), wrong], false),
            (vec![], false),
            (Vec::from_iter(of_other), false),
        ] {
            let parsed = parse(&request);
            assert_eq!(parsed.verify_any(&keys).is_ok(), holds, "{method}");
        }
    }
}
