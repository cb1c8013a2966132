//! Observations as measurements: value, flag, reference, and the course over time.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use super::{
    dates::{Date, date},
    ranges::{Ranges, placed},
    resource::{Document, Resource, items},
    sheet::status_badge,
    words::{amount, choice, concept, first_code, has_code, lines, notes, number, text, unit},
};
use crate::components::{
    chip::{Badge, Tone},
    table::{Flag, Measurement},
    trend_chart::{Course, TrendPoint},
};

/// How deep panels within panels are followed.
const PANELS: usize = 8;
/// LOINC 8480-6 and 8462-4: the two numbers of a blood pressure.
const PRESSURE: [&str; 2] = ["8480-6", "8462-4"];

/// What tells that two values are of the same thing: code, its system and the unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    system: String,
    code: String,
    unit: String,
}

impl Key {
    /// The code, where it is one of LOINC.
    #[must_use]
    pub fn loinc(&self) -> Option<&str> {
        (self.system == "http://loinc.org").then_some(self.code.as_str())
    }
}

/// A value of a document, for the trends of others.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Of what; several where it has several codes.
    pub keys: Vec<Key>,
    /// The value.
    pub point: TrendPoint,
}

/// A measurement that is a number, with what tells it from others.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The value.
    pub known: Known,
    /// Lower end of its reference range.
    pub low: Option<f64>,
    /// Upper end of its reference range.
    pub high: Option<f64>,
    /// As it is drawn.
    pub measurement: Measurement,
}

/// The values of a document.
pub(super) fn known(document: &Document, at: Option<i64>) -> Vec<Known> {
    let observations = document.resources().filter(|one| one.kind() == "Observation" && counts(*one));
    observations
        .flat_map(|one| {
            let parts = core::iter::once(one).chain(one.items("component").map(move |part| one.part(part)));
            parts.filter_map(move |part| point_of(part, taken(one).as_ref(), at))
        })
        .collect()
}

/// Neither a mistake nor a plan.
fn counts(observation: Resource<'_>) -> bool {
    !matches!(observation.get("status").as_str(), Some("entered-in-error" | "cancelled" | "registered"))
}

/// When it was measured.
pub(super) fn taken(observation: Resource<'_>) -> Option<Date> {
    date(observation.get("effectiveDateTime"))
        .or_else(|| date(observation.get("effectiveInstant")))
        .or_else(|| date(&observation.get("effectivePeriod")["start"]))
        .or_else(|| date(observation.get("issued")))
}

fn point_of(part: Resource<'_>, taken: Option<&Date>, at: Option<i64>) -> Option<Known> {
    let quantity = part.get("valueQuantity");
    // Under a limit is no value on a line.
    if quantity["comparator"].is_string() {
        return None;
    }
    let (value, written) = (number(&quantity["value"])?, text(&quantity["value"])?);
    let (at, when) = match taken {
        Some(Date { at: Some(at), day, .. }) => (*at, day.clone()),
        _ => {
            let at = at?;
            (at, said_day(at))
        }
    };
    let keys = keys(part.get("code"), quantity);
    (!keys.is_empty()).then_some(Known { keys, point: TrendPoint { at, when, value, written } })
}

/// The day of a time, in UTC.
fn said_day(at: i64) -> String {
    let (year, month, day) = crate::speaking::civil(at.div_euclid(86_400));
    format!("{day} {} {year}", crate::speaking::month_name(month))
}

fn keys(code: &Value, quantity: &Value) -> Vec<Key> {
    let unit = text(&quantity["code"]).or_else(|| text(&quantity["unit"])).unwrap_or_default();
    let key = |coding: &Value| {
        let (system, code) = (text(&coding["system"]).unwrap_or_default(), text(&coding["code"])?);
        Some(Key { system, code, unit: unit.clone() })
    };
    let coded: Vec<Key> = items(&code["coding"]).filter_map(key).collect();
    if coded.is_empty() {
        // Its own name within no system.
        return concept(code).map(|code| Key { system: String::new(), code, unit }).into_iter().collect();
    }
    coded
}

