//! About me: who the patient is, what others must know, and what was measured last.

use leptos::prelude::*;
use leptos_router::components::A;

use super::emergency::Call;
use super::vital::Value;
use crate::clock::When;
use crate::components::blank::Empty;
use crate::components::button::{Button, Weight};
use crate::components::chip::{Badge, Chip};
use crate::components::icon::{Glyph, Icon};
use crate::components::page_head::{PageHead, Section};
use crate::components::record_row::Tile;
use crate::components::skeleton::SkeletonRows;
use crate::components::spark::{Spark, Trend};
use crate::components::table::FactTable;
use crate::load::{Load, Loaded};
use crate::speaking::{Say, say_date};

/// Who the patient is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// `1971-05-04`; may be empty.
    pub birth_date: String,
    /// As FHIR writes it; may be empty.
    pub sex: String,
    /// The postal address.
    pub address: String,
    /// The telephone number.
    pub phone: String,
    /// The e-mail address.
    pub email: String,
}

/// Something on a list: its words, and what is known besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// `Penicillin`.
    pub words: String,
    /// `Anaphylaxis, since 1998`; may be empty.
    pub note: String,
    /// It still holds.
    pub active: bool,
}

/// Which part of the page is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Who one is.
    You,
    /// Blood group and whom to call.
    Emergency,
    /// Allergies.
    Allergies,
    /// Conditions.
    Conditions,
    /// Medicines.
    Medicines,
}

/// The parts that are lists.
pub const LISTS: [Part; 3] = [Part::Allergies, Part::Conditions, Part::Medicines];

impl Part {
    /// Its heading.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::You => "You",
            Self::Emergency => "In an emergency",
            Self::Allergies => "Allergies",
            Self::Conditions => "Conditions",
            Self::Medicines => "Medicines",
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Medicines => Icon::Pill,
            Self::Allergies => Icon::Warning,
            _ => Icon::Pulse,
        }
    }
}

/// What the page shows of what was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AboutModel {
    /// Who the patient is.
    pub person: Person,
    /// Age in years.
    pub age: Option<u32>,
    /// `A+`; may be empty.
    pub blood_group: String,
    /// Whom to call.
    pub contacts: Vec<Call>,
    /// Allergies.
    pub allergies: Vec<Told>,
    /// Conditions.
    pub conditions: Vec<Told>,
    /// Medicines.
    pub medicines: Vec<Told>,
}

impl AboutModel {
    /// What is told in one of the lists.
    #[must_use]
    pub fn list(&self, part: Part) -> &[Told] {
        match part {
            Part::Allergies => &self.allergies,
            Part::Conditions => &self.conditions,
            Part::Medicines => &self.medicines,
            Part::You | Part::Emergency => &[],
        }
    }
}

/// The newest value of a vital sign.
#[derive(Clone, Debug, PartialEq)]
pub struct Newest {
    /// The vital sign's name in an address.
    pub key: &'static str,
    /// `Blood pressure`.
    pub word: &'static str,
    /// The value.
    pub value: Value,
    /// The last values.
    pub trend: Option<Trend>,
}

/// How far the records have been looked through for values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looking {
    /// Records that are still to be opened.
    pub left: usize,
    /// Records that could not be opened now.
    pub failed: usize,
    /// Records that were left out, as there are so many.
    pub beyond: usize,
}

/// `Female`.
#[must_use]
pub fn sex_word(sex: &str) -> &'static str {
    match sex {
        "female" => "Female",
        "male" => "Male",
        "other" => "Other",
        _ => "",
    }
}

