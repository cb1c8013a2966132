//! What a laboratory has delivered; and the batch that is on its way, which stays while one moves between pages.
//!
//! What was delivered comes from the inbox and the laboratory's own copies, and is there at once where it was opened
//! before. How each report stands is in its patient's chart: the charts are read one after the other, those with the
//! newest deliveries first, and again only when something happened to them.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use futures::future::join_all;
use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    fault::{Fault, RelayError},
    list_records::{Record, Records},
    open_chart::Dealings,
    read_chart::ReadChart,
};
use medkey_protocol::{Address, Digest, FolderId, RecordId, blocks::Category};

use super::batch::Batch;
use crate::{
    load::Load,
    pages::delivered::DeliveredState,
    wire::{
        current::{LISTENED, Watch, stay_current_with},
        desk::Open,
        professional::Registration,
        said::trouble,
        while_here::while_here,
    },
};

/// Charts that are read at the same time: no more than a browser asks one server for.
const AT_A_TIME: usize = 6;
/// Copies that are opened before what is there is shown.
const OPENED_AT_ONCE: usize = 60;

/// What was delivered.
pub(super) struct Deliveries {
    /// The laboratory's own copies, the newest first.
    pub records: Rc<Records>,
    /// The charts, the one with the newest delivery first.
    pub charts: Vec<Address>,
    /// What the laboratory itself has corrected.
    amended: BTreeSet<(Address, RecordId)>,
}

impl Deliveries {
    fn new(records: Records) -> Self {
        let mut charts = Vec::new();
        let mut known = BTreeSet::new();
        let mut amended = BTreeSet::new();
        for record in &records.records {
            if known.insert(record.chart) {
                charts.push(record.chart);
            }
            amended.extend(record.meta.amends.map(|amends| (record.chart, amends)));
        }
        Self { records: Rc::new(records), charts, amended }
    }
}

/// A patient's chart, as far as it concerns the laboratory.
pub(super) struct Known {
    /// What the chart says.
    pub read: ReadChart,
    /// What the patient's folders are for.
    pub folders: BTreeMap<FolderId, Category>,
    gone: BTreeSet<Digest>,
}

impl Known {
    fn new(me: Address, read: ReadChart, folders: BTreeMap<FolderId, Category>) -> Self {
        let gone = read.state.records.iter().filter(|one| one.author == me && !one.current).map(|one| one.manifest);
        Self { gone: gone.collect(), folders, read }
    }

    fn state(&self, record: &Record) -> DeliveredState {
        // What the patient filed in its place is sealed: whether it is the same file with another title, or another, only
        // the patient and the readers of the folder can tell.
        if self.read.state.replaced(record.manifest) {
            DeliveredState::FiledAnew
        } else if self.gone.contains(&record.manifest) {
            DeliveredState::Removed
        } else {
            DeliveredState::InChart
        }
    }
}

/// A laboratory's deliveries, in the context of its pages.
#[derive(Clone, Copy)]
pub(super) struct LabDesk {
    /// How the laboratory stands with the registrar; none before it was read.
    pub registration: RwSignal<Option<Registration>>,
    /// What was delivered.
    pub deliveries: RwSignal<Load<Rc<Deliveries>>, LocalStorage>,
    /// The charts that were read.
    pub known: RwSignal<BTreeMap<Address, Rc<Known>>, LocalStorage>,
    /// What is to be delivered.
    pub batch: Batch,
    open: StoredValue<Rc<Open>, LocalStorage>,
    dealings: StoredValue<Dealings, LocalStorage>,
    /// Charts to which something happened since they were read.
    stale: StoredValue<BTreeSet<Address>>,
    turn: StoredValue<u64>,
}

impl LabDesk {
    /// Reads what was delivered and keeps it up to date until the pages are left.
    #[must_use]
    pub(super) fn start(open: Rc<Open>) -> Self {
        let desk = Self {
            registration: RwSignal::new(None),
            deliveries: RwSignal::new_local(Load::Loading),
            known: RwSignal::new_local(BTreeMap::new()),
            batch: Batch::new(),
            open: StoredValue::new_local(Rc::clone(&open)),
            dealings: StoredValue::new_local(Dealings::default()),
            stale: StoredValue::new(BTreeSet::new()),
            turn: StoredValue::new(0),
        };
        while_here(async move {
            let me = open.me.address;
            stay_current_with(open.client(), || desk.watch(me), async |changed: &[Address]| desk.read(changed).await)
                .await;
        });
        desk
    }

    /// The laboratory, as pages hand it on.
    #[must_use]
    pub(super) fn held(self) -> StoredValue<Rc<Open>, LocalStorage> {
        self.open
    }

    /// The laboratory.
    #[must_use]
    pub(super) fn open(self) -> Rc<Open> {
        self.open.get_value()
    }

    /// Whether the registrar has verified the laboratory.
    #[must_use]
    pub(super) fn is_verified(self) -> bool {
        self.registration.with(|registration| registration.as_ref().is_none_or(Registration::is_verified))
    }

    /// Reads everything again. What is shown stays until the new is here.
    pub(super) fn read_again(self) {
        spawn_local(async move { self.read(&[]).await });
    }

    /// How a report stands; none while its chart is not read.
    #[must_use]
    pub(super) fn state(deliveries: &Deliveries, known: Option<&Rc<Known>>, record: &Record) -> Option<DeliveredState> {
        if deliveries.amended.contains(&(record.chart, record.id)) {
            return Some(DeliveredState::Amended);
        }
        known.map(|known| known.state(record))
    }

