//! A patient's own chart, read and checked, and read again whenever the relay says that something happened.

use std::{collections::BTreeMap, rc::Rc};

use leptos::{prelude::*, task::spawn_local};
use medkey_client::{
    fault::{Fault, Refusal},
    folders::{Folder, Unfit},
    follow_hospitals::TeamChange,
    keep_notebook::Notebook,
    list_records::{Record, Records},
    people::Professional,
    read_chart::{ReadChart, Seal},
    read_timeline::Happening,
    read_treatments::Treatment,
    reencrypt_records::Past,
    request_access::Request,
    tell_about_me::{AboutMe, is_about_me},
};
use medkey_protocol::{Address, Digest, FolderId, api::ErrorCode, blocks::Category, chart::ChartEvent};

use super::{
    current::{Watch, stay_current},
    desk::{Desk, Open, use_desk},
    moving::{Acting, acting},
    said::{NO_FOLDER, trouble},
    while_here::while_here,
};
use crate::load::{Load, Trouble};

/// All of a patient's chart that the pages show.
#[derive(Clone)]
pub struct OwnChart {
    /// Entries and their fold.
    pub read: ReadChart,
    /// The records, opened.
    pub records: Records,
    /// The requests, opened.
    pub requests: Vec<Request>,
    /// What the patient asked to be treated for.
    pub treatments: Vec<Treatment>,
    /// What happened, with the relay's word.
    pub timeline: Vec<Happening>,
    /// The folders.
    pub folders: Vec<Folder>,
    /// Folders whose keys no longer fit who may read.
    pub unfit: Vec<Unfit>,
    /// Who the patient is, once told.
    pub about: Option<AboutMe>,
    /// Everybody who is named, where a verified profile is known.
    pub people: BTreeMap<Address, Professional>,
    /// What the wallet's account is to the chart.
    pub acting: Acting,
    /// In which block the vault was made anew; 0 if it never was.
    pub renewed: u64,
    /// What the patient noted for itself; empty where it cannot be read.
    pub notebook: Notebook,
    /// Why it cannot be read.
    pub notebook_trouble: Option<Trouble>,
    /// Who joined or left hospitals with whose doctors something is shared.
    pub changes: Vec<TeamChange>,
    /// Past records that can be opened with a key that somebody left with, and those that were encrypted anew.
    pub past: Past,
}

impl OwnChart {
    /// A folder, while it is there.
    #[must_use]
    pub fn folder(&self, id: FolderId) -> Option<&Folder> {
        self.folders.iter().find(|folder| folder.id == id)
    }

    /// A folder's name.
    #[must_use]
    pub fn folder_word(&self, id: FolderId) -> &str {
        self.folder(id).map_or(NO_FOLDER, Folder::word)
    }

    /// What a folder is for.
    #[must_use]
    pub fn category(&self, id: FolderId) -> Option<Category> {
        self.folder(id).and_then(|folder| folder.category)
    }

    /// Whether the patient wants a folder apart.
    #[must_use]
    pub fn is_sensitive(&self, id: FolderId) -> bool {
        self.folder(id).is_some_and(Folder::is_sensitive)
    }

    /// How many records are in a folder.
    #[must_use]
    pub fn records_in(&self, id: FolderId) -> usize {
        self.records.records.iter().filter(|record| record.folder == id).count()
    }

    /// Whether the last move of the chart that somebody asked for was stopped: then somebody else holds the code, unless
    /// it was renewed since.
    #[must_use]
    pub fn code_is_exposed(&self) -> bool {
        let since = self.read.entries.iter().rev().take_while(|entry| entry.block > self.renewed);
        let mut ends = since.filter_map(|entry| match entry.event {
            ChartEvent::MoveVetoed { .. } => Some(true),
            ChartEvent::ChartMoved { .. } => Some(false),
            _ => None,
        });
        ends.next().unwrap_or_default()
    }

    /// A record by the id in its address.
    #[must_use]
    pub fn record(&self, id: &str) -> Option<&Record> {
        self.records.records.iter().find(|record| record.id.to_string() == id)
    }
}

/// The chart of the patient who is here, in the context of the patient's pages.
#[derive(Clone, Copy)]
pub struct ChartDesk {
    /// The chart.
    pub chart: RwSignal<Load<Rc<OwnChart>>, LocalStorage>,
    open: StoredValue<Rc<Open>, LocalStorage>,
    desk: Desk,
    /// Counts the readings: an older one that ends late changes nothing.
    turn: StoredValue<u64>,
}

impl ChartDesk {
    /// Reads the chart and keeps it up to date until the pages are left.
    #[must_use]
    pub fn start(open: Rc<Open>) -> Self {
        let desk = Self {
            chart: RwSignal::new_local(Load::Loading),
            open: StoredValue::new_local(Rc::clone(&open)),
            desk: use_desk(),
            turn: StoredValue::new(0),
        };
        while_here(async move {
            stay_current(open.client(), || desk.watch(open.me.address), async || desk.read().await).await;
        });
        desk
    }

