//! Whether the keys at hand are those that sealed the secrets here.

use crate::{ConnectError, column::text, database::Database, key_ring::Place, pool::values};

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
