//! What a laboratory has delivered, read and checked; and the batch that is on its way, which stays while one moves
//! between pages.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    fault::{Fault, RelayError},
    list_records::{Record, Records},
    open_chart::Dealing,
    read_chart::ReadChart,
};
use medkey_protocol::{Address, FolderId, blocks::Category, chart::ChartEvent};

use super::batch::Batch;
use crate::{
    load::Load,
    pages::delivered::DeliveredState,
    wire::{
        current::{LISTENED, Watch, stay_current},
        desk::Open,
        professional::Registration,
        said::trouble,
        while_here::while_here,
    },
};

/// What was delivered.
pub(super) struct Deliveries {
    /// The laboratory's own copies, the newest first.
    pub records: Rc<Records>,
    /// What the patients' folders are for.
    pub folders: BTreeMap<FolderId, Category>,
    /// How each record stands in its chart, in the order of the records.
    pub states: Vec<DeliveredState>,
    /// The charts, the one with the newest entry first.
    pub charts: Vec<Address>,
    /// What those charts say.
    pub reads: BTreeMap<Address, ReadChart>,
    /// Block time of the oldest chart read.
    as_of: u64,
}

/// A laboratory's deliveries, in the context of its pages.
#[derive(Clone, Copy)]
pub(super) struct LabDesk {
    /// How the laboratory stands with the registrar; none before it was read.
    pub registration: RwSignal<Option<Registration>>,
    /// What was delivered.
    pub deliveries: RwSignal<Load<Rc<Deliveries>>, LocalStorage>,
    /// What is to be delivered.
    pub batch: Batch,
    open: StoredValue<Rc<Open>, LocalStorage>,
    turn: StoredValue<u64>,
}

impl LabDesk {
    /// Reads what was delivered and keeps it up to date until the pages are left.
    #[must_use]
    pub(super) fn start(open: Rc<Open>) -> Self {
        let desk = Self {
            registration: RwSignal::new(None),
            deliveries: RwSignal::new_local(Load::Loading),
            batch: Batch::new(),
            open: StoredValue::new_local(Rc::clone(&open)),
            turn: StoredValue::new(0),
        };
        while_here(async move {
            stay_current(open.client(), || desk.watch(open.me.address), async || desk.read().await).await;
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
        spawn_local(self.read());
    }

    fn watch(self, me: Address) -> Watch {
        let read = self.deliveries.try_with_untracked(|found| {
            found.ready().map(|found| (found.charts.iter().take(LISTENED).copied().collect(), found.as_of))
        });
        let (charts, as_of) = read.flatten().unwrap_or_default();
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
        let deliveries = read(&open).await;
        if self.turn.try_get_value() != Some(turn) {
            return;
        }
        match registration {
            Ok(registration) => drop(self.registration.try_set(Some(registration))),
            Err(_) => drop(self.registration.try_update(|known| {
                known.get_or_insert_with(|| Registration::when_opened(&open));
            })),
        }
        let has_read = self.deliveries.try_with_untracked(|found| found.ready().is_some()).unwrap_or_default();
        match deliveries {
            Ok(deliveries) => drop(self.deliveries.try_set(Load::Ready(Rc::new(deliveries)))),
            // What was read stays true for its block.
            Err(Fault::Relay(RelayError::Disconnected(_))) if has_read => {}
            Err(fault) => drop(self.deliveries.try_set(Load::Failed(trouble(&fault)))),
        }
    }
}

async fn read(open: &Open) -> Result<Deliveries, Fault> {
    let (client, me) = (open.client(), open.me.address);
    let mut dealings = client.dealings().await?;
    let is_own = |dealing: &Dealing| {
        dealing
            .entries
            .iter()
            .any(|entry| matches!(entry.event, ChartEvent::RecordAdded { author, .. } if author == me))
    };
    dealings.retain(is_own);
    let records = client.list_delivered(&open.me, &dealings).await?;
    let mut folders = BTreeMap::new();
    let mut gone = BTreeSet::new();
    let mut replaced = BTreeSet::new();
    let mut reads = BTreeMap::new();
    let mut as_of = u64::MAX;
    for Dealing { chart, .. } in &dealings {
        let read = client.read_chart(*chart).await?;
        as_of = as_of.min(read.time);
        for announced in read.state.records.iter().filter(|announced| announced.author == me && !announced.current) {
            gone.insert(announced.manifest);
        }
        replaced.extend(read.state.records.iter().filter_map(|announced| announced.replaces));
        let card = client.card_of(*chart).await?;
        folders.extend(client.folders(&card).into_iter().filter_map(|folder| Some((folder.id, folder.category?))));
        reads.insert(*chart, read);
    }
    let amended: BTreeSet<_> = records.records.iter().filter_map(|record| record.meta.amends).collect();
    let state = |record: &Record| {
        // What the patient filed in its place is sealed: whether it is the same file with another title, or another, only
        // the patient and the readers of the folder can tell.
        if amended.contains(&record.id) {
            DeliveredState::Amended
        } else if replaced.contains(&record.manifest) {
            DeliveredState::FiledAnew
        } else if gone.contains(&record.manifest) {
            DeliveredState::Removed
        } else {
            DeliveredState::InChart
        }
    };
    let states = records.records.iter().map(state).collect();
    let charts = dealings.iter().map(|dealing| dealing.chart).collect();
    Ok(Deliveries { records: Rc::new(records), folders, states, charts, reads, as_of })
}

/// The desk in reach; only below [`super::LaboratoryPages`].
#[must_use]
pub(super) fn use_laboratory() -> Option<LabDesk> {
    use_context()
}
