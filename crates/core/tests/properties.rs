//! What holds for every request, method and transport: what is signed is accepted, in whatever
//! order it is sent, and not with one byte changed.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use oauth1_core::{
    ConsumerKey, Limits, Nonce, Parsed, PreparedKey, Request, RsaPrivateKey, RsaPublicKey, Secret,
    SignatureMethod, Signer, Timestamp, TokenKey, Transport, percent,
};
use proptest::{collection::vec, prelude::*, sample::select};

const FORM: Option<&[u8]> = Some(b"application/x-www-form-urlencoded; charset=UTF-8");
const PUBLIC: &str = include_str!("../../../tests/vectors/keys/rsa2048.public.pem");
const PRIVATE: &str = include_str!("../../../tests/vectors/keys/rsa2048.pkcs8.pem");
const METHODS: [SignatureMethod; 7] = SignatureMethod::ALL;
const TRANSPORTS: [Transport; 3] = [Transport::Header, Transport::Body, Transport::Query];

/// A request before it is signed, and with what.
#[derive(Clone, Debug)]
struct Call {
    verb: String,
    scheme: String,
    authority: String,
    path: String,
    query: Vec<(String, String)>,
    body: Vec<(String, String)>,
    consumer_secret: String,
    token_secret: Option<String>,
    method: SignatureMethod,
    transport: Transport,
}

/// A request as it is sent.
#[derive(Clone, Debug, PartialEq)]
struct Sent {
    verb: String,
    scheme: String,
    authority: String,
    path: String,
    query: String,
    body: String,
    header: String,
    consumer_secret: String,
    token_secret: Option<String>,
}

/// Place, name and value.
type Parameter = (&'static str, Vec<u8>, Vec<u8>);

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,12}", "\\PC{0,6}", "[a-c+%&=]{0,4}"]
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let not_oauth = |pairs: &Vec<(String, String)>| {
        let names = pairs.iter().map(|(name, _)| name);
        !names.clone().any(|name| name.starts_with("oauth_"))
    };
    vec((text(), text()), 0..5).prop_filter("an application's own", not_oauth)
}

fn call() -> impl Strategy<Value = Call> {
    let line = (
        "[A-Z]{1,7}",
        select(vec!["http", "https"]),
        prop_oneof![
            "[a-z][a-z0-9-]{0,8}(\\.[a-z]{2,4})?(:[1-9][0-9]{1,3})?",
            Just("[2001:db8::1]:8443".to_owned())
        ],
        "(/([A-Za-z0-9._~!$'()*,;:@=-]|%[2-7][0-9A-F]){0,6}){1,3}",
    );
    let secrets = ("\\PC{1,10}", prop::option::of("\\PC{1,10}"));
    let kind = (select(METHODS.to_vec()), select(TRANSPORTS.to_vec()));
    (line, pairs(), pairs(), secrets, kind).prop_map(
        |((verb, scheme, authority, path), query, body, secrets, (method, transport))| Call {
            verb,
            scheme: scheme.to_owned(),
            authority,
            path,
            query,
            body,
            consumer_secret: secrets.0,
            token_secret: secrets.1,
            method,
            transport,
        },
    )
}

