//! What a doctor must not overlook, from the small FHIR documents of an open chart: allergies, medicines, blood group,
//! and measurements worth a card.

use std::{collections::BTreeMap, rc::Rc};

use medkey_client::{
    Meta,
    ask_for_treatment::{Complaint, SERVICE_REQUEST},
    list_records::Record,
};
use serde_json::Value;

use crate::{
    components::{
        spark::Trend,
        table::{Flag, Measurement},
    },
    pages::{
        chart::Figure,
        record::{RecordBody, RecordPart},
    },
    speaking::{Say, Speaker, parse_date},
    wire::viewer::record_body,
};

/// Documents of a chart that are looked into.
pub(super) const AT_MOST: usize = 60;
/// Longest document that is looked into.
const SMALL: u64 = 512 << 10;
/// Values of a trend.
const TREND: usize = 5;

/// What one document says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Findings {
    /// Allergies that are active, by name.
    pub allergies: Vec<String>,
    /// Medicines that are taken, by name.
    pub medicines: Vec<String>,
    /// Illnesses that are not over, by name.
    pub conditions: Vec<String>,
    /// Whom to call, each in one line.
    pub contacts: Vec<String>,
    /// `A+`.
    pub blood_group: Option<String>,
    /// What the patient asks to be treated for.
    pub complaint: Option<Complaint>,
    /// Measurements.
    measurements: Vec<Measurement>,
    /// What the document describes happened then.
    at: u64,
}

/// Whether a document is looked into.
#[must_use]
pub(super) fn is_small_fhir(meta: &Meta) -> bool {
    let fhir = matches!(meta.media_type.as_str(), "application/fhir+json" | "application/json");
    fhir && meta.length <= SMALL
}

impl Findings {
    /// Reads a document.
    #[must_use]
    pub(super) fn read(record: &Record, bytes: &[u8]) -> Self {
        let effective = record.meta.effective.as_deref().and_then(|date| parse_date(date.get(..10)?));
        let mut found = Self { at: effective.unwrap_or(record.at.time), ..Self::default() };
        for resource in resources(bytes) {
            found.take(&resource);
        }
        if let RecordBody::Parts(parts) = record_body(&record.meta, bytes) {
            let rows = parts.into_iter().filter_map(|part| match part {
                RecordPart::Measurements { rows, .. } => Some(rows),
                RecordPart::Facts { .. } | RecordPart::Words { .. } => None,
            });
            found.measurements = rows.flatten().collect();
        }
        found
    }

    fn take(&mut self, resource: &Value) {
        match resource["resourceType"].as_str().unwrap_or_default() {
            "AllergyIntolerance" if still_holds(resource) => self.allergies.extend(concept(&resource["code"])),
            "MedicationRequest" | "MedicationStatement" if resource["status"] == "active" => {
                self.medicines.extend(concept(&resource["medicationCodeableConcept"]));
            }
            "Condition" if still_holds(resource) => self.conditions.extend(concept(&resource["code"])),
            SERVICE_REQUEST => self.complaint = Complaint::from_fhir(resource),
            "Patient" => self.contacts.extend(resource["contact"].as_array().into_iter().flatten().map(contact)),
            "Observation" if is_blood_group(resource) => {
                let written = resource["valueString"].as_str().map(str::to_owned);
                self.blood_group = concept(&resource["valueCodeableConcept"]).or(written);
            }
            _ => {}
        }
    }
}

/// The resources of a bundle, or the one resource.
fn resources(bytes: &[u8]) -> Vec<Value> {
    let Ok(mut document) = serde_json::from_slice::<Value>(bytes) else { return Vec::new() };
    if document["resourceType"] != "Bundle" {
        return vec![document];
    }
    let entries = document["entry"].as_array_mut().map(core::mem::take).unwrap_or_default();
    entries.into_iter().map(|mut entry| entry["resource"].take()).collect()
}

