//! AES-256-GCM for small things, under a key and nonce that are derived together and used once.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use zeroize::Zeroizing;

use crate::{OpenError, secret::SecretBytes};

/// A key (32 bytes) and its nonce (12 bytes), for one message only.
pub(crate) struct OneTimeKey(pub(crate) SecretBytes<44>);

impl OneTimeKey {
    fn parts(&self) -> (&[u8], &[u8]) {
        self.0.expose().split_at(32)
    }

    /// Ciphertext followed by the 16-byte tag.
    #[expect(clippy::expect_used, reason = "AES-GCM refuses only what is longer than 64 GiB")]
    pub(crate) fn seal(&self, aad: &[u8], msg: &[u8]) -> Vec<u8> {
        let (key, nonce) = self.parts();
        cipher(key)
            .and_then(|cipher| cipher.encrypt(nonce.try_into().ok()?, Payload { msg, aad }).ok())
            .expect("key and nonce have their fixed lengths")
    }

    pub(crate) fn open(&self, aad: &[u8], msg: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (key, nonce) = self.parts();
        cipher(key)
            .and_then(|cipher| cipher.decrypt(nonce.try_into().ok()?, Payload { msg, aad }).ok())
            .map(Zeroizing::new)
            .ok_or(OpenError)
    }
}

fn cipher(key: &[u8]) -> Option<Aes256Gcm> {
    Aes256Gcm::new_from_slice(key).ok()
}