fn form(pairs: &[(String, String)]) -> String {
    let encode = |text: &str| percent::encode(text.as_bytes());
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

impl Call {
    fn sign(&self) -> Sent {
        let key = ConsumerKey::new("consumer key").unwrap();
        let secret = Secret::from(self.consumer_secret.as_str());
        let mut signer = if self.method.is_rsa() {
            Signer::rsa(key, RsaPrivateKey::from_pem(PRIVATE).unwrap())
        } else {
            Signer::new(key, secret)
        };
        signer = signer
            .with_method(self.method)
            .with_transport(self.transport);
        if let Some(secret) = &self.token_secret {
            let token = TokenKey::new("token").unwrap();
            signer = signer.with_token(token, Secret::from(secret.as_str()));
        }
        let (query, body) = (form(&self.query), form(&self.body));
        let bare = Request::new(
            &self.verb,
            &self.scheme,
            &self.authority,
            &self.path,
            Some(&query),
        )
        .with_body(FORM, body.as_bytes());
        let nonce = Nonce::new("no-nce").unwrap();
        let signed = signer
            .sign(&bare, Timestamp::from_secs(1_700_000_000), &nonce)
            .unwrap();
        let header = match self.transport {
            Transport::Header => signed.authorization(),
            _ => String::new(),
        };
        Sent {
            verb: self.verb.clone(),
            scheme: self.scheme.clone(),
            authority: self.authority.clone(),
            path: self.path.clone(),
            query: signed.query().unwrap(),
            body: String::from_utf8(signed.body().unwrap()).unwrap(),
            header,
            consumer_secret: self.consumer_secret.clone(),
            token_secret: self.token_secret.clone(),
        }
    }
}

impl Sent {
    fn request(&self) -> Request<'_> {
        let query = Some(self.query.as_str());
        let request = Request::new(&self.verb, &self.scheme, &self.authority, &self.path, query)
            .with_body(FORM, self.body.as_bytes());
        if self.header.is_empty() {
            request
        } else {
            request.with_authorization(self.header.as_bytes())
        }
    }

    fn accepted(&self) -> bool {
        let Ok(Some(parsed)) = Parsed::extract(&self.request(), &Limits::default()) else {
            return false;
        };
        let method = parsed.parameters().signature_method();
        let key = if method.is_rsa() {
            PreparedKey::rsa(method, &RsaPublicKey::from_pem(PUBLIC).unwrap())
        } else {
            let token = self.token_secret.as_deref().map(Secret::from);
            let consumer = Secret::from(self.consumer_secret.as_str());
            PreparedKey::shared_secret(method, &consumer, token.as_ref())
        };
        key.is_ok_and(|key| parsed.verify(&key).is_ok())
    }

    /// What the request says, whatever it looks like: equal for requests that mean the same.
    fn meaning(&self) -> Option<Vec<Parameter>> {
        let mut all = Vec::new();
        for (place, text) in [("query", &self.query), ("body", &self.body)] {
            for pair in text.split('&').filter(|pair| !pair.is_empty()) {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                let decode = |text: &str| {
                    let text = text.replace('+', " ");
                    percent::decode(text.as_bytes()).map(std::borrow::Cow::into_owned)
                };
                all.push((place, decode(name)?, decode(value)?));
            }
        }
        all.sort();
        Some(all)
    }

    /// One byte of a part, at a place and to a letter that the numbers choose.
    fn changed(&self, part: usize, place: usize, byte: u8) -> Self {
        let mut changed = self.clone();
        let text = match part {
            0 => &mut changed.verb,
            1 => &mut changed.authority,
            2 => &mut changed.path,
            3 => &mut changed.query,
            4 => &mut changed.body,
            5 => &mut changed.header,
            6 => &mut changed.consumer_secret,
            _ => match &mut changed.token_secret {
                Some(secret) => secret,
                None => return changed,
            },
        };
        let places: Vec<(usize, char)> = text.char_indices().collect();
        if let Some((at, old)) = places.get(place % places.len().max(1)) {
            let new = char::from(byte).to_string();
            text.replace_range(*at..*at + old.len_utf8(), &new);
        }
        changed
    }
}

