//! A laboratory delivers a batch, with a state per file.

use std::sync::Arc;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use web_sys::File;

use super::add_record::FileDrop;
use super::patients::WaitingForRegistrar;
use super::scan::PatientField;
use crate::clock::use_clock;
use crate::components::blank::TroubleLine;
use crate::components::button::{Button, Weight};
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, SelectField, Takes};
use crate::components::icon::{Glyph, Icon};
use crate::components::page_head::PageHead;
use crate::components::record_row::{RecordKind, Tile};
use crate::components::sheet::Track;
use crate::load::Trouble;
use crate::speaking::{Say, count, sentence};

/// How far a file is.
#[derive(Clone, Debug, PartialEq)]
pub enum DeliveryState {
    /// Nobody was named yet.
    Unmatched,
    /// Looked for among what was delivered before.
    Looking,
    /// Can be delivered.
    Ready,
    /// Uploaded before; only the confirmation is missing.
    Stored,
    /// The same file was delivered to the same patient before, at this time.
    Before(u64),
    /// Being encrypted, from 0 to 1.
    Encrypting(f64),
    /// Being uploaded, from 0 to 1.
    Uploading(f64),
    /// The wallet is asked.
    Confirming,
    /// Sent, not yet on the chain.
    Sent,
    /// In the patient's chart.
    Delivered,
    /// It did not work; what was uploaded is kept.
    Failed(String),
    /// Cannot be delivered at all.
    Refused(String),
}

impl DeliveryState {
    /// Goes out with the next press.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready | Self::Stored)
    }

    /// Goes out once somebody presses, or presses again.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.is_ready() || matches!(self, Self::Failed(_))
    }

    /// Is being delivered.
    #[must_use]
    pub fn is_on_its_way(&self) -> bool {
        matches!(self, Self::Encrypting(_) | Self::Uploading(_) | Self::Confirming | Self::Sent)
    }
}

/// A file of the batch.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryItem {
    /// What is handed back.
    pub id: String,
    /// The file's name.
    pub file: String,
    /// The patient's name or short address.
    pub patient: Option<String>,
    /// The report's title.
    pub title: String,
    /// The folder's name.
    pub folder: String,
    /// What it is.
    pub kind: RecordKind,
    /// How far.
    pub state: DeliveryState,
}

impl DeliveryItem {
    /// Changes with all that its row shows.
    fn key(&self) -> String {
        format!("{self:?}")
    }

    /// Has been matched, whatever came of it.
    fn is_matched(&self) -> bool {
        !matches!(self.state, DeliveryState::Unmatched | DeliveryState::Refused(_))
    }
}

/// The page.
#[component]
pub fn DeliverView(
    /// The batch, in the order the files were chosen.
    #[prop(into)]
    items: Signal<Vec<DeliveryItem>>,
    /// The registrar has verified this laboratory.
    #[prop(into)]
    verified: Signal<bool>,
    /// A delivery is on its way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why the last delivery stopped.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Files were chosen.
    #[prop(into)]
    on_files: Callback<Vec<File>>,
    /// Names the patient and the report of a file, by its id.
    #[prop(into)]
    on_match: Callback<String>,
    /// Takes a file out of the batch, by its id.
    #[prop(into)]
    on_drop: Callback<String>,
    /// Tries a file again, by its id.
    #[prop(into)]
    on_retry: Callback<String>,
    /// Delivers a file although it was delivered before, by its id.
    #[prop(into)]
    on_insist: Callback<String>,
    /// Delivers what is ready.
    #[prop(into)]
    on_deliver: Callback<()>,
    /// Tries all again that were not delivered.
    #[prop(into)]
    on_retry_all: Callback<()>,
    /// How many files were matched before the page was loaded anew, and are not chosen again.
    #[prop(into)]
    waited_for: Signal<usize>,
    /// Forgets them.
    #[prop(into)]
    on_forget: Callback<()>,
) -> impl IntoView {
    let acts = RowActs { on_match, on_drop, on_retry, on_insist };
    view! {
        <PageHead
            title="Deliver reports"
            sub="Each is encrypted here for its patient. Doctors who hold the folder can read it at once."
        />
        {move || {
            if !verified.get() {
                return view! { <WaitingForRegistrar /> }.into_any();
            }
            view! {
                <FileDrop
                    title="Drop reports here"
                    sentence="PDF, images, FHIR, DICOM. As many as you like."
                    several=true
                    on_files=on_files
                />
                <div class="deliver__trouble">
                    <TroubleLine trouble=trouble />
                    <WaitedFor number=waited_for on_forget=on_forget />
                </div>
                <Show when=move || items.with(|items| !items.is_empty())>
                    <Batch
                        items=items
                        busy=busy
                        acts=acts
                        on_deliver=on_deliver
                        on_retry_all=on_retry_all
                    />
                </Show>
            }
                .into_any()
        }}
    }
}

