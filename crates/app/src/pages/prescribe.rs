//! A prescription: what, how much, how, when and for how long.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::write_note::tell;
use crate::components::field::Field;

/// A prescription.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrescribeInput {
    /// Medicine and strength: `Atorvastatin 20 mg, tablet`.
    pub medicine: String,
    /// `1 tablet`.
    pub dose: String,
    /// `by mouth`; may be empty.
    pub route: String,
    /// `once a day, evening`.
    pub when: String,
    /// `90 days`.
    pub duration: String,
    /// Words to the patient; may be empty.
    pub note: String,
}

/// Its fields.
#[component]
pub fn PrescribeFields(
    /// What stands in them at first.
    begun: PrescribeInput,
    /// They changed.
    #[prop(into)]
    on_change: Callback<PrescribeInput>,
) -> impl IntoView {
    let medicine = RwSignal::new(begun.medicine);
    let dose = RwSignal::new(begun.dose);
    let route = RwSignal::new(begun.route);
    let when = RwSignal::new(begun.when);
    let duration = RwSignal::new(begun.duration);
    let note = RwSignal::new(begun.note);
    let text = |signal: RwSignal<String>| signal.with(|text| text.trim().to_owned());
    let input = Memo::new(move |_| PrescribeInput {
        medicine: text(medicine),
        dose: text(dose),
        route: text(route),
        when: text(when),
        duration: text(duration),
        note: text(note),
    });
    tell(input, on_change);
    view! {
        <div class="fields">
            <Field label="Medicine" value=medicine first=true />
            <div class="fields__line fields__line--two">
                <Field label="Dose" value=dose />
                <Field label="Route" value=route optional=true />
            </div>
            <div class="fields__line fields__line--two">
                <Field label="When" value=when />
                <Field label="For" value=duration />
            </div>
            <Field label="Note to the patient" value=note />
        </div>
    }
}
