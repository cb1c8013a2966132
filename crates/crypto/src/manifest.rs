//! The manifest of a record: its key for each who holds it from the start, its sealed meta, and commitments to both
//! key and content.
//!
//! Re-filing, renaming and re-sealing make a new manifest over the same body.

use medkey_protocol::{
    Address, Digest, FolderId, Link, RecordId,
    blocks::{Block, BodyLink, Manifest, RecordKeys, Sealed},
    ids::{Fixed, Octets},
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::{
    Context, FolderKey, IdentityKey, OpenError, PublicKey, RecordKey, SealError, coded,
    hpke::{Opener, Purpose, seal},
};

/// What kind of document a record is: a code of a public system (LOINC, a FHIR type).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordKind {
    /// `http://loinc.org`, `http://hl7.org/fhir/fhir-types`…
    pub system: String,
    /// The code within the system.
    pub code: String,
    /// What people call it.
    pub display: String,
}

/// What the author of a record has looked through and found right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmed {
    /// The record.
    pub record: RecordId,
    /// Its content: another file under the same id is not what was looked at.
    pub content: Fixed<32>,
}

/// What a record says about itself; sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Meta {
    /// Shown in lists.
    pub title: String,
    /// What kind of document it is.
    pub kind: RecordKind,
    /// `application/pdf`, `application/fhir+json`…
    pub media_type: String,
    /// The name of the file, without folders.
    pub file_name: String,
    /// When it was filed, RFC 3339.
    pub created: String,
    /// When what it describes happened, RFC 3339, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
    /// True length of the plaintext in bytes; the body is padded.
    pub length: u64,
    /// Salt of the content digest.
    pub salt: Fixed<32>,
    /// The record that this one amends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amends: Option<RecordId>,
    /// The digest of the request that this record answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Digest>,
    /// What this record confirms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirms: Option<Confirmed>,
}

/// Where a record is filed, by whom, and who can open it from the start.
#[derive(Debug, Clone, Copy)]
pub struct Filing<'a> {
    /// `subject` is the chart.
    pub context: &'a Context,
    /// Who files it.
    pub author: Address,
    /// The folder.
    pub folder: FolderId,
    /// The folder's epoch.
    pub epoch: u32,
    /// The patient's identity.
    pub owner_key: &'a PublicKey,
    /// The key of the folder's ring.
    pub folder_key: &'a PublicKey,
    /// The author's identity, where the author keeps a copy.
    pub author_key: Option<&'a PublicKey>,
}

/// A stored body, and what commits to its plaintext.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The record's id.
    pub id: RecordId,
    /// Where the ciphertext is.
    pub body: BodyLink,
    /// The content digest.
    pub content: [u8; 32],
    /// The first manifest of the record, where this is not it.
    pub origin: Option<Link>,
}

impl Stored {
    /// The same body for a further manifest. `origin` is the link of `manifest`, unless that has an origin already.
    #[must_use]
    pub fn again(manifest: &Manifest, link: Link) -> Self {
        let origin = manifest.origin.or(Some(link));
        Self { origin, ..Self::of(manifest) }
    }

    /// The same body for a manifest that takes the place of one never announced, as when the patient's card changed
    /// between sealing and the transaction.
    #[must_use]
    pub fn of(manifest: &Manifest) -> Self {
        let Manifest { id, body, content, origin, .. } = manifest;
        Self { id: *id, body: *body, content: content.0, origin: *origin }
    }
}

/// What opening a manifest gives.
#[derive(Debug)]
pub struct OpenedManifest {
    /// Opens the body.
    pub key: RecordKey,
    /// What the record says about itself.
    pub meta: Meta,
}