/// Says that files were matched before the page was loaded anew: a page cannot keep the files themselves.
#[component]
fn WaitedFor(number: Signal<usize>, on_forget: Callback<()>) -> impl IntoView {
    move || {
        let number = number.get();
        (number > 0)
            .then(|| {
                let them = if number == 1 { "it" } else { "them" };
                view! {
                    <div class="say say--boxed draft-line">
                        <Glyph icon=Icon::Pencil />
                        <div class="say__text">
                            <strong>
                                {sentence(
                                    &format!("{} matched and not delivered.", count(number, "report was", "reports were")),
                                )}
                            </strong>
                            {format!(
                                "Choose {them} again: for whom, and as what, is kept on this device, encrypted. What was uploaded is not sent again.",
                            )}
                        </div>
                        <div class="say__act">
                            <Button label="Forget" about=them small=true on_press=on_forget />
                        </div>
                    </div>
                }
            })
    }
}

/// What can be done with a file of the batch, by its id.
#[derive(Clone, Copy)]
struct RowActs {
    on_match: Callback<String>,
    on_drop: Callback<String>,
    on_retry: Callback<String>,
    on_insist: Callback<String>,
}

#[component]
fn Batch(
    items: Signal<Vec<DeliveryItem>>,
    busy: Signal<bool>,
    acts: RowActs,
    on_deliver: Callback<()>,
    on_retry_all: Callback<()>,
) -> impl IntoView {
    let number = move |is: fn(&DeliveryState) -> bool| {
        Memo::new(move |_| items.with(|items| items.iter().filter(|item| is(&item.state)).count()))
    };
    let ready = number(DeliveryState::is_ready);
    let failed = number(|state| matches!(state, DeliveryState::Failed(_)));
    let note = move || {
        items.with(|items| {
            let matched = items.iter().filter(|item| item.is_matched()).count();
            format!("{matched} of {} matched to a patient", items.len())
        })
    };
    view! {
        <section class="batch">
            <div class="section__head">
                <h2>"This batch"</h2>
                <span class="section__note">{note}</span>
                <span class="section__end button-row">
                    <Show when=move || { failed.get() > 0 }>
                        <Button
                            label=Signal::derive(move || match failed.get() {
                                1 => "Try the failed one again".to_owned(),
                                number => format!("Try the {number} failed again"),
                            })
                            disabled=busy
                            on_press=on_retry_all
                        />
                    </Show>
                    <Button
                        label=Signal::derive(move || match ready.get() {
                            0 => "Deliver".to_owned(),
                            number => format!("Deliver {number} {}", if number == 1 { "report" } else { "reports" }),
                        })
                        weight=Weight::Primary
                        busy=busy
                        disabled=Signal::derive(move || ready.get() == 0)
                        on_press=on_deliver
                    />
                </span>
            </div>
            <ul class="rows">
                <For each=move || items.get() key=|item| item.key() let:item>
                    <DeliveryRow item=item acts=acts />
                </For>
            </ul>
        </section>
    }
}

