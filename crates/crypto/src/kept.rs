//! What a device keeps of a member, sealed under a key that follows from the root: without the vault it says nothing.
//!
//! A device may lose or bring back what it was given. So only what can be read anew, or is known to be old, is kept so.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{Context, OpenError, RootSecret, aead::OneTimeKey, derive::hkdf};

const SALT: usize = 32;

/// Seals bytes under a name; `context.subject` is the member. Gives the salt, drawn for this one sealing, and the
/// ciphertext.
#[must_use]
pub fn seal_kept(root: &RootSecret, context: &Context, name: &str, bytes: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
    let mut salt = [0; SALT];
    rng.fill_bytes(&mut salt);
    let (key, binding) = one_time_key(root, context, name, &salt);
    let mut sealed = salt.to_vec();
    sealed.extend(key.seal(&binding, bytes));
    sealed
}

/// Opens what [`seal_kept`] made with the same root for the same member and name.
pub fn open_kept(
    root: &RootSecret,
    context: &Context,
    name: &str,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (salt, sealed) = sealed.split_first_chunk().ok_or(OpenError)?;
    let (key, binding) = one_time_key(root, context, name, salt);
    key.open(&binding, sealed)
}

fn one_time_key(root: &RootSecret, context: &Context, name: &str, salt: &[u8; SALT]) -> (OneTimeKey, Vec<u8>) {
    let binding = context.transcript("kept", &[name.as_bytes()]);
    (OneTimeKey(hkdf(root.derive("device", &[]).expose(), salt, &binding)), binding)
}
