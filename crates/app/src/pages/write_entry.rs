//! What a doctor writes into a chart: one dialog for entries of every kind, those that are filed together with them, and
//! the correction of one.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::answers::AnswersField;
use super::draft::{Draft, DraftLine};
use super::prescribe::{PrescribeFields, PrescribeInput};
use super::write_diagnosis::{DiagnosisFields, DiagnosisInput};
use super::write_note::{NoteFields, NoteInput};
use super::write_plan::{PlanFields, PlanInput};
use crate::components::button::{Button, Weight};
use crate::components::chip::{Badge, Chip};
use crate::components::choice::{Choice, ChoiceChips};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::icon::{Glyph, Icon};
use crate::speaking::{count, sentence};

/// The kinds of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Writing {
    /// A note.
    Note,
    /// A diagnosis.
    Diagnosis,
    /// A prescription.
    Prescription,
    /// A treatment plan.
    Plan,
}

impl Writing {
    /// All of them, as they are offered.
    pub const ALL: [Self; 4] = [Self::Note, Self::Diagnosis, Self::Plan, Self::Prescription];

    /// `Diagnosis`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "Note",
            Self::Diagnosis => "Diagnosis",
            Self::Prescription => "Prescription",
            Self::Plan => "Plan",
        }
    }

    /// Its icon.
    #[must_use]
    pub const fn icon(self) -> Icon {
        match self {
            Self::Note => Icon::Pencil,
            Self::Diagnosis => Icon::Pulse,
            Self::Prescription => Icon::Pill,
            Self::Plan => Icon::Tick,
        }
    }

    fn heading(self, patient: &str) -> String {
        match self {
            Self::Note => format!("Note for {patient}"),
            Self::Diagnosis => format!("Diagnosis for {patient}"),
            Self::Prescription => format!("Prescribe for {patient}"),
            Self::Plan => format!("Treatment plan for {patient}"),
        }
    }

    const fn act(self) -> &'static str {
        match self {
            Self::Note => "File note",
            Self::Diagnosis => "File diagnosis",
            Self::Prescription => "Prescribe",
            Self::Plan => "File plan",
        }
    }

    /// What a request turns to that it answers.
    const fn answered(self) -> &'static str {
        match self {
            Self::Note | Self::Diagnosis => "answered",
            Self::Prescription => "prescribed",
            Self::Plan => "planned",
        }
    }
}

/// What stands in the fields of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryInput {
    /// A note.
    Note(NoteInput),
    /// A diagnosis.
    Diagnosis(DiagnosisInput),
    /// A prescription.
    Prescription(PrescribeInput),
    /// A treatment plan.
    Plan(PlanInput),
}

impl EntryInput {
    /// Empty fields.
    #[must_use]
    pub fn blank(kind: Writing) -> Self {
        match kind {
            Writing::Note => Self::Note(NoteInput::default()),
            Writing::Diagnosis => Self::Diagnosis(DiagnosisInput::default()),
            Writing::Prescription => Self::Prescription(PrescribeInput::default()),
            Writing::Plan => Self::Plan(PlanInput::default()),
        }
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Writing {
        match self {
            Self::Note(_) => Writing::Note,
            Self::Diagnosis(_) => Writing::Diagnosis,
            Self::Prescription(_) => Writing::Prescription,
            Self::Plan(_) => Writing::Plan,
        }
    }

    /// What it is called in lists.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Note(note) => &note.title,
            Self::Diagnosis(diagnosis) => &diagnosis.name,
            Self::Prescription(prescription) => &prescription.medicine,
            Self::Plan(plan) => &plan.title,
        }
    }

    /// Nothing is lost with it. Where it goes alone is nothing.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Note(note) => NoteInput { folder: String::new(), ..note.clone() } == NoteInput::default(),
            Self::Diagnosis(diagnosis) => {
                DiagnosisInput { folder: String::new(), ..diagnosis.clone() } == DiagnosisInput::default()
            }
            Self::Prescription(prescription) => *prescription == PrescribeInput::default(),
            Self::Plan(plan) => *plan == PlanInput::default(),
        }
    }

    /// It can be filed.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        match self {
            Self::Note(note) => !note.text.is_empty() && !note.title.is_empty(),
            Self::Diagnosis(diagnosis) => !diagnosis.name.is_empty() && diagnosis.code_trouble().is_none(),
            Self::Prescription(prescription) => {
                [&prescription.medicine, &prescription.dose, &prescription.when].into_iter().all(|one| !one.is_empty())
            }
            Self::Plan(plan) => !plan.title.is_empty() && !plan.steps.is_empty(),
        }
    }
}

