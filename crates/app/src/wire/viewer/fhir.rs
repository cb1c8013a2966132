//! FHIR R4 resources as plain tables. Decimals are shown exactly as they are written.

use serde_json::{Value, value::RawValue};

use crate::{
    components::{
        spark::Trend,
        table::{Flag, Measurement},
    },
    pages::record::RecordPart,
    speaking::say_date,
};

/// How many values a trend shows.
const TREND: usize = 5;

/// Measurements of an earlier report: code and value.
pub(super) type Earlier = Vec<(String, f64)>;

/// The parts of a document; `None` if it is no FHIR.
#[must_use]
pub(super) fn parts(bytes: &[u8], earlier: &[Earlier]) -> Option<Vec<RecordPart>> {
    let resources = resources(bytes)?;
    let mut measurements = Vec::new();
    let mut parts = Vec::new();
    for resource in &resources {
        match resource["resourceType"].as_str().unwrap_or_default() {
            "Observation" => measurements.extend(observations(resource, earlier)),
            "" => {}
            kind => parts.extend(part(kind, resource)),
        }
    }
    if !measurements.is_empty() {
        parts.insert(0, RecordPart::Measurements { title: String::new(), rows: measurements });
    }
    Some(parts).filter(|parts| !parts.is_empty())
}

/// The measurements of a document, for trends.
#[must_use]
pub(super) fn earlier(bytes: &[u8]) -> Earlier {
    let resources = resources(bytes).unwrap_or_default();
    let observations = resources.iter().filter(|resource| resource["resourceType"] == "Observation");
    observations.filter_map(|one| Some((code(one)?, number(&one["valueQuantity"]["value"])?))).collect()
}

/// The resources of a bundle, or the one resource. Decimals become texts, as JSON numbers would lose their last zeros.
fn resources(bytes: &[u8]) -> Option<Vec<Value>> {
    let text = core::str::from_utf8(bytes).ok()?;
    let value = exact(serde_json::from_str::<&RawValue>(text).ok()?)?;
    if value["resourceType"] == "Bundle" {
        let entries = value["entry"].as_array().cloned().unwrap_or_default();
        return Some(entries.into_iter().map(|mut entry| entry["resource"].take()).collect());
    }
    value["resourceType"].is_string().then(|| vec![value])
}

/// Reads JSON with every number as the text it is written as.
fn exact(raw: &RawValue) -> Option<Value> {
    use std::collections::BTreeMap;
    let text = raw.get();
    match text.as_bytes().first()? {
        b'{' => {
            let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
            let fields = fields.into_iter().map(|(name, value)| Some((name, exact(value)?)));
            fields.collect::<Option<serde_json::Map<_, _>>>().map(Value::Object)
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            items.into_iter().map(exact).collect::<Option<Vec<_>>>().map(Value::Array)
        }
        b'-' | b'0'..=b'9' => Some(Value::String(text.to_owned())),
        _ => serde_json::from_str(text).ok(),
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).filter(|text| !text.is_empty())
}

/// The words of a CodeableConcept.
fn concept(value: &Value) -> Option<String> {
    let coding = || value["coding"].as_array().into_iter().flatten();
    text(&value["text"])
        .or_else(|| coding().find_map(|one| text(&one["display"])))
        .or_else(|| coding().find_map(|one| text(&one["code"])))
}

fn code(observation: &Value) -> Option<String> {
    text(&observation["code"]["coding"][0]["code"]).or_else(|| concept(&observation["code"]))
}

fn number(value: &Value) -> Option<f64> {
    value.as_str()?.parse().ok()
}

fn date(value: &Value) -> Option<String> {
    let written = value.as_str()?;
    say_date(written.get(..10)?).or_else(|| Some(written.to_owned()))
}

/// A measurement, or each component of one such as blood pressure.
fn observations(resource: &Value, earlier: &[Earlier]) -> Vec<Measurement> {
    let components = resource["component"].as_array().filter(|components| !components.is_empty());
    match components {
        Some(components) => components.iter().filter_map(|one| measurement(one, earlier)).collect(),
        None => measurement(resource, earlier).into_iter().collect(),
    }
}

fn measurement(resource: &Value, earlier: &[Earlier]) -> Option<Measurement> {
    let quantity = &resource["valueQuantity"];
    let value = text(&quantity["value"]).map(|value| {
        let comparator = text(&quantity["comparator"]).unwrap_or_default();
        format!("{comparator}{value}")
    });
    let value = value
        .or_else(|| text(&resource["valueString"]))
        .or_else(|| concept(&resource["valueCodeableConcept"]))
        .or_else(|| text(&resource["valueInteger"]))?;
    let range = &resource["referenceRange"][0];
    let (low, high) = (number(&range["low"]["value"]), number(&range["high"]["value"]));
    let now = number(&quantity["value"]);
    Some(Measurement {
        name: concept(&resource["code"])?,
        value,
        unit: text(&quantity["unit"]).or_else(|| text(&quantity["code"])).unwrap_or_default(),
        flag: flag(resource).or_else(|| now.and_then(|now| placed(now, low, high))),
        reference: reference(range),
        trend: trend(resource, now, (low, high), earlier),
    })
}

/// What the laboratory said (HL7 v3 ObservationInterpretation).
fn flag(resource: &Value) -> Option<Flag> {
    match resource["interpretation"][0]["coding"][0]["code"].as_str()? {
        "N" => Some(Flag::InRange),
        "H" | "HU" => Some(Flag::High),
        "L" | "LU" => Some(Flag::Low),
        "HH" | "LL" | "AA" => Some(Flag::Critical),
        "A" => Some(Flag::Abnormal),
        _ => None,
    }
}

