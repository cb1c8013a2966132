//! The charts a doctor may open.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::clock::use_clock;
use crate::components::avatar::Avatar;
use crate::components::blank::Empty;
use crate::components::button::{Button, ButtonLink, Weight};
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::field::SearchField;
use crate::components::icon::Icon;
use crate::components::page_head::{PageHead, Section};
use crate::load::{Load, Loaded};
use crate::speaking::{Say, count, sentence};

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
        <li class="row" class:row--opens=!ended>
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
        </li>
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
            model=model
            on_retry=on_retry
            children={move |patients: PatientsModel| {
                let PatientsModel { patients, verified } = patients;
                if !verified {
                    return view! { <WaitingForRegistrar /> }.into_any();
                }
                if patients.is_empty() {
                    return view! {
                        <Empty
                            icon=Icon::People
                            title="Nobody shares a record with you yet"
                            sentence="Ask a patient for a folder with the address of the record. The patient sees who asks and why, and decides."
                        />
                    }
                        .into_any();
                }
                view! {
                    <div class="filters">
                        <SearchField label="Search by name" value=search on_change=on_search />
                    </div>
                    {move || {
                        let wanted = search.get().to_lowercase();
                        let (ended, open): (Vec<_>, Vec<_>) = patients
                            .iter()
                            .filter(|one| one.name.to_lowercase().contains(wanted.trim()))
                            .cloned()
                            .partition(|one| one.ended);
                        view! {
                            {if open.is_empty() {
                                view! {
                                    <p class="second" role="status">
                                        "Nobody here matches."
                                    </p>
                                }
                                    .into_any()
                            } else {
                                view! { <PatientRows items=open /> }.into_any()
                            }}
                            {(!ended.is_empty())
                                .then(|| {
                                    view! {
                                        <Section title="Ended">
                                            <PatientRows items=ended />
                                        </Section>
                                    }
                                })}
                        }
                    }}
                }
                    .into_any()
            }}
        />
    }
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
                .map(|item| view! { <PatientRow item=item with_news=with_news /> })
                .collect_view()}
        </ul>
    }
}
