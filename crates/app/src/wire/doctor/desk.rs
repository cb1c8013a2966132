//! The charts that deal with a doctor, read and checked, and read again whenever the relay says that something happened;
//! and what was opened of them, in memory only.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use futures::StreamExt as _;
use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    Introduction,
    ask_for_treatment::Complaint,
    ask_for_treatment::is_treatment,
    chart::Grant,
    fault::{Fault, RelayError},
    folders::Folder,
    grant_access::UNTIL_REVOKED,
    list_records::{Record, Records},
    open_chart::{Dealing, OpenChart},
    people::Professional,
    read_chart::ReadChart,
    read_treatments::treatments,
};
use medkey_protocol::{
    Address, Digest, FolderId, Scope,
    blocks::Category,
    chart::{ChartEvent, Entry},
};

use super::{findings, unfiled::AllUnfiled};
use crate::{
    fhir::Findings,
    load::{Load, Trouble},
    speaking::short_address,
    wire::{
        acts::Acts,
        current::{LISTENED, Watch, stay_current},
        desk::Open,
        kin::Kinship,
        professional::{Busy, Registration},
        said::trouble,
        while_here::while_here,
    },
};

/// Charts that are read at the same time.
const AT_ONCE: usize = 6;
/// Charts after which those that were read are shown, while the others are on their way.
const SHOWN_AFTER: usize = 100;

/// A chart that was read and compared with its head.
pub(super) struct Known {
    /// Entries and their fold.
    pub read: ReadChart,
    /// The patient's folders, from the current card.
    pub folders: Vec<Folder>,
    /// The doctor.
    me: Address,
}

impl Known {
    /// Everything that was ever shared with the doctor, oldest first.
    pub(super) fn mine(&self) -> impl Iterator<Item = &Grant> {
        self.read.state.grants.iter().filter(|grant| grant.grantee == self.me)
    }

    /// What is shared with the doctor now.
    pub(super) fn live(&self) -> impl Iterator<Item = &Grant> {
        self.mine().filter(|grant| grant.is_live(self.read.time))
    }

    /// Whether anything is shared now.
    pub(super) fn is_shared(&self) -> bool {
        self.live().next().is_some()
    }

    /// The end of what is shared that comes first; none if all of it lasts until it is revoked.
    pub(super) fn until(&self) -> Option<u64> {
        self.live().map(|grant| grant.expiry).min().filter(|expiry| *expiry < UNTIL_REVOKED)
    }

    /// When the last of it ended, and whether the patient ended it.
    pub(super) fn ended(&self) -> Option<(u64, bool)> {
        let end = |grant: &Grant| match grant.revoked {
            Some(at) => (at.time, true),
            None => (grant.expiry, false),
        };
        self.mine().map(end).max()
    }

    /// When the doctor opened the chart, oldest first.
    pub(super) fn visits(&self) -> BTreeSet<u64> {
        self.mine().flat_map(|grant| &grant.opened).map(|at| at.time).collect()
    }

    /// What a folder is for.
    pub(super) fn category(&self, id: FolderId) -> Option<Category> {
        self.folders.iter().find(|folder| folder.id == id).and_then(|folder| folder.category)
    }

    /// A folder's name; one of the patient's own has one once it was opened.
    pub(super) fn folder_word<'a>(&'a self, id: FolderId, opened: Option<&'a Opened>) -> Option<&'a str> {
        let folders = opened.into_iter().flat_map(|opened| &opened.folders).chain(&self.folders);
        folders.into_iter().find(|folder| folder.id == id).map(Folder::word)
    }

    /// What is shared, by name.
    pub(super) fn scopes(&self, opened: Option<&Opened>) -> Vec<String> {
        self.live().map(|grant| self.scope_word(grant.scope, opened)).collect()
    }

    /// The folders that are shared, by name.
    pub(super) fn folder_words(&self) -> Vec<String> {
        let folders = self.live().map(|grant| FolderId::from(*grant.scope.bytes()));
        folders.filter_map(|id| self.folder_word(id, None).map(str::to_owned)).collect()
    }

    fn scope_word(&self, scope: Scope, opened: Option<&Opened>) -> String {
        let folder = FolderId::from(*scope.bytes());
        if let Some(word) = self.folder_word(folder, opened) {
            return word.to_owned();
        }
        let records = opened.into_iter().flat_map(|opened| &opened.records.records);
        let record = records.into_iter().find(|record| Scope::from(record.id) == scope);
        match record {
            None => "One record".to_owned(),
            Some(record) if is_treatment(record) => "the request".to_owned(),
            Some(record) => record.meta.title.clone(),
        }
    }
}