#[component]
fn DeliveryRow(item: DeliveryItem, acts: RowActs) -> impl IntoView {
    let clock = use_clock();
    let DeliveryItem { id, file, patient, title, folder, kind, state } = item;
    let RowActs { on_match, on_drop, on_retry, on_insist } = acts;
    let filing = patient.map(|patient| format!("{patient} · {title} · {folder}"));
    let sub = match (&state, filing) {
        (DeliveryState::Refused(why) | DeliveryState::Failed(why), _) => why.clone(),
        (_, None) => "No patient matched".to_owned(),
        (DeliveryState::Stored, Some(filing)) => {
            format!("{filing} · uploaded before, only the confirmation is missing")
        }
        (_, Some(filing)) => filing,
    };
    let badge = match &state {
        DeliveryState::Unmatched => None,
        DeliveryState::Looking => Some(Badge::new(Tone::Quiet, "Looking")),
        DeliveryState::Ready => Some(Badge::new(Tone::Quiet, "Ready")),
        DeliveryState::Stored => Some(Badge::new(Tone::Quiet, "Uploaded")),
        DeliveryState::Before(at) => {
            Some(Badge::new(Tone::Accent, format!("Delivered on {}", clock.speaker().say(*at, Say::FullDate))))
        }
        DeliveryState::Encrypting(part) => Some(Badge::new(Tone::Info, format!("Encrypting {:.0} %", part * 100.0))),
        DeliveryState::Uploading(part) => Some(Badge::new(Tone::Info, format!("Uploading {:.0} %", part * 100.0))),
        DeliveryState::Confirming => Some(Badge::new(Tone::Warn, "Answer in wallet")),
        DeliveryState::Sent => Some(Badge::new(Tone::Info, "Sent")),
        DeliveryState::Delivered => Some(Badge::new(Tone::Accent, "Delivered")),
        DeliveryState::Failed(_) => Some(Badge::new(Tone::Danger, "Not delivered")),
        DeliveryState::Refused(_) => Some(Badge::new(Tone::Danger, "Refused")),
    };
    let part = match state {
        DeliveryState::Encrypting(part) | DeliveryState::Uploading(part) => Some(part),
        _ => None,
    };
    let before = matches!(state, DeliveryState::Before(_));
    let failed = matches!(state, DeliveryState::Failed(_));
    let can_match = state == DeliveryState::Unmatched || state.is_waiting();
    let can_drop = can_match || before || matches!(state, DeliveryState::Refused(_));
    let unmatched = state == DeliveryState::Unmatched;
    let act = move |shown: bool, label: &'static str, about: String, id: String, act: Callback<String>| {
        shown.then(move || {
            view! { <Button label=label about=about small=true on_press=move |()| act.run(id.clone()) /> }
        })
    };
    let change = if unmatched { "Choose patient" } else { "Change" };
    view! {
        <li class="row row--acts">
            <Tile icon=kind.icon() />
            <div class="row__main">
                <div class="row__title">{file.clone()}</div>
                <div class="row__sub">{sub}</div>
            </div>
            <div class="row__end">
                <div class="row__track" class:row__track--bare=part.is_none()>
                    {badge.map(|badge| view! { <Chip badge=badge /> })}
                    {part.map(|part| view! { <Track part=part /> })}
                </div>
                {act(before, "Deliver again", file.clone(), id.clone(), on_insist)}
                {act(failed, "Try again", file.clone(), id.clone(), on_retry)}
                {act(can_match, change, file.clone(), id.clone(), on_match)}
                {can_drop
                    .then(move || {
                        view! {
                            <button
                                type="button"
                                class="icon-button"
                                aria-label=format!("Take {file} out")
                                on:click=move |_| on_drop.run(id.clone())
                            >
                                <Glyph icon=Icon::Cross />
                            </button>
                        }
                    })}
            </div>
        </li>
    }
}

/// For whom a report is, and what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchInput {
    /// The patient's address.
    pub chart: String,
    /// The report's title.
    pub title: String,
    /// The kind's key.
    pub kind: String,
    /// The category it is filed under.
    pub folder: String,
    /// The date it carries, `2026-11-20`; may be empty.
    pub date: String,
}

/// The dialog that names patient and report.
#[component]
pub fn MatchDialog(
    /// The file's name.
    #[prop(into)]
    file: String,
    /// What is known or suggested.
    known: MatchInput,
    /// Patients of earlier deliveries, the one with the newest first.
    patients: Arc<[EarlierPatient]>,
    /// The address that was scanned last; may be empty.
    #[prop(into)]
    scanned: Signal<String>,
    /// Scans a patient's code.
    #[prop(into)]
    on_scan: Callback<()>,
    /// Key and word of the kinds.
    #[prop(into)]
    kinds: Signal<Vec<(String, String)>>,
    /// The folders; one of them is the private one.
    #[prop(into)]
    folders: Signal<Vec<Choice>>,
    /// It is settled.
    #[prop(into)]
    on_match: Callback<MatchInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let chart = RwSignal::new(known.chart);
    let title = RwSignal::new(known.title);
    let kind = RwSignal::new(known.kind);
    let folder = RwSignal::new(known.folder);
    let date = RwSignal::new(known.date);
    let incomplete = Signal::derive(move || {
        chart.with(|chart| chart.trim().len() != 42)
            || title.with(|title| title.trim().is_empty())
            || folder.with(String::is_empty)
    });
    Effect::new(move |_| {
        let scanned = scanned.get();
        if !scanned.is_empty() {
            chart.set(scanned);
        }
    });
    let has_earlier = !patients.is_empty();
    let hint = if has_earlier {
        "It begins with 0x. Or type a word of what you delivered to the patient before."
    } else {
        "It begins with 0x."
    };
    view! {
        <Dialog title=format!("Who is {file} for?") on_close=on_close>
            <div class="fields">
                <div class="match">
                    <PatientField value=chart hint=hint on_scan=on_scan />
                    {has_earlier.then(|| view! { <EarlierPatients patients=patients chart=chart /> })}
                </div>
                <Field label="Title" value=title />
                <div class="fields__line fields__line--two">
                    <SelectField label="Kind" value=kind choices=kinds />
                    <Field label="Date" value=date takes=Takes::Day />
                </div>
                <ChoiceChips
                    label="Folder"
                    labelled=true
                    choices=folders
                    chosen=folder
                    on_choose=move |id| folder.set(id)
                />
            </div>
            <DialogFoot
                act="Set"
                disabled=incomplete
                on_act=move |()| {
                    on_match
                        .run(MatchInput {
                            chart: chart.get_untracked().trim().to_owned(),
                            title: title.get_untracked().trim().to_owned(),
                            kind: kind.get_untracked(),
                            folder: folder.get_untracked(),
                            date: date.get_untracked(),
                        });
                }
                on_leave=on_close
            />
        </Dialog>
    }
}

