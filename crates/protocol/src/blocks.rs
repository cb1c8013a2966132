//! The DAG-CBOR blocks that digests on chain name, and their strict reading.
//!
//! Every block is an array of seven: version, kind, chain id (8 bytes, big-endian), contract (20 bytes),
//! subject (20 bytes: the member or chart it belongs to), party (20 bytes or none: see [`Kind`]) and a map, the body.
//! All fields before the body have fixed lengths, so a card's recovery address stands at [`RECOVERY_OFFSET`] for ever.
//!
//! Reading is strict: another version, kind, chain or contract, an unknown field, a form that is not canonical or a
//! size over the limit is refused, so one meaning has one digest.

use alloy_primitives::Address;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::ids::{Deployment, Digest, Fixed, FolderId, Link, Octets, RecordId, Scope};

mod bodies;
pub use bodies::*;

/// The one version there is.
pub const VERSION: u8 = 1;

/// Byte offset of the recovery address in every card.
pub const RECOVERY_OFFSET: usize = 55;

/// What a block is, and whom its party names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// A member's public keys; party: the recovery address.
    Card = 1,
    /// The root locked for a wallet or a passkey; no party.
    Slot = 2,
    /// A doctor's or laboratory's public page; no party.
    Profile = 3,
    /// A hospital's public page; subject: zero, it is the registry's; no party.
    Hospital = 4,
    /// A folder's current epoch; no party.
    Ring = 5,
    /// A record; party: the author.
    Manifest = 6,
    /// The keys of a grant or an offer; party: the grantee, or the offer's signing key.
    Envelope = 7,
    /// Why a doctor asks; party: the requester.
    Reason = 8,
    /// What a member notes for itself; no party. The relay keeps one for each member, and nothing names it.
    Notebook = 9,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Card,
        Self::Slot,
        Self::Profile,
        Self::Hospital,
        Self::Ring,
        Self::Manifest,
        Self::Envelope,
        Self::Reason,
        Self::Notebook,
    ];

    /// The largest block of this kind, in bytes.
    pub const fn limit(self) -> usize {
        match self {
            Self::Card | Self::Notebook => 64 << 10,
            Self::Slot => 1 << 10,
            Self::Ring => 1 << 20,
            Self::Profile | Self::Hospital | Self::Manifest | Self::Envelope | Self::Reason => 16 << 10,
        }
    }

    const fn has_party(self) -> bool {
        matches!(self, Self::Card | Self::Manifest | Self::Envelope | Self::Reason)
    }
}

/// The body of one kind of block.
pub trait Body: Serialize + DeserializeOwned {
    /// Which kind.
    const KIND: Kind;

    /// Whether its fields go together. What does not is neither written nor read.
    fn is_sound(&self) -> bool {
        true
    }
}

/// Why bytes are not the block they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// Larger than any block of its kind.
    #[error("the block is larger than its kind allows")]
    TooLarge,
    /// Not DAG-CBOR, not canonical, or not the fields of its kind.
    #[error("the block is not a valid Medkey block")]
    Malformed,
    /// Written by a newer Medkey.
    #[error("the block has version {0}, which this version of Medkey cannot read")]
    Version(u8),
    /// Another kind than the place calls for.
    #[error("the block is of another kind than expected")]
    Kind,
    /// It belongs to another chain or contract.
    #[error("the block belongs to another deployment of Medkey")]
    Deployment,
    /// It belongs to another member or chart, or names another party.
    #[error("the block belongs to somebody else")]
    Owner,
}

/// Whose a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Header {
    /// EIP-155 chain id.
    pub chain: u64,
    /// The `Medkey` contract.
    pub contract: Address,
    /// The member or chart.
    pub subject: Address,
    /// The other party, where the kind has one.
    pub party: Option<Address>,
}

impl Header {
    /// The header of a block of `subject` without a party.
    pub fn new(at: &Deployment, subject: Address) -> Self {
        Self { chain: at.chain, contract: at.contract, subject, party: None }
    }

    /// The same with a party.
    pub fn with_party(self, party: Address) -> Self {
        Self { party: Some(party), ..self }
    }
}

