//! A short message that goes away, with undo where something can be undone.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// How long a message stays when nobody points at it.
const STAYS: Duration = Duration::from_secs(8);

/// A message.
#[derive(Clone)]
pub struct Toast {
    text: String,
    undo: Option<Callback<()>>,
    number: u64,
}

/// Where messages are put; in the context of the page.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Option<Toast>>,
    count: StoredValue<u64>,
}

impl Toasts {
    /// An empty place for messages.
    #[must_use]
    pub fn new() -> Self {
        Self { shown: RwSignal::new(None), count: StoredValue::new(0) }
    }

    /// Says that something was done.
    pub fn say(&self, text: impl Into<String>) {
        self.show(text.into(), None);
    }

    /// Says that something was done and offers to undo it.
    pub fn say_with_undo(&self, text: impl Into<String>, undo: impl Into<Callback<()>>) {
        self.show(text.into(), Some(undo.into()));
    }

    fn show(&self, text: String, undo: Option<Callback<()>>) {
        let number = self.count.get_value() + 1;
        self.count.set_value(number);
        self.shown.set(Some(Toast { text, undo, number }));
        let shown = self.shown;
        set_timeout(
            move || {
                let is_this = shown.try_get_untracked().flatten().is_some_and(|toast| toast.number == number);
                if is_this {
                    shown.set(None);
                }
            },
            STAYS,
        );
    }
}

impl Default for Toasts {
    fn default() -> Self {
        Self::new()
    }
}

/// The message in sight.
#[component]
pub fn ToastView(
    /// Where messages are put.
    toasts: Toasts,
) -> impl IntoView {
    view! {
        <div role="status">
            {move || {
                toasts
                    .shown
                    .get()
                    .map(|toast| {
                        view! {
                            <div class="toast">
                                <span class="toast__text">{toast.text}</span>
                                {toast
                                    .undo
                                    .map(|undo| {
                                        view! {
                                            <button
                                                type="button"
                                                class="link-button"
                                                on:click=move |_| {
                                                    toasts.shown.set(None);
                                                    undo.run(());
                                                }
                                            >
                                                "Undo"
                                            </button>
                                        }
                                    })}
                                <button
                                    type="button"
                                    class="icon-button"
                                    aria-label="Close"
                                    on:click=move |_| toasts.shown.set(None)
                                >
                                    <Glyph icon=Icon::Cross />
                                </button>
                            </div>
                        }
                    })
            }}
        </div>
    }
}
