//! What something that is written answers.

use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};

/// Whether it answers a patient's request.
#[component]
pub fn AnswersField(
    /// The beginning of the complaint.
    #[prop(into)]
    title: String,
    /// What the request turns to: `prescribed`.
    word: &'static str,
    /// Whether it does.
    answers: Signal<bool>,
    /// It does, or no more.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="radio">
            <input
                type="checkbox"
                prop:checked=move || answers.get()
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span class="radio__box">
                <Glyph icon=Icon::Tick />
            </span>
            <span class="radio__text">
                <span class="radio__title">{format!("Answers “{title}”")}</span>
                <span class="radio__note">
                    {format!("It turns from pending to {word} for both of you.")}
                </span>
            </span>
        </label>
    }
}
