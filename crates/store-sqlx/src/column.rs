//! Columns of a row. What cannot be read is an error, never a guess.

use oauth1_provider::{StoreError, core::Timestamp};

use crate::{error::sort, pool::Row};

pub(crate) fn text(row: &Row, column: &'static str) -> Result<String, StoreError> {
    optional_text(row, column)?.ok_or(StoreError::Corrupt(column))
}

pub(crate) fn optional_text(row: &Row, column: &'static str) -> Result<Option<String>, StoreError> {
    row.text(column).map_err(sort)
}

pub(crate) fn optional_integer(row: &Row, column: &'static str) -> Result<Option<i64>, StoreError> {
    row.integer(column).map_err(sort)
}

pub(crate) fn integer(row: &Row, column: &'static str) -> Result<i64, StoreError> {
    optional_integer(row, column)?.ok_or(StoreError::Corrupt(column))
}

pub(crate) fn time(row: &Row, column: &'static str) -> Result<Timestamp, StoreError> {
    timestamp(integer(row, column)?)
}

/// Seconds as SQL keeps them; the end of time is far enough.
pub(crate) fn seconds(timestamp: Timestamp) -> i64 {
    i64::try_from(timestamp.as_secs()).unwrap_or(i64::MAX)
}

pub(crate) fn timestamp(seconds: i64) -> Result<Timestamp, StoreError> {
    let seconds = u64::try_from(seconds).map_err(|_| StoreError::Corrupt("time"))?;
    Ok(Timestamp::from_secs(seconds))
}
