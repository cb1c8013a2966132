//! A laboratory delivers many reports to many patients: each file is stored once, all are announced in as few
//! transactions as there is room for, and a patient to whom nothing can be delivered stops nobody else's.
//!
//! A device remembers what was stored and not seen in a chart yet, sealed, by patient and content: when the same file is
//! chosen again for the same patient, only the confirmation is missing. A report that was announced without an answer is
//! looked for in the chart first. Where it is not there it is announced again with the same manifest, which the chart
//! counts once, for as long as the patient's card is the same; and sealed again once that has changed, as the contract
//! then refuses the former announcement.

use std::cell::RefCell;

use medkey_crypto::{
    RecordKey, RootSecret,
    content::ContentHasher,
    kept::KeptKey,
    manifest::{Meta, Reader, Stored, open_manifest},
};
use medkey_protocol::{
    Address, Digest, RecordId,
    api::ErrorCode,
    blocks::{Block, Category, EncodedBlock, Manifest},
    ids::Octets,
};
use serde::{Deserialize, Serialize};

use crate::{
    Medkey,
    add_record::{ATTEMPTS, Details, Filed, PendingRecord, PlainFile, Sealable, StoredRecord},
    chain::{Progress, Step, Undone},
    fault::{Fault, Refusal, RelayError, refused_chart},
    find_twin::digests,
    list_records::Record,
    me::Me,
    people::CurrentCard,
    ports::{Device, Ports, Source, SourceError, WalletError},
    read_chart::Seal,
};

/// How many reports go in one transaction: as many acts as a relay that pays takes at a time.
pub const AT_ONCE: usize = 32;

/// What a file is known by on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilePrint([u8; 32]);

impl FilePrint {
    /// In hex, for a draft.
    #[must_use]
    pub fn to_hex(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn salt() -> [u8; 32] {
        [0; 32]
    }
}

/// The print of a file, in one pass over it.
pub async fn print_of(source: &mut impl Source) -> Result<FilePrint, SourceError> {
    let found = digests(source, vec![ContentHasher::new(&FilePrint::salt())]).await?;
    found.first().copied().map(FilePrint).ok_or(SourceError)
}

/// A report whose file the relay holds.
#[derive(Debug)]
pub struct Delivery {
    patient: Address,
    key: RecordKey,
    stored: Stored,
    print: FilePrint,
    filing: RefCell<Filing>,
    sealed: RefCell<Option<Sealed>>,
}

/// What is said of a file, and what it is filed under.
#[derive(Debug)]
struct Filing {
    meta: Meta,
    category: Category,
}

/// A manifest, and the card that it is sealed to.
#[derive(Debug, Clone)]
struct Sealed {
    card: Digest,
    manifest: EncodedBlock,
    /// It was handed to the wallet, and what came of it is not known.
    announced: bool,
}

/// What is known of a file that was chosen for a patient.
#[derive(Debug)]
pub enum Before {
    /// Nothing.
    Nothing,
    /// It is stored; only its announcement is missing.
    Stored(Box<Delivery>),
    /// It was delivered: its place among the records it was compared with.
    Delivered(usize),
}

/// A report as it lies on the device.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    card: Digest,
    announced: bool,
    category: Category,
    manifest: Octets,
}

impl Delivery {
    fn new(record: StoredRecord, category: Category, print: FilePrint, sealed: Option<Sealed>) -> Self {
        let StoredRecord { chart, key, meta, stored } = record;
        let filing = RefCell::new(Filing { meta, category });
        Self { patient: chart, key, stored, print, filing, sealed: RefCell::new(sealed) }
    }

    /// Whose.
    #[must_use]
    pub fn patient(&self) -> Address {
        self.patient
    }

    /// The record's id.
    #[must_use]
    pub fn id(&self) -> RecordId {
        self.stored.id
    }

    /// It may be in the chart already.
    #[must_use]
    pub fn is_announced(&self) -> bool {
        self.sealed.borrow().as_ref().is_some_and(|sealed| sealed.announced)
    }

