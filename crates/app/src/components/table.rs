//! Measurements as a table: value, flag in words, reference, trend.

use leptos::prelude::*;

use super::chip::{Badge, Chip, Tone};
use super::spark::{Spark, Trend};

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
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// What was measured.
    pub name: String,
    /// The value, exactly as written.
    pub value: String,
    /// Its unit; may be empty.
    pub unit: String,
    /// How it stands to the range, when somebody said so or it can be told.
    pub flag: Option<Flag>,
    /// `3.0 – 5.2`, `under 3.4`; may be empty.
    pub reference: String,
    /// The last values.
    pub trend: Option<Trend>,
}

/// The table.
#[component]
pub fn MeasurementTable(
    /// What it shows, for a screen reader.
    #[prop(into)]
    caption: String,
    /// The measurements in order.
    measurements: Vec<Measurement>,
) -> impl IntoView {
    let trends = measurements.iter().any(|one| one.trend.is_some());
    let flags = measurements.iter().any(|one| one.flag.is_some());
    let references = measurements.iter().any(|one| !one.reference.is_empty());
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
                            let reference = one.reference.clone();
                            view! {
                                <tr>
                                    <th scope="row">
                                        {one.name}
                                        {(!reference.is_empty())
                                            .then(|| {
                                                view! { <span class="table__range-phone">{reference}</span> }
                                            })}
                                    </th>
                                    <td class="table__number">
                                        <span class="table__value">{one.value}</span>
                                        " "
                                        <span class="table__unit">{one.unit}</span>
                                    </td>
                                    {flags
                                        .then(|| {
                                            view! {
                                                <td>
                                                    {one.flag.map(|flag| view! { <Chip badge=flag.badge() /> })}
                                                </td>
                                            }
                                        })}
                                    {references
                                        .then(|| {
                                            view! { <td class="table__wide table__range">{one.reference}</td> }
                                        })}
                                    {trends
                                        .then(|| {
                                            view! {
                                                <td class="table__wide">
                                                    {one.trend.map(|trend| view! { <Spark trend=trend /> })}
                                                </td>
                                            }
                                        })}
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
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
