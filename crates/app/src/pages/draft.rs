//! What was begun and is here again; and how it is kept while it is written.

use leptos::prelude::*;

use crate::components::button::{Button, Weight};
use crate::components::icon::{Glyph, Icon};

/// What was begun, and who is told of every change.
#[derive(Clone, Debug)]
pub struct Draft<T: 'static> {
    /// What stands in the fields at first.
    pub text: T,
    /// It was kept from before.
    pub restored: bool,
    /// Keeps what is written so far.
    pub on_change: Callback<T>,
}

/// Says that what was begun is here again.
#[component]
pub fn DraftLine(
    /// It is.
    #[prop(into)]
    restored: Signal<bool>,
    /// Empties the fields.
    #[prop(into)]
    on_discard: Callback<()>,
) -> impl IntoView {
    move || {
        restored.get().then(|| {
            view! {
                <div class="say say--boxed draft-line">
                    <Glyph icon=Icon::Pencil />
                    <div class="say__text">
                        <strong>"Your draft is here again."</strong>
                        "It was kept on this device, encrypted."
                    </div>
                    <div class="say__act">
                        <Button
                            label="Discard draft"
                            weight=Weight::Plain
                            small=true
                            on_press=on_discard
                        />
                    </div>
                </div>
            }
        })
    }
}
