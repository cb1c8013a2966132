//! A laboratory delivers a batch, with a state per file.

use leptos::prelude::*;
use web_sys::File;

use super::add_record::FileDrop;
use super::patients::WaitingForRegistrar;
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
use crate::speaking::count;

/// How far a file is.
#[derive(Clone, Debug, PartialEq)]
pub enum DeliveryState {
    /// Nobody was named yet.
    Unmatched,
    /// Can be delivered.
    Ready,
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
    /// Goes out with the next press.
    fn is_ready(&self) -> bool {
        self.state == DeliveryState::Ready
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
    /// Delivers what is ready.
    #[prop(into)]
    on_deliver: Callback<()>,
) -> impl IntoView {
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
                </div>
                <Show when=move || items.with(|items| !items.is_empty())>
                    <Batch
                        items=items
                        busy=busy
                        on_match=on_match
                        on_drop=on_drop
                        on_retry=on_retry
                        on_deliver=on_deliver
                    />
                </Show>
            }
                .into_any()
        }}
    }
}

#[component]
fn Batch(
    items: Signal<Vec<DeliveryItem>>,
    busy: Signal<bool>,
    on_match: Callback<String>,
    on_drop: Callback<String>,
    on_retry: Callback<String>,
    on_deliver: Callback<()>,
) -> impl IntoView {
    let ready = Memo::new(move |_| items.with(|items| items.iter().filter(|item| item.is_ready()).count()));
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
                <span class="section__end">
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
                {move || {
                    items
                        .get()
                        .into_iter()
                        .map(|item| {
                            view! {
                                <DeliveryRow
                                    item=item
                                    on_match=on_match
                                    on_drop=on_drop
                                    on_retry=on_retry
                                />
                            }
                        })
                        .collect_view()
                }}
            </ul>
        </section>
    }
}

#[component]
fn DeliveryRow(
    item: DeliveryItem,
    on_match: Callback<String>,
    on_drop: Callback<String>,
    on_retry: Callback<String>,
) -> impl IntoView {
    let DeliveryItem { id, file, patient, title, folder, kind, state } = item;
    let about = file.clone();
    let sub = match (&state, patient) {
        (DeliveryState::Refused(why) | DeliveryState::Failed(why), _) => why.clone(),
        (_, None) => "No patient matched".to_owned(),
        (_, Some(patient)) => format!("{patient} · {title} · {folder}"),
    };
    let badge = match &state {
        DeliveryState::Unmatched => None,
        DeliveryState::Ready => Some(Badge::new(Tone::Quiet, "Ready")),
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
    let can_match = matches!(state, DeliveryState::Unmatched | DeliveryState::Ready);
    let can_drop = can_match || matches!(state, DeliveryState::Failed(_) | DeliveryState::Refused(_));
    let can_retry = matches!(state, DeliveryState::Failed(_));
    let unmatched = state == DeliveryState::Unmatched;
    let (match_id, drop_id, retry_id) = (id.clone(), id.clone(), id);
    let (match_about, drop_about) = (about.clone(), about.clone());
    view! {
        <li class="row row--acts">
            <Tile icon=kind.icon() />
            <div class="row__main">
                <div class="row__title">{file}</div>
                <div class="row__sub">{sub}</div>
            </div>
            <div class="row__end">
                <div class="row__track" class:row__track--bare=part.is_none()>
                    {badge.map(|badge| view! { <Chip badge=badge /> })}
                    {part.map(|part| view! { <Track part=part /> })}
                </div>
                {can_match
                    .then(|| {
                        view! {
                            <Button
                                label=if unmatched { "Choose patient" } else { "Change" }
                                about=match_about
                                small=true
                                on_press=move |()| on_match.run(match_id.clone())
                            />
                        }
                    })}
                {can_retry
                    .then(|| {
                        view! {
                            <Button
                                label="Try again"
                                about=about
                                small=true
                                on_press=move |()| on_retry.run(retry_id.clone())
                            />
                        }
                    })}
                {can_drop
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="icon-button"
                                aria-label=format!("Take {drop_about} out")
                                on:click=move |_| on_drop.run(drop_id.clone())
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// Address and name of patients from earlier deliveries.
    #[prop(into)]
    patients: Signal<Vec<(String, String)>>,
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
    let earlier = Signal::derive(move || {
        std::iter::once((String::new(), "Another patient".to_owned())).chain(patients.get()).collect::<Vec<_>>()
    });
    let known_patients = patients.with_untracked(|patients| !patients.is_empty());
    view! {
        <Dialog title=format!("Who is {file} for?") on_close=on_close>
            <div class="fields">
                {known_patients
                    .then(|| {
                        view! {
                            <SelectField label="Patient" choices=earlier value=chart />
                        }
                    })}
                <Field
                    label="Patient’s address"
                    value=chart
                    takes=Takes::Address
                    first=true
                    hint="It begins with 0x."
                />
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
        assert!(item(DeliveryState::Ready).is_ready());
        assert_eq!(delivered_sentence(3), "Three reports delivered.");
    }
}
