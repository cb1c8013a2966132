//! What a patient says of itself as FHIR R4: a Patient, and where there is more to say a Bundle of that Patient with what
//! else matters in an emergency. Everything is written in the patient's own words, as `text`.

use serde_json::{Value, json};

use super::{AboutMe, Contact, Emergency};

const LOINC: &str = "http://loinc.org";
const TERMINOLOGY: &str = "http://terminology.hl7.org/CodeSystem";
/// LOINC: the ABO group with the Rh group, and alone.
const ABO_AND_RH: &str = "882-1";
const ABO: &str = "883-9";

fn filled(text: &str) -> bool {
    !text.is_empty()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn phone(telecom: &Value) -> String {
    let points = telecom.as_array().into_iter().flatten();
    points.filter(|point| point["system"] == "phone").map(|point| text(&point["value"])).next().unwrap_or_default()
}

/// A random (version 4) UUID of these bytes, by which the parts of the Bundle name its Patient.
fn urn(mut random: [u8; 16]) -> String {
    random[6] = random[6] & 0x0f | 0x40;
    random[8] = random[8] & 0x3f | 0x80;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let groups = [&random[..4], &random[4..6], &random[6..8], &random[8..10], &random[10..]];
    format!("urn:uuid:{}", groups.map(hex).join("-"))
}

/// The Patient alone.
pub(super) fn patient(about: &AboutMe) -> Value {
    let mut patient = json!({ "resourceType": "Patient", "name": [{ "text": about.name }] });
    if filled(&about.birth_date) {
        patient["birthDate"] = json!(about.birth_date);
    }
    if filled(&about.gender) {
        patient["gender"] = json!(about.gender);
    }
    if filled(&about.phone) {
        patient["telecom"] = json!([{ "system": "phone", "value": about.phone }]);
    }
    if !about.emergency.contacts.is_empty() {
        patient["contact"] = about.emergency.contacts.iter().map(contact).collect();
    }
    patient
}

fn contact(contact: &Contact) -> Value {
    let mut written = json!({ "name": { "text": contact.name } });
    if filled(&contact.relation) {
        written["relationship"] = json!([{ "text": contact.relation }]);
    }
    if filled(&contact.phone) {
        written["telecom"] = json!([{ "system": "phone", "value": contact.phone }]);
    }
    written
}

/// The document. `random` is drawn anew for each.
pub(super) fn write(about: &AboutMe, random: [u8; 16]) -> Value {
    let Emergency { blood_group, allergies, conditions, medicines, .. } = &about.emergency;
    let whose = urn(random);
    let of = json!({ "reference": whose });
    let active =
        |system: &str| json!({ "coding": [{ "system": format!("{TERMINOLOGY}/{system}"), "code": "active" }] });
    let group = filled(blood_group).then(|| {
        let code = if blood_group.ends_with(['+', '-', '−']) { ABO_AND_RH } else { ABO };
        json!({
            "resourceType": "Observation", "status": "final", "subject": of,
            "code": { "coding": [{ "system": LOINC, "code": code }], "text": "Blood group" },
            "valueCodeableConcept": { "text": blood_group },
        })
    });
    let allergies = allergies.iter().map(|allergy| {
        json!({
            "resourceType": "AllergyIntolerance", "patient": of, "code": { "text": allergy },
            "clinicalStatus": active("allergyintolerance-clinical"),
        })
    });
    let conditions = conditions.iter().map(|condition| {
        json!({
            "resourceType": "Condition", "subject": of, "code": { "text": condition },
            "clinicalStatus": active("condition-clinical"),
        })
    });
    let medicines = medicines.iter().map(|medicine| {
        json!({
            "resourceType": "MedicationStatement", "status": "active", "subject": of,
            "medicationCodeableConcept": { "text": medicine },
        })
    });
    let more: Vec<Value> = group.into_iter().chain(allergies).chain(conditions).chain(medicines).collect();
    let patient = patient(about);
    if more.is_empty() {
        return patient;
    }
    let first = json!({ "fullUrl": whose, "resource": patient });
    let rest = more.into_iter().map(|resource| json!({ "resource": resource }));
    json!({ "resourceType": "Bundle", "type": "collection", "entry": std::iter::once(first).chain(rest).collect::<Vec<_>>() })
}

/// Reads what [`write`] wrote; `None` without a Patient.
pub(super) fn read(document: &Value) -> Option<AboutMe> {
    let single = [document.clone()];
    let entries: Vec<Value> = match document["resourceType"].as_str()? {
        "Bundle" => document["entry"].as_array()?.iter().map(|entry| entry["resource"].clone()).collect(),
        _ => single.to_vec(),
    };
    let patient = entries.iter().find(|resource| resource["resourceType"] == "Patient")?;
    let words = |kind: &str, field: &str| -> Vec<String> {
        let of = entries.iter().filter(|resource| resource["resourceType"] == kind);
        of.map(|resource| text(&resource[field]["text"])).filter(|words| filled(words)).collect()
    };
    let contacts = patient["contact"].as_array().into_iter().flatten().map(|contact| Contact {
        name: text(&contact["name"]["text"]),
        relation: text(&contact["relationship"][0]["text"]),
        phone: phone(&contact["telecom"]),
    });
    Some(AboutMe {
        name: text(&patient["name"][0]["text"]),
        birth_date: text(&patient["birthDate"]),
        gender: text(&patient["gender"]),
        phone: phone(&patient["telecom"]),
        emergency: Emergency {
            blood_group: words("Observation", "valueCodeableConcept").into_iter().next().unwrap_or_default(),
            allergies: words("AllergyIntolerance", "code"),
            conditions: words("Condition", "code"),
            medicines: words("MedicationStatement", "medicationCodeableConcept"),
            contacts: contacts.collect(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amara() -> AboutMe {
        AboutMe {
            name: "Amara Osei".into(),
            birth_date: "1971-05-04".into(),
            gender: "female".into(),
            phone: "+49 30 1234".into(),
            emergency: Emergency::default(),
        }
    }

    fn told() -> AboutMe {
        let contact =
            Contact { name: "Kofi Osei".into(), relation: "husband".into(), phone: "+49 151 0000 0000".into() };
        let emergency = Emergency {
            blood_group: "A+".into(),
            allergies: vec!["Penicillin, anaphylaxis".into()],
            conditions: vec!["Hypertension".into(), "Hyperlipidaemia".into()],
            medicines: vec!["Ramipril 5 mg".into(), "Atorvastatin 20 mg".into()],
            contacts: vec![contact, Contact { name: "Ama Osei".into(), ..Contact::default() }],
        };
        AboutMe { emergency, ..amara() }
    }

    #[test]
    fn what_was_told_is_read_again() {
        for about in [AboutMe::default(), amara(), told()] {
            assert_eq!(read(&write(&about, [7; 16])), Some(about));
        }
        assert_eq!(read(&json!({ "resourceType": "Observation" })), None);
        assert_eq!(read(&json!({ "resourceType": "Bundle", "entry": [] })), None);
        assert_eq!(read(&json!([])), None);
    }

    #[test]
    fn without_more_to_say_it_is_a_patient_alone() {
        assert_eq!(write(&amara(), [7; 16])["resourceType"], "Patient");
        assert_eq!(write(&told(), [7; 16])["resourceType"], "Bundle");
    }

    #[test]
    fn every_part_names_the_patient_of_its_bundle() {
        let document = write(&told(), [0xff; 16]);
        let entries = document["entry"].as_array().unwrap();
        let whose = "urn:uuid:ffffffff-ffff-4fff-bfff-ffffffffffff";
        assert_eq!(entries[0]["fullUrl"], whose);
        assert_eq!(entries.len(), 7);
        for entry in &entries[1..] {
            let resource = &entry["resource"];
            let of = if resource["resourceType"] == "AllergyIntolerance" { "patient" } else { "subject" };
            assert_eq!(resource[of]["reference"], whose, "{resource}");
        }
    }

    #[test]
    fn the_blood_group_has_the_code_of_what_was_told() {
        let code = |group: &str| {
            let emergency = Emergency { blood_group: group.into(), ..Emergency::default() };
            let document = write(&AboutMe { emergency, ..amara() }, [7; 16]);
            document["entry"][1]["resource"]["code"]["coding"][0]["code"].as_str().map(str::to_owned)
        };
        assert_eq!(code("A+").as_deref(), Some("882-1"));
        assert_eq!(code("A").as_deref(), Some("883-9"));
    }
}
