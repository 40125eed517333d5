//! The examples of RFC 5849 and OAuth Core 1.0a, and what any signed request must withstand.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use oauth1_core::{
    BodyHashPolicy, ConsumerKey, Error, Limits, Nonce, Parsed, PreparedKey, Request, Secret,
    SignatureMethod, Signer, Timestamp, TokenKey, Transport, Window,
};
use proptest::prelude::*;

fn parse<'a>(request: &Request<'a>) -> Result<Option<Parsed<'a>>, Error> {
    Parsed::extract(request, &Limits::default())
}

fn key(method: SignatureMethod, consumer: &str, token: Option<&str>) -> PreparedKey {
    let token = token.map(Secret::from);
    PreparedKey::shared_secret(method, &Secret::from(consumer), token.as_ref()).unwrap()
}

const FORM: Option<&[u8]> = Some(b"application/x-www-form-urlencoded");

#[test]
fn section_3_4_1_1_base_string() {
    let header = br#"OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2",
        oauth_token="kkk9d7dh3k39sjv7", oauth_signature_method="HMAC-SHA1",
        oauth_timestamp="137131201", oauth_nonce="7d8f3e4a",
        oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D""#;
    let request = Request::new(
        "POST",
        "http",
        "example.com",
        "/request",
        Some("b5=%3D%253D&a3=a&c%40=&a2=r%20b"),
    )
    .with_authorization(header)
    .with_body(FORM, b"c2&a3=2+q");
    assert_eq!(
        parse(&request).unwrap().unwrap().base_string(),
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D\
         %25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3\
         e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkk\
         k9d7dh3k39sjv7"
    );
}

#[test]
fn section_1_2_photos_example_is_accepted() {
    let header = br#"OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03",
        oauth_token="nnch734d00sl2jdk", oauth_signature_method="HMAC-SHA1",
        oauth_timestamp="137131202", oauth_nonce="chapoH",
        oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D""#;
    let request = Request::new(
        "GET",
        "http",
        "photos.example.net",
        "/photos",
        Some("file=vacation.jpg&size=original"),
    )
    .with_authorization(header);
    let key = key(
        SignatureMethod::HmacSha1,
        "kd94hf93k423kf44",
        Some("pfkkdhi9sl3r4s00"),
    );
    let signed = parse(&request).unwrap().unwrap().verify(&key).unwrap();
    assert_eq!(signed.parameters().realm(), Some("Photos"));
    let now = Timestamp::from_secs(137_131_202);
    let intact = signed.check_body_hash(BodyHashPolicy::Require).unwrap();
    assert!(intact.check_timestamp(now, Window::default()).is_ok());
}

#[test]
fn oauth_core_appendix_a_is_accepted_in_the_query() {
    let query = "file=vacation.jpg&size=original&oauth_consumer_key=dpf43f3p2l4k3l03\
        &oauth_token=nnch734d00sl2jdk&oauth_signature_method=HMAC-SHA1&oauth_timestamp=1191242096\
        &oauth_nonce=kllo9940pd9333jh&oauth_version=1.0\
        &oauth_signature=tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D";
    let request = Request::new("GET", "http", "photos.example.net", "/photos", Some(query));
    let key = key(
        SignatureMethod::HmacSha1,
        "kd94hf93k423kf44",
        Some("pfkkdhi9sl3r4s00"),
    );
    assert!(parse(&request).unwrap().unwrap().verify(&key).is_ok());
    // There a plus is a space, and that is no base64.
    let query = query.replace("%2B", "+");
    let request = Request::new("GET", "http", "photos.example.net", "/photos", Some(&query));
    let verified = parse(&request).unwrap().unwrap().verify(&key);
    assert_eq!(verified.map(drop), Err(Error::SignatureInvalid));
}

