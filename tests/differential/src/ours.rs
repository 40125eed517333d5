//! What oauth1-core makes of a case.

use oauth1_core::{
    ConsumerKey, Limits, Nonce, Parsed, Request, Secret, SignatureMethod, Signer, Timestamp,
    TokenKey,
};

use crate::{Case, encoded};

/// Base string and signature, or why there are none.
///
/// # Errors
/// What oauth1-core says.
pub fn base_string_and_signature(
    case: &Case,
) -> Result<(String, String), Box<dyn std::error::Error>> {
    let (scheme, rest) = case.uri.split_once("://").ok_or("no scheme")?;
    let at = rest.find('/').ok_or("no path")?;
    let (authority, path) = rest.split_at(at);
    let query = encoded(&case.query);
    let query = (!query.is_empty()).then_some(query.as_str());
    let form = case.form.as_deref().map(encoded);
    let mut request = Request::new(&case.method, scheme, authority, path, query);
    if let Some(form) = &form {
        request = request.with_body(Some(b"application/x-www-form-urlencoded"), form.as_bytes());
    }
    let method = SignatureMethod::parse(&case.signature_method).ok_or("unknown method")?;
    let secret = Secret::from(case.consumer_secret.as_str());
    let mut signer = Signer::new(ConsumerKey::new(&case.consumer_key)?, secret).with_method(method);
    if let Some((key, secret)) = &case.token {
        signer = signer.with_token(TokenKey::new(key)?, Secret::from(secret.as_str()));
    }
    let nonce = Nonce::new(&case.nonce)?;
    let signed = signer.sign(&request, Timestamp::from_secs(case.timestamp), &nonce)?;
    let header = signed.authorization();
    let whole = request.with_authorization(header.as_bytes());
    let parsed = Parsed::extract(&whole, &Limits::default())?.ok_or("not OAuth")?;
    Ok((parsed.base_string(), signed.signature().to_owned()))
}
