//! HMAC-SHA1, and HMAC-SHA256 and -SHA512 in its likeness
//! ([RFC 5849 section 3.4.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.2)).

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{
    EagerHash, KeyInit,
    block_api::HmacCore,
    digest::{
        Output,
        block_api::{Buffer, FixedOutputCore, UpdateCore},
    },
};

use super::compare::constant_time_eq;
use crate::BaseString;

/// The state of a MAC that has taken in its key: cloned for each request.
#[derive(Clone)]
pub(super) struct HmacKey<D: EagerHash>(HmacCore<D>);

impl<D: EagerHash> HmacKey<D> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    pub(super) fn new(key: &[u8]) -> Self {
        let mac = HmacCore::new_from_slice(key);
        Self(mac.expect("HMAC takes keys of every length"))
    }

    /// Compares the received text with the MAC's own: of some bytes there is only one base64, so
    /// that is the same as to decode it, and less work. A wrong length, or no base64 at all, is
    /// just a wrong signature: the MAC is computed all the same.
    #[inline]
    pub(super) fn holds(&self, base_string: &BaseString<'_>, signature: &[u8]) -> bool {
        let mac = self.mac(base_string);
        let mut expected = [0_u8; 88];
        // There is room for the longest, of SHA-512; and no text at all never equals one.
        let length = STANDARD
            .encode_slice(mac, &mut expected)
            .unwrap_or_default();
        let expected = expected.get(..length).unwrap_or_default();
        !expected.is_empty() && constant_time_eq(expected, signature)
    }

    pub(super) fn sign(&self, base_string: &BaseString<'_>) -> String {
        STANDARD.encode(self.mac(base_string))
    }

    #[inline]
    fn mac(&self, base_string: &BaseString<'_>) -> Output<HmacCore<D>> {
        let mut mac = self.0.clone();
        let mut left = Buffer::<HmacCore<D>>::default();
        base_string.write_to(|bytes| {
            left.digest_blocks(bytes, |blocks| mac.update_blocks(blocks));
        });
        let mut output = Output::<HmacCore<D>>::default();
        mac.finalize_fixed_core(&mut left, &mut output);
        output
    }
}
