//! Mistakes about the key and the digest (sections 3.4.2 to 3.4.4).

use super::List;
use crate::{SignatureMethod, explain::digest::DigestEncoding};

pub(super) fn add(list: &mut List) {
    list.usual("token_secret_missing", |model| model.token_secret.clear());
    list.usual("token_secret_extra", |model| {
        model.token_secret = model.given_token_secret.clone();
    });
    list.usual("secrets_swapped", |model| {
        std::mem::swap(&mut model.consumer_secret, &mut model.token_secret);
    });
    // Of a request without token, too.
    list.usual("secrets_swapped", |model| {
        model.token_secret = model.given_token_secret.clone();
        std::mem::swap(&mut model.consumer_secret, &mut model.token_secret);
    });
    for (consumer, token) in [(true, true), (true, false), (false, true)] {
        list.usual("secrets_unencoded", move |model| {
            model.consumer_secret_unencoded = consumer;
            model.token_secret_unencoded = token;
        });
    }
    list.usual("ampersand_missing", |model| model.ampersand = b"");
    for method in [
        SignatureMethod::HmacSha256,
        SignatureMethod::HmacSha1,
        SignatureMethod::HmacSha512,
        SignatureMethod::RsaSha256,
        SignatureMethod::RsaSha1,
        SignatureMethod::RsaSha512,
        SignatureMethod::Plaintext,
    ] {
        list.usual("other_hash", move |model| {
            // Of the same kind: an RSA key makes no HMAC.
            if method.is_rsa() == model.signature_method.is_rsa() {
                model.hash = Some(method);
            }
        });
    }
    for encoding in [
        DigestEncoding::Hex,
        DigestEncoding::Base64OfHex,
        DigestEncoding::UrlSafe,
        DigestEncoding::Unpadded,
        DigestEncoding::UrlSafeUnpadded,
        DigestEncoding::UpperHex,
        DigestEncoding::Base64OfUpperHex,
        DigestEncoding::WithNewline,
    ] {
        list.usual("digest_encoding", move |model| model.digest = encoding);
    }
}
