//! The file, and what stands in memory of it.

use std::{io, path::Path};

use oauth1_provider::{MemoryManager, MemoryReplayGuard, MemoryStore, StoreError};
use tokio::{
    fs::{File, OpenOptions},
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
    sync::{Mutex, MutexGuard},
};

use crate::entry::Entry;

/// All three traits of the provider, in one file.
#[derive(Debug)]
pub struct Journal {
    file: Mutex<Writer>,
    pub(crate) consumers: MemoryManager,
    pub(crate) tokens: MemoryStore,
    pub(crate) nonces: MemoryReplayGuard,
}

/// The end of the file. Whoever holds it changes what is in memory, too: lines stand in the order
/// in which they take effect.
#[derive(Debug)]
pub(crate) struct Writer {
    file: File,
    broken: bool,
}

impl Journal {
    /// Opens or creates the file, and carries out what stands in it.
    ///
    /// # Errors
    /// [`io::Error`], also if a line says nothing that can be carried out.
    pub async fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        let mut file = options.open(path).await?;
        let mut text = String::new();
        file.read_to_string(&mut text).await?;
        // What a crash cut off was never acknowledged.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(u64::try_from(whole).unwrap_or_default())
            .await?;
        file.seek(io::SeekFrom::End(0)).await?;
        let journal = Self {
            file: Mutex::new(Writer {
                file,
                broken: false,
            }),
            consumers: MemoryManager::default(),
            tokens: MemoryStore::default(),
            nonces: MemoryReplayGuard::without_history(),
        };
        for line in text.get(..whole).unwrap_or_default().lines() {
            let entry: Entry = serde_json::from_str(line)?;
            entry.carry_out(&journal).await.map_err(io::Error::other)?;
        }
        Ok(journal)
    }

    pub(crate) async fn writer(&self) -> MutexGuard<'_, Writer> {
        self.file.lock().await
    }
}

impl Writer {
    /// Adds a line; it is on the disk when this returns. After a failure nobody knows what stands
    /// there: then nothing is written any more before the next start.
    pub(crate) async fn write(&mut self, entry: &Entry) -> Result<(), StoreError> {
        if self.broken {
            return Err(StoreError::unavailable("the journal could not be written"));
        }
        let mut line = serde_json::to_vec(entry).map_err(StoreError::unavailable)?;
        line.push(b'\n');
        self.broken = true;
        let written = async {
            self.file.write_all(&line).await?;
            self.file.sync_data().await
        };
        written.await.map_err(StoreError::unavailable)?;
        self.broken = false;
        Ok(())
    }
}