/// A chart in which something names the doctor.
#[derive(Clone)]
pub(super) struct Dealt {
    /// Whose.
    pub chart: Address,
    /// The relay says that something was shared; what is proven stands in `known`.
    pub granted: bool,
    /// What it says, if it could be read.
    pub known: Result<Rc<Known>, Fault>,
}

/// A chart that is open.
pub(super) struct Opened {
    /// Entries and their fold.
    pub read: ReadChart,
    /// The patient's folders, those in scope by name.
    pub folders: Vec<Folder>,
    /// The records in scope.
    pub records: Rc<Records>,
}

/// What came of opening a chart.
#[derive(Clone)]
pub(super) enum Opening {
    /// It is open.
    Open(Rc<Opened>),
    /// It did not open.
    Failed(Trouble),
}

/// How a chart stands for the page that is about it.
pub(super) enum Door {
    /// Being read.
    Waiting,
    /// It cannot be read, or is none of the doctor's.
    Failed(Trouble),
    /// Nothing is shared any more: since when, and whether the patient ended it.
    Ended(u64, bool),
    /// Shared, not opened yet; opening it asks the wallet.
    Closed(Rc<Known>),
    /// Open.
    Open(Rc<Known>, Rc<Opened>),
}

/// Whom the dialog asks for access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whom {
    /// Whoever is entered.
    Anybody,
    /// This patient.
    Patient(Address),
}

/// A doctor's charts, in the context of the doctor's pages.
#[derive(Clone, Copy)]
pub(super) struct DoctorDesk {
    /// How the doctor stands with the registrar; none before it was read.
    pub registration: RwSignal<Option<Registration>>,
    /// Charts that deal with the doctor, those with the newest entry first.
    pub dealt: RwSignal<Load<Rc<Vec<Dealt>>>, LocalStorage>,
    /// No chart is still to be read for the first time.
    pub whole: RwSignal<bool>,
    /// What was opened.
    pub opened: RwSignal<BTreeMap<Address, Opening>, LocalStorage>,
    /// Who the patients are, in their own words.
    pub names: RwSignal<BTreeMap<Address, Introduction>>,
    /// What the small documents of open charts say, by manifest.
    pub findings: RwSignal<BTreeMap<Digest, Rc<Findings>>, LocalStorage>,
    /// What patients ask to be treated for, by manifest.
    pub complaints: RwSignal<BTreeMap<Digest, Complaint>, LocalStorage>,
    /// Who wrote the records, where a verified profile is known.
    pub people: RwSignal<BTreeMap<Address, Professional>, LocalStorage>,
    /// The folders asked for since the page was opened, by request: only the patient can read them afterwards.
    pub asked: RwSignal<BTreeMap<Digest, Vec<String>>>,
    /// The newest record that was seen of an open chart, by its time.
    pub seen: RwSignal<BTreeMap<Address, u64>>,
    /// What was written and is not filed; none before it was looked for on the device.
    pub unfiled: RwSignal<Option<AllUnfiled>>,
    /// Whom the dialog asks for access, while it is open.
    pub asking: RwSignal<Option<Whom>>,
    open: StoredValue<Rc<Open>, LocalStorage>,
    turn: StoredValue<u64>,
}

impl DoctorDesk {
    /// Reads the charts and keeps them up to date until the pages are left.
    #[must_use]
    pub(super) fn start(open: Rc<Open>) -> Self {
        let desk = Self {
            registration: RwSignal::new(None),
            dealt: RwSignal::new_local(Load::Loading),
            whole: RwSignal::new(false),
            opened: RwSignal::new_local(BTreeMap::new()),
            names: RwSignal::new(BTreeMap::new()),
            findings: RwSignal::new_local(BTreeMap::new()),
            complaints: RwSignal::new_local(BTreeMap::new()),
            people: RwSignal::new_local(BTreeMap::new()),
            asked: RwSignal::new(BTreeMap::new()),
            seen: RwSignal::new(BTreeMap::new()),
            unfiled: RwSignal::new(None),
            asking: RwSignal::new(None),
            open: StoredValue::new_local(Rc::clone(&open)),
            turn: StoredValue::new(0),
        };
        spawn_local(desk.find_unfiled());
        while_here(async move {
            stay_current(open.client(), || desk.watch(open.me.address), async || desk.read().await).await;
        });
        desk
    }

