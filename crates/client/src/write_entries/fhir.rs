//! Entries as FHIR R4 resources, and read again from what was written here.

use medkey_protocol::Address;
use serde_json::{Value, json};

use super::{Certainty, CodeSystem, Course, Diagnosis, Entry, Note, Plan, Prescription, Standing};
use crate::list_records::Record;

const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/condition-category";
const MISTAKEN: &str = "entered-in-error";

impl CodeSystem {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Icd10, Self::Snomed];

    /// Its name in FHIR.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Icd10 => "http://hl7.org/fhir/sid/icd-10",
            Self::Snomed => "http://snomed.info/sct",
        }
    }
}

impl Course {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Active, Self::Recurrence, Self::Remission, Self::Resolved];

    /// Its code in FHIR.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Recurrence => "recurrence",
            Self::Remission => "remission",
            Self::Resolved => "resolved",
        }
    }
}

impl Certainty {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Confirmed, Self::Provisional, Self::Differential, Self::Refuted];

    /// Its code in FHIR.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Provisional => "provisional",
            Self::Differential => "differential",
            Self::Refuted => "refuted",
        }
    }
}

impl Entry {
    /// As a resource. What it amends is named in it.
    pub(super) fn to_fhir(&self, patient: Address, now: &str, amends: Option<(&Record, Standing)>) -> Value {
        let standing = amends.map_or(Standing::Holds, |(_, standing)| standing);
        let mut resource = match self {
            Self::Note(note) => note.to_fhir(now, standing),
            Self::Diagnosis(diagnosis) => diagnosis.to_fhir(now, standing),
            Self::Prescription(prescription) => prescription.to_fhir(now, standing),
            Self::Plan(plan) => plan.to_fhir(now, standing),
        };
        let account = json!({ "system": "urn:medkey:account", "value": patient.to_string() });
        resource["subject"] = json!({ "type": "Patient", "identifier": account });
        let Some((former, _)) = amends else { return resource };
        let former = json!({ "reference": format!("urn:medkey:record:{}", former.id), "display": former.meta.title });
        match self {
            Self::Note(_) => {
                resource["relatesTo"] = json!([{ "code": "replaces", "target": former }]);
                resource["docStatus"] = json!(if standing == Standing::Mistaken { MISTAKEN } else { "amended" });
            }
            // R4 has no field for it: the former one is what this diagnosis was known as.
            Self::Diagnosis(_) => {
                let id = former["reference"].as_str().and_then(|name| name.rsplit(':').next()).unwrap_or_default();
                resource["identifier"] = json!([{ "use": "old", "system": "urn:medkey:record", "value": id }]);
            }
            Self::Prescription(_) => resource["priorPrescription"] = former,
            Self::Plan(_) => resource["replaces"] = json!([former]),
        }
        resource
    }

    /// Reads what was written here, and whether it says that it holds.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<(Self, Standing)> {
        let resource: Value = serde_json::from_slice(bytes).ok()?;
        let entry = match resource["resourceType"].as_str()? {
            "DocumentReference" => Self::Note(Note::of_fhir(&resource)?),
            "Condition" => Self::Diagnosis(Diagnosis::of_fhir(&resource)?),
            "MedicationRequest" => Self::Prescription(Prescription::of_fhir(&resource)?),
            "CarePlan" => Self::Plan(Plan::of_fhir(&resource)?),
            _ => return None,
        };
        let standing = match (resource["status"].as_str(), code(&resource["verificationStatus"])) {
            (Some(MISTAKEN), _) | (_, MISTAKEN) => Standing::Mistaken,
            (Some("stopped" | "revoked" | "superseded"), _) => Standing::Stopped,
            _ => Standing::Holds,
        };
        Some((entry, standing))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The code of a concept's first coding.
fn code(concept: &Value) -> &str {
    concept["coding"][0]["code"].as_str().unwrap_or_default()
}

fn coded(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }] })
}

