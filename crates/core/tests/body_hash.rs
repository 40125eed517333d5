//! OAuth Request Body Hash 1.0.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use oauth1_core::{
    BodyHashPolicy, BodyHashPolicy as P, ConsumerKey, Error, Limits, Nonce, Parsed, PreparedKey,
    Request, Secret, SignatureMethod, Signed, Signer, Timestamp,
};

const JSON: Option<&[u8]> = Some(b"application/json");
const FORM: Option<&[u8]> = Some(b"application/x-www-form-urlencoded");

fn signer(method: SignatureMethod) -> Signer {
    Signer::new(ConsumerKey::new("k").unwrap(), Secret::from("s")).with_method(method)
}

fn header(signer: &Signer) -> String {
    let request = Request::new("POST", "https", "h", "/p", None);
    let nonce = Nonce::new("n").unwrap();
    let signed = signer.sign(&request, Timestamp::from_secs(1), &nonce);
    signed.unwrap().authorization()
}

fn signed<'a>(request: &Request<'a>) -> Signed<'a> {
    let parsed = Parsed::extract(request, &Limits::default())
        .unwrap()
        .unwrap();
    let method = parsed.parameters().signature_method();
    let key = PreparedKey::shared_secret(method, &Secret::from("s"), None).unwrap();
    parsed.verify(&key).unwrap()
}

fn check(
    header: &str,
    body: Option<(Option<&[u8]>, &[u8])>,
    policy: BodyHashPolicy,
) -> Result<(), Error> {
    let request =
        Request::new("POST", "https", "h", "/p", None).with_authorization(header.as_bytes());
    let request = match body {
        Some((content_type, body)) => request.with_body(content_type, body),
        None => request,
    };
    signed(&request).check_body_hash(policy).map(drop)
}

#[test]
fn published_hashes_are_computed() {
    // The extension's appendix: "Hello World!" and the empty body.
    for (body, hash) in [
        ("Hello World!", "Lve95gjOVATpfV8EL5X4nxwjKHE%3D"),
        ("", "2jmj7l5rSw0yVb%2FvlWAYkK%2FYBwk%3D"),
    ] {
        let header = header(&signer(SignatureMethod::HmacSha1).with_body_hash(body.as_bytes()));
        assert!(
            header.contains(&format!("oauth_body_hash=\"{hash}\"")),
            "{header}"
        );
    }
}

#[test]
fn only_the_body_that_was_hashed_is_accepted() {
    for method in [
        SignatureMethod::HmacSha1,
        SignatureMethod::HmacSha256,
        SignatureMethod::HmacSha512,
        SignatureMethod::Plaintext,
    ] {
        let header = header(&signer(method).with_body_hash(b"{\"a\":1}"));
        for policy in [P::VerifyIfPresent, P::Require] {
            assert_eq!(check(&header, Some((JSON, b"{\"a\":1}")), policy), Ok(()));
            for other in [&b"{\"a\":2}"[..], b"{\"a\":1} ", b""] {
                let refused = check(&header, Some((JSON, other)), policy);
                assert_eq!(refused, Err(Error::SignatureInvalid), "{method}");
            }
            assert_eq!(check(&header, None, policy), Err(Error::SignatureInvalid));
        }
        assert_eq!(check(&header, Some((JSON, b"else")), P::Ignore), Ok(()));
    }
}

fn header_of_form(signer: &Signer) -> String {
    let request = Request::new("POST", "https", "h", "/p", None).with_body(FORM, b"a=1");
    let signed = signer.sign(&request, Timestamp::from_secs(1), &Nonce::new("n").unwrap());
    signed.unwrap().authorization()
}

#[test]
fn a_form_needs_no_hash_for_it_is_signed_itself() {
    let header = header_of_form(&signer(SignatureMethod::HmacSha1));
    assert_eq!(check(&header, Some((FORM, b"a=1")), P::Require), Ok(()));
}

#[test]
fn hash_of_a_form_is_refused() {
    let header = header_of_form(&signer(SignatureMethod::HmacSha1).with_body_hash(b"a=1"));
    let refused = check(&header, Some((FORM, b"a=1")), P::VerifyIfPresent);
    assert_eq!(refused, Err(Error::ParameterMalformed("oauth_body_hash")));
    assert_eq!(check(&header, Some((FORM, b"a=1")), P::Ignore), Ok(()));
}

#[test]
fn required_hash_is_missed_where_there_is_a_body() {
    let header = header(&signer(SignatureMethod::HmacSha1));
    let missing = Err(Error::ParameterAbsent("oauth_body_hash"));
    assert_eq!(check(&header, Some((JSON, b"{}")), P::Require), missing);
    assert_eq!(check(&header, Some((JSON, b"")), P::Require), Ok(()));
    assert_eq!(check(&header, None, P::Require), Ok(()));
    assert_eq!(
        check(&header, Some((JSON, b"{}")), P::VerifyIfPresent),
        Ok(())
    );
    let unread = Request::new("POST", "https", "h", "/p", None)
        .with_authorization(header.as_bytes())
        .with_unread_body();
    assert_eq!(
        signed(&unread).check_body_hash(P::Require).map(drop),
        missing
    );
}

#[test]
fn what_is_no_base64_is_no_hash() {
    for value in ["", "!", "AAAA"] {
        let signer = signer(SignatureMethod::HmacSha1).with_parameter("oauth_body_hash", value);
        let refused = check(&header(&signer), Some((JSON, b"")), P::VerifyIfPresent);
        assert_eq!(refused, Err(Error::SignatureInvalid), "{value}");
    }
}

#[test]
fn streamed_body_is_verified_at_its_end_and_unread_ones_fail_closed() {
    let header = header(&signer(SignatureMethod::HmacSha256).with_body_hash(b"one two"));
    let request = Request::new("POST", "https", "h", "/p", None)
        .with_authorization(header.as_bytes())
        .with_unread_body();
    let refused = signed(&request).check_body_hash(P::VerifyIfPresent);
    assert_eq!(refused.map(drop), Err(Error::SignatureInvalid));
    for (pieces, expected) in [
        ([&b"one"[..], b" ", b"two"], Ok(())),
        ([&b"one"[..], b"", b"two"], Err(Error::SignatureInvalid)),
    ] {
        let (_, hasher) = signed(&request).check_streamed_body(P::default()).unwrap();
        let mut hasher = hasher.unwrap();
        assert_eq!(format!("{hasher:?}"), "BodyHasher");
        pieces.iter().for_each(|piece| hasher.update(piece));
        assert_eq!(hasher.finish(), expected);
    }
}
