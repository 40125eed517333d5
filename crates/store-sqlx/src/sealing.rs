//! Sealing of the secrets in rows: with which key, and whether the keys at hand are the right ones.

use oauth1_provider::StoreError;

use crate::{
    ConnectError, KeyRing,
    database::Database,
    key_ring::Place,
    pool::{Row, values},
    row::{optional_text, text},
};

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

/// Each key that ever sealed something here has sealed a proof of itself: a ring that lacks one,
/// or has another under its name, is found out at the start, not at a user's request.
pub(crate) async fn check(database: &Database) -> Result<(), ConnectError> {
    let unreadable = |error| ConnectError::Keys(Box::new(error));
    let query = "SELECT key_id, proof FROM {p}keys";
    let rows = database.fetch(query, values![]).await;
    let rows = rows.map_err(unreadable)?;
    let Some(ring) = database.sealing.ring() else {
        return match rows.is_empty() {
            true => Ok(()),
            false => Err(ConnectError::KeyRingMissing),
        };
    };
    let mut known = false;
    for row in &rows {
        let id = text(row, "key_id").map_err(unreadable)?;
        let sealed = text(row, "proof").map_err(unreadable)?;
        if !ring.has(&id) {
            return Err(ConnectError::KeyMissing(id));
        }
        if ring.open(&id, proof(&id), &sealed).is_err() {
            return Err(ConnectError::KeyWrong(id));
        }
        known |= id == ring.current();
    }
    if !known {
        let id = ring.current();
        let sealed = ring.seal(proof(id), PROOF).map_err(unreadable)?;
        let statement = "INSERT {ignore} INTO {p}keys (key_id, proof) VALUES (?, ?) {or ignore}";
        let values = values![id, sealed.as_str()];
        let inserted = database.execute(statement, values).await;
        inserted.map_err(unreadable)?;
    }
    Ok(())
}

const PROOF: &str = "this key sealed something here";

fn proof(id: &str) -> Place<'_> {
    Place {
        column: "keys.proof",
        row: id,
    }
}