#[test]
fn malformed_requests_are_refused_with_400() {
    let good = "oauth_consumer_key=k&oauth_nonce=n&oauth_timestamp=1&oauth_signature_method=HMAC-SHA1\
        &oauth_signature=x";
    for (query, code) in [
        (format!("{good}&oauth_nonce=n"), "parameter_rejected"),
        (format!("{good}&%6Fauth_nonce=n"), "parameter_rejected"),
        (
            format!("{good}&oauth_custom=1&oauth_custom=2"),
            "parameter_rejected",
        ),
        (format!("{good}&oauth_version=2.0"), "version_rejected"),
        (format!("{good}&oauth_version="), "version_rejected"),
        (format!("{good}&a=%"), "parameter_rejected"),
        (format!("{good}&a=%zz"), "parameter_rejected"),
        (good.replace("oauth_nonce=n", ""), "parameter_absent"),
        (
            good.replace("timestamp=1", "timestamp=-1"),
            "parameter_rejected",
        ),
        (
            good.replace("timestamp=1", "timestamp=+1"),
            "parameter_rejected",
        ),
        (
            good.replace("timestamp=1", "timestamp="),
            "parameter_rejected",
        ),
        (
            good.replace("HMAC-SHA1", "hmac-sha1"),
            "signature_method_rejected",
        ),
        (good.replace("key=k", "key=%FF"), "parameter_rejected"),
        (
            good.replace("nonce=n", "nonce=%0d%0a"),
            "parameter_rejected",
        ),
        ("oauth_token=x".to_owned(), "parameter_absent"),
    ] {
        let request = Request::new("GET", "http", "h", "/", Some(&query));
        let error = parse(&request).unwrap_err();
        assert_eq!(
            (error.code().as_str(), error.code().status()),
            (code, 400),
            "{query}"
        );
    }
    let mixed = Request::new("GET", "http", "h", "/", Some(good)).with_body(FORM, b"oauth_token=t");
    assert_eq!(
        parse(&mixed).unwrap_err(),
        Error::TransportMixed("oauth_token")
    );
    let two = Request::new("GET", "http", "h", "/", None)
        .with_authorization(b"OAuth a=\"b\"")
        .with_authorization(b"oauth a=\"b\"");
    assert_eq!(
        parse(&two).unwrap_err(),
        Error::ParameterDuplicated("Authorization header")
    );
}

