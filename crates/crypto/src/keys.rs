//! The keys of a member and of a record.
//!
//! ```text
//! root secret (32 random bytes; only ever stored locked)
//!  ├─ identity                 X-Wing    others seal to it
//!  ├─ sign-in                  Ed25519   answers the relay's challenge
//!  ├─ folder(id, epoch, salt)  X-Wing    records are sealed to it; a grant hands over its seed
//!  ├─ offer(id)                32 bytes  the QR's secret: a signing key and an X-Wing key follow from it
//!  ├─ device                   32 bytes  what a device keeps is sealed under keys that follow from it
//!  └─ notebook(salt, place)    AES-256-GCM key and nonce, salt fresh for every writing
//!
//! record key (32 random bytes, one per record)
//!  ├─ commit                   32 bytes  stands in the manifest, checked before anything is opened
//!  ├─ body                     FLOE key
//!  └─ meta(salt)               AES-256-GCM key and nonce, salt fresh for every manifest
//! ```

use std::fmt;

use ed25519_dalek::{Signer, SigningKey};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;

use crate::{
    OpenError,
    aead::OneTimeKey,
    derive::{hkdf, transcript},
    hpke::{Opener, PublicKey},
    secret::{SecretBytes, secret},
};

secret! {
    /// The secret that everything of a member follows from.
    RootSecret, 32
}

impl RootSecret {
    /// A new root.
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        Self(SecretBytes::make(rng))
    }

    /// The root that was [exposed](Self::expose) to a key store of the device; `None` unless it is 32 bytes.
    #[must_use]
    pub fn from_exposed(bytes: &[u8]) -> Option<Self> {
        SecretBytes::copy_from(bytes).map(Self)
    }

    /// The key that others seal to.
    #[must_use]
    pub fn identity(&self) -> IdentityKey {
        IdentityKey(Opener::from_seed(self.derive("identity", &[])))
    }

    /// The key that opens a session at the relay.
    #[must_use]
    pub fn sign_in(&self) -> SignInKey {
        SignInKey(SigningKey::from_bytes(self.derive("sign-in", &[]).expose()))
    }

    /// The key of one epoch of a folder; `salt` is fresh for every attempt at a new epoch.
    #[must_use]
    pub fn folder(&self, id: &[u8; 32], epoch: u32, salt: &[u8; 32]) -> FolderKey {
        let fields: [&[u8]; 3] = [id, &epoch.to_be_bytes(), salt];
        FolderKey(Opener::from_seed(self.derive("folder", &fields)))
    }

    pub(crate) fn notebook(&self, salt: &[u8; 32], binding: &[u8]) -> OneTimeKey {
        OneTimeKey(hkdf(self.derive("notebook", &[]).expose(), salt, binding))
    }

    pub(crate) fn derive(&self, purpose: &str, fields: &[&[u8]]) -> SecretBytes<32> {
        hkdf(self.expose(), &[], &transcript(purpose, fields))
    }
}

/// A member's own X-Wing key.
pub struct IdentityKey(pub(crate) Opener);

impl IdentityKey {
    /// What stands in the card.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        self.0.public()
    }
}

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityKey(secret)")
    }
}

/// The X-Wing key of one epoch of a folder.
pub struct FolderKey(pub(crate) Opener);

impl FolderKey {
    pub(crate) fn from_seed(seed: &[u8]) -> Result<Self, OpenError> {
        SecretBytes::copy_from(seed).map(|seed| Self(Opener::from_seed(seed))).ok_or(OpenError)
    }

    pub(crate) fn seed(&self) -> &[u8; 32] {
        self.0.seed()
    }

    /// What stands in the ring.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        self.0.public()
    }
}

impl fmt::Debug for FolderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FolderKey(secret)")
    }
}

/// The Ed25519 key that opens a session at the relay without a wallet prompt.
pub struct SignInKey(SigningKey);

impl SignInKey {
    /// What stands in the card.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs a challenge of the relay (Ed25519, RFC 8032).
    #[must_use]
    pub fn sign(&self, challenge: &[u8]) -> [u8; 64] {
        self.0.sign(challenge).to_bytes()
    }
}

impl fmt::Debug for SignInKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInKey(secret)")
    }
}

secret! {
    /// The key of one record: body and meta are sealed under keys derived from it.
    RecordKey, 32
}

impl RecordKey {
    /// A key for a new record.
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        Self(SecretBytes::make(rng))
    }

    /// The key that was [exposed](Self::expose) to be kept sealed; fails unless it is 32 bytes.
    pub fn from_exposed(bytes: &[u8]) -> Result<Self, OpenError> {
        SecretBytes::copy_from(bytes).map(Self).ok_or(OpenError)
    }

    /// Stands in the manifest: nobody can be handed another key than the others were.
    #[must_use]
    pub fn commit(&self) -> [u8; 32] {
        *hkdf::<32>(self.expose(), &[], &transcript("record commit", &[])).expose()
    }

    pub(crate) fn check(self, commit: &[u8; 32]) -> Result<Self, OpenError> {
        if bool::from(self.commit().ct_eq(commit)) { Ok(self) } else { Err(OpenError) }
    }

    /// The FLOE key of the body.
    #[must_use]
    pub fn body(&self) -> BodyKey {
        BodyKey(hkdf(self.expose(), &[], &transcript("record body", &[])))
    }

    pub(crate) fn meta(&self, salt: &[u8; 32]) -> OneTimeKey {
        OneTimeKey(hkdf(self.expose(), salt, &transcript("record meta", &[])))
    }
}

secret! {
    /// The FLOE key of a body.
    BodyKey, 32
}

impl BodyKey {
    /// A key of one's own choice: for known answers and measurements. Bodies of records use [`RecordKey::body`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut key = SecretBytes::zeroed();
        key.expose_mut().copy_from_slice(bytes);
        Self(key)
    }
}