proptest! {
    #[test]
    fn what_is_signed_is_accepted(call in call()) {
        let sent = call.sign();
        prop_assert!(sent.accepted(), "{sent:?}");
        // Names of hosts and schemes have no case, default ports no meaning.
        let mut same = sent;
        same.scheme.make_ascii_uppercase();
        same.authority.make_ascii_uppercase();
        if !same.authority.trim_start_matches(|c| c != ']').contains(':') && !same.authority.contains(':') {
            same.authority.push_str(if call.scheme == "https" { ":443" } else { ":80" });
        }
        prop_assert!(same.accepted(), "{same:?}");
    }

    #[test]
    fn the_order_of_parameters_never_matters(call in call(), seed in any::<u64>()) {
        let sent = call.sign();
        let mut shuffled = sent.clone();
        shuffled.query = shuffle(&sent.query, "&", seed);
        shuffled.body = shuffle(&sent.body, "&", seed);
        if let Some(parameters) = sent.header.strip_prefix("OAuth ") {
            shuffled.header = format!("OAuth {}", shuffle(parameters, ", ", seed));
        }
        prop_assert!(shuffled.accepted(), "{shuffled:?}");
    }

    #[test]
    fn no_byte_can_be_changed(
        call in call(),
        part in 0_usize..8,
        place in any::<usize>(),
        byte in b'!'..=b'~',
    ) {
        let sent = call.sign();
        let changed = sent.changed(part, place, byte);
        let same_line = changed.verb.eq_ignore_ascii_case(&sent.verb)
            && changed.authority.eq_ignore_ascii_case(&sent.authority)
            && changed.path == sent.path;
        let same_key = changed.consumer_secret == sent.consumer_secret
            && changed.token_secret == sent.token_secret;
        let signature = match call.method {
            // The signature is the key: the request is not signed. RSA needs no secrets.
            SignatureMethod::Plaintext if same_key => return Ok(()),
            method => !method.is_rsa(),
        };
        let same_key = same_key || !signature;
        // A header's blanks and quotes mean nothing; its names and values are in its parameters.
        let same_header = meaning_of_header(&sent) == meaning_of_header(&changed);
        let same = same_line && same_key && same_header && changed.meaning() == sent.meaning();
        if same {
            prop_assert!(changed.meaning().is_some());
        } else {
            prop_assert!(!changed.accepted(), "{sent:?}\n{changed:?}");
        }
    }

    #[test]
    fn another_scheme_port_or_parameter_is_refused(call in call(), name in "[a-z]{1,3}") {
        prop_assume!(call.method != SignatureMethod::Plaintext);
        let sent = call.sign();
        let mut changed = vec![sent.clone(); 6];
        let [scheme, port, query, body, path, slash] = changed.as_mut_slice() else {
            panic!("six")
        };
        scheme.scheme = if call.scheme == "http" { "https" } else { "http" }.to_owned();
        if scheme.authority.ends_with(":443") || scheme.authority.ends_with(":80") {
            return Ok(());
        }
        port.authority = format!("{}9", port.authority.trim_end_matches(|c: char| c.is_ascii_digit()));
        query.query.push_str(&format!("&{name}"));
        body.body.push_str(&format!("&{name}="));
        path.path.push('x');
        slash.path.push('/');
        for changed in [&*scheme, port, query, body, path, slash] {
            prop_assert!(changed == &sent || !changed.accepted(), "{changed:?}");
        }
    }

    #[test]
    fn what_is_parsed_and_printed_is_parsed_alike(call in call()) {
        let sent = call.sign();
        let read = |sent: &Sent| {
            let request = sent.request();
            let parsed = Parsed::extract(&request, &Limits::default()).unwrap().unwrap();
            let parameters: Vec<_> = parsed.application_parameters().collect();
            (parameters, parsed.base_string())
        };
        let (parameters, base_string) = read(&sent);
        let pairs = parameters.iter().map(|(name, value)| {
            format!("{}={}", percent::encode(name), percent::encode(value))
        });
        let printed: Vec<_> = pairs.collect();
        let mut again = sent.clone();
        // The protocol parameters stay where they are, all others come to the query.
        let protocol = |text: &str| {
            let own = text.split('&').filter(|pair| pair.starts_with("oauth_"));
            own.map(str::to_owned).collect::<Vec<_>>()
        };
        again.query = [printed, protocol(&sent.query)].concat().join("&");
        again.body = protocol(&sent.body).join("&");
        prop_assert_eq!(read(&again), (parameters, base_string));
        prop_assert!(again.accepted());
    }
}

/// The parameters of a header as the grammar of section 3.5.1 has them.
fn meaning_of_header(sent: &Sent) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    if sent.header.is_empty() {
        return Some(Vec::new());
    }
    let rest = sent
        .header
        .get(..6)
        .filter(|scheme| scheme.eq_ignore_ascii_case("OAuth "))?;
    let mut all = Vec::new();
    for pair in sent.header.get(rest.len()..)?.split(',') {
        // An empty element of a list is none (RFC 9110 section 5.6.1).
        if pair.trim().is_empty() {
            continue;
        }
        let (name, value) = pair.split_once('=')?;
        let value = value.trim();
        let bare = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'));
        let decode =
            |text: &str| percent::decode(text.as_bytes()).map(std::borrow::Cow::into_owned);
        all.push((decode(name.trim())?, decode(bare.unwrap_or(value))?));
    }
    all.sort();
    Some(all)
}

fn shuffle(text: &str, separator: &str, seed: u64) -> String {
    let mut parts: Vec<&str> = text.split(separator).collect();
    let mut state = seed | 1;
    for at in (1..parts.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).unwrap() % (at + 1);
        parts.swap(at, other);
    }
    parts.join(separator)
}
