//! What a device keeps of a member: an index of what was opened, what was begun and not sent. Sealed under a key of the
//! member's own; without the vault it says nothing.
//!
//! The name that the device keeps it under follows from the same secret, so that whoever looks at the device does not
//! even learn to whom somebody writes. A device may lose or bring back what it was given: so it holds only what can be
//! made anew, or what its owner sees.

use alloy_primitives::Address;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{Context, OpenError, RootSecret, SealError, aead::OneTimeKey, derive::hkdf, padding, secret::SecretBytes};

/// Bytes of the salt in front.
const SALT: usize = 32;

/// Under which name something is kept and with what it is sealed.
pub struct KeptKey {
    secret: SecretBytes<32>,
    binding: Vec<u8>,
    member: Address,
    name: [u8; 32],
}

impl KeptKey {
    /// The key of the thing that `what` names; `context.subject` is the member.
    #[must_use]
    pub fn derive(root: &RootSecret, context: &Context, what: &str) -> Self {
        let secret = root.derive("device", &[]);
        let binding = context.transcript("kept", &[what.as_bytes()]);
        let name = hkdf(secret.expose(), &[], &context.transcript("kept name", &[what.as_bytes()]));
        Self { secret, binding, member: context.subject, name: *name.expose() }
    }

    /// The name that the device keeps it under: whose it is, and nothing more to whoever does not hold the root.
    #[must_use]
    pub fn name(&self) -> String {
        let hex: String = self.name.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("kept {} {hex}", self.member)
    }

    /// Seals it.
    pub fn seal(&self, bytes: &[u8], rng: &mut impl CryptoRng) -> Result<Vec<u8>, SealError> {
        let mut salt = [0; SALT];
        rng.fill_bytes(&mut salt);
        let padded = padding::pad(bytes)?;
        let mut sealed = salt.to_vec();
        sealed.extend(self.one_time_key(&salt).seal(&self.binding, &padded));
        Ok(sealed)
    }

    /// Opens what [`Self::seal`] made.
    pub fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (salt, ct) = sealed.split_first_chunk::<SALT>().ok_or(OpenError)?;
        let padded = self.one_time_key(salt).open(&self.binding, ct)?;
        Ok(Zeroizing::new(padding::unpad(&padded)?.to_vec()))
    }

    fn one_time_key(&self, salt: &[u8; SALT]) -> OneTimeKey {
        OneTimeKey(hkdf(self.secret.expose(), salt, &self.binding))
    }
}

impl core::fmt::Debug for KeptKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("KeptKey(secret)")
    }
}
