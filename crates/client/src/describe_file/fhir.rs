//! FHIR R4 in JSON: the resource that a bundle is about, or the resource itself.

use serde_json::Value;

use super::{Described, day_of, kinds};

/// The types that a document is about, the most telling first.
const TELLING: [&str; 9] = [
    "DiagnosticReport",
    "Composition",
    "DocumentReference",
    "MedicationRequest",
    "ImagingStudy",
    "Immunization",
    "Procedure",
    "Condition",
    "Observation",
];
/// Where a resource says when, the most telling first.
const WHEN: [&str; 8] = [
    "/effectiveDateTime",
    "/effectivePeriod/start",
    "/authoredOn",
    "/started",
    "/occurrenceDateTime",
    "/performedDateTime",
    "/date",
    "/issued",
];
/// Where a resource says what, the most telling first.
const WHAT: [&str; 9] = [
    "/title",
    "/code/text",
    "/code/coding/0/display",
    "/medicationCodeableConcept/text",
    "/medicationCodeableConcept/coding/0/display",
    "/vaccineCode/text",
    "/description",
    "/type/text",
    "/type/coding/0/display",
];

pub(super) fn describe(value: &Value) -> Option<Described> {
    let resource = telling(value)?;
    let text = |path: &&str| resource.pointer(path).and_then(Value::as_str);
    Some(Described {
        title: WHAT.iter().find_map(text).map(str::to_owned),
        kind: kind(resource).map(str::to_owned),
        date: WHEN.iter().filter_map(text).find_map(day_of),
    })
}

fn telling(value: &Value) -> Option<&Value> {
    if value["resourceType"] != "Bundle" {
        return value["resourceType"].is_string().then_some(value);
    }
    let entries = value["entry"].as_array()?;
    let of_type =
        |kind: &&str| entries.iter().map(|entry| &entry["resource"]).find(|one| one["resourceType"] == **kind);
    TELLING.iter().find_map(of_type)
}

fn kind(resource: &Value) -> Option<&'static str> {
    let categories = || resource["category"].as_array().into_iter().flatten();
    let is_in = |codes: &[&str]| {
        categories()
            .filter_map(|category| category["coding"].as_array())
            .flatten()
            .filter_map(|coding| coding["code"].as_str())
            .any(|code| codes.contains(&code))
    };
    match resource["resourceType"].as_str()? {
        "DiagnosticReport" | "Observation" if is_in(&["RAD", "imaging", "CT", "NMR"]) => Some(kinds::IMAGING),
        "Observation" if is_in(&["vital-signs"]) => Some(kinds::VITALS),
        "DiagnosticReport" | "Observation" => Some(kinds::LABORATORY),
        "ImagingStudy" => Some(kinds::IMAGING),
        "MedicationRequest" => Some(kinds::PRESCRIPTION),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_resource_says_what_and_when() {
        let pressure = json!({
            "resourceType": "Observation",
            "category": [{ "coding": [{ "code": "vital-signs" }] }],
            "code": { "coding": [{ "display": "Blood pressure" }] },
            "effectiveDateTime": "2026-11-20",
        });
        let found = describe(&pressure).unwrap_or_default();
        assert_eq!((found.title.as_deref(), found.kind.as_deref()), (Some("Blood pressure"), Some(kinds::VITALS)));
        assert_eq!(found.date.as_deref(), Some("2026-11-20"));

        let order = json!({
            "resourceType": "MedicationRequest",
            "medicationCodeableConcept": { "text": "Atorvastatin 20 mg" },
            "authoredOn": "2026",
        });
        let bundle = json!({ "resourceType": "Bundle", "entry": [
            { "resource": { "resourceType": "Patient" } }, { "resource": order },
        ] });
        let found = describe(&bundle).unwrap_or_default();
        assert_eq!((found.title.as_deref(), found.date), (Some("Atorvastatin 20 mg"), None));
        assert_eq!(found.kind.as_deref(), Some(kinds::PRESCRIPTION));

        assert_eq!(describe(&json!({ "some": "thing" })), None);
        assert_eq!(describe(&json!({ "resourceType": "Bundle" })), None);
    }
}