    /// The doctor, as pages hand it on.
    #[must_use]
    pub(super) fn held(self) -> StoredValue<Rc<Open>, LocalStorage> {
        self.open
    }

    /// The doctor.
    #[must_use]
    pub(super) fn open(self) -> Rc<Open> {
        self.open.get_value()
    }

    /// Whether the registrar has verified the doctor.
    #[must_use]
    pub(super) fn is_verified(self) -> bool {
        self.registration.with(|registration| registration.as_ref().is_none_or(Registration::is_verified))
    }

    /// A patient's name where it is known, and if it is not what stands in for it.
    #[must_use]
    pub(super) fn name(self, chart: Address) -> String {
        self.known_name(chart).unwrap_or_else(|| format!("Patient {}", short_address(&chart.to_string())))
    }

    /// A patient's name; none before the chart was opened.
    #[must_use]
    pub(super) fn known_name(self, chart: Address) -> Option<String> {
        let name = self.names.with(|names| names.get(&chart).map(|known| known.name.clone()));
        name.filter(|name| !name.is_empty())
    }

    /// What was opened of a chart.
    #[must_use]
    pub(super) fn opening(self, chart: Address) -> Option<Opening> {
        self.opened.with(|opened| opened.get(&chart).cloned())
    }

    /// How a chart stands.
    #[must_use]
    pub(super) fn door(self, chart: Address) -> Door {
        let known = self.dealt.with(|dealt| match dealt {
            Load::Loading => Err(Door::Waiting),
            Load::Failed(trouble) => Err(Door::Failed(trouble.clone())),
            Load::Ready(dealt) => match dealt.iter().find(|dealt| dealt.chart == chart).map(|dealt| &dealt.known) {
                Some(Ok(known)) => Ok(Rc::clone(known)),
                Some(Err(fault)) => Err(Door::Failed(trouble(fault))),
                None if !self.whole.get() => Err(Door::Waiting),
                None => Err(Door::Failed(nothing_shared())),
            },
        });
        let known = match known {
            Ok(known) => known,
            Err(door) => return door,
        };
        if !known.is_shared() {
            return match known.ended() {
                Some((at, revoked)) => Door::Ended(at, revoked),
                None => Door::Failed(nothing_shared()),
            };
        }
        // A folder that was shared since, or a visit of yesterday: it is logged before anything more is handed out.
        if !self.opens_by_itself(&known) {
            return Door::Closed(known);
        }
        match self.opening(chart) {
            Some(Opening::Open(opened)) => Door::Open(known, opened),
            Some(Opening::Failed(_)) => Door::Closed(known),
            None => Door::Waiting,
        }
    }

    /// The visit is logged already: opening asks nothing.
    fn opens_by_itself(self, known: &Known) -> bool {
        let open = self.open();
        open.client().scopes_to_log(&open.me, &known.read).is_empty()
    }

    /// Reads everything again. What is shown stays until the new is here.
    pub(super) fn read_again(self) {
        spawn_local(self.read());
    }

    fn watch(self, me: Address) -> Watch {
        let (charts, as_of) = self
            .dealt
            .try_with_untracked(|dealt| {
                let known: Vec<&Rc<Known>> = dealt
                    .ready()
                    .into_iter()
                    .flat_map(|dealt| dealt.iter())
                    .filter_map(|one| one.known.as_ref().ok())
                    .collect();
                let shared = known.iter().filter(|known| known.is_shared()).map(|known| known.read.chart);
                (shared.take(LISTENED).collect(), known.iter().map(|known| known.read.time).max().unwrap_or_default())
            })
            .unwrap_or_default();
        // A wallet's node may be some blocks behind the relay that told of the registrar's answer.
        let every_block = self.registration.try_with_untracked(|registration| {
            registration.as_ref().is_none_or(|registration| !registration.is_verified())
        });
        Watch { charts, members: vec![me], every_block: every_block.unwrap_or_default(), as_of }
    }

