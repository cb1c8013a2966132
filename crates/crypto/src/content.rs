//! The digest of a plaintext that stands in the manifest: it outlives re-encryption and shows that a record filed anew
//! is still the same document. Salted, so that nobody can test guesses against it.

use sha2::{Digest, Sha256};

use crate::derive::transcript;

/// Bytes of plaintext per piece.
pub const PIECE: usize = 1 << 20;

/// Computes `SHA-256(transcript("content", salt) || SHA-256(piece)…)` over the plaintext without padding, while it
/// streams by.
#[derive(Debug)]
pub struct ContentHasher {
    whole: Sha256,
    piece: Sha256,
    filled: usize,
}

impl ContentHasher {
    /// `salt` is drawn with the record and stays with its content for ever.
    #[must_use]
    pub fn new(salt: &[u8; 32]) -> Self {
        let whole = Sha256::new_with_prefix(transcript("content", &[salt]));
        Self { whole, piece: Sha256::new(), filled: 0 }
    }

    /// Takes the next bytes of the plaintext, however many.
    pub fn update(&mut self, mut bytes: &[u8]) {
        while let Some((head, tail)) = bytes.split_at_checked(PIECE - self.filled) {
            self.piece.update(head);
            self.whole.update(self.piece.finalize_reset());
            self.filled = 0;
            bytes = tail;
        }
        self.piece.update(bytes);
        self.filled += bytes.len();
    }

    /// The content digest. An empty plaintext has no pieces.
    #[must_use]
    pub fn finish(mut self) -> [u8; 32] {
        if self.filled > 0 {
            self.whole.update(self.piece.finalize());
        }
        self.whole.finalize().into()
    }
}
