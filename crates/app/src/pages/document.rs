//! What a FHIR document holds, drawn: tables of measurements, facts, words, rows that unfold, groups of all of these.
//! Long ones are drawn in portions, and say how much is left.

use leptos::prelude::*;

use crate::components::button::Button;
use crate::components::chip::{Badge, Chip, Tone};
use crate::components::icon::{Glyph, Icon};
use crate::components::table::{FactTable, Measurement, MeasurementTable};
use crate::speaking::thousands;

/// Rows that are drawn at first, and with each press for more.
const ROWS: (usize, usize) = (8, 50);
/// Tables that are drawn at first, and with each press for more.
const TABLES: (usize, usize) = (3, 10);

/// A part of a FHIR document.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordPart {
    /// Measurements.
    Measurements {
        /// The heading; may be empty.
        title: String,
        /// What has to be read before them.
        alarm: Option<Badge>,
        /// In order.
        rows: Vec<Measurement>,
    },
    /// Names and values.
    Facts {
        /// The heading; may be empty.
        title: String,
        /// What has to be read before them.
        alarm: Option<Badge>,
        /// States in a word.
        badges: Vec<Badge>,
        /// In order.
        rows: Vec<(String, String)>,
    },
    /// Words.
    Words {
        /// The heading; may be empty.
        title: String,
        /// The words.
        text: String,
    },
    /// Many things of one kind, each a row that unfolds.
    Entries(Vec<Entry>),
    /// Parts under one heading.
    Group {
        /// The heading.
        title: String,
        /// `188 values`; may be empty.
        note: String,
        /// In order.
        parts: Vec<RecordPart>,
    },
    /// What the author wrote besides, folded.
    Narrative(String),
}

/// One of many things of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name.
    pub title: String,
    /// `since 4 May 2019 · severe`.
    pub sub: String,
    /// What has to be read before anything else of it.
    pub alarm: Option<Badge>,
    /// States in a word.
    pub badges: Vec<Badge>,
    /// What unfolds.
    pub facts: Vec<(String, String)>,
}

impl Entry {
    /// One that the document names and does not hold.
    #[must_use]
    pub fn missing(title: String) -> Self {
        let sub = "Not in this document".to_owned();
        Self { title, sub, alarm: None, badges: Vec::new(), facts: Vec::new() }
    }
}

/// The parts, one below the other.
#[component]
pub fn Parts(
    /// In order.
    parts: Vec<RecordPart>,
    /// What the document is, which no heading repeats.
    caption: String,
    /// They stand under a heading of their own.
    #[prop(optional)]
    inner: bool,
) -> impl IntoView {
    let all = StoredValue::new(parts);
    let caption = StoredValue::new(caption);
    // Groups are few and each draws little at first; tables in a group may be hundreds.
    let first = if inner { TABLES.0 } else { usize::MAX };
    portions(all.with_value(Vec::len), (first, TABLES.1), "more below", move |from, to| {
        let part = move |part: RecordPart| view! { <Part part=part caption=caption.get_value() inner=inner /> };
        let parts = all.with_value(|all| all.get(from..to).map(<[_]>::to_vec)).unwrap_or_default();
        view! { <div class="parts">{parts.into_iter().map(part).collect_view()}</div> }.into_any()
    })
}

/// Draws the first of many, and more with each press.
fn portions(
    length: usize,
    (first, more): (usize, usize),
    what: &'static str,
    draw: impl Fn(usize, usize) -> AnyView + Clone + Send + 'static,
) -> impl IntoView {
    // What was drawn stays; each press draws one portion more.
    let ends = RwSignal::new(vec![(0, first.min(length))]);
    let drawn = move || ends.with(|ends| ends.last().map_or(0, |(_, end)| *end));
    let next = move |()| {
        let from = drawn();
        ends.update(|ends| ends.push((from, from.saturating_add(more).min(length))));
    };
    view! {
        <For each=move || ends.get() key=|(from, _)| *from children=move |(from, to)| draw(from, to) />
        {move || {
            let left = length.saturating_sub(drawn());
            (left > 0)
                .then(|| {
                    let label = format!("Show {}", if left > more { format!("{more} more") } else { format!("all {}", thousands(length as u64)) });
                    view! {
                        <p class="parts__more">
                            <Button label=label small=true on_press=next />
                            <span class="second">{format!("{} {what}", thousands(left as u64))}</span>
                        </p>
                    }
                })
        }}
    }
}

