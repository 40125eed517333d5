//! The database as the rest of the crate sees it: statements as templates, errors sorted, time
//! bounded, transactions tried again when databases want that.

use std::{sync::Arc, time::Duration};

use oauth1_provider::StoreError;
use tokio::time::{Instant, timeout};

use crate::{
    dialect::Dialect,
    error::{OutOfReach, is_transient, sort},
    outage::Outage,
    pool::{self, Row, SqlPool, Value},
    sealing::Sealing,
};

/// How long a statement or transaction may take before the request is answered 503.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// How often a transaction that lost against others is tried.
const ATTEMPTS: u32 = 10;

#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) readers: SqlPool,
    /// With SQLite, one connection: it has one writer, and waiting for it here is fair. Else the
    /// same as the readers.
    pub(crate) writer: SqlPool,
    pub(crate) prefix: Arc<str>,
    pub(crate) sealing: Sealing,
    pub(crate) outage: Outage,
}

impl Database {
    pub(crate) fn dialect(&self) -> Dialect {
        self.writer.dialect()
    }

    pub(crate) fn render(&self, template: &str) -> String {
        self.dialect().render(&self.prefix, template)
    }

    /// The rows that a statement finds, changing nothing.
    pub(crate) async fn fetch(
        &self,
        template: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let rows = self.readers.fetch(self.render(template), values);
        in_time(self.reached(rows)).await
    }

    pub(crate) async fn fetch_one(
        &self,
        template: &str,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.fetch(template, values).await?.pop())
    }

    /// Carries out one statement, atomic by itself; gives how many rows it changed.
    pub(crate) async fn execute(
        &self,
        template: &str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        retried(|| async {
            let done = self.writer.execute(self.render(template), values);
            self.reached(done).await
        })
        .await
    }

    pub(crate) async fn begin(&self) -> Result<Transaction<'_>, StoreError> {
        Ok(Transaction {
            database: self,
            inner: self.reached(self.writer.begin()).await?,
        })
    }

    /// Work that begins by taking a connection: not tried while others wait for one in vain.
    async fn reached<T>(
        &self,
        work: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, StoreError> {
        if !self.outage.admits(Instant::now()) {
            return Err(StoreError::unavailable(OutOfReach));
        }
        let done = work.await;
        match &done {
            Err(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) => {
                let out_of_reach = self.writer.is_out_of_reach();
                self.outage.find_out(out_of_reach).await;
            }
            _ => self.outage.is_over(),
        }
        done.map_err(sort)
    }
}

/// Rolled back when dropped.
pub(crate) struct Transaction<'a> {
    database: &'a Database,
    inner: pool::Transaction,
}

impl Transaction<'_> {
    pub(crate) fn sealing(&self) -> &Sealing {
        &self.database.sealing
    }

    pub(crate) async fn fetch_one(
        &mut self,
        template: &str,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, StoreError> {
        let sql = self.database.render(template);
        let mut rows = self.inner.fetch(sql, values).await.map_err(sort)?;
        Ok(rows.pop())
    }

    /// How many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        template: &str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        let sql = self.database.render(template);
        self.inner.execute(sql, values).await.map_err(sort)
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await.map_err(sort)
    }
}

/// Does a change again, from its beginning, when the database undid it because it stood in another's
/// way (deadlock, serialization failure): a bounded number of times and in bounded time.
pub(crate) async fn retried<T, F>(change: impl Fn() -> F + Send + Sync) -> Result<T, StoreError>
where
    T: Send,
    F: Future<Output = Result<T, StoreError>> + Send,
{
    in_time(async {
        for _ in 1..ATTEMPTS {
            match change().await {
                Err(error) if is_transient(&error) => {}
                other => return other,
            }
        }
        change().await
    })
    .await
}

pub(crate) async fn in_time<T>(
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    timeout(TIME_LIMIT, work)
        .await
        .map_err(StoreError::unavailable)?
}
