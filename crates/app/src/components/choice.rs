//! Choosing one of a few: chips in a line, or cards that say what each means.

use leptos::prelude::*;

use super::field::fresh_id;
use super::icon::{Glyph, Icon};

/// One of a few.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Choice {
    /// What is handed back.
    pub id: String,
    /// The word.
    pub title: String,
    /// What it means, one sentence; may be empty.
    pub note: String,
    /// A sensitive folder: it stands apart from the others, under that word.
    pub sensitive: bool,
}

impl Choice {
    /// A choice with what it means.
    pub fn new(id: impl Into<String>, title: impl Into<String>, note: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into(), note: note.into(), sensitive: false }
    }

    /// The same, apart from the others where it is sensitive.
    #[must_use]
    pub fn set_apart(self, sensitive: bool) -> Self {
        Self { sensitive, ..self }
    }
}

/// The choices as they are drawn, those that stand apart last and under their word. `group` says how they are laid out.
fn in_groups(choices: Vec<Choice>, group: &'static str, draw: impl Fn(Choice) -> AnyView) -> AnyView {
    let (apart, others): (Vec<_>, Vec<_>) = choices.into_iter().partition(|choice| choice.sensitive);
    let label = fresh_id("apart");
    let labelled_by = label.clone();
    let apart = (!apart.is_empty()).then(|| {
        view! {
            <div class=format!("{group} {group}--apart") role="group" aria-labelledby=labelled_by>
                <span class="apart" id=label>
                    <Glyph icon=Icon::Lock />
                    "Sensitive"
                </span>
                {apart.into_iter().map(&draw).collect_view()}
            </div>
        }
    });
    (others.into_iter().map(&draw).collect_view(), apart).into_any()
}

/// Chips of which one is chosen.
#[component]
pub fn ChoiceChips(
    /// What is chosen here, said to a screen reader or drawn as a label.
    #[prop(into)]
    label: String,
    /// Draws the label.
    #[prop(optional)]
    labelled: bool,
    /// On a phone one line that scrolls.
    #[prop(optional)]
    scrolls: bool,
    /// The choices.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The id of the one that is chosen.
    #[prop(into)]
    chosen: Signal<String>,
    /// Another was chosen.
    #[prop(into)]
    on_choose: Callback<String>,
    /// What stands after the last of them.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let name = fresh_id("choice");
    view! {
        <fieldset class="block">
            <legend class=if labelled { "block__label" } else { "unseen" }>{label}</legend>
            <div class="choices" class:choices--scroll=scrolls>
                {move || {
                    in_groups(
                        choices.get(),
                        "choices",
                        |choice| {
                            let id = choice.id.clone();
                            let is = choice.id.clone();
                            view! {
                                <label class="choice">
                                    <input
                                        type="radio"
                                        name=name.clone()
                                        value=choice.id
                                        prop:checked=move || chosen.get() == is
                                        on:change=move |_| on_choose.run(id.clone())
                                    />
                                    <span>{choice.title}</span>
                                </label>
                            }
                                .into_any()
                        },
                    )
                }}
                {children.map(|children| children())}
            </div>
        </fieldset>
    }
}

/// Cards of which one is chosen, each with what it means.
#[component]
pub fn ChoiceCards(
    /// What is chosen here.
    #[prop(into)]
    label: String,
    /// Leaves the label to screen readers.
    #[prop(optional)]
    silent_label: bool,
    /// The choices.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The id of the one that is chosen.
    #[prop(into)]
    chosen: Signal<String>,
    /// Another was chosen.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    let name = fresh_id("card");
    view! {
        <fieldset class="block">
            <legend class=if silent_label { "unseen" } else { "block__label" }>{label}</legend>
            <div class="block">
                {move || {
                    in_groups(
                        choices.get(),
                        "block",
                        |choice| {
                            let id = choice.id.clone();
                            let is = choice.id.clone();
                            view! {
                                <label class="radio">
                                    <input
                                        type="radio"
                                        name=name.clone()
                                        value=choice.id
                                        prop:checked=move || chosen.get() == is
                                        on:change=move |_| on_choose.run(id.clone())
                                    />
                                    <span class="radio__ring"></span>
                                    <ChoiceText title=choice.title note=choice.note />
                                </label>
                            }
                                .into_any()
                        },
                    )
                }}
            </div>
        </fieldset>
    }
}

/// Cards of which several may be chosen.
#[component]
pub fn TickCards(
    /// What is chosen here.
    #[prop(into)]
    label: String,
    /// The choices.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The ids of those that are chosen.
    chosen: RwSignal<Vec<String>>,
) -> impl IntoView {
    view! {
        <fieldset class="block">
            <legend class="block__label">{label}</legend>
            <div class="block">
                {move || {
                    in_groups(
                        choices.get(),
                        "block",
                        |choice| {
                            let id = choice.id.clone();
                            let is = choice.id.clone();
                            view! {
                                <label class="radio">
                                    <input
                                        type="checkbox"
                                        value=choice.id
                                        prop:checked=move || chosen.with(|all| all.contains(&is))
                                        on:change=move |event| {
                                            let ticked = event_target_checked(&event);
                                            chosen
                                                .update(|all| {
                                                    all.retain(|one| *one != id);
                                                    if ticked {
                                                        all.push(id.clone());
                                                    }
                                                });
                                        }
                                    />
                                    <span class="radio__box">
                                        <Glyph icon=Icon::Tick />
                                    </span>
                                    <ChoiceText title=choice.title note=choice.note />
                                </label>
                            }
                                .into_any()
                        },
                    )
                }}
            </div>
        </fieldset>
    }
}

#[component]
fn ChoiceText(title: String, note: String) -> impl IntoView {
    view! {
        <span class="radio__text">
            <span class="radio__title">{title}</span>
            {(!note.is_empty()).then(|| view! { <span class="radio__note">{note}</span> })}
        </span>
    }
}
