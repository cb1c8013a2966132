//! The wallet slot: a key from a signature that the wallet gives again, byte for byte, for the same message.
//!
//! The unlock message has the shape of ERC-4361 with fixed fields. The login message (`medkey_protocol::login`) has
//! another statement and a fresh nonce: who steals a login signature cannot unlock anything.

use alloy_primitives::{Address, eip191_hash_message};
use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};
use subtle::ConstantTimeEq;

use crate::secret::{SecretBytes, secret};

const UNLOCK_STATEMENT: &str =
    "Unlock my Medkey vault. Whoever has this signature can open my records: sign it only on the site named above.";
const UNLOCK_NONCE: &str = "medkeyunlock1";
const UNLOCK_ISSUED_AT: &str = "2026-01-01T00:00:00Z";

/// The site, chain and contract that a message is signed for, all fixed when the app is built.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// Host, and port if it is not the scheme's own: `medkey.example`, `127.0.0.1:8080`.
    pub domain: &'a str,
    /// Origin with scheme: `https://medkey.example`.
    pub uri: &'a str,
    /// EIP-155 chain id.
    pub chain: u64,
    /// Address of the `Medkey` contract.
    pub contract: Address,
}

/// Domain or URI is empty, or holds a space, a line break or another character that would break the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this site's address cannot stand in a sign-in message: open the app at its own address")]
pub struct SiteError;

/// The message whose signature unlocks the wallet slot of `account`: the same text every time.
pub fn unlock_message(site: &Site<'_>, account: Address) -> Result<String, SiteError> {
    let Site { domain, uri, chain, contract } = site;
    let fits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !fits(domain) || !fits(uri) {
        return Err(SiteError);
    }
    let account = account.to_checksum(None);
    let contract = contract.to_checksum(None);
    Ok(format!(
        "{domain} wants you to sign in with your Ethereum account:\n\
         {account}\n\
         \n\
         {UNLOCK_STATEMENT}\n\
         \n\
         URI: {uri}\n\
         Version: 1\n\
         Chain ID: {chain}\n\
         Nonce: {UNLOCK_NONCE}\n\
         Issued At: {UNLOCK_ISSUED_AT}\n\
         Resources:\n\
         - eip155:{chain}:{contract}"
    ))
}

/// Why a wallet's signature cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Not 65 bytes, or a last byte other than 0, 1, 27 or 28.
    #[error(
        "this wallet does not sign with a plain key (it may be a smart account): unlock with the recovery code instead"
    )]
    Form,
    /// The signature is not by the account, or not of this message.
    #[error("this signature is not by the chosen account: choose the same account in the wallet and try again")]
    OtherSigner,
    /// Two signatures of the same message differ.
    #[error("this wallet signs differently each time and cannot unlock a vault: use the recovery code instead")]
    NotRepeatable,
}

/// The account that signed `message` with `personal_sign` (EIP-191).
pub fn recover_signer(message: &str, signature: &[u8]) -> Result<Address, SignatureError> {
    recover_from_hash(eip191_hash_message(message).as_ref(), signature)
}

/// The account that signed this 32-byte hash.
pub fn recover_from_hash(hash: &[u8; 32], signature: &[u8]) -> Result<Address, SignatureError> {
    let (rs, v) = signature.split_first_chunk::<64>().ok_or(SignatureError::Form)?;
    let odd = match v {
        [0 | 27] => false,
        [1 | 28] => true,
        _ => return Err(SignatureError::Form),
    };
    let rs = Signature::from_slice(rs).map_err(|_| SignatureError::Form)?;
    let key = VerifyingKey::recover_from_prehash(hash, &rs, RecoveryId::new(odd, false))
        .map_err(|_| SignatureError::OtherSigner)?;
    Ok(address_of(&key))
}

/// The Ethereum account of a secp256k1 key.
pub(crate) fn address_of(key: &VerifyingKey) -> Address {
    let point = key.to_sec1_point(false);
    Address::from_raw_public_key(&point.as_bytes()[1..])
}

secret! {
    /// `r || s` of the signature of the unlock message: the secret of the wallet slot.
    WalletKey, 64
}

impl WalletKey {
    /// For a slot that exists: checks that the signature is by `account`.
    pub fn from_signature(message: &str, account: Address, signature: &[u8]) -> Result<Self, SignatureError> {
        if recover_signer(message, signature)? != account {
            return Err(SignatureError::OtherSigner);
        }
        signature.get(..64).and_then(SecretBytes::copy_from).map(Self).ok_or(SignatureError::Form)
    }

    /// For a new slot: asks that two prompts gave the same bytes, else the vault could be locked for ever.
    pub fn enrol(message: &str, account: Address, first: &[u8], second: &[u8]) -> Result<Self, SignatureError> {
        let first = Self::from_signature(message, account, first)?;
        let second = Self::from_signature(message, account, second)?;
        if bool::from(first.expose().ct_eq(second.expose())) { Ok(first) } else { Err(SignatureError::NotRepeatable) }
    }
}
