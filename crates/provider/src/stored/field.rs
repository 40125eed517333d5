//! Fields that are texts, numbers, or lists and options of them.

use oauth1_core::{
    Callback, ConsumerKey, Leniency, Secret, SignatureMethod, Timestamp, TokenKey, Transport,
    Window,
};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, Unexpected},
};

use super::WithSecrets;
use crate::{Realms, SessionHandleHash, UserId, VerifierHash};

/// What can be written.
#[expect(unnameable_types, reason = "sealed: the provider's own types have it")]
pub trait Write {
    /// Writes it.
    ///
    /// # Errors
    /// The serializer's.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// What can be read again.
#[expect(unnameable_types, reason = "sealed: the provider's own types have it")]
pub trait Read: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// The deserializer's, also if what is there cannot be one.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// For `#[serde(with = "field")]`.
pub(super) fn serialize<T: Write, S: Serializer>(it: &T, to: S) -> Result<S::Ok, S::Error> {
    it.write(to)
}

/// For `#[serde(with = "field")]`.
pub(super) fn deserialize<'de, T: Read, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    T::read(from)
}

impl<T: Write + ?Sized> Write for &T {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::write(self, serializer)
    }
}

impl<T: Write> Write for Option<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(WithSecrets).serialize(serializer)
    }
}

impl<T: Read> Read for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Option::<WithSecrets<T>>::deserialize(deserializer)?;
        Ok(read.map(|it| it.0))
    }
}

impl<T: Write> Write for Vec<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(WithSecrets))
    }
}

impl<T: Read> Read for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Vec::<WithSecrets<T>>::deserialize(deserializer)?;
        Ok(read.into_iter().map(|it| it.0).collect())
    }
}

impl<T: Write> Write for Box<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::write(self, serializer)
    }
}

impl<T: Read> Read for Box<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self::new)
    }
}

/// The text may be a secret: an error names what was wanted, and no more.
fn refused<E: serde::de::Error>(wanted: &'static str) -> E {
    E::invalid_value(Unexpected::Other("something else"), &wanted)
}

/// Types that another one, which serde knows, stands for.
macro_rules! fields {
    ($($type:ty, $wanted:literal: |$it:ident| $write:expr, |$text:ident: $as:ty| $read:expr;)*) => {
        $(
            impl Write for $type {
                fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let $it = self;
                    $write.serialize(serializer)
                }
            }

            impl Read for $type {
                fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                    let $text = <$as>::deserialize(from)?;
                    $read.ok_or_else(|| refused($wanted))
                }
            }
        )*
    };
}

fields! {
    ConsumerKey, "a consumer key": |it| it.as_str(), |text: String| Self::new(text).ok();
    TokenKey, "a token key": |it| it.as_str(), |text: String| Self::new(text).ok();
    UserId, "a user": |it| it.as_str(), |text: String| Self::new(text).ok();
    Realms, "realms": |it| it.as_str(), |text: String| Self::parse(&text).ok();
    Callback, "a callback": |it| it.as_str(), |text: String| Self::parse(&text).ok();
    Secret, "a secret": |it| it.expose(), |text: String| Some(Self::from(text));
    Leniency, "a leniency": |it| it.as_str(), |text: String| Self::parse(&text);
    SignatureMethod, "a signature method": |it| it.as_str(),
        |text: String| Self::parse_any(&text);
    Timestamp, "a time": |it| it.as_secs(), |seconds: u64| Some(Self::from_secs(seconds));
    Window, "a window": |it| (it.past, it.future),
        |window: (std::time::Duration, std::time::Duration)| Some(Self::new(window.0, window.1));
    VerifierHash, "a hash": |it| it.as_bytes(),
        |bytes: [u8; 32]| Some(Self::from_bytes(bytes));
    SessionHandleHash, "a hash": |it| it.as_bytes(),
        |bytes: [u8; 32]| Some(Self::from_bytes(bytes));
}

const TRANSPORTS: [(Transport, &str); 3] = [
    (Transport::Header, "header"),
    (Transport::Body, "body"),
    (Transport::Query, "query"),
];

impl Write for Transport {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let found = TRANSPORTS.iter().find(|(it, _)| it == self);
        let (_, name) = found.ok_or_else(|| serde::ser::Error::custom("unknown transport"))?;
        name.serialize(serializer)
    }
}

impl Read for Transport {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let found = TRANSPORTS.iter().find(|(_, name)| *name == text);
        let (it, _) = found.ok_or_else(|| D::Error::custom("unknown transport"))?;
        Ok(*it)
    }
}

/// Types whose shape a twin has, made by serde's `remote`.
macro_rules! twins {
    ($($type:ty: $twin:ident;)*) => {
        $(
            impl $crate::stored::field::Write for $type {
                fn write<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                    $twin::serialize(self, to)
                }
            }

            impl $crate::stored::field::Read for $type {
                fn read<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                    $twin::deserialize(from)
                }
            }
        )*
    };
}
pub(super) use twins;