    async fn read(self) {
        let Some(open) = self.open.try_get_value() else { return };
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        let registration = Registration::read(&open).await;
        if self.turn.try_get_value() != Some(turn) {
            return;
        }
        match registration {
            Ok(registration) => drop(self.registration.try_set(Some(registration))),
            Err(_) => drop(self.registration.try_update(|known| {
                known.get_or_insert_with(|| Registration::when_opened(&open));
            })),
        }
        let first = !self.has_read();
        let show = |some: &[Dealt]| {
            if first && self.turn.try_get_value() == Some(turn) {
                let _left = self.dealt.try_set(Load::Ready(Rc::new(some.to_vec())));
            }
        };
        let dealt = read_dealings(&open, show).await;
        if self.turn.try_get_value() != Some(turn) {
            return;
        }
        match dealt {
            Ok(dealt) => {
                let dealt = Rc::new(dealt);
                let _left = self.dealt.try_set(Load::Ready(Rc::clone(&dealt)));
                let _left = self.whole.try_set(true);
                self.open_what_is_logged(&open, &dealt, turn).await;
            }
            // What was read stays true for its block.
            Err(Fault::Relay(RelayError::Disconnected(_))) if self.has_read() => {}
            Err(fault) => drop(self.dealt.try_set(Load::Failed(trouble(&fault)))),
        }
    }

    fn has_read(self) -> bool {
        self.whole.try_get_untracked().unwrap_or_default()
    }

    /// Closes what is no longer shared, and opens anew what changed, where that asks nothing.
    async fn open_what_is_logged(self, open: &Rc<Open>, dealt: &[Dealt], turn: u64) {
        let known = || dealt.iter().filter_map(|dealt| dealt.known.as_ref().ok());
        let shared: BTreeSet<Address> =
            known().filter(|known| known.is_shared()).map(|known| known.read.chart).collect();
        let _left = self.opened.try_update(|opened| opened.retain(|chart, _| shared.contains(chart)));
        for known in known().filter(|known| known.is_shared()) {
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            let chart = known.read.chart;
            let as_before = self.opened.try_with_untracked(|opened| match opened.get(&chart) {
                Some(Opening::Open(opened)) => opened.read.entries.len() == known.read.entries.len(),
                _ => false,
            });
            if as_before == Some(false) && self.opens_by_itself(known) {
                match open.client().open_chart(&open.me, chart, &|_| {}).await {
                    Ok(opened) => self.keep(open, opened).await,
                    Err(fault) => {
                        let failed = Opening::Failed(trouble(&fault));
                        let _left = self.opened.try_update(|opened| opened.insert(chart, failed));
                    }
                }
            }
        }
    }

    /// Opens a chart: the visit is logged first, which asks the wallet once.
    pub(super) fn open_chart(self, acts: Acts, chart: Address, busy: RwSignal<bool>) {
        let open = self.open();
        let name = self.names.with_untracked(|names| names.get(&chart).map(|known| known.name.clone()));
        let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| short_address(&chart.to_string()));
        let label = crate::wire::acts::Label {
            title: format!("Opening the chart of {name}"),
            done: "The chart is open. The patient sees this visit.".to_owned(),
            wallet: open.seat.wallet.clone(),
            shape: crate::wire::acts::Shape::Signing,
        };
        acts.start(label, move |listen| {
            let open = Rc::clone(&open);
            async move {
                let _busy = Busy::begin(busy);
                let opened = open.client().open_chart(&open.me, chart, &*listen).await;
                // Whatever came of it: the patient may have ended the access meanwhile.
                self.read_again();
                self.keep(&open, opened?).await;
                Ok(())
            }
        });
    }

    /// Keeps what was opened of a chart.
    pub(super) async fn keep(self, open: &Rc<Open>, opened: OpenChart) {
        let OpenChart { patient, read, folders, mut records } = opened;
        add_own(open, &read, &mut records).await;
        for record in &records.records {
            for author in [Some(record.author), record.origin].into_iter().flatten() {
                self.get_to_know(open, author).await;
            }
        }
        for treatment in treatments(&read, &records) {
            for grant in &treatment.asked {
                self.get_to_know(open, grant.grantee).await;
            }
        }
        let records = Rc::new(records);
        let opened = Rc::new(Opened { read, folders, records: Rc::clone(&records) });
        let _left = self.names.try_update(|names| names.insert(patient.chart, patient.introduction));
        let _left = self.opened.try_update(|all| all.insert(patient.chart, Opening::Open(opened)));
        spawn_local(self.look_into(Rc::clone(open), records));
    }

    /// Who an author is. Without a verified profile it is shown as an unknown account.
    async fn get_to_know(self, open: &Open, author: Address) {
        let known = self.people.try_with_untracked(|people| people.contains_key(&author));
        if known == Some(false)
            && let Ok(person) = open.client().professional(author).await
        {
            let _left = self.people.try_update(|people| people.insert(author, person));
        }
    }

    /// Looks for what must not be overlooked in the small documents of a chart.
    async fn look_into(self, open: Rc<Open>, records: Rc<Records>) {
        let small = records.records.iter().filter(|record| findings::is_small_fhir(&record.meta));
        for record in small.take(findings::AT_MOST) {
            let known = self.findings.try_with_untracked(|found| found.contains_key(&record.manifest));
            // What cannot be opened now is looked into with the next change.
            if known == Some(false)
                && let Ok(bytes) = open.client().open_record(record).await
            {
                if let Some(complaint) = findings::complaint(record, &bytes) {
                    let _left = self.complaints.try_update(|all| all.insert(record.manifest, complaint));
                }
                let found = Rc::new(findings::read(record, &bytes));
                let _left = self.findings.try_update(|all| all.insert(record.manifest, found));
            }
        }
    }

    /// What was found in the documents of an open chart, the newest first. What was corrected since counts no more.
    #[must_use]
    pub(super) fn found(self, opened: &Opened) -> Vec<Rc<Findings>> {
        let kinship = Kinship::of(&opened.records);
        let records = opened.records.records.iter().filter(|record| !kinship.is_corrected(record));
        self.findings.with(|found| records.filter_map(|record| found.get(&record.manifest).cloned()).collect())
    }

    /// By whom a record is.
    #[must_use]
    pub(super) fn author_name(self, record: &Record) -> String {
        let author = record.origin.unwrap_or(record.author);
        if author == self.open().me.address {
            return "you".to_owned();
        }
        if author == record.chart {
            return "the patient".to_owned();
        }
        self.people.with(|people| crate::wire::said::person(author, people.get(&author)).name)
    }
}

