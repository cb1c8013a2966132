//! What a member has begun to write and not sent: kept on the device alone, under a key of the member's own.
//!
//! The name that the device keeps it under follows from the same secret, so that whoever looks at the device does not
//! even learn to whom somebody writes.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{Context, OpenError, RootSecret, SealError, aead::OneTimeKey, derive::hkdf, padding, secret::SecretBytes};

/// Bytes of the salt in front.
const SALT: usize = 32;

/// Where a draft is kept and with what it is sealed.
pub struct DraftKey {
    secret: SecretBytes<32>,
    binding: Vec<u8>,
    name: [u8; 32],
}

impl DraftKey {
    /// The key of the draft that `what` names; `context.subject` is the member.
    #[must_use]
    pub fn derive(root: &RootSecret, context: &Context, what: &str) -> Self {
        let secret = root.derive("drafts", &[]);
        let binding = context.transcript("draft", &[what.as_bytes()]);
        let name = hkdf(secret.expose(), &[], &context.transcript("draft name", &[what.as_bytes()]));
        Self { secret, binding, name: *name.expose() }
    }

    /// The name that the device keeps it under: says nothing to whoever does not hold the root.
    #[must_use]
    pub fn name(&self) -> &[u8; 32] {
        &self.name
    }

    /// Seals what was written so far.
    pub fn seal(&self, text: &[u8], rng: &mut impl CryptoRng) -> Result<Vec<u8>, SealError> {
        let mut salt = [0; SALT];
        rng.fill_bytes(&mut salt);
        let padded = padding::pad(text)?;
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

impl core::fmt::Debug for DraftKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("DraftKey(secret)")
    }
}
