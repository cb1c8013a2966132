//! No passkeys: outside a browser nothing speaks WebAuthn.

use medkey_client::ports::{MadePasskey, PasskeyError, PasskeyRequest, Passkeys};
use medkey_crypto::vault::PasskeyKey;
use medkey_protocol::blocks::Passkey;

/// A device without passkeys.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPasskeys;

impl Passkeys for NoPasskeys {
    async fn are_here(&self) -> bool {
        false
    }

    async fn make(&self, _: &PasskeyRequest<'_>) -> Result<MadePasskey, PasskeyError> {
        Err(PasskeyError::Unsupported)
    }

    async fn ask(&self, _: &str, _: &[Passkey]) -> Result<(usize, PasskeyKey), PasskeyError> {
        Err(PasskeyError::Unsupported)
    }

    async fn give_up(&self, _: &str, _: &[u8]) {}
}
