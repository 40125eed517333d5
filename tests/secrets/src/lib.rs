//! What is written while the provider works: every log at TRACE, panics, `Debug`; and the search
//! for secrets in it.
#![forbid(unsafe_code)]
#![expect(
    missing_docs,
    clippy::unwrap_used,
    clippy::exhaustive_structs,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "tests fail by panicking"
)]

mod faulty;
mod world;

pub use crate::{
    faulty::{Fault, Faults},
    world::{Answer, World},
};

use std::{
    backtrace::Backtrace,
    fmt::{Debug, Write as _},
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use oauth1_provider::core::percent;
use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};

/// All that was written.
#[derive(Clone, Debug, Default)]
pub struct Capture(Arc<Mutex<Vec<u8>>>);

impl Capture {
    /// Takes every log at TRACE, of this and all other crates, and every panic with its backtrace.
    /// Once in a process.
    pub fn install() -> Self {
        let capture = Self::default();
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(capture.clone())
            .init();
        let (panics, before) = (capture.clone(), std::panic::take_hook());
        std::panic::set_hook(Box::new(move |panic| {
            let backtrace = Backtrace::force_capture();
            writeln!(panics.clone(), "{panic}\nstack backtrace:\n{backtrace}").unwrap();
            // Those on the server's threads are wanted.
            if std::thread::current().name() != Some("tokio-rt-worker") {
                before(panic);
            }
        }));
        capture
    }

    /// Takes what `Debug` shows, in both of its forms.
    pub fn debug(&mut self, value: &dyn Debug) {
        writeln!(self, "{value:?}\n{value:#?}").unwrap();
    }

    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Capture {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Every secret that was used or issued, by what it is.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Arc<Mutex<Vec<(&'static str, String)>>>);

impl Secrets {
    pub fn add(&self, what: &'static str, secret: &str) {
        assert!(secret.len() >= 8, "{what} is too short to be found");
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((what, secret.to_owned()));
    }

    /// Which secrets stand in a text, and in which form.
    pub fn found_in(&self, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for (what, secret) in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            for (form, written) in forms(secret.as_bytes()) {
                if let Some(at) = text.find(&written) {
                    let line = text.get(..at).and_then(|before| before.lines().last());
                    found.push(format!("{what} {secret}, {form}, behind: {line:?}"));
                }
            }
        }
        found
    }

    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// The forms in which bytes are written: as they are, escaped, in base64 wherever they stand in
/// it, in hexadecimal, and as a list of numbers.
fn forms(secret: &[u8]) -> Vec<(&'static str, String)> {
    let text = String::from_utf8_lossy(secret).into_owned();
    let escaped = percent::encode(secret);
    let hex = secret.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    let list = format!("{secret:?}");
    let list = list.trim_matches(['[', ']']).to_owned();
    let mut forms = vec![
        ("twice escaped", percent::encode(escaped.as_bytes())),
        ("escaped", escaped),
        ("as Debug writes it", format!("{text:?}")),
        ("raw", text),
        ("in upper-case hex", hex.to_uppercase()),
        ("in hex", hex),
        ("as bytes", list),
    ];
    for before in 0..3_usize {
        let mut shifted = vec![0; before];
        shifted.extend_from_slice(secret);
        // Only whole groups of four letters that depend on nothing around them.
        let whole = shifted.len() / 3 * 3;
        let base64 = STANDARD_NO_PAD.encode(shifted.get(..whole).unwrap_or_default());
        let own = base64.get(before.div_ceil(3) * 4..).unwrap_or_default();
        forms.push(("in base64", own.to_owned()));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_form() {
        let secrets = Secrets::default();
        secrets.add("secret", "s3cret+/=\u{fc}& \"of all\"");
        let secret = "s3cret+/=\u{fc}& \"of all\"";
        for written in [
            format!("key={secret} b"),
            format!("key={secret:?} b"),
            format!("key={} b", percent::encode(secret.as_bytes())),
            format!("{:?}", secret.as_bytes()),
            STANDARD_NO_PAD.encode(format!("a{secret}&")),
            STANDARD_NO_PAD.encode(format!("ab{secret}")),
            STANDARD_NO_PAD.encode(format!("abc{secret}xy")),
        ] {
            assert!(!secrets.found_in(&written).is_empty(), "{written}");
        }
        assert!(secrets.found_in("nothing").is_empty());
    }
}
