//! A treatment plan: what to do, until when.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::answers::AnswersField;
use super::draft::{Draft, DraftLine};
use super::prescribe::leave_word;
use crate::components::blank::TroubleLine;
use crate::components::dialog::{Dialog, DialogFoot};
use crate::components::field::{Field, Takes};
use crate::components::icon::Icon;
use crate::load::Trouble;

/// A treatment plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanInput {
    /// What it is for.
    pub title: String,
    /// What to do, a line for each.
    pub steps: String,
    /// The last day, `2026-12-20`; may be empty.
    pub until: String,
    /// Words to the patient; may be empty.
    pub advice: String,
}

impl PlanInput {
    /// What to do, one by one.
    #[must_use]
    pub fn activities(&self) -> Vec<String> {
        self.steps.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }
}

/// The dialog.
#[component]
pub fn WritePlanDialog(
    /// The patient's name.
    #[prop(into)]
    patient: String,
    /// What was begun.
    draft: Draft<PlanInput>,
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
    on_write: Callback<(PlanInput, bool)>,
    /// Leaves.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let Draft { text: begun, restored, on_change } = draft;
    let title = RwSignal::new(begun.title);
    let steps = RwSignal::new(begun.steps);
    let until = RwSignal::new(begun.until);
    let advice = RwSignal::new(begun.advice);
    let restored = RwSignal::new(restored);
    let answers = RwSignal::new(request.is_some());
    let text = |signal: RwSignal<String>| signal.with(|text| text.trim().to_owned());
    let input = Memo::new(move |_| PlanInput {
        title: text(title),
        steps: text(steps),
        until: text(until),
        advice: text(advice),
    });
    Effect::new(move |before: Option<()>| {
        let input = input.get();
        if before.is_some() {
            on_change.run(input);
        }
    });
    let is_begun = Memo::new(move |_| input.with(|input| *input != PlanInput::default()));
    let discard = move |()| {
        for field in [title, steps, until, advice] {
            field.set(String::new());
        }
        restored.set(false);
    };
    view! {
        <Dialog title=format!("Treatment plan for {patient}") on_close=on_close>
            <DraftLine restored=restored on_discard=discard />
            <div class="fields">
                <Field label="What it is for" value=title first=true />
                <Field
                    label="What to do"
                    value=steps
                    takes=Takes::Text
                    hint="A line for each step, such as “Walk 30 minutes every day”."
                />
                <Field label="Until" value=until takes=Takes::Day optional=true />
                <Field label="Advice to the patient" value=advice optional=true />
            </div>
            {request
                .map(|title| {
                    view! { <AnswersField title=title word="planned" answers=answers /> }
                })}
            <TroubleLine trouble=trouble />
            <DialogFoot
                act="File plan"
                icon=Icon::Lock
                leave=Signal::derive(move || leave_word(is_begun.get()))
                busy=busy
                disabled=Signal::derive(move || {
                    input.with(|input| input.title.is_empty() || input.steps.is_empty())
                })
                on_act=move |()| {
                    on_write.run((input.get_untracked(), answers.get_untracked()));
                }
                on_leave=on_close
            />
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_step() {
        let plan = PlanInput { steps: "Walk every day\n\n  Less salt \n".to_owned(), ..PlanInput::default() };
        assert_eq!(plan.activities(), ["Walk every day", "Less salt"]);
    }
}
