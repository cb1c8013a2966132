//! Keys that the contract knows by their address: of a recovery code, and of an offer.

use std::fmt;

use alloy_primitives::{Address, B256};
use k256::ecdsa::SigningKey;

use crate::{
    derive::{hkdf, transcript},
    vault::wallet::address_of,
};

/// A secp256k1 key that signs for the contract.
pub struct ChainKey(SigningKey);

impl ChainKey {
    /// The first of the candidates that follow from `secret` which is a private key.
    pub(crate) fn derive(secret: &[u8], purpose: &str) -> Self {
        let mut attempt = 0_u32;
        loop {
            let candidate = hkdf::<32>(secret, &[], &transcript(purpose, &[&attempt.to_be_bytes()]));
            // One candidate in 2^128 is not a key.
            if let Ok(key) = SigningKey::from_slice(candidate.expose()) {
                return Self(key);
            }
            attempt = attempt.wrapping_add(1);
        }
    }

    /// The address that the contract recovers from its signatures.
    #[must_use]
    pub fn address(&self) -> Address {
        address_of(self.0.verifying_key())
    }

    /// Signs a hash: `r` and `vs`, the compact form of EIP-2098.
    #[must_use]
    pub fn sign(&self, hash: B256) -> (B256, B256) {
        let (signature, recovery) = self.0.sign_prehash_recoverable(hash.as_slice());
        let (r, s) = signature.split_bytes();
        let (r, mut vs) = (B256::from_slice(&r), B256::from_slice(&s));
        vs[0] |= u8::from(recovery.is_y_odd()) << 7;
        (r, vs)
    }
}

impl fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChainKey(secret)")
    }
}