/// Draws observations as rows.
pub(super) struct Measuring<'a> {
    /// The values of each thing, oldest first.
    known: BTreeMap<&'a Key, Arc<[TrendPoint]>>,
    at: Option<i64>,
    /// Observations that were drawn.
    pub(super) drawn: Vec<Resource<'a>>,
}

impl<'a> Measuring<'a> {
    /// With the values that trends are made of.
    pub(super) fn new(known: &'a [Known], at: Option<i64>) -> Self {
        let mut by_key: BTreeMap<&Key, Vec<&TrendPoint>> = BTreeMap::new();
        for one in known {
            for key in &one.keys {
                by_key.entry(key).or_default().push(&one.point);
            }
        }
        let in_order = |(key, mut points): (&'a Key, Vec<&TrendPoint>)| {
            points.sort_by_key(|one| (one.at, one.written.as_str()));
            // The same value in two documents is one.
            points.dedup_by(|a, b| a.at == b.at && a.written == b.written);
            (key, points.into_iter().cloned().collect())
        };
        Self { known: by_key.into_iter().map(in_order).collect(), at, drawn: Vec::new() }
    }

    /// Whether this very observation was drawn.
    pub(super) fn has(&self, observation: Resource<'_>) -> bool {
        self.drawn.iter().any(|one| one.is(observation))
    }

    /// The rows of an observation: itself, its components, the members of a panel.
    pub(super) fn rows(&mut self, observation: Resource<'a>) -> Vec<Measurement> {
        let mut rows = Vec::new();
        self.take(observation, PANELS, &mut rows);
        rows
    }

    /// The rows of references to observations, in their order.
    pub(super) fn referred(&mut self, of: Resource<'a>, field: &str) -> Vec<Measurement> {
        let mut rows = Vec::new();
        self.refer(of, field, PANELS, &mut rows);
        rows
    }

