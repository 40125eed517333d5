//! `oauth1 sign`: a signed request as a curl command.

use oauth1_provider::{
    Clock, SystemClock,
    core::{ConsumerKey, Nonce, Request, RsaPrivateKey, Secret, SignatureMethod, Signer, TokenKey},
};
use url::{Position, Url};

use crate::{
    cli::Sign,
    error::{self, Error},
    random,
};

pub(crate) fn run(options: Sign) -> Result<(), Error> {
    let url = Url::parse(&options.url)?;
    if !url.has_host() || !url.username().is_empty() {
        return Err(Error::new("the URL needs a host and no user"));
    }
    let authority = url[Position::BeforeHost..Position::AfterPort].to_owned();
    let verb = options.method.to_ascii_uppercase();
    let mut request = Request::new(&verb, url.scheme(), &authority, url.path(), url.query());
    if let Some(data) = &options.data {
        request = request.with_body(Some(b"application/x-www-form-urlencoded"), data.as_bytes());
    }
    let key = ConsumerKey::new(&options.consumer_key)?;
    let mut signer = match &options.private_key {
        Some(file) => Signer::rsa(key, RsaPrivateKey::from_pem(&error::read(file)?)?),
        None => Signer::new(
            key,
            Secret::from(options.consumer_secret.unwrap_or_default()),
        ),
    };
    if let Some(name) = &options.signature_method {
        let method = SignatureMethod::parse(name);
        signer = signer.with_method(method.ok_or_else(|| Error::new("unknown signature method"))?);
    }
    if let Some((token, secret)) = options.token.zip(options.token_secret) {
        signer = signer.with_token(TokenKey::new(token)?, Secret::from(secret));
    }
    for (name, value) in [
        ("oauth_callback", options.callback),
        ("oauth_verifier", options.verifier),
    ] {
        if let Some(value) = value {
            signer = signer.with_parameter(name, value);
        }
    }
    let signed = signer.sign(
        &request,
        SystemClock::default().now(),
        &Nonce::new(random::hex(16)?)?,
    )?;
    let mut command = format!(
        "curl -sS -X {} -H {}",
        quoted(&verb),
        quoted(&format!("Authorization: {}", signed.authorization()))
    );
    if let Some(data) = &options.data {
        command.push_str(" --data-raw ");
        command.push_str(&quoted(data));
    }
    println!("{command} {}", quoted(url.as_str()));
    Ok(())
}

/// For a POSIX shell.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
