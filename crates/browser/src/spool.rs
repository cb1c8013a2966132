//! Bytes that are too many for this page's memory: the browser keeps them, on disk where it wants to.

use js_sys::{Array, Uint8Array};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

use crate::save::{BYTES, SaveError, save_blob};

/// Bytes that are handed over to the browser at a time.
const PIECE: usize = 4 << 20;

/// Bytes in the order they were given.
#[derive(Debug, Default)]
pub struct Spool {
    pieces: Array,
    waiting: Vec<u8>,
}

impl Spool {
    /// Takes more.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), SaveError> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() < PIECE { Ok(()) } else { self.hand_over() }
    }

    fn hand_over(&mut self) -> Result<(), SaveError> {
        let bytes = Array::of1(&Uint8Array::from(self.waiting.as_slice()));
        self.pieces.push(Blob::new_with_u8_array_sequence(&bytes)?.as_ref());
        zeroize::Zeroize::zeroize(&mut self.waiting);
        Ok(())
    }

    fn whole(mut self) -> Result<Blob, SaveError> {
        self.hand_over()?;
        let options = BlobPropertyBag::new();
        options.set_type(BYTES);
        Ok(Blob::new_with_blob_sequence_and_options(&self.pieces, &options)?)
    }

    /// Gives everything out again, piece by piece.
    pub async fn read_all(self, mut take: impl FnMut(&[u8]) -> Result<(), SaveError>) -> Result<(), SaveError> {
        let whole = self.whole()?;
        let (mut at, end) = (0.0, whole.size());
        while at < end {
            let next = (at + PIECE as f64).min(end);
            let piece = whole.slice_with_f64_and_f64(at, next)?;
            let buffer = JsFuture::from(piece.array_buffer()).await?;
            take(&zeroize::Zeroizing::new(Uint8Array::new(&buffer).to_vec()))?;
            at = next;
        }
        Ok(())
    }

    /// Starts a download of everything under a name.
    pub fn save(self, name: &str) -> Result<(), SaveError> {
        save_blob(&self.whole()?, name)
    }
}