/// Neither over nor written down by mistake.
fn still_holds(resource: &Value) -> bool {
    let code = |name: &str| resource[name]["coding"][0]["code"].as_str().unwrap_or_default();
    !matches!(code("clinicalStatus"), "inactive" | "resolved")
        && !matches!(code("verificationStatus"), "refuted" | "entered-in-error")
}

/// Name, what that person is to the patient, and telephone number.
fn contact(contact: &Value) -> String {
    let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let relation = concept(&contact["relationship"][0]).unwrap_or_default();
    let mut parts = vec![words(&contact["name"]["text"]), relation, words(&contact["telecom"][0]["value"])];
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// LOINC 882-1 and 883-9: ABO group, with and without Rh.
fn is_blood_group(resource: &Value) -> bool {
    let codes = resource["code"]["coding"].as_array().into_iter().flatten();
    codes.into_iter().any(|coding| matches!(coding["code"].as_str(), Some("882-1" | "883-9")))
}

/// The words of a CodeableConcept.
fn concept(value: &Value) -> Option<String> {
    let codings = value["coding"].as_array().into_iter().flatten();
    let display = || codings.into_iter().find_map(|coding| coding["display"].as_str());
    value["text"].as_str().or_else(display).map(str::to_owned).filter(|words| !words.is_empty())
}

/// Each name once, however it is written.
#[must_use]
pub(super) fn once(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if !seen.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            seen.push(name);
        }
    }
    seen
}

/// Measurements of one thing: when, the number, and as written.
type Series<'a> = Vec<(u64, f64, &'a Measurement)>;

/// Measurements taken more than once: those out of their range first, then the newest.
#[must_use]
pub(super) fn figures(found: &[Rc<Findings>], speaker: &Speaker) -> Vec<Figure> {
    let mut series: BTreeMap<(&str, &str), Series<'_>> = BTreeMap::new();
    for (at, measurement) in found.iter().flat_map(|one| one.measurements.iter().map(|row| (one.at, row))) {
        if let Ok(value) = measurement.value.parse::<f64>() {
            series.entry((&measurement.name, &measurement.unit)).or_default().push((at, value, measurement));
        }
    }
    let mut figures: Vec<(bool, u64, Figure)> = series
        .into_values()
        .filter_map(|mut values| {
            values.sort_by_key(|(at, ..)| *at);
            let [.., (since, before, _), (at, now, newest)] = values.as_slice() else { return None };
            let flagged = newest.flag.is_some_and(|flag| flag != Flag::InRange);
            let (low, high) = range(&newest.reference);
            let from = values.len().saturating_sub(TREND);
            let figure = Figure {
                name: newest.name.clone(),
                value: newest.value.clone(),
                unit: newest.unit.clone(),
                note: change(*before, *now, &speaker.say(*since, Say::Month)),
                trend: Some(Trend { values: values[from..].iter().map(|(_, value, _)| *value).collect(), low, high }),
            };
            Some((flagged, *at, figure))
        })
        .collect();
    figures.sort_by_key(|(flagged, at, _)| core::cmp::Reverse((*flagged, *at)));
    figures.into_iter().map(|(_, _, figure)| figure).collect()
}

fn change(before: f64, now: f64, since: &str) -> String {
    let percent = ((now - before) / before * 100.0).round();
    if !percent.is_finite() {
        return String::new();
    }
    match percent {
        0.0 => format!("unchanged since {since}"),
        less if less < 0.0 => format!("−{} % since {since}", -less),
        more => format!("+{more} % since {since}"),
    }
}

/// The ends of `3.0 – 5.2`, `under 3.4` or `over 1.0`.
fn range(reference: &str) -> (Option<f64>, Option<f64>) {
    let number = |text: &str| text.trim().parse().ok();
    if let Some((low, high)) = reference.split_once('–') {
        return (number(low), number(high));
    }
    (reference.strip_prefix("over ").and_then(number), reference.strip_prefix("under ").and_then(number))
}
