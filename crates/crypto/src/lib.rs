//! All cryptography of Medkey. `SPEC.md` beside this crate specifies every byte, with vectors.
//!
//! Pure: no I/O, no clock, no random numbers of its own (`rand_core::CryptoRng` is passed in); native and wasm alike.
//! `make_…` and `make` draw random bytes, everything else is deterministic.
//!
//! | module | what for |
//! |---|---|
//! | [`keys`] | the key tree: [`RootSecret`] → [`IdentityKey`], [`SignInKey`], [`FolderKey`]; [`RecordKey`] → [`BodyKey`] |
//! | [`vault`] | locking the root: [`vault::wallet`], [`vault::recovery`], [`vault::lock`], [`vault::unlock`], [`vault::retire`] |
//! | [`floe`] | bodies: [`floe::Encryptor`], [`floe::Decryptor`], the port [`floe::SegmentCipher`] |
//! | [`body`] | FLOE as records use it: [`body::BodySealer`], [`body::BodyOpener`] |
//! | [`card`] | cards and slots: [`card::make_card`], [`card::recover_root`], [`card::open_slot`] |
//! | [`ring`] | folders: [`ring::make_ring`], [`ring::renew_ring`], [`ring::add_reader`], [`ring::open_ring`], [`ring::open_previous`] |
//! | [`manifest`] | records: [`manifest::make_manifest`], [`manifest::open_manifest`], [`manifest::folder_copy_agrees`] |
//! | [`envelope`] | grants: [`envelope::make_envelope`], [`envelope::open_envelope`] |
//! | [`offer`] | offers: [`offer::make_offer`], [`offer::open_offer`], [`offer::make_claim`], [`offer::open_claim`] |
//! | [`notebook`] | what a member notes for itself: [`notebook::make_notebook`], [`notebook::open_notebook`] |
//! | [`reason`] | requests: [`reason::make_reason`], [`reason::open_reason`] |
//! | [`kept`] | what a device keeps: [`kept::KeptKey`] |
//! | [`content`] | the digest of the plaintext: [`content::ContentHasher`] |
//! | [`padding`] | how long bodies become: [`padding::body_length`] |
//! | [`fingerprint`] | a public key in four words |
//!
//! Secrets are types without `Clone`, `Display` and `Serialize`, wiped on drop, with a `Debug` that shows the name only.

mod aead;
pub mod body;
pub mod card;
mod chain_key;
mod coded;
pub mod content;
mod context;
mod derive;
pub mod envelope;
mod error;
pub mod fingerprint;
pub mod floe;
mod hpke;
pub mod kept;
pub mod keys;
pub mod manifest;
pub mod notebook;
pub mod offer;
pub mod padding;
pub mod patient_code;
mod qr;
pub mod reason;
pub mod ring;
mod secret;
pub mod vault;

pub use chain_key::ChainKey;
pub use context::Context;
pub use derive::VERSION;
pub use error::{OpenError, SealError};
pub use hpke::{KeyId, NotAKey, PublicKey};
pub use keys::{BodyKey, FolderKey, IdentityKey, RecordKey, RootSecret, SignInKey};
