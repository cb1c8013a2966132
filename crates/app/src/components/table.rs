//! Measurements as a table: value, flag in words, reference, trend.

use leptos::prelude::*;

use super::chip::{Badge, Chip, Tone};
use super::dialog::Dialog;
use super::spark::Spark;
use super::trend_chart::{Course, TrendChart};
use crate::components::button::Button;

/// How a value stands to its reference range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// Within it.
    InRange,
    /// Above it.
    High,
    /// Below it.
    Low,
    /// Far outside it.
    Critical,
    /// Abnormal, neither high nor low.
    Abnormal,
}

impl Flag {
    fn badge(self) -> Badge {
        match self {
            Self::InRange => Badge::new(Tone::Quiet, "In range"),
            Self::High => Badge::new(Tone::Warn, "High"),
            Self::Low => Badge::new(Tone::Warn, "Low"),
            Self::Critical => Badge::new(Tone::Danger, "Critical"),
            Self::Abnormal => Badge::new(Tone::Warn, "Abnormal"),
        }
    }
}

/// One measurement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measurement {
    /// What was measured.
    pub name: String,
    /// The value, exactly as written.
    pub value: String,
    /// Its unit; may be empty.
    pub unit: String,
    /// How it stands to the range, when somebody said so or it can be told.
    pub flag: Option<Flag>,
    /// What else is said of it in a word: `Entered in error`, `Positive`.
    pub state: Option<Badge>,
    /// `3.0 – 5.2`, `under 3.4`; may be empty.
    pub reference: String,
    /// Remarks, each a sentence or less.
    pub notes: Vec<String>,
    /// What it was before, each with at least two values; two for the two numbers of a blood pressure.
    pub courses: Vec<Course>,
}

impl Measurement {
    /// A name with words in the place of a value.
    #[must_use]
    pub fn said(name: String, words: &str) -> Self {
        Self { name, value: words.to_owned(), ..Self::default() }
    }

    /// The name of a panel, above its members.
    #[must_use]
    pub fn heading(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// Whether the value is words and not a number.
    fn is_words(&self) -> bool {
        self.unit.is_empty() && self.value.chars().filter(|one| one.is_alphabetic()).count() > 3
    }
}

/// The table. A measurement with earlier values opens them as a chart.
#[component]
pub fn MeasurementTable(
    /// What it shows, for a screen reader.
    #[prop(into)]
    caption: String,
    /// The measurements in order.
    measurements: Vec<Measurement>,
) -> impl IntoView {
    let trends = measurements.iter().any(|one| one.courses.iter().any(|course| course.spark().is_some()));
    let flags = measurements.iter().any(|one| one.flag.is_some());
    let references = measurements.iter().any(|one| !one.reference.is_empty());
    let opened = RwSignal::new(None::<(String, Vec<Course>)>);
    view! {
        <div class="table-card">
            <table class="table">
                <caption class="unseen">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Test"</th>
                        <th scope="col" class="table__number">
                            "Result"
                        </th>
                        {flags
                            .then(|| {
                                view! {
                                    <th scope="col">
                                        <span class="unseen">"Flag"</span>
                                    </th>
                                }
                            })}
                        {references
                            .then(|| {
                                view! {
                                    <th scope="col" class="table__wide">
                                        "Reference"
                                    </th>
                                }
                            })}
                        {trends
                            .then(|| {
                                view! {
                                    <th scope="col" class="table__wide">
                                        "Last five"
                                    </th>
                                }
                            })}
                    </tr>
                </thead>
                <tbody>
                    {measurements
                        .into_iter()
                        .map(|one| {
                            view! {
                                <MeasurementRow
                                    one=one
                                    columns=(flags, references, trends)
                                    opened=opened
                                />
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
        {move || {
            opened
                .get()
                .map(|(name, courses)| {
                    view! { <TrendDialog name=name courses=courses on_close=move |()| opened.set(None) /> }
                })
        }}
    }
}

#[component]
fn MeasurementRow(
    one: Measurement,
    columns: (bool, bool, bool),
    opened: RwSignal<Option<(String, Vec<Course>)>>,
) -> impl IntoView {
    let (flags, references, trends) = columns;
    let words = one.is_words();
    let Measurement { name, value, unit, flag, state, reference, notes, courses } = one;
    let spark = courses.first().and_then(Course::spark);
    let phone = reference.clone();
    let has_course = !courses.is_empty();
    let opens = StoredValue::new((name.clone(), courses));
    let title = if has_course {
        // A press anywhere in the row opens it; this is the way for a keyboard.
        let label = format!("{name}, earlier values");
        view! {
            <button type="button" class="table__open" aria-label=label>
                {name}
            </button>
        }
        .into_any()
    } else {
        name.into_any()
    };
    view! {
        <tr
            class:table__row--opens=has_course
            on:click=move |_| {
                if has_course {
                    opened.set(Some(opens.get_value()));
                }
            }
        >
            <th scope="row">
                {title}
                {state
                    .map(|badge| {
                        view! {
                            <span class="table__state">
                                <Chip badge=badge />
                            </span>
                        }
                    })}
                {(!phone.is_empty()).then(|| view! { <span class="table__range-phone">{phone}</span> })}
                {notes.into_iter().map(|note| view! { <span class="table__note">{note}</span> }).collect_view()}
            </th>
            <td class="table__number">
                <span class="table__value" class:table__value--words=words>
                    {value}
                </span>
                " "
                <span class="table__unit">{unit}</span>
            </td>
            {flags
                .then(|| {
                    view! {
                        <td>{flag.map(|flag| view! { <Chip badge=flag.badge() /> })}</td>
                    }
                })}
            {references.then(|| view! { <td class="table__wide table__range">{reference}</td> })}
            {trends
                .then(|| {
                    view! { <td class="table__wide">{spark.map(|trend| view! { <Spark trend=trend /> })}</td> }
                })}
        </tr>
    }
}

#[component]
fn TrendDialog(name: String, courses: Vec<Course>, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let several = courses.len() > 1;
    view! {
        <Dialog title=name wide=true on_close=on_close>
            {courses
                .into_iter()
                .map(|course| {
                    let heading = several.then(|| view! { <h3>{course.name.clone()}</h3> });
                    view! {
                        {heading}
                        <TrendChart course=course />
                    }
                })
                .collect_view()}
            <div class="dialog__foot">
                <Button label="Close" on_press=on_close />
            </div>
        </Dialog>
    }
}

/// Names and values under a heading, for documents that are not measurements.
#[component]
pub fn FactTable(
    /// What it shows.
    #[prop(into)]
    caption: String,
    /// Name and value.
    rows: Vec<(String, String)>,
) -> impl IntoView {
    view! {
        <div class="table-card">
            <table class="table table--plain">
                <caption class="unseen">{caption}</caption>
                <tbody>
                    {rows
                        .into_iter()
                        .map(|(name, value)| {
                            view! {
                                <tr>
                                    <th scope="row">{name}</th>
                                    <td>{value}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
