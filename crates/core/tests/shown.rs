//! What requests and parameters show of themselves: what an application needs, and no secret.

use oauth1_core::{
    BodyHashPolicy, Callback, ConsumerKey, Error, ErrorCode, Limits, Nonce, Parsed, PreparedKey,
    Realm, Request, Secret, SessionHandle, SignError, SignatureMethod, Signer, Timestamp, TokenKey,
    Transport, Verifier, Window,
};

const FORM: Option<&[u8]> = Some(b"application/x-www-form-urlencoded");
const HEADER: &[u8] =
    b"OAuth realm=\"a \\\"b\\\"\", oauth_consumer_key=\"k%21\", oauth_token=\"token-of-someone\", \
    oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"7\", oauth_nonce=\"n%2B\", \
    oauth_callback=\"oob\", oauth_verifier=\"verified%21\", oauth_body_hash=\"aGFzaA%3D%3D\", \
    oauth_session_handle=\"handle%21\", oauth_signature=\"c2ln\"";

fn request() -> Request<'static> {
    Request::new("PUT", "https", "h.example", "/p", Some("b=%32&a=")).with_authorization(HEADER)
}

#[test]
fn parameters_are_decoded_once_and_typed() {
    let limits = Limits::default();
    let parsed = Parsed::extract(&request(), &limits).unwrap().unwrap();
    let found = parsed.parameters();
    assert_eq!(found.transport(), Transport::Header);
    assert_eq!(found.realm(), Some("a \"b\""));
    assert_eq!(found.consumer_key().as_str(), "k!");
    assert_eq!(&*found.consumer_key_bytes(), b"k!");
    assert_eq!(found.token().unwrap().as_str(), "token-of-someone");
    assert_eq!(&*found.token_bytes().unwrap(), b"token-of-someone");
    assert_eq!(found.signature_method(), SignatureMethod::HmacSha1);
    assert_eq!(found.timestamp(), Some(Timestamp::from_secs(7)));
    assert_eq!(found.nonce().unwrap().as_str(), "n+");
    assert_eq!(found.nonce_bytes().unwrap(), b"n+".as_slice());
    assert_eq!(found.callback(), Some("oob"));
    assert_eq!(found.verifier().unwrap().as_str(), "verified!");
    assert_eq!(&*found.body_hash().unwrap(), b"aGFzaA==");
    let handle = parsed.session_handle(&limits).unwrap().unwrap();
    assert_eq!(handle.as_str(), "handle!");
    let own: Vec<_> = parsed.application_parameters().collect();
    let pair = |name: &str, value: &str| (name.as_bytes().to_vec(), value.as_bytes().to_vec());
    assert_eq!(own, [pair("a", ""), pair("b", "2")]);
}

#[test]
fn session_handles_are_bounded_and_may_be_empty() {
    let mut limits = Limits::default();
    let handle = |value: &str, limits: &Limits| {
        let query = format!(
            "oauth_consumer_key=k&oauth_signature_method=PLAINTEXT&oauth_signature=s\
             &oauth_session_handle={value}"
        );
        let request = Request::new("GET", "https", "h", "/", Some(&query));
        let parsed = Parsed::extract(&request, &Limits::default());
        parsed.unwrap().unwrap().session_handle(limits)
    };
    assert_eq!(handle("", &limits).unwrap(), None);
    assert_eq!(handle("&oauth_session=x", &limits).unwrap(), None);
    let malformed = Error::ParameterMalformed("oauth_session_handle");
    assert_eq!(handle("%ff", &limits).unwrap_err(), malformed);
    assert_eq!(handle("%00", &limits).unwrap_err(), malformed);
    limits.identifier_bytes = 2;
    assert_eq!(
        handle("abc", &limits).unwrap_err(),
        Error::TooLarge("oauth_session_handle")
    );
}

