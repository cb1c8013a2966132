//! A file that a person chose or dropped, read piece by piece.

use js_sys::Uint8Array;
use medkey_client::ports::{Source, SourceError};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

use crate::refused::Refused;

/// [`Source`] over a browser's file.
#[derive(Debug)]
pub struct FileSource {
    file: Blob,
    read: u64,
}

impl From<File> for FileSource {
    fn from(file: File) -> Self {
        Self { file: file.into(), read: 0 }
    }
}

impl FileSource {
    /// The file's first and last bytes, at most so many of each.
    pub async fn ends(&self, most: usize) -> Result<(Vec<u8>, Vec<u8>), SourceError> {
        let (length, most) = (self.length(), most as u64);
        let head = self.piece(0, length.min(most)).await?;
        let tail = self.piece(length.saturating_sub(most), length).await?;
        Ok((head, tail))
    }

    async fn piece(&self, start: u64, end: u64) -> Result<Vec<u8>, Refused> {
        let piece = self.file.slice_with_f64_and_f64(start as f64, end as f64)?;
        let buffer = JsFuture::from(piece.array_buffer()).await?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }
}

impl Source for FileSource {
    fn length(&self) -> u64 {
        // A whole number of bytes, far below 2^53.
        self.file.size() as u64
    }

    async fn read(&mut self, most: usize) -> Result<Vec<u8>, SourceError> {
        let end = self.length().min(self.read.saturating_add(most as u64));
        let bytes = self.piece(self.read, end).await?;
        // Browsers notice a file that changed and fail; this is for one that does not.
        if bytes.len() as u64 != end - self.read {
            return Err(SourceError);
        }
        self.read = end;
        Ok(bytes)
    }
}
