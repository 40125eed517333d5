//! `oauth1 sign`: a signed request, as a curl command or otherwise.

use oauth1_demo::quoted;
use oauth1_provider::core::{
    ConsumerKey, Nonce, Request, RsaPrivateKey, Secret, SignatureMethod, SignedRequest, Signer,
    TokenKey, Transport,
};
use oauth1_provider::{Clock, SystemClock};
use url::{Position, Url};

use crate::{
    cli::{Sign, SignFormat, SignTransport},
    error::{self, Error},
    output::{print, print_line},
    random,
};

const FORM: &str = "application/x-www-form-urlencoded";

/// A request before it is signed.
struct Unsigned {
    verb: String,
    url: Url,
    authority: String,
    /// Content-Type and body.
    body: Option<(&'static str, String)>,
}

pub(crate) fn run(options: Sign) -> Result<(), Error> {
    let unsigned = unsigned(&options)?;
    let format = options.format;
    let signed = sign(options, &unsigned)?;
    match format {
        SignFormat::Curl => print_line(curl(&unsigned, &signed)),
        SignFormat::Header => print_line(format_args!("Authorization: {}", signed.authorization())),
        SignFormat::Url => print_line(url(&unsigned, &signed)),
        SignFormat::Raw => print(raw(&unsigned, &signed)),
    }
}

fn unsigned(options: &Sign) -> Result<Unsigned, Error> {
    if !is_method(&options.method) {
        return Err(Error::new("the method is none of HTTP"));
    }
    let url = Url::parse(&options.url)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Error::new("the URL is neither http nor https"));
    }
    if !url.has_host() || !url.username().is_empty() || url.password().is_some() {
        return Err(Error::new("the URL needs a host and no user"));
    }
    let in_body = matches!(options.transport, SignTransport::Body);
    if options.json.is_some() && in_body {
        return Err(Error::new("parameters cannot go into a JSON body"));
    }
    let body = match &options.json {
        Some(json) => Some(("application/json", json.clone())),
        None if options.data.is_empty() => None,
        None => Some((FORM, options.data.join("&"))),
    };
    Ok(Unsigned {
        verb: options.method.to_ascii_uppercase(),
        authority: url[Position::BeforeHost..Position::AfterPort].to_owned(),
        url,
        body,
    })
}

/// A token ([RFC 9110 section 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2)).
fn is_method(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(good)
}

fn sign(options: Sign, unsigned: &Unsigned) -> Result<SignedRequest, Error> {
    let url = &unsigned.url;
    let mut request = Request::new(
        &unsigned.verb,
        url.scheme(),
        &unsigned.authority,
        url.path(),
        url.query(),
    );
    if let Some((content_type, body)) = &unsigned.body {
        request = request.with_body(Some(content_type.as_bytes()), body.as_bytes());
    }
    let key = ConsumerKey::new(&options.consumer_key)?;
    let mut signer = match &options.private_key {
        Some(file) => {
            let wanted = "no RSA private key in PEM: PKCS#8 or PKCS#1 is wanted, not encrypted";
            let private_key = RsaPrivateKey::from_pem(&error::read(file)?);
            Signer::rsa(key, private_key.map_err(|_| Error::new(wanted))?)
        }
        None => Signer::new(
            key,
            Secret::from(options.consumer_secret.unwrap_or_default()),
        ),
    };
    if let Some(name) = &options.signature_method {
        let method = SignatureMethod::parse(name);
        signer = signer.with_method(method.ok_or_else(|| Error::new("unknown signature method"))?);
    }
    signer = signer.with_transport(match (options.transport, options.format) {
        (_, SignFormat::Url) | (SignTransport::Query, _) => Transport::Query,
        (_, SignFormat::Header) | (SignTransport::Header, _) => Transport::Header,
        (SignTransport::Body, _) => Transport::Body,
    });
    if options.body_hash {
        let body = unsigned.body.as_ref().map_or("", |(_, body)| body);
        signer = signer.with_body_hash(body.as_bytes());
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
    let nonce = Nonce::new(random::hex(16)?)?;
    Ok(signer.sign(&request, SystemClock::default().now(), &nonce)?)
}

/// The URL to send to.
fn url(unsigned: &Unsigned, signed: &SignedRequest) -> String {
    let mut url = unsigned.url.clone();
    url.set_fragment(None);
    let bare = url[..Position::AfterPath].to_owned();
    match signed.query() {
        Some(query) => format!("{bare}?{query}"),
        None => bare,
    }
}

/// Content-Type and body to send.
fn body(unsigned: &Unsigned, signed: &SignedRequest) -> Option<(&'static str, String)> {
    match (signed.transport(), signed.body()) {
        (Transport::Body, Some(form)) => Some((FORM, String::from_utf8_lossy(&form).into_owned())),
        _ => unsigned.body.clone(),
    }
}

fn curl(unsigned: &Unsigned, signed: &SignedRequest) -> String {
    // Brackets and braces in a URL are no patterns. A HEAD request by -X waits for a body.
    let body = body(unsigned, signed);
    let verb = match (unsigned.verb.as_str(), &body) {
        ("HEAD", None) => "--head".to_owned(),
        (verb, _) => format!("-X {}", quoted(verb)),
    };
    let mut command = format!("curl -sS --globoff {verb}");
    if signed.transport() == Transport::Header {
        let header = format!("Authorization: {}", signed.authorization());
        command.push_str(&format!(" -H {}", quoted(&header)));
    }
    if let Some((content_type, body)) = body {
        let header = quoted(&format!("Content-Type: {content_type}"));
        command.push_str(&format!(" -H {header} --data-raw {}", quoted(&body)));
    }
    format!("{command} {}", quoted(&url(unsigned, signed)))
}

/// In absolute form (RFC 9112 section 3.2.2), so that the scheme is told.
fn raw(unsigned: &Unsigned, signed: &SignedRequest) -> String {
    let mut head = vec![
        format!("{} {} HTTP/1.1", unsigned.verb, url(unsigned, signed)),
        format!("Host: {}", unsigned.authority),
    ];
    if signed.transport() == Transport::Header {
        head.push(format!("Authorization: {}", signed.authorization()));
    }
    let body = body(unsigned, signed);
    if let Some((content_type, body)) = &body {
        head.push(format!("Content-Type: {content_type}"));
        head.push(format!("Content-Length: {}", body.len()));
    }
    let body = body.map_or_else(String::new, |(_, body)| body);
    format!("{}\r\n\r\n{body}", head.join("\r\n"))
}