#[component]
fn Part(part: RecordPart, caption: String, inner: bool) -> impl IntoView {
    let named = caption.clone();
    let heading = move |title: &str| {
        let title = title.to_owned();
        (!title.is_empty() && title != named).then(|| match inner {
            false => view! { <h2 class="record__part">{title}</h2> }.into_any(),
            true => view! { <h3 class="record__part record__part--inner">{title}</h3> }.into_any(),
        })
    };
    match part {
        RecordPart::Measurements { title, alarm, rows } => {
            let caption = if title.is_empty() { caption } else { title.clone() };
            view! {
                {heading(&title)}
                <Alarm alarm=alarm />
                <MeasurementTable caption=caption measurements=rows />
            }
            .into_any()
        }
        RecordPart::Facts { title, alarm, badges, rows } => {
            let caption = if title.is_empty() { caption } else { title.clone() };
            view! {
                {heading(&title)}
                <Alarm alarm=alarm />
                <Badges badges=badges />
                <FactTable caption=caption rows=rows />
            }
            .into_any()
        }
        RecordPart::Words { title, text } => view! {
            {heading(&title)}
            <div class="prose">{text}</div>
        }
        .into_any(),
        RecordPart::Narrative(text) => view! {
            <details class="narrative">
                <summary>"In the author's own words"</summary>
                <div class="prose">{text}</div>
            </details>
        }
        .into_any(),
        RecordPart::Entries(entries) => view! { <Entries entries=entries /> }.into_any(),
        RecordPart::Group { title, note, parts } => view! {
            <section class="group">
                <div class="section__head">
                    <h2>{title}</h2>
                    {(!note.is_empty()).then(|| view! { <span class="section__note">{note}</span> })}
                </div>
                <Parts parts=parts caption=caption inner=true />
            </section>
        }
        .into_any(),
    }
}

#[component]
fn Alarm(alarm: Option<Badge>) -> impl IntoView {
    alarm.map(|Badge { tone, text, .. }| {
        view! {
            <p class="caution" class:caution--danger=tone == Tone::Danger>
                <Glyph icon=Icon::Warning />
                <span>{text}</span>
            </p>
        }
    })
}

#[component]
fn Badges(badges: Vec<Badge>) -> impl IntoView {
    (!badges.is_empty()).then(|| {
        view! { <p class="chip-row">{badges.into_iter().map(|badge| view! { <Chip badge=badge /> }).collect_view()}</p> }
    })
}

#[component]
fn Entries(entries: Vec<Entry>) -> impl IntoView {
    let all = StoredValue::new(entries);
    portions(all.with_value(Vec::len), ROWS, "more", move |from, to| {
        let entries = all.with_value(|all| all.get(from..to).map(<[_]>::to_vec)).unwrap_or_default();
        let rows = entries.into_iter().map(|entry| view! { <EntryRow entry=entry /> }).collect_view();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    })
}

#[component]
fn EntryRow(entry: Entry) -> impl IntoView {
    let Entry { title, sub, alarm, badges, facts } = entry;
    let head = {
        let badges = badges.into_iter().map(|badge| view! { <Chip badge=badge /> }).collect_view();
        view! {
            <div class="row__main">
                <div class="row__title">{title} {badges}</div>
                {alarm.map(|alarm| view! { <div class="row__sub row__trouble">{alarm.text}</div> })}
                {(!sub.is_empty()).then(|| view! { <div class="row__sub">{sub}</div> })}
            </div>
        }
    };
    if facts.is_empty() {
        return view! {
            <li>
                <div class="row row--low">{head}</div>
            </li>
        }
        .into_any();
    }
    // What unfolds is drawn when it does.
    let opened = RwSignal::new(false);
    let facts = StoredValue::new(facts);
    view! {
        <li>
            <details class="unfolds" on:toggle=move |_| opened.set(true)>
                <summary class="row row--low row--opens">
                    {head} <span class="row__end">
                        <Glyph icon=Icon::Down />
                    </span>
                </summary>
                {move || {
                    opened
                        .get()
                        .then(|| {
                            view! {
                                <dl class="unfolds__facts">
                                    {facts
                                        .get_value()
                                        .into_iter()
                                        .map(|(name, value)| view! { <dt>{name}</dt> <dd>{value}</dd> })
                                        .collect_view()}
                                </dl>
                            }
                        })
                }}
            </details>
        </li>
    }
    .into_any()
}
