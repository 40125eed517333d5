//! OAuth 1.0a ([RFC 5849](https://www.rfc-editor.org/rfc/rfc5849)) as functions.
//!
//! No I/O, no async, no clock, no random numbers: time and randomness are arguments. A request
//! runs forward through types that only the step before can make:
//!
//! ```text
//! Request -> Parsed   (sections 3.1, 3.5)   one transport, no duplicates, bounded
//!         -> Signed   (section 3.4)         the signature holds
//!         -> Fresh    (section 3.3)         the timestamp lies in the window
//! ```
//!
//! so a skipped check does not compile. What is left (the nonce, the standing of consumer and
//! token) needs a memory and is the work of the crate `oauth1-provider`.
//!
//! ```
//! use oauth1_core::{BodyHashPolicy, Limits, Parsed, PreparedKey, Request, Secret, SignatureMethod, Timestamp, Window};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let header = br#"OAuth oauth_consumer_key="dpf43f3p2l4k3l03", oauth_nonce="wIjqoxSkG",
//!     oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131200",
//!     oauth_signature="kYtrM7NcE2PkGQVUmQ%2FfNHuE4Zw%3D""#;
//! let request = Request::new("GET", "http", "photos.example.net", "/photos", Some("size=original"))
//!     .with_authorization(header);
//! let Some(parsed) = Parsed::extract(&request, &Limits::default())? else {
//!     return Ok(()); // no OAuth in this request
//! };
//! let secret = Secret::from("kd94hf93k423kf44");
//! let key = PreparedKey::shared_secret(SignatureMethod::HmacSha1, &secret, None)?;
//! let signed = match parsed.verify(&key) {
//!     Ok(signed) => signed,
//!     Err(error) => return Ok(assert_eq!(error.code().status(), 401)),
//! };
//! let intact = signed.check_body_hash(BodyHashPolicy::default())?;
//! let _fresh = intact.check_timestamp(Timestamp::from_secs(137_131_201), Window::default())?;
//! # Ok(())
//! # }
//! ```
#![deny(missing_docs)]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod hint;

mod request;
pub use crate::request::{Request, Transport, is_form_encoded};

mod limits;
pub use crate::limits::Limits;

pub mod percent;

mod identifier;
pub use crate::identifier::{
    Callback, CallbackError, ConsumerKey, IdentifierError, Nonce, Realm, SessionHandle, TokenKey,
    Verifier,
};

mod parameter;
pub use crate::parameter::{Parsed, ProtocolParameters};

mod secret;
pub use crate::secret::Secret;

mod signature;
pub use crate::signature::{
    FurtherMethod, KeyError, KeyMaterial, KeyType, MethodName, PreparedKey, SignatureMethod,
    Signed, constant_time_eq,
};
#[cfg(feature = "rsa")]
pub use crate::signature::{RsaKeyError, RsaPrivateKey, RsaPublicKey};

mod base_string;
pub use crate::base_string::BaseString;

mod body_hash;
pub use crate::body_hash::{BodyHashPolicy, BodyHasher, Intact};

mod leniency;
pub use crate::leniency::Leniency;

mod timestamp;
pub use crate::timestamp::{Fresh, Timestamp, Window};

mod challenge;
pub use crate::challenge::Challenge;

mod error;
pub use crate::error::{Error, ErrorCode};

mod sign;
pub use crate::sign::{SignError, SignedRequest, Signer};

#[cfg(feature = "explain")]
pub mod explain;