fn nothing_shared() -> Trouble {
    Trouble::new("This patient shares nothing with you.", "Ask for access under Requests; the patient decides.")
}

/// Reads all charts, and shows those that are here while others are on their way.
async fn read_dealings(open: &Open, show: impl Fn(&[Dealt])) -> Result<Vec<Dealt>, Fault> {
    let dealings = open.client().dealings().await?;
    let reads = dealings.into_iter().map(|dealing| read_dealing(open, dealing));
    let mut reads = futures::stream::iter(reads).buffered(AT_ONCE);
    let mut dealt = Vec::new();
    while let Some(read) = reads.next().await {
        dealt.push(read);
        if dealt.len().is_multiple_of(SHOWN_AFTER) {
            show(&dealt);
        }
    }
    Ok(dealt)
}

/// What the doctor filed in folders that are not shared: opened with the copy that every author keeps.
async fn add_own(open: &Open, read: &ReadChart, records: &mut Records) {
    let shown: BTreeSet<Digest> = records.records.iter().map(|record| record.manifest).collect();
    let me = open.me.address;
    let own: BTreeSet<Digest> = read.state.current().filter(|one| one.author == me).map(|one| one.manifest).collect();
    let is_own = |entry: &&Entry| match entry.event {
        ChartEvent::RecordAdded { manifest, .. } => own.contains(&manifest) && !shown.contains(&manifest),
        _ => false,
    };
    let dealing = Dealing { chart: read.chart, entries: read.entries.iter().filter(is_own).cloned().collect() };
    // Without them the chart is what is shared, and nothing less.
    if let Ok(found) = open.client().list_delivered(&open.me, &[dealing]).await {
        records.records.extend(found.records);
        records.withheld += found.withheld;
        records.unreadable += found.unreadable;
        records.records.sort_by_key(|record| core::cmp::Reverse(record.at.time));
    }
}

/// A chart that cannot be read now does not hide the others.
async fn read_dealing(open: &Open, dealing: Dealing) -> Dealt {
    let Dealing { chart, entries } = dealing;
    let is_grant =
        |entry: &Entry| matches!(entry.event, ChartEvent::AccessGranted { .. } | ChartEvent::OfferClaimed { .. });
    let granted = entries.iter().any(is_grant);
    let known = async {
        let read = open.client().read_chart(chart).await?;
        let folders = open.client().folders(&open.client().card_of(chart).await?);
        Ok(Rc::new(Known { read, folders, me: open.me.address }))
    };
    Dealt { chart, granted, known: known.await }
}

/// The desk in reach; only below [`super::DoctorPages`].
#[must_use]
pub(super) fn use_doctor() -> Option<DoctorDesk> {
    use_context()
}
