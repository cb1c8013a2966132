//! A chart: the fold of its entries into records, grants and requests. Pure; [`crate::read_chart`] brings the entries
//! and checks them.

use std::collections::{BTreeMap, BTreeSet};

use medkey_protocol::{
    Address, B256, Digest, Scope,
    chart::{ChartEvent, Entry},
};

/// Where an event stands on the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Block number.
    pub block: u64,
    /// Block time in seconds.
    pub time: u64,
    /// The transaction.
    pub transaction: B256,
}

impl From<&Entry> for Place {
    fn from(entry: &Entry) -> Self {
        Self { block: entry.block, time: entry.time, transaction: entry.transaction }
    }
}

/// A manifest that the chart announces. Whether it is valid shows only when it is read: it must name the same author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// The manifest.
    pub manifest: Digest,
    /// Who announced it.
    pub author: Address,
    /// Where.
    pub at: Place,
    /// The manifest it took the place of.
    pub replaces: Option<Digest>,
    /// Whether it stands: neither replaced nor removed.
    pub current: bool,
}

/// A grant and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Who may read.
    pub grantee: Address,
    /// What.
    pub scope: Scope,
    /// Until when, block time, exclusive.
    pub expiry: u64,
    /// The newest envelope.
    pub envelope: Digest,
    /// The key of the offer that was claimed for it: then the envelope is the claimer's own and gives the offer's secret.
    pub offer: Option<Address>,
    /// When it was first given.
    pub since: Place,
    /// When it was revoked.
    pub revoked: Option<Place>,
    /// When it was opened, oldest first.
    pub opened: Vec<Place>,
}

impl Grant {
    /// Whether it opens anything at this block time.
    pub fn is_live(&self, now: u64) -> bool {
        self.revoked.is_none() && now < self.expiry
    }
}

/// An offer and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Address of its signing key.
    pub key: Address,
    /// What.
    pub scope: Scope,
    /// Until when it can be claimed: block time, exclusive.
    pub expiry: u64,
    /// How long the grant of each claim lives, in seconds.
    pub length: u32,
    /// How many members may claim it.
    pub claims: u32,
    /// Whether it is the patient's emergency card.
    pub emergency: bool,
    /// The envelope with the keys, sealed to the offer's own key.
    pub envelope: Digest,
    /// When it was made.
    pub since: Place,
    /// When it was withdrawn.
    pub withdrawn: Option<Place>,
    /// Who claimed it, oldest first.
    pub claimed: Vec<(Address, Place)>,
}

/// Why an offer cannot be claimed any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferEnd {
    /// The patient withdrew it.
    Withdrawn(Place),
    /// As many claimed it as might; the last one then.
    UsedUp(Place),
    /// Its time ran out.
    Expired,
}

impl Offer {
    /// Whether it can be claimed at this block time.
    pub fn is_live(&self, now: u64) -> bool {
        self.end(now).is_none()
    }

    /// Why it cannot be claimed at this block time; `None` while it can.
    pub fn end(&self, now: u64) -> Option<OfferEnd> {
        let last = self.claimed.last().filter(|_| self.claimed.len() >= self.claims as usize);
        match (self.withdrawn, last) {
            (Some(at), _) => Some(OfferEnd::Withdrawn(at)),
            (None, Some((_, at))) => Some(OfferEnd::UsedUp(*at)),
            (None, None) => (now >= self.expiry).then_some(OfferEnd::Expired),
        }
    }

    /// Whether this member has claimed it; nobody does twice.
    pub fn is_claimed_by(&self, member: Address) -> bool {
        self.claimed.iter().any(|(claimer, _)| *claimer == member)
    }
}

/// A move of the chart to another account that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingMove {
    /// To where.
    pub account: Address,
    /// From when on that account may take the chart: block time.
    pub effective: u64,
    /// When it was proposed.
    pub since: Place,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet.
    Open,
    /// The patient gave the requester a new grant afterwards.
    Granted(Place),
    /// The patient said no.
    Denied(Place),
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who asked.
    pub requester: Address,
    /// The sealed reason.
    pub reason: Digest,
    /// When.
    pub at: Place,
    /// What became of it.
    pub answer: Answer,
}