#[test]
fn an_empty_token_or_verifier_is_none_and_an_empty_consumer_key_or_nonce_is_refused() {
    let with = |more: &str| {
        let query = format!("oauth_signature_method=PLAINTEXT&oauth_signature=s&{more}");
        let request = Request::new("GET", "https", "h", "/", Some(&query));
        let parsed = Parsed::extract(&request, &Limits::default())?.unwrap();
        let found = parsed.parameters();
        assert_eq!(found.token_bytes().is_some(), found.token().is_some());
        Ok((found.token().is_some(), found.verifier().is_some()))
    };
    let key = "oauth_consumer_key=k";
    assert_eq!(with(key), Ok((false, false)));
    assert_eq!(
        with(&format!("{key}&oauth_token=&oauth_verifier")),
        Ok((false, false))
    );
    assert_eq!(
        with(&format!("{key}&oauth_token=t&oauth_verifier=v")),
        Ok((true, true))
    );
    let malformed = |name| Err(Error::ParameterMalformed(name));
    assert_eq!(with("oauth_consumer_key="), malformed("oauth_consumer_key"));
    assert_eq!(
        with(&format!("{key}&oauth_nonce=")),
        malformed("oauth_nonce")
    );
}

#[test]
fn requests_give_back_what_they_were_made_of() {
    let request = request();
    assert_eq!(
        (request.method(), request.scheme(), request.authority()),
        ("PUT", "https", "h.example")
    );
    assert_eq!(request.path(), "/p");
    assert!(request.has_oauth());
}

#[test]
fn nothing_that_is_shown_holds_a_credential() {
    let form = request().with_body(FORM, b"password=hunter2");
    let json = request().with_body(Some(b"application/json"), b"{\"password\":\"hunter2\"}");
    let unread = request().with_unread_body();
    let limits = Limits::default();
    let mut shown = String::new();
    for request in [form, json, unread] {
        let parsed = Parsed::extract(&request, &limits).unwrap().unwrap();
        let of_parsed = format!("{parsed:?}");
        assert!(of_parsed.contains("h.example") && of_parsed.contains("k!"));
        shown += &format!("{request:?} {of_parsed} {:#?}", parsed.parameters());
    }
    let signer = Signer::new(ConsumerKey::new("k").unwrap(), Secret::from("hunter2"))
        .with_token(TokenKey::new("token-of-someone").unwrap(), "hunter2".into())
        .with_parameter("oauth_verifier", "verified!");
    shown += &format!("{signer:?}").replace("oauth_verifier", "");
    shown += &format!(
        "{:?} {:?} {:?} {:?}",
        Secret::from("hunter2".to_owned()),
        Verifier::new("verified!").unwrap(),
        SessionHandle::new("handle!").unwrap(),
        TokenKey::new("token-of-someone").unwrap(),
    );
    for hidden in [
        "hunter2", "verified", "handle", "token-of", "c2ln", "aGFzaA",
    ] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
    let (key, nonce) = (ConsumerKey::new("k").unwrap(), Nonce::new("n").unwrap());
    assert_eq!(
        format!("{key} {key:?} {nonce} {nonce:?}"),
        "k \"k\" n \"n\""
    );
}

#[test]
fn names_lead_back_to_signature_methods() {
    for method in SignatureMethod::ALL {
        assert_eq!(SignatureMethod::parse(method.as_str()), Some(method));
        assert_eq!(method.to_string(), method.as_str());
        assert_eq!(method.is_rsa(), method.as_str().starts_with("RSA"));
    }
    assert_eq!(SignatureMethod::parse("hmac-sha1"), None);
    for name in ["HMAC-SHA1", "PLAINTEXT", "hmac-sha1", "X"] {
        let method = SignatureMethod::parse_any(name).unwrap();
        assert_eq!(method.as_str(), name);
        assert_eq!(
            SignatureMethod::parse(name).is_none(),
            matches!(method, SignatureMethod::Further(_))
        );
    }
    assert_eq!(SignatureMethod::parse_any("A B"), None);
}

