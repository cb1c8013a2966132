//! The payer's key, which nothing shows.

use alloy::{
    hex,
    primitives::Signature,
    signers::{SignerSync, local::PrivateKeySigner},
};
use medkey_protocol::{Address, B256};
use zeroize::Zeroizing;

/// The text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a payer's key is 32 bytes in hexadecimal, a number that secp256k1 has as a key")]
pub struct NotAKey;

/// The private key of the account that pays for members' acts. Wiped on drop.
pub struct PayerKey(PrivateKeySigner);

impl PayerKey {
    /// Reads a key: 64 hexadecimal digits, with or without `0x`.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let mut bytes = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text, &mut *bytes).map_err(|_| NotAKey)?;
        PrivateKeySigner::from_slice(&*bytes).map(Self).map_err(|_| NotAKey)
    }

    pub(super) fn account(&self) -> Address {
        self.0.address()
    }

    pub(super) fn sign(&self, hash: &B256) -> Result<Signature, alloy::signers::Error> {
        self.0.sign_hash_sync(hash)
    }
}

impl core::fmt::Debug for PayerKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PayerKey(..)")
    }
}