/// What the entries of a chart come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chart {
    /// All manifests ever announced, oldest first.
    pub records: Vec<Announced>,
    /// All grants ever given, oldest first; a grant given again after its end is a new one.
    pub grants: Vec<Grant>,
    /// All requests, oldest first.
    pub requests: Vec<Asked>,
    /// All offers ever made, oldest first.
    pub offers: Vec<Offer>,
    /// The move that waits.
    pub moving: Option<PendingMove>,
    /// Authors the patient does not take records from.
    pub blocked: BTreeSet<Address>,
    gone: BTreeSet<Digest>,
    /// Places in `records` by manifest.
    places: BTreeMap<Digest, Vec<usize>>,
    /// What was replaced.
    replaced: BTreeSet<Digest>,
    newest_grant: BTreeMap<(Address, Scope), usize>,
}

impl Chart {
    /// Folds entries, oldest first. What names nothing is ignored.
    pub fn fold<'a>(chart: Address, entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut folded = Self::default();
        folded.go_on(chart, entries);
        folded
    }

    /// Folds further entries, oldest first.
    pub fn go_on<'a>(&mut self, chart: Address, entries: impl IntoIterator<Item = &'a Entry>) {
        for entry in entries {
            self.take(chart, entry);
        }
    }

    /// The manifests that stand.
    pub fn current(&self) -> impl Iterator<Item = &Announced> {
        self.records.iter().filter(|record| record.current)
    }

    /// Whether this manifest stands.
    pub fn stands(&self, manifest: Digest) -> bool {
        self.announced(manifest).any(|record| record.current)
    }

    /// Every announcement of this manifest, oldest first: by each author at most one.
    pub fn announced(&self, manifest: Digest) -> impl Iterator<Item = &Announced> {
        self.places.get(&manifest).into_iter().flatten().map(|place| &self.records[*place])
    }

    /// Whether another manifest has taken the place of this one.
    pub fn replaced(&self, manifest: Digest) -> bool {
        self.replaced.contains(&manifest)
    }

    /// The grants that open something at this block time.
    pub fn live_grants(&self, now: u64) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(move |grant| grant.is_live(now))
    }

    /// The newest grant of one party for one scope.
    pub fn grant(&self, grantee: Address, scope: Scope) -> Option<&Grant> {
        self.newest_grant.get(&(grantee, scope)).map(|place| &self.grants[*place])
    }

    /// The offers that can be claimed at this block time.
    pub fn live_offers(&self, now: u64) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(move |offer| offer.is_live(now))
    }

    /// The offers of a scope with which this member could come back after a revocation.
    pub fn claimable_by(&self, member: Address, scope: Scope, now: u64) -> impl Iterator<Item = &Offer> {
        self.live_offers(now).filter(move |offer| offer.scope == scope && !offer.is_claimed_by(member))
    }

    /// The offer that one secret makes of one scope.
    pub fn offer(&self, key: Address, scope: Scope) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.key == key && offer.scope == scope)
    }

    fn take(&mut self, chart: Address, entry: &Entry) {
        let at = Place::from(entry);
        match &entry.event {
            ChartEvent::RecordAdded { author, manifest } => self.announce(*manifest, *author, at, None),
            ChartEvent::RecordReplaced { previous, manifest } => {
                if previous != manifest && self.remove(*previous) {
                    self.announce(*manifest, chart, at, Some(*previous));
                }
            }
            ChartEvent::RecordRemoved { manifest } => {
                self.remove(*manifest);
            }
            ChartEvent::AccessRequested { requester, reason } => {
                let known = self.requests.iter().any(|asked| asked.requester == *requester && asked.reason == *reason);
                if !known {
                    self.requests.push(Asked { requester: *requester, reason: *reason, at, answer: Answer::Open });
                }
            }
            ChartEvent::RequestDenied { requester, reason } => {
                self.answer(|asked| asked.requester == *requester && asked.reason == *reason, Answer::Denied(at));
            }
            ChartEvent::AccessGranted { grantee, scope, expiry, envelope } => {
                self.grant_again(Grant {
                    grantee: *grantee,
                    scope: *scope,
                    expiry: *expiry,
                    envelope: *envelope,
                    offer: None,
                    since: at,
                    revoked: None,
                    opened: Vec::new(),
                });
            }
            ChartEvent::AccessRevoked { grantee, scope } => {
                if let Some(grant) = self.newest_grant(*grantee, *scope) {
                    grant.revoked.get_or_insert(at);
                }
            }
            ChartEvent::AuthorBlocked { author, blocked: true } => {
                self.blocked.insert(*author);
            }
            ChartEvent::AuthorBlocked { author, blocked: false } => {
                self.blocked.remove(author);
            }
            ChartEvent::AccessLogged { grantee, scope } => {
                if let Some(grant) = self.newest_grant(*grantee, *scope) {
                    grant.opened.push(at);
                }
            }
            ChartEvent::OfferMade { key, scope, expiry, length, claims, emergency, envelope } => {
                self.offers.push(Offer {
                    key: *key,
                    scope: *scope,
                    expiry: *expiry,
                    length: *length,
                    claims: *claims,
                    emergency: *emergency,
                    envelope: *envelope,
                    since: at,
                    withdrawn: None,
                    claimed: Vec::new(),
                });
            }
            ChartEvent::OfferClaimed { claimer, key, scope, expiry, envelope } => {
                if let Some(offer) = self.offer_mut(*key, *scope) {
                    offer.claimed.push((*claimer, at));
                }
                self.claim(Grant {
                    grantee: *claimer,
                    scope: *scope,
                    expiry: *expiry,
                    envelope: *envelope,
                    offer: Some(*key),
                    since: at,
                    revoked: None,
                    opened: Vec::new(),
                });
            }
            ChartEvent::OfferWithdrawn { key, scope } => {
                if let Some(offer) = self.offer_mut(*key, *scope) {
                    offer.withdrawn.get_or_insert(at);
                }
            }
            ChartEvent::MoveProposed { account, effective } => {
                self.moving = Some(PendingMove { account: *account, effective: *effective, since: at });
            }
            ChartEvent::MoveVetoed { .. } | ChartEvent::ChartMoved { .. } => self.moving = None,
        }
    }

    /// A digest announced twice by one author is one record; once gone it stays gone.
    fn announce(&mut self, manifest: Digest, author: Address, at: Place, replaces: Option<Digest>) {
        let known = self.announced(manifest).any(|record| record.author == author);
        if !known && !self.gone.contains(&manifest) {
            self.replaced.extend(replaces);
            self.places.entry(manifest).or_default().push(self.records.len());
            self.records.push(Announced { manifest, author, at, replaces, current: true });
        }
    }

    /// Whether there was something to remove.
    fn remove(&mut self, manifest: Digest) -> bool {
        let mut found = false;
        for place in self.places.get(&manifest).into_iter().flatten() {
            found |= core::mem::take(&mut self.records[*place].current);
        }
        if found {
            self.gone.insert(manifest);
        }
        found
    }

    /// An extension keeps the grant; a grant for what could not be opened before is new and answers what was asked.
    fn grant_again(&mut self, grant: Grant) {
        let Grant { grantee, scope, since, .. } = grant;
        if let Some(known) = self.newest_grant(grantee, scope)
            && known.is_live(since.time)
        {
            known.expiry = grant.expiry;
            known.envelope = grant.envelope;
            known.offer = None;
            return;
        }
        self.newest_grant.insert((grantee, scope), self.grants.len());
        self.grants.push(grant);
        self.answer(|asked| asked.requester == grantee, Answer::Granted(since));
    }

    /// Who holds a live grant keeps the key it came with; the claim can only make it last longer.
    fn claim(&mut self, grant: Grant) {
        if let Some(known) = self.newest_grant(grant.grantee, grant.scope)
            && known.is_live(grant.since.time)
        {
            known.expiry = grant.expiry;
            return;
        }
        self.grant_again(grant);
    }

    fn offer_mut(&mut self, key: Address, scope: Scope) -> Option<&mut Offer> {
        self.offers.iter_mut().find(|offer| offer.key == key && offer.scope == scope)
    }

    fn newest_grant(&mut self, grantee: Address, scope: Scope) -> Option<&mut Grant> {
        let place = *self.newest_grant.get(&(grantee, scope))?;
        self.grants.get_mut(place)
    }

    fn answer(&mut self, which: impl Fn(&Asked) -> bool, answer: Answer) {
        let open = self.requests.iter_mut().filter(|asked| asked.answer == Answer::Open);
        open.filter(|asked| which(asked)).for_each(|asked| asked.answer = answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHART: Address = Address::repeat_byte(1);
    const DOCTOR: Address = Address::repeat_byte(2);
    const LAB: Address = Address::repeat_byte(3);

    fn digest(byte: u8) -> Digest {
        [byte; 32].into()
    }

    fn folded(events: impl IntoIterator<Item = ChartEvent>) -> Chart {
        let entry = |(place, event)| Entry { block: place, time: place * 10, transaction: B256::ZERO, log: 0, event };
        let entries: Vec<Entry> = (1..).zip(events).map(entry).collect();
        Chart::fold(CHART, &entries)
    }

    fn added(author: Address, manifest: u8) -> ChartEvent {
        ChartEvent::RecordAdded { author, manifest: digest(manifest) }
    }

    fn granted(expiry: u64) -> ChartEvent {
        ChartEvent::AccessGranted { grantee: DOCTOR, scope: [9; 32].into(), expiry, envelope: digest(8) }
    }

    fn revoked() -> ChartEvent {
        ChartEvent::AccessRevoked { grantee: DOCTOR, scope: [9; 32].into() }
    }

    fn logged() -> ChartEvent {
        ChartEvent::AccessLogged { grantee: DOCTOR, scope: [9; 32].into() }
    }

    fn current(chart: &Chart) -> Vec<(Digest, Address)> {
        chart.current().map(|record| (record.manifest, record.author)).collect()
    }

    #[test]
    fn a_digest_announced_twice_is_one_record() {
        assert_eq!(current(&folded([added(LAB, 5), added(LAB, 5)])), [(digest(5), LAB)]);
    }

    #[test]
    fn somebody_elses_announcement_does_not_hide_the_authors() {
        let chart = folded([added(DOCTOR, 5), added(LAB, 5)]);
        assert_eq!(current(&chart), [(digest(5), DOCTOR), (digest(5), LAB)]);
    }

    #[test]
    fn what_was_removed_stays_removed() {
        let removed = ChartEvent::RecordRemoved { manifest: digest(5) };
        assert_eq!(current(&folded([added(LAB, 5), removed.clone(), added(LAB, 5), added(DOCTOR, 5)])), []);
        // A removal that names nothing does not hide what comes later.
        assert_eq!(current(&folded([removed, added(LAB, 5)])), [(digest(5), LAB)]);
    }

    #[test]
    fn a_replacement_takes_the_place_and_belongs_to_the_patient() {
        let replaced =
            |previous, manifest| ChartEvent::RecordReplaced { previous: digest(previous), manifest: digest(manifest) };
        let chart = folded([added(LAB, 5), replaced(5, 6)]);
        assert_eq!(current(&chart), [(digest(6), CHART)]);
        assert_eq!(chart.records[1].replaces, Some(digest(5)));
        assert_eq!(current(&folded([added(LAB, 5), replaced(7, 6)])), [(digest(5), LAB)]);
        assert_eq!(current(&folded([added(LAB, 5), replaced(5, 5)])), [(digest(5), LAB)]);
    }

    #[test]
    fn an_extension_keeps_the_grant_and_a_revocation_ends_it() {
        let chart = folded([granted(100), logged(), granted(200)]);
        assert_eq!(chart.grants.len(), 1);
        assert_eq!((chart.grants[0].expiry, chart.grants[0].opened.len()), (200, 1));
        let chart = folded([granted(100), revoked()]);
        assert_eq!(chart.live_grants(15).count(), 0);
        let chart = folded([granted(100), revoked(), granted(300)]);
        assert_eq!(chart.grants.len(), 2);
        assert_eq!(chart.live_grants(50).count(), 1);
        assert_eq!(chart.live_grants(300).count(), 0);
    }

    fn offered(claims: u32) -> ChartEvent {
        ChartEvent::OfferMade {
            key: Address::repeat_byte(7),
            scope: [9; 32].into(),
            expiry: 100,
            length: 50,
            claims,
            emergency: false,
            envelope: digest(7),
        }
    }

    fn claimed(claimer: Address, expiry: u64) -> ChartEvent {
        let (key, scope) = (Address::repeat_byte(7), [9; 32].into());
        ChartEvent::OfferClaimed { claimer, key, scope, expiry, envelope: digest(6) }
    }

    #[test]
    fn a_claim_is_a_grant_through_the_offer() {
        let chart = folded([offered(2), claimed(DOCTOR, 70)]);
        let grant = chart.grant(DOCTOR, [9; 32].into()).unwrap();
        assert_eq!((grant.expiry, grant.envelope, grant.offer), (70, digest(6), Some(Address::repeat_byte(7))));
        assert_eq!(chart.live_offers(99).count(), 1);
        assert_eq!(chart.live_offers(100).count(), 0);
        let used_up = folded([offered(2), claimed(DOCTOR, 70), claimed(LAB, 80)]);
        assert_eq!((used_up.live_offers(40).count(), used_up.live_grants(40).count()), (0, 2));
    }

    #[test]
    fn a_claim_lengthens_a_live_grant_and_keeps_its_envelope() {
        let chart = folded([granted(60), offered(1), claimed(DOCTOR, 80)]);
        assert_eq!(chart.grants.len(), 1);
        assert_eq!((chart.grants[0].expiry, chart.grants[0].envelope, chart.grants[0].offer), (80, digest(8), None));
        let after_the_end = folded([granted(15), offered(1), claimed(DOCTOR, 80)]);
        assert_eq!(after_the_end.grants[1].envelope, digest(6));
        let granted_later = folded([offered(1), claimed(DOCTOR, 80), granted(90)]);
        assert_eq!((granted_later.grants[0].envelope, granted_later.grants[0].offer), (digest(8), None));
    }

    #[test]
    fn a_withdrawal_ends_the_offer_and_not_its_grants() {
        let withdrawn = ChartEvent::OfferWithdrawn { key: Address::repeat_byte(7), scope: [9; 32].into() };
        let chart = folded([withdrawn.clone(), offered(2), claimed(DOCTOR, 70), withdrawn]);
        assert_eq!((chart.live_offers(45).count(), chart.live_grants(45).count()), (0, 1));
    }

    #[test]
    fn a_move_waits_until_it_is_vetoed_or_done() {
        let account = Address::repeat_byte(5);
        let proposed = || ChartEvent::MoveProposed { account, effective: 500 };
        assert_eq!(folded([proposed()]).moving.map(|moving| (moving.account, moving.effective)), Some((account, 500)));
        assert_eq!(folded([proposed(), ChartEvent::MoveVetoed { account }]).moving, None);
        assert_eq!(folded([proposed(), ChartEvent::ChartMoved { account }]).moving, None);
    }

    #[test]
    fn a_new_grant_answers_a_request_and_an_extension_does_not() {
        let asked = || ChartEvent::AccessRequested { requester: DOCTOR, reason: digest(4) };
        let answer = |chart: &Chart| chart.requests[0].answer;
        assert!(matches!(answer(&folded([asked(), granted(100)])), Answer::Granted(_)));
        assert_eq!(answer(&folded([granted(100), asked(), granted(200)])), Answer::Open);
        let denied = ChartEvent::RequestDenied { requester: DOCTOR, reason: digest(4) };
        assert!(matches!(answer(&folded([asked(), denied.clone(), granted(100)])), Answer::Denied(_)));
        assert_eq!(folded([denied]).requests, []);
    }
}
