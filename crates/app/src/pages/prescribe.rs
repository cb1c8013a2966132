//! A prescription, with what must not be overlooked on top.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::answers::AnswersField;
use super::draft::{Draft, DraftLine};
use crate::components::blank::TroubleLine;
use crate::components::chip::{Badge, Chip};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::Field;
use crate::components::icon::Icon;
use crate::load::Trouble;

/// A prescription.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrescribeInput {
    /// Medicine and strength: `Atorvastatin 20 mg, tablet`.
    pub medicine: String,
    /// `1 tablet`.
    pub dose: String,
    /// `once a day, evening`.
    pub when: String,
    /// `90 days`.
    pub duration: String,
    /// Words to the patient; may be empty.
    pub note: String,
}

/// The dialog.
#[component]
pub fn PrescribeDialog(
    /// The patient's name.
    #[prop(into)]
    patient: String,
    /// Allergies, age, other medicines, as far as the doctor may read them.
    warnings: Vec<Badge>,
    /// What was begun.
    draft: Draft<PrescribeInput>,
    /// The patient's request that it may answer.
    #[prop(optional_no_strip, into)]
    request: Option<String>,
    /// It is being filed.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why the last try did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Files it; whether it answers the request.
    #[prop(into)]
    on_prescribe: Callback<(PrescribeInput, bool)>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let Draft { text: begun, restored, on_change } = draft;
    let medicine = RwSignal::new(begun.medicine);
    let dose = RwSignal::new(begun.dose);
    let when = RwSignal::new(begun.when);
    let duration = RwSignal::new(begun.duration);
    let note = RwSignal::new(begun.note);
    let restored = RwSignal::new(restored);
    let answers = RwSignal::new(request.is_some());
    let text = |signal: RwSignal<String>| signal.with(|text| text.trim().to_owned());
    let input = Memo::new(move |_| PrescribeInput {
        medicine: text(medicine),
        dose: text(dose),
        when: text(when),
        duration: text(duration),
        note: text(note),
    });
    Effect::new(move |before: Option<()>| {
        let input = input.get();
        if before.is_some() {
            on_change.run(input);
        }
    });
    let is_begun = Memo::new(move |_| input.with(|input| *input != PrescribeInput::default()));
    let incomplete = Memo::new(move |_| {
        input.with(|input| [&input.medicine, &input.dose, &input.when].into_iter().any(String::is_empty))
    });
    let discard = move |()| {
        for field in [medicine, dose, when, duration, note] {
            field.set(String::new());
        }
        restored.set(false);
    };
    view! {
        <Dialog title=format!("Prescribe for {patient}") on_close=on_close>
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
            <DraftLine restored=restored on_discard=discard />
            <div class="fields">
                <Field label="Medicine" value=medicine first=true />
                <div class="fields__line">
                    <Field label="Dose" value=dose />
                    <Field label="When" value=when />
                    <Field label="For" value=duration />
                </div>
                <Field label="Note to the patient" value=note />
            </div>
            {request
                .map(|title| {
                    view! { <AnswersField title=title word="prescribed" answers=answers /> }
                })}
            <TroubleLine trouble=trouble />
            <DialogFoot
                act="Prescribe"
                icon=Icon::Pill
                leave=Signal::derive(move || leave_word(is_begun.get()))
                busy=busy
                disabled=incomplete
                on_act=move |()| {
                    on_prescribe.run((input.get_untracked(), answers.get_untracked()));
                }
                on_leave=on_close
            />
        </Dialog>
    }
}

/// What leaving a dialog does with what was begun in it.
#[must_use]
pub fn leave_word(begun: bool) -> String {
    if begun { "Keep as draft" } else { "Cancel" }.to_owned()
}
