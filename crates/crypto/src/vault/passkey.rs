//! The passkey slot: a key from WebAuthn's PRF extension, which an authenticator gives again for the same passkey and salt.

use subtle::ConstantTimeEq;

use crate::secret::{SecretBytes, secret};

/// The authenticator gave two secrets for one passkey and salt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this passkey gives another key each time and cannot unlock a vault: use your wallet instead")]
pub struct NotRepeatable;

secret! {
    /// The output of a passkey's PRF: the secret of the passkey slot.
    PasskeyKey, 32
}

impl PasskeyKey {
    /// `None` unless it is 32 bytes.
    #[must_use]
    pub fn from_output(output: &[u8]) -> Option<Self> {
        SecretBytes::copy_from(output).map(Self)
    }

    /// For a new slot: asks that two evaluations gave the same bytes, else the slot could never be opened.
    pub fn enrol(first: Self, second: &Self) -> Result<Self, NotRepeatable> {
        if bool::from(first.expose().ct_eq(second.expose())) { Ok(first) } else { Err(NotRepeatable) }
    }
}
