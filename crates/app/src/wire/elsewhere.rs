//! Leading on to another page.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Goes where this leads, in the place of the page that was asked for. After the page is drawn: the router cannot be
/// moved while it draws.
#[component]
pub fn Elsewhere(
    /// Where to.
    #[prop(into)]
    to: String,
) -> impl IntoView {
    let navigate = use_navigate();
    Effect::new(move |_| navigate(&to, NavigateOptions { replace: true, ..NavigateOptions::default() }));
}
