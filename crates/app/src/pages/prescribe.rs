//! A prescription, with what must not be overlooked on top.

use leptos::prelude::*;

use crate::components::blank::TroubleLine;
use crate::components::chip::{Badge, Chip};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::Field;
use crate::components::icon::Icon;
use crate::load::Trouble;

/// A prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// It is being filed.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why the last try did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// Files it.
    #[prop(into)]
    on_prescribe: Callback<PrescribeInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let medicine = RwSignal::new(String::new());
    let dose = RwSignal::new(String::new());
    let when = RwSignal::new(String::new());
    let duration = RwSignal::new(String::new());
    let note = RwSignal::new(String::new());
    let empty = |signal: RwSignal<String>| signal.with(|text| text.trim().is_empty());
    let incomplete = Signal::derive(move || empty(medicine) || empty(dose) || empty(when));
    let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
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
            <div class="fields">
                <Field label="Medicine" value=medicine first=true />
                <div class="fields__line">
                    <Field label="Dose" value=dose />
                    <Field label="When" value=when />
                    <Field label="For" value=duration />
                </div>
                <Field label="Note to the patient" value=note />
            </div>
            <TroubleLine trouble=trouble />
            <DialogFoot
                act="Prescribe"
                icon=Icon::Pill
                busy=busy
                disabled=incomplete
                on_act=move |()| {
                    on_prescribe
                        .run(PrescribeInput {
                            medicine: text(medicine),
                            dose: text(dose),
                            when: text(when),
                            duration: text(duration),
                            note: text(note),
                        });
                }
                on_leave=on_close
            />
        </Dialog>
    }
}
