//! A list with nothing in it, and a list that did not come.

use leptos::prelude::*;

use super::button::{Button, Weight};
use super::icon::{Glyph, Icon};
use crate::load::Trouble;

/// One sentence and the first step.
#[component]
pub fn Empty(
    /// Stands for what will be here.
    icon: Icon,
    /// What is not here yet.
    #[prop(into)]
    title: String,
    /// Why, or what comes here.
    #[prop(into)]
    sentence: String,
    /// The first step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="card blank">
            <span class="blank__mark">
                <Glyph icon=icon />
            </span>
            <h2>{title}</h2>
            <p>{sentence}</p>
            {children.map(|children| view! { <div class="button-row">{children()}</div> })}
        </div>
    }
}

/// What happened, what was kept, try again. A server that lied is told apart from one that is merely away.
#[component]
pub fn TroubleView(
    /// What happened.
    trouble: Trouble,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    if trouble.lie {
        return view! {
            <section class="card card--danger alarm" role="alert">
                <Glyph icon=Icon::Cross />
                <div class="row__main">
                    <h2>"The server cannot be believed"</h2>
                    <p>{trouble.what} " " {trouble.kept}</p>
                    <div class="button-row">
                        <Button
                            label="Read it again"
                            weight=Weight::Primary
                            small=true
                            on_press=on_retry
                        />
                    </div>
                </div>
            </section>
        }
        .into_any();
    }
    view! {
        <div class="card blank blank--trouble" role="alert">
            <span class="blank__mark">
                <Glyph icon=Icon::Warning />
            </span>
            <h2>{trouble.what}</h2>
            <p>{trouble.kept}</p>
            <div class="button-row">
                <Button label="Try again" weight=Weight::Primary on_press=on_retry />
            </div>
        </div>
    }
    .into_any()
}

/// A trouble in line, under the step that it belongs to.
#[component]
pub fn TroubleLine(
    /// What happened, and what was kept.
    #[prop(into)]
    trouble: Signal<Option<Trouble>>,
) -> impl IntoView {
    view! {
        <div role="alert">
            {move || {
                trouble
                    .get()
                    .map(|trouble| {
                        view! {
                            <div class="say say--boxed say--warn">
                                <Glyph icon=Icon::Warning />
                                <div class="say__text">
                                    <strong>{trouble.what}</strong>
                                    {trouble.kept}
                                </div>
                            </div>
                        }
                    })
            }}
        </div>
    }
}
