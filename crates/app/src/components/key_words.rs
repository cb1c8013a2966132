//! The words of a key, to read aloud and compare.

use leptos::prelude::*;

/// The words: `amber-otter-violin-17`.
#[component]
pub fn KeyWords(
    /// The words.
    #[prop(into)]
    words: String,
    /// Drawn large, to be read aloud.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    view! {
        <span class="mono key-words" class:key-words--large=large>
            {words}
        </span>
    }
}
