//! Secrets at rest: sealed by keys that are not in the database.

use std::{env, fmt, fs, io, path::Path, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    AeadInOut, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use oauth1_provider::{Entropy, StoreError, SystemEntropy};
use zeroize::Zeroizing;

/// Keys that seal secrets (XChaCha20-Poly1305). The first seals; all of them open.
///
/// As text: one key a line, `ID:KEY`, with the key's 32 bytes in base64; `;` ends a line, too.
/// Empty lines and those that start with `#` are passed over. An id is 1 to 64 of `a-z`, `A-Z`,
/// `0-9`, `-`, `_` and `.`, and is no secret: it stands beside what the key sealed.
///
/// To rotate: add the new key behind the old one wherever the database is used; then put it
/// first, everywhere; then run [`crate::SqlStore::rotate_keys`]; then remove the old key.
///
/// # Security
/// Who reads the database learns no secret without the keys; who can write to it cannot move a
/// sealed secret to another row or column. Memory is wiped on drop; `Debug` shows ids only.
#[derive(Clone)]
pub struct KeyRing(Arc<[Key]>);

struct Key {
    id: String,
    cipher: XChaCha20Poly1305,
}

/// The environment variable that [`KeyRing::from_env`] reads.
const VARIABLE: &str = "OAUTH1_KEYS";
const NONCE_BYTES: usize = 24;

impl KeyRing {
    /// Reads a ring's text.
    ///
    /// # Errors
    /// [`KeyRingError`] with the line's number, and never what the line holds.
    pub fn parse(text: &str) -> Result<Self, KeyRingError> {
        let mut keys: Vec<Key> = Vec::new();
        for (number, line) in (1..).zip(text.split(['\n', ';'])) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (id, key) = line.split_once(':').ok_or(KeyRingError::Line(number))?;
            let (id, key) = (id.trim(), key.trim());
            let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            if id.is_empty() || id.len() > 64 || !id.bytes().all(usual) {
                return Err(KeyRingError::Id(number));
            }
            if keys.iter().any(|key| key.id == id) {
                return Err(KeyRingError::Twice(number));
            }
            let bytes = STANDARD
                .decode(key)
                .map_err(|_| KeyRingError::Key(number))?;
            let bytes = Zeroizing::new(bytes);
            let cipher = XChaCha20Poly1305::new_from_slice(&bytes);
            let cipher = cipher.map_err(|_| KeyRingError::Key(number))?;
            let id = id.to_owned();
            keys.push(Key { id, cipher });
        }
        if keys.is_empty() {
            return Err(KeyRingError::Empty);
        }
        Ok(Self(keys.into()))
    }

    /// Reads a ring from a file.
    ///
    /// # Errors
    /// [`KeyRingError`] if it cannot be read or is no ring.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyRingError> {
        let text = fs::read_to_string(path).map_err(KeyRingError::Unreadable)?;
        Self::parse(&Zeroizing::new(text))
    }

    /// Reads a ring from the environment variable `OAUTH1_KEYS`; `None` if it is not set.
    ///
    /// # Errors
    /// [`KeyRingError`] if it is no ring.
    pub fn from_env() -> Result<Option<Self>, KeyRingError> {
        match env::var(VARIABLE) {
            Ok(text) => Self::parse(&Zeroizing::new(text)).map(Some),
            Err(env::VarError::NotPresent) => Ok(None),
            Err(env::VarError::NotUnicode(_)) => Err(KeyRingError::Line(1)),
        }
    }

    /// Reads a ring from a file if one is named, else from the environment variable `OAUTH1_KEYS`.
    ///
    /// # Errors
    /// As [`KeyRing::from_file`] and [`KeyRing::from_env`].
    pub fn from_file_or_env(file: Option<&Path>) -> Result<Option<Self>, KeyRingError> {
        match file {
            Some(file) => Self::from_file(file).map(Some),
            None => Self::from_env(),
        }
    }

    /// A line with a new key of the operating system's randomness, to be put into a ring.
    ///
    /// # Errors
    /// [`KeyRingError::Id`] if `id` is none; [`KeyRingError::Entropy`] without randomness.
    pub fn generate(id: &str) -> Result<Zeroizing<String>, KeyRingError> {
        let mut key = Zeroizing::new([0; 32]);
        let filled = SystemEntropy::default().fill(&mut *key);
        filled.map_err(|_| KeyRingError::Entropy)?;
        let line = Zeroizing::new(format!("{id}:{}", STANDARD.encode(key.as_slice())));
        Self::parse(&line)?;
        Ok(line)
    }

    /// The id of the key that seals.
    #[must_use]
    pub fn current(&self) -> &str {
        self.0.first().map_or("", |key| &key.id)
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.0.iter().any(|key| key.id == id)
    }

    /// Seals a text for one place by the current key.
    pub(crate) fn seal(&self, place: Place<'_>, text: &str) -> Result<String, StoreError> {
        let failed = || StoreError::unavailable("a secret could not be sealed");
        let key = self.0.first().ok_or_else(failed)?;
        let mut sealed = vec![0; NONCE_BYTES];
        let filled = SystemEntropy::default().fill(&mut sealed);
        filled.map_err(StoreError::unavailable)?;
        let nonce = XNonce::try_from(sealed.as_slice()).map_err(|_| failed())?;
        let aad = place.associated_data();
        let payload = Payload {
            msg: text.as_bytes(),
            aad: &aad,
        };
        sealed.extend(key.cipher.encrypt(&nonce, payload).map_err(|_| failed())?);
        Ok(STANDARD.encode(sealed))
    }

    /// Opens what one of the keys sealed for the same place.
    pub(crate) fn open(
        &self,
        id: &str,
        place: Place<'_>,
        sealed: &str,
    ) -> Result<String, StoreError> {
        let corrupt = StoreError::Corrupt("sealed secret");
        let Some(key) = self.0.iter().find(|key| key.id == id) else {
            return Err(StoreError::Corrupt(
                "secret sealed by a key that is not in the ring",
            ));
        };
        let opened = STANDARD.decode(sealed).ok().and_then(|sealed| {
            let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES)?;
            let nonce = XNonce::try_from(nonce).ok()?;
            let aad = place.associated_data();
            let mut text = sealed.to_vec();
            key.cipher.decrypt_in_place(&nonce, &aad, &mut text).ok()?;
            String::from_utf8(text).ok()
        });
        opened.ok_or(corrupt)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = self.0.iter().map(|key| &key.id);
        f.debug_list().entries(ids).finish()
    }
}