    /// Gives the file other words or another folder; it is not sent again. What may be in the chart already stays as it
    /// is.
    pub fn describe(&self, details: Details, category: Category) {
        if self.is_announced() {
            return;
        }
        let mut filing = self.filing.borrow_mut();
        let Details { title, kind, media_type, file_name, effective, amends, answers } = details;
        let before = filing.meta.clone();
        let meta = Meta { title, kind, media_type, file_name, effective, amends, answers, ..before.clone() };
        if (category, &meta) != (filing.category, &before) {
            *filing = Filing { meta, category };
            self.sealed.replace(None);
        }
    }

    fn mark(&self, announced: bool) {
        if let Some(sealed) = self.sealed.borrow_mut().as_mut() {
            sealed.announced = announced;
        }
    }
}

fn key_of(root: &RootSecret, me: &Me, patient: Address, print: FilePrint) -> KeptKey {
    KeptKey::derive(root, &me.context(), &format!("delivery {patient} {}", print.to_hex()))
}

/// Whether a fault concerns everything, not one patient's reports.
fn stops_all(fault: &Fault) -> bool {
    matches!(fault, Fault::Wallet(_) | Fault::Relay(RelayError::Disconnected(_)))
}

/// Whether it is certain that nothing of what was handed to the wallet is, or will be, on the chain.
fn is_undone(fault: &Fault) -> bool {
    use WalletError::{AccountChanged, Declined, NoFunds, NotConnected, PromptOpen, Reverted, Unsupported, WrongChain};
    match fault {
        Fault::Refused(_) | Fault::Failed(_) | Fault::Cancelled => true,
        Fault::Wallet(error) => matches!(
            error,
            AccountChanged | Declined | NoFunds | NotConnected | PromptOpen | Reverted(_) | Unsupported | WrongChain
        ),
        _ => false,
    }
}

/// What became of each delivery; none where it was not tried.
pub type Outcomes = Vec<Option<Result<Filed, Fault>>>;

impl<P: Ports> Medkey<P> {
    /// What is known of a file for this patient: from the records that were delivered before, and from what this device
    /// keeps. The file is read once, or not at all where its print is known and nothing delivered is as long.
    pub async fn look_for_delivery(
        &self,
        me: &Me,
        patient: Address,
        delivered: &[Record],
        (source, print): (&mut impl Source, Option<FilePrint>),
    ) -> Result<(FilePrint, Before), SourceError> {
        let length = source.length();
        let same = |record: &Record| record.chart == patient && record.meta.length == length;
        let places: Vec<usize> = (0..delivered.len()).filter(|at| same(&delivered[*at])).collect();
        let print = match print {
            Some(print) if places.is_empty() => print,
            _ => {
                let salts = places.iter().map(|at| ContentHasher::new(&delivered[*at].meta.salt.0));
                let mut found =
                    digests(source, salts.chain([ContentHasher::new(&FilePrint::salt())]).collect()).await?;
                let print = FilePrint(found.pop().ok_or(SourceError)?);
                if let Some((at, _)) = places.iter().zip(found).find(|(at, found)| delivered[**at].content == *found) {
                    return Ok((print, Before::Delivered(*at)));
                }
                print
            }
        };
        let Some(kept) = self.kept_delivery(me, patient, print).await else { return Ok((print, Before::Nothing)) };
        // Its announcement may have got through unseen.
        match delivered.iter().position(|record| record.chart == patient && record.id == kept.id()) {
            Some(at) => Ok((print, Before::Delivered(at))),
            None => Ok((print, Before::Stored(Box::new(kept)))),
        }
    }

    /// Encrypts and stores a file for a patient, and remembers it on this device until it is in the chart.
    pub async fn store_delivery(
        &self,
        me: &Me,
        (patient, category): (Address, Category),
        file: PlainFile<impl Source>,
        print: FilePrint,
        progress: Progress<'_>,
    ) -> Result<Delivery, Fault> {
        // Asked first, so that nobody uploads for somebody who is no patient.
        let card = self.card_of(patient).await?;
        folder_of(&card, category)?;
        let record = self.store_file(patient, file, progress).await?;
        let delivery = Delivery::new(record, category, print, None);
        self.seal_delivery(me, &card, &delivery).await?;
        self.keep_delivery(me, &delivery).await;
        Ok(delivery)
    }

