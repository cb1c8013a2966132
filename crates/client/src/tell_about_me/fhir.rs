//! What a patient says of itself as FHIR R4: a Patient, and where there is more to say a Bundle of that Patient with what
//! else matters in an emergency. What the patient writes is `text`; what came with codes keeps them.
//!
//! A document that is told anew is the former one with what has changed: everything else in it stays byte for byte.

use serde_json::{Value, json};

use super::{AboutMe, Contact, Emergency, Item, List};
use crate::written::{Object, Written, looked_into, made};

const LOINC: &str = "http://loinc.org";
const TERMINOLOGY: &str = "http://terminology.hl7.org/CodeSystem";
/// LOINC: the ABO group with the Rh group, and alone.
const ABO_AND_RH: &str = "882-1";
const ABO: &str = "883-9";
/// Words are shown up to this length.
const LONGEST: usize = 240;

fn filled(text: &str) -> bool {
    !text.is_empty()
}

/// The words of a text: in one line, nothing that is no letter, not too long.
pub(super) fn text(value: &Value) -> String {
    let words = value.as_str().unwrap_or_default().split(|one: char| one.is_whitespace() || one.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(LONGEST).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The words of a CodeableConcept.
pub(super) fn concept(value: &Value) -> String {
    let displays = list(&value["coding"]).map(|one| &one["display"]);
    std::iter::once(&value["text"]).chain(displays).map(text).find(|words| filled(words)).unwrap_or_default()
}

/// The words of a CodeableConcept, or its code where it has none.
fn words_or_code(value: &Value) -> String {
    let codes = list(&value["coding"]).map(|one| text(&one["code"]));
    std::iter::once(concept(value)).chain(codes).find(|words| filled(words)).unwrap_or_default()
}

/// The words of a HumanName.
fn human_name(name: &Value) -> String {
    let parts = list(&name["given"]).chain([&name["family"]]).map(text).filter(|part| filled(part));
    Some(text(&name["text"])).filter(|words| filled(words)).unwrap_or_else(|| parts.collect::<Vec<_>>().join(" "))
}

/// The name that a person has now.
fn name_at(names: &[Value]) -> usize {
    names.iter().position(|name| !matches!(name["use"].as_str(), Some("old" | "maiden"))).unwrap_or_default()
}

/// The words of an Address, in one line.
fn postal(address: &Value) -> String {
    let whole = text(&address["text"]);
    if filled(&whole) {
        return whole;
    }
    let place = [text(&address["postalCode"]), text(&address["city"])];
    let place = place.into_iter().filter(|part| filled(part)).collect::<Vec<_>>().join(" ");
    let lines = list(&address["line"]).map(text);
    let parts = lines.chain([place, text(&address["state"]), text(&address["country"])]);
    parts.filter(|part| filled(part)).collect::<Vec<_>>().join(", ")
}

fn telecom(points: &Value, system: &str) -> String {
    let values = list(points).filter(|point| point["system"] == system).map(|point| text(&point["value"]));
    values.into_iter().find(|value| filled(value)).unwrap_or_default()
}

pub(super) fn contact(contact: &Value) -> Contact {
    Contact {
        name: human_name(&contact["name"]),
        relation: concept(&contact["relationship"][0]),
        phone: telecom(&contact["telecom"], "phone"),
    }
}

/// A random (version 4) UUID of these bytes, by which the parts of the Bundle name its Patient.
fn urn(mut random: [u8; 16]) -> String {
    random[6] = random[6] & 0x0f | 0x40;
    random[8] = random[8] & 0x3f | 0x80;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let groups = [&random[..4], &random[4..6], &random[6..8], &random[8..10], &random[10..]];
    format!("urn:uuid:{}", groups.map(hex).join("-"))
}

/// What a resource tells: on which list it stands, in which words, and whether it still holds.
pub(super) fn item(resource: &Value) -> Option<Item> {
    let code = |name: &str| resource[name]["coding"][0]["code"].as_str().unwrap_or_default();
    let holds = !matches!(code("clinicalStatus"), "inactive" | "resolved" | "remission")
        && !matches!(code("verificationStatus"), "refuted" | "entered-in-error");
    let status = resource["status"].as_str().unwrap_or_default();
    let (on, words, active) = match resource["resourceType"].as_str()? {
        "AllergyIntolerance" => (List::Allergies, words_or_code(&resource["code"]), holds),
        "Condition" => (List::Conditions, words_or_code(&resource["code"]), holds),
        "MedicationStatement" | "MedicationRequest" => {
            (List::Medicines, words_or_code(&resource["medicationCodeableConcept"]), status == "active")
        }
        "Observation" if is_blood_group(resource) => {
            let words = concept(&resource["valueCodeableConcept"]);
            let words = if filled(&words) { words } else { text(&resource["valueString"]) };
            (List::BloodGroup, words, !matches!(status, "entered-in-error" | "cancelled"))
        }
        _ => return None,
    };
    filled(&words).then(|| Item { on, words, note: note(resource), active })
}

fn is_blood_group(resource: &Value) -> bool {
    list(&resource["code"]["coding"]).any(|coding| matches!(coding["code"].as_str(), Some(ABO_AND_RH | ABO)))
}

/// What happens, how it is taken, since when: what a person wants to know of an item besides its words.
fn note(resource: &Value) -> String {
    let reactions = list(&resource["reaction"]).flat_map(|one| list(&one["manifestation"])).map(concept);
    let doses = list(&resource["dosage"]).chain(list(&resource["dosageInstruction"])).map(|dose| text(&dose["text"]));
    let status = [&resource["clinicalStatus"]["coding"][0]["code"], &resource["status"]].into_iter().map(text);
    let ended =
        status.filter(|word| matches!(word.as_str(), "inactive" | "resolved" | "remission" | "stopped" | "completed"));
    let mut parts: Vec<String> = reactions.chain(doses).chain(ended).filter(|part| filled(part)).collect();
    let since = ["onsetDateTime", "recordedDate", "authoredOn", "effectiveDateTime", "dateAsserted"];
    let since = since.iter().filter_map(|name| resource[name].as_str()).find_map(|date| date.get(..4));
    parts.extend(since.filter(|year| year.bytes().all(|one| one.is_ascii_digit())).map(|year| format!("since {year}")));
    parts.dedup();
    parts.join(", ")
}

/// One resource of a document, with what its entry says around it.
#[derive(Debug, Clone)]
struct Entry {
    around: Object,
    resource: Written,
}

impl Entry {
    fn item(&self) -> Option<Item> {
        item(&looked_into(&self.resource))
    }
}

/// A document: a Patient, or a Bundle that has one.
#[derive(Debug, Clone)]
struct Document {
    bundle: Option<Object>,
    /// Where the Patient is.
    patient: usize,
    entries: Vec<Entry>,
}

impl Default for Document {
    fn default() -> Self {
        let resource = made(&json!({ "resourceType": "Patient" }));
        Self { bundle: None, patient: 0, entries: vec![Entry { around: Object::default(), resource }] }
    }
}

impl Document {
    fn read(document: &str) -> Option<Self> {
        let whole = Object::read(document)?;
        let (bundle, entries) = match whole.text("resourceType")?.as_str() {
            "Bundle" => {
                let entries = whole.items("entry").into_iter().filter_map(|entry| {
                    let around = Object::read(entry.get())?;
                    let resource = around.get("resource")?.to_owned();
                    Some(Entry { around, resource })
                });
                (Some(whole.clone()), entries.collect())
            }
            _ => (None, vec![Entry { around: Object::default(), resource: whole.write() }]),
        };
        let patient = entries.iter().position(|entry: &Entry| {
            Object::read(entry.resource.get()).and_then(|resource| resource.text("resourceType")).as_deref()
                == Some("Patient")
        })?;
        Some(Self { bundle, patient, entries })
    }

    fn patient(&self) -> &Written {
        &self.entries[self.patient].resource
    }

    fn items(&self) -> impl Iterator<Item = Item> {
        self.entries.iter().filter_map(Entry::item)
    }

    fn words(&self, on: List) -> Vec<String> {
        self.items().filter(|item| item.on == on && item.active).map(|item| item.words).collect()
    }

    fn about(&self) -> AboutMe {
        let patient = looked_into(self.patient());
        let names: Vec<Value> = list(&patient["name"]).cloned().collect();
        AboutMe {
            name: names.get(name_at(&names)).map(human_name).unwrap_or_default(),
            birth_date: text(&patient["birthDate"]),
            gender: text(&patient["gender"]),
            phone: telecom(&patient["telecom"], "phone"),
            email: telecom(&patient["telecom"], "email"),
            address: postal(&patient["address"][0]),
            emergency: Emergency {
                blood_group: self.words(List::BloodGroup).into_iter().next().unwrap_or_default(),
                allergies: self.words(List::Allergies),
                conditions: self.words(List::Conditions),
                medicines: self.words(List::Medicines),
                contacts: list(&patient["contact"]).map(contact).collect(),
            },
            document: String::new(),
        }
    }

    /// Says of the Patient what has changed.
    fn tell(&mut self, was: &AboutMe, now: &AboutMe) {
        let lists = Emergency { contacts: now.emergency.contacts.clone(), ..was.emergency.clone() };
        if *was == (AboutMe { emergency: lists, ..now.clone() }) {
            return;
        }
        let Some(mut patient) = Object::read(self.patient().get()) else { return };
        if was.name != now.name {
            let mut names = patient.items("name");
            let at = name_at(&names.iter().map(|name| looked_into(name)).collect::<Vec<_>>());
            put(&mut names, at, filled(&now.name).then(|| made(&json!({ "text": now.name }))));
            patient.set_items("name", &names);
        }
        for (name, was, now) in [("birthDate", &was.birth_date, &now.birth_date), ("gender", &was.gender, &now.gender)]
        {
            if was == now {
                continue;
            }
            // What was said about the former value, such as the hour of birth, is not true of the new one.
            patient.remove(&format!("_{name}"));
            match filled(now) {
                true => patient.set(name, made(&json!(now))),
                false => patient.remove(name),
            }
        }
        if was.address != now.address {
            let mut addresses = patient.items("address");
            put(&mut addresses, 0, filled(&now.address).then(|| made(&json!({ "text": now.address }))));
            patient.set_items("address", &addresses);
        }
        for (system, was, now) in [("phone", &was.phone, &now.phone), ("email", &was.email, &now.email)] {
            if was != now {
                let points = reach(patient.items("telecom"), system, now);
                patient.set_items("telecom", &points);
            }
        }
        let (was, now) = (&was.emergency.contacts, &now.emergency.contacts);
        if was != now {
            let mut former: Vec<Option<Written>> = patient.items("contact").into_iter().map(Some).collect();
            let contacts: Vec<Written> = now
                .iter()
                .map(|one| {
                    let kept = was.iter().zip(&mut former).find(|(known, left)| *known == one && left.is_some());
                    kept.and_then(|(_, left)| left.take()).unwrap_or_else(|| made(&write_contact(one)))
                })
                .collect();
            patient.set_items("contact", &contacts);
        }
        self.entries[self.patient].resource = patient.write();
    }

    /// Brings one list to these words. What stood there in the same words stays as it is, with its codes.
    fn tell_list(&mut self, on: List, words: &[String], random: [u8; 16]) {
        if self.words(on) == words {
            return;
        }
        let of = self.whose(random);
        let entries = self.entries.drain(..).map(|entry| {
            let words = entry.item().filter(|item| item.on == on && item.active).map(|item| item.words);
            (words, entry)
        });
        let (mut former, mut rest, mut at) = (Vec::new(), Vec::new(), None);
        for (words, entry) in entries {
            match words {
                Some(words) => {
                    at = at.or(Some(rest.len()));
                    former.push((words, entry));
                }
                None => rest.push(entry),
            }
        }
        let told = words.iter().map(|words| {
            let kept = former.iter().position(|(known, _)| known == words);
            kept.map_or_else(|| entry_of(made(&resource(on, words, &of))), |at| former.remove(at).1)
        });
        let told: Vec<Entry> = told.collect();
        let at = at.unwrap_or(rest.len());
        rest.splice(at..at, told);
        self.entries = rest;
        self.find_patient();
    }

    fn find_patient(&mut self) {
        let is_patient = |entry: &Entry| looked_into(&entry.resource)["resourceType"] == "Patient";
        self.patient = self.entries.iter().position(is_patient).unwrap_or_default();
    }

    /// How the parts of the document name its Patient.
    fn whose(&mut self, random: [u8; 16]) -> Value {
        let around = &mut self.entries[self.patient].around;
        let whose = around.text("fullUrl").unwrap_or_else(|| urn(random));
        around.set("fullUrl", made(&json!(whose)));
        json!({ "reference": whose })
    }

    fn write(self) -> String {
        if self.bundle.is_none() && self.entries.len() == 1 {
            return self.patient().get().to_owned();
        }
        let entries: Vec<Written> = self
            .entries
            .into_iter()
            .map(|Entry { mut around, resource }| {
                around.set("resource", resource);
                around.write()
            })
            .collect();
        let fresh = || Object::read(r#"{"resourceType":"Bundle","type":"collection"}"#).unwrap_or_default();
        let mut bundle = self.bundle.unwrap_or_else(fresh);
        bundle.set_items("entry", &entries);
        bundle.write().get().to_owned()
    }
}

fn entry_of(resource: Written) -> Entry {
    Entry { around: Object::default(), resource }
}

/// Puts something in the place of an item, or takes that away.
fn put(items: &mut Vec<Written>, at: usize, item: Option<Written>) {
    let end = items.len().min(at + 1);
    items.splice(at.min(end)..end, item);
}

/// The ways to reach somebody, with another value for the first of its kind.
fn reach(mut points: Vec<Written>, system: &str, value: &str) -> Vec<Written> {
    let is_it = |point: &Written| {
        let point = looked_into(point);
        point["system"] == system && filled(&text(&point["value"]))
    };
    let at = points.iter().position(is_it);
    let former = at.and_then(|at| Object::read(points[at].get()));
    let mut point = former.unwrap_or_default();
    point.set("system", made(&json!(system)));
    point.set("value", made(&json!(value)));
    let at = at.unwrap_or(points.len());
    put(&mut points, at, filled(value).then(|| point.write()));
    points
}

fn write_contact(contact: &Contact) -> Value {
    let mut written = json!({ "name": { "text": contact.name } });
    if filled(&contact.relation) {
        written["relationship"] = json!([{ "text": contact.relation }]);
    }
    if filled(&contact.phone) {
        written["telecom"] = json!([{ "system": "phone", "value": contact.phone }]);
    }
    written
}

/// An item of a list in the patient's own words.
fn resource(on: List, words: &str, of: &Value) -> Value {
    let active =
        |system: &str| json!({ "coding": [{ "system": format!("{TERMINOLOGY}/{system}"), "code": "active" }] });
    match on {
        List::BloodGroup => {
            let code = if words.ends_with(['+', '-', '−']) { ABO_AND_RH } else { ABO };
            json!({
                "resourceType": "Observation", "status": "final", "subject": of,
                "code": { "coding": [{ "system": LOINC, "code": code }], "text": "Blood group" },
                "valueCodeableConcept": { "text": words },
            })
        }
        List::Allergies => json!({
            "resourceType": "AllergyIntolerance", "patient": of, "code": { "text": words },
            "clinicalStatus": active("allergyintolerance-clinical"),
        }),
        List::Conditions => json!({
            "resourceType": "Condition", "subject": of, "code": { "text": words },
            "clinicalStatus": active("condition-clinical"),
        }),
        List::Medicines => json!({
            "resourceType": "MedicationStatement", "status": "active", "subject": of,
            "medicationCodeableConcept": { "text": words },
        }),
    }
}

/// The document: the one that it was read from, with what has changed. `random` is drawn anew for each.
pub(super) fn write(about: &AboutMe, random: [u8; 16]) -> String {
    let mut document = Document::read(&about.document).unwrap_or_default();
    let was = document.about();
    if was == *about && filled(&about.document) {
        return about.document.clone();
    }
    document.tell(&was, about);
    let Emergency { blood_group, allergies, conditions, medicines, .. } = &about.emergency;
    if was.emergency.blood_group != *blood_group {
        let group: &[String] = if filled(blood_group) { std::slice::from_ref(blood_group) } else { &[] };
        document.tell_list(List::BloodGroup, group, random);
    }
    document.tell_list(List::Allergies, allergies, random);
    document.tell_list(List::Conditions, conditions, random);
    document.tell_list(List::Medicines, medicines, random);
    document.write()
}

/// The document with further resources, as they are written; they are about its Patient from then on.
pub(super) fn add(document: &str, resources: &[Written], random: [u8; 16]) -> String {
    let mut document = Document::read(document).unwrap_or_default();
    if resources.is_empty() {
        return document.write();
    }
    let of = made(&document.whose(random));
    document.entries.extend(resources.iter().filter_map(|resource| {
        let mut resource = Object::read(resource.get())?;
        let whose = if resource.text("resourceType")? == "AllergyIntolerance" { "patient" } else { "subject" };
        resource.set(whose, of.clone());
        Some(entry_of(resource.write()))
    }));
    document.write()
}

/// The Patient of a document.
pub(super) fn patient(document: &str) -> Value {
    Document::read(document).map(|document| looked_into(document.patient())).unwrap_or_default()
}

/// Reads a document; `None` without a Patient.
pub(super) fn read(document: &str) -> Option<AboutMe> {
    Document::read(document).map(|read| AboutMe { document: document.to_owned(), ..read.about() })
}

/// All that is told in lists, with what no longer holds.
pub(super) fn items(document: &str) -> Vec<Item> {
    Document::read(document).map(|document| document.items().collect()).unwrap_or_default()
}

/// Every resource of a document, to look into.
pub(super) fn resources(document: &str) -> Vec<Value> {
    let entries = Document::read(document).map(|document| document.entries).unwrap_or_default();
    entries.iter().map(|entry| looked_into(&entry.resource)).collect()
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
            ..AboutMe::default()
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
        let (email, address) = ("amara@example.org".into(), "Am Markt 4, 20095 Hamburg".into());
        AboutMe { emergency, email, address, ..amara() }
    }

    fn value(document: &str) -> Value {
        serde_json::from_str(document).unwrap()
    }

    /// What others wrote: codes, dates, decimals, members nobody here knows, in an order of their own.
    const CODED: &str = r#"{ "type":"collection", "resourceType":"Bundle", "entry":[
        {"fullUrl":"urn:uuid:1","resource":{"extension":[{"url":"x","valueDecimal":72.50}],"resourceType":"Patient",
            "name":[{"use":"maiden","family":"Mensah"},{"use":"official","family":"Osei","given":["Amara","J."]}],
            "birthDate":"1971-05-04","_birthDate":{"extension":[{"url":"time","valueDateTime":"1971-05-04T07:10:00Z"}]},
            "telecom":[{"system":"email","value":"a@b.c","use":"home"},{"system":"phone","value":"1","rank":1}],
            "address":[{"line":["Am Markt 4"],"postalCode":"20095","city":"Hamburg","country":"DE"}],
            "contact":[{"relationship":[{"coding":[{"code":"N"}]}],"name":{"family":"Osei","given":["Kofi"]}}]}},
        {"fullUrl":"urn:uuid:2","resource":{"resourceType":"AllergyIntolerance","criticality":"high",
            "code":{"coding":[{"system":"http://snomed.info/sct","code":"91936005","display":"Allergy to penicillin"}]},
            "reaction":[{"manifestation":[{"text":"Anaphylaxis"}]}],"onsetDateTime":"1998-03-01"}},
        {"resource":{"resourceType":"Condition","clinicalStatus":{"coding":[{"code":"resolved"}]},"code":{"text":"Pneumonia"}}},
        {"resource":{"resourceType":"Condition","code":{"text":"Asthma","coding":[{"code":"J45.9"}]},"x":0.10}},
        {"resource":{"resourceType":"Goal","y": 1.0}}
    ] }"#;

    #[test]
    fn what_was_told_is_read_again() {
        for about in [AboutMe::default(), amara(), told()] {
            let read = read(&write(&about, [7; 16]));
            assert_eq!(read, Some(about));
        }
        for document in [r#"{"resourceType":"Observation"}"#, r#"{"resourceType":"Bundle","entry":[]}"#, "[]", ""] {
            assert_eq!(read(document), None);
        }
    }

    #[test]
    fn without_more_to_say_it_is_a_patient_alone() {
        assert_eq!(value(&write(&amara(), [7; 16]))["resourceType"], "Patient");
        assert_eq!(value(&write(&told(), [7; 16]))["resourceType"], "Bundle");
    }

    #[test]
    fn every_part_names_the_patient_of_its_bundle() {
        let document = value(&write(&told(), [0xff; 16]));
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
            let document = value(&write(&AboutMe { emergency, ..amara() }, [7; 16]));
            document["entry"][1]["resource"]["code"]["coding"][0]["code"].as_str().map(str::to_owned)
        };
        assert_eq!(code("A+").as_deref(), Some("882-1"));
        assert_eq!(code("A").as_deref(), Some("883-9"));
    }

    #[test]
    fn what_others_wrote_is_read_in_words() {
        let about = read(CODED).unwrap();
        assert_eq!((about.name.as_str(), about.phone.as_str(), about.email.as_str()), ("Amara J. Osei", "1", "a@b.c"));
        assert_eq!(about.address, "Am Markt 4, 20095 Hamburg, DE");
        assert_eq!(about.emergency.allergies, ["Allergy to penicillin"]);
        assert_eq!(about.emergency.conditions, ["Asthma"]);
        assert_eq!(about.emergency.contacts[0].name, "Kofi Osei");
        let items = items(CODED);
        assert_eq!(items[0].note, "Anaphylaxis, since 1998");
        assert!(items.iter().any(|item| item.words == "Pneumonia" && !item.active && item.note == "resolved"));
    }

    /// The document without what the change was about is the same bytes.
    #[test]
    fn whoever_changes_one_field_keeps_all_others_byte_for_byte() {
        let entries = |document: &str| -> Vec<String> {
            let whole = Object::read(document).unwrap();
            whole
                .items("entry")
                .iter()
                .map(|entry| Object::read(entry.get()).unwrap().get("resource").unwrap().get().to_owned())
                .collect()
        };
        let about = read(CODED).unwrap();
        let unchanged = write(&about, [7; 16]);
        assert_eq!(unchanged, CODED);
        let member = |document: &str, name: &str| {
            Object::read(&entries(document)[0]).unwrap().get(name).map(|value| value.get().to_owned())
        };
        type Change = fn(&mut AboutMe);
        let changes: [(&str, Change); 6] = [
            ("name", |about| about.name = "Amara Mensah".into()),
            ("birthDate", |about| about.birth_date = "1971-05-05".into()),
            ("gender", |about| about.gender = "female".into()),
            ("telecom", |about| about.email = "new@b.c".into()),
            ("address", |about| about.address = String::new()),
            ("contact", |about| about.emergency.contacts.push(Contact { name: "Ama".into(), ..Contact::default() })),
        ];
        for (changed, change) in changes {
            let mut now = about.clone();
            change(&mut now);
            let document = write(&now, [7; 16]);
            assert_eq!(read(&document), Some(now), "{changed}");
            assert_eq!(entries(&document)[1..], entries(CODED)[1..], "{changed}");
            for name in ["extension", "name", "birthDate", "telecom", "address", "contact"] {
                let same = member(&document, name) == member(CODED, name);
                assert_eq!(same, name != changed, "{name} after {changed}");
            }
        }
        let renamed = write(&AboutMe { name: "Amara Mensah".into(), ..about.clone() }, [7; 16]);
        assert!(renamed.contains(r#"{"use":"maiden","family":"Mensah"},{"text":"Amara Mensah"}"#));
        let mailed = write(&AboutMe { email: "new@b.c".into(), ..about.clone() }, [7; 16]);
        assert!(mailed.contains(r#""use":"home""#) && mailed.contains(r#"{"system":"phone","value":"1","rank":1}"#));
        let born = write(&AboutMe { birth_date: "1971-05-05".into(), ..about.clone() }, [7; 16]);
        assert!(!born.contains("07:10") && unchanged.contains("07:10"));

        let mut more = about;
        more.emergency.allergies.insert(0, "Nuts".into());
        more.emergency.conditions.clear();
        let document = write(&more, [7; 16]);
        assert_eq!(read(&document), Some(more));
        let kept = entries(&document);
        assert_eq!(kept[2], entries(CODED)[1], "the coded allergy keeps its code, reaction and date");
        assert!(kept.contains(&entries(CODED)[2]), "what is over stays in the document");
        assert!(kept.contains(&entries(CODED)[4]), "so does what nobody here knows");
        assert_eq!(kept.len(), 5);
        assert!(kept[1].contains("urn:uuid:1"));
    }

    #[test]
    fn every_change_of_what_was_told_is_read_again() {
        let words = ["Nuts", "Asthma", "Allergy to penicillin", "Ramipril 5 mg"].map(String::from);
        let lists: Vec<Vec<String>> = (0..16usize)
            .map(|bits| (0..4).filter(|at| bits >> at & 1 == 1).map(|at| words[(at + bits) % 4].clone()).collect())
            .collect();
        for start in [String::new(), CODED.to_owned(), write(&told(), [1; 16])] {
            let mut about = read(&start).unwrap_or_default();
            for (turn, list) in lists.iter().enumerate() {
                about.emergency.allergies = list.clone();
                about.emergency.conditions = lists[(turn * 7) % 16].clone();
                about.emergency.medicines = lists[(turn * 5 + 3) % 16].clone();
                about.emergency.blood_group = ["", "0−", "A+"][turn % 3].into();
                about.phone = ["", "112"][turn % 2].into();
                let again = read(&write(&about, [7; 16]));
                assert_eq!(again.as_ref(), Some(&about));
                about = again.unwrap();
            }
        }
    }
}
