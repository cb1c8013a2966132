//! The batch: files with whom they are for, how far each has come, and what of it the relay already holds. Nothing is
//! uploaded twice, and nothing is announced twice.

use std::rc::Rc;

use leptos::prelude::*;
use medkey_browser::FileSource;
use medkey_client::{
    add_record::{PlainFile, StoredRecord},
    chain::Step,
    fault::{Fault, Refusal, RelayError},
};
use medkey_protocol::{Address, RecordId, blocks::Category};
use web_sys::File;

use super::desk::LabDesk;
use crate::{
    components::record_row::RecordKind,
    load::Trouble,
    pages::deliver::{DeliveryItem, DeliveryState, MatchInput},
    speaking::short_address,
    wire::{
        desk::Open,
        filing::{KINDS, Suggested, details, suggest},
        professional::Busy,
        said::{category_word, trouble},
    },
};

/// Endings of what can be delivered; DICOM files often have none.
const ENDINGS: [&str; 12] = ["pdf", "png", "jpg", "jpeg", "webp", "gif", "bmp", "avif", "json", "dcm", "dicom", "txt"];

/// A file of the batch.
#[derive(Clone)]
pub(super) struct Item {
    id: u64,
    file: File,
    input: MatchInput,
    patient: Option<Address>,
    state: DeliveryState,
    stored: Option<Rc<StoredRecord>>,
    /// It was sent, but not seen on the chain: it may be there.
    uncertain: bool,
}

/// The batch of this laboratory.
#[derive(Clone, Copy)]
pub(super) struct Batch {
    items: RwSignal<Vec<Item>, LocalStorage>,
    /// A delivery is on its way.
    pub busy: RwSignal<bool>,
    /// Why the last one stopped.
    pub trouble: RwSignal<Option<Trouble>>,
    count: StoredValue<u64>,
}

impl Batch {
    /// No files.
    #[must_use]
    pub(super) fn new() -> Self {
        Self {
            items: RwSignal::new_local(Vec::new()),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
            count: StoredValue::new(0),
        }
    }

    /// Takes files; one that is in the batch already is not taken again.
    pub(super) fn take(self, files: Vec<File>) {
        for file in files {
            let known = self.items.with_untracked(|items| items.iter().any(|item| is_same(&item.file, &file)));
            if known {
                continue;
            }
            let id = self.count.get_value() + 1;
            self.count.set_value(id);
            let state = refusal(&file).map_or(DeliveryState::Unmatched, DeliveryState::Refused);
            let input = suggestion(&file);
            let item = Item { id, file, input, patient: None, state, stored: None, uncertain: false };
            self.items.update(|items| items.push(item));
        }
    }

    /// Takes a file out.
    pub(super) fn drop_item(self, id: &str) {
        self.items.update(|items| items.retain(|item| item.id.to_string() != id));
    }

    /// A file's name, and what is known or suggested of it.
    #[must_use]
    pub(super) fn known(self, id: &str) -> Option<(String, MatchInput)> {
        self.items.with_untracked(|items| {
            let item = items.iter().find(|item| item.id.to_string() == id)?;
            Some((item.file.name(), item.input.clone()))
        })
    }

    /// It is settled for whom a file is and what.
    pub(super) fn settle(self, id: &str, input: MatchInput, patient: Address) {
        self.change(id, |item| {
            // What was sealed says what was entered before.
            if item.input != input {
                item.stored = None;
            }
            item.input = input;
            item.patient = Some(patient);
            item.state = DeliveryState::Ready;
        });
    }

    /// The files for the page.
    #[must_use]
    pub(super) fn items(self) -> Vec<DeliveryItem> {
        self.items.with(|items| items.iter().map(item_model).collect())
    }

    /// The files that go out with the next press.
    #[must_use]
    pub(super) fn ready(self) -> Vec<u64> {
        self.items.with_untracked(|items| {
            items.iter().filter(|item| item.state == DeliveryState::Ready).map(|item| item.id).collect()
        })
    }

    fn change(self, id: &str, how: impl FnOnce(&mut Item)) {
        let _left = self.items.try_update(|items| {
            if let Some(item) = items.iter_mut().find(|item| item.id.to_string() == id) {
                how(item);
            }
        });
    }

    fn set(self, ids: &[u64], state: &DeliveryState) {
        let _left = self.items.try_update(|items| {
            for item in items.iter_mut().filter(|item| ids.contains(&item.id)) {
                item.state = state.clone();
            }
        });
    }

