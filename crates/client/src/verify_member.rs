//! The registrar looks at profiles and verifies, refuses, suspends and reinstates doctors and laboratories. It sees no
//! medical data: there is none here to see.

use medkey_protocol::{
    Address, Digest, SolCall,
    api::{MemberEntry, MemberQuery},
    blocks::Profile,
    contract::IMembers,
};

use crate::{Medkey, chain::Progress, fault::Fault, ports::Ports};

/// Somebody who waits for the registrar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The relay's entry.
    pub entry: MemberEntry,
    /// The digest of the profile looked at: exactly this one is verified.
    pub digest: Digest,
    /// The profile; `None` if the relay does not hand it out.
    pub profile: Option<Profile>,
    /// The hospital named, 0 for none.
    pub hospital: u32,
}

/// Why somebody was refused or suspended. The code stands on chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Why {
    /// The licence could not be confirmed.
    Licence = 1,
    /// The profile is not complete.
    Incomplete = 2,
    /// The hospital does not know the person.
    Hospital = 3,
    /// The person no longer practises.
    Left = 4,
    /// Something else; the registrar says it in person.
    Other = 255,
}

impl Why {
    /// All reasons.
    pub const ALL: [Self; 5] = [Self::Licence, Self::Incomplete, Self::Hospital, Self::Left, Self::Other];

    /// Reads the code on chain.
    pub fn of(code: u8) -> Self {
        Self::ALL.into_iter().find(|why| *why as u8 == code).unwrap_or(Self::Other)
    }

    /// In words.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Licence => "The licence could not be confirmed.",
            Self::Incomplete => "The profile is not complete.",
            Self::Hospital => "The hospital could not confirm the position.",
            Self::Left => "The position has ended.",
            Self::Other => "Please contact the registrar.",
        }
    }
}

impl<P: Ports> Medkey<P> {
    /// Everyone who waits, with the profile proposed.
    pub async fn candidates(&self) -> Result<Vec<Candidate>, Fault> {
        let query = MemberQuery { proposed: Some(true), ..MemberQuery::default() };
        let mut candidates = Vec::new();
        for entry in self.directory(&query).await? {
            let Some(proposal) = entry.proposal.clone() else { continue };
            let profile = match self.profile(proposal.profile, entry.member).await {
                Ok(block) => Some(block.body),
                Err(Fault::Lie(_) | Fault::Relay(crate::fault::RelayError::Refused { .. })) => None,
                Err(fault) => return Err(fault),
            };
            candidates.push(Candidate { entry, digest: proposal.profile, profile, hospital: proposal.hospital });
        }
        Ok(candidates)
    }

    /// Verifies a candidate with exactly the profile and hospital looked at.
    pub async fn verify_member(&self, candidate: &Candidate, progress: Progress<'_>) -> Result<u64, Fault> {
        let Candidate { entry, digest, hospital, .. } = candidate;
        let call = IMembers::verifyCall { member: entry.member, profile: (*digest).into(), hospital: *hospital };
        Ok(self.transact(vec![call.abi_encode()], progress).await?.block)
    }

    /// Refuses a candidate.
    pub async fn refuse_member(&self, member: Address, why: Why, progress: Progress<'_>) -> Result<u64, Fault> {
        let call = IMembers::refuseCall { member, reason: why as u8 }.abi_encode();
        Ok(self.transact(vec![call], progress).await?.block)
    }

    /// Suspends a verified member.
    pub async fn suspend_member(&self, member: Address, why: Why, progress: Progress<'_>) -> Result<u64, Fault> {
        let call = IMembers::suspendCall { member, reason: why as u8 }.abi_encode();
        Ok(self.transact(vec![call], progress).await?.block)
    }

    /// Ends a suspension.
    pub async fn reinstate_member(&self, member: Address, progress: Progress<'_>) -> Result<u64, Fault> {
        let call = IMembers::reinstateCall { member }.abi_encode();
        Ok(self.transact(vec![call], progress).await?.block)
    }

    /// A doctor or laboratory proposes a changed profile; it is shown once the registrar has verified it.
    pub async fn propose_profile(
        &self,
        me: &crate::me::Me,
        profile: &Profile,
        hospital: u32,
        progress: Progress<'_>,
    ) -> Result<u64, Fault> {
        let header = medkey_protocol::blocks::Header::new(&self.at, me.address);
        let block = medkey_protocol::blocks::Block { header, body: profile.clone() }.encode()?;
        self.store(&block).await?;
        let call = IMembers::proposeProfileCall { profile: block.digest.into(), hospital }.abi_encode();
        Ok(self.transact(vec![call], progress).await?.block)
    }
}
