//! What a block is, whose it is and what it links to, read once when it comes in.
//!
//! The access rule and the clearing of old blocks work on these facts in the index and never read a block again.

use bytes::Bytes;
use medkey_protocol::{
    Address, Deployment, FolderId, Link, RecordId, Scope,
    blocks::{
        Block, BlockError, Body, Card, Envelope, HospitalPage, Kind, Manifest, Profile, Reason, Ring, Slot, kind_of,
    },
    ids::{self, Fixed},
};

use crate::unixfs::{FileNode, NotAFile};

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// A leaf of a body.
    Leaf,
    /// An inner node of a body.
    Node,
    /// One of Medkey's own blocks.
    Own(Kind),
}

/// How one block names another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Relation {
    /// A card's ring.
    Ring = 1,
    /// A card's slot.
    Slot = 2,
    /// A ring's former epoch.
    Previous = 3,
    /// A manifest's body.
    Body = 4,
    /// A manifest's first manifest.
    Origin = 5,
    /// A body's inner node's part.
    Part = 6,
}

/// A link out of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) relation: Relation,
    pub(crate) to: Link,
    /// Bytes of the file below the link, for parts and bodies; else 0.
    pub(crate) size: u64,
}

/// The facts about a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) form: Form,
    /// The member or chart it says it belongs to; none for leaves and nodes.
    pub(crate) subject: Option<Address>,
    /// The other party it names.
    pub(crate) party: Option<Address>,
    /// Bytes of the block.
    pub(crate) size: u64,
    /// Bytes of the file below it; 0 for Medkey's own blocks.
    pub(crate) file_size: u64,
    pub(crate) edges: Vec<Edge>,
    pub(crate) detail: Detail,
}

/// What only one kind of block says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Detail {
    None,
    /// A card's sign-in key.
    Signin(Fixed<32>),
    /// What an envelope opens.
    Scope(Scope),
    /// Where a manifest files its record.
    Filing {
        folder: FolderId,
        record: RecordId,
    },
}

/// Why bytes are no block that Medkey knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotABlock {
    #[error(transparent)]
    Block(#[from] BlockError),
    #[error(transparent)]
    File(#[from] NotAFile),
    #[error("the block names one block twice in different ways")]
    Ambiguous,
    #[error("the body of a manifest is no file")]
    Body,
}

impl Facts {
    /// Reads a block that is known to hash to `link`.
    pub(crate) fn read(link: Link, bytes: &Bytes, at: &Deployment) -> Result<Self, NotABlock> {
        match link.codec() {
            ids::RAW => Ok(Self::part(Form::Leaf, bytes, bytes.len() as u64, vec![])),
            ids::DAG_PB => {
                let node = FileNode::parse(bytes)?;
                let mut edges: Vec<Edge> = Vec::with_capacity(node.parts.len());
                for part in node.parts {
                    edges.push(Edge { relation: Relation::Part, to: part.link, size: part.size });
                }
                Ok(Self::part(Form::Node, bytes, node.size, distinct(edges)?))
            }
            _ => Self::own(bytes, at),
        }
    }

    fn part(form: Form, bytes: &Bytes, file_size: u64, edges: Vec<Edge>) -> Self {
        Self { form, subject: None, party: None, size: bytes.len() as u64, file_size, edges, detail: Detail::None }
    }

    fn own(bytes: &Bytes, at: &Deployment) -> Result<Self, NotABlock> {
        match kind_of(bytes)? {
            Kind::Card => Self::of::<Card>(bytes, at, |card| {
                let rings = card.folders.iter().map(|folder| (Relation::Ring, folder.ring));
                let slots = card.slots.iter().map(|slot| (Relation::Slot, *slot));
                (rings.chain(slots).map(plain).collect(), Detail::Signin(card.signin))
            }),
            Kind::Slot => Self::of::<Slot>(bytes, at, |_| (vec![], Detail::None)),
            Kind::Profile => Self::of::<Profile>(bytes, at, |_| (vec![], Detail::None)),
            Kind::Hospital => Self::of::<HospitalPage>(bytes, at, |_| (vec![], Detail::None)),
            Kind::Ring => Self::of::<Ring>(bytes, at, |ring| {
                let previous = ring.previous.map(|link| (Relation::Previous, link));
                (previous.into_iter().map(plain).collect(), Detail::None)
            }),
            Kind::Manifest => {
                let facts = Self::of::<Manifest>(bytes, at, |manifest| {
                    let body = Edge { relation: Relation::Body, to: manifest.body.link, size: manifest.body.size };
                    let origin = manifest.origin.map(|link| plain((Relation::Origin, link)));
                    let filing = Detail::Filing { folder: manifest.folder, record: manifest.id };
                    (core::iter::once(body).chain(origin).collect(), filing)
                })?;
                let body_is_a_file =
                    facts.edges.iter().all(|edge| edge.relation != Relation::Body || edge.to.codec() != ids::DAG_CBOR);
                if body_is_a_file { Ok(facts) } else { Err(NotABlock::Body) }
            }
            Kind::Envelope => Self::of::<Envelope>(bytes, at, |envelope| (vec![], Detail::Scope(envelope.scope))),
            Kind::Reason => Self::of::<Reason>(bytes, at, |_| (vec![], Detail::None)),
            // Its member replaces it elsewhere; nothing names it.
            Kind::Notebook => Err(BlockError::Kind.into()),
        }
    }

    fn of<B: Body>(
        bytes: &Bytes,
        at: &Deployment,
        say: impl FnOnce(&B) -> (Vec<Edge>, Detail),
    ) -> Result<Self, NotABlock> {
        let block = Block::<B>::parse(bytes, at)?;
        let (edges, detail) = say(&block.body);
        Ok(Self {
            form: Form::Own(B::KIND),
            subject: Some(block.header.subject),
            party: block.header.party,
            size: bytes.len() as u64,
            file_size: 0,
            edges: distinct(edges)?,
            detail,
        })
    }

    /// The block that this one names as its body.
    pub(crate) fn body(&self) -> Option<&Edge> {
        self.edges.iter().find(|edge| edge.relation == Relation::Body)
    }
}

fn plain((relation, to): (Relation, Link)) -> Edge {
    Edge { relation, to, size: 0 }
}

/// Each edge once; the same block with two sizes has no meaning.
fn distinct(mut edges: Vec<Edge>) -> Result<Vec<Edge>, NotABlock> {
    edges.sort_by_key(|edge| (edge.relation as u8, edge.to, edge.size));
    edges.dedup();
    let ambiguous = edges.windows(2).any(|pair| pair[0].relation == pair[1].relation && pair[0].to == pair[1].to);
    if ambiguous { Err(NotABlock::Ambiguous) } else { Ok(edges) }
}

impl Form {
    /// The number the index keeps.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Leaf => 100,
            Self::Node => 101,
            Self::Own(kind) => kind as u8,
        }
    }

    /// The form with this number.
    pub(crate) fn from_code(code: u8) -> Option<Self> {
        match code {
            100 => Some(Self::Leaf),
            101 => Some(Self::Node),
            _ => Kind::ALL.into_iter().find(|kind| *kind as u8 == code).map(Self::Own),
        }
    }
}
