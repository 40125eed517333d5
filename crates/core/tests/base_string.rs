//! The base string of section 3.4.1, beside one that is made here byte by byte, for parameters sent
//! in every spelling and of every length.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use oauth1_core::{Error, Limits, Parsed, PreparedKey, Request, Secret, SignatureMethod};
use proptest::{collection::vec, prelude::*, sample::select};

type Pair = (Vec<u8>, Vec<u8>);

/// What each request here carries besides.
const PROTOCOL: &[(&str, &str)] = &[
    ("oauth_consumer_key", "k"),
    ("oauth_signature_method", "PLAINTEXT"),
];

fn escape(byte: u8) -> String {
    format!("%{byte:02X}")
}

/// > All other characters MUST be encoded (section 3.6).
fn encoded(bytes: &[u8]) -> String {
    let encode = |byte: &u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(*byte).to_string()
        }
        _ => escape(*byte),
    };
    bytes.iter().map(encode).collect()
}

fn expected(pairs: &[Pair]) -> String {
    expected_with(PROTOCOL, pairs)
}

fn expected_with(protocol: &[(&str, &str)], pairs: &[Pair]) -> String {
    let protocol = protocol.iter();
    let protocol =
        protocol.map(|(name, value)| (encoded(name.as_bytes()), encoded(value.as_bytes())));
    let own = pairs.iter();
    let own = own.map(|(name, value)| (encoded(name), encoded(value)));
    let mut all: Vec<_> = own.chain(protocol).collect();
    all.sort();
    let all: Vec<_> = all
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!(
        "GET&https%3A%2F%2Fh%2Fp&{}",
        encoded(all.join("&").as_bytes())
    )
}

/// How a client spells a byte.
#[derive(Clone, Copy, Debug)]
enum Spelling {
    Right,
    Escaped,
    LowerCase,
    Bare,
}

const SPELLINGS: [Spelling; 4] = [
    Spelling::Right,
    Spelling::Escaped,
    Spelling::LowerCase,
    Spelling::Bare,
];

fn spelled(bytes: &[u8], spellings: &[Spelling]) -> String {
    let spell = |(byte, spelling): (&u8, &Spelling)| match spelling {
        Spelling::Right => encoded(&[*byte]),
        Spelling::Escaped => escape(*byte),
        Spelling::LowerCase => escape(*byte).to_lowercase(),
        Spelling::Bare if *byte == b' ' => "+".to_owned(),
        Spelling::Bare if b"!*'();:@$,/?[]".contains(byte) => char::from(*byte).to_string(),
        Spelling::Bare => encoded(&[*byte]),
    };
    bytes
        .iter()
        .zip(spellings.iter().cycle())
        .map(spell)
        .collect()
}

/// The base string of what is sent in the query.
fn of_query(query: &str) -> String {
    let mut query = query.to_owned();
    for (name, value) in PROTOCOL.iter().chain(&[("oauth_signature", "s")]) {
        query += &format!("&{name}={value}");
    }
    let mut limits = Limits::default();
    limits.value_bytes = 10_000;
    let request = Request::new("GET", "https", "h", "/p", Some(&query));
    let parsed = Parsed::extract(&request, &limits).unwrap();
    parsed.unwrap().base_string()
}

#[test]
fn values_of_every_length_and_spelling_are_encoded_whole() {
    for byte in [b'a', b'A', b'*', b' ', b'%', 0xff, b'~'] {
        for spelling in SPELLINGS {
            for length in (0..100).chain(430..530) {
                let value = vec![byte; length];
                let query = format!("a={}", spelled(&value, &[spelling]));
                let pairs = [(b"a".to_vec(), value)];
                assert_eq!(
                    of_query(&query),
                    expected(&pairs),
                    "{byte} {spelling:?} {length}"
                );
            }
        }
    }
}

#[test]
fn what_stands_for_itself_and_what_does_not_alternate_at_every_place() {
    for before in 0..40 {
        for marks in 0..40 {
            let value = [vec![b'x'; before], vec![b'*'; marks], b"y=%".to_vec()].concat();
            for spelling in SPELLINGS {
                let query = format!("a={}&b", spelled(&value, &[spelling]));
                let pairs = [(b"a".to_vec(), value.clone()), (b"b".to_vec(), Vec::new())];
                assert_eq!(
                    of_query(&query),
                    expected(&pairs),
                    "{before} {marks} {spelling:?}"
                );
            }
        }
    }
}

/// The protocol parameters, joined as a client writes them.
fn joined(protocol: &[(&str, &str)], how: Spelling, pattern: &str, between: &str) -> String {
    let pairs = protocol.iter().chain(&[("oauth_signature", "s")]).rev();
    let pairs = pairs.map(|(name, value)| {
        let value = spelled(value.as_bytes(), &[how]);
        pattern.replace("NAME", name).replace("VALUE", &value)
    });
    pairs.collect::<Vec<_>>().join(between)
}

