//! HMAC-SHA1, and HMAC-SHA256 and -SHA512 in its likeness
//! ([RFC 5849 section 3.4.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.2)).

mod blocks;
mod received;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{
    KeyInit,
    block_api::HmacCore,
    digest::{
        Output,
        block_api::{Buffer, FixedOutputCore, UpdateCore},
    },
};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use self::{blocks::BlockHmac, received::Received};
use crate::{BaseString, parameter::SentSignature};

/// The state of a MAC that has taken in its key: used for many requests.
pub(super) trait HmacKey: Sized {
    /// The bytes of a MAC.
    type Mac: AsRef<[u8]>;

    /// Of the key of section 3.4.2.
    fn new(key: &[u8]) -> Self;

    /// The MAC.
    fn mac(&self, base_string: &BaseString<'_>, meanwhile: &mut impl Meanwhile) -> Self::Mac;

    /// A wrong length, or no base64 at all, is just a wrong signature: the MAC is computed all the
    /// same.
    #[inline]
    fn holds(&self, base_string: &BaseString<'_>, signature: SentSignature<'_>) -> bool {
        let mut received = Received::new(signature);
        let mac = self.mac(base_string, &mut received);
        received.is(mac.as_ref())
    }

    fn sign(&self, base_string: &BaseString<'_>) -> String {
        STANDARD.encode(self.mac(base_string, &mut ()))
    }
}

/// Work in two pieces, done while the last blocks are hashed: the instructions of a hash wait for one
/// another, and leave the processor room for others.
pub(super) trait Meanwhile {
    fn first(&mut self) {}

    fn second(&mut self) {}
}

/// None.
impl Meanwhile for () {}

pub(super) type HmacSha1Key = BlockHmac<Sha1, 5>;
pub(super) type HmacSha256Key = BlockHmac<Sha256, 8>;

/// Blocks of 128 bytes: left to the library.
#[derive(Clone)]
pub(super) struct HmacSha512Key(HmacCore<Sha512>);

impl HmacKey for HmacSha512Key {
    type Mac = Output<HmacCore<Sha512>>;

    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    fn new(key: &[u8]) -> Self {
        let mac = HmacCore::new_from_slice(key);
        Self(mac.expect("HMAC takes keys of every length"))
    }

    fn mac(&self, base_string: &BaseString<'_>, meanwhile: &mut impl Meanwhile) -> Self::Mac {
        let mut mac = self.0.clone();
        let mut left = Buffer::<HmacCore<Sha512>>::default();
        base_string.write_to(|bytes| {
            left.digest_blocks(bytes, |blocks| mac.update_blocks(blocks));
        });
        meanwhile.first();
        meanwhile.second();
        let mut output = Output::<HmacCore<Sha512>>::default();
        mac.finalize_fixed_core(&mut left, &mut output);
        output
    }
}
