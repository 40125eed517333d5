//! `oauth1 explain`: why a signature does not match.

use std::{
    io::{self, Read},
    path::Path,
    process::ExitCode,
};

use oauth1_provider::core::{
    RsaPublicKey, Secret, Transport,
    explain::{self, Explainer, Explanation, HttpMessage},
};
use serde_json::json;

use crate::{
    cli::Explain,
    error::Error,
    output::{complain, print, print_line, printable},
};

/// 0 if the signature matches, 1 if not, 2 if the input is of no use, or nothing can be printed.
pub(crate) fn run(options: &Explain) -> ExitCode {
    match explained(options).and_then(|explanation| tell(&explanation, options.json)) {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::from(2)
        }
    }
}

fn tell(explanation: &Explanation, json: bool) -> Result<ExitCode, Error> {
    if json {
        print_line(as_json(explanation))?;
    } else {
        print(as_text(explanation))?;
    }
    Ok(ExitCode::from(u8::from(!explanation.valid)))
}

/// More than any request that a provider reads.
const INPUT_BYTES: u64 = 16 << 20;

fn read(file: Option<&Path>) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = match file {
        Some(file) => std::fs::File::open(file)
            .and_then(|file| file.take(INPUT_BYTES + 1).read_to_end(&mut bytes)),
        None => io::stdin().take(INPUT_BYTES + 1).read_to_end(&mut bytes),
    };
    read.map_err(|error| Error::new(format!("cannot read the request: {error}")))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > INPUT_BYTES) {
        return Err(Error::new("the request is larger than 16 MiB"));
    }
    Ok(bytes)
}

fn explained(options: &Explain) -> Result<Explanation, Error> {
    let message = HttpMessage::parse(&read(options.file.as_deref())?)?;
    let secret = options.consumer_secret.as_deref().unwrap_or_default();
    let mut explainer = Explainer::new(Secret::from(secret));
    if let Some(secret) = &options.token_secret {
        explainer = explainer.with_token_secret(Secret::from(secret.as_str()));
    }
    if let Some(file) = &options.public_key {
        let key = RsaPublicKey::from_pem_of_at_least(0, &crate::error::read(file)?)?;
        explainer = explainer.with_public_key(key);
    }
    if let Some(authority) = &options.authority {
        explainer = explainer.with_authority(authority.as_str());
    }
    let fallback = options.authority.as_deref().unwrap_or_default();
    let schemes = match options.scheme.as_deref().or_else(|| message.scheme()) {
        Some(scheme) => vec![scheme],
        None => vec!["https", "http"],
    };
    // Where nobody names the scheme, the one that needs the fewest mistakes counts.
    let mut best: Option<Explanation> = None;
    for scheme in schemes {
        let found = explainer.explain(&message.request(scheme, fallback), message.body())?;
        let rank = |found: &Explanation| match (found.valid, found.alternatives.first()) {
            (true, _) => 0,
            (false, Some(mistakes)) => mistakes.len(),
            (false, None) => usize::MAX,
        };
        if best.as_ref().is_none_or(|best| rank(&found) < rank(best)) {
            best = Some(found);
        }
    }
    best.ok_or_else(|| Error::new("no scheme"))
}

fn as_json(explanation: &Explanation) -> serde_json::Value {
    let causes: Vec<_> = explanation
        .causes
        .iter()
        .map(|cause| json!({ "code": cause.code, "text": cause.text }))
        .collect();
    json!({
        "valid": explanation.valid,
        "base_string": explanation.base_string,
        "expected_signature": explanation.expected_signature,
        "received_signature": explanation.received_signature,
        "causes": causes,
    })
}

fn as_text(explanation: &Explanation) -> String {
    let mut lines = vec!["Parameters:".to_owned()];
    for parameter in &explanation.parameters {
        let place = match parameter.transport {
            Transport::Header => "header",
            Transport::Body => "body",
            _ => "query",
        };
        let (name, value) = (printable(&parameter.name), printable(&parameter.value));
        lines.push(format!("  {place:6} {name} = {value}"));
    }
    if let Some(realm) = &explanation.realm {
        let realm = printable(realm);
        lines.push(format!(
            "  header realm (no part of the signature) = {realm}"
        ));
    }
    lines.push(String::new());
    lines.push("Base string:".to_owned());
    lines.push(format!("  {}", explanation.base_string));
    let parts = ["method", "URI", "parameters"];
    for (name, part) in parts.iter().zip(explanation.base_string.splitn(3, '&')) {
        lines.push(format!("  {name:10} {part}"));
    }
    lines.push(String::new());
    let expected = explanation.expected_signature.as_deref();
    lines.push(format!(
        "Expected signature: {}",
        expected.unwrap_or("(not shown: only the consumer can make it, or it is the secrets)")
    ));
    lines.push(format!(
        "Received signature: {}",
        printable(&explanation.received_signature)
    ));
    lines.push(String::new());
    verdict(explanation, &mut lines);
    lines.push(String::new());
    lines.join("\n")
}

fn verdict(explanation: &Explanation, lines: &mut Vec<String>) {
    if explanation.valid {
        lines.push("The signature matches.".to_owned());
    } else if explanation.tried == 0 {
        lines.push("The signature matches, but the request is not valid:".to_owned());
        let causes = explanation.causes.iter();
        lines.extend(causes.map(|cause| format!("  {}: {}", cause.code, cause.text)));
    } else {
        lines.push("The signature does not match.".to_owned());
        for (alternative, number) in explanation.alternatives.iter().zip(1..) {
            lines.push(match (number, alternative.len()) {
                (1, 1) => "This makes the received one:".to_owned(),
                (1, _) => "These together make the received one:".to_owned(),
                _ => "Or:".to_owned(),
            });
            let causes = alternative.iter();
            lines.extend(causes.map(|cause| format!("  {}: {}", cause.code, cause.text)));
        }
        if explanation.alternatives.is_empty() {
            lines.push(format!(
                "  Cause unknown: none of {} usual mistakes and pairs of them makes the received \
                 signature. A wrong secret does, or a request that was changed on its way.",
                explanation.tried
            ));
            let codes: Vec<_> = explain::codes().collect();
            lines.push(format!("  Tried: {}", codes.join(", ")));
        }
    }
}
