//! The charts a doctor may open.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::A;

use crate::clock::use_clock;
use crate::components::avatar::Avatar;
use crate::components::blank::Empty;
use crate::components::button::{Button, ButtonLink, Weight};
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::field::SearchField;
use crate::components::icon::Icon;
use crate::components::long_list::LongRows;
use crate::components::page_head::{PageHead, Section};
use crate::load::{Load, Loaded};
use crate::speaking::{Say, count, search_words, sentence};

/// A patient as a doctor's lists show them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PatientItem {
    /// The chart.
    pub chart: String,
    /// Where it opens.
    pub href: String,
    /// The patient's name, from the envelope.
    pub name: String,
    /// `born 4 May 1971`; may be empty.
    pub born: String,
    /// The names of what is shared.
    pub scopes: Vec<String>,
    /// Until when; none until it is revoked.
    pub until: Option<u64>,
    /// How many records are new.
    pub new: usize,
    /// The titles of what is new, where they are known.
    pub news: Vec<String>,
    /// When something was last added, or when access ended.
    pub at: u64,
    /// Access has ended.
    pub ended: bool,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientsModel {
    /// The patients, by name.
    pub patients: Vec<PatientItem>,
    /// The registrar has verified this doctor.
    pub verified: bool,
    /// More are being read.
    pub more: bool,
}

/// What an unverified member is told instead of a list.
#[component]
pub fn WaitingForRegistrar() -> impl IntoView {
    view! {
        <Empty
            icon=Icon::Unchecked
            title="The registrar has not verified you yet"
            sentence="Your profile waits to be looked at. Until then you cannot ask for access or write into a record. This page changes by itself."
        />
    }
}

/// A patient; the whole row opens the chart.
#[component]
pub fn PatientRow(
    /// The patient.
    item: PatientItem,
    /// Says what is new instead of what is shared.
    #[prop(optional)]
    with_news: bool,
) -> impl IntoView {
    let clock = use_clock();
    let PatientItem { href, name, born, scopes, until, new, news, at, ended, .. } = item;
    let avatar = name.clone();
    let badge = if ended {
        Some(Badge::new(Tone::Quiet, "Ended"))
    } else if new > 0 {
        Some(Badge::new(Tone::Info, format!("{new} new")))
    } else {
        until.and_then(|until| clock.speaker().ends_soon(until)).map(|text| Badge::new(Tone::Warn, text))
    };
    let mut sub = if with_news && !news.is_empty() { vec![news.join(", ")] } else { vec![scopes.join(", "), born] };
    sub.retain(|part| !part.is_empty());
    let end = move || {
        let speaker = clock.speaker();
        if with_news {
            speaker.say(at, Say::Recent)
        } else if ended {
            format!("ended {}", speaker.say(at, Say::Date))
        } else {
            until.map_or_else(|| "until revoked".to_owned(), |until| format!("until {}", speaker.say(until, Say::Date)))
        }
    };
    view! {
        <div class="row" class:row--opens=!ended>
            <Avatar name=avatar />
            <div class="row__main">
                <div class="row__title">
                    {if ended {
                        name.into_any()
                    } else {
                        view! {
                            <A href=href attr:class="row__open">
                                {name}
                            </A>
                        }
                            .into_any()
                    }} {badge.map(|badge| view! { <Chip badge=badge /> })}
                </div>
                <div class="row__sub">
                    {sub.join(" · ")} <span class="row__when--phone">" · " {end}</span>
                </div>
            </div>
            <div class="row__end row__end--when">{end}</div>
        </div>
    }
}