/// The page.
#[component]
pub fn AboutView(
    /// What was told.
    #[prop(into)]
    model: Signal<Load<AboutModel>>,
    /// What was measured last, of each vital sign.
    #[prop(into)]
    newest: Signal<Vec<Newest>>,
    /// How far the records have been looked through.
    #[prop(into)]
    looking: Signal<Looking>,
    /// Nothing can be changed with this wallet's account.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Tries to read it again.
    #[prop(into)]
    on_retry: Callback<()>,
    /// Changes a part.
    #[prop(into)]
    on_edit: Callback<Part>,
    /// Adds what was measured.
    #[prop(into)]
    on_measure: Callback<()>,
    /// Reads a FHIR document.
    #[prop(into)]
    on_import: Callback<()>,
    /// Opens again what could not be opened.
    #[prop(into)]
    on_look_again: Callback<()>,
    /// Looks through more records.
    #[prop(into)]
    on_look_on: Callback<()>,
) -> impl IntoView {
    view! {
        <PageHead
            title="About me"
            sub="Who you are and what others must know when they help you. Encrypted with your record."
        >
            <Button label="Import" icon=Icon::Deliver disabled=read_only on_press=on_import />
            <Button
                label="Add measurement"
                icon=Icon::Plus
                weight=Weight::Primary
                disabled=read_only
                on_press=on_measure
            />
        </PageHead>
        <Loaded
            model=model
            on_retry=on_retry
            children={move |model: AboutModel| {
                view! { <AboutBody model=model read_only=read_only on_edit=on_edit /> }
            }}
        />
        <Section title="Measurements">
            <NewestRows newest=newest looking=looking />
            <LookingLine looking=looking on_again=on_look_again on_on=on_look_on />
        </Section>
    }
}

fn or_unsaid(text: &str) -> String {
    if text.is_empty() { "not said".to_owned() } else { text.to_owned() }
}

#[component]
fn AboutBody(model: AboutModel, read_only: Signal<bool>, on_edit: Callback<Part>) -> impl IntoView {
    let Person { name, birth_date, sex, address, phone, email } = &model.person;
    let born = say_date(birth_date).unwrap_or_else(|| birth_date.clone());
    let born = match model.age {
        Some(1) => format!("{born}, 1 year old"),
        Some(age) => format!("{born}, {age} years old"),
        None => born,
    };
    let you = [
        ("Name", name.as_str()),
        ("Born", &born),
        ("Sex", sex_word(sex)),
        ("Address", address),
        ("Telephone", phone),
        ("Email", email),
    ];
    let you = you.map(|(word, said)| (word.to_owned(), or_unsaid(said))).to_vec();
    let mut emergency = vec![("Blood group".to_owned(), or_unsaid(&model.blood_group))];
    emergency.extend(model.contacts.iter().map(|call| ("To call".to_owned(), call.line())));
    if model.contacts.is_empty() {
        emergency.push(("To call".to_owned(), or_unsaid("")));
    }
    view! {
        <Section
            title=Part::You.word()
            first=true
            end=move || view! { <EditButton part=Part::You read_only=read_only on_edit=on_edit /> }
        >
            <FactTable caption="Who you are" rows=you />
        </Section>
        <div class="about__lists">
            {LISTS
                .map(|part| {
                    let told = model.list(part).to_vec();
                    view! { <ToldCard part=part told=told read_only=read_only on_edit=on_edit /> }
                })
                .into_iter()
                .collect_view()}
        </div>
        <Section
            title=Part::Emergency.word()
            end=move || {
                view! {
                    <span class="section__end">
                        <A href="/emergency" attr:class="link-button">
                            "Emergency card"
                        </A>
                        <EditWord part=Part::Emergency read_only=read_only on_edit=on_edit />
                    </span>
                }
            }
        >
            <FactTable caption="What matters in an emergency" rows=emergency />
        </Section>
    }
}

#[component]
fn EditButton(part: Part, read_only: Signal<bool>, on_edit: Callback<Part>) -> impl IntoView {
    view! {
        <span class="section__end">
            <EditWord part=part read_only=read_only on_edit=on_edit />
        </span>
    }
}

#[component]
fn EditWord(part: Part, read_only: Signal<bool>, on_edit: Callback<Part>) -> impl IntoView {
    view! {
        <button
            type="button"
            class="link-button"
            disabled=move || read_only.get()
            on:click=move |_| on_edit.run(part)
        >
            "Edit"
            <span class="unseen">{format!(" {}", part.word().to_lowercase())}</span>
        </button>
    }
}

