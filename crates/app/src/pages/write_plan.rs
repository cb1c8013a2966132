//! A treatment plan: what to do, until when.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::write_note::tell;
use crate::components::field::{Field, Takes};

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

/// Its fields.
#[component]
pub fn PlanFields(
    /// What stands in them at first.
    begun: PlanInput,
    /// They changed.
    #[prop(into)]
    on_change: Callback<PlanInput>,
) -> impl IntoView {
    let title = RwSignal::new(begun.title);
    let steps = RwSignal::new(begun.steps);
    let until = RwSignal::new(begun.until);
    let advice = RwSignal::new(begun.advice);
    let text = |signal: RwSignal<String>| signal.with(|text| text.trim().to_owned());
    let input = Memo::new(move |_| PlanInput {
        title: text(title),
        steps: text(steps),
        until: text(until),
        advice: text(advice),
    });
    tell(input, on_change);
    view! {
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