    /// Announces deliveries, [`AT_ONCE`] in one transaction. Where a patient's card changed meanwhile, that patient's are
    /// sealed again without asking. A patient to whom nothing can be delivered is left out, and everybody else's go on.
    /// `told` hears of which deliveries a step is.
    pub async fn deliver_all(&self, me: &Me, deliveries: &[&Delivery], told: &dyn Fn(&[usize], Step)) -> Outcomes {
        let mut outcomes: Outcomes = deliveries.iter().map(|_| None).collect();
        for places in in_transactions(deliveries) {
            if let Err(fault) = self.deliver_some(me, deliveries, &places, &mut outcomes, told).await {
                let open = places.iter().filter(|at| outcomes[**at].is_none()).copied().collect::<Vec<_>>();
                for at in open {
                    outcomes[at] = Some(Err(fault.clone()));
                }
                // What is not known to be undone may still come: nothing further is sent on top of it.
                if stops_all(&fault) || !is_undone(&fault) {
                    break;
                }
            }
        }
        outcomes
    }

    /// One transaction's worth.
    async fn deliver_some(
        &self,
        me: &Me,
        deliveries: &[&Delivery],
        places: &[usize],
        outcomes: &mut Outcomes,
        told: &dyn Fn(&[usize], Step),
    ) -> Result<(), Fault> {
        let mut attempts = 1;
        loop {
            let mut calls = Vec::new();
            let mut going: Vec<(usize, Digest)> = Vec::new();
            for (patient, group) in by_patient(deliveries, places, outcomes) {
                match self.seal_group(me, deliveries, patient, &group, outcomes).await {
                    Ok(sealed) => {
                        for (at, pending) in sealed {
                            calls.push(pending.add_call(patient));
                            going.push((at, pending.manifest));
                        }
                    }
                    Err(fault) if stops_all(&fault) => return Err(fault),
                    Err(fault) => leave_out(outcomes, &group, &fault),
                }
            }
            if calls.is_empty() {
                return Ok(());
            }
            let on_their_way: Vec<usize> = going.iter().map(|(at, _)| *at).collect();
            for at in &on_their_way {
                deliveries[*at].mark(true);
                self.keep_delivery(me, deliveries[*at]).await;
            }
            let sent = self.try_transact(calls, &|step| told(&on_their_way, step)).await;
            let undone = match sent {
                Ok(receipt) => {
                    for (at, manifest) in going {
                        let id = deliveries[at].id();
                        outcomes[at] = Some(Ok(Filed { id, manifest, block: receipt.block }));
                        self.forget_delivery(me, deliveries[at]).await;
                    }
                    return Ok(());
                }
                Err(undone) => undone,
            };
            let chart = match &undone {
                Undone::Reverted(data) => refused_chart(data),
                Undone::Fault(_) => None,
            };
            let fault = Fault::from(undone);
            if is_undone(&fault) {
                for at in &on_their_way {
                    deliveries[*at].mark(false);
                    self.keep_delivery(me, deliveries[*at]).await;
                }
            }
            let Some(chart) = chart else { return Err(fault) };
            if fault == Fault::Refused(Refusal::PatientCardChanged) && attempts < ATTEMPTS {
                attempts += 1;
                continue;
            }
            let group: Vec<usize> = on_their_way.into_iter().filter(|at| deliveries[*at].patient() == chart).collect();
            if group.is_empty() {
                return Err(fault);
            }
            leave_out(outcomes, &group, &fault);
            attempts = 1;
        }
    }

