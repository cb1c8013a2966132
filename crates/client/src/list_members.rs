//! The directory of members, as the relay lists it. A profile is what its hash says; who stands how is the relay's word
//! until it was compared with the chain, one by one, before it matters.

use core::cmp::Ordering;

use medkey_protocol::{
    Address, Digest,
    api::{MemberChange, MemberEntry, MemberQuery, RegistryCounts},
    blocks::{Block, Profile},
};

use crate::{
    Medkey,
    fault::{Fault, Lie, RelayError},
    people::{Standing, standing},
    ports::{Ports, ReadAt, WalletError},
};

/// A member as the relay lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The relay's entry.
    pub entry: MemberEntry,
    /// The block it holds at.
    pub block: u64,
    /// The profile that the entry says is verified; `None` if the relay does not hand it out.
    pub profile: Option<Profile>,
    /// The profile that waits for the registrar.
    pub proposed: Option<Profile>,
}

impl Listed {
    /// Whose.
    pub fn member(&self) -> Address {
        self.entry.member
    }
}

/// An entry of the relay beside the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// It is so at this block, the newest of the wallet's node.
    Agrees(u64),
    /// It was so at the block that the relay named; the chain has gone on.
    Behind(u64),
    /// The wallet's node does not know the block yet that the relay named.
    Ahead(u64),
}

/// How far relay and chain are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Apart {
    /// The newest block that the relay followed.
    pub relay: u64,
    /// The newest block of the wallet's node.
    pub chain: u64,
    /// Whether the seat of the registrar is this account's.
    pub is_registrar: bool,
}

impl Apart {
    /// How many blocks the relay is behind.
    pub fn behind(&self) -> u64 {
        self.chain.saturating_sub(self.relay)
    }
}

fn is_so(found: Option<Standing>, entry: &MemberEntry) -> bool {
    found.is_some_and(|found| {
        (found.role, found.status, found.hospital, found.profile)
            == (entry.role, entry.status, entry.hospital, entry.profile)
    })
}

impl<P: Ports> Medkey<P> {
    /// The members of the relay's directory that match, with their profiles, handed over page by page as they come. It
    /// may leave somebody out. `profiles: Some(false)` fetches only those that are not known yet, one by one.
    pub async fn list_members(&self, query: &MemberQuery, mut found: impl FnMut(Vec<Listed>)) -> Result<(), Fault> {
        let mut query = MemberQuery { profiles: query.profiles.or(Some(true)), ..query.clone() };
        loop {
            let page = self.relay_members(&query).await?;
            let mut listed = Vec::with_capacity(page.items.len());
            for entry in page.items {
                listed.push(self.listed(entry, page.at.block).await?);
            }
            found(listed);
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// The same all at once.
    pub async fn all_members(&self, query: &MemberQuery) -> Result<Vec<Listed>, Fault> {
        let mut all = Vec::new();
        self.list_members(query, |some| all.extend(some)).await?;
        Ok(all)
    }

    /// One member of the relay's directory.
    pub async fn listed_member(&self, member: Address) -> Result<Listed, Fault> {
        let found = self.relay_member(member).await?;
        if found.item.member != member {
            return Err(Lie::Member.into());
        }
        self.listed(found.item, found.at.block).await
    }

    async fn listed(&self, mut entry: MemberEntry, block: u64) -> Result<Listed, Fault> {
        for bytes in core::mem::take(&mut entry.blocks) {
            // Whatever it is, it is kept under what it is, and found only by who asks for that.
            self.know_block(bytes.0);
        }
        let profile = match entry.profile {
            Some(digest) => self.profile_there(digest, entry.member).await?,
            None => None,
        };
        let proposed = match &entry.proposal {
            Some(proposal) => self.profile_there(proposal.profile, entry.member).await?,
            None => None,
        };
        Ok(Listed { entry, block, profile, proposed })
    }

    /// A profile by digest, where the relay hands it out: somebody who registered through another relay, or with a
    /// block that is no profile, does not hide the others.
    pub async fn profile_there(&self, digest: Digest, member: Address) -> Result<Option<Profile>, Fault> {
        let found: Result<Block<Profile>, Fault> = self.block_of(digest, member).await;
        match found {
            Ok(block) => Ok(Some(block.body)),
            Err(Fault::Relay(RelayError::Refused { .. } | RelayError::Nonsense) | Fault::Lie(Lie::Place)) => Ok(None),
            Err(Fault::Lie(_)) => Err(Lie::Profile.into()),
            Err(fault) => Err(fault),
        }
    }

    /// Compares an entry with the chain, at the newest block and if it is not so there at the one that the relay named.
    pub async fn compare_listed(&self, listed: &Listed) -> Result<Compared, Fault> {
        let Listed { entry, block, .. } = listed;
        let (newest, stamp) = self.view_member(entry.member, ReadAt::Newest).await?;
        if is_so(standing(&newest), entry) {
            return Ok(Compared::Agrees(stamp.block));
        }
        match block.cmp(&stamp.block) {
            Ordering::Equal => Err(Lie::Member.into()),
            Ordering::Greater => match self.view_member(entry.member, ReadAt::Block(*block)).await {
                Ok((named, _)) if is_so(standing(&named), entry) => Ok(Compared::Agrees(*block)),
                Ok(_) => Err(Lie::Member.into()),
                Err(WalletError::UnknownBlock) => Ok(Compared::Ahead(*block)),
                Err(error) => Err(error.into()),
            },
            Ordering::Less => match self.view_member(entry.member, ReadAt::Block(*block)).await {
                Ok((named, _)) if is_so(standing(&named), entry) => Ok(Compared::Behind(*block)),
                Ok(_) => Err(Lie::Member.into()),
                // A node that keeps no old states cannot say how it was.
                Err(WalletError::UnknownBlock) => Ok(Compared::Behind(*block)),
                Err(error) => Err(error.into()),
            },
        }
    }

    /// What happened to a member as a member, oldest first, as the relay tells it.
    pub async fn member_history(&self, member: Address) -> Result<Vec<MemberChange>, Fault> {
        let (mut changes, mut after) = (Vec::new(), None);
        loop {
            let page = self.relay_history(member, after).await?;
            changes.extend(page.items);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(changes),
            }
        }
    }

    /// How many members there are, and what happened to them, as the relay counts it.
    pub async fn registry_counts(&self) -> Result<RegistryCounts, Fault> {
        Ok(self.relay_registry().await?.item)
    }

    /// How the relay is, in its own words.
    pub async fn relay_health(&self) -> Result<medkey_protocol::api::HealthReport, Fault> {
        Ok(self.relay_report().await?)
    }

    /// How far relay and chain are apart, and whose the registrar's seat is. A relay of another deployment is a lie.
    pub async fn apart(&self) -> Result<Apart, Fault> {
        let info = self.relay_info().await?;
        if info.deployment != self.at {
            return Err(Lie::Deployment.into());
        }
        let (registrar, _, stamp) = self.view_registrar().await?;
        Ok(Apart { relay: info.at.block, chain: stamp.block, is_registrar: registrar == self.account() })
    }
}
