//! The registrar looks at profiles and verifies, refuses, suspends and reinstates doctors and laboratories. It sees no
//! medical data: there is none here to see.

use medkey_protocol::{
    Address, Digest, SolCall,
    api::{MemberEntry, MemberQuery},
    blocks::Profile,
    contract::IMembers,
};

use crate::{Medkey, chain::Progress, fault::Fault, list_members::Listed, ports::Ports};

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
    /// The profile that was verified before, where there is one.
    pub verified: Option<Profile>,
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
        for Listed { entry, profile: verified, proposed: profile, .. } in self.all_members(&query).await? {
            let Some(proposal) = entry.proposal.clone() else { continue };
            let (digest, hospital) = (proposal.profile, proposal.hospital);
            candidates.push(Candidate { entry, digest, profile, hospital, verified });
        }
        Ok(candidates)
    }

    /// Verifies a candidate with exactly the profile and hospital looked at. What was proposed anew meanwhile is to be
    /// looked at first.
    pub async fn verify_member(&self, candidate: &Candidate, progress: Progress<'_>) -> Result<u64, Fault> {
        let Candidate { entry, digest, hospital, .. } = candidate;
        self.still_proposed(entry).await?;
        let call = IMembers::verifyCall { member: entry.member, profile: (*digest).into(), hospital: *hospital };
        Ok(self.transact(vec![call.abi_encode()], progress).await?.block)
    }

    async fn still_proposed(&self, seen: &MemberEntry) -> Result<(), Fault> {
        let what = |entry: &MemberEntry| entry.proposal.as_ref().map(|proposal| (proposal.profile, proposal.hospital));
        let now = self.relay_member(seen.member).await?.item;
        if what(&now) == what(seen) { Ok(()) } else { Err(Fault::ProfileChanged) }
    }

    /// Leaves a verified profile as it is, whatever its member has proposed: it is verified once more, just as the chain
    /// has it. The contract refuses only those who were never verified.
    pub async fn keep_verified(&self, candidate: &Candidate, progress: Progress<'_>) -> Result<u64, Fault> {
        let member = candidate.entry.member;
        self.still_proposed(&candidate.entry).await?;
        let (profile, hospital) = self.verified_as(member).await?;
        let call = IMembers::verifyCall { member, profile: profile.into(), hospital };
        Ok(self.transact(vec![call.abi_encode()], progress).await?.block)
    }

    /// A doctor has left the hospital: the profile is verified anew, with none.
    pub async fn leave_hospital(&self, member: Address, progress: Progress<'_>) -> Result<u64, Fault> {
        let (profile, _) = self.verified_as(member).await?;
        let call = IMembers::verifyCall { member, profile: profile.into(), hospital: 0 };
        Ok(self.transact(vec![call.abi_encode()], progress).await?.block)
    }

    /// The profile and hospital that the chain has of a member.
    async fn verified_as(&self, member: Address) -> Result<(Digest, u32), Fault> {
        let standing = self.look_up(member).await?.ok_or(Fault::NoMember(member))?;
        Ok((standing.profile.ok_or(Fault::NoMember(member))?, standing.hospital))
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