#[test]
fn what_section_3_1_requires_is_named_where_it_is_absent() {
    let refused = |query: &str| {
        let request = Request::new("GET", "https", "h", "/", Some(query));
        parse(&request).map(drop)
    };
    let one = |name| Err(Error::ParameterAbsent(name));
    let some = |names: &[&'static str]| Err(Error::ParametersAbsent(names.to_vec()));
    let key = "oauth_consumer_key=k";
    let by = |method: &str| format!("{key}&oauth_signature=s&oauth_signature_method={method}");
    let (hmac, plaintext) = (by("HMAC-SHA1"), by("PLAINTEXT"));
    assert_eq!(
        refused(key),
        some(&[
            "oauth_signature_method",
            "oauth_signature",
            "oauth_timestamp",
            "oauth_nonce"
        ])
    );
    assert_eq!(refused(&hmac), some(&["oauth_timestamp", "oauth_nonce"]));
    let timed = format!("{hmac}&oauth_timestamp=1");
    assert_eq!(refused(&timed), one("oauth_nonce"));
    let once = format!("{hmac}&oauth_nonce=n");
    assert_eq!(refused(&once), one("oauth_timestamp"));
    assert_eq!(refused(&format!("{timed}&oauth_nonce=n")), Ok(()));
    // "MAY be omitted" with PLAINTEXT, each.
    assert_eq!(refused(&plaintext), Ok(()));
    assert_eq!(refused(&format!("{plaintext}&oauth_nonce=n")), Ok(()));
    assert_eq!(refused(&format!("{plaintext}&oauth_timestamp=1")), Ok(()));
    let unsigned = plaintext.replace("&oauth_signature=s", "");
    assert_eq!(refused(&unsigned), one("oauth_signature"));
    let nobodys = plaintext.replace(key, "oauth_token=t");
    assert_eq!(refused(&nobodys), one("oauth_consumer_key"));
}

#[test]
fn of_a_header_without_protocol_parameters_all_are_absent() {
    let request = Request::new("GET", "https", "h", "/", Some("a=b"));
    for header in ["OAuth", "OAuth realm=\"r\"", "OAuth a=\"b\", ,"] {
        let request = request.with_authorization(header.as_bytes());
        let refused = parse(&request).map(drop).unwrap_err();
        assert!(
            matches!(&refused, Error::ParametersAbsent(names) if names.len() == 5),
            "{header}: {refused:?}"
        );
    }
}

#[test]
fn requests_without_a_sign_of_oauth_are_not_oauth() {
    for header in [
        "Basic eDp5",
        "Bearer x",
        "OAuthX a=b",
        "",
        "Digest oauth_token=\"x\"",
    ] {
        let request = Request::new("POST", "http", "h", "/", Some("realm=x&a=%&q=oauth_"))
            .with_authorization(header.as_bytes())
            .with_body(Some(b"application/json"), b"oauth_token=x");
        assert!(parse(&request).unwrap().is_none(), "{header}");
    }
}

#[test]
fn the_header_is_read_whatever_its_blanks_case_and_order() {
    for header in [
        "OAUTH oauth_consumer_key=\"k\",oauth_signature_method=\"PLAINTEXT\",oauth_signature=\"s%26\"",
        "oauth  oauth_signature=\"s%26\" ,\toauth_signature_method=\"PLAINTEXT\", realm=\"a,\\\"b\",oauth_consumer_key=\"k\",",
        "OAuth oauth_consumer_key=k, oauth_signature_method=PLAINTEXT, oauth_signature=s%26",
    ] {
        let request =
            Request::new("GET", "https", "h", "/", None).with_authorization(header.as_bytes());
        let parsed = parse(&request).unwrap().unwrap();
        assert!(
            parsed
                .verify(&key(SignatureMethod::Plaintext, "s", None))
                .is_ok(),
            "{header}"
        );
    }
}

#[test]
fn a_header_that_is_no_list_of_names_and_values_is_refused_though_nothing_is_missing() {
    let good = "OAuth oauth_consumer_key=\"k\", oauth_signature_method=\"PLAINTEXT\", \
        oauth_signature=\"s%26\"";
    let parsed = |more: &str| {
        let header = format!("{good}{more}");
        let request =
            Request::new("GET", "https", "h", "/", None).with_authorization(header.as_bytes());
        parse(&request).map(drop)
    };
    for more in [
        "",
        ",",
        ", ",
        ", a=b",
        ", a=",
        ", a=\"\"",
        ",a = \"b\" ,",
        ", a= b ,c=d",
    ] {
        assert_eq!(parsed(more), Ok(()), "{more}");
    }
    for more in [
        // Names: none, or not of one piece.
        ", =\"b\"",
        ",=",
        ", a",
        ", a b=\"c\"",
        ", \"a\"=\"b\"",
        // Values: not of one piece, or not ended.
        ", a=b c",
        ", a=b\"c",
        ", a=b\"",
        ", a=\"b",
        ", a=\"b\"c",
        ", a=\"b\" c",
        ", a=\"b\"\"c\"",
        ", a=\"b\" =",
        ", realm=\"b\"c",
        ", realm=b c",
        ", realm=\"b",
        "a",
        " a=\"b\"",
    ] {
        let malformed = Err(Error::ParameterMalformed("Authorization header"));
        assert_eq!(parsed(more), malformed, "{more}");
    }
}

#[test]
fn any_bytes_are_answered_without_a_panic() {
    for header in [
        "OAuth",
        "OAuth ,",
        "OAuth =",
        "OAuth a",
        "OAuth a=\"",
        "OAuth a=\"b\" c",
        "OAuth \"=\"",
        "OAuth a=%",
    ] {
        let request =
            Request::new("GET", "http", "h", "/", None).with_authorization(header.as_bytes());
        assert_eq!(
            parse(&request).unwrap_err().code().status(),
            400,
            "{header}"
        );
    }
    let request = Request::new("GET", "http", "h:99999", "/[", Some("[{|\"=&oauth_x=%FF"));
    assert!(parse(&request).is_err());
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,12}", "\\PC{0,8}"]
}