    /// Seals a patient's reports to the card of now, and leaves the manifests at the relay. What is in the chart already,
    /// and what the relay has forgotten, is settled.
    async fn seal_group(
        &self,
        me: &Me,
        deliveries: &[&Delivery],
        patient: Address,
        group: &[usize],
        outcomes: &mut Outcomes,
    ) -> Result<Vec<(usize, PendingRecord)>, Fault> {
        let card = self.card_of(patient).await?;
        self.settle_announced(me, deliveries, patient, group, outcomes).await?;
        let mut pending = Vec::new();
        for at in group.iter().copied().filter(|at| outcomes[*at].is_none()).collect::<Vec<_>>() {
            let delivery = deliveries[at];
            let manifest = self.seal_delivery(me, &card, delivery).await?;
            match self.store(&manifest).await {
                Ok(()) => pending.push((at, PendingRecord::sealed_to(&card, &manifest))),
                Err(fault) => {
                    if is_forgotten(&fault) {
                        self.forget_delivery(me, delivery).await;
                    }
                    if stops_all(&fault) {
                        return Err(fault);
                    }
                    outcomes[at] = Some(Err(fault));
                }
            }
        }
        Ok(pending)
    }

    /// Looks in the chart for what was announced without an answer.
    async fn settle_announced(
        &self,
        me: &Me,
        deliveries: &[&Delivery],
        patient: Address,
        group: &[usize],
        outcomes: &mut Outcomes,
    ) -> Result<(), Fault> {
        if !group.iter().any(|at| deliveries[*at].is_announced()) {
            return Ok(());
        }
        let read = self.read_chart(patient).await?;
        match read.seal {
            Seal::Complete(_) => {}
            Seal::Behind { .. } => return Err(RelayError::Behind.into()),
            Seal::NotChecked(error) => return Err(error.into()),
        }
        for at in group {
            let delivery = deliveries[*at];
            let sealed = delivery.sealed.borrow().clone();
            let Some(Sealed { manifest, announced: true, .. }) = sealed else { continue };
            let found = read.state.announced(manifest.digest).find(|announced| announced.author == me.address);
            if let Some(announced) = found {
                let filed = Filed { id: delivery.id(), manifest: manifest.digest, block: announced.at.block };
                outcomes[*at] = Some(Ok(filed));
                self.forget_delivery(me, delivery).await;
            }
        }
        Ok(())
    }

    /// The manifest of a delivery, sealed to this card: the same as long as it is.
    async fn seal_delivery(&self, me: &Me, card: &CurrentCard, delivery: &Delivery) -> Result<EncodedBlock, Fault> {
        let before = delivery.sealed.borrow().clone();
        if let Some(Sealed { manifest, .. }) = before.filter(|before| before.card == card.digest) {
            return Ok(manifest);
        }
        let (meta, category) = {
            let filing = delivery.filing.borrow();
            (filing.meta.clone(), filing.category)
        };
        let folder = folder_of(card, category)?;
        let own_key = me.card().identity()?;
        let record = Sealable { chart: delivery.patient, key: &delivery.key, meta: &meta, stored: &delivery.stored };
        let manifest = self.make_manifest_of(record, card, folder, me.address, Some(&own_key)).await?.encode()?;
        delivery.sealed.replace(Some(Sealed { card: card.digest, manifest: manifest.clone(), announced: false }));
        Ok(manifest)
    }

    /// Where the device keeps nothing, a reload uploads it again.
    async fn keep_delivery(&self, me: &Me, delivery: &Delivery) {
        let Some(Sealed { card, manifest, announced }) = delivery.sealed.borrow().clone() else { return };
        let category = delivery.filing.borrow().category;
        let kept = Kept { card, announced, category, manifest: Octets(manifest.bytes) };
        let key = key_of(&me.root, me, delivery.patient(), delivery.print);
        if let Ok(bytes) = serde_ipld_dagcbor::to_vec(&kept)
            && let Ok(sealed) = key.seal(&bytes, &mut self.ports.rng())
        {
            let _kept = self.ports.device().keep(&key.name(), &sealed).await;
        }
    }

    async fn forget_delivery(&self, me: &Me, delivery: &Delivery) {
        for root in std::iter::once(&me.root).chain(&me.former) {
            let name = key_of(root, me, delivery.patient(), delivery.print).name();
            let _gone = self.ports.device().forget(&name).await;
        }
    }

