//! Who somebody is: the member's slot on chain, and the card, profile and hospital page that it names. What the relay
//! hands out is compared with the chain before it is used.

use futures::StreamExt as _;
use medkey_crypto::{PublicKey, fingerprint};
use medkey_protocol::{
    Address, Digest,
    api::{At, ErrorCode, HospitalEntry, MemberEntry, MemberQuery, Role, Status},
    blocks::{Block, Card, HospitalPage, Profile},
    contract::IMembers,
};

use crate::{
    Medkey,
    chain::{LOOK_EVERY, is_current},
    fault::{Fault, Lie, Refusal, RelayError},
    ports::{Clock, Ports, ReadAt, WalletError},
};

/// How many times a relay that is behind is looked at again.
pub(crate) const PATIENCE: usize = 20;

/// Pages that are read at the same time.
const AT_ONCE: usize = 8;

/// A member as the chain has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What it is.
    pub role: Role,
    /// Where it stands.
    pub status: Status,
    /// The verified hospital, 0 for none.
    pub hospital: u32,
    /// Time of registration, in seconds.
    pub since: u64,
    /// First 20 bytes of the digest of the current card.
    pub card: [u8; 20],
    /// The verified profile.
    pub profile: Option<Digest>,
}

/// A member's current card, compared with the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentCard {
    /// Its digest.
    pub digest: Digest,
    /// The card.
    pub block: Block<Card>,
}

impl CurrentCard {
    /// The key that others seal to.
    pub fn identity(&self) -> Result<PublicKey, Lie> {
        PublicKey::parse(&self.block.body.identity.0).map_err(|_| Lie::Card)
    }

    /// The same key in four words, to compare in person.
    pub fn fingerprint(&self) -> Result<String, Lie> {
        Ok(fingerprint::fingerprint(&self.identity()?))
    }
}

/// A doctor or laboratory with its profile as the registrar verified it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Professional {
    /// Whose.
    pub member: Address,
    /// As the chain has it.
    pub standing: Standing,
    /// The verified profile.
    pub profile: Profile,
    /// The hospital's page, where there is one.
    pub hospital: Option<HospitalPage>,
}

/// A hospital with its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hospital {
    /// Its id.
    pub id: u32,
    /// Whether it takes new doctors.
    pub open: bool,
    /// Its page.
    pub page: HospitalPage,
}

/// Reads what the contract answers; `None` for a stranger.
pub(crate) fn standing(member: &IMembers::Member) -> Option<Standing> {
    let role = match member.role {
        IMembers::Role::Patient => Role::Patient,
        IMembers::Role::Doctor => Role::Doctor,
        IMembers::Role::Lab => Role::Lab,
        _ => return None,
    };
    let status = match member.status {
        IMembers::Status::Pending => Status::Pending,
        IMembers::Status::Active => Status::Active,
        IMembers::Status::Refused => Status::Refused,
        IMembers::Status::Suspended => Status::Suspended,
        _ => return None,
    };
    let profile = Some(member.profile).filter(|profile| !profile.is_zero()).map(Digest::from);
    let since = member.since.to::<u64>();
    Some(Standing { role, status, hospital: member.hospital, since, card: member.card.0, profile })
}

impl<P: Ports> Medkey<P> {
    /// The member that the wallet's account acts for: itself, or the patient whose chart has moved to it. Refused for
    /// an account whose chart has moved away.
    pub async fn member(&self) -> Result<Address, Fault> {
        let account = self.account();
        let (found, _) = self.view_member(account, ReadAt::Newest).await?;
        match found.chart {
            Address::ZERO if matches!(found.role, IMembers::Role::Patient) => Err(Refusal::MovedAway.into()),
            Address::ZERO => Ok(account),
            chart => Ok(chart),
        }
    }

    /// Where an account stands, as the chain has it; `None` for a stranger.
    pub async fn look_up(&self, member: Address) -> Result<Option<Standing>, Fault> {
        let (found, _) = self.view_member(member, ReadAt::Newest).await?;
        Ok(standing(&found))
    }

    /// A member's current card. The relay names the digest, the chain decides whether it is the current one.
    pub async fn card_of(&self, member: Address) -> Result<CurrentCard, Fault> {
        Ok(self.member_with_card(member).await?.1)
    }

    /// A member with its current card. A relay or a node that is a moment behind the other is waited for: only a card
    /// that was not the member's at the block the relay names is a lie.
    pub(crate) async fn member_with_card(&self, member: Address) -> Result<(Standing, CurrentCard), Fault> {
        for _ in 0..PATIENCE {
            let (newest, stamp) = self.view_member(member, ReadAt::Newest).await?;
            let newest = standing(&newest).ok_or(Fault::NoMember(member))?;
            let At { at, item: told } = self.relay_member(member).await?;
            if is_current(&newest.card, told.card) {
                return Ok((newest, self.card_block(member, told.card).await?));
            }
            match self.view_member(member, ReadAt::Block(at.block)).await {
                Ok((named, _)) => {
                    let named = standing(&named).filter(|named| is_current(&named.card, told.card)).ok_or(Lie::Card)?;
                    if at.block > stamp.block {
                        return Ok((named, self.card_block(member, told.card).await?));
                    }
                }
                Err(WalletError::UnknownBlock) => {}
                Err(error) => return Err(error.into()),
            }
            self.ports.clock().wait(LOOK_EVERY).await;
        }
        Err(RelayError::Behind.into())
    }

