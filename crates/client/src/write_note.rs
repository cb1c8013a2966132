//! A doctor writes into a patient's chart: a note, a prescription or a treatment plan. All are FHIR R4 resources, delivered
//! like any other record. What answers a request names it.

use medkey_crypto::manifest::RecordKind;
use medkey_protocol::{Address, Digest, blocks::Category};
use serde_json::{Value, json};

use crate::{
    Medkey,
    add_record::{Details, Filed, PlainFile},
    chain::Progress,
    fault::Fault,
    me::Me,
    ports::{Bytes, Clock, Ports},
    tell_about_me::{FHIR_JSON, FHIR_TYPES},
    time::rfc3339,
};

/// A note in the doctor's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// Shown in lists.
    pub title: String,
    /// What it says.
    pub text: String,
}

/// A prescription.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prescription {
    /// Medicine and strength: `Atorvastatin 20 mg`.
    pub medicine: String,
    /// How much at a time: `1 tablet`.
    pub dose: String,
    /// How: `by mouth`; may be empty.
    pub route: String,
    /// When: `once a day, in the evening`.
    pub frequency: String,
    /// For how many days; 0 for as long as needed.
    pub days: u32,
    /// What the patient should know; may be empty.
    pub advice: String,
}

/// A treatment plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What it is for: `Less pressure on the heart`.
    pub title: String,
    /// What to do, each in a line of its own.
    pub activities: Vec<String>,
    /// The last day, as FHIR writes a date; empty where it has no end.
    pub until: String,
    /// What the patient should know; may be empty.
    pub advice: String,
}

impl Note {
    /// LOINC 34109-9, "Note".
    fn to_fhir(&self, now: &str) -> Value {
        json!({
            "resourceType": "DocumentReference",
            "status": "current",
            "type": { "coding": [{ "system": "http://loinc.org", "code": "34109-9", "display": "Note" }] },
            "date": now,
            "description": self.title,
            "content": [{ "attachment": { "contentType": "text/plain", "title": self.text } }],
        })
    }
}

impl Prescription {
    fn to_fhir(&self, now: &str) -> Value {
        let said: Vec<&str> =
            [self.dose.as_str(), &self.route, &self.frequency].into_iter().filter(|part| !part.is_empty()).collect();
        let mut instruction = json!({
            "text": said.join(", "),
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
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": { "text": self.medicine },
            "authoredOn": now,
            "dosageInstruction": [instruction],
        })
    }
}

impl Plan {
    fn to_fhir(&self, now: &str) -> Value {
        let activity = |what: &String| json!({ "detail": { "status": "not-started", "description": what } });
        let mut plan = json!({
            "resourceType": "CarePlan",
            "status": "active",
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
}

impl<P: Ports> Medkey<P> {
    /// Writes a note into the general folder of a patient's chart.
    pub async fn write_note(
        &self,
        me: &Me,
        patient: Address,
        note: &Note,
        answers: Option<Digest>,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        self.write_note_into(me, patient, note, Category::General, answers, progress).await
    }

    /// Writes a note into another folder; what is sensitive goes into the private one.
    pub async fn write_note_into(
        &self,
        me: &Me,
        patient: Address,
        note: &Note,
        category: Category,
        answers: Option<Digest>,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let resource = note.to_fhir(&rfc3339(self.ports.clock().now()));
        self.write(me, patient, (&note.title, "Note", category), resource, answers, progress).await
    }

    /// Writes a prescription into the prescriptions of a patient's chart.
    pub async fn prescribe(
        &self,
        me: &Me,
        patient: Address,
        prescription: &Prescription,
        answers: Option<Digest>,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let resource = prescription.to_fhir(&rfc3339(self.ports.clock().now()));
        let filing = (prescription.medicine.as_str(), "Prescription", Category::Prescriptions);
        self.write(me, patient, filing, resource, answers, progress).await
    }

    /// Writes a treatment plan beside the prescriptions of a patient's chart.
    pub async fn write_plan(
        &self,
        me: &Me,
        patient: Address,
        plan: &Plan,
        answers: Option<Digest>,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let resource = plan.to_fhir(&rfc3339(self.ports.clock().now()));
        let filing = (plan.title.as_str(), "Treatment plan", Category::Prescriptions);
        self.write(me, patient, filing, resource, answers, progress).await
    }

    async fn write(
        &self,
        me: &Me,
        patient: Address,
        (title, display, category): (&str, &str, Category),
        resource: Value,
        answers: Option<Digest>,
        progress: Progress<'_>,
    ) -> Result<Filed, Fault> {
        let code = resource["resourceType"].as_str().unwrap_or_default().to_owned();
        let details = Details {
            title: title.to_owned(),
            file_name: format!("{}.json", display.to_lowercase().replace(' ', "-")),
            kind: RecordKind { system: FHIR_TYPES.into(), code, display: display.into() },
            media_type: FHIR_JSON.into(),
            effective: Some(rfc3339(self.ports.clock().now())),
            amends: None,
            answers,
        };
        let source = Bytes::from(resource.to_string().into_bytes());
        self.deliver_report(me, patient, PlainFile { source, details }, category, progress).await
    }
}