/// Whether what was filed still holds; only a correction says that it does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Holds {
    /// It does.
    #[default]
    Yes,
    /// It was stopped.
    Stopped,
    /// It was filed by mistake.
    Mistaken,
}

impl Holds {
    const fn id(self) -> &'static str {
        match self {
            Self::Yes => "holds",
            Self::Stopped => "stopped",
            Self::Mistaken => "mistaken",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Yes => "It holds",
            Self::Stopped => "It was stopped",
            Self::Mistaken => "Filed by mistake",
        }
    }

    fn choices(kind: Writing) -> Vec<Choice> {
        let stops = matches!(kind, Writing::Prescription | Writing::Plan).then_some(Self::Stopped);
        let all = [Some(Self::Yes), stops, Some(Self::Mistaken)].into_iter().flatten();
        all.map(|one| Choice::new(one.id(), one.word(), "")).collect()
    }

    fn of(id: &str) -> Self {
        [Self::Stopped, Self::Mistaken].into_iter().find(|one| one.id() == id).unwrap_or_default()
    }
}

/// What is written so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The fields.
    pub input: EntryInput,
    /// It answers the patient's request.
    pub answers: bool,
    /// Whether it holds.
    pub holds: Holds,
}

impl Written {
    /// Nothing yet; it is to answer a request if there is one.
    #[must_use]
    pub fn blank(kind: Writing) -> Self {
        Self { input: EntryInput::blank(kind), answers: true, holds: Holds::Yes }
    }
}

/// What a correction is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amending {
    /// What the record says now.
    pub former: Written,
    /// Where the correction will lie, and what that means, as a sentence; empty while it is being asked.
    pub place: Signal<String>,
}

