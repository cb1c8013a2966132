//! What must not be overlooked in a document: allergies, medicines, illnesses, whom to call, the blood group, and
//! measurements.

use super::{
    measured::{Measuring, Taken, known},
    people::contact,
    resource::{Document, Resource},
    words::{choice, concept, has_code},
};

/// What one document says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
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
    /// Measurements that are numbers.
    pub measurements: Vec<Taken>,
}

pub(super) fn find(document: &Document, at: Option<i64>) -> Findings {
    let mut found = Findings::default();
    let known = known(document, at);
    let measuring = Measuring::new(&known, at);
    for resource in document.resources() {
        match resource.kind() {
            "AllergyIntolerance" if still_holds(resource) => found.allergies.extend(resource.title()),
            "MedicationRequest" | "MedicationStatement" if is_taken(resource) => {
                found.medicines.extend(resource.title())
            }
            "Condition" if still_holds(resource) => found.conditions.extend(resource.title()),
            "Patient" => found.contacts.extend(resource.items("contact").filter_map(contact)),
            "Observation" if counts(resource) => {
                if is_blood_group(resource) {
                    found.blood_group = choice(resource, "value");
                }
                found.measurements.extend(measuring.taken(resource));
            }
            _ => {}
        }
    }
    found
}

fn counts(resource: Resource<'_>) -> bool {
    !matches!(resource.get("status").as_str(), Some("entered-in-error" | "cancelled"))
}

fn is_taken(resource: Resource<'_>) -> bool {
    resource.get("status").as_str() == Some("active") && resource.get("doNotPerform").as_bool() != Some(true)
}

/// Neither over nor written down by mistake.
fn still_holds(resource: Resource<'_>) -> bool {
    let (clinical, verified) = (resource.get("clinicalStatus"), resource.get("verificationStatus"));
    let is = |status, codes: &[&str]| codes.iter().any(|code| has_code(status, code));
    !is(clinical, &["inactive", "resolved"]) && !is(verified, &["refuted", "entered-in-error"])
}

/// LOINC 882-1 and 883-9: ABO group, with and without Rh.
fn is_blood_group(resource: Resource<'_>) -> bool {
    let code = resource.get("code");
    (has_code(code, "882-1") || has_code(code, "883-9"))
        && (concept(resource.get("valueCodeableConcept")).is_some() || resource.get("valueString").is_string())
}
