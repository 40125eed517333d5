//! Consumers, tokens and nonces in a journal: a text file to which every change is added, as one
//! line of JSON, before it is acknowledged. At the start the lines are carried out again.

mod parts;

use std::{fs::File, io, io::Write, path::Path};

use oauth1_provider::{
    Done, MemoryManager, MemoryReplayGuard, MemoryStore, Operation, StoreError, WithSecrets,
};
use tokio::{sync::Mutex, task::block_in_place};

/// All three traits of the provider, in one file.
#[derive(Debug)]
pub struct Journal {
    /// Whoever holds it changes what is in memory, too: lines stand in the order in which they
    /// take effect. `None` after a failed write: nobody knows what stands there.
    file: Mutex<Option<File>>,
    consumers: MemoryManager,
    tokens: MemoryStore,
    nonces: MemoryReplayGuard,
}

impl Journal {
    /// Opens or creates the file, and carries out what stands in it.
    ///
    /// # Errors
    /// [`io::Error`], also if a line says nothing that can be carried out.
    pub async fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let mut options = File::options();
        let file = options.create(true).read(true).append(true).open(path)?;
        let mut text = io::read_to_string(&file)?;
        // What a crash cut off was never acknowledged.
        text.truncate(text.rfind('\n').map_or(0, |end| end + 1));
        file.set_len(u64::try_from(text.len()).map_err(io::Error::other)?)?;
        let journal = Self {
            file: Mutex::new(Some(file)),
            consumers: MemoryManager::default(),
            tokens: MemoryStore::default(),
            nonces: MemoryReplayGuard::without_history(),
        };
        for line in text.lines() {
            let WithSecrets(operation) = serde_json::from_str(line)?;
            let done = journal.carry_out(&operation).await;
            done.map_err(io::Error::other)?;
        }
        Ok(journal)
    }

    /// Adds a line, and carries it out. The thread waits for the disk: a caller that hangs up
    /// meanwhile cannot leave the one without the other.
    async fn commit(&self, it: impl Into<Operation>) -> Result<Done, StoreError> {
        let operation = it.into();
        let mut turn = self.file.lock().await;
        let written = block_in_place(|| {
            let mut file = turn.take().ok_or(io::ErrorKind::BrokenPipe)?;
            writeln!(file, "{}", serde_json::to_string(&WithSecrets(&operation))?)?;
            file.sync_data().map(|()| file)
        });
        *turn = Some(written.map_err(StoreError::unavailable)?);
        self.carry_out(&operation).await
    }

    async fn carry_out(&self, operation: &Operation) -> Result<Done, StoreError> {
        let (manager, store) = (&self.consumers, &self.tokens);
        operation.carry_out(manager, store, &self.nonces).await
    }
}
