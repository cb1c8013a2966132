//! A doctor or a laboratory looks at how it stands with the registrar: what is verified, what waits, and what the
//! registrar said.

use medkey_protocol::{
    Address, Digest,
    api::{Change, MemberChange},
    blocks::Profile,
};

use crate::{Medkey, fault::Fault, people::Standing, ports::Ports, verify_member::Why};

/// A profile and a hospital that were proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposed {
    /// The profile.
    pub profile: Digest,
    /// The hospital, 0 for none.
    pub hospital: u32,
    /// When, in seconds.
    pub at: u64,
}

/// The registrar's no to what was proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct No {
    /// To what.
    pub to: Proposed,
    /// Why; `None` where the registrar left a verified profile as it was: the chain has no reason for that.
    pub why: Option<Why>,
    /// When, in seconds.
    pub at: u64,
}

/// What a member's changes come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Course {
    /// What waits for the registrar.
    pub waiting: Option<Proposed>,
    /// The last answer, where it was no.
    pub no: Option<No>,
    /// The suspension that lasts: why and since when.
    pub suspended: Option<(Why, u64)>,
    /// When the profile was last verified.
    pub verified_at: Option<u64>,
    /// The verified profile and hospital.
    verified: Option<(Digest, u32)>,
}

impl Course {
    /// Folds the changes, oldest first.
    pub fn fold(changes: &[MemberChange]) -> Self {
        let mut course = Self::default();
        for change in changes {
            course.go_on(change);
        }
        course
    }

    /// The verified profile and hospital.
    pub fn verified(&self) -> Option<(Digest, u32)> {
        self.verified
    }

    /// The verified hospital, 0 for none.
    pub fn hospital(&self) -> u32 {
        self.verified.map_or(0, |(_, hospital)| hospital)
    }

    /// What one more change makes of it.
    pub fn go_on(&mut self, change: &MemberChange) {
        let at = change.time;
        match change.what {
            Change::Registered { profile: Some(profile), hospital } | Change::Proposed { profile, hospital } => {
                self.waiting = Some(Proposed { profile, hospital, at });
                self.no = None;
            }
            Change::Registered { profile: None, .. } => {}
            Change::Verified { profile, hospital } => {
                let as_it_was = self.verified == Some((profile, hospital));
                match self.waiting {
                    Some(to) if as_it_was && (to.profile, to.hospital) != (profile, hospital) => {
                        self.no = Some(No { to, why: None, at });
                        self.waiting = None;
                    }
                    Some(to) if to.profile == profile => {
                        self.waiting = None;
                        self.no = None;
                    }
                    // Something proposed later still waits.
                    _ => {}
                }
                self.verified = Some((profile, hospital));
                self.verified_at = Some(at);
            }
            Change::Refused { reason } => {
                self.no = self.waiting.take().map(|to| No { to, why: Some(Why::of(reason)), at });
            }
            Change::Suspended { reason } => self.suspended = Some((Why::of(reason), at)),
            Change::Reinstated => self.suspended = None,
        }
    }
}

/// How a doctor or a laboratory stands with the registrar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Whose.
    pub member: Address,
    /// As the chain has it.
    pub standing: Standing,
    /// The profile that is verified.
    pub verified: Option<Profile>,
    /// What happened, as the relay tells it.
    pub course: Course,
    /// The profile that waits, or that the registrar said no to.
    pub proposed: Option<Profile>,
}

impl<P: Ports> Medkey<P> {
    /// How a member stands with the registrar. The verified profile is the one that the chain names; the rest is the
    /// relay's word about what the member itself sent.
    pub async fn read_registration(&self, member: Address) -> Result<Registration, Fault> {
        let standing = self.look_up(member).await?.ok_or(Fault::NoMember(member))?;
        let verified = match standing.profile {
            Some(digest) => self.profile_there(digest, member).await?,
            None => None,
        };
        let course = Course::fold(&self.member_history(member).await?);
        let proposed = match course.waiting.or(course.no.map(|no| no.to)) {
            Some(Proposed { profile, .. }) => self.profile_there(profile, member).await?,
            None => None,
        };
        Ok(Registration { member, standing, verified, course, proposed })
    }
}

#[cfg(test)]
mod tests {
    use medkey_protocol::ids::Fixed;

    use super::*;

    const A: Digest = Digest(Fixed([1; 32]));
    const B: Digest = Digest(Fixed([2; 32]));
    const C: Digest = Digest(Fixed([3; 32]));

    fn fold(changes: &[Change]) -> Course {
        let numbered = changes.iter().zip(1..);
        let changes: Vec<_> = numbered.map(|(what, seq)| MemberChange { seq, time: seq, what: what.clone() }).collect();
        Course::fold(&changes)
    }

    const REGISTERED: Change = Change::Registered { profile: Some(A), hospital: 1 };
    const VERIFIED: Change = Change::Verified { profile: A, hospital: 1 };

    fn proposed(profile: Digest, hospital: u32) -> Change {
        Change::Proposed { profile, hospital }
    }

    #[test]
    fn what_was_verified_waits_no_more() {
        assert_eq!(fold(&[REGISTERED]).waiting, Some(Proposed { profile: A, hospital: 1, at: 1 }));
        let course = fold(&[REGISTERED, VERIFIED]);
        assert_eq!((course.waiting, course.no, course.verified_at), (None, None, Some(2)));
    }

    #[test]
    fn a_refusal_says_why_until_something_better_is_proposed() {
        let refused = [REGISTERED, Change::Refused { reason: Why::Licence as u8 }];
        let no = fold(&refused).no.unwrap();
        assert_eq!((no.to.profile, no.why, no.at), (A, Some(Why::Licence), 2));
        let [first, second] = refused;
        let course = fold(&[first, second, proposed(B, 0)]);
        assert_eq!((course.no, course.waiting.unwrap().profile), (None, B));
    }

    #[test]
    fn a_second_proposal_takes_the_place_of_the_first() {
        let course = fold(&[REGISTERED, VERIFIED, proposed(B, 1), proposed(C, 1)]);
        assert_eq!(course.waiting, Some(Proposed { profile: C, hospital: 1, at: 4 }));
        // What the registrar looked at before it is verified; the second waits on.
        let course =
            fold(&[REGISTERED, VERIFIED, proposed(B, 1), proposed(C, 1), Change::Verified { profile: B, hospital: 1 }]);
        assert_eq!((course.waiting.unwrap().profile, course.no), (C, None));
    }

    #[test]
    fn a_profile_left_as_it_was_is_a_no_without_a_reason() {
        let no = fold(&[REGISTERED, VERIFIED, proposed(B, 1), VERIFIED]).no.unwrap();
        assert_eq!((no.to.profile, no.why, no.at), (B, None, 4));
        // The same of a hospital alone.
        let course = fold(&[REGISTERED, VERIFIED, proposed(A, 2), VERIFIED]);
        assert_eq!((course.waiting, course.no.unwrap().to.hospital), (None, 2));
        // Another hospital than the one before answers nothing that was proposed.
        let course = fold(&[REGISTERED, VERIFIED, proposed(B, 1), Change::Verified { profile: A, hospital: 0 }]);
        assert_eq!((course.waiting.unwrap().profile, course.no), (B, None));
    }

    #[test]
    fn a_suspension_lasts_until_it_is_ended() {
        let suspended = Change::Suspended { reason: Why::Left as u8 };
        assert_eq!(fold(&[REGISTERED, VERIFIED, suspended.clone()]).suspended, Some((Why::Left, 3)));
        assert_eq!(fold(&[REGISTERED, VERIFIED, suspended, Change::Reinstated]).suspended, None);
    }
}
