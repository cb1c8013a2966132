//! The access rule: who is handed which block. Pure, over facts from the index.
//!
//! - Cards, rings, profiles and hospital pages are public once an event or a card of their own member names them.
//! - A slot goes to its member alone.
//! - An envelope of a grant or of a claim goes to the patient and to the grantee it names, a reason to the patient and
//!   to its requester. The envelope of an offer goes to the patient and to a grantee who has claimed that very offer.
//! - A manifest goes to the patient, to its author, and to a grantee while it is current in a scope of his; a body
//!   likewise, through a manifest that names it. A patient's manifest also leads to the manifest it says it came from.
//! - A grantee is an active member with a live grant, from the patient's hand or by a claim, who logged an access
//!   within [`ACCESS_WINDOW`].
//!
//! What no event names counts for nothing: it is as if it were not here.

use medkey_protocol::{
    Address, FolderId, RecordId, Scope,
    api::{ACCESS_WINDOW, Reach},
    blocks::Kind,
};

use crate::block::Form;

/// The block that is asked for, as the index knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) form: Form,
    /// The member or chart it belongs to; none for leaves and nodes.
    pub(crate) subject: Option<Address>,
    pub(crate) party: Option<Address>,
    /// What an envelope opens.
    pub(crate) scope: Option<Scope>,
    /// Whether an event (or, for a ring, a card) of its own member names it.
    pub(crate) named: bool,
    /// Whether an offer of its own chart, key and scope names it as its envelope.
    pub(crate) offered: bool,
    /// The records through which a manifest, leaf or node is reached.
    pub(crate) filed: Vec<Filed>,
}

/// A manifest that an event of its own chart and author names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Filed {
    pub(crate) chart: Address,
    pub(crate) author: Address,
    pub(crate) folder: FolderId,
    pub(crate) record: RecordId,
    /// Neither replaced nor removed.
    pub(crate) current: bool,
    /// What the asked block is to it.
    pub(crate) place: Place,
}

/// What a block is to a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The manifest itself.
    Manifest,
    /// Its body or a part of that.
    Body,
    /// The first manifest of a record that the patient filed anew.
    Origin,
}

/// The member who asks, as the chain knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reader {
    pub(crate) member: Address,
    pub(crate) reach: Reach,
    /// Whether it is a verified doctor or laboratory that is not suspended (or a patient).
    pub(crate) active: bool,
    /// What it has been granted.
    pub(crate) grants: Vec<Held>,
    /// The offers it has claimed.
    pub(crate) claims: Vec<Claimed>,
    /// Time of the newest block.
    pub(crate) now: u64,
}

/// A grant and the last access that was logged under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) chart: Address,
    pub(crate) scope: Scope,
    /// Block time until which it lives, exclusive; 0 when revoked.
    pub(crate) expiry: u64,
    pub(crate) accessed: Option<u64>,
}

/// An offer that was claimed, whether it is still open or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Claimed {
    pub(crate) chart: Address,
    /// The offer's signing key.
    pub(crate) key: Address,
    pub(crate) scope: Scope,
}

/// What the rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Anybody may have it.
    Public,
    /// It is the reader's own: his chart's, or what he wrote.
    Own { chart: Option<Address> },
    /// It goes out under a grant.
    Granted { chart: Address, scope: Scope },
    /// It exists for others; these charts' patients learn of the attempt.
    Refused { charts: Vec<Address> },
    /// Who asks must first say who it is.
    NoSession,
    /// There is no such thing.
    Nothing,
}

impl Reader {
    fn holds(&self, chart: Address, scopes: &[Scope]) -> Option<Scope> {
        let live = |held: &&Held| {
            held.chart == chart
                && scopes.contains(&held.scope)
                && self.now < held.expiry
                && held.accessed.is_some_and(|time| self.now < time.saturating_add(ACCESS_WINDOW))
        };
        self.grants.iter().find(live).filter(|_| self.active).map(|held| held.scope)
    }

    fn has_claimed(&self, chart: Address, key: Address, scope: Scope) -> bool {
        self.claims.contains(&Claimed { chart, key, scope })
    }
}

/// Whether `reader` may have the block.
pub(crate) fn decide(asked: &Asked, reader: Option<&Reader>) -> Verdict {
    match asked.form {
        Form::Own(Kind::Card | Kind::Ring | Kind::Profile | Kind::Hospital) => {
            if asked.named {
                Verdict::Public
            } else {
                Verdict::Nothing
            }
        }
        Form::Own(Kind::Slot) => to_member(asked, reader),
        _ => match reader {
            None => Verdict::NoSession,
            Some(reader) => to_session(asked, reader),
        },
    }
}

fn to_member(asked: &Asked, reader: Option<&Reader>) -> Verdict {
    match (reader, asked.subject) {
        (None, _) => Verdict::NoSession,
        (Some(reader), Some(subject)) if reader.member == subject => Verdict::Own { chart: None },
        (Some(_), subject) => Verdict::Refused { charts: subject.into_iter().collect() },
    }
}

