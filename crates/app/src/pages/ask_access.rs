//! A doctor asks a patient for folders, with a reason.

use leptos::prelude::*;

use super::scan::PatientField;
use crate::components::blank::TroubleLine;
use crate::components::choice::{Choice, ChoiceChips, TickCards};
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, Takes};
use crate::components::icon::Icon;
use crate::load::Trouble;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskInput {
    /// The patient's address.
    pub chart: String,
    /// The categories of the folders asked for.
    pub folders: Vec<String>,
    /// For how many days.
    pub days: u32,
    /// Why, sealed to the patient.
    pub reason: String,
}

const DAYS: [(u32, &str); 4] = [(1, "1 day"), (7, "7 days"), (30, "30 days"), (365, "1 year")];

/// The dialog.
#[component]
pub fn AskAccessDialog(
    /// The folders that can be asked for.
    #[prop(into)]
    folders: Signal<Vec<Choice>>,
    /// The patient, when it is known; and the name.
    #[prop(optional, into)]
    patient: Option<(String, String)>,
    /// It is being done.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why the last try did not work.
    #[prop(optional, into)]
    trouble: Signal<Option<Trouble>>,
    /// The address that was scanned last; may be empty.
    #[prop(optional, into)]
    scanned: Signal<String>,
    /// Scans a patient's code.
    #[prop(into)]
    on_scan: Callback<()>,
    /// Asks.
    #[prop(into)]
    on_ask: Callback<AskInput>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let known = patient.is_some();
    let (chart, title) = match patient {
        Some((chart, name)) => (chart, format!("Ask {name} for access")),
        None => (String::new(), "Ask for access".to_owned()),
    };
    let chart = RwSignal::new(chart);
    let chosen = RwSignal::new(Vec::new());
    let days = RwSignal::new(30_u32);
    let reason = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let well_formed = move || {
        chart.with(|chart| {
            let chart = chart.trim();
            chart.len() == 42
                && chart.strip_prefix("0x").is_some_and(|hex| hex.chars().all(|digit| digit.is_ascii_hexdigit()))
        })
    };
    Effect::new(move |_| {
        let scanned = scanned.get();
        if !scanned.is_empty() {
            chart.set(scanned);
        }
    });
    let error = Signal::derive(move || {
        (tried.get() && !well_formed())
            .then(|| "An address begins with 0x and has 40 letters and digits after it.".to_owned())
    });
    let choices: Vec<Choice> = DAYS.iter().map(|(days, word)| Choice::new(days.to_string(), *word, "")).collect();
    let ask = move |()| {
        tried.set(true);
        if well_formed() {
            on_ask.run(AskInput {
                chart: chart.get_untracked().trim().to_owned(),
                folders: chosen.get_untracked(),
                days: days.get_untracked(),
                reason: reason.get_untracked().trim().to_owned(),
            });
        }
    };
    view! {
        <Dialog title=title on_close=on_close>
            {(!known)
                .then(|| {
                    view! {
                        <PatientField
                            value=chart
                            error=error
                            hint="The patient finds it under Settings."
                            on_scan=on_scan
                        />
                    }
                })}
            <TickCards label="What" choices=folders chosen=chosen />
            <ChoiceChips
                label="For"
                labelled=true
                choices=Signal::stored(choices)
                chosen=Signal::derive(move || days.get().to_string())
                on_choose=move |text: String| {
                    if let Ok(number) = text.parse() {
                        days.set(number);
                    }
                }
            />
            <Field
                label="Why"
                value=reason
                takes=Takes::Text
                hint="Only the patient can read it."
            />
            <TroubleLine trouble=trouble />
            <DialogFoot
                act="Ask for access"
                icon=Icon::Request
                busy=busy
                disabled=Signal::derive(move || {
                    chosen.with(Vec::is_empty) || chart.with(|chart| chart.trim().is_empty())
                })
                on_act=ask
                on_leave=on_close
            />
        </Dialog>
    }
}