    /// The member whose chart it is.
    #[must_use]
    pub fn open(&self) -> Rc<Open> {
        self.open.get_value()
    }

    /// Reads everything again. What is shown stays until the new is here.
    pub fn read_again(self) {
        spawn_local(self.read());
    }

    fn watch(self, me: Address) -> Watch {
        let read = self.chart.try_with_untracked(|chart| {
            chart.ready().map(|chart| (chart.read.time, !matches!(chart.read.seal, Seal::Complete(_))))
        });
        let (as_of, every_block) = read.flatten().unwrap_or_default();
        Watch { charts: vec![me], members: vec![me], every_block, as_of }
    }

    async fn read(self) {
        // An act that ends after the pages were left has nothing to bring up to date.
        let (Some(open), Some(before)) = (self.open.try_get_value(), self.turn.try_get_value()) else { return };
        let turn = before + 1;
        self.turn.set_value(turn);
        let chart = read(&open, |part| self.show(turn, Ok(part))).await;
        self.show(turn, chart);
    }

    /// Shows what was read, unless it is being read anew.
    fn show(self, turn: u64, chart: Result<OwnChart, Fault>) {
        if self.turn.try_get_value() != Some(turn) {
            return;
        }
        match chart {
            Ok(chart) => drop(self.chart.try_set(Load::Ready(Rc::new(chart)))),
            Err(Fault::Refused(Refusal::MovedAway)) => self.desk.moved_away(),
            Err(fault) => drop(self.chart.try_set(Load::Failed(trouble(&fault)))),
        }
    }
}

/// Records that are opened before anything is shown. What more there are follow in ever larger steps, as each draws the
/// page anew.
const AT_ONCE: usize = 256;

async fn read(open: &Open, show: impl Fn(OwnChart)) -> Result<OwnChart, Fault> {
    let (client, me) = (open.client(), &open.me);
    let acting = acting(client, me.address, me.role).await?;
    open.acts.set(acting == Acting::Yes);
    client.refresh_card(me).await?;
    let read = client.read_my_chart(me).await?;
    let mut listing = client.begin_listing(me, &read).await;
    client.go_on_listing(me, &mut listing, AT_ONCE).await?;
    let records = listing.records();
    // Conveniences alone: without them everything else goes on.
    let (notebook, mut notebook_trouble) = match client.read_notebook(me).await {
        Ok(notebook) => (notebook, None),
        Err(fault) => (Notebook::default(), Some(trouble(&fault))),
    };
    let changes = client.team_changes(&read, &notebook).await.unwrap_or_else(|fault| {
        notebook_trouble = Some(trouble(&fault));
        Vec::new()
    });
    let mut chart = OwnChart {
        treatments: client.list_treatments(me, &read, &records).await?,
        requests: client.read_requests(me, &read).await?,
        timeline: client.read_timeline(&read).await?,
        folders: client.own_folders(me).await?,
        unfit: client.unfit_folders(me, &read).await?,
        about: client.read_about_me(&records).await?,
        people: people(open, &read).await?,
        acting,
        renewed: client.renewed_in(me, &notebook).await,
        notebook,
        notebook_trouble,
        changes,
        past: Past::default(),
        read: read.clone(),
        records,
    };
    let mut step = AT_ONCE;
    while chart.records.pending > 0 {
        show(chart.clone());
        client.go_on_listing(me, &mut listing, step).await?;
        step *= 2;
        let records = listing.records();
        if about_of(&records) != about_of(&chart.records) {
            chart.about = client.read_about_me(&records).await?;
        }
        chart.treatments = client.list_treatments(me, &read, &records).await?;
        chart.records = records;
    }
    chart.past = client.due_records(me, &read, &chart.records.records).await?;
    Ok(chart)
}

/// The record in which the patient says who it is.
fn about_of(records: &Records) -> Option<Digest> {
    records.records.iter().find(|record| is_about_me(record)).map(|record| record.manifest)
}

/// The verified profiles of everybody whom the chart names.
async fn people(open: &Open, read: &ReadChart) -> Result<BTreeMap<Address, Professional>, Fault> {
    let mut people = BTreeMap::new();
    for entry in &read.entries {
        let Some(named) = entry.event.party() else { continue };
        if named == read.chart || people.contains_key(&named) {
            continue;
        }
        match open.client().professional(named).await {
            Ok(person) => {
                people.insert(named, person);
            }
            // Never verified, or registered through another relay: it is shown as an unknown account.
            Err(Fault::NoMember(_)) => {}
            Err(Fault::Relay(error)) if error.code() == Some(ErrorCode::NotFound) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(people)
}

/// The chart in reach.
#[must_use]
pub fn use_own_chart() -> Option<ChartDesk> {
    use_context()
}
