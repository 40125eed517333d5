//! Mistakes about scheme, host, port and path (section 3.4.1.2), and the method.

use super::List;
use crate::{
    explain::{
        encoder::{Encoder, SLASH},
        model::{Model, default_port},
    },
    percent,
};

pub(super) fn add(list: &mut List) {
    list.usual("scheme", |model| {
        model.scheme = other_scheme(&model.scheme);
    });
    list.usual("scheme", |model| {
        model.scheme = other_scheme(&model.scheme);
        model.authority = bare(&model.authority, &model.scheme).to_owned();
    });
    // The Host header as it came, less the other scheme's default port.
    list.usual("scheme", |model| {
        model.scheme = other_scheme(&model.scheme);
        let sent = model.authority_as_sent.to_ascii_lowercase();
        model.authority = bare(&sent, &model.scheme).to_owned();
    });
    list.usual("port", |model| {
        if !has_port(&model.authority) {
            model.authority.push_str(default_port(&model.scheme));
        }
    });
    list.usual("port", |model| {
        model.authority = host(&model.authority).to_owned();
    });
    hosts(list);
    list.usual("trailing_slash", |model| {
        match model.path.clone().strip_suffix('/') {
            Some(bare) => model.path = bare.to_owned(),
            None => model.path.push('/'),
        }
    });
    paths(list);
    list.usual("method_case", |model| {
        model.method = model.method.to_ascii_lowercase();
    });
    list.usual("method_case", |model| {
        let mut letters = model.method.to_ascii_lowercase();
        if let Some(first) = letters.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        model.method = letters;
    });
}

fn hosts(list: &mut List) {
    list.usual("host", |model| {
        if let Some(other) = offered(model) {
            let other = other.to_ascii_lowercase();
            model.authority = bare(&other, &model.scheme).to_owned();
        }
    });
    list.usual("host", |model| {
        if let Some(other) = offered(model) {
            model.authority = other;
        }
    });
    // Another host, at the port of the request.
    list.usual("host", |model| {
        if let Some(other) = offered(model) {
            let port = model.authority.split_off(host(&model.authority).len());
            model.authority = host(&other).to_ascii_lowercase() + &port;
        }
    });
    list.usual("host", |model| {
        match model.authority.clone().strip_prefix("www.") {
            Some(bare) => model.authority = bare.to_owned(),
            None => model.authority.insert_str(0, "www."),
        }
    });
    list.usual("host", |model| {
        let sent = model.authority_as_sent;
        model.authority = bare(sent, &model.scheme).to_owned();
    });
    list.usual("host", |model| {
        model.authority = model.authority.to_ascii_uppercase();
    });
}

fn paths(list: &mut List) {
    list.usual("path_encoding", |model| {
        model.path = decoded(&model.path, false);
    });
    list.usual("path_encoding", |model| {
        model.path = encoded(&model.path, SLASH);
    });
    list.usual("path_encoding", |model| {
        model.path = encoded(&decoded(&model.path, false), SLASH);
    });
    list.usual("path_encoding", |model| {
        model.path = model.path.replace('%', "%25");
    });
    list.rare("path_encoding", |model| {
        model.path = encoded(&model.path, 0);
    });
    list.rare("path_encoding", |model| {
        model.path = decoded(&model.path, true);
    });
}

fn other_scheme(scheme: &str) -> String {
    if scheme == "https" { "http" } else { "https" }.to_owned()
}

fn offered(model: &Model<'_>) -> Option<String> {
    model.explainer.authority.clone()
}

/// Without the scheme's default port.
fn bare<'a>(authority: &'a str, scheme: &str) -> &'a str {
    let bare = authority.strip_suffix(default_port(scheme));
    bare.unwrap_or(authority)
}

/// Without any port.
fn host(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, _)) if has_port(authority) => host,
        _ => authority,
    }
}

fn has_port(authority: &str) -> bool {
    let host_end = authority.rfind(']').unwrap_or(0);
    authority
        .get(host_end..)
        .is_some_and(|rest| rest.contains(':'))
}

fn decoded(path: &str, plus_is_space: bool) -> String {
    let path = if plus_is_space {
        path.replace('+', " ")
    } else {
        path.to_owned()
    };
    match percent::decode(path.as_bytes()) {
        Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        None => path,
    }
}

fn encoded(path: &str, left: u8) -> String {
    let encoder = Encoder {
        left,
        ..Encoder::default()
    };
    String::from_utf8_lossy(&encoder.encode(path.as_bytes())).into_owned()
}
