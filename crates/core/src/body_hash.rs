//! OAuth Request Body Hash 1.0: `oauth_body_hash` covers bodies that the signature does not.
//!
//! Verified on the bytes that came, never taken from the request's word.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use crate::{
    Error, ProtocolParameters, SignatureMethod, Signed, constant_time_eq, parameter::Parts,
};

/// What a request's body is to the signature.
#[derive(Clone, Copy)]
pub(crate) enum Body<'a> {
    /// There is none.
    None,
    /// It is signed itself.
    Form,
    /// Of another type than a form.
    Read(&'a [u8]),
    /// Of another type than a form, and still to come.
    Unread,
}

impl fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Form => f.write_str("Form"),
            Self::Read(bytes) => write!(f, "Read({} bytes)", bytes.len()),
            Self::Unread => f.write_str("Unread"),
        }
    }
}

/// Whether `oauth_body_hash` counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is nothing between")]
pub enum BodyHashPolicy {
    /// As if it were not there.
    Ignore,
    /// Verified where it is there.
    #[default]
    VerifyIfPresent,
    /// A body that is no form has to have it.
    Require,
}

/// A request whose signature holds and whose body is the one that was signed. Only
/// [`Signed::check_body_hash`] and [`Signed::check_streamed_body`] make it.
#[derive(Debug)]
pub struct Intact<'a> {
    pub(crate) parts: Box<Parts<'a>>,
}

impl<'a> Intact<'a> {
    /// The protocol parameters.
    #[must_use]
    pub fn parameters(&self) -> &ProtocolParameters<'a> {
        &self.parts.protocol
    }
}

impl<'a> Signed<'a> {
    /// Compares the body that came with `oauth_body_hash`, in constant time.
    ///
    /// # Errors
    /// [`Error::SignatureInvalid`] if it is another, or was not read;
    /// [`Error::ParameterMalformed`] if a form body has a hash, which the extension forbids;
    /// [`Error::ParameterAbsent`] if it is required and not there.
    #[inline]
    pub fn check_body_hash(self, policy: BodyHashPolicy) -> Result<Intact<'a>, Error> {
        if self.parts.protocol.has_body_hash() || policy == BodyHashPolicy::Require {
            return self.compare_body(policy);
        }
        Ok(Intact { parts: self.parts })
    }

    #[cold]
    fn compare_body(self, policy: BodyHashPolicy) -> Result<Intact<'a>, Error> {
        let body = self.parts.body;
        let (intact, hasher) = self.check_streamed_body(policy)?;
        let Some(mut hasher) = hasher else {
            return Ok(intact);
        };
        match body {
            Body::Unread => return Err(Error::SignatureInvalid),
            Body::Read(bytes) => hasher.update(bytes),
            Body::None | Body::Form => {}
        }
        hasher.finish()?;
        Ok(intact)
    }

    /// For a body that is still to come: whoever reads it feeds the hasher, and trusts the
    /// request only if [`BodyHasher::finish`] does. `None` if there is no hash to compare with.
    ///
    /// # Errors
    /// As [`Signed::check_body_hash`], but for the comparison.
    #[inline]
    pub fn check_streamed_body(
        self,
        policy: BodyHashPolicy,
    ) -> Result<(Intact<'a>, Option<BodyHasher>), Error> {
        let given = self.parameters().body_hash();
        let hasher = match (given, policy) {
            (_, BodyHashPolicy::Ignore) => None,
            (Some(_), _) if matches!(self.parts.body, Body::Form) => {
                return Err(Error::ParameterMalformed("oauth_body_hash"));
            }
            (Some(hash), _) => {
                let method = self.parameters().signature_method();
                Some(BodyHasher::new(method, &hash))
            }
            (None, BodyHashPolicy::Require)
                if !matches!(self.parts.body, Body::None | Body::Form | Body::Read([])) =>
            {
                return Err(Error::ParameterAbsent("oauth_body_hash"));
            }
            (None, _) => None,
        };
        Ok((Intact { parts: self.parts }, hasher))
    }
}

/// Hashes a body as it comes.
#[must_use = "the body is not verified before `finish`"]
pub struct BodyHasher {
    state: State,
    expected: Vec<u8>,
}

enum State {
    Sha1(Sha1),
    Sha256(Sha256),
    Sha512(Sha512),
}

impl BodyHasher {
    /// By the method's hash; SHA-1 for PLAINTEXT, which names none; SHA-256 for further methods.
    fn new(method: SignatureMethod, base64: &[u8]) -> Self {
        Self {
            state: match method {
                SignatureMethod::HmacSha256
                | SignatureMethod::RsaSha256
                | SignatureMethod::Further(_) => State::Sha256(Sha256::new()),
                SignatureMethod::HmacSha512 | SignatureMethod::RsaSha512 => {
                    State::Sha512(Sha512::new())
                }
                _ => State::Sha1(Sha1::new()),
            },
            // What is no base64 is no hash of any body.
            expected: STANDARD.decode(base64).unwrap_or_default(),
        }
    }

    /// Takes the next bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Sha1(hash) => hash.update(bytes),
            State::Sha256(hash) => hash.update(bytes),
            State::Sha512(hash) => hash.update(bytes),
        }
    }

    /// Compares, after the last bytes.
    ///
    /// # Errors
    /// [`Error::SignatureInvalid`] if it was another body.
    pub fn finish(self) -> Result<(), Error> {
        if constant_time_eq(&digest(self.state), &self.expected) {
            Ok(())
        } else {
            Err(Error::SignatureInvalid)
        }
    }
}

impl fmt::Debug for BodyHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyHasher")
    }
}

/// The value of `oauth_body_hash` for a body, to sign with.
pub(crate) fn body_hash(method: SignatureMethod, body: &[u8]) -> String {
    let mut hasher = BodyHasher::new(method, b"");
    hasher.update(body);
    STANDARD.encode(digest(hasher.state))
}

fn digest(state: State) -> Vec<u8> {
    match state {
        State::Sha1(hash) => hash.finalize().to_vec(),
        State::Sha256(hash) => hash.finalize().to_vec(),
        State::Sha512(hash) => hash.finalize().to_vec(),
    }
}
