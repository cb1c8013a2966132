//! Blocks as files in the relay's own data directory.
//!
//! A block is written beside its place, synced and renamed, and the directory synced: a crash leaves it whole or not
//! at all. Half-written files live in `unfinished/`, which is emptied at start.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use bytes::Bytes;
use medkey_protocol::Link;

use super::{Store, StoreError};

/// The store on the relay's own disk.
#[derive(Debug, Clone)]
pub struct Embedded {
    files: Arc<Files>,
}

#[derive(Debug)]
struct Files {
    root: PathBuf,
    unfinished: PathBuf,
    counter: AtomicU64,
}

impl Embedded {
    /// Opens the store in `root`, making the directory where it is missing.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        let unfinished = root.join("unfinished");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished).map_err(StoreError::from)?;
        }
        fs::create_dir_all(&unfinished)?;
        Ok(Self { files: Arc::new(Files { root: root.to_owned(), unfinished, counter: AtomicU64::new(0) }) })
    }

    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Files) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let files = Arc::clone(&self.files);
        tokio::task::spawn_blocking(move || work(&files))
            .await
            .map_err(|stopped| StoreError::Disk(io::Error::other(stopped)))?
    }
}

#[async_trait]
impl Store for Embedded {
    async fn put(&self, link: Link, bytes: Bytes) -> Result<(), StoreError> {
        self.on_disk(move |files| files.write(&link, &bytes)).await
    }

    async fn get(&self, link: Link) -> Result<Option<Bytes>, StoreError> {
        self.on_disk(move |files| match fs::read(files.place(&link)) {
            Ok(bytes) if link.names(&bytes) => Ok(Some(bytes.into())),
            Ok(_) => Err(StoreError::Damaged(link)),
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(cause.into()),
        })
        .await
    }

    async fn delete(&self, link: Link) -> Result<(), StoreError> {
        self.on_disk(move |files| match fs::remove_file(files.place(&link)) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause.into()),
            _ => Ok(()),
        })
        .await
    }
}

impl Files {
    /// Two levels of directories from the digest's first bytes keep every directory small.
    fn place(&self, link: &Link) -> PathBuf {
        let digest = link.digest();
        let [first, second, ..] = digest.bytes();
        self.root.join(format!("{first:02x}")).join(format!("{second:02x}")).join(link.to_string())
    }

    fn write(&self, link: &Link, bytes: &[u8]) -> Result<(), StoreError> {
        let place = self.place(link);
        let unfinished = self.unfinished.join(self.counter.fetch_add(1, Ordering::Relaxed).to_string());
        let written = self.write_beside(&unfinished, &place, bytes);
        if written.is_err() && unfinished.exists() {
            fs::remove_file(&unfinished)?;
        }
        written
    }

    fn write_beside(&self, unfinished: &Path, place: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let mut file = File::create_new(unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        let directories = place.ancestors().skip(1).take_while(|directory| directory.starts_with(&self.root));
        let directories: Vec<&Path> = directories.collect();
        if let Some(directory) = directories.first() {
            fs::create_dir_all(directory)?;
        }
        fs::rename(unfinished, place)?;
        for directory in directories {
            File::open(directory)?.sync_all()?;
        }
        Ok(())
    }
}

impl From<io::Error> for StoreError {
    fn from(cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Disk(cause),
        }
    }
}
