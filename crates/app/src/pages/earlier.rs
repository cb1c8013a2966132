//! What a record was before: other titles, other folders, other files.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::clock::When;
use crate::components::button::Button;
use crate::components::icon::{Glyph, Icon};
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
    /// What kind of tie.
    pub icon: Icon,
    /// Whoever reads the record has to know.
    pub loud: bool,
    /// `Corrects`, `Corrected by Nordlab Diagnostics on 3 March 2026:`; may be empty.
    pub word: String,
    /// Its title; may be empty.
    pub title: String,
    /// Where it opens.
    pub href: Option<String>,
}

impl Kin {
    /// A tie to what is not here.
    #[must_use]
    pub fn plain(icon: Icon, word: &str) -> Self {
        Self { icon, loud: false, word: word.to_owned(), title: String::new(), href: None }
    }
}

/// Links to the records that belong to this one.
#[component]
pub fn KinLines(
    /// Them, what matters most first.
    kin: Vec<Kin>,
) -> impl IntoView {
    let line = |Kin { icon, loud, word, title, href }: Kin| {
        let title = match href {
            Some(href) => view! {
                <A href=href attr:class="link-button link-button--inline">
                    {title}
                </A>
            }
            .into_any(),
            None => title.into_any(),
        };
        view! {
            <li class="kin__line" class:caution=loud>
                <Glyph icon=icon />
                <span>{word} " " {title}</span>
            </li>
        }
    };
    (!kin.is_empty()).then(|| view! { <ul class="kin">{kin.into_iter().map(line).collect_view()}</ul> })
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
