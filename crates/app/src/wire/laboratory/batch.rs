//! The batch: files with whom they are for, how far each has come, and what of it the relay already holds. Nothing is
//! uploaded twice, and nothing is announced twice: not after a lost answer, and not after a reload either. Then the files
//! have to be chosen again, and for whom they are is known from a draft that the device keeps, sealed.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use medkey_browser::FileSource;
use medkey_client::{
    add_record::PlainFile,
    chain::Step,
    deliver_batch::{Before, Delivery, FilePrint, is_forgotten, print_of},
    fault::{Fault, Refusal},
    list_records::Records,
};
use medkey_protocol::{Address, blocks::Category};
use serde::{Deserialize, Serialize};
use web_sys::File;

use super::desk::LabDesk;
use crate::{
    components::record_row::RecordKind,
    load::Trouble,
    pages::deliver::{DeliveryItem, DeliveryState, MatchInput},
    speaking::{count, sentence, short_address},
    wire::{
        desk::Open,
        drafts::{keep_draft, open_draft},
        filing::{KINDS, Suggested, details, suggest, suggest_from_content},
        professional::Busy,
        said::{category_word, sentence_of, trouble},
    },
};

/// Endings of what can be delivered; DICOM files often have none.
const ENDINGS: [&str; 12] = ["pdf", "png", "jpg", "jpeg", "webp", "gif", "bmp", "avif", "json", "dcm", "dicom", "txt"];
/// What the draft of the batch is called.
const DRAFT: &str = "batch";

/// A file of the batch.
#[derive(Clone)]
pub(super) struct Item {
    id: u64,
    file: File,
    input: MatchInput,
    patient: Option<Address>,
    state: DeliveryState,
    print: Option<FilePrint>,
    stored: Option<Rc<Delivery>>,
    /// It is delivered although it was before.
    insisted: bool,
}

/// What is kept of a file that is matched and not delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Matched {
    name: String,
    size: u64,
    print: String,
    input: MatchInput,
}

/// The batch of this laboratory.
#[derive(Clone, Copy)]
pub(super) struct Batch {
    items: RwSignal<Vec<Item>, LocalStorage>,
    /// A delivery is on its way.
    pub busy: RwSignal<bool>,
    /// Why the last one stopped.
    pub trouble: RwSignal<Option<Trouble>>,
    /// What was matched before the page was loaded anew; none while it is being opened.
    matched: RwSignal<Option<Vec<Matched>>, LocalStorage>,
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
            matched: RwSignal::new_local(None),
            count: StoredValue::new(0),
        }
    }

    /// How many files were matched before the page was loaded anew, and have not been chosen again.
    #[must_use]
    pub(super) fn waited_for(self) -> usize {
        let here = self.items.with(|items| items.iter().map(|item| item.file.name()).collect::<Vec<_>>());
        self.matched.with(|matched| matched.iter().flatten().filter(|matched| !here.contains(&matched.name)).count())
    }

    /// Takes files; one that is in the batch already is not taken again.
    fn take(self, files: Vec<File>) -> Vec<u64> {
        let mut taken = Vec::new();
        for file in files {
            let known = self.items.with_untracked(|items| items.iter().any(|item| is_same(&item.file, &file)));
            if known {
                continue;
            }
            let id = self.count.get_value() + 1;
            self.count.set_value(id);
            let state = refusal(&file).map_or(DeliveryState::Unmatched, DeliveryState::Refused);
            if state == DeliveryState::Unmatched {
                taken.push(id);
            }
            let input = suggestion(suggest(&file));
            let item = Item { id, file, input, patient: None, state, print: None, stored: None, insisted: false };
            self.items.update(|items| items.push(item));
        }
        taken
    }

    /// A file's name, and what is known or suggested of it.
    #[must_use]
    pub(super) fn known(self, id: &str) -> Option<(String, MatchInput)> {
        self.items.with_untracked(|items| {
            let item = items.iter().find(|item| item.id.to_string() == id)?;
            Some((item.file.name(), item.input.clone()))
        })
    }

    /// The files for the page.
    #[must_use]
    pub(super) fn items(self) -> Vec<DeliveryItem> {
        self.items.with(|items| items.iter().map(item_model).collect())
    }

    /// The files that go out with the next press.
    #[must_use]
    pub(super) fn ready(self) -> Vec<u64> {
        self.in_state(|state| matches!(state, DeliveryState::Ready | DeliveryState::Stored))
    }

    /// The files that were not delivered.
    #[must_use]
    pub(super) fn failed(self) -> Vec<u64> {
        self.in_state(|state| matches!(state, DeliveryState::Failed(_)))
    }

    fn in_state(self, is: impl Fn(&DeliveryState) -> bool) -> Vec<u64> {
        self.items.with_untracked(|items| items.iter().filter(|item| is(&item.state)).map(|item| item.id).collect())
    }

    fn change(self, id: u64, how: impl FnOnce(&mut Item)) {
        let _left = self.items.try_update(|items| {
            if let Some(item) = items.iter_mut().find(|item| item.id == id) {
                how(item);
            }
        });
    }

    fn set(self, id: u64, state: DeliveryState) {
        self.change(id, |item| item.state = state);
    }

    fn item(self, id: u64) -> Option<Item> {
        self.items.try_with_untracked(|items| items.iter().find(|item| item.id == id).cloned()).flatten()
    }
}