impl Note {
    /// LOINC 34109-9, "Note".
    fn to_fhir(&self, now: &str, standing: Standing) -> Value {
        let status = match standing {
            Standing::Holds => "current",
            Standing::Stopped => "superseded",
            Standing::Mistaken => MISTAKEN,
        };
        json!({
            "resourceType": "DocumentReference",
            "status": status,
            "type": { "coding": [{ "system": "http://loinc.org", "code": "34109-9", "display": "Note" }] },
            "date": now,
            "description": self.title,
            "content": [{ "attachment": { "contentType": "text/plain", "title": self.text } }],
        })
    }

    fn of_fhir(resource: &Value) -> Option<Self> {
        let words = resource["content"][0]["attachment"]["title"].as_str()?;
        Some(Self { title: text(&resource["description"]), text: words.to_owned() })
    }
}

impl Diagnosis {
    fn to_fhir(&self, now: &str, standing: Standing) -> Value {
        let mut condition = json!({
            "resourceType": "Condition",
            "category": [coded(CATEGORY, "encounter-diagnosis")],
            "code": { "text": self.name },
            "recordedDate": now,
        });
        // What is no diagnosis at all has no course.
        if standing == Standing::Mistaken {
            condition["verificationStatus"] = coded(VERIFICATION, MISTAKEN);
        } else {
            condition["clinicalStatus"] = coded(CLINICAL, self.course.code());
            condition["verificationStatus"] = coded(VERIFICATION, self.certainty.code());
        }
        if !self.code.is_empty() {
            condition["code"]["coding"] = json!([{ "system": self.system.uri(), "code": self.code }]);
        }
        if !self.onset.is_empty() {
            condition["onsetDateTime"] = json!(self.onset);
        }
        if !self.note.is_empty() {
            condition["note"] = json!([{ "text": self.note }]);
        }
        condition
    }

    fn of_fhir(resource: &Value) -> Option<Self> {
        let system = resource["code"]["coding"][0]["system"].as_str();
        let (course, certainty) = (code(&resource["clinicalStatus"]), code(&resource["verificationStatus"]));
        Some(Self {
            name: resource["code"]["text"].as_str()?.to_owned(),
            code: code(&resource["code"]).to_owned(),
            system: CodeSystem::ALL.into_iter().find(|one| Some(one.uri()) == system).unwrap_or_default(),
            course: Course::ALL.into_iter().find(|one| one.code() == course).unwrap_or_default(),
            certainty: Certainty::ALL.into_iter().find(|one| one.code() == certainty).unwrap_or_default(),
            onset: text(&resource["onsetDateTime"]),
            note: text(&resource["note"][0]["text"]),
        })
    }
}

impl Prescription {
    /// What the dose is followed by, where dose, route and frequency are said in one line.
    fn after_dose(&self) -> String {
        let said = [self.route.as_str(), &self.frequency].into_iter().filter(|part| !part.is_empty());
        said.map(|part| format!(", {part}")).collect()
    }

    fn to_fhir(&self, now: &str, standing: Standing) -> Value {
        let status = match standing {
            Standing::Holds => "active",
            Standing::Stopped => "stopped",
            Standing::Mistaken => MISTAKEN,
        };
        let mut instruction = json!({
            "text": format!("{}{}", self.dose, self.after_dose()),
            "timing": { "code": { "text": self.frequency } },
        });
        if !self.advice.is_empty() {
            instruction["patientInstruction"] = json!(self.advice);
        }
        if !self.route.is_empty() {
            instruction["route"] = json!({ "text": self.route });
        }
        if self.days > 0 {
            instruction["timing"]["repeat"] = json!({
                "boundsDuration": {
                    "value": self.days, "unit": "days", "system": "http://unitsofmeasure.org", "code": "d"
                }
            });
        }
        json!({
            "resourceType": "MedicationRequest",
            "status": status,
            "intent": "order",
            "medicationCodeableConcept": { "text": self.medicine },
            "authoredOn": now,
            "dosageInstruction": [instruction],
        })
    }