    /// Those of these files that still have to go out, by patient.
    fn groups(self, ids: &[u64]) -> Vec<(Address, Vec<u64>)> {
        let mut groups: Vec<(Address, Vec<u64>)> = Vec::new();
        let _left = self.items.try_with_untracked(|items| {
            let waiting = |item: &&Item| {
                ids.contains(&item.id) && matches!(item.state, DeliveryState::Ready | DeliveryState::Failed(_))
            };
            for item in items.iter().filter(waiting) {
                let Some(patient) = item.patient else { continue };
                match groups.iter_mut().find(|(known, _)| *known == patient) {
                    Some((_, group)) => group.push(item.id),
                    None => groups.push((patient, vec![item.id])),
                }
            }
        });
        groups
    }

    fn item(self, id: u64) -> Option<Item> {
        self.items.try_with_untracked(|items| items.iter().find(|item| item.id == id).cloned()).flatten()
    }
}

/// Files on their way. If the act is stopped, what was not sent can be delivered again.
struct OnTheirWay {
    batch: Batch,
    ids: Vec<u64>,
    _busy: Busy,
}

impl Drop for OnTheirWay {
    fn drop(&mut self) {
        let _left = self.batch.items.try_update(|items| {
            for item in items.iter_mut().filter(|item| self.ids.contains(&item.id)) {
                if matches!(
                    item.state,
                    DeliveryState::Encrypting(_) | DeliveryState::Uploading(_) | DeliveryState::Confirming
                ) {
                    item.state = DeliveryState::Ready;
                }
            }
        });
    }
}

/// Delivers files: each is encrypted and stored, then those of one patient are announced in one transaction. What
/// fails stops nothing else, unless it concerns everything.
pub(super) async fn deliver(desk: LabDesk, open: &Open, ids: &[u64], listen: &dyn Fn(Step)) -> Result<(), Fault> {
    let batch = desk.batch;
    if batch.busy.try_get_untracked() != Some(false) {
        return Err(Fault::Wallet(medkey_client::ports::WalletError::PromptOpen));
    }
    let _left = batch.trouble.try_set(None);
    let on_their_way = OnTheirWay { batch, ids: ids.to_vec(), _busy: Busy::begin(batch.busy) };
    let mut last = Ok(());
    for (patient, group) in batch.groups(ids) {
        if let Err(fault) = deliver_to(batch, open, patient, &group, listen).await {
            let stops_all =
                matches!(fault, Fault::Wallet(_) | Fault::Relay(RelayError::Disconnected(_)) | Fault::NotIncluded(_));
            let told = Trouble::new(fault.to_string(), "What was uploaded is kept; only the rest is done again.");
            let _left = batch.trouble.try_set(Some(told));
            last = Err(fault);
            if stops_all {
                break;
            }
        }
    }
    drop(on_their_way);
    desk.read_again();
    last
}

async fn deliver_to(
    batch: Batch,
    open: &Open,
    patient: Address,
    group: &[u64],
    listen: &dyn Fn(Step),
) -> Result<(), Fault> {
    let mut last = Ok(());
    let mut records: Vec<(u64, Rc<StoredRecord>, Category)> = Vec::new();
    for id in group {
        let Some(item) = batch.item(*id) else { continue };
        match store(batch, open, patient, &item, listen).await {
            Ok(stored) => records.push((*id, stored, category(&item.input.folder))),
            Err(fault) => {
                batch.set(&[*id], &DeliveryState::Failed(fault.to_string()));
                last = Err(fault);
            }
        }
    }
    drop_announced(batch, open, &mut records).await?;
    if records.is_empty() {
        return last;
    }
    let ids: Vec<u64> = records.iter().map(|(id, ..)| *id).collect();
    let filed: Vec<(&StoredRecord, Category)> =
        records.iter().map(|(_, stored, category)| (&**stored, *category)).collect();
    let told = |step| {
        match step {
            Step::Sign | Step::Confirm => batch.set(&ids, &DeliveryState::Confirming),
            Step::Sent(_) | Step::Included(_) => batch.set(&ids, &DeliveryState::Sent),
            Step::Sealing { .. } | Step::Waiting => {}
        }
        listen(step);
    };
    match open.client().deliver_stored(&open.me, patient, &filed, &told).await {
        Ok(_) => {
            batch.set(&ids, &DeliveryState::Delivered);
            for id in &ids {
                batch.change(&id.to_string(), |item| item.stored = None);
            }
            last
        }
        Err(fault) => {
            let state = match &fault {
                // Whoever declined presses again.
                Fault::Wallet(_) => DeliveryState::Ready,
                // Somebody else has to be named.
                Fault::NoMember(_) | Fault::Refused(Refusal::NoChart) => DeliveryState::Unmatched,
                fault => DeliveryState::Failed(fault.to_string()),
            };
            batch.set(&ids, &state);
            if matches!(fault, Fault::NotIncluded(_)) {
                for id in &ids {
                    batch.change(&id.to_string(), |item| item.uncertain = true);
                }
            }
            Err(fault)
        }
    }
}