/// Opens what was matched before the page was loaded anew.
pub(super) fn open_matched(desk: LabDesk) {
    if desk.batch.matched.with_untracked(Option::is_some) {
        return;
    }
    let open = desk.open();
    spawn_local(async move {
        let matched = open_draft::<Vec<Matched>>(&open, DRAFT).await.unwrap_or_default();
        let _left = desk.batch.matched.try_set(Some(matched));
    });
}

/// Forgets what was matched and is not chosen again.
pub(super) fn forget_matched(desk: LabDesk) {
    desk.batch.matched.set(Some(Vec::new()));
    keep_matched(desk);
}

/// Keeps for whom the files are that still have to go out, those that are not chosen again among them.
fn keep_matched(desk: LabDesk) {
    let matched = desk.batch.items.try_with_untracked(|items| {
        let open =
            items.iter().filter(|item| !matches!(item.state, DeliveryState::Delivered | DeliveryState::Before(_)));
        open.filter_map(matched_of).collect::<Vec<_>>()
    });
    let Some(mut matched) = matched else { return };
    let here: Option<Vec<String>> =
        desk.batch.items.try_with_untracked(|items| items.iter().map(|item| item.file.name()).collect());
    let before = desk.batch.matched.try_get_untracked().flatten().unwrap_or_default();
    let here = here.unwrap_or_default();
    matched.extend(before.into_iter().filter(|matched| !here.contains(&matched.name)));
    keep_draft(&desk.open(), DRAFT, Some(&matched).filter(|matched| !matched.is_empty()));
}

fn matched_of(item: &Item) -> Option<Matched> {
    item.patient?;
    let (name, print) = (item.file.name(), item.print?.to_hex());
    Some(Matched { name, size: item.file.size() as u64, print, input: item.input.clone() })
}

/// Takes files. Those that were matched before the page was loaded anew are matched again.
pub(super) fn take(desk: LabDesk, files: Vec<File>) {
    let taken = desk.batch.take(files);
    spawn_local(async move {
        for id in taken {
            recognise(desk, id).await;
        }
    });
}

/// Takes a file out.
pub(super) fn drop_item(desk: LabDesk, id: &str) {
    let Ok(id) = id.parse::<u64>() else { return };
    let name = desk.batch.item(id).map(|item| item.file.name());
    desk.batch.items.update(|items| items.retain(|item| item.id != id));
    desk.batch.matched.update(|matched| {
        if let Some(matched) = matched {
            matched.retain(|matched| Some(&matched.name) != name.as_ref());
        }
    });
    keep_matched(desk);
}

async fn recognise(desk: LabDesk, id: u64) {
    let batch = desk.batch;
    let Some(item) = batch.item(id) else { return };
    let input = suggestion(suggest_from_content(&item.file).await);
    batch.change(id, |item| {
        // Whoever was quicker knows better.
        if item.state == DeliveryState::Unmatched && item.patient.is_none() {
            item.input = input;
        }
    });
    let (name, size) = (item.file.name(), item.file.size() as u64);
    let matched = batch.matched.try_with_untracked(|matched| {
        let same = |matched: &&Matched| matched.name == name && matched.size == size;
        matched.iter().flatten().find(same).cloned()
    });
    let Some(matched) = matched.flatten() else { return };
    let Ok(print) = print_of(&mut FileSource::from(item.file)).await else { return };
    let Ok(patient) = matched.input.chart.parse::<Address>() else { return };
    if print.to_hex() != matched.print {
        return;
    }
    batch.change(id, |item| item.print = Some(print));
    settle(desk, id, matched.input, patient).await;
}