/// The page. The search stands in its address.
#[component]
pub fn PatientsView(
    /// What it shows.
    #[prop(into)]
    model: Signal<Load<PatientsModel>>,
    /// The search.
    #[prop(into)]
    search: Signal<String>,
    /// Another search.
    #[prop(into)]
    on_search: Callback<String>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Asks a patient for access.
    #[prop(into)]
    on_ask: Callback<()>,
) -> impl IntoView {
    let verified = Memo::new(move |_| model.with(|model| model.ready().is_none_or(|model| model.verified)));
    let sub = Signal::derive(move || {
        model.with(|model| {
            model
                .ready()
                .map(|model| {
                    let open = model.patients.iter().filter(|one| !one.ended).count();
                    if open == 0 {
                        String::new()
                    } else {
                        sentence(&format!("{} with you.", count(open, "patient shares", "patients share")))
                    }
                })
                .unwrap_or_default()
        })
    });
    // Drawn once, whoever is read again.
    let outcome = Memo::new(move |_| match model.get() {
        Load::Loading => Load::Loading,
        Load::Failed(trouble) => Load::Failed(trouble),
        Load::Ready(PatientsModel { verified: false, .. }) => Load::Ready(Outcome::NotVerified),
        Load::Ready(PatientsModel { patients, more: true, .. }) if patients.is_empty() => Load::Loading,
        Load::Ready(PatientsModel { patients, .. }) if patients.is_empty() => Load::Ready(Outcome::Nobody),
        Load::Ready(_) => Load::Ready(Outcome::Some),
    });
    let found = move |ended: bool| {
        let words = search_words(&search.get());
        model.with(|model| {
            let patients = model.ready().map(|model| model.patients.as_slice()).unwrap_or_default();
            let fits = |one: &&PatientItem| {
                let name = one.name.to_lowercase();
                one.ended == ended && words.iter().all(|word| name.contains(word))
            };
            patients.iter().filter(fits).cloned().collect::<Arc<[PatientItem]>>()
        })
    };
    let (open, ended) = (Memo::new(move |_| found(false)), Memo::new(move |_| found(true)));
    let more = Memo::new(move |_| model.with(|model| model.ready().is_some_and(|model| model.more)));
    view! {
        <PageHead title="Patients" sub=sub>
            <ButtonLink label="Open with a code" href="/open" icon=Icon::Qr />
            <Button
                label="Ask for access"
                icon=Icon::Plus
                weight=Weight::Primary
                disabled=Signal::derive(move || !verified.get())
                on_press=on_ask
            />
        </PageHead>
        <Loaded
            model=outcome
            on_retry=on_retry
            children={move |outcome: Outcome| match outcome {
                Outcome::NotVerified => view! { <WaitingForRegistrar /> }.into_any(),
                Outcome::Nobody => {
                    view! {
                        <Empty
                            icon=Icon::People
                            title="Nobody shares a record with you yet"
                            sentence="Ask a patient for a folder with the address of the record. The patient sees who asks and why, and decides."
                        />
                    }
                        .into_any()
                }
                Outcome::Some => {
                    view! {
                        <div class="filters">
                            <SearchField label="Search by name" value=search on_change=on_search />
                        </div>
                        <Show when=move || open.with(|open| open.is_empty()) && !more.get()>
                            <p class="second" role="status">
                                "Nobody here matches."
                            </p>
                        </Show>
                        <p class="second" role="status">
                            {move || more.get().then_some("Reading the others…")}
                        </p>
                        <LongRows
                            items=open
                            draw=|item| view! { <PatientRow item=item /> }.into_any()
                        />
                        <Show when=move || ended.with(|ended| !ended.is_empty())>
                            <Section title="Ended">
                                <LongRows
                                    items=ended
                                    draw=|item| view! { <PatientRow item=item /> }.into_any()
                                />
                            </Section>
                        </Show>
                    }
                        .into_any()
                }
            }}
        />
    }
}

/// What there is to show.
#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    NotVerified,
    Nobody,
    Some,
}

/// Patients in a card.
#[component]
pub fn PatientRows(
    /// In order.
    items: Vec<PatientItem>,
    /// Says what is new instead of what is shared.
    #[prop(optional)]
    with_news: bool,
) -> impl IntoView {
    view! {
        <ul class="rows">
            {items
                .into_iter()
                .map(|item| view! { <li><PatientRow item=item with_news=with_news /></li> })
                .collect_view()}
        </ul>
    }
}
