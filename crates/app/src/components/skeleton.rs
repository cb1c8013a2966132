//! Rows before they are here.

use leptos::prelude::*;

/// As many empty rows as are likely to come.
#[component]
pub fn SkeletonRows(
    /// How many.
    rows: usize,
) -> impl IntoView {
    view! {
        <div class="rows" role="status" aria-busy="true">
            <span class="unseen">"Loading"</span>
            {(0..rows)
                .map(|_| {
                    view! {
                        <div class="row" aria-hidden="true">
                            <span class="skeleton skeleton--mark"></span>
                            <div class="row__main">
                                <span class="skeleton skeleton--title"></span>
                                <span class="skeleton skeleton--sub"></span>
                            </div>
                        </div>
                    }
                })
                .collect_view()}
        </div>
    }
}
