//! The body of each kind of block. How the sealed parts come about is specified in `crates/crypto/SPEC.md`.

use super::{Body, Deserialize, Fixed, FolderId, Kind, Link, Octets, RecordId, Scope, Serialize};

/// Length of an X-Wing public key.
pub const PUBLIC_KEY: usize = 1216;

/// Bytes sealed to a public key with HPKE, naming that key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// First 8 bytes of the SHA-256 of the public key it is sealed to.
    pub key: Fixed<8>,
    /// The encapsulated key.
    pub enc: Octets,
    /// The ciphertext with its tag.
    pub ct: Octets,
}

/// Bytes sealed under a lasting secret and a salt drawn for this one sealing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locked {
    /// Fresh for every sealing: key and nonce come from it.
    pub salt: Fixed<32>,
    /// The ciphertext with its tag.
    pub ct: Octets,
}

/// What a folder is for. Folders of one's own have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Everything that fits nowhere else.
    General,
    /// Laboratory reports.
    Laboratory,
    /// Scans and pictures.
    Imaging,
    /// Prescriptions and plans.
    Prescriptions,
    /// Vital signs and what the patient measures.
    Vitals,
    /// Never shared as a whole.
    Private,
}

impl Category {
    /// Every category: each patient has one folder of each.
    pub const ALL: [Self; 6] =
        [Self::General, Self::Laboratory, Self::Imaging, Self::Prescriptions, Self::Vitals, Self::Private];
}

/// A folder as its owner's card lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderEntry {
    /// Its random id, also the scope of its grants.
    pub id: FolderId,
    /// What it is for, unless it is one of the owner's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Its current ring.
    pub ring: Link,
}

/// A member's public keys. Its header's party is the recovery address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Counts the root secrets this member has had, from 0.
    pub generation: u32,
    /// X-Wing public key: others seal to it.
    pub identity: Octets,
    /// Ed25519 public key that answers the relay's challenge.
    pub signin: Fixed<32>,
    /// The patient's folders; none for others.
    pub folders: Vec<FolderEntry>,
    /// The root, locked for the recovery code.
    pub recovery: Locked,
    /// The slots of wallets and passkeys, which only a session of the member is given.
    pub slots: Vec<Link>,
    /// Former roots, newest first, each sealed under the current one.
    pub former: Vec<Locked>,
}

/// A passkey that opens a slot: what a browser needs to ask for it and for its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passkey {
    /// WebAuthn's credential id, 1 to [`Passkey::MAX_ID`] bytes.
    pub id: Octets,
    /// What its PRF is evaluated for; fresh for every passkey.
    pub salt: Fixed<32>,
}

impl Passkey {
    /// The longest credential id.
    pub const MAX_ID: usize = 512;
}

/// The root, locked for a wallet or for a passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// The site: the domain whose unlock message the wallet signed, or at which the passkey was made.
    pub domain: String,
    /// The account whose wallet opens it, where that is not the member's own address; never beside `passkey`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Fixed<20>>,
    /// The passkey that opens it, where no wallet does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<Passkey>,
    /// When it was made, in seconds since 1970 by its maker's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<u64>,
    /// The root.
    pub root: Locked,
}

/// A doctor's or laboratory's public page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// As patients know them, with title.
    pub name: String,
    /// Physician, nurse, pharmacist, diagnostic laboratory…
    pub profession: String,
    /// Field of work.
    pub specialty: String,
    /// Degrees and board certifications.
    pub qualification: String,
    /// Licence or accreditation number, with who issued it.
    pub licence: String,
    /// Languages spoken, by name.
    pub languages: Vec<String>,
    /// Telephone number.
    pub phone: String,
    /// Electronic mail address.
    pub email: String,
    /// Postal address.
    pub address: String,
}

/// A hospital's public page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HospitalPage {
    /// Its name.
    pub name: String,
    /// Postal address.
    pub address: String,
    /// Fields it covers.
    pub specialties: Vec<String>,
    /// Telephone number.
    pub phone: String,
    /// Electronic mail address.
    pub email: String,
    /// Address of its site.
    pub website: String,
}

/// One folder's current epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ring {
    /// Whose ring it is.
    pub folder: FolderId,
    /// Counts the renewals, from 0.
    pub epoch: u32,
    /// Fresh for every attempt at a new epoch.
    pub salt: Fixed<32>,
    /// X-Wing public key that records are sealed to.
    pub key: Octets,
    /// Name and sensitivity of a folder without a category, sealed to `key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Sealed>,
    /// The epoch's seed, sealed to the identity of each who may read the folder.
    pub seeds: Vec<Sealed>,
    /// The previous epoch's seed, sealed to `key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past: Option<Sealed>,
    /// The previous epoch's last ring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Link>,
}

/// A record's key, sealed to each who holds it from the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordKeys {
    /// To the patient's identity.
    pub owner: Sealed,
    /// To the folder's key.
    pub folder: Sealed,
    /// To the author's identity, where the author keeps a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Sealed>,
}

/// Where a record's ciphertext is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyLink {
    /// Root of a UnixFS file, profile `unixfs-v1-2025`.
    pub link: Link,
    /// Bytes of ciphertext.
    pub size: u64,
}

/// One record. Its header's subject is the chart, its party the author.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The record's id, kept when it is filed anew.
    pub id: RecordId,
    /// The folder it is filed in.
    pub folder: FolderId,
    /// The folder's epoch it is sealed to.
    pub epoch: u32,
    /// The record's key.
    pub keys: RecordKeys,
    /// Commits to the record's key.
    pub commit: Fixed<32>,
    /// Title, kind, dates and the like, under the record's key.
    pub meta: Locked,
    /// The ciphertext.
    pub body: BodyLink,
    /// Commits to the plaintext.
    pub content: Fixed<32>,
    /// The first manifest, where this one files its record anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Link>,
}

/// The keys of a grant or an offer. Its header's subject is the chart, its party the grantee or the offer's signing key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// What it opens.
    pub scope: Scope,
    /// The key and whose chart it is, sealed to the grantee's identity or the offer's key; in the envelope of a claim
    /// the offer's secret, sealed by the claimer to its own identity.
    pub sealed: Sealed,
    /// The id that an offer's secret follows from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Fixed<32>>,
}

/// Why a doctor asks. Its header's subject is the chart, its party the requester.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The words and the folders asked for, sealed to the patient's identity.
    pub sealed: Sealed,
}

/// What a member notes for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notebook {
    /// The generation of the root that it is sealed under.
    pub generation: u32,
    /// Counts the writings, from 1: an older one is never taken for a newer.
    pub counter: u64,
    /// The pages.
    pub pages: Locked,
}

macro_rules! body {
    ($($body:ident => $kind:ident),* $(,)?) => {
        $(impl Body for $body { const KIND: Kind = Kind::$kind; })*
    };
}

body! {
    Card => Card,
    Profile => Profile,
    HospitalPage => Hospital,
    Ring => Ring,
    Manifest => Manifest,
    Envelope => Envelope,
    Reason => Reason,
    Notebook => Notebook,
}

impl Body for Slot {
    const KIND: Kind = Kind::Slot;

    fn is_sound(&self) -> bool {
        let fits = |passkey: &Passkey| (1..=Passkey::MAX_ID).contains(&passkey.id.0.len());
        self.passkey.as_ref().is_none_or(|passkey| self.account.is_none() && fits(passkey))
    }
}
