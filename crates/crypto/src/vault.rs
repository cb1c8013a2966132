//! The vault: a member's root secret, locked once per unlock slot.
//!
//! Each slot is AES-256-GCM under a key and nonce that HKDF derives from the slot's own secret (a wallet signature, a
//! passkey's PRF, a recovery code, or a newer root) and a fresh salt, bound to deployment, member and kind of slot.

use medkey_protocol::{
    blocks::Locked,
    ids::{Fixed, Octets},
};
use rand_core::CryptoRng;

use crate::{Context, OpenError, aead::OneTimeKey, derive::hkdf, keys::RootSecret};

pub mod passkey;
pub mod recovery;
pub mod wallet;

pub use passkey::PasskeyKey;
pub use recovery::RecoveryCode;
pub use wallet::WalletKey;

/// What locks a root: [`WalletKey`], [`PasskeyKey`], [`RecoveryCode`], or the newer [`RootSecret`].
pub trait SlotKey: sealed::Secret {}

mod sealed {
    pub trait Secret {
        const KIND: &'static str;
        fn secret(&self) -> &[u8];
    }
}

impl SlotKey for WalletKey {}
impl sealed::Secret for WalletKey {
    const KIND: &'static str = "slot wallet";
    fn secret(&self) -> &[u8] {
        self.expose()
    }
}

impl SlotKey for PasskeyKey {}
impl sealed::Secret for PasskeyKey {
    const KIND: &'static str = "slot passkey";
    fn secret(&self) -> &[u8] {
        self.expose()
    }
}

impl SlotKey for RecoveryCode {}
impl sealed::Secret for RecoveryCode {
    const KIND: &'static str = "slot recovery";
    fn secret(&self) -> &[u8] {
        self.expose()
    }
}

impl SlotKey for RootSecret {}
impl sealed::Secret for RootSecret {
    const KIND: &'static str = "slot former root";
    fn secret(&self) -> &[u8] {
        self.expose()
    }
}

/// Locks `root`; `context.subject` is the member.
pub fn lock<K: SlotKey>(root: &RootSecret, key: &K, context: &Context, rng: &mut impl CryptoRng) -> Locked {
    let mut salt = [0; 32];
    rng.fill_bytes(&mut salt);
    let (key, binding) = one_time_key(key, context, &salt);
    Locked { salt: Fixed(salt), ct: Octets(key.seal(&binding, root.expose())) }
}

/// Opens what [`lock`] made with the same key for the same member of the same deployment.
pub fn unlock<K: SlotKey>(locked: &Locked, key: &K, context: &Context) -> Result<RootSecret, OpenError> {
    let (key, binding) = one_time_key(key, context, &locked.salt.0);
    let root = key.open(&binding, &locked.ct.0)?;
    RootSecret::from_exposed(&root).ok_or(OpenError)
}

fn one_time_key<K: SlotKey>(key: &K, context: &Context, salt: &[u8; 32]) -> (OneTimeKey, Vec<u8>) {
    let binding = context.transcript(K::KIND, &[]);
    (OneTimeKey(hkdf(key.secret(), salt, &binding)), binding)
}

/// Locks the roots of former generations (newest first) under the new one, as they stand in the card.
pub fn retire<'a>(
    former: impl IntoIterator<Item = &'a RootSecret>,
    root: &RootSecret,
    context: &Context,
    rng: &mut impl CryptoRng,
) -> Vec<Locked> {
    former.into_iter().map(|old| lock(old, root, context, rng)).collect()
}