fn to_session(asked: &Asked, reader: &Reader) -> Verdict {
    match (asked.form, asked.subject) {
        (Form::Own(Kind::Envelope | Kind::Reason), Some(chart)) if asked.named || asked.offered => {
            sealed_to_one(asked, chart, reader).unwrap_or(Verdict::Refused { charts: vec![chart] })
        }
        _ => through_records(&asked.filed, reader),
    }
}

/// An envelope or a reason, which an event in `chart` names.
fn sealed_to_one(asked: &Asked, chart: Address, reader: &Reader) -> Option<Verdict> {
    if reader.reach != Reach::Full {
        return None;
    }
    let own = Verdict::Own { chart: Some(chart) };
    let names_reader = asked.named && asked.party == Some(reader.member);
    match asked.form {
        _ if reader.member == chart => Some(own),
        Form::Own(Kind::Envelope) => {
            let scope = asked.scope?;
            let of_claimed = asked.offered && asked.party.is_some_and(|key| reader.has_claimed(chart, key, scope));
            let scope = reader.holds(chart, &[scope]).filter(|_| names_reader || of_claimed)?;
            Some(Verdict::Granted { chart, scope })
        }
        _ => names_reader.then_some(own),
    }
}

/// Whether `reader` may have a block that is reached through these records.
pub(crate) fn through_records(filed: &[Filed], reader: &Reader) -> Verdict {
    let full = reader.reach == Reach::Full;
    let own = |filed: &&Filed| {
        filed.chart == reader.member || (filed.author == reader.member && filed.place != Place::Origin)
    };
    if let Some(filed) = filed.iter().find(own).filter(|_| full) {
        return Verdict::Own { chart: Some(filed.chart) };
    }
    let granted = filed.iter().filter(|filed| filed.current && full).find_map(|filed| {
        let scope = reader.holds(filed.chart, &[filed.folder.into(), filed.record.into()])?;
        Some(Verdict::Granted { chart: filed.chart, scope })
    });
    granted.unwrap_or_else(|| {
        let mut charts: Vec<Address> = filed.iter().map(|filed| filed.chart).collect();
        charts.sort_unstable();
        charts.dedup();
        if charts.is_empty() { Verdict::Nothing } else { Verdict::Refused { charts } }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENT: Address = Address::repeat_byte(1);
    const DOCTOR: Address = Address::repeat_byte(2);
    const LAB: Address = Address::repeat_byte(3);
    const NOW: u64 = 1_000_000;

    fn folder() -> FolderId {
        [7; 32].into()
    }

    fn filed(place: Place) -> Filed {
        Filed { chart: PATIENT, author: LAB, folder: folder(), record: [8; 32].into(), current: true, place }
    }

    fn asked(place: Place) -> Asked {
        let form = if place == Place::Body { Form::Leaf } else { Form::Own(Kind::Manifest) };
        Asked { form, subject: None, party: None, scope: None, named: true, offered: false, filed: vec![filed(place)] }
    }

    fn doctor() -> Reader {
        let held = Held { chart: PATIENT, scope: folder().into(), expiry: NOW + 1, accessed: Some(NOW - 10) };
        Reader { member: DOCTOR, reach: Reach::Full, active: true, grants: vec![held], claims: vec![], now: NOW }
    }

    fn refused() -> Verdict {
        Verdict::Refused { charts: vec![PATIENT] }
    }

    #[test]
    fn a_grantee_reads_what_is_current_in_his_scope() {
        for place in [Place::Manifest, Place::Body, Place::Origin] {
            let granted = Verdict::Granted { chart: PATIENT, scope: folder().into() };
            assert_eq!(decide(&asked(place), Some(&doctor())), granted, "{place:?}");
            let mut old = asked(place);
            old.filed[0].current = false;
            assert_eq!(decide(&old, Some(&doctor())), refused(), "{place:?}");
        }
    }

    #[test]
    fn every_condition_of_a_grant_counts() {
        let changes: [fn(&mut Reader); 8] = [
            |reader| reader.now = reader.grants[0].expiry,
            |reader| reader.grants[0].expiry = 0,
            |reader| reader.grants[0].accessed = None,
            |reader| reader.grants[0].accessed = Some(NOW - ACCESS_WINDOW),
            |reader| reader.grants[0].scope = [9; 32].into(),
            |reader| reader.grants[0].chart = LAB,
            |reader| reader.active = false,
            |reader| reader.reach = Reach::Slots,
        ];
        for (at, change) in changes.iter().enumerate() {
            let mut reader = doctor();
            change(&mut reader);
            assert_eq!(decide(&asked(Place::Body), Some(&reader)), refused(), "change {at}");
        }
    }

    #[test]
    fn patient_and_author_keep_what_was_replaced() {
        for member in [PATIENT, LAB] {
            for place in [Place::Manifest, Place::Body] {
                let mut old = asked(place);
                old.filed[0].current = false;
                let reader = Reader { member, grants: vec![], active: false, ..doctor() };
                assert_eq!(decide(&old, Some(&reader)), Verdict::Own { chart: Some(PATIENT) });
            }
        }
    }

    #[test]
    fn what_no_event_names_is_not_there() {
        for form in [Form::Leaf, Form::Node, Form::Own(Kind::Manifest)] {
            let unnamed = Asked { form, named: false, filed: vec![], ..asked(Place::Body) };
            assert_eq!(decide(&unnamed, Some(&doctor())), Verdict::Nothing);
            assert_eq!(decide(&unnamed, None), Verdict::NoSession);
        }
        for kind in [Kind::Card, Kind::Ring, Kind::Profile, Kind::Hospital] {
            let unnamed = Asked { form: Form::Own(kind), named: false, filed: vec![], ..asked(Place::Body) };
            assert_eq!(decide(&unnamed, Some(&doctor())), Verdict::Nothing);
            assert_eq!(decide(&Asked { named: true, ..unnamed }, None), Verdict::Public);
        }
    }

    #[test]
    fn an_envelope_goes_to_patient_and_grantee() {
        let envelope = Asked {
            form: Form::Own(Kind::Envelope),
            subject: Some(PATIENT),
            party: Some(DOCTOR),
            scope: Some(folder().into()),
            named: true,
            offered: false,
            filed: vec![],
        };
        let granted = Verdict::Granted { chart: PATIENT, scope: folder().into() };
        assert_eq!(decide(&envelope, Some(&doctor())), granted);
        let another = Reader { member: LAB, ..doctor() };
        assert_eq!(decide(&envelope, Some(&another)), refused());
        let patient = Reader { member: PATIENT, grants: vec![], ..doctor() };
        assert_eq!(decide(&envelope, Some(&patient)), Verdict::Own { chart: Some(PATIENT) });
        assert_eq!(decide(&Asked { named: false, ..envelope }, Some(&patient)), Verdict::Nothing);
    }

    #[test]
    fn an_offers_envelope_goes_to_patient_and_claimers_of_that_offer() {
        const KEY: Address = Address::repeat_byte(5);
        let envelope = Asked {
            form: Form::Own(Kind::Envelope),
            subject: Some(PATIENT),
            party: Some(KEY),
            scope: Some(folder().into()),
            named: false,
            offered: true,
            filed: vec![],
        };
        let claimed = Claimed { chart: PATIENT, key: KEY, scope: folder().into() };
        let claimer = Reader { claims: vec![claimed], ..doctor() };
        let granted = Verdict::Granted { chart: PATIENT, scope: folder().into() };
        assert_eq!(decide(&envelope, Some(&claimer)), granted);
        let patient = Reader { member: PATIENT, grants: vec![], ..doctor() };
        assert_eq!(decide(&envelope, Some(&patient)), Verdict::Own { chart: Some(PATIENT) });
        assert_eq!(decide(&envelope, Some(&doctor())), refused(), "a grant that is not from the offer");
        assert_eq!(decide(&envelope, None), Verdict::NoSession);

        let changes: [fn(&mut Reader); 9] = [
            |reader| reader.claims[0].chart = LAB,
            |reader| reader.claims[0].key = LAB,
            |reader| reader.claims[0].scope = [9; 32].into(),
            |reader| reader.now = reader.grants[0].expiry,
            |reader| reader.grants[0].expiry = 0,
            |reader| reader.grants[0].accessed = None,
            |reader| reader.grants[0].scope = [9; 32].into(),
            |reader| reader.active = false,
            |reader| reader.reach = Reach::Slots,
        ];
        for (at, change) in changes.iter().enumerate() {
            let mut reader = claimer.clone();
            change(&mut reader);
            assert_eq!(decide(&envelope, Some(&reader)), refused(), "change {at}");
        }

        // A key that is a member's own address names that member in an offer, not in a grant.
        let odd = Asked { party: Some(DOCTOR), ..envelope.clone() };
        assert_eq!(decide(&odd, Some(&doctor())), refused());
        let unnamed = Asked { offered: false, ..envelope };
        assert_eq!(decide(&unnamed, Some(&claimer)), Verdict::Nothing);
    }

    #[test]
    fn a_wallet_session_gets_its_slots_and_nothing_else() {
        let wallet = Reader { member: PATIENT, reach: Reach::Slots, grants: vec![], ..doctor() };
        let slot = Asked {
            form: Form::Own(Kind::Slot),
            subject: Some(PATIENT),
            party: None,
            scope: None,
            named: false,
            offered: false,
            filed: vec![],
        };
        assert_eq!(decide(&slot, Some(&wallet)), Verdict::Own { chart: None });
        assert_eq!(decide(&slot, Some(&doctor())), refused());
        assert_eq!(decide(&slot, None), Verdict::NoSession);
        assert_eq!(decide(&asked(Place::Body), Some(&wallet)), refused());
    }
}