/// Encrypts and uploads a file, unless that was done before.
async fn store(
    batch: Batch,
    open: &Open,
    patient: Address,
    item: &Item,
    listen: &dyn Fn(Step),
) -> Result<Rc<StoredRecord>, Fault> {
    if let Some(stored) = &item.stored {
        return Ok(Rc::clone(stored));
    }
    let id = item.id;
    batch.set(&[id], &DeliveryState::Encrypting(0.0));
    let told = |step| {
        if let Step::Sealing { sealed, stored, total } = step {
            let part = |bytes: u64| bytes as f64 / total.max(1) as f64;
            let state = match stored {
                0 => DeliveryState::Encrypting(part(sealed)),
                stored => DeliveryState::Uploading(part(stored)),
            };
            batch.set(&[id], &state);
        }
        listen(step);
    };
    let MatchInput { title, kind, date, .. } = &item.input;
    let details = details(&item.file, title, kind, date);
    let source = FileSource::from(item.file.clone());
    let stored = Rc::new(open.client().store_file(patient, PlainFile { source, details }, &told).await?);
    batch.change(&id.to_string(), |item| {
        item.stored = Some(Rc::clone(&stored));
        item.state = DeliveryState::Uploading(1.0);
    });
    Ok(stored)
}

/// What was sent without being seen on the chain is looked for there before it is announced again.
async fn drop_announced(
    batch: Batch,
    open: &Open,
    records: &mut Vec<(u64, Rc<StoredRecord>, Category)>,
) -> Result<(), Fault> {
    if !records.iter().any(|(id, ..)| batch.item(*id).is_some_and(|item| item.uncertain)) {
        return Ok(());
    }
    let delivered = open.client().list_delivered(&open.me, &open.client().dealings().await?).await?;
    let known: Vec<RecordId> = delivered.records.iter().map(|record| record.id).collect();
    let (there, missing) =
        core::mem::take(records).into_iter().partition(|(_, stored, _)| known.contains(&stored.id()));
    *records = missing;
    let there: Vec<(u64, Rc<StoredRecord>, Category)> = there;
    let ids: Vec<u64> = there.iter().map(|(id, ..)| *id).collect();
    batch.set(&ids, &DeliveryState::Delivered);
    Ok(())
}

/// Whether somebody is a patient, asked before a file is matched to them.
pub(super) async fn check_patient(open: &Open, patient: Address) -> Result<(), Trouble> {
    let card = match open.client().card_of(patient).await {
        Ok(card) => card,
        Err(Fault::NoMember(_)) => return Err(no_patient()),
        Err(fault) => return Err(trouble(&fault)),
    };
    if open.client().folders(&card).is_empty() { Err(no_patient()) } else { Ok(()) }
}

fn no_patient() -> Trouble {
    Trouble::new(Refusal::NoChart.to_string(), "Choose the patient again.")
}

/// The category of a word.
fn category(word: &str) -> Category {
    let known = Category::ALL.into_iter().find(|category| category_word(Some(*category)) == word);
    known.unwrap_or(Category::Laboratory)
}

fn item_model(item: &Item) -> DeliveryItem {
    let category = category(&item.input.folder);
    let kind = match category {
        Category::Laboratory => RecordKind::Laboratory,
        Category::Imaging => RecordKind::Imaging,
        Category::Prescriptions => RecordKind::Prescription,
        Category::Vitals => RecordKind::Vitals,
        Category::General | Category::Private => RecordKind::Letter,
    };
    DeliveryItem {
        id: item.id.to_string(),
        file: item.file.name(),
        patient: item.patient.map(|patient| format!("Patient {}", short_address(&patient.to_string()))),
        title: item.input.title.clone(),
        folder: item.input.folder.clone(),
        kind,
        state: item.state.clone(),
    }
}

fn is_same(one: &File, other: &File) -> bool {
    one.name() == other.name() && one.size() == other.size() && one.last_modified() == other.last_modified()
}

/// Why a file cannot be delivered at all.
fn refusal(file: &File) -> Option<String> {
    let name = file.name().to_lowercase();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    if file.size() < 1.0 {
        return Some("This file is empty".to_owned());
    }
    ending
        .filter(|ending| !ENDINGS.contains(ending))
        .map(|_| "This is not a kind of file we can show safely".to_owned())
}

/// What a file suggests. What says nothing of itself is taken for a laboratory report: that is what laboratories send.
fn suggestion(file: &File) -> MatchInput {
    let Suggested { category, title, kind, .. } = suggest(file);
    let [report, ..] = &KINDS;
    let says_nothing = KINDS.last().is_some_and(|other| other.key == kind);
    let (category, kind) = if says_nothing { (report.category, report.key) } else { (category, kind) };
    MatchInput {
        chart: String::new(),
        title,
        kind: kind.to_owned(),
        folder: category_word(Some(category)).to_owned(),
        date: String::new(),
    }
}