    /// The numbers of an observation, each by itself.
    pub(super) fn taken(&self, observation: Resource<'a>) -> Vec<Taken> {
        let when = taken(observation);
        let parts =
            core::iter::once(observation).chain(observation.items("component").map(|part| observation.part(part)));
        let taken = |part: Resource<'a>| {
            let known = point_of(part, when.as_ref(), self.at)?;
            let (ranges, quantity) = (Ranges::of(part), part.get("valueQuantity"));
            let (low, high) = (ranges.low(quantity), ranges.high(quantity));
            Some(Taken { known, low, high, measurement: self.row(part, when.as_ref())? })
        };
        parts.filter_map(taken).collect()
    }

    fn refer(&mut self, of: Resource<'a>, field: &str, deeper: usize, rows: &mut Vec<Measurement>) {
        for reference in of.items(field) {
            match of.follow(reference) {
                Some(found) if found.kind() == "Observation" => self.take(found, deeper, rows),
                Some(found) => rows.push(Measurement::said(found.title_or_kind(), "See below")),
                None => {
                    let name = of.name(reference).or_else(|| text(&reference["reference"]));
                    rows.extend(name.map(|name| Measurement::said(name, "Not in this document")));
                }
            }
        }
    }

    fn take(&mut self, observation: Resource<'a>, deeper: usize, rows: &mut Vec<Measurement>) {
        // A panel that is in itself is drawn once.
        if self.has(observation) {
            return;
        }
        self.drawn.push(observation);
        let state = state(observation);
        let remarks = remarks(observation);
        let taken = taken(observation);
        let components: Vec<Resource<'a>> = observation.items("component").map(|part| observation.part(part)).collect();
        let panel = observation.items("hasMember").next().is_some();
        let own = self.row(observation, taken.as_ref());
        match (own, components.is_empty()) {
            (None, false) => {
                if let Some(row) = self.pressure(observation, &components, taken.as_ref()) {
                    rows.push(Measurement { state, notes: remarks, ..row });
                    let pair = |part: &&Resource<'a>| PRESSURE.iter().any(|code| has_code(part.get("code"), code));
                    let rest = components.iter().filter(|part| !pair(part));
                    rows.extend(rest.filter_map(|part| self.row(*part, taken.as_ref())));
                } else {
                    let mut parts: Vec<Measurement> =
                        components.iter().filter_map(|part| self.row(*part, taken.as_ref())).collect();
                    match parts.first_mut() {
                        Some(first) => {
                            first.state = state.or(first.state.take());
                            first.notes.extend(remarks);
                        }
                        None => rows.push(Measurement {
                            state,
                            notes: remarks,
                            ..Measurement::said(observation.title_or_kind(), "No value")
                        }),
                    }
                    rows.append(&mut parts);
                }
            }
            (Some(row), _) => {
                let state = state.or(row.state);
                let mut notes = row.notes;
                notes.extend(remarks);
                rows.push(Measurement { state, notes, ..row });
                rows.extend(components.iter().filter_map(|part| self.row(*part, taken.as_ref())));
            }
            (None, true) if panel => {
                rows.push(Measurement { state, notes: remarks, ..Measurement::heading(observation.title_or_kind()) });
            }
            (None, true) => {
                rows.push(Measurement {
                    state,
                    notes: remarks,
                    ..Measurement::said(observation.title_or_kind(), "No value")
                });
            }
        }
        if panel && let Some(deeper) = deeper.checked_sub(1) {
            self.refer(observation, "hasMember", deeper, rows);
        }
    }

    /// A value; none where there is neither one nor a reason for its absence.
    fn row(&self, part: Resource<'a>, taken: Option<&Date>) -> Option<Measurement> {
        let quantity = part.get("valueQuantity");
        let (value, unit) = match amount(quantity) {
            Some(value) => (value, unit(quantity)),
            None => (choice(part, "value").or_else(|| absent(part))?, String::new()),
        };
        let ranges = Ranges::of(part);
        let mut notes = Vec::new();
        let flag = flag(part).or_else(|| {
            let now = number(&quantity["value"]).filter(|_| !quantity["comparator"].is_string())?;
            placed(now, ranges.low(quantity), ranges.high(quantity))
        });
        // What the laboratory said in other words than high and low.
        let said = items(part.get("interpretation")).filter(|one| known_flag(one).is_none()).filter_map(interpretation);
        let state = lines(said).map(|said| Badge::new(Tone::Info, said));
        notes.extend(absent(part).filter(|reason| *reason != value));
        Some(Measurement {
            name: concept(part.get("code")).unwrap_or_else(|| "Without a name".to_owned()),
            value,
            unit,
            flag,
            state,
            reference: ranges.said(quantity),
            notes,
            courses: self.course(part, &ranges, taken).into_iter().collect(),
        })
    }

    /// A blood pressure as one: 120/80.
    fn pressure(
        &self,
        observation: Resource<'a>,
        components: &[Resource<'a>],
        taken: Option<&Date>,
    ) -> Option<Measurement> {
        let [upper, lower] = PRESSURE.map(|code| components.iter().find(|part| has_code(part.get("code"), code)));
        let (upper, lower) = (self.row(*upper?, taken)?, self.row(*lower?, taken)?);
        if upper.unit != lower.unit || upper.unit.is_empty() {
            return None;
        }
        let worse = |one: &Measurement| one.flag.filter(|flag| *flag != Flag::InRange);
        let reference = match (upper.reference.as_str(), lower.reference.as_str()) {
            ("", "") => String::new(),
            (upper, "") => format!("upper {upper}"),
            ("", lower) => format!("lower {lower}"),
            (upper, lower) => format!("upper {upper}, lower {lower}"),
        };
        Some(Measurement {
            name: concept(observation.get("code")).unwrap_or_else(|| "Blood pressure".to_owned()),
            value: format!("{}/{}", upper.value, lower.value),
            flag: flag(observation).or(worse(&upper)).or(worse(&lower)).or(upper.flag.and(lower.flag)),
            unit: upper.unit,
            state: None,
            reference,
            notes: Vec::new(),
            courses: upper.courses.into_iter().chain(lower.courses).collect(),
        })
    }

    /// The values of the same thing; none where this one is all there is.
    fn course(&self, part: Resource<'_>, ranges: &Ranges<'_>, taken: Option<&Date>) -> Option<Course> {
        let Known { keys, point } = point_of(part, taken, self.at)?;
        let points = keys.iter().filter_map(|key| self.known.get(key)).max_by_key(|points| points.len())?;
        let own = points.iter().rposition(|one| one.at == point.at && one.written == point.written)?;
        let quantity = part.get("valueQuantity");
        (points.len() > 1).then(|| Course {
            name: concept(part.get("code")).unwrap_or_default(),
            unit: unit(quantity),
            points: Arc::clone(points),
            upto: own + 1,
            low: ranges.low(quantity),
            high: ranges.high(quantity),
            range: ranges.said(quantity),
        })
    }
}