/// It is settled for whom a file is and what; looks whether it was delivered or stored before.
pub(super) async fn settle(desk: LabDesk, id: u64, input: MatchInput, patient: Address) {
    let batch = desk.batch;
    batch.change(id, |item| {
        // What was stored for one patient is of no use for another.
        if item.patient.is_some_and(|before| before != patient) {
            item.stored = None;
        }
        item.insisted = false;
        item.input = input;
        item.patient = Some(patient);
        item.state = DeliveryState::Looking;
    });
    let known = desk.deliveries.try_with_untracked(|found| found.ready().map(|found| Rc::clone(&found.records)));
    let known = known.flatten().unwrap_or_default();
    let found = look(desk, &desk.open(), id, patient, &known).await;
    match found {
        Ok(true) => {}
        Ok(false) => {
            let stored = batch.item(id).is_some_and(|item| item.stored.is_some());
            batch.set(id, if stored { DeliveryState::Stored } else { DeliveryState::Ready });
        }
        Err(fault) => batch.set(id, DeliveryState::Failed(sentence_of(&fault))),
    }
    keep_matched(desk);
}

/// Looks again for what waits to be delivered, once more is known of what was.
pub(super) async fn look_again(desk: LabDesk) {
    let batch = desk.batch;
    let Some(open) = desk.held().try_get_value() else { return };
    let known = desk.deliveries.try_with_untracked(|found| found.ready().map(|found| Rc::clone(&found.records)));
    let Some(known) = known.flatten() else { return };
    for id in batch.ready() {
        let item = batch.item(id).filter(|item| item.state.is_ready());
        let Some(patient) = item.and_then(|item| item.patient) else { continue };
        if batch.busy.try_get_untracked() != Some(false) {
            return;
        }
        // A file that cannot be read is told so when it is delivered.
        let _looked = look(desk, &open, id, patient, &known).await;
    }
}

/// It is to be delivered although it was before.
pub(super) fn insist(desk: LabDesk, id: &str) {
    let Ok(id) = id.parse() else { return };
    desk.batch.change(id, |item| {
        item.insisted = true;
        item.stored = None;
        item.state = DeliveryState::Ready;
    });
    keep_matched(desk);
}

/// Looks whether a file was delivered to this patient before, among these; and takes what this device has stored of it.
async fn look(desk: LabDesk, open: &Open, id: u64, patient: Address, known: &Records) -> Result<bool, Fault> {
    let batch = desk.batch;
    let Some(item) = batch.item(id) else { return Ok(true) };
    if item.insisted {
        return Ok(false);
    }
    let mut source = FileSource::from(item.file.clone());
    let looked = open.client().look_for_delivery(&open.me, patient, &known.records, (&mut source, item.print)).await;
    let (print, before) = looked?;
    batch.change(id, |item| item.print = Some(print));
    match before {
        Before::Nothing => Ok(false),
        Before::Stored(delivery) => {
            batch.change(id, |item| {
                item.stored.get_or_insert_with(|| Rc::new(*delivery));
            });
            Ok(false)
        }
        Before::Delivered(at) => {
            let at = known.records.get(at).map(|record| record.at.time).unwrap_or_default();
            batch.set(id, DeliveryState::Before(at));
            Ok(true)
        }
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
                if item.state.is_on_its_way() {
                    item.state = if item.stored.is_some() { DeliveryState::Stored } else { DeliveryState::Ready };
                }
            }
        });
    }
}