fn form(pairs: &[(String, String)]) -> String {
    let encode = |text: &str| oauth1_core::percent::encode(text.as_bytes());
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(n, v)| format!("{}={}", encode(n), encode(v)))
        .collect();
    pairs.join("&")
}

fn accepts(request: &Request<'_>, key: &PreparedKey) -> bool {
    parse(request).is_ok_and(|parsed| parsed.is_some_and(|parsed| parsed.verify(key).is_ok()))
}

proptest! {
    #[test]
    fn what_is_signed_is_accepted_and_nothing_else(
        query in prop::collection::vec((text(), text()), 0..6),
        body in prop::collection::vec((text(), text()), 0..6),
        transport in prop_oneof![Just(Transport::Header), Just(Transport::Body), Just(Transport::Query)],
        method in prop::sample::select(&SignatureMethod::ALL[..3]),
        secret in "\\PC{1,12}",
    ) {
        let (query, body) = (form(&query), form(&body));
        let request = Request::new("POST", "https", "Example.com:443", "/a%20b/c", Some(&query))
            .with_body(FORM, body.as_bytes());
        prop_assume!(!request.has_oauth());
        let signer = Signer::new(ConsumerKey::new("k").unwrap(), Secret::from(secret.as_str()))
            .with_token(TokenKey::new("t").unwrap(), Secret::from("ts"))
            .with_method(method)
            .with_transport(transport);
        let signed = signer.sign(&request, Timestamp::from_secs(1), &Nonce::new("n").unwrap()).unwrap();
        let (header, query, body) = (signed.authorization(), signed.query().unwrap(), signed.body().unwrap());
        let send = |verb: &'static str, scheme: &'static str, host: &'static str, path: &'static str, token: &str, more: &str| {
            let query = format!("{query}{more}");
            let mut sent = Request::new(verb, scheme, host, path, Some(&query)).with_body(FORM, &body);
            if transport == Transport::Header {
                sent = sent.with_authorization(header.as_bytes());
            }
            accepts(&sent, &key(method, &secret, Some(token)))
        };
        prop_assert!(send("POST", "https", "example.com", "/a%20b/c", "ts", ""));
        prop_assert!(send("post", "HTTPS", "EXAMPLE.com:443", "/a%20b/c", "ts", "&"));
        prop_assert!(!send("PUT", "https", "example.com", "/a%20b/c", "ts", ""));
        prop_assert!(!send("POST", "http", "example.com", "/a%20b/c", "ts", ""));
        prop_assert!(!send("POST", "https", "example.com:444", "/a%20b/c", "ts", ""));
        prop_assert!(!send("POST", "https", "example.com", "/a b/c", "ts", ""));
        prop_assert!(!send("POST", "https", "example.com", "/a%20b/c", "tS", ""));
        prop_assert!(!send("POST", "https", "example.com", "/a%20b/c", "ts", "&x"));
    }

    #[test]
    fn arbitrary_bytes_never_panic(header in prop::collection::vec(any::<u8>(), 0..200), query in "\\PC{0,80}") {
        let mut whole = b"OAuth ".to_vec();
        whole.extend(header);
        let request = Request::new("GET", "http", "h", "/", Some(&query)).with_authorization(&whole);
        let _ = parse(&request);
    }
}
