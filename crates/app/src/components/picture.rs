//! A picture, as large as there is room or as it is.

use leptos::prelude::*;

use super::viewer_bar::{BarToggle, ViewerBar};

/// The picture.
#[component]
pub fn PictureView(
    /// A `blob:` address.
    src: String,
    /// What it is, for a screen reader.
    alt: String,
) -> impl IntoView {
    let actual = RwSignal::new(false);
    let broken = RwSignal::new(false);
    let label = alt.clone();
    view! {
        <div class="viewer">
            <ViewerBar label="Picture">
                <BarToggle label="Actual size" on=actual />
            </ViewerBar>
            <div
                class="viewer__stage"
                class:viewer__stage--actual=move || actual.get()
                tabindex="0"
                role="group"
                aria-label=label
            >
                <img src=src alt=alt hidden=move || broken.get() on:error=move |_| broken.set(true) />
                {move || {
                    broken
                        .get()
                        .then(|| {
                            view! {
                                <p class="viewer__trouble" role="status">
                                    "This picture is damaged and cannot be drawn. You can still download it."
                                </p>
                            }
                        })
                }}
            </div>
        </div>
    }
}
