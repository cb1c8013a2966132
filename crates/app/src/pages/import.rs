//! Taking over what a FHIR document says: what was found, in groups, each with a tick.

use leptos::prelude::*;
use web_sys::File;

use super::add_record::FileDrop;
use crate::components::blank::TroubleLine;
use crate::components::button::Button;
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::icon::{Glyph, Icon};
use crate::load::Trouble;
use crate::speaking::{count, list};

/// A group of what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Who somebody is.
    You,
    /// Allergies.
    Allergies,
    /// Conditions.
    Conditions,
    /// Medicines.
    Medicines,
    /// Measurements.
    Measurements,
}

const GROUPS: [Group; 5] = [Group::You, Group::Allergies, Group::Conditions, Group::Medicines, Group::Measurements];

impl Group {
    const fn word(self) -> &'static str {
        match self {
            Self::You => "About you",
            Self::Allergies => "Allergies",
            Self::Conditions => "Conditions",
            Self::Medicines => "Medicines",
            Self::Measurements => "Measurements",
        }
    }
}

/// How it stands to what is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Known {
    /// It is new.
    New,
    /// It is known already.
    Already,
    /// Something else is known, this.
    Otherwise(String),
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FoundItem {
    /// Its group.
    pub group: Group,
    /// `Penicillin`.
    pub words: String,
    /// `Anaphylaxis, since 1998`; may be empty.
    pub note: String,
    /// How it stands to what is known.
    pub known: Known,
    /// It no longer holds.
    pub over: bool,
    /// Ticked at first.
    pub suggested: bool,
}

/// What a document says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundModel {
    /// The file's name.
    pub file: String,
    /// The same file is in the chart already, under this title.
    pub twin: Option<String>,
    /// In what its person is another: `name`, `birth date`.
    pub somebody_else: Vec<String>,
    /// What was found.
    pub items: Vec<FoundItem>,
}

/// How far the reading is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// No file was chosen yet, or the last one was none: why.
    Choosing(Option<Trouble>),
    /// It is being read.
    Looking,
    /// It was read.
    Found(FoundModel),
}

/// The dialog.
#[component]
pub fn ImportDialog(
    /// How far the reading is.
    #[prop(into)]
    reading: Signal<Reading>,
    /// The wallet's name.
    #[prop(into)]
    wallet: String,
    /// A file was chosen.
    #[prop(into)]
    on_file: Callback<File>,
    /// Saves what was chosen, by its places among what was found.
    #[prop(into)]
    on_save: Callback<Vec<usize>>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let wallet = StoredValue::new(wallet);
    let first = move |files: Vec<File>| {
        if let Some(file) = files.into_iter().next() {
            on_file.run(file);
        }
    };
    view! {
        <Dialog title="Import a health record" wide=true on_close=on_close>
            {move || match reading.get() {
                Reading::Choosing(trouble) => {
                    view! {
                        <p class="second">
                            "A FHIR file in JSON, such as a patient summary from a hospital, an insurer or another app. It is read on this device. Nothing is kept before you say so."
                        </p>
                        <FileDrop
                            title="Drop a file here"
                            sentence="FHIR R4 as JSON, up to 32 MB."
                            on_files=first
                        />
                        <TroubleLine trouble=Signal::stored(trouble) />
                        <div class="dialog__foot">
                            <Button label="Cancel" on_press=on_close />
                        </div>
                    }
                        .into_any()
                }
                Reading::Looking => {
                    view! {
                        <p role="status">"Reading the file…"</p>
                        <div class="dialog__foot">
                            <Button label="Cancel" on_press=on_close />
                        </div>
                    }
                        .into_any()
                }
                Reading::Found(model) => {
                    view! {
                        <FoundBody
                            model=model
                            wallet=wallet.get_value()
                            on_save=on_save
                            on_close=on_close
                        />
                    }
                        .into_any()
                }
            }}
        </Dialog>
    }
}