/// The dialog.
#[component]
pub fn EntryDialog(
    /// The patient's name.
    #[prop(into)]
    patient: String,
    /// Allergies, age, other medicines, as far as the doctor may read them.
    warnings: Vec<Badge>,
    /// What was begun.
    draft: Draft<Written>,
    /// The patient's request that it may answer.
    #[prop(optional_no_strip, into)]
    request: Option<String>,
    /// What is filed together with it, by kind and title.
    #[prop(optional, into)]
    together: Signal<Vec<(Writing, String)>>,
    /// It corrects something; then it is filed alone.
    #[prop(optional_no_strip)]
    amending: Option<Amending>,
    /// Files it, and what was kept.
    #[prop(into)]
    on_file: Callback<Written>,
    /// Keeps it as it is and begins another.
    #[prop(optional, into)]
    on_another: Option<Callback<(Written, Writing)>>,
    /// Keeps it as it is and opens one of those that were kept, by its place.
    #[prop(optional, into)]
    on_reopen: Option<Callback<(Written, usize)>>,
    /// Throws away one of those that were kept.
    #[prop(optional, into)]
    on_drop: Option<Callback<usize>>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let Draft { text: begun, restored, on_change } = draft;
    let kind = begun.input.kind();
    let blank = amending.as_ref().map_or_else(|| Written::blank(kind), |amending| amending.former.clone());
    let written = RwSignal::new(begun);
    let restored = RwSignal::new(restored);
    // Counts how often the fields were set from outside.
    let turn = RwSignal::new(0_u32);
    Effect::new(move |before: Option<()>| {
        let written = written.get();
        if before.is_some() {
            on_change.run(written);
        }
    });
    let corrects = amending.is_some();
    let unchanged = {
        let blank = blank.clone();
        Memo::new(move |_| written.with(|written| if corrects { *written == blank } else { written.input.is_blank() }))
    };
    let complete = Memo::new(move |_| written.with(|written| written.input.is_complete()));
    let kept = Memo::new(move |_| together.with(Vec::len));
    let heading = if corrects { format!("Amend {}", blank.input.title()) } else { kind.heading(&patient) };
    let discard = move |()| {
        written.set(blank.clone());
        turn.update(|turn| *turn += 1);
        restored.set(false);
    };
    let act = Signal::derive(move || match kept.get() {
        _ if corrects => "File correction".to_owned(),
        0 => kind.act().to_owned(),
        kept => format!("File {}", number(kept + usize::from(!unchanged.get()))),
    });
    let leave = Signal::derive(move || leave_word(!unchanged.get() || kept.get() > 0));
    let disabled = Signal::derive(move || if unchanged.get() { corrects || kept.get() == 0 } else { !complete.get() });
    let settled = Signal::derive(move || unchanged.get() || complete.get());
    let answers = Signal::derive(move || written.with(|written| written.answers));
    let holds = Signal::derive(move || written.with(|written| written.holds.id().to_owned()));
    view! {
        <Dialog title=heading on_close=on_close>
            {(!warnings.is_empty())
                .then(|| {
                    view! {
                        <div class="chip-row skip-gap">
                            {warnings
                                .into_iter()
                                .map(|badge| view! { <Chip badge=badge /> })
                                .collect_view()}
                        </div>
                    }
                })}
            {amending
                .map(|amending| {
                    view! {
                        <p class="second skip-gap">
                            "The patient sees both, linked, and the newest counts. " {move || amending.place.get()}
                        </p>
                    }
                })}
            <DraftLine restored=restored on_discard=discard />
            <Together
                together=together
                unchanged=unchanged
                settled=settled
                on_reopen=Callback::new(move |at| {
                    if let Some(on_reopen) = on_reopen {
                        on_reopen.run((written.get_untracked(), at));
                    }
                })
                on_drop=on_drop
            />
            {move || {
                turn.track();
                let input = written.with_untracked(|written| written.input.clone());
                view! {
                    <Fields
                        input=input
                        corrects=corrects
                        on_change=move |input| written.update(|written| written.input = input)
                    />
                }
            }}
            {corrects
                .then(|| {
                    view! {
                        <ChoiceChips
                            label="Does it still hold?"
                            labelled=true
                            choices=Signal::stored(Holds::choices(kind))
                            chosen=holds
                            on_choose=move |id: String| written.update(|written| written.holds = Holds::of(&id))
                        />
                    }
                })}
            {request
                .map(|title| {
                    view! {
                        <AnswersField
                            title=title
                            word=kind.answered()
                            answers=answers
                            on_change=move |does| written.update(|written| written.answers = does)
                        />
                    }
                })}
            {on_another
                .map(|on_another| {
                    view! {
                        <Another
                            disabled=Signal::derive(move || !settled.get())
                            on_another=move |kind| on_another.run((written.get_untracked(), kind))
                        />
                    }
                })}
            <DialogFoot
                act=act
                icon=if corrects { Icon::Lock } else { kind.icon() }
                leave=leave
                disabled=disabled
                on_act=move |()| on_file.run(written.get_untracked())
                on_leave=on_close
            />
        </Dialog>
    }
}

fn number(entries: usize) -> String {
    format!("{entries} {}", if entries == 1 { "entry" } else { "entries" })
}

/// The fields of one kind.
#[component]
fn Fields(input: EntryInput, corrects: bool, #[prop(into)] on_change: Callback<EntryInput>) -> impl IntoView {
    match input {
        EntryInput::Note(input) => {
            let change = move |input| on_change.run(EntryInput::Note(input));
            view! { <NoteFields begun=input fixed=corrects on_change=change /> }.into_any()
        }
        EntryInput::Diagnosis(input) => {
            let change = move |input| on_change.run(EntryInput::Diagnosis(input));
            view! { <DiagnosisFields begun=input fixed=corrects on_change=change /> }.into_any()
        }
        EntryInput::Prescription(input) => {
            let change = move |input| on_change.run(EntryInput::Prescription(input));
            view! { <PrescribeFields begun=input on_change=change /> }.into_any()
        }
        EntryInput::Plan(input) => {
            let change = move |input| on_change.run(EntryInput::Plan(input));
            view! { <PlanFields begun=input on_change=change /> }.into_any()
        }
    }
}

