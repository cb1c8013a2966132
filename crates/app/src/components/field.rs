//! A field: its label, what it is for, what is wrong with it, tied together
//! for screen readers.

use std::cell::Cell;

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// An id that is used once in the page.
#[must_use]
pub fn fresh_id(prefix: &str) -> String {
    thread_local! { static NEXT: Cell<u32> = const { Cell::new(0) }; }
    let number = NEXT.with(|next| {
        next.set(next.get().wrapping_add(1));
        next.get()
    });
    format!("{prefix}-{number}")
}

/// What a field takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Takes {
    /// A line of text.
    #[default]
    Line,
    /// Several lines.
    Text,
    /// A day.
    Day,
    /// A time of the day.
    Time,
    /// A number, with a decimal comma or point.
    Decimal,
    /// An address on the chain.
    Address,
    /// A web address.
    Url,
    /// An e-mail address.
    Mail,
    /// A telephone number.
    Phone,
}

impl Takes {
    fn kind(self) -> &'static str {
        match self {
            Self::Line | Self::Text | Self::Address | Self::Decimal => "text",
            Self::Day => "date",
            Self::Time => "time",
            Self::Url => "url",
            Self::Mail => "email",
            Self::Phone => "tel",
        }
    }
}

/// A field with its label.
#[component]
pub fn Field(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// The text in it.
    value: RwSignal<String>,
    /// What it takes.
    #[prop(default = Takes::Line)]
    takes: Takes,
    /// What it is for, or an example.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it, and what would be right.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Has the focus when it appears.
    #[prop(optional)]
    first: bool,
    /// May be left empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let id = fresh_id("field");
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let described = {
        let hint_id = hint.is_some().then(|| hint_id.clone());
        let error_id = error_id.clone();
        move || {
            let error_id = error.get().is_some().then_some(error_id.as_str());
            let ids: Vec<&str> = hint_id.as_deref().into_iter().chain(error_id).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    };
    let invalid = move || error.get().is_some().then_some("true");
    let input = if takes == Takes::Text {
        view! {
            <textarea
                class="input"
                id=id.clone()
                rows="4"
                autofocus=first
                aria-describedby=described
                aria-invalid=invalid
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        }
        .into_any()
    } else {
        view! {
            <input
                class="input"
                class:input--mono=takes == Takes::Address
                id=id.clone()
                type=takes.kind()
                inputmode=(takes == Takes::Decimal).then_some("decimal")
                autocomplete=autocomplete
                spellcheck=(takes != Takes::Line).then_some("false")
                autofocus=first
                aria-describedby=described
                aria-invalid=invalid
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {label}
                {optional.then(|| view! { <span class="second">" (optional)"</span> })}
            </label>
            {input}
            {hint.map(|hint| view! { <p class="field__hint" id=hint_id>{hint}</p> })}
            {move || {
                error
                    .get()
                    .map(|text| {
                        view! {
                            <p class="field__error" id=error_id.clone()>
                                <Glyph icon=Icon::Warning />
                                {text}
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// One of many, as a list that folds out.
#[component]
pub fn SelectField(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// Value and word of each choice.
    #[prop(into)]
    choices: Signal<Vec<(String, String)>>,
    /// The value of the one that is chosen.
    value: RwSignal<String>,
    /// What it is for.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let id = fresh_id("select");
    let hint_id = format!("{id}-hint");
    let described = hint.is_some().then(|| hint_id.clone());
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>
                {label}
            </label>
            <select
                class="input"
                id=id
                aria-describedby=described
                on:change=move |event| value.set(event_target_value(&event))
            >
                <Options choices=choices value=value />
            </select>
            {hint.map(|hint| view! { <p class="field__hint" id=hint_id>{hint}</p> })}
        </div>
    }
}

/// What a list that folds out offers.
#[component]
fn Options(choices: Signal<Vec<(String, String)>>, #[prop(into)] value: Signal<String>) -> impl IntoView {
    move || {
        choices
            .get()
            .into_iter()
            .map(|(key, word)| {
                let is = key.clone();
                view! {
                    <option value=key prop:selected=move || value.get() == is>
                        {word}
                    </option>
                }
            })
            .collect_view()
    }
}

/// A search over a list that is already here.
#[component]
pub fn SearchField(
    /// What can be searched for; the placeholder and the label.
    #[prop(into)]
    label: String,
    /// The text in it.
    #[prop(into)]
    value: Signal<String>,
    /// Another text.
    #[prop(into)]
    on_change: Callback<String>,
) -> impl IntoView {
    view! {
        <div class="search" role="search">
            <Glyph icon=Icon::Search />
            <input
                class="input"
                type="search"
                autocomplete="off"
                placeholder=label.clone()
                aria-label=label
                prop:value=move || value.get()
                on:input=move |event| on_change.run(event_target_value(&event))
            />
        </div>
    }
}

/// A filter over a list that is already here: one of many.
#[component]
pub fn FilterField(
    /// What is filtered by.
    #[prop(into)]
    label: String,
    /// Value and word of each choice.
    #[prop(into)]
    choices: Signal<Vec<(String, String)>>,
    /// The value of the one that is chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Another was chosen.
    #[prop(into)]
    on_change: Callback<String>,
) -> impl IntoView {
    view! {
        <select
            class="input"
            aria-label=label
            on:change=move |event| on_change.run(event_target_value(&event))
        >
            <Options choices=choices value=value />
        </select>
    }
}
