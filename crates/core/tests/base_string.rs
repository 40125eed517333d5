//! The base string of section 3.4.1, beside one that is made here byte by byte, for parameters sent
//! in every spelling and of every length.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use oauth1_core::{Limits, Parsed, Request};
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
    let protocol = PROTOCOL.iter();
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