    fn watch(self, me: Address) -> Watch {
        let charts = self.deliveries.try_with_untracked(|found| {
            found.ready().map(|found| found.charts.iter().take(LISTENED).copied().collect::<Vec<_>>())
        });
        let charts = charts.flatten().unwrap_or_default();
        let as_of = self.known.try_with_untracked(|known| {
            charts.iter().filter_map(|chart| known.get(chart)).map(|known| known.read.time).min()
        });
        // A wallet's node may be some blocks behind the relay that told of the registrar's answer.
        let every_block = self.registration.try_with_untracked(|registration| {
            registration.as_ref().is_none_or(|registration| !registration.is_verified())
        });
        Watch {
            charts,
            members: vec![me],
            every_block: every_block.unwrap_or_default(),
            as_of: as_of.flatten().unwrap_or_default(),
        }
    }

    async fn read(self, changed: &[Address]) {
        let Some(open) = self.open.try_get_value() else { return };
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        self.stale.update_value(|stale| stale.extend(changed));
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
        if let Err(fault) = self.read_deliveries(&open, turn).await {
            let has_read = self.deliveries.try_with_untracked(|found| found.ready().is_some()).unwrap_or_default();
            // What was read stays true for its block.
            if !(has_read && matches!(fault, Fault::Relay(RelayError::Disconnected(_)))) {
                let _left = self.deliveries.try_set(Load::Failed(trouble(&fault)));
            }
            return;
        }
        self.read_charts(&open, turn).await;
    }

    async fn read_deliveries(self, open: &Open, turn: u64) -> Result<(), Fault> {
        let dealings = self.read_dealings(open).await?;
        let (client, me) = (open.client(), &open.me);
        let mut listing = client.begin_delivered(me, &dealings.list).await;
        let mut most = OPENED_AT_ONCE;
        loop {
            let records = listing.records();
            let is_all = records.pending == 0;
            if self.turn.try_get_value() != Some(turn) {
                return Ok(());
            }
            // Nothing to show is shown once it is certain.
            if is_all || !records.records.is_empty() {
                let _left = self.deliveries.try_set(Load::Ready(Rc::new(Deliveries::new(records))));
            }
            if is_all {
                return Ok(());
            }
            client.go_on_delivered(me, &mut listing, most).await;
            most *= 2;
        }
    }

    async fn read_dealings(self, open: &Open) -> Result<Dealings, Fault> {
        let before = self.dealings.try_get_value().unwrap_or_default();
        let dealings = open.client().dealings_on(before).await?;
        let _left = self.dealings.try_set_value(dealings.clone());
        Ok(dealings)
    }

    /// All that was delivered to these patients until now, opened to the last.
    pub(super) async fn delivered_to(self, open: &Open, patients: &BTreeSet<Address>) -> Result<Records, Fault> {
        let mut dealings = self.read_dealings(open).await?.list;
        dealings.retain(|dealing| patients.contains(&dealing.chart));
        open.client().list_delivered(&open.me, &dealings).await
    }

    /// Reads the charts that were not read yet, and those to which something happened.
    async fn read_charts(self, open: &Open, turn: u64) {
        let charts = self.deliveries.try_with_untracked(|found| found.ready().map(|found| found.charts.clone()));
        let Some(charts) = charts.flatten() else { return };
        let due = |chart: &Address| {
            let unknown = self.known.try_with_untracked(|known| !known.contains_key(chart)).unwrap_or_default();
            unknown || self.stale.try_with_value(|stale| stale.contains(chart)).unwrap_or_default()
        };
        let due: Vec<Address> = charts.into_iter().filter(due).collect();
        // Shown in ever larger parts, so that a long list is not drawn anew all the time.
        let (mut read, mut shown) = (Vec::new(), 1);
        for some in due.chunks(AT_A_TIME) {
            read.extend(join_all(some.iter().map(|chart| self.read_chart(open, *chart))).await.into_iter().flatten());
            if self.turn.try_get_value() != Some(turn) {
                break;
            }
            if read.len() >= shown {
                shown = (shown * 2).min(512);
                self.show(core::mem::take(&mut read));
            }
        }
        self.show(read);
    }

    fn show(self, read: Vec<(Address, Rc<Known>)>) {
        if read.is_empty() {
            return;
        }
        let _left = self.stale.try_update_value(|stale| {
            for (chart, _) in &read {
                stale.remove(chart);
            }
        });
        let _left = self.known.try_update(|known| known.extend(read));
    }

    /// One chart, from where it was read before. One that cannot be read now is tried again with the next reading.
    async fn read_chart(self, open: &Open, chart: Address) -> Option<(Address, Rc<Known>)> {
        let client = open.client();
        let before = self.known.try_with_untracked(|known| known.get(&chart).cloned())?;
        let read = match &before {
            Some(before) => client.read_chart_on(before.read.clone()).await,
            None => client.read_chart(chart).await,
        };
        let read = read.ok()?;
        // Folders keep their category; a new one is asked for where a delivery lies in it.
        let folders = match before.filter(|before| !before.folders.is_empty()) {
            Some(before) => before.folders.clone(),
            None => {
                let card = client.card_of(chart).await.ok()?;
                client.folders(&card).into_iter().filter_map(|folder| Some((folder.id, folder.category?))).collect()
            }
        };
        Some((chart, Rc::new(Known::new(open.me.address, read, folders))))
    }

    /// Reads a chart before its turn, where it was not read yet.
    pub(super) fn read_first(self, chart: Address) {
        if self.known.with_untracked(|known| known.contains_key(&chart)) {
            return;
        }
        let open = self.open();
        spawn_local(async move {
            let read = self.read_chart(&open, chart).await;
            self.show(read.into_iter().collect());
        });
    }
}

/// The desk in reach; only below [`super::LaboratoryPages`].
#[must_use]
pub(super) fn use_laboratory() -> Option<LabDesk> {
    use_context()
}