/// Delivers files: each is encrypted and stored, then all are announced together. What fails stops nothing else, unless
/// it concerns everything.
pub(super) async fn deliver(desk: LabDesk, open: &Rc<Open>, ids: &[u64], listen: &dyn Fn(Step)) -> Result<(), Fault> {
    let batch = desk.batch;
    if batch.busy.try_get_untracked() != Some(false) {
        return Err(Fault::Wallet(medkey_client::ports::WalletError::PromptOpen));
    }
    let _left = batch.trouble.try_set(None);
    let on_their_way = OnTheirWay { batch, ids: ids.to_vec(), _busy: Busy::begin(batch.busy) };
    // What was announced without an answer shows here, whoever announced it.
    let patients = ids.iter().filter_map(|id| batch.item(*id)?.patient).collect();
    let known = desk.delivered_to(open, &patients).await?;
    let mut last = Ok(());
    let mut stored: Vec<(u64, Rc<Delivery>)> = Vec::new();
    for id in ids {
        let Some(item) = batch.item(*id).filter(|item| item.state.is_waiting()) else { continue };
        let Some(patient) = item.patient else { continue };
        match store(desk, open, patient, *id, &known, listen).await {
            Ok(Some(delivery)) => stored.push((*id, delivery)),
            Ok(None) => {}
            Err(fault) => {
                batch.set(*id, DeliveryState::Failed(sentence_of(&fault)));
                last = Err(fault);
            }
        }
    }
    let deliveries: Vec<&Delivery> = stored.iter().map(|(_, delivery)| &**delivery).collect();
    let told = |places: &[usize], step: Step| {
        let state = match step {
            Step::Sign | Step::Confirm => Some(DeliveryState::Confirming),
            Step::Sent(_) | Step::Included(_) => Some(DeliveryState::Sent),
            Step::Sealing { .. } | Step::Waiting => None,
        };
        for (id, _) in places.iter().filter_map(|at| stored.get(*at)) {
            if let Some(state) = &state {
                batch.set(*id, state.clone());
            }
        }
        listen(step);
    };
    let outcomes = open.client().deliver_all(&open.me, &deliveries, &told).await;
    let mut left_out = 0;
    for ((id, _), outcome) in stored.iter().zip(outcomes) {
        match outcome {
            Some(Ok(_)) => batch.change(*id, |item| {
                item.stored = None;
                item.state = DeliveryState::Delivered;
            }),
            Some(Err(fault)) => {
                left_out += 1;
                batch.change(*id, |item| fail(item, &fault));
                last = Err(fault);
            }
            None => {}
        }
    }
    if let Err(fault) = &last {
        let told = match fault {
            Fault::Wallet(_) | Fault::NotIncluded(_) => sentence_of(fault),
            fault if left_out > 0 => {
                format!("{} not delivered: {}", sentence(&count(left_out, "report was", "reports were")), lower(fault))
            }
            fault => sentence_of(fault),
        };
        let told = Trouble::new(told, "What was uploaded is kept; only the rest is done again.");
        let _left = batch.trouble.try_set(Some(told));
    }
    drop(on_their_way);
    keep_matched(desk);
    desk.read_again();
    last
}

fn lower(fault: &Fault) -> String {
    let mut rest = sentence_of(fault);
    if let Some(first) = rest.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    rest
}

/// Why a file is not delivered, and what can be done about it.
fn fail(item: &mut Item, fault: &Fault) {
    if is_forgotten(fault) {
        item.stored = None;
        item.state = DeliveryState::Failed(
            "The server has cleared the upload away. Try again to send the file anew.".to_owned(),
        );
        return;
    }
    item.state = match fault {
        // Whoever declined presses again.
        Fault::Wallet(_) => DeliveryState::Stored,
        // Somebody else has to be named.
        Fault::NoMember(_) | Fault::Refused(Refusal::NoChart) => DeliveryState::Unmatched,
        fault => DeliveryState::Failed(sentence_of(fault)),
    };
}

/// Encrypts and uploads a file, unless that was done before. None where it was delivered before.
async fn store(
    desk: LabDesk,
    open: &Rc<Open>,
    patient: Address,
    id: u64,
    known: &Records,
    listen: &dyn Fn(Step),
) -> Result<Option<Rc<Delivery>>, Fault> {
    let batch = desk.batch;
    if look(desk, open, id, patient, known).await? {
        return Ok(None);
    }
    let Some(Item { file, input, print, stored, .. }) = batch.item(id) else { return Ok(None) };
    let MatchInput { title, kind, date, .. } = &input;
    let (details, category) = (details(&file, title, kind, date), category(&input.folder));
    let delivery = match stored {
        Some(stored) => {
            stored.describe(details, category);
            stored
        }
        None => {
            batch.set(id, DeliveryState::Encrypting(0.0));
            let told = |step| {
                if let Step::Sealing { sealed, stored, total } = step {
                    let part = |bytes: u64| bytes as f64 / total.max(1) as f64;
                    let state = match stored {
                        0 => DeliveryState::Encrypting(part(sealed)),
                        stored => DeliveryState::Uploading(part(stored)),
                    };
                    batch.set(id, state);
                }
                listen(step);
            };
            let source = FileSource::from(file.clone());
            let print = match print {
                Some(print) => print,
                None => print_of(&mut FileSource::from(file)).await?,
            };
            let file = PlainFile { source, details };
            Rc::new(open.client().store_delivery(&open.me, (patient, category), file, print, &told).await?)
        }
    };
    batch.change(id, |item| {
        item.stored = Some(Rc::clone(&delivery));
        item.state = DeliveryState::Stored;
    });
    Ok(Some(delivery))
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
fn suggestion(suggested: Suggested) -> MatchInput {
    let Suggested { category, title, kind, date } = suggested;
    let [report, ..] = &KINDS;
    let says_nothing = KINDS.last().is_some_and(|other| other.key == kind);
    let (category, kind) = if says_nothing { (report.category, report.key) } else { (category, kind) };
    MatchInput {
        chart: String::new(),
        title,
        kind: kind.to_owned(),
        folder: category_word(Some(category)).to_owned(),
        date,
    }
}