#[test]
fn what_carries_oauth_parameters_is_not_signed_again() {
    let signer = Signer::new(ConsumerKey::new("k").unwrap(), Secret::from("s"));
    let refused = |request: &Request<'_>| {
        let nonce = Nonce::new("n").unwrap();
        signer.sign(request, Timestamp::from_secs(1), &nonce).err()
    };
    let already = Some(SignError::AlreadySigned);
    assert_eq!(refused(&request()), already);
    let query = Some("a=1&oauth_token=t");
    assert_eq!(
        refused(&Request::new("GET", "https", "h", "/", query)),
        already
    );
    let malformed = Request::new("GET", "https", "h", "/", Some("a=%"));
    let error = Error::ParameterMalformed("percent encoding");
    assert_eq!(refused(&malformed), Some(SignError::Request(error)));
}

#[test]
fn what_passes_a_limit_is_refused_by_its_name() {
    let refused = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        let request = request().with_body(FORM, b"long-name=long-value");
        Parsed::extract(&request, &limits).unwrap_err()
    };
    for (change, what) in [
        (
            (|l| l.parameters = 12) as fn(&mut Limits),
            "number of parameters",
        ),
        (|l| l.name_bytes = 8, "parameter name"),
        (|l| l.value_bytes = 9, "parameter value"),
        (|l| l.header_bytes = 99, "Authorization header"),
        (|l| l.query_bytes = 7, "query"),
        (|l| l.body_bytes = 19, "form body"),
        (|l| l.identifier_bytes = 1, "oauth_consumer_key"),
        (|l| l.callback_bytes = 2, "oauth_callback"),
    ] {
        let error = refused(change);
        assert_eq!(error, Error::TooLarge(what));
        assert_eq!(error.code(), ErrorCode::ParameterRejected);
        assert_eq!(error.to_string(), format!("too large: {what}"));
    }
}

#[test]
fn what_is_past_two_limits_at_once_is_refused_for_the_first() {
    let mut limits = Limits::default();
    limits.name_bytes = "oauth_signature_method".len();
    limits.value_bytes = "PLAINTEXT".len();
    let (name, value) = ("n".repeat(99), "v".repeat(99));
    let longest = "n".repeat(limits.name_bytes);
    for (parameters, name, value, what) in [
        (3, "n", "v", "number of parameters"),
        (3, &*name, "v", "number of parameters"),
        (3, "n", &*value, "number of parameters"),
        (3, &*name, &*value, "number of parameters"),
        (4, &*name, &*value, "parameter name"),
        (4, &*longest, &*value, "parameter value"),
    ] {
        limits.parameters = parameters;
        let query = format!(
            "oauth_consumer_key=k&oauth_signature_method=PLAINTEXT&oauth_signature=s&{name}={value}"
        );
        let request = Request::new("GET", "https", "h", "/", Some(&query));
        let refused = Parsed::extract(&request, &limits).unwrap_err();
        assert_eq!(refused, Error::TooLarge(what));
    }
}

#[test]
fn names_that_every_request_has_are_within_the_limit_as_well() {
    let query = "oauth_consumer_key=k&oauth_signature_method=PLAINTEXT&oauth_signature=s";
    let header =
        r#"OAuth oauth_consumer_key="k", oauth_signature_method="PLAINTEXT", oauth_signature="s""#;
    let in_header = Request::new("GET", "https", "h", "/", None);
    let mut limits = Limits::default();
    for request in [
        Request::new("GET", "https", "h", "/", Some(query)),
        in_header.with_authorization(header.as_bytes()),
    ] {
        limits.name_bytes = "oauth_signature_method".len();
        assert!(Parsed::extract(&request, &limits).is_ok());
        limits.name_bytes -= 1;
        let refused = Parsed::extract(&request, &limits).unwrap_err();
        assert_eq!(refused, Error::TooLarge("parameter name"));
    }
}