/// With what a manifest is opened.
#[derive(Debug, Clone, Copy)]
pub enum Reader<'a> {
    /// The patient.
    Owner(&'a IdentityKey),
    /// Anybody who holds the folder.
    Folder(&'a FolderKey),
    /// The author, from the copy it kept.
    Author(&'a IdentityKey),
    /// Anybody who holds this one record.
    Record(&'a RecordKey),
}

/// Seals a record's key and meta for a body that is stored.
pub fn make_manifest(
    filing: &Filing<'_>,
    stored: &Stored,
    key: &RecordKey,
    meta: &Meta,
    rng: &mut impl CryptoRng,
) -> Result<Block<Manifest>, SealError> {
    let Filing { context, author, folder, epoch, .. } = *filing;
    let commit = key.commit();
    let aad = Binding { context, author, folder, epoch, stored, commit: &commit }.transcript();
    let mut seal_to = |to: &PublicKey, purpose| seal(rng, to, purpose, context, &aad, key.expose());
    let keys = RecordKeys {
        owner: seal_to(filing.owner_key, Purpose::RecordForOwner)?,
        folder: seal_to(filing.folder_key, Purpose::RecordForFolder)?,
        author: filing.author_key.map(|to| seal_to(to, Purpose::RecordForAuthor)).transpose()?,
    };
    let mut salt = [0; 32];
    rng.fill_bytes(&mut salt);
    let message = coded::encode(&[], meta)?;
    let meta = medkey_protocol::blocks::Locked { salt: Fixed(salt), ct: Octets(key.meta(&salt).seal(&aad, &message)) };
    let Stored { id, body, content, origin } = *stored;
    let commit = Fixed(commit);
    let manifest = Manifest { id, folder, epoch, keys, commit, meta, body, content: Fixed(content), origin };
    Ok(Block { header: context.header().with_party(author), body: manifest })
}

/// Opens a manifest. That its author announced it in this chart is for the chart's events to show.
pub fn open_manifest(manifest: &Block<Manifest>, reader: Reader<'_>) -> Result<OpenedManifest, OpenError> {
    let aad = binding_of(manifest)?;
    let key = open_key(manifest, reader, &aad)?;
    let message = key.meta(&manifest.body.meta.salt.0).open(&aad, &manifest.body.meta.ct.0)?;
    let ([], meta) = coded::decode(&message)?;
    Ok(OpenedManifest { key, meta })
}

/// Whether the folder's copy of the key is the same as the owner's, which opened. Where it is not, the author gave patient
/// and readers different things, and the record is marked.
#[must_use]
pub fn folder_copy_agrees(manifest: &Block<Manifest>, folder: &FolderKey) -> bool {
    // Both are checked against one commitment, so both being right makes them equal.
    binding_of(manifest).is_ok_and(|aad| open_key(manifest, Reader::Folder(folder), &aad).is_ok())
}

fn open_key(manifest: &Block<Manifest>, reader: Reader<'_>, aad: &[u8]) -> Result<RecordKey, OpenError> {
    let keys = &manifest.body.keys;
    let context = Context::from(&manifest.header);
    let open = |opener: &Opener, purpose, sealed: &Sealed| {
        opener.open(purpose, &context, aad, sealed).and_then(|key| RecordKey::from_exposed(&key[..]))
    };
    let key = match reader {
        Reader::Owner(identity) => open(&identity.0, Purpose::RecordForOwner, &keys.owner),
        Reader::Folder(folder) => open(&folder.0, Purpose::RecordForFolder, &keys.folder),
        Reader::Author(identity) => open(&identity.0, Purpose::RecordForAuthor, keys.author.as_ref().ok_or(OpenError)?),
        Reader::Record(key) => RecordKey::from_exposed(key.expose()),
    };
    key?.check(&manifest.body.commit.0)
}

fn binding_of(manifest: &Block<Manifest>) -> Result<Vec<u8>, OpenError> {
    let context = &Context::from(&manifest.header);
    let author = manifest.header.party.ok_or(OpenError)?;
    let Manifest { folder, epoch, commit, .. } = &manifest.body;
    let stored = &Stored::of(&manifest.body);
    Ok(Binding { context, author, folder: *folder, epoch: *epoch, stored, commit: &commit.0 }.transcript())
}

/// What the sealed keys and the meta are bound to.
struct Binding<'a> {
    context: &'a Context,
    author: Address,
    folder: FolderId,
    epoch: u32,
    stored: &'a Stored,
    commit: &'a [u8; 32],
}

impl Binding<'_> {
    fn transcript(&self) -> Vec<u8> {
        let Stored { id, body, content, origin } = self.stored;
        let origin = origin.map(|link| link.cid().to_bytes()).unwrap_or_default();
        self.context.transcript(
            "manifest",
            &[
                id.bytes(),
                &body.link.cid().to_bytes(),
                &body.size.to_be_bytes(),
                self.folder.bytes(),
                &self.epoch.to_be_bytes(),
                self.author.as_slice(),
                content,
                &origin,
                self.commit,
            ],
        )
    }
}