#[test]
fn every_protocol_parameter_stands_where_its_name_sorts() {
    let all = [
        ("oauth_body_hash", "aGFzaA=="),
        ("oauth_callback", "https://h/?a=b&c=%20"),
        ("oauth_callback_", "1"),
        ("oauth_consumer_key", "k"),
        ("oauth_nonce", "n!"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "1"),
        ("oauth_token", "t t"),
        ("oauth_unknown", "u"),
        ("oauth_verifier", "v"),
        ("oauth_version", "1.0"),
    ];
    let own = [
        (b"oauth".to_vec(), b"1".to_vec()),
        (b"p".to_vec(), Vec::new()),
    ];
    let base_string = |request: &Request<'_>| {
        let parsed = Parsed::extract(request, &Limits::default()).unwrap();
        parsed.unwrap().base_string()
    };
    for left_out in [
        "",
        "body_hash",
        "callback",
        "callback_",
        "token",
        "verifier",
    ] {
        let mut some = all.to_vec();
        some.retain(|(name, _)| *name != format!("oauth_{left_out}"));
        let expected = expected_with(&some, &own);
        for how in SPELLINGS {
            let query = joined(&some, how, "NAME=VALUE", "&");
            let query = format!("p&{query}&oauth=1");
            let request = Request::new("GET", "https", "h", "/p", Some(&query));
            assert_eq!(base_string(&request), expected, "{query}");
        }
        for (pattern, between) in [
            ("NAME=\"VALUE\"", ", "),
            ("NAME=\"VALUE\"", ","),
            ("NAME=VALUE", " , "),
            (" NAME = \"VALUE\" ", ","),
        ] {
            let header = joined(&some, Spelling::LowerCase, pattern, between);
            let header = format!("OAuth {header}");
            let request = Request::new("GET", "https", "h", "/p", Some("p&oauth=1"));
            let request = request.with_authorization(header.as_bytes());
            assert_eq!(base_string(&request), expected, "{header}");
        }
    }
}

#[test]
fn a_plus_is_a_space_in_query_and_body_and_a_plus_in_a_header() {
    let header = "OAuth oauth_consumer_key=\"k+k\", oauth_nonce=\"+\", a=\"+*\", oauth_x=+, \
        oauth_signature_method=\"PLAINTEXT\", oauth_signature=\"s+%26\"";
    let request = Request::new("POST", "https", "h", "/p", Some("b=+%2B"));
    let request = request
        .with_authorization(header.as_bytes())
        .with_body(Some(b"application/x-www-form-urlencoded"), b"c=+%2B");
    let parsed = Parsed::extract(&request, &Limits::default()).unwrap();
    let parsed = parsed.unwrap();
    assert_eq!(parsed.parameters().consumer_key().as_str(), "k+k");
    assert_eq!(parsed.parameters().nonce().unwrap().as_str(), "+");
    assert_eq!(
        parsed.base_string(),
        "POST&https%3A%2F%2Fh%2Fp&a%3D%252B%252A%26b%3D%2520%252B%26c%3D%2520%252B\
         %26oauth_consumer_key%3Dk%252Bk%26oauth_nonce%3D%252B\
         %26oauth_signature_method%3DPLAINTEXT%26oauth_x%3D%252B"
    );
    let own: Vec<_> = parsed.application_parameters().collect();
    let pair = |name: &str, value: &str| (name.as_bytes().to_vec(), value.as_bytes().to_vec());
    assert_eq!(own, [pair("a", "+*"), pair("b", " +"), pair("c", " +")]);
    let secret = Secret::from("s+");
    let key = PreparedKey::shared_secret(SignatureMethod::Plaintext, &secret, None).unwrap();
    // The key is `s%2B&`, and what came is `s+&`.
    assert_eq!(parsed.verify(&key).map(drop), Err(Error::SignatureInvalid));
}

#[test]
fn the_version_is_one_however_it_is_spelled() {
    let version = |version: &str| {
        let query = format!(
            "oauth_consumer_key=k&oauth_signature=s&oauth_version={version}\
             &oauth_signature_method=PLAINTEXT"
        );
        let request = Request::new("GET", "https", "h", "/p", Some(&query));
        Parsed::extract(&request, &Limits::default()).map(drop)
    };
    for one in ["1.0", "1%2E0", "%31.%30", "1%2e0"] {
        assert_eq!(version(one), Ok(()), "{one}");
    }
    for other in ["1.0a", "1.0%20", "1.", "1", "1%2E00", "1.0+", "2.0", "%2E"] {
        assert_eq!(version(other), Err(Error::VersionRejected), "{other}");
    }
}

/// Short and of few bytes, so that names repeat.
fn name() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![vec(select(b"a*%".to_vec()), 1..3), text()]
}

/// Of few bytes, so that starts repeat.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let few = select(b"ab*%~ =&+.0\x00\xff".to_vec());
    prop_oneof![vec(few, 0..12), vec(any::<u8>(), 0..40)]
}

fn spellings() -> impl Strategy<Value = Vec<Spelling>> {
    vec(select(SPELLINGS.to_vec()), 1..5)
}

proptest! {
    #[test]
    fn parameters_are_decoded_sorted_and_encoded_whatever_their_spelling(
        sent in vec((name(), text(), spellings()), 0..12)
    ) {
        prop_assume!(!sent.iter().any(|(name, ..)| name.starts_with(b"oauth_")));
        let sent: Vec<_> = sent.into_iter().filter(|(name, ..)| !name.is_empty()).collect();
        let query: Vec<_> = sent
            .iter()
            .map(|(name, value, how)| format!("{}={}", spelled(name, how), spelled(value, how)))
            .collect();
        let pairs: Vec<_> = sent.into_iter().map(|(name, value, _)| (name, value)).collect();
        prop_assert_eq!(of_query(&query.join("&")), expected(&pairs));
    }
}
