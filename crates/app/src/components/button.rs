//! Buttons, named by what they do.

use leptos::prelude::*;
use leptos_router::components::A;

use super::icon::{Glyph, Icon};

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The one next step of the page.
    Primary,
    /// Any other step.
    #[default]
    Second,
    /// Takes something away.
    Danger,
    /// A word that acts.
    Plain,
}

impl Weight {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button--primary",
            Self::Second => "button",
            Self::Danger => "button button--danger",
            Self::Plain => "button button--plain",
        }
    }
}

/// A button.
#[component]
pub fn Button(
    /// What it does, in one or two words.
    #[prop(into)]
    label: Signal<String>,
    /// Its weight.
    #[prop(default = Weight::Second)]
    weight: Weight,
    /// An icon before the label.
    #[prop(optional_no_strip, into)]
    icon: Option<Icon>,
    /// For rows: 40 pixels high.
    #[prop(optional)]
    small: bool,
    /// Over the whole width.
    #[prop(optional)]
    wide: bool,
    /// Left out on a phone, where a page has one action.
    #[prop(optional)]
    roomy_only: bool,
    /// Sends the form it stands in.
    #[prop(optional)]
    submits: bool,
    /// Cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Is working.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whom or what it is about, when the label alone does not say.
    #[prop(optional, into)]
    about: Option<String>,
    /// What it does.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <button
            type=if submits { "submit" } else { "button" }
            class=weight.class()
            class:button--small=small
            class:button--wide=wide
            class:button--quiet-on-phone=roomy_only
            disabled=move || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                } else if let Some(on_press) = on_press {
                    on_press.run(());
                }
            }
        >
            {icon.map(|icon| view! { <Glyph icon=icon /> })}
            {move || label.get()}
            {about.map(|about| view! { <span class="unseen">{format!(" {about}")}</span> })}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    /// What is behind it.
    #[prop(into)]
    label: String,
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// Its weight.
    #[prop(default = Weight::Second)]
    weight: Weight,
    /// An icon before the label.
    #[prop(optional_no_strip, into)]
    icon: Option<Icon>,
    /// For rows.
    #[prop(optional)]
    small: bool,
    /// Whom or what it is about.
    #[prop(optional, into)]
    about: Option<String>,
) -> impl IntoView {
    let class = if small { format!("{} button--small", weight.class()) } else { weight.class().to_owned() };
    view! {
        <A href=href attr:class=class>
            {icon.map(|icon| view! { <Glyph icon=icon /> })}
            {label}
            {about.map(|about| view! { <span class="unseen">{format!(" {about}")}</span> })}
        </A>
    }
}

/// A word at the end of a heading that leads on.
#[component]
pub fn MoreLink(
    /// The word.
    #[prop(into)]
    label: String,
    /// Where it leads.
    #[prop(into)]
    href: String,
) -> impl IntoView {
    view! {
        <span class="section__end">
            <A href=href attr:class="link-button">{label}</A>
        </span>
    }
}