/// A patient to whom something was delivered before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierPatient {
    /// The address.
    pub chart: String,
    /// `Patient 0x7099…79C8`.
    pub name: String,
    /// What was delivered, the newest first.
    pub titles: Vec<String>,
    /// When the newest was.
    pub at: u64,
}

impl EarlierPatient {
    /// Whether this is asked for with a word, or with the beginning of the address.
    fn matches(&self, wanted: &str) -> bool {
        let wanted = wanted.trim().to_lowercase();
        self.chart.to_lowercase().starts_with(&wanted)
            || (!wanted.starts_with("0x") && self.titles.iter().any(|title| title.to_lowercase().contains(&wanted)))
    }
}

/// How many patients are suggested.
const SUGGESTED: usize = 4;

/// Patients of earlier deliveries that fit what is typed.
#[component]
fn EarlierPatients(patients: Arc<[EarlierPatient]>, chart: RwSignal<String>) -> impl IntoView {
    let clock = use_clock();
    let fitting = move || {
        let wanted = chart.get();
        // Once an address is complete, nothing more is to be suggested.
        let fitting = patients.iter().filter(|_| wanted.trim().len() < 42).filter(|patient| patient.matches(&wanted));
        fitting.take(SUGGESTED).cloned().collect::<Vec<_>>()
    };
    view! {
        <ul class="match__earlier" aria-label="Patients of earlier deliveries">
            {move || {
                fitting()
                    .into_iter()
                    .map(|patient| {
                        let EarlierPatient { chart: address, name, titles, at } = patient;
                        let when = clock.speaker().say(at, Say::Recent);
                        view! {
                            <li>
                                <button type="button" class="match__one" on:click=move |_| chart.set(address.clone())>
                                    <span class="match__name">{name}</span>
                                    <span class="match__what">{format!("{} · {when}", titles.join(", "))}</span>
                                </button>
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ul>
    }
}

/// What a delivery says once it is through.
#[must_use]
pub fn delivered_sentence(number: usize) -> String {
    crate::speaking::sentence(&format!("{} delivered.", count(number, "report", "reports")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_files_are_not_matched() {
        let item = |state| DeliveryItem {
            id: String::new(),
            file: String::new(),
            patient: None,
            title: String::new(),
            folder: String::new(),
            kind: RecordKind::Laboratory,
            state,
        };
        assert!(!item(DeliveryState::Refused(String::new())).is_matched());
        assert!(!item(DeliveryState::Unmatched).is_matched());
        assert!(item(DeliveryState::Delivered).is_matched());
        assert!(item(DeliveryState::Before(0)).is_matched());
        assert!(DeliveryState::Ready.is_ready() && DeliveryState::Stored.is_ready());
        assert!(!DeliveryState::Before(0).is_waiting(), "nothing is delivered twice without being asked for");
        assert_eq!(delivered_sentence(3), "Three reports delivered.");
    }

    #[test]
    fn an_earlier_patient_is_found_by_a_word_or_the_beginning_of_the_address() {
        let patient = EarlierPatient {
            chart: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8".to_owned(),
            name: "Patient 0x7099…79C8".to_owned(),
            titles: vec!["Lipid panel".to_owned()],
            at: 0,
        };
        for wanted in ["", "0x7099", " LIPID ", "panel"] {
            assert!(patient.matches(wanted), "{wanted}");
        }
        for wanted in ["0x80", "0xlipid", "ferritin"] {
            assert!(!patient.matches(wanted), "{wanted}");
        }
    }
}