#[component]
fn ToldCard(part: Part, told: Vec<Told>, read_only: Signal<bool>, on_edit: Callback<Part>) -> impl IntoView {
    let empty = told.is_empty();
    view! {
        <section class="card card--pad told">
            <div class="section__head">
                <span class="told__mark">
                    <Glyph icon=part.icon() />
                </span>
                <h2>{part.word()}</h2>
                <EditButton part=part read_only=read_only on_edit=on_edit />
            </div>
            {if empty {
                view! { <p class="second">"Nothing said yet."</p> }.into_any()
            } else {
                view! {
                    <ul class="told__list">
                        {told
                            .into_iter()
                            .map(|one| {
                                view! {
                                    <li class:told__over=!one.active>
                                        <span class="told__words">{one.words}</span>
                                        {(!one.note.is_empty())
                                            .then(|| view! { <span class="told__note">{one.note}</span> })}
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                }
                    .into_any()
            }}
        </section>
    }
}

#[component]
fn NewestRows(newest: Signal<Vec<Newest>>, looking: Signal<Looking>) -> impl IntoView {
    move || {
        let newest = newest.get();
        match (newest.is_empty(), looking.get().left) {
            (true, 0) => view! {
                <Empty
                    icon=Icon::Pulse
                    title="Nothing measured yet"
                    sentence="Blood pressure, weight, temperature: add what you measure at home, or import what your doctor gave you. You see here how it goes over time."
                />
            }
            .into_any(),
            (true, _) => view! { <SkeletonRows rows=3 /> }.into_any(),
            (false, _) => view! {
                <ul class="rows">
                    {newest.into_iter().map(|one| view! { <NewestRow one=one /> }).collect_view()}
                </ul>
            }
            .into_any(),
        }
    }
}

#[component]
fn NewestRow(one: Newest) -> impl IntoView {
    let Newest { key, word, value, trend } = one;
    let Value { shown, unit, flag, at, source, .. } = value;
    view! {
        <li class="row row--opens vital-row">
            <Tile icon=Icon::Pulse />
            <div class="row__main">
                <div class="row__title">
                    <A href=format!("/about/{key}") attr:class="row__open">
                        {word}
                    </A>
                    {flag.map(|badge: Badge| view! { <Chip badge=badge /> })}
                </div>
                <div class="row__sub">
                    <Moment at=at /> {format!(" · {source}")}
                </div>
            </div>
            <div class="vital-row__trend">{trend.map(|trend| view! { <Spark trend=trend /> })}</div>
            <div class="vital-row__value">
                <span class="table__value">{shown}</span>
                " "
                <span class="table__unit">{unit}</span>
            </div>
        </li>
    }
}

/// When something was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// A moment, in seconds since 1970.
    Moment(u64),
    /// A day, or less than that, as it is written.
    Day(String),
}

/// A moment or a day as people say it.
#[component]
pub fn Moment(
    /// When.
    at: At,
) -> impl IntoView {
    match at {
        At::Moment(at) => view! { <When at=at how=Say::DayTime /> }.into_any(),
        At::Day(day) => view! { <span>{say_date(&day).unwrap_or(day)}</span> }.into_any(),
    }
}

/// How far the records have been looked through, where that matters.
#[component]
pub fn LookingLine(
    /// How far.
    looking: Signal<Looking>,
    /// Opens again what could not be opened.
    on_again: Callback<()>,
    /// Looks through more records.
    on_on: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="about__looking" role="status">
            {move || {
                let Looking { left, failed, beyond } = looking.get();
                let records = |number: usize| crate::speaking::count(number, "record", "records");
                match (left, failed, beyond) {
                    (0, 0, 0) => ().into_any(),
                    (0, 0, beyond) => {
                        view! {
                            <p class="second">
                                {format!("The newest records were looked through; {} were not. ", records(beyond))}
                                <button
                                    type="button"
                                    class="link-button link-button--inline"
                                    on:click=move |_| on_on.run(())
                                >
                                    "Look through more"
                                </button>
                            </p>
                        }
                            .into_any()
                    }
                    (0, failed, _) => {
                        view! {
                            <p class="second">
                                {crate::speaking::sentence(
                                    &format!("{} could not be opened now, so values may be missing. ", records(failed)),
                                )}
                                <button
                                    type="button"
                                    class="link-button link-button--inline"
                                    on:click=move |_| on_again.run(())
                                >
                                    "Try again"
                                </button>
                            </p>
                        }
                            .into_any()
                    }
                    (left, ..) => {
                        view! {
                            <p class="second">{format!("Looking through {} more for values…", records(left))}</p>
                        }
                            .into_any()
                    }
                }
            }}
        </div>
    }
}
