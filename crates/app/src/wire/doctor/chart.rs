//! A patient's chart: closed until the visit is logged, then what must not be overlooked, what is new, and the rest.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use medkey_client::list_records::Record;
use medkey_protocol::Address;

use super::{
    desk::{DoctorDesk, Door, Known, Opened, Opening, Whom, use_doctor},
    findings::{figures, once},
    patients::born,
    treatments::needs,
    vitals,
    writing::WritingDialog,
};
use crate::{
    clock::use_clock,
    components::{
        chip::{Badge, Tone},
        record_row::RecordItem,
    },
    fhir::Findings,
    load::{Load, Trouble},
    pages::{
        chart::{ChartModel, ChartState, ChartView, OpenChart},
        write_entry::Writing,
    },
    speaking::{Speaker, count, sentence, size},
    wire::{
        acts::use_acts,
        kin::Kinship,
        said::{NO_FOLDER, record_kind, seal},
        viewer::form_word,
    },
};

fn record_item(
    desk: DoctorDesk,
    known: &Known,
    (opened, kinship): (&Opened, &Kinship<'_>),
    record: &Record,
    is_new: bool,
) -> RecordItem {
    let category = known.category(record.folder);
    let from = match desk.author_name(record) {
        name if name == "the patient" => "added by the patient".to_owned(),
        name if record.author == record.chart => format!("{name}, as filed by the patient"),
        name => name,
    };
    RecordItem {
        id: record.id.to_string(),
        href: format!("/patients/{}/records/{}", record.chart, record.id),
        title: record.meta.title.clone(),
        kind: record_kind(&record.meta, category),
        folder: record.folder.to_string(),
        folder_name: known.folder_word(record.folder, Some(opened)).unwrap_or(NO_FOLDER).to_owned(),
        from,
        form: format!("{}, {}", form_word(&record.meta), size(record.meta.length)),
        at: record.at.time,
        badge: kinship.badge(record).or_else(|| is_new.then(|| Badge::new(Tone::Info, "New"))),
        trouble: None,
    }
}

fn open_model(desk: DoctorDesk, known: &Known, opened: &Opened, speaker: &Speaker) -> OpenChart {
    let me = desk.open().me.address;
    let visits = known.visits();
    let mut newest = visits.iter().rev().copied();
    let (logged, since) = (newest.next().unwrap_or(known.read.time), newest.next());
    let is_new = |record: &&Record| since.is_none_or(|since| record.at.time > since && record.author != me);
    let kinship = Kinship::of(&opened.records);
    let needs = needs(desk, opened);
    // A confirmation stands with what it confirms, and what stands above the records already is not repeated among them.
    let listed = opened.records.records.iter().filter(|record| {
        let id = record.id.to_string();
        kinship.confirmed(record).is_none() && needs.iter().all(|need| need.record != id)
    });
    let (fresh, earlier): (Vec<&Record>, Vec<&Record>) = listed.partition(is_new);
    let item = |record: &Record, is_new: bool| record_item(desk, known, (opened, &kinship), record, is_new);
    let found = desk.found(opened);
    let allergies = once(found.iter().flat_map(|one| one.allergies.clone()));
    let words = |all: fn(&Findings) -> &Vec<String>| once(found.iter().flat_map(|one| all(one).clone())).join("; ");
    let told = [
        ("Conditions", words(|one| &one.conditions)),
        ("Medicines", words(|one| &one.medicines)),
        ("Call in an emergency", words(|one| &one.contacts)),
    ];
    let told = told.into_iter().filter(|(_, said)| !said.is_empty()).map(|(word, said)| (word.to_owned(), said));
    let blood_group = found.iter().find_map(|one| one.blood_group.clone());
    OpenChart {
        scopes: known.scopes(Some(opened)),
        until: known.until(),
        logged,
        facts: blood_group.map(|group| format!("blood group {group}")).into_iter().collect(),
        allergies,
        told: told.collect(),
        needs,
        figures: figures(&found, speaker),
        since,
        fresh: fresh.into_iter().map(|record| item(record, since.is_some())).collect(),
        earlier: earlier.into_iter().map(|record| item(record, false)).collect(),
        seal: seal(&opened.read.seal),
    }
}

/// What an open chart does not show.
fn partial(opened: &Opened) -> Option<Trouble> {
    let (withheld, unreadable) = (opened.records.withheld, opened.records.unreadable);
    let what = match (withheld, unreadable) {
        (0, 0) => return None,
        (withheld, 0) => format!("{} not handed out by the server.", records_are(withheld)),
        (0, unreadable) => format!("{} damaged, or sealed with another key.", records_are(unreadable)),
        (withheld, unreadable) => {
            format!("{} not handed out by the server, and {} damaged.", records_are(withheld), records_are(unreadable))
        }
    };
    Some(Trouble::new(sentence(&what), "The others are complete."))
}

fn records_are(number: usize) -> String {
    count(number, "record is", "records are")
}

/// The page.
#[component]
pub fn DoctorChart() -> impl IntoView {
    let desk = use_doctor()?;
    let acts = use_acts();
    let clock = use_clock();
    let params = use_params_map();
    let chart = Memo::new(move |_| params.with(|params| params.get("chart")?.parse::<Address>().ok()));
    let wallet = desk.open().seat.wallet.clone();
    let model = Memo::new(move |_| {
        let Some(chart) = chart.get() else {
            return Load::Failed(Trouble::new("There is no such patient.", "Go back to your patients."));
        };
        let state = match desk.door(chart) {
            Door::Waiting => return Load::Loading,
            Door::Failed(trouble) => return Load::Failed(trouble),
            Door::Ended(at, revoked) => ChartState::Ended { at, revoked },
            Door::Closed(known) => ChartState::Closed { scopes: known.scopes(None), until: known.until() },
            Door::Open(known, opened) => {
                ChartState::Open(Box::new(open_model(desk, &known, &opened, &clock.speaker())))
            }
        };
        let (name, born) = (desk.name(chart), born(desk, chart));
        Load::Ready(ChartModel { chart: chart.to_string(), name, born, wallet: wallet.clone(), state })
    });
    let trouble = Memo::new(move |_| match desk.opening(chart.get()?)? {
        Opening::Open(opened) => partial(&opened),
        Opening::Failed(trouble) => Some(trouble),
    });
    // Whoever looks at an open chart has seen what is new in it.
    Effect::new(move |_| {
        let Some(chart) = chart.get() else { return };
        let Some(Opening::Open(opened)) = desk.opening(chart) else { return };
        let newest = opened.records.records.iter().map(|record| record.at.time).max().unwrap_or_default();
        if desk.seen.with_untracked(|seen| seen.get(&chart).is_none_or(|seen| *seen < newest)) {
            desk.seen.update(|seen| {
                seen.insert(chart, newest);
            });
        }
    });
    let vitals = vitals::look(chart)?;
    let busy = RwSignal::new(false);
    let writing = RwSignal::new(None::<(Writing, Option<String>)>);
    // While it is being written the dialog shows it.
    let unfiled = Memo::new(move |_| match (chart.get(), writing.with(Option::is_none)) {
        (Some(chart), true) => desk.unfiled_in(chart).titles(),
        _ => Vec::new(),
    });
    let key_words = RwSignal::new(String::new());
    Effect::new(move |_| {
        let Some(chart) = chart.get() else { return };
        let open = desk.open();
        spawn_local(async move {
            // Without them the page says nothing of the key.
            let words = open.client().words_of(chart).await.unwrap_or_default();
            let _left = key_words.try_set(words);
        });
    });
    Some(view! {
        <ChartView
            model=model
            busy=busy
            trouble=trouble
            key_words=key_words
            on_retry=move |()| desk.read_again()
            on_open=move |()| {
                if let Some(chart) = chart.get_untracked() {
                    desk.open_chart(acts, chart, busy);
                }
            }
            on_ask=move |()| desk.asking.set(chart.get_untracked().map(Whom::Patient))
            on_write=move |what| writing.set(Some(what))
            unfiled=unfiled
            newest=vitals.newest()
            looking=vitals.looking()
            on_look_again=move |()| vitals.look_again()
            on_look_on=move |()| vitals.look_on()
            on_go_on=move |()| {
                let next = chart.get_untracked().and_then(|chart| untrack(|| desk.unfiled_in(chart).next()));
                writing.set(next.map(|kind| (kind, None)));
            }
        />
        {move || {
            let (chart, (what, request)) = (chart.get()?, writing.get()?);
            Some(
                view! {
                    <WritingDialog
                        chart=chart
                        what=what
                        request=request
                        on_close=Callback::new(move |()| writing.set(None))
                    />
                },
            )
        }}
    })
}