/// A block: whose it is, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<B> {
    /// Whose it is.
    pub header: Header,
    /// What it says.
    pub body: B,
}

/// A block in its one encoded form.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodedBlock {
    /// Its digest, as on chain.
    pub digest: Digest,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl EncodedBlock {
    /// The link to it.
    pub fn link(&self) -> Link {
        self.digest.link()
    }
}

impl core::fmt::Debug for EncodedBlock {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "EncodedBlock({}, {} bytes)", self.digest, self.bytes.len())
    }
}

type Wire<B> = (u8, u8, Fixed<8>, Fixed<20>, Fixed<20>, Octets, B);

impl<B: Body> Block<B> {
    /// The bytes and digest of the block.
    pub fn encode(&self) -> Result<EncodedBlock, BlockError> {
        let Header { chain, contract, subject, party } = &self.header;
        if party.is_some() != B::KIND.has_party() {
            return Err(BlockError::Owner);
        }
        if !self.body.is_sound() {
            return Err(BlockError::Malformed);
        }
        let party = Octets(party.map(|party| party.to_vec()).unwrap_or_default());
        let chain = Fixed(chain.to_be_bytes());
        let wire = (VERSION, B::KIND as u8, chain, Fixed(contract.0.0), Fixed(subject.0.0), party, &self.body);
        let bytes = serde_ipld_dagcbor::to_vec(&wire).map_err(|_| BlockError::Malformed)?;
        if bytes.len() > B::KIND.limit() {
            return Err(BlockError::TooLarge);
        }
        Ok(EncodedBlock { digest: Digest::of(&bytes), bytes })
    }

    /// Reads a block that must be of this kind and deployment, in its one canonical form.
    pub fn parse(bytes: &[u8], at: &Deployment) -> Result<Self, BlockError> {
        if bytes.len() > B::KIND.limit() {
            return Err(BlockError::TooLarge);
        }
        if kind_of(bytes)? != B::KIND {
            return Err(BlockError::Kind);
        }
        let wire: Wire<B> = serde_ipld_dagcbor::from_slice(bytes).map_err(|_| BlockError::Malformed)?;
        let (_, _, chain, contract, subject, party, body) = wire;
        let party = match (party.0.as_slice(), B::KIND.has_party()) {
            ([], false) => None,
            (party, true) => Some(Address::try_from(party).map_err(|_| BlockError::Malformed)?),
            _ => return Err(BlockError::Malformed),
        };
        let chain = u64::from_be_bytes(chain.0);
        let header = Header { chain, contract: Address::new(contract.0), subject: Address::new(subject.0), party };
        if chain != at.chain || header.contract != at.contract {
            return Err(BlockError::Deployment);
        }
        let block = Self { header, body };
        if block.encode()?.bytes != bytes {
            return Err(BlockError::Malformed);
        }
        Ok(block)
    }

    /// Reads a block that must belong to `subject`.
    pub fn parse_of(bytes: &[u8], at: &Deployment, subject: Address) -> Result<Self, BlockError> {
        let block = Self::parse(bytes, at)?;
        if block.header.subject == subject { Ok(block) } else { Err(BlockError::Owner) }
    }

    /// Reads a block that must belong to `subject` and name `party`.
    pub fn parse_between(bytes: &[u8], at: &Deployment, subject: Address, party: Address) -> Result<Self, BlockError> {
        let block = Self::parse_of(bytes, at, subject)?;
        if block.header.party == Some(party) { Ok(block) } else { Err(BlockError::Owner) }
    }
}

/// The kind a block says it is, from its first bytes.
pub fn kind_of(bytes: &[u8]) -> Result<Kind, BlockError> {
    // An array of seven, then two small integers, each one byte.
    let [0x87, version, kind, ..] = bytes else { return Err(BlockError::Malformed) };
    if *version != VERSION {
        return Err(BlockError::Version(*version));
    }
    Kind::ALL.into_iter().find(|known| *known as u8 == *kind).ok_or(BlockError::Malformed)
}

#[cfg(test)]
mod tests;