/// Whether it can be relied on.
fn state(observation: Resource<'_>) -> Option<Badge> {
    status_badge(observation.get("status"))
}

/// What else is said of it.
fn remarks(observation: Resource<'_>) -> Vec<String> {
    let mut said = notes(observation);
    let with = |name: &str, word: &str| concept(observation.get(name)).map(|words| format!("{word}: {words}"));
    said.extend(with("bodySite", "Where"));
    said.extend(with("method", "Method"));
    said
}

/// Why there is no value.
fn absent(part: Resource<'_>) -> Option<String> {
    let reason = part.get("dataAbsentReason");
    let said = match first_code(reason) {
        "unknown" => "Not known",
        "asked-unknown" => "Asked, not known",
        "temp-unknown" => "Not known yet",
        "not-asked" => "Not asked",
        "asked-declined" => "Asked, not answered",
        "masked" => "Not shown",
        "not-applicable" => "Does not apply",
        "unsupported" => "Cannot be given",
        "as-text" => "Given as text",
        "error" => "Failed",
        "not-a-number" => "No number",
        "negative-infinity" => "Too low to measure",
        "positive-infinity" => "Too high to measure",
        "not-performed" => "Not measured",
        "not-permitted" => "Not permitted",
        _ => return concept(reason).map(|reason| format!("No value: {reason}")),
    };
    Some(said.to_owned())
}

/// What the laboratory said (HL7 v3 ObservationInterpretation).
fn flag(part: Resource<'_>) -> Option<Flag> {
    items(part.get("interpretation")).find_map(known_flag)
}

fn known_flag(interpretation: &Value) -> Option<Flag> {
    items(&interpretation["coding"]).find_map(|one| match one["code"].as_str()? {
        "N" => Some(Flag::InRange),
        "H" | "HU" | "H>" => Some(Flag::High),
        "L" | "LU" | "L<" => Some(Flag::Low),
        "HH" | "LL" | "AA" => Some(Flag::Critical),
        "A" => Some(Flag::Abnormal),
        _ => None,
    })
}

fn interpretation(interpretation: &Value) -> Option<String> {
    let said = match first_code(interpretation) {
        "POS" => "Positive",
        "NEG" => "Negative",
        "R" => "Resistant",
        "S" => "Susceptible",
        "I" => "Intermediate",
        "IND" => "Indeterminate",
        "DET" => "Detected",
        "ND" => "Not detected",
        "U" => "Significantly up",
        "D" => "Significantly down",
        "B" => "Better",
        "W" => "Worse",
        _ => return concept(interpretation),
    };
    Some(said.to_owned())
}
