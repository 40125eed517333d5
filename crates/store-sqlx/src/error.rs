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
