//! What is read from elsewhere is loading, here, or failed; drawn in one place.

use leptos::prelude::*;

use crate::components::blank::TroubleView;
use crate::components::skeleton::SkeletonRows;

/// Something that went wrong, told so that a person can act on it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Trouble {
    /// What happened, one sentence.
    pub what: String,
    /// What was kept or is not affected, one sentence.
    pub kept: String,
    /// The server said something that the chain or a hash disproves.
    pub lie: bool,
}

impl Trouble {
    /// A trouble in two sentences: what happened, and what was kept.
    pub fn new(what: impl Into<String>, kept: impl Into<String>) -> Self {
        Self { what: what.into(), kept: kept.into(), lie: false }
    }

    /// The same, where the server was caught in a lie.
    #[must_use]
    pub fn lied(self) -> Self {
        Self { lie: true, ..self }
    }
}

/// A value on its way from the client to the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load<T> {
    /// Not here yet.
    Loading,
    /// Here; a later value replaces it in place.
    Ready(T),
    /// It did not come.
    Failed(Trouble),
}

impl<T> Load<T> {
    /// The value, when it is here.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

/// Draws a value once it is here, a skeleton before, and the trouble with a
/// way to try again instead of it.
#[component]
pub fn Loaded<T, F, V>(
    /// What is being read.
    #[prop(into)]
    model: Signal<Load<T>>,
    /// Rows of the skeleton.
    #[prop(default = 4)]
    rows: usize,
    /// Asks for it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Draws the value.
    children: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    move || match model.get() {
        Load::Loading => view! { <SkeletonRows rows=rows /> }.into_any(),
        Load::Failed(trouble) => view! { <TroubleView trouble=trouble on_retry=on_retry /> }.into_any(),
        Load::Ready(value) => children(value).into_any(),
    }
}
