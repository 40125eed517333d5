//! The mistake of signing a body that is no form (section 3.4.1.3.1).

use serde_json::Value;

use super::List;
use crate::{
    Transport,
    explain::{
        model::Model,
        pair::{Pair, decode, form, split},
    },
};

const CODE: &str = "body_included";

pub(super) fn add(list: &mut List) {
    let usual: [Read; 5] = [
        // Read as a form, whatever it is.
        |_, body| form(body, Transport::Body),
        |_, body| vec![pair(body, b"")],
        |_, body| json(body, Value::to_string),
        multipart,
        |kind, body| fields(multipart_parts(kind, body), false),
    ];
    let rare: [Read; 8] = [
        |_, body| split(body, Transport::Body, decode),
        |_, body| {
            let mut pairs = form(body, Transport::Body);
            pairs.retain(|pair| !pair.value.is_empty());
            pairs
        },
        |_, body| json(body, spaced),
        |_, body| json(body, python),
        |_, body| elements(body, Value::to_string),
        |_, body| elements(body, python),
        |_, body| vec![pair(b"body", body)],
        |_, body| vec![pair(b"", body)],
    ];
    for read in usual {
        list.usual(CODE, move |model| take(model, read));
    }
    for read in rare {
        list.rare(CODE, move |model| take(model, read));
    }
    tails(list);
}

/// Makes parameters of Content-Type and body.
type Read = fn(&[u8], &[u8]) -> Vec<Pair>;

/// Behind the parameters, or as a fourth part of the base string.
fn tails(list: &mut List) {
    list.rare(CODE, |model| {
        if let Some((_, body)) = model.other_body {
            model.tail = [b"&", body].concat();
        }
    });
    list.rare(CODE, |model| {
        if let Some((_, body)) = model.other_body {
            model.tail = [b"&".as_slice(), &model.values.encode(body)].concat();
        }
    });
    list.rare(CODE, |model| {
        model.fourth = model.other_body.map(|(_, body)| body.to_vec());
    });
}

fn take(model: &mut Model<'_>, read: Read) {
    if let Some((content_type, body)) = model.other_body {
        model.pairs.extend(read(content_type, body));
    }
}

fn pair(name: &[u8], value: &[u8]) -> Pair {
    Pair {
        name: name.to_vec(),
        value: value.to_vec(),
        transport: Transport::Body,
    }
}

/// The fields of a JSON object, other values than texts written by `write`.
fn json(body: &[u8], write: fn(&Value) -> String) -> Vec<Pair> {
    let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
        return Vec::new();
    };
    fields
        .iter()
        .map(|(name, value)| field(name, value, write))
        .collect()
}

/// The same, each element of a list as a value of its own.
fn elements(body: &[u8], write: fn(&Value) -> String) -> Vec<Pair> {
    let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
        return Vec::new();
    };
    fields
        .iter()
        .flat_map(|(name, value)| match value {
            Value::Array(values) => values
                .iter()
                .map(|value| field(name, value, write))
                .collect(),
            value => vec![field(name, value, write)],
        })
        .collect()
}

fn field(name: &str, value: &Value, write: fn(&Value) -> String) -> Pair {
    let text = value.as_str().map(str::to_owned);
    let text = text.unwrap_or_else(|| write(value));
    pair(name.as_bytes(), text.as_bytes())
}

/// With a space after `:` and `,`, as many write it.
fn spaced(value: &Value) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match value {
        Value::Array(values) => format!("[{}]", list(values.iter().map(spaced).collect())),
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields
                .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), spaced(value)));
            format!("{{{}}}", list(fields.collect()))
        }
        other => other.to_string(),
    }
}

/// As Python's `str` writes it.
fn python(value: &Value) -> String {
    let quoted = |text: &str| format!("'{text}'");
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(values) => {
            let values: Vec<_> = values.iter().map(python).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, value)| format!("{}: {}", quoted(name), python(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

/// The fields of a multipart form, files included.
fn multipart(content_type: &[u8], body: &[u8]) -> Vec<Pair> {
    fields(multipart_parts(content_type, body), true)
}

fn fields(parts: Vec<(Pair, bool)>, files: bool) -> Vec<Pair> {
    let parts = parts.into_iter().filter(|(_, is_file)| files || !is_file);
    parts.map(|(pair, _)| pair).collect()
}

/// Each part, and whether it is a file.
fn multipart_parts(content_type: &[u8], body: &[u8]) -> Vec<(Pair, bool)> {
    let content_type = String::from_utf8_lossy(content_type);
    let body = String::from_utf8_lossy(body);
    let Some((_, boundary)) = content_type.split_once("boundary=") else {
        return Vec::new();
    };
    let boundary = boundary.split(';').next().unwrap_or_default();
    let delimiter = format!("--{}", boundary.trim().trim_matches('"'));
    body.split(&delimiter)
        .filter_map(|part| {
            let (head, value) = part
                .split_once("\r\n\r\n")
                .or_else(|| part.split_once("\n\n"))?;
            let name = head.split_once(" name=")?.1;
            let name = name.split(['\r', '\n', ';']).next()?.trim_matches('"');
            let value = value
                .strip_suffix("\r\n")
                .or_else(|| value.strip_suffix('\n'));
            let value = value.unwrap_or_default();
            let pair = pair(name.as_bytes(), value.as_bytes());
            Some((pair, head.contains("filename")))
        })
        .collect()
}
