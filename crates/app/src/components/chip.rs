//! A chip says a state in a word or two; its colour only repeats it.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// What kind of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Good, done.
    Accent,
    /// New, on its way.
    Info,
    /// Wants attention.
    Warn,
    /// Wrong or dangerous.
    Danger,
    /// Merely so.
    Quiet,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Accent => "chip chip--accent",
            Self::Info => "chip chip--info",
            Self::Warn => "chip chip--warn",
            Self::Danger => "chip chip--danger",
            Self::Quiet => "chip chip--quiet",
        }
    }
}

/// A state as the views get it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Badge {
    /// What kind of state.
    pub tone: Tone,
    /// The word.
    pub text: String,
    /// An icon before the word.
    pub icon: Option<Icon>,
}

impl Badge {
    /// A state in a word or two.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), icon: None }
    }

    /// What stands apart from the others.
    #[must_use]
    pub fn sensitive() -> Self {
        Self { icon: Some(Icon::Lock), ..Self::new(Tone::Quiet, "Sensitive") }
    }
}

/// The chip.
#[component]
pub fn Chip(
    /// What it says.
    badge: Badge,
    /// An icon before the word.
    #[prop(optional_no_strip, into)]
    icon: Option<Icon>,
) -> impl IntoView {
    view! {
        <span class=badge.tone.class()>
            {icon.or(badge.icon).map(|icon| view! { <Glyph icon=icon /> })}
            {badge.text}
        </span>
    }
}

/// How a member stands with the registrar, as the chain says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The registrar looked at this profile and verified it.
    Verified,
    /// Registered, not yet looked at.
    Pending,
    /// Verified once, suspended now.
    Suspended,
    /// Nothing to verify: a patient.
    Plain,
}

/// The mark beside a name that the registrar vouches for.
#[component]
pub fn StandingChip(
    /// How the member stands.
    standing: Standing,
    /// What is verified, such as `doctor`; may be empty.
    #[prop(optional, into)]
    what: String,
) -> impl IntoView {
    let verified = if what.is_empty() { "Verified".to_owned() } else { format!("Verified {what}") };
    match standing {
        Standing::Verified => view! { <Chip badge=Badge::new(Tone::Accent, verified) icon=Icon::Checked /> }.into_any(),
        Standing::Pending => view! { <Chip badge=Badge::new(Tone::Warn, "Not verified yet") /> }.into_any(),
        Standing::Suspended => view! { <Chip badge=Badge::new(Tone::Danger, "Suspended") /> }.into_any(),
        Standing::Plain => ().into_any(),
    }
}