/// Where a secret stands. A sealed one that is moved elsewhere does not open.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Table and column.
    pub(crate) column: &'static str,
    /// The row's key, without control characters.
    pub(crate) row: &'a str,
}

impl Place<'_> {
    fn associated_data(self) -> Vec<u8> {
        [self.column.as_bytes(), b"\0", self.row.as_bytes()].concat()
    }
}

/// Why a text is no key ring. Never shows what the text holds.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyRingError {
    /// It cannot be read.
    #[error("the key ring cannot be read")]
    Unreadable(#[source] io::Error),
    /// There is no key in it.
    #[error("the key ring has no key")]
    Empty,
    /// A line is not `ID:KEY`.
    #[error("line {0} of the key ring is not ID:KEY")]
    Line(u32),
    /// A line's id has other characters than letters, digits, `-`, `_` and `.`, or is too long.
    #[error("line {0} of the key ring: an id is 1 to 64 letters, digits, '-', '_' and '.'")]
    Id(u32),
    /// An id stands twice.
    #[error("line {0} of the key ring has an id that stood before")]
    Twice(u32),
    /// A line's key is not 32 bytes in base64.
    #[error("line {0} of the key ring: a key is 32 bytes in base64")]
    Key(u32),
    /// The operating system gave no randomness.
    #[error("no randomness for a new key")]
    Entropy,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(ids: &[&str]) -> KeyRing {
        let lines: Vec<_> = ids
            .iter()
            .map(|id| KeyRing::generate(id).unwrap().to_string())
            .collect();
        KeyRing::parse(&lines.join("\n")).unwrap()
    }

    const HERE: Place<'_> = Place {
        column: "access_tokens.secret",
        row: "token",
    };

    #[test]
    fn what_is_sealed_opens_in_its_place_only_and_only_unchanged() {
        let ring = ring(&["2026-11", "old"]);
        let sealed = ring.seal(HERE, "hunter2").unwrap();
        assert!(!sealed.contains("hunter2") && sealed != ring.seal(HERE, "hunter2").unwrap());
        assert_eq!(ring.open("2026-11", HERE, &sealed).unwrap(), "hunter2");
        let elsewhere = Place {
            row: "other",
            ..HERE
        };
        assert!(ring.open("2026-11", elsewhere, &sealed).is_err());
        let column = Place {
            column: "request_tokens.secret",
            ..HERE
        };
        assert!(ring.open("2026-11", column, &sealed).is_err());
        assert!(ring.open("old", HERE, &sealed).is_err());
        assert!(ring.open("unknown", HERE, &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(ring.open("2026-11", HERE, &changed).is_err(), "{at}");
        }
        for short in ["", "AAAA", "no base64!"] {
            assert!(ring.open("2026-11", HERE, short).is_err());
        }
    }

    #[test]
    fn errors_name_the_line_and_not_what_it_holds() {
        let good = KeyRing::generate("a").unwrap();
        let key = good.split_once(':').unwrap().1;
        for (text, expected) in [
            (String::new(), "the key ring has no key"),
            ("# nothing\n\n".into(), "the key ring has no key"),
            (
                "secretsecret".into(),
                "line 1 of the key ring is not ID:KEY",
            ),
            (
                format!("# x\na b:{key}"),
                "line 2 of the key ring: an id is",
            ),
            (
                format!("{}\na:{key}", *good),
                "line 2 of the key ring has an id",
            ),
            (
                "a:c2VjcmV0".into(),
                "line 1 of the key ring: a key is 32 bytes",
            ),
            (
                "a:secret!".into(),
                "line 1 of the key ring: a key is 32 bytes",
            ),
        ] {
            let error = KeyRing::parse(&text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
            assert!(!error.contains("secret"));
        }
        let ring =
            KeyRing::parse(&format!("  a : {key} ; b:{}", STANDARD.encode([7; 32]))).unwrap();
        assert_eq!(format!("{ring:?} {}", ring.current()), "[\"a\", \"b\"] a");
    }
}
