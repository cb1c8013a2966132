//! The envelope of a grant: the folder's seed or the record's key, and whose chart it is, sealed to the grantee.

use medkey_protocol::{
    Address, Digest, Scope,
    blocks::{Block, Envelope},
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::{
    Context, FolderKey, IdentityKey, OpenError, PublicKey, RecordKey, SealError, coded,
    hpke::{Purpose, seal},
};

const FOLDER: u8 = 1;
const RECORD: u8 = 2;
/// Which kind of key, and the key.
const PREFIX: usize = 33;

/// The key that a grant hands over.
#[derive(Debug, Clone, Copy)]
pub enum HandedKey<'a> {
    /// Of a folder's current epoch; it leads to all others.
    Folder(&'a FolderKey),
    /// Of one record.
    Record(&'a RecordKey),
}

/// Whose chart it is, in the patient's words, and what the grant answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Introduction {
    /// The patient's name.
    pub name: String,
    /// The patient's birth date, as FHIR writes it: `1984-07-02`.
    pub birth_date: String,
    /// The digest of the reason of the request that this grant answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Digest>,
}

/// What a grantee finds in the envelope.
#[derive(Debug)]
pub struct Granted {
    /// The key.
    pub key: GrantedKey,
    /// Whose chart it is.
    pub introduction: Introduction,
}

/// The key that was handed over.
#[derive(Debug)]
pub enum GrantedKey {
    /// Of an epoch of a folder: [check](crate::ring::check) it against a ring before use.
    Folder(FolderKey),
    /// Of one record: opening its manifest checks it.
    Record(RecordKey),
}

/// Seals a grant; `context.subject` is the chart.
pub fn make_envelope(
    context: &Context,
    grantee: Address,
    to: &PublicKey,
    scope: Scope,
    key: HandedKey<'_>,
    introduction: &Introduction,
    rng: &mut impl CryptoRng,
) -> Result<Block<Envelope>, SealError> {
    let message = message(key, introduction)?;
    let aad = binding(context, grantee, &scope);
    let sealed = seal(rng, to, Purpose::Envelope, context, &aad, &message)?;
    Ok(Block { header: context.header().with_party(grantee), body: Envelope { scope, sealed, offer: None } })
}

/// Opens what was granted.
pub fn open_envelope(envelope: &Block<Envelope>, identity: &IdentityKey) -> Result<Granted, OpenError> {
    let context = Context::from(&envelope.header);
    let grantee = envelope.header.party.ok_or(OpenError)?;
    let aad = binding(&context, grantee, &envelope.body.scope);
    let message = identity.0.open(Purpose::Envelope, &context, &aad, &envelope.body.sealed)?;
    if envelope.body.offer.is_some() {
        return Err(OpenError);
    }
    read(&message)
}

/// What is sealed in the envelope of a grant or an offer.
pub(crate) fn message(key: HandedKey<'_>, introduction: &Introduction) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let mut prefix = Zeroizing::new([0; PREFIX]);
    let (kind, secret) = match key {
        HandedKey::Folder(key) => (FOLDER, key.seed()),
        HandedKey::Record(key) => (RECORD, key.expose()),
    };
    prefix[0] = kind;
    prefix[1..].copy_from_slice(secret);
    coded::encode(&prefix[..], introduction)
}

/// Undoes [`message`].
pub(crate) fn read(message: &[u8]) -> Result<Granted, OpenError> {
    let (mut prefix, introduction) = coded::decode::<Introduction, PREFIX>(message)?;
    let key = match prefix[0] {
        FOLDER => FolderKey::from_seed(&prefix[1..]).map(GrantedKey::Folder),
        RECORD => RecordKey::from_exposed(&prefix[1..]).map(GrantedKey::Record),
        _ => Err(OpenError),
    };
    prefix.zeroize();
    Ok(Granted { key: key?, introduction })
}

fn binding(context: &Context, grantee: Address, scope: &Scope) -> Vec<u8> {
    context.transcript("envelope", &[grantee.as_slice(), scope.bytes()])
}
