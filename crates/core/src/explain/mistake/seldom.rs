//! Mistakes that are seldom made, or in few ways (sections 3.4.1 to 3.4.3).

use super::List;
use crate::{
    explain::{
        digest::DigestEncoding,
        encoder::Encoder,
        model::Model,
        pair::{Pair, decode_form},
    },
    percent,
};

pub(super) fn add(list: &mut List) {
    for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] {
        list.seldom("method", move |model| model.method = method.to_owned());
    }
    queries(list);
    missing(list);
    encodings(list);
    paths(list);
    keys(list);
}

/// The URI with the client's own query, which is read as parameters, too, or not.
fn queries(list: &mut List) {
    const CODE: &str = "query_in_uri";
    let queries: [fn(&mut Model<'_>); 2] = [
        |_| {},
        |model| {
            let is_else = |pair: &Pair| pair.transport != crate::Transport::Query;
            model
                .pairs
                .retain(|pair| is_else(pair) || pair.name.starts_with(b"oauth_"));
        },
    ];
    for read in queries {
        list.seldom(CODE, move |model| {
            let raw = model.raw_query.unwrap_or_default().split('&');
            let own = raw.filter(|pair| !decode_form(pair.as_bytes()).starts_with(b"oauth_"));
            let own: Vec<_> = own.collect();
            if !own.is_empty() {
                model.path = format!("{}?{}", model.path, own.join("&"));
                read(model);
            }
        });
    }
}

/// The most parameters of which each is left out in turn.
const PARAMETERS: usize = 64;

fn missing(list: &mut List) {
    for at in 0..PARAMETERS {
        list.seldom("parameter_missing", move |model| {
            if at < model.pairs.len() {
                model.pairs.remove(at);
            }
        });
    }
    list.seldom("empty_values", |model| {
        model.pairs.retain(|pair| !pair.value.is_empty());
    });
    list.seldom("empty_values", |model| model.bare_if_empty = true);
}

fn encodings(list: &mut List) {
    // As `encodeURI` of JavaScript, and what URI classes leave in a query.
    let sets: [&'static [u8]; 8] = [
        b"!*'();/?:@&=+$,#",
        b"!*'();/?:@$,",
        b"/:",
        b":",
        b",",
        b"[]",
        b"@",
        b" ",
    ];
    for left_too in sets {
        for (names, values) in [(true, true), (false, true), (true, false)] {
            list.seldom("underencoded", move |model| {
                if values {
                    model.values.left_too = left_too;
                }
                if names {
                    model.names.left_too = left_too;
                }
            });
        }
    }
    let all = Encoder {
        leaves_all: true,
        ..Encoder::default()
    };
    list.seldom("unencoded", move |model| model.values = all);
    list.seldom("unencoded", move |model| model.names = all);
    list.seldom("unencoded", move |model| {
        model.names = all;
        model.values = all;
    });
    list.seldom("unencoded", move |model| model.outer = all);
    for plain_parts in [[1].as_slice(), &[2]] {
        list.seldom("unencoded", move |model| model.plain_parts = plain_parts);
    }
    list.seldom("double_encoded", |model| model.encoded_whole = true);
    for encoding in [
        DigestEncoding::Escaped,
        DigestEncoding::EscapedInLowerCase,
        DigestEncoding::PlusReadAsSpace,
    ] {
        list.seldom("signature_encoding", move |model| model.digest = encoding);
    }
    for write in [as_latin_1, as_utf_8_of_latin_1] {
        list.seldom("charset", move |model| {
            for pair in &mut model.pairs {
                pair.name = write(&pair.name);
                pair.value = write(&pair.value);
            }
        });
    }
    list.seldom("ampersand_escaped", |model| model.separator = b"&amp;");
}

fn as_latin_1(utf_8: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(utf_8).ok();
    let bytes = text.and_then(|text| text.chars().map(|char| u8::try_from(char).ok()).collect());
    bytes.unwrap_or_else(|| utf_8.to_vec())
}

fn as_utf_8_of_latin_1(utf_8: &[u8]) -> Vec<u8> {
    let text: String = utf_8.iter().copied().map(char::from).collect();
    text.into_bytes()
}

fn paths(list: &mut List) {
    list.seldom("path", |model| model.path.make_ascii_lowercase());
    list.seldom("path", |model| model.path = without_dots(&model.path));
    list.seldom("path", |model| {
        while model.path.contains("//") {
            model.path = model.path.replace("//", "/");
        }
    });
    list.seldom("path", |model| model.path.clear());
    list.seldom("path", |model| model.path = "/".to_owned());
    // As RFC 3986 section 6.2.2 has it.
    list.seldom("path_encoding", |model| {
        model.path = normalised(&model.path);
    });
}

/// RFC 3986 section 5.2.4.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if segments.peek().is_none() {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    format!("/{}", kept.join("/"))
}

/// Escapes in upper case, and none of what needs none.
fn normalised(path: &str) -> String {
    let Some(decoded) = percent::decode(path.as_bytes()) else {
        return path.to_owned();
    };
    let mut raw = path.bytes();
    let mut out = String::new();
    for byte in decoded.iter() {
        let is_escaped = raw.next() == Some(b'%');
        if is_escaped {
            raw.nth(1);
        }
        if is_escaped && !percent::is_unreserved(*byte) {
            out.extend(percent::escape(*byte).map(char::from));
        } else {
            out.push(char::from(*byte));
        }
    }
    out
}

fn keys(list: &mut List) {
    list.seldom("ampersand_escaped", |model| model.ampersand = b"%26");
    list.seldom("consumer_secret_missing", |model| {
        model.consumer_secret.clear();
    });
    for (consumer, token) in [(true, true), (true, false), (false, true)] {
        list.seldom("key_as_secret", move |model| {
            let value = |name: &[u8]| {
                let found = model.pairs.iter().find(|pair| pair.name == name);
                found.map(|pair| String::from_utf8_lossy(&pair.value).into_owned())
            };
            let keys = (value(b"oauth_consumer_key"), value(b"oauth_token"));
            if let (Some(key), true) = (keys.0, consumer) {
                model.consumer_secret = key;
            }
            if let (Some(key), true) = (keys.1, token) {
                model.token_secret = key;
            }
        });
        for end in ["\n", "\r\n", " "] {
            for unencoded in [false, true] {
                list.seldom("secret_whitespace", move |model| {
                    if consumer {
                        model.consumer_secret.push_str(end);
                    }
                    if token {
                        model.token_secret.push_str(end);
                    }
                    model.consumer_secret_unencoded = unencoded;
                    model.token_secret_unencoded = unencoded;
                });
            }
        }
    }
    list.seldom("hmac_swapped", |model| model.swapped = true);
}
