//! What a member signs to open a session at the relay. Neither text ever unlocks a vault.

use alloy_primitives::Address;

use crate::ids::{Deployment, Fixed};

/// The relay's challenge: random, used once, a few minutes old at most.
pub type Nonce = Fixed<32>;

/// The ERC-4361-shaped text a wallet signs where the sign-in key is not at hand yet (a new device).
///
/// `account` is the one that signs: the member's own, or the one that its chart moved to. `issued_at` is an RFC 3339 time
/// given by the relay together with the nonce.
pub fn wallet_text(
    domain: &str,
    uri: &str,
    account: Address,
    at: &Deployment,
    nonce: &Nonce,
    issued_at: &str,
) -> String {
    let Deployment { chain, contract, .. } = at;
    format!(
        "{domain} wants you to sign in with your Ethereum account:\n{account}\n\n\
         Sign in to Medkey. This opens a session and unlocks nothing.\n\n\
         URI: {uri}\nVersion: 1\nChain ID: {chain}\nNonce: {nonce}\nIssued At: {issued_at}\n\
         Resources:\n- urn:medkey:contract:{contract}",
        nonce = &nonce.to_string()[2..],
    )
}

/// The bytes the sign-in key signs.
pub fn key_bytes(member: Address, at: &Deployment, nonce: &Nonce) -> Vec<u8> {
    let mut bytes = b"medkey sign-in v1\0".to_vec();
    bytes.extend_from_slice(&at.chain.to_be_bytes());
    bytes.extend_from_slice(at.contract.as_slice());
    bytes.extend_from_slice(member.as_slice());
    bytes.extend_from_slice(&nonce.0);
    bytes
}