    /// What this device keeps of a file for a patient. What does not read any more is nothing.
    async fn kept_delivery(&self, me: &Me, patient: Address, print: FilePrint) -> Option<Delivery> {
        for root in std::iter::once(&me.root).chain(&me.former) {
            let key = key_of(root, me, patient, print);
            let Ok(Some(sealed)) = self.ports.device().load(&key.name()).await else { continue };
            let Kept { card, announced, category, manifest } =
                serde_ipld_dagcbor::from_slice(&key.open(&sealed).ok()?).ok()?;
            let block: Block<Manifest> = Block::parse_of(&manifest.0, &self.at, patient).ok()?;
            let identities = std::iter::once(&me.root).chain(&me.former).map(|root| root.identity());
            let opened = identities
                .filter_map(|identity| open_manifest(&block, Reader::Author(&identity)).ok())
                .next()
                .filter(|_| block.header.party == Some(me.address))?;
            let record =
                StoredRecord { chart: patient, key: opened.key, meta: opened.meta, stored: Stored::of(&block.body) };
            let manifest = block.encode().ok()?;
            return Some(Delivery::new(record, category, print, Some(Sealed { card, manifest, announced })));
        }
        None
    }
}

/// The relay has cleared away what was never announced, so that the file has to be sent again.
#[must_use]
pub fn is_forgotten(fault: &Fault) -> bool {
    matches!(fault, Fault::Relay(RelayError::Refused { code: ErrorCode::MissingBlock, .. }))
}

fn folder_of(card: &CurrentCard, category: Category) -> Result<medkey_protocol::FolderId, Fault> {
    let entry = card.block.body.folders.iter().find(|entry| entry.category == Some(category));
    Ok(entry.ok_or(Refusal::NoChart)?.id)
}

fn leave_out(outcomes: &mut Outcomes, group: &[usize], fault: &Fault) {
    for at in group {
        outcomes[*at].get_or_insert_with(|| Err(fault.clone()));
    }
}

/// Those that are not settled, by patient, in order.
fn by_patient(deliveries: &[&Delivery], places: &[usize], outcomes: &Outcomes) -> Vec<(Address, Vec<usize>)> {
    let mut groups: Vec<(Address, Vec<usize>)> = Vec::new();
    for at in places.iter().copied().filter(|at| outcomes[*at].is_none()) {
        let patient = deliveries[at].patient();
        match groups.iter_mut().find(|(known, _)| *known == patient) {
            Some((_, group)) => group.push(at),
            None => groups.push((patient, vec![at])),
        }
    }
    groups
}

/// Places by transaction: a patient's reports stay together where there is room.
fn in_transactions(deliveries: &[&Delivery]) -> Vec<Vec<usize>> {
    let all: Vec<usize> = (0..deliveries.len()).collect();
    let none: Outcomes = deliveries.iter().map(|_| None).collect();
    let groups = by_patient(deliveries, &all, &none).into_iter().map(|(_, group)| group);
    pack(groups, AT_ONCE)
}

fn pack(groups: impl Iterator<Item = Vec<usize>>, most: usize) -> Vec<Vec<usize>> {
    let mut packed: Vec<Vec<usize>> = Vec::new();
    for piece in groups.flat_map(|group| group.chunks(most).map(<[usize]>::to_vec).collect::<Vec<_>>()) {
        match packed.last_mut().filter(|last| last.len() + piece.len() <= most) {
            Some(last) => last.extend(piece),
            None => packed.push(piece),
        }
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patients_reports_stay_together_where_there_is_room() {
        let groups = [vec![0, 3], vec![1], vec![2, 4, 5], (6..13).collect()];
        assert_eq!(pack(groups.into_iter(), 4), [vec![0, 3, 1], vec![2, 4, 5], vec![6, 7, 8, 9], vec![10, 11, 12]]);
        assert!(pack(std::iter::empty(), 4).is_empty());
    }

    #[test]
    fn only_what_is_certain_is_undone() {
        assert!(is_undone(&Fault::Wallet(WalletError::Declined)));
        assert!(is_undone(&Fault::Refused(Refusal::Blocked)));
        assert!(!is_undone(&Fault::Wallet(WalletError::Unreachable)));
        assert!(!is_undone(&Fault::NotIncluded(Default::default())));
        assert!(!is_undone(&Fault::Relay(RelayError::Disconnected(crate::ports::Disconnected))));
        assert!(!is_undone(&Fault::Lie(crate::fault::Lie::Payment)));
    }
}