    fn of_fhir(resource: &Value) -> Option<Self> {
        let instruction = &resource["dosageInstruction"][0];
        let days = instruction["timing"]["repeat"]["boundsDuration"]["value"].as_u64().unwrap_or_default();
        let mut read = Self {
            medicine: resource["medicationCodeableConcept"]["text"].as_str()?.to_owned(),
            dose: String::new(),
            route: text(&instruction["route"]["text"]),
            frequency: text(&instruction["timing"]["code"]["text"]),
            days: u32::try_from(days).unwrap_or_default(),
            advice: text(&instruction["patientInstruction"]),
        };
        let said = instruction["text"].as_str().unwrap_or_default();
        read.dose = said.strip_suffix(&read.after_dose()).unwrap_or(said).to_owned();
        Some(read)
    }
}

impl Plan {
    fn to_fhir(&self, now: &str, standing: Standing) -> Value {
        let status = match standing {
            Standing::Holds => "active",
            Standing::Stopped => "revoked",
            Standing::Mistaken => MISTAKEN,
        };
        let activity = |what: &String| json!({ "detail": { "status": "not-started", "description": what } });
        let mut plan = json!({
            "resourceType": "CarePlan",
            "status": status,
            "intent": "plan",
            "title": self.title,
            "created": now,
            "period": { "start": now },
            "activity": self.activities.iter().map(activity).collect::<Vec<_>>(),
        });
        if !self.until.is_empty() {
            plan["period"]["end"] = json!(self.until);
        }
        if !self.advice.is_empty() {
            plan["note"] = json!([{ "text": self.advice }]);
        }
        plan
    }

    fn of_fhir(resource: &Value) -> Option<Self> {
        let activities = resource["activity"].as_array().into_iter().flatten();
        Some(Self {
            title: resource["title"].as_str()?.to_owned(),
            activities: activities.map(|one| text(&one["detail"]["description"])).collect(),
            until: text(&resource["period"]["end"]),
            advice: text(&resource["note"][0]["text"]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-20T08:12:00Z";

    fn all() -> [Entry; 6] {
        let diagnosis = Diagnosis {
            name: "Arterial hypertension".into(),
            code: "38341003".into(),
            system: CodeSystem::Snomed,
            course: Course::Remission,
            certainty: Certainty::Provisional,
            onset: "2024-05-02".into(),
            note: "At rest only.".into(),
        };
        let prescription = Prescription {
            medicine: "Salbutamol 100 µg".into(),
            dose: "1, at most 2 puffs".into(),
            route: "inhaled".into(),
            frequency: "when it gets tight, at night".into(),
            days: 90,
            advice: "Shake it.".into(),
        };
        let plan = Plan {
            title: "Less pressure".into(),
            activities: vec!["Walk".into(), "Less salt".into()],
            until: "2027-01-01".into(),
            advice: "Slowly.".into(),
        };
        [
            Entry::Note(Note { title: "Visit".into(), text: "Two\nlines".into() }),
            Entry::Diagnosis(diagnosis),
            Entry::Diagnosis(Diagnosis { name: "Gout".into(), ..Diagnosis::default() }),
            Entry::Prescription(prescription),
            Entry::Prescription(Prescription { medicine: "Rest".into(), ..Prescription::default() }),
            Entry::Plan(plan),
        ]
    }

    #[test]
    fn what_was_written_is_read_again() {
        for entry in all() {
            let resource = entry.to_fhir(Address::ZERO, NOW, None);
            assert!(resource["subject"]["identifier"]["value"].is_string());
            let bytes = resource.to_string().into_bytes();
            assert_eq!(Entry::read(&bytes), Some((entry, Standing::Holds)));
        }
    }

    #[test]
    fn a_diagnosis_carries_what_r4_asks_for() {
        let [_, diagnosis, plain, ..] = all();
        let condition = diagnosis.to_fhir(Address::ZERO, NOW, None);
        assert_eq!(
            (code(&condition["clinicalStatus"]), code(&condition["verificationStatus"])),
            ("remission", "provisional")
        );
        assert_eq!(condition["code"]["coding"][0]["system"], "http://snomed.info/sct");
        assert!(plain.to_fhir(Address::ZERO, NOW, None)["code"]["coding"].is_null());
    }

    #[test]
    fn what_is_no_entry_is_none() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"resourceType":"Patient"}"#,
            r#"{"resourceType":"Condition"}"#,
            r#"{"resourceType":7}"#,
        ] {
            assert_eq!(Entry::read(text.as_bytes()), None, "{text}");
        }
    }
}