#[component]
fn FoundBody(
    model: FoundModel,
    wallet: String,
    on_save: Callback<Vec<usize>>,
    on_close: Callback<()>,
) -> impl IntoView {
    let FoundModel { file, twin, somebody_else, items } = model;
    let ticked: Vec<bool> = items.iter().map(|item| item.suggested).collect();
    let ticked = RwSignal::new(ticked);
    let number = Memo::new(move |_| ticked.with(|ticked| ticked.iter().filter(|one| **one).count()));
    let act = Signal::derive(move || match number.get() {
        0 => "Save".to_owned(),
        number => format!("Save {}", count(number, "entry", "entries")),
    });
    let chosen = move || ticked.with_untracked(|all| (0..all.len()).filter(|at| all[*at]).collect::<Vec<_>>());
    let whole = match &twin {
        Some(title) => format!("The file itself is in your chart already, as {title}. {wallet} asks once."),
        None => format!(
            "The file itself is kept too, in Private, so that nothing of it is lost. What you tick goes into General and Vitals. {wallet} asks once.",
        ),
    };
    let groups = GROUPS.map(|group| {
        let of: Vec<(usize, FoundItem)> =
            items.iter().cloned().enumerate().filter(|(_, item)| item.group == group).collect();
        (!of.is_empty()).then(|| view! { <FoundGroup group=group items=of ticked=ticked /> })
    });
    view! {
        <p class="second import__file">{file}</p>
        {(!somebody_else.is_empty())
            .then(|| {
                let differs = list(&somebody_else);
                view! {
                    <section class="card card--danger alarm import__alarm" role="alert">
                        <Glyph icon=Icon::Warning />
                        <div class="row__main">
                            <h3>"This document may be about somebody else"</h3>
                            <p>
                                {format!(
                                    "It gives another {differs} than you did, so nothing is ticked. Tick only what you are sure is yours.",
                                )}
                            </p>
                        </div>
                    </section>
                }
            })}
        {groups.into_iter().collect_view()}
        <p class="second">{whole}</p>
        <DialogFoot
            act=act
            disabled=Signal::derive(move || number.get() == 0)
            on_act=move |()| on_save.run(chosen())
            on_leave=on_close
        />
    }
}

#[component]
fn FoundGroup(group: Group, items: Vec<(usize, FoundItem)>, ticked: RwSignal<Vec<bool>>) -> impl IntoView {
    view! {
        <fieldset class="block">
            <legend class="block__label">{group.word()}</legend>
            <div class="rows import__rows">
                {items
                    .into_iter()
                    .map(|(at, item)| view! { <FoundRow at=at item=item ticked=ticked /> })
                    .collect_view()}
            </div>
        </fieldset>
    }
}

#[component]
fn FoundRow(at: usize, item: FoundItem, ticked: RwSignal<Vec<bool>>) -> impl IntoView {
    let FoundItem { words, note, known, over, .. } = item;
    let (badge, mine) = match known {
        Known::New if over => (Badge::new(Tone::Quiet, "Over"), None),
        Known::New => (Badge::new(Tone::Info, "New"), None),
        Known::Already => (Badge::new(Tone::Quiet, "You have it"), None),
        Known::Otherwise(mine) => (Badge::new(Tone::Warn, "Differs"), Some(format!("You said {mine}"))),
    };
    let notes: Vec<String> = [Some(note).filter(|note| !note.is_empty()), mine].into_iter().flatten().collect();
    let notes = notes.join(" · ");
    view! {
        <label class="import__row">
            <input
                type="checkbox"
                prop:checked=move || ticked.with(|ticked| ticked.get(at).copied().unwrap_or_default())
                on:change=move |event| {
                    let now = event_target_checked(&event);
                    ticked
                        .update(|ticked| {
                            if let Some(one) = ticked.get_mut(at) {
                                *one = now;
                            }
                        });
                }
            />
            <span class="radio__box">
                <Glyph icon=Icon::Tick />
            </span>
            <span class="radio__text">
                <span class="radio__title">{words}</span>
                {(!notes.is_empty()).then(|| view! { <span class="radio__note">{notes}</span> })}
            </span>
            <Chip badge=badge />
        </label>
    }
}
