//! What the chain says, in rows that can be asked for, each answer with the block it holds at.

use medkey_protocol::{
    Address, Digest,
    api::{Role, Tip},
    chart::Entry,
};
use serde::{Deserialize, Serialize};

pub(crate) mod blocks;
pub(crate) mod db;
pub(crate) mod follow;
pub(crate) mod notebooks;
pub(crate) mod payments;
pub(crate) mod read;
pub(crate) mod sessions;
pub(crate) mod write;

pub(crate) use db::{Db, DbError};

/// Logs of a block at most; a position is block number and log index in one number.
const LOGS_PER_BLOCK: u64 = 1 << 20;

/// A followed block: where it stands and what our contract did in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Followed {
    pub(crate) tip: Tip,
    pub(crate) happened: Vec<Happened>,
}

/// Something our contract did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Happened {
    /// In a chart.
    Chart { chart: Address, entry: Entry },
    /// To a member or a hospital.
    Registry { log: u64, event: RegistryEvent },
}

/// What the registry's events say, without what only the contract needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RegistryEvent {
    Registered { member: Address, role: Role, card: Digest, profile: Option<Digest>, hospital: u32 },
    CardUpdated { member: Address, card: Digest },
    ProfileProposed { member: Address, profile: Digest, hospital: u32 },
    Verified { member: Address, profile: Digest, hospital: u32 },
    Refused { member: Address, reason: u8 },
    Suspended { member: Address, reason: u8 },
    Reinstated { member: Address },
    HospitalAdded { hospital: u32, page: Digest },
    HospitalUpdated { hospital: u32, page: Digest },
    HospitalClosed { hospital: u32 },
}

impl RegistryEvent {
    fn member(&self) -> Option<Address> {
        match self {
            Self::Registered { member, .. }
            | Self::CardUpdated { member, .. }
            | Self::ProfileProposed { member, .. }
            | Self::Verified { member, .. }
            | Self::Refused { member, .. }
            | Self::Suspended { member, .. }
            | Self::Reinstated { member } => Some(*member),
            Self::HospitalAdded { .. } | Self::HospitalUpdated { .. } | Self::HospitalClosed { .. } => None,
        }
    }

    fn hospital(&self) -> Option<u32> {
        match self {
            Self::HospitalAdded { hospital, .. }
            | Self::HospitalUpdated { hospital, .. }
            | Self::HospitalClosed { hospital } => Some(*hospital),
            _ => None,
        }
    }
}