    async fn card_block(&self, member: Address, digest: Digest) -> Result<CurrentCard, Fault> {
        Ok(CurrentCard { digest, block: self.block_of(digest, member).await? })
    }

    /// A doctor or laboratory with the profile that the registrar verified.
    pub async fn professional(&self, member: Address) -> Result<Professional, Fault> {
        let standing = self.look_up(member).await?.ok_or(Fault::NoMember(member))?;
        let digest = standing.profile.ok_or(Fault::NoMember(member))?;
        let profile: Block<Profile> = self.profile(digest, member).await?;
        let hospital = match standing.hospital {
            0 => None,
            id => Some(self.hospital(id).await?.page),
        };
        Ok(Professional { member, standing, profile: profile.body, hospital })
    }

    /// A profile by digest, of this member.
    pub(crate) async fn profile(&self, digest: Digest, member: Address) -> Result<Block<Profile>, Fault> {
        self.block_of(digest, member).await.map_err(|fault| match fault {
            Fault::Lie(_) => Fault::Lie(Lie::Profile),
            other => other,
        })
    }

    /// A hospital with its page, compared with the chain.
    pub async fn hospital(&self, id: u32) -> Result<Hospital, Fault> {
        let listed = self.relay_hospitals().await?;
        let (on_chain, stamp) = self.view_hospital(id).await?;
        let entry = listed.items.into_iter().find(|entry| entry.hospital == id);
        let Some(entry) = entry.filter(|entry| is_current(&on_chain.page.0, entry.page)) else {
            let behind = listed.at.block < stamp.block;
            return Err(if behind { RelayError::Behind.into() } else { Lie::Profile.into() });
        };
        Ok(Hospital { open: on_chain.open, ..self.hospital_page(&entry).await? })
    }

    /// All hospitals, as the relay lists them; each page matches its digest, and is compared with the chain when it
    /// matters ([`Self::hospital`]).
    pub async fn hospitals(&self) -> Result<Vec<Hospital>, Fault> {
        let mut hospitals = Vec::new();
        let listed = self.relay_hospitals().await?.items;
        let pages = listed.iter().map(|entry| self.hospital_page(entry));
        let read: Vec<_> = futures::stream::iter(pages).buffered(AT_ONCE).collect().await;
        for page in read {
            match page {
                Ok(hospital) => hospitals.push(hospital),
                // One whose page was left at another relay does not hide the others.
                Err(Fault::Relay(error)) if error.code() == Some(ErrorCode::NotFound) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(hospitals)
    }

    async fn hospital_page(&self, entry: &HospitalEntry) -> Result<Hospital, Fault> {
        let page: Block<HospitalPage> = self.block_of(entry.page, Address::ZERO).await?;
        Ok(Hospital { id: entry.hospital, open: entry.open, page: page.body })
    }

    /// The entries of the relay's directory that match. A directory may leave somebody out; what it shows is checked one
    /// by one before anything is shared.
    pub async fn directory(&self, query: &MemberQuery) -> Result<Vec<MemberEntry>, Fault> {
        let mut query = query.clone();
        let mut members = Vec::new();
        loop {
            let page = self.relay_members(&query).await?;
            members.extend(page.items);
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(members),
            }
        }
    }

    /// Verified doctors or laboratories, of one hospital or of all, with name and hospital as the chain has them: it is
    /// asked about each, so this is for few. Long lists are read with [`Self::list_members`].
    pub async fn professionals(&self, role: Role, hospital: Option<u32>) -> Result<Vec<Professional>, Fault> {
        let query = MemberQuery { role: Some(role), status: Some(Status::Active), hospital, ..MemberQuery::default() };
        let is_there = |standing: &Standing| hospital.is_none_or(|hospital| standing.hospital == hospital);
        let mut found = Vec::new();
        for entry in self.directory(&query).await? {
            match self.professional(entry.member).await {
                Ok(person) if person.standing.status == Status::Active && is_there(&person.standing) => {
                    found.push(person);
                }
                // The index may be a block ahead of or behind the wallet's node.
                Ok(_) | Err(Fault::NoMember(_)) => {}
                // Somebody who registered through another relay does not hide the others.
                Err(Fault::Relay(error)) if error.code() == Some(ErrorCode::NotFound) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(found)
    }
}