#[test]
fn what_just_reaches_a_limit_is_accepted() {
    let mut limits = Limits::default();
    limits.parameters = 13;
    limits.name_bytes = "oauth_signature_method".len();
    limits.value_bytes = "token-of-someone".len();
    limits.header_bytes = HEADER.len();
    limits.query_bytes = "b=%32&a=".len();
    limits.body_bytes = "long-name=long-value".len();
    limits.identifier_bytes = "token-of-someone".len();
    limits.callback_bytes = "oob".len();
    let request = request().with_body(FORM, b"long-name=long-value");
    let parsed = Parsed::extract(&request, &limits).unwrap().unwrap();
    assert!(parsed.session_handle(&limits).unwrap().is_some());
    limits.identifier_bytes = "handle!".len();
    assert!(parsed.session_handle(&limits).unwrap().is_some());
}

#[test]
fn a_signed_request_outside_the_window_is_refused() {
    let key = ConsumerKey::new("k").unwrap();
    let plain = Request::new("GET", "https", "h", "/", None);
    let signer = Signer::new(key, Secret::from("s"));
    let at = |seconds: u64| Timestamp::from_secs(1_700_000_000 + seconds);
    let signed = signer.sign(&plain, at(0), &Nonce::new("n").unwrap());
    let header = signed.unwrap().authorization();
    let secret = Secret::from("s");
    let method = SignatureMethod::HmacSha1;
    let prepared = PreparedKey::shared_secret(method, &secret, None).unwrap();
    for (now, accepted) in [(300, true), (301, false)] {
        let request = plain.with_authorization(header.as_bytes());
        let parsed = Parsed::extract(&request, &Limits::default()).unwrap();
        let intact = parsed
            .unwrap()
            .verify(&prepared)
            .unwrap()
            .check_body_hash(BodyHashPolicy::default())
            .unwrap();
        match intact.check_timestamp(at(now), Window::default()) {
            Ok(fresh) => {
                assert!(accepted);
                let timestamp = fresh.parameters().timestamp().unwrap();
                assert_eq!(timestamp.as_secs(), 1_700_000_000);
            }
            Err(error) => {
                assert!(!accepted);
                assert_eq!(error, Error::TimestampRefused);
            }
        }
    }
}

#[test]
fn hosts_that_are_none_are_refused() {
    for host in ["", "a b", "a/b", "a?b", "a#b", "user@h", "a\u{7f}"] {
        let request = Request::new("GET", "https", host, "/", None).with_authorization(HEADER);
        let error = Parsed::extract(&request, &Limits::default()).unwrap_err();
        assert_eq!(error, Error::ParameterMalformed("Host"), "{host:?}");
    }
}

#[test]
fn identifiers_are_neither_empty_nor_endless_nor_hold_control_characters() {
    let long = "x".repeat(4_097);
    for text in ["", "a\n", "\u{0}", long.as_str()] {
        assert!(ConsumerKey::new(text).is_err());
        assert!(Realm::new(text).is_err() || text.is_empty(), "{text:?}");
    }
    assert!(ConsumerKey::new("x".repeat(4_096)).is_ok());
}

#[test]
fn parameters_are_appended_to_a_callback_and_the_rest_stays() {
    let appended = |uri: &str| {
        let callback = Callback::parse(uri).unwrap();
        assert_eq!(callback.as_str(), uri);
        callback.with_parameters(&[("oauth_token", "a b")])
    };
    for (uri, expected) in [
        ("https://h", "https://h?oauth_token=a%20b"),
        ("https://h/?", "https://h/?oauth_token=a%20b"),
        ("https://h/?x=%7e", "https://h/?x=%7e&oauth_token=a%20b"),
        ("https://h/?x&", "https://h/?x&oauth_token=a%20b"),
    ] {
        assert_eq!(appended(uri).as_deref(), Some(expected));
    }
    assert_eq!(appended("oob"), None);
    for scheme in ["1a", "", "a b", "a_b", "+a"] {
        let parsed = Callback::parse(&format!("{scheme}://h"));
        assert!(parsed.is_err(), "{scheme}");
    }
}
