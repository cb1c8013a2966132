//! What a record was before: other titles, other folders, other files.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::clock::When;
use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::components::page_head::Section;
use crate::components::record_row::Tile;
use crate::load::{Load, Loaded};
use crate::speaking::Say;

/// A former state of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The title it had.
    pub title: String,
    /// `Laboratory · from Nordlab Diagnostics`.
    pub sub: String,
    /// When it was filed like that.
    pub at: u64,
    /// Its file was another one, which can still be saved.
    pub other_file: bool,
}

/// A record that belongs to this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kin {
    /// `Amends`, `Amended by`.
    pub word: String,
    /// Its title.
    pub title: String,
    /// Where it opens.
    pub href: String,
}

/// Links to the records that belong to this one.
#[component]
pub fn KinLines(
    /// Them.
    kin: Vec<Kin>,
) -> impl IntoView {
    kin.into_iter()
        .map(|Kin { word, title, href }| {
            view! {
                <p class="record__kin">
                    {word} " "
                    <A href=href attr:class="link-button link-button--inline">
                        {title}
                    </A>
                </p>
            }
        })
        .collect_view()
}

/// The former states, newest first.
#[component]
pub fn EarlierSection(
    /// Them; nothing is drawn where there are none.
    earlier: Signal<Load<Vec<Earlier>>>,
    /// Reads them again.
    on_retry: Callback<()>,
    /// Saves the file of one, by its place.
    on_save: Callback<usize>,
) -> impl IntoView {
    let some = Memo::new(move |_| earlier.with(|earlier| earlier.ready().is_none_or(|earlier| !earlier.is_empty())));
    view! {
        <Show when=move || some.get()>
            <Section title="Earlier" note="Only you and its author can still open these.">
                <Loaded
                    model=earlier
                    rows=1
                    on_retry=on_retry
                    children={move |earlier: Vec<Earlier>| {
                        let rows = earlier
                            .into_iter()
                            .enumerate()
                            .map(|(at, former)| view! { <Row at=at former=former on_save=on_save /> })
                            .collect_view();
                        view! { <div class="rows">{rows}</div> }
                    }}
                />
            </Section>
        </Show>
    }
}

#[component]
fn Row(at: usize, former: Earlier, on_save: Callback<usize>) -> impl IntoView {
    let Earlier { title, sub, at: time, other_file } = former;
    let about = title.clone();
    view! {
        <div class="row row--acts">
            <Tile icon=Icon::Clock />
            <div class="row__main">
                <div class="row__title">{title}</div>
                <div class="row__sub">
                    {sub} " · " <When at=time how=Say::FullDate />
                </div>
            </div>
            {other_file
                .then(|| {
                    view! {
                        <div class="row__end">
                            <Button
                                label="Save old file"
                                small=true
                                about=about
                                on_press=move |()| on_save.run(at)
                            />
                        </div>
                    }
                })}
        </div>
    }
}
