//! What managers and stores keep, as serde sees it: for stores that keep documents, and journals.

mod consumer;
mod field;
mod operation;
mod token;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use self::field::{Read, Write};
pub use self::operation::{Done, Operation};

/// One of the provider's types in serde's data model, **with its secrets**, as they are.
///
/// [`Consumer`](crate::Consumer), [`RequestToken`](crate::RequestToken),
/// [`AccessToken`](crate::AccessToken), [`Operation`] and their parts have no `Serialize` of their
/// own, so that no secret gets into a log or an answer by accident: whoever wants them kept says
/// so. To be written, a borrowed one will do. What cannot be read is an error, never a guess.
///
/// # Security
/// Where it goes, the secrets go: seal it, or keep it where nobody else reads.
///
/// ```
/// use oauth1_provider::{
///     Consumer, WithSecrets,
///     core::{ConsumerKey, Secret, Timestamp},
/// };
///
/// let key = ConsumerKey::new("app")?;
/// let app = Consumer::new(key, Secret::from("s3cr3t"), "App", Timestamp::from_secs(0));
/// let json = serde_json::to_string(&WithSecrets(&app))?;
/// let WithSecrets(read): WithSecrets<Consumer> = serde_json::from_str(&json)?;
/// assert_eq!(read.name, "App");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
///
/// ```compile_fail
/// fn logged(app: &oauth1_provider::Consumer) -> String {
///     serde_json::to_string(app).unwrap_or_default()
/// }
/// ```
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "a wrapper to be taken off")]
pub struct WithSecrets<T>(pub T);

impl<T: Write> Serialize for WithSecrets<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<'de, T: Read> Deserialize<'de> for WithSecrets<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

/// Without secrets, as `T` prints itself.
impl<T: fmt::Debug> fmt::Debug for WithSecrets<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
