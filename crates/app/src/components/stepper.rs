//! How far one is in a few steps.

use leptos::prelude::*;

/// Bars, filled up to this step.
#[component]
pub fn Stepper(
    /// The step one is at, from 1.
    #[prop(into)]
    step: Signal<usize>,
    /// How many there are.
    #[prop(default = 4)]
    of: usize,
) -> impl IntoView {
    view! {
        <div
            class="stepper"
            role="progressbar"
            aria-label="Registration"
            aria-valuemin="1"
            aria-valuemax=of.to_string()
            aria-valuenow=move || step.get().to_string()
            aria-valuetext=move || format!("Step {} of {of}", step.get())
        >
            {(1..=of)
                .map(|number| {
                    view! {
                        <span
                            class="stepper__bar"
                            class:stepper__bar--done=move || number <= step.get()
                        ></span>
                    }
                })
                .collect_view()}
        </div>
    }
}
