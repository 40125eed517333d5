//! The back end's errors, sorted once.

use oauth1_provider::StoreError;

/// Its text goes to the operator's log only.
pub(crate) fn sort(error: sqlx::Error) -> StoreError {
    if let sqlx::Error::Database(database) = &error
        && database.is_unique_violation()
    {
        return StoreError::KeyTaken;
    }
    StoreError::unavailable(error)
}

/// Whether the database undid the change because of another one at the same time, and says that it
/// is to be tried again: SQLSTATE "serialization failure" (MySQL's deadlocks too) and
/// PostgreSQL's "deadlock detected".
pub(crate) fn is_transient(error: &StoreError) -> bool {
    let StoreError::Unavailable(source) = error else {
        return false;
    };
    let code = source
        .downcast_ref::<sqlx::Error>()
        .and_then(sqlx::Error::as_database_error)
        .and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("40001" | "40P01"))
}

/// Another caller is waiting for a connection in vain already.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the database is out of reach, as other requests have found")]
pub(crate) struct OutOfReach;
