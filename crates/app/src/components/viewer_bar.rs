//! The bar of a viewer: small acts beside what is looked at.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// The bar.
#[component]
pub fn ViewerBar(
    /// What its acts are for.
    #[prop(into)]
    label: String,
    /// The acts.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="viewer__bar" role="group" aria-label=label>
            {children()}
        </div>
    }
}

/// An act with a sign instead of a word.
#[component]
pub fn BarButton(
    /// What it does.
    #[prop(into)]
    label: String,
    /// The sign.
    icon: Icon,
    /// Cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What it does.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=label.clone()
            title=label
            disabled=move || disabled.get()
            on:click=move |_| on_press.run(())
        >
            <Glyph icon=icon />
        </button>
    }
}

/// A word that is on or off.
#[component]
pub fn BarToggle(
    /// What it does while it is on.
    #[prop(into)]
    label: String,
    /// Whether it is on.
    on: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button button--small"
            aria-pressed=move || on.get().to_string()
            on:click=move |_| on.update(|on| *on = !*on)
        >
            {label}
        </button>
    }
}