/// What was kept, and goes with it.
#[component]
fn Together(
    together: Signal<Vec<(Writing, String)>>,
    unchanged: Memo<bool>,
    settled: Signal<bool>,
    on_reopen: Callback<usize>,
    on_drop: Option<Callback<usize>>,
) -> impl IntoView {
    let said = move || {
        let kept = together.with(Vec::len);
        match (kept, unchanged.get()) {
            (1, true) => "One entry is kept and not filed yet:".to_owned(),
            (kept, true) => sentence(&format!("{} are kept and not filed yet:", count(kept, "entry", "entries"))),
            (kept, false) => {
                let entries = count(kept + 1, "entry", "entries");
                sentence(&format!("{entries} will be filed together, with one confirmation. Besides this one:"))
            }
        }
    };
    view! {
        <Show when=move || together.with(|together| !together.is_empty())>
            <div class="together" role="group" aria-label="Filed together">
                <p>{said}</p>
                <ul class="together__list">
                    {move || {
                        together
                            .get()
                            .into_iter()
                            .enumerate()
                            .map(|(at, (kind, title))| {
                                view! {
                                    <li class="together__one">
                                        <Glyph icon=kind.icon() />
                                        <span class="together__title">{title.clone()}</span>
                                        <Button
                                            label="Change"
                                            about=title.clone()
                                            weight=Weight::Plain
                                            small=true
                                            disabled=Signal::derive(move || !settled.get())
                                            on_press=move |()| on_reopen.run(at)
                                        />
                                        {on_drop
                                            .map(|on_drop| {
                                                view! {
                                                    <Button
                                                        label="Discard"
                                                        about=title
                                                        weight=Weight::Plain
                                                        small=true
                                                        on_press=move |()| on_drop.run(at)
                                                    />
                                                }
                                            })}
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
            </div>
        </Show>
    }
}

/// Begins another entry beside this one.
#[component]
fn Another(disabled: Signal<bool>, #[prop(into)] on_another: Callback<Writing>) -> impl IntoView {
    view! {
        <div class="another" role="group" aria-label="Add another">
            <span class="another__word" aria-hidden="true">"Add another"</span>
            {Writing::ALL
                .into_iter()
                .map(|kind| {
                    view! {
                        <Button
                            label=kind.word()
                            icon=kind.icon()
                            small=true
                            disabled=disabled
                            on_press=move |()| on_another.run(kind)
                        />
                    }
                })
                .collect_view()}
        </div>
    }
}

/// What leaving a dialog does with what was begun in it.
#[must_use]
pub fn leave_word(begun: bool) -> String {
    if begun { "Keep as draft" } else { "Cancel" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_blank_is_not_complete_and_a_folder_alone_is_nothing_written() {
        for kind in Writing::ALL {
            let blank = EntryInput::blank(kind);
            assert!(blank.is_blank() && !blank.is_complete() && blank.kind() == kind);
        }
        let private = NoteInput { folder: "Private".to_owned(), ..NoteInput::default() };
        assert!(EntryInput::Note(private.clone()).is_blank());
        let note = EntryInput::Note(NoteInput { text: "Pain".to_owned(), ..private });
        assert!(!note.is_blank() && note.is_complete());
    }

    #[test]
    fn a_draft_is_read_again() {
        for kind in Writing::ALL {
            let written = Written { holds: Holds::Stopped, ..Written::blank(kind) };
            let text = serde_json::to_string(&written).unwrap();
            assert_eq!(serde_json::from_str::<Written>(&text).unwrap(), written);
        }
    }

    #[test]
    fn only_what_goes_on_can_be_stopped() {
        let ids = |kind| Holds::choices(kind).iter().map(|one| Holds::of(&one.id)).collect::<Vec<_>>();
        assert_eq!(ids(Writing::Note), [Holds::Yes, Holds::Mistaken]);
        assert_eq!(ids(Writing::Plan), [Holds::Yes, Holds::Stopped, Holds::Mistaken]);
    }
}
