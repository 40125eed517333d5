//! Sealing of the secrets in rows, and with which key.

use oauth1_provider::StoreError;

use crate::{KeyRing, column::optional_text, key_ring::Place, pool::Row};

/// The key ring, if there is one. Without it secrets stand in the clear.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sealing(Option<KeyRing>);

impl Sealing {
    pub(crate) fn new(ring: Option<KeyRing>) -> Self {
        Self(ring)
    }

    pub(crate) fn ring(&self) -> Option<&KeyRing> {
        self.0.as_ref()
    }

    /// The id of the key that seals: what the column `sealed_with` holds.
    pub(crate) fn current(&self) -> Option<&str> {
        self.0.as_ref().map(KeyRing::current)
    }

    /// The text as it goes into a column.
    pub(crate) fn seal(
        &self,
        column: &'static str,
        row: &str,
        text: &str,
    ) -> Result<String, StoreError> {
        match &self.0 {
            Some(ring) => ring.seal(Place { column, row }, text),
            None => Ok(text.to_owned()),
        }
    }

    /// The text of a column, by the key that its row names.
    pub(crate) fn open(
        &self,
        column: &'static str,
        row_key: &str,
        (row, sealed): (&Row, String),
    ) -> Result<String, StoreError> {
        let Some(id) = optional_text(row, "sealed_with")? else {
            return Ok(sealed);
        };
        let Some(ring) = &self.0 else {
            return Err(StoreError::Corrupt("sealed secret without a key ring"));
        };
        let place = Place {
            column,
            row: row_key,
        };
        ring.open(&id, place, &sealed)
    }
}