fn placed(value: f64, low: Option<f64>, high: Option<f64>) -> Option<Flag> {
    match (low, high) {
        (None, None) => None,
        (_, Some(high)) if value > high => Some(Flag::High),
        (Some(low), _) if value < low => Some(Flag::Low),
        _ => Some(Flag::InRange),
    }
}

fn reference(range: &Value) -> String {
    let end = |name: &str| text(&range[name]["value"]);
    match (end("low"), end("high")) {
        (Some(low), Some(high)) => format!("{low} – {high}"),
        (None, Some(high)) => format!("under {high}"),
        (Some(low), None) => format!("over {low}"),
        (None, None) => text(&range["text"]).unwrap_or_default(),
    }
}

fn trend(
    resource: &Value,
    now: Option<f64>,
    (low, high): (Option<f64>, Option<f64>),
    earlier: &[Earlier],
) -> Option<Trend> {
    let code = code(resource)?;
    let before = earlier.iter().flatten().filter(|(known, _)| *known == code).map(|(_, value)| *value);
    let mut values: Vec<f64> = before.chain(now).collect();
    values.drain(..values.len().saturating_sub(TREND));
    (values.len() > 1).then_some(Trend { values, low, high })
}

/// A resource that is no measurement.
fn part(kind: &str, resource: &Value) -> Option<RecordPart> {
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut row = |name: &str, value: Option<String>| rows.extend(value.map(|value| (name.to_owned(), value)));
    match kind {
        "Patient" => {
            row("Name", text(&resource["name"][0]["text"]).or_else(|| full_name(&resource["name"][0])));
            row("Born", date(&resource["birthDate"]));
            row("Sex", text(&resource["gender"]));
            row("Telephone", text(&resource["telecom"][0]["value"]));
            for contact in resource["contact"].as_array().into_iter().flatten() {
                let parts = [
                    text(&contact["name"]["text"]),
                    concept(&contact["relationship"][0]),
                    text(&contact["telecom"][0]["value"]),
                ];
                let line = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
                row("To call", Some(line).filter(|line| !line.is_empty()));
            }
        }
        "MedicationRequest" | "MedicationStatement" => {
            let dosage =
                if kind == "MedicationRequest" { &resource["dosageInstruction"][0] } else { &resource["dosage"][0] };
            let duration = &dosage["timing"]["repeat"]["boundsDuration"];
            row("Medicine", concept(&resource["medicationCodeableConcept"]));
            row("Dose", text(&dosage["text"]));
            row("Route", concept(&dosage["route"]));
            row(
                "For",
                text(&duration["value"])
                    .map(|value| format!("{value} {}", text(&duration["unit"]).unwrap_or_default())),
            );
            row("To know", text(&dosage["patientInstruction"]));
            row("Prescribed", date(&resource["authoredOn"]));
        }
        "DocumentReference" => {
            let attachment = &resource["content"][0]["attachment"];
            return Some(RecordPart::Words {
                title: text(&resource["description"]).unwrap_or_default(),
                text: text(&attachment["title"])?,
            });
        }
        "DiagnosticReport" => {
            row("Report", concept(&resource["code"]));
            row("Status", text(&resource["status"]));
            row("Collected", date(&resource["effectiveDateTime"]));
            row("Conclusion", text(&resource["conclusion"]));
        }
        "AllergyIntolerance" => {
            row("Allergy", concept(&resource["code"]));
            row("Severity", text(&resource["criticality"]));
        }
        "Condition" => {
            row("Condition", concept(&resource["code"]));
            row("Since", date(&resource["onsetDateTime"]));
        }
        "Immunization" => {
            row("Vaccine", concept(&resource["vaccineCode"]));
            row("Given", date(&resource["occurrenceDateTime"]));
        }
        "Procedure" => {
            row("Procedure", concept(&resource["code"]));
            row("Done", date(&resource["performedPeriod"]["start"]));
        }
        "CarePlan" => {
            row("Plan", text(&resource["title"]).or_else(|| concept(&resource["category"][0])));
            row("About", text(&resource["description"]));
            for activity in resource["activity"].as_array().into_iter().flatten() {
                row("To do", text(&activity["detail"]["description"]));
            }
            row("Until", date(&resource["period"]["end"]));
            row("To know", text(&resource["note"][0]["text"]));
        }
        "ServiceRequest" => {
            row("Asked for", concept(&resource["code"]));
            row("Complaint", concept(&resource["reasonCode"][0]));
            row("Note", text(&resource["note"][0]["text"]));
            row("Specialty", concept(&resource["performerType"]));
            row("Hospital", text(&resource["locationReference"][0]["display"]));
            row("Asked", date(&resource["authoredOn"]));
        }
        "Encounter" => {
            row("Visit", concept(&resource["type"][0]));
            row("On", date(&resource["period"]["start"]));
        }
        other => row(other, concept(&resource["code"]).or_else(|| concept(&resource["type"]))),
    }
    (!rows.is_empty()).then_some(RecordPart::Facts { title: String::new(), rows })
}

fn full_name(name: &Value) -> Option<String> {
    let given = name["given"].as_array().into_iter().flatten().filter_map(text);
    let all: Vec<String> = given.chain(text(&name["family"])).collect();
    (!all.is_empty()).then(|| all.join(" "))
}
