//! What a FHIR document says of a patient: read from anybody's file before anything of it is kept, and compared with what
//! is known. Nothing in it is trusted; what is kept is kept as it is written.

use std::collections::BTreeMap;

use serde_json::{Value, value::RawValue};

use super::{AboutMe, Contact, Item, List, fhir};
use crate::{
    record_vitals::{Measured, Vital, bundle, read_one},
    written::{Object, Written, looked_into},
};

/// The longest document that is looked into.
pub const LONGEST: u64 = 32 << 20;
/// As many resources are looked into.
const MOST: usize = 20_000;
/// As many things that were found are shown.
const MOST_FOUND: usize = 2_000;
/// As deep may parts lie in parts.
const DEEPEST: usize = 64;

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// Nothing in it.
    #[error("This file is empty.")]
    Empty,
    /// XML.
    #[error("This file is XML. Medkey reads FHIR as JSON: ask for it in that form, or add the file as a record.")]
    Xml,
    /// No JSON.
    #[error("This file is not FHIR: it cannot be read as JSON. You can still add it as a record.")]
    NotJson,
    /// JSON that is something else.
    #[error("This file is not FHIR. You can still add it as a record.")]
    NotFhir,
    /// Parts in parts in parts.
    #[error("This file is built in a way that no health record is, so it was not read.")]
    TooDeep,
    /// Too long.
    #[error("This file is too long to be looked through here. You can add it as a record.")]
    TooLong,
    /// Too many entries.
    #[error("This file has too many entries to be looked through here. You can add it as a record.")]
    TooMany,
    /// FHIR of another release.
    #[error("This file is FHIR {0}; Medkey reads FHIR R4. Ask for that, or add the file as a record.")]
    Release(&'static str),
    /// FHIR without anything that is looked for.
    #[error("Nothing about you is in this file: no name, allergy, condition, medicine or measurement.")]
    Nothing,
}

/// How something that was found stands to what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// It is new.
    New,
    /// It is known already.
    Already,
    /// Something else is known in its place.
    Otherwise,
}

/// A part of who somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The name.
    Name(String),
    /// The birth date.
    BirthDate(String),
    /// The administrative gender.
    Gender(String),
    /// The postal address.
    Address(String),
    /// The telephone number.
    Phone(String),
    /// The e-mail address.
    Email(String),
    /// Somebody to call.
    Contact(Contact),
}

/// What was found.
#[derive(Debug, Clone)]
pub enum What {
    /// Who somebody is.
    Fact(Fact),
    /// Something on a list.
    Item(Item),
    /// Values of one vital sign.
    Vitals {
        /// Of which.
        vital: Vital,
        /// All that was found, newest first.
        measured: Vec<Measured>,
        /// How many of them are not in the chart.
        new: usize,
    },
}

/// One thing that was found and can be kept.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What.
    pub what: What,
    /// Whether it is known.
    pub known: Known,
    /// Suggested to be kept.
    pub suggested: bool,
    resource: Option<Written>,
}

/// What a document says.
#[derive(Debug, Clone)]
pub struct Found {
    /// What can be kept, in the order of a page.
    pub findings: Vec<Finding>,
    /// In what the person in the document is another than the patient: `name`, `birth date`, `sex`.
    pub somebody_else: Vec<&'static str>,
}

/// What is kept of a document.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) about: Option<AboutMe>,
    pub(crate) vitals: Option<String>,
}

impl Found {
    /// What is kept where these are chosen, by their places among the findings.
    pub(crate) fn keep(&self, mine: &AboutMe, chosen: &[usize], random: [u8; 16]) -> Kept {
        let mut about = mine.clone();
        let mut resources: Vec<Written> = Vec::new();
        let mut observations = Vec::new();
        let mut blood_group = false;
        for finding in chosen.iter().filter_map(|at| self.findings.get(*at)) {
            match &finding.what {
                What::Fact(fact) => fact.clone().tell(&mut about),
                What::Item(item) => {
                    blood_group |= item.on == List::BloodGroup;
                    resources.extend(finding.resource.clone());
                }
                What::Vitals { measured, .. } => observations.extend(measured.iter().map(|one| one.resource.clone())),
            }
        }
        if blood_group {
            about.emergency.blood_group = String::new();
        }
        let tells = about != *mine || !resources.is_empty();
        let document = || fhir::add(&fhir::write(&about, random), &resources, random);
        Kept {
            about: tells.then(|| fhir::read(&document())).flatten(),
            vitals: (!observations.is_empty()).then(|| bundle(&observations)),
        }
    }
}

impl Fact {
    fn tell(self, about: &mut AboutMe) {
        match self {
            Self::Name(name) => about.name = name,
            Self::BirthDate(date) => about.birth_date = date,
            Self::Gender(gender) => about.gender = gender,
            Self::Address(address) => about.address = address,
            Self::Phone(phone) => about.phone = phone,
            Self::Email(email) => about.email = email,
            Self::Contact(contact) => about.emergency.contacts.push(contact),
        }
    }
}

/// Looks through a document. `known` are the values that the chart holds already.
pub fn look_through(bytes: &[u8], mine: &AboutMe, known: &[Measured]) -> Result<Found, NotRead> {
    let resources = read(bytes)?;
    let looked: Vec<(Value, Written)> = resources.into_iter().map(|one| (looked_into(&one), one)).collect();
    if let Some(release) = looked.iter().find_map(|(value, _)| other_release(value)) {
        return Err(NotRead::Release(release));
    }
    let patients = || looked.iter().map(|(value, _)| value).filter(|value| value["resourceType"] == "Patient");
    let theirs = patients().next().and_then(|patient| fhir::read(&patient.to_string()));
    let somebody_else = theirs.as_ref().map(|theirs| differs(mine, theirs)).unwrap_or_default();
    let mut findings: Vec<Finding> = theirs.iter().flat_map(|theirs| facts(mine, theirs)).collect();
    findings.extend(items(&looked, mine));
    findings.extend(vitals(&looked, known));
    if findings.len() > MOST_FOUND {
        return Err(NotRead::TooMany);
    }
    if patients().count() > 1 || !somebody_else.is_empty() {
        for finding in &mut findings {
            finding.suggested = false;
        }
    }
    if findings.is_empty() { Err(NotRead::Nothing) } else { Ok(Found { findings, somebody_else }) }
}

/// The resources of a document.
fn read(bytes: &[u8]) -> Result<Vec<Written>, NotRead> {
    if bytes.len() as u64 > LONGEST {
        return Err(NotRead::TooLong);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match bytes.iter().find(|one| !one.is_ascii_whitespace()) {
        None => return Err(NotRead::Empty),
        Some(b'<') => return Err(NotRead::Xml),
        Some(_) => {}
    }
    if depth(bytes) > DEEPEST {
        return Err(NotRead::TooDeep);
    }
    let text = core::str::from_utf8(bytes).map_err(|_| NotRead::NotJson)?;
    let _whole: &RawValue = serde_json::from_str(text).map_err(|_| NotRead::NotJson)?;
    let whole = Object::read(text).ok_or(NotRead::NotFhir)?;
    let kind = whole.text("resourceType").ok_or(NotRead::NotFhir)?;
    if kind != "Bundle" {
        return Ok(vec![whole.write()]);
    }
    let entries = whole.items("entry");
    if entries.len() > MOST {
        return Err(NotRead::TooMany);
    }
    let read: Vec<(String, Written)> = entries
        .iter()
        .filter_map(|entry| {
            let entry = Object::read(entry.get())?;
            let resource = entry.get("resource")?.to_owned();
            Some((entry.text("fullUrl").unwrap_or_default(), resource))
        })
        .collect();
    let medicines: Vec<(&str, Object)> = read
        .iter()
        .filter_map(|(url, resource)| Some((url.as_str(), Object::read(resource.get())?)))
        .filter(|(_, resource)| resource.text("resourceType").as_deref() == Some("Medication"))
        .collect();
    Ok(read.iter().map(|(_, resource)| with_medicine(resource, &medicines)).collect())
}

/// How deep parts lie in parts.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// A medicine that is named by reference, with that medicine's code in the place of the reference.
fn with_medicine(resource: &Written, medicines: &[(&str, Object)]) -> Written {
    let named = || {
        let mut resource = Object::read(resource.get())?;
        let reference = looked_into(resource.get("medicationReference")?)["reference"].as_str()?.to_owned();
        let is_it = |(url, medicine): &&(&str, Object)| {
            *url == reference || medicine.text("id").is_some_and(|id| reference == format!("Medication/{id}"))
        };
        let code = medicines.iter().find(is_it)?.1.get("code")?.to_owned();
        resource.remove("medicationReference");
        resource.set("medicationCodeableConcept", code);
        Some(resource.write())
    };
    named().unwrap_or_else(|| resource.clone())
}

/// Shapes that R4 does not have.
fn other_release(resource: &Value) -> Option<&'static str> {
    let kind = resource["resourceType"].as_str().unwrap_or_default();
    let takes_medicine = matches!(kind, "MedicationStatement" | "MedicationRequest");
    if takes_medicine && !resource["medication"].is_null() {
        return Some("R5");
    }
    if matches!(kind, "MedicationOrder" | "DiagnosticOrder" | "Conformance")
        || (kind == "AllergyIntolerance" && !resource["substance"].is_null())
        || (kind == "Condition" && resource["code"].is_object() && !resource["patient"].is_null())
    {
        return Some("DSTU2");
    }
    let older = matches!(kind, "Condition" | "AllergyIntolerance") && resource["clinicalStatus"].is_string();
    older.then_some("STU3")
}

/// A name without what is no letter, its parts in order: `Osei, Amara` is `Amara Osei`.
fn plain_name(name: &str) -> Vec<String> {
    let mut parts: Vec<String> =
        name.split(|one: char| !one.is_alphanumeric()).filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
    parts.sort();
    parts
}

/// Both are told, and one does not begin like the other: `1971` may be `1971-05-04`.
fn dates_differ(one: &str, other: &str) -> bool {
    !one.is_empty() && !other.is_empty() && !one.starts_with(other) && !other.starts_with(one)
}

fn differs(mine: &AboutMe, theirs: &AboutMe) -> Vec<&'static str> {
    let (my_name, their_name) = (plain_name(&mine.name), plain_name(&theirs.name));
    // A second given name more or less is no other person.
    let within = |one: &[String], other: &[String]| one.iter().all(|part| other.contains(part));
    let named = !my_name.is_empty() && !their_name.is_empty();
    let is_other = named && !within(&my_name, &their_name) && !within(&their_name, &my_name);
    let told = |gender: &str| matches!(gender, "female" | "male");
    let sexes = told(&mine.gender) && told(&theirs.gender) && mine.gender != theirs.gender;
    let found =
        [(is_other, "name"), (dates_differ(&mine.birth_date, &theirs.birth_date), "birth date"), (sexes, "sex")];
    found.into_iter().filter(|(differs, _)| *differs).map(|(_, word)| word).collect()
}

fn facts(mine: &AboutMe, theirs: &AboutMe) -> Vec<Finding> {
    let compared = |fact: Fact, mine: &str, theirs: &str| {
        let known = match () {
            () if mine.is_empty() => Known::New,
            () if mine.eq_ignore_ascii_case(theirs) => Known::Already,
            () => Known::Otherwise,
        };
        (!theirs.is_empty()).then(|| Finding {
            what: What::Fact(fact),
            known,
            suggested: known == Known::New,
            resource: None,
        })
    };
    let same_name = plain_name(&mine.name) == plain_name(&theirs.name);
    let my_name = if same_name { &theirs.name } else { &mine.name };
    let mut found: Vec<Finding> = [
        compared(Fact::Name(theirs.name.clone()), my_name, &theirs.name),
        compared(Fact::BirthDate(theirs.birth_date.clone()), &mine.birth_date, &theirs.birth_date),
        compared(Fact::Gender(theirs.gender.clone()), &mine.gender, &theirs.gender),
        compared(Fact::Address(theirs.address.clone()), &mine.address, &theirs.address),
        compared(Fact::Phone(theirs.phone.clone()), &mine.phone, &theirs.phone),
        compared(Fact::Email(theirs.email.clone()), &mine.email, &theirs.email),
    ]
    .into_iter()
    .flatten()
    .collect();
    found.extend(theirs.emergency.contacts.iter().filter(|contact| !contact.name.is_empty()).map(|contact| {
        let is_known = mine.emergency.contacts.iter().any(|known| plain_name(&known.name) == plain_name(&contact.name));
        Finding {
            what: What::Fact(Fact::Contact(contact.clone())),
            known: if is_known { Known::Already } else { Known::New },
            suggested: !is_known,
            resource: None,
        }
    }));
    found
}

/// System and code of every coding.
fn codings(resource: &Value) -> Vec<(String, String)> {
    let concepts = [&resource["code"], &resource["medicationCodeableConcept"]];
    let codings = concepts.into_iter().flat_map(|concept| concept["coding"].as_array().into_iter().flatten());
    let words = |coding: &Value| Some((coding["system"].as_str()?.to_owned(), coding["code"].as_str()?.to_owned()));
    codings.filter_map(words).collect()
}

/// By what two entries of a list are the same: their words, or one of their codes.
fn names(item: &Item, codings: Vec<(String, String)>) -> Vec<Name> {
    // All blood groups have the same code.
    let codings = if item.on == List::BloodGroup { Vec::new() } else { codings };
    let words = (item.on, String::new(), item.words.to_lowercase());
    std::iter::once(words).chain(codings.into_iter().map(|(system, code)| (item.on, system, code))).collect()
}

type Name = (List, String, String);

fn items(looked: &[(Value, Written)], mine: &AboutMe) -> Vec<Finding> {
    let resources = fhir::resources(&mine.document);
    let told = resources.iter().filter_map(|resource| Some((fhir::item(resource)?, codings(resource))));
    let mut known: BTreeMap<Name, bool> = BTreeMap::new();
    for (item, codings) in told {
        let active = item.active;
        for name in names(&item, codings) {
            *known.entry(name).or_default() |= active;
        }
    }
    let mut places: BTreeMap<Name, usize> = BTreeMap::new();
    let mut found: Vec<Finding> = Vec::new();
    for (value, written) in looked {
        let Some(item) = fhir::item(value) else { continue };
        let names = names(&item, codings(value));
        let is_told = names.iter().any(|name| known.get(name).is_some_and(|active| *active || !item.active));
        let other_group = item.on == List::BloodGroup && !mine.emergency.blood_group.is_empty();
        let known = match () {
            () if is_told => Known::Already,
            () if other_group => Known::Otherwise,
            () => Known::New,
        };
        let (active, suggested) = (item.active, known == Known::New && item.active);
        let finding = Finding { what: What::Item(item), known, suggested, resource: Some(written.clone()) };
        // The same again in one document: the one that still holds counts.
        let at = match names.iter().find_map(|name| places.get(name)) {
            Some(&at) => {
                if active && matches!(&found[at].what, What::Item(former) if !former.active) {
                    found[at] = finding;
                }
                at
            }
            None => {
                found.push(finding);
                found.len() - 1
            }
        };
        places.extend(names.into_iter().map(|name| (name, at)));
    }
    let place = |finding: &Finding| match &finding.what {
        What::Item(item) => (item.on, !item.active),
        _ => (List::BloodGroup, false),
    };
    found.sort_by_key(place);
    found
}

fn vitals(looked: &[(Value, Written)], known: &[Measured]) -> Vec<Finding> {
    let mut all: Vec<Measured> = looked.iter().filter_map(|(_, written)| read_one(written)).collect();
    all.sort_by(|one, other| other.at.cmp(&one.at));
    crate::record_vitals::VITALS
        .into_iter()
        .filter_map(|vital| {
            let measured: Vec<Measured> = all.iter().filter(|one| one.vital == vital).cloned().collect();
            let new = measured.iter().filter(|one| !known.iter().any(|other| other.is_same(one))).count();
            let finding = Finding {
                what: What::Vitals { vital, measured, new },
                known: if new > 0 { Known::New } else { Known::Already },
                suggested: new > 0,
                resource: None,
            };
            let is_some = matches!(&finding.what, What::Vitals { measured, .. } if !measured.is_empty());
            is_some.then_some(finding)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mine() -> AboutMe {
        AboutMe {
            name: "Amara Osei".into(),
            birth_date: "1971-05-04".into(),
            gender: "female".into(),
            ..AboutMe::default()
        }
    }

    fn look(document: &str) -> Result<Found, NotRead> {
        look_through(document.as_bytes(), &mine(), &[])
    }

    fn refused(document: &str) -> NotRead {
        look(document).unwrap_err()
    }

    fn bundle_of(resources: &[&str]) -> String {
        let entries: Vec<String> = resources.iter().map(|one| format!("{{\"resource\":{one}}}")).collect();
        format!("{{\"resourceType\":\"Bundle\",\"type\":\"document\",\"entry\":[{}]}}", entries.join(","))
    }

    const ALLERGY: &str = r#"{"resourceType":"AllergyIntolerance","patient":{"reference":"x"},"criticality":"high","code":{"coding":[{"system":"http://snomed.info/sct","code":"91936005","display":"Allergy to penicillin"}]}}"#;
    const OVER: &str =
        r#"{"resourceType":"Condition","clinicalStatus":{"coding":[{"code":"resolved"}]},"code":{"text":"Pneumonia"}}"#;
    const WEIGHT: &str = r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"29463-7"}]},"effectiveDateTime":"2019-05-01","valueQuantity":{"value":72.50,"unit":"kg","code":"kg"}}"#;

    #[test]
    fn what_is_no_document_is_refused_with_a_sentence() {
        let deep = |open: &str, times: usize| format!("{{\"resourceType\":\"Bundle\",\"entry\":{}", open.repeat(times));
        let many: Vec<String> = (0..15_000).map(|at| OVER.replace("Pneumonia", &format!("Condition {at}"))).collect();
        for (document, why) in [
            (String::new(), NotRead::Empty),
            ("  \n".into(), NotRead::Empty),
            ("\u{feff}".into(), NotRead::Empty),
            ("<Bundle xmlns='http://hl7.org/fhir'/>".into(), NotRead::Xml),
            ("Dear Amara".into(), NotRead::NotJson),
            ("{\"resourceType\":".into(), NotRead::NotJson),
            ("{\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Patient\"}".into(), NotRead::NotJson),
            ("[]".into(), NotRead::NotFhir),
            ("7".into(), NotRead::NotFhir),
            ("{}".into(), NotRead::NotFhir),
            ("{\"resourceType\":7}".into(), NotRead::NotFhir),
            (deep("[", 100_000), NotRead::TooDeep),
            (deep("{\"a\":", 100), NotRead::TooDeep),
            (bundle_of(&[]), NotRead::Nothing),
            ("{\"resourceType\":\"Bundle\",\"entry\":7}".into(), NotRead::Nothing),
            ("{\"resourceType\":\"Bundle\",\"entry\":[7,null,{\"resource\":[]}]}".into(), NotRead::Nothing),
            ("{\"resourceType\":\"Patient\"}".into(), NotRead::Nothing),
            (
                bundle_of(&[r#"{"resourceType":"MedicationStatement","medication":{"concept":{"text":"x"}}}"#]),
                NotRead::Release("R5"),
            ),
            (bundle_of(&[r#"{"resourceType":"MedicationOrder"}"#]), NotRead::Release("DSTU2")),
            (
                bundle_of(&[r#"{"resourceType":"AllergyIntolerance","substance":{"text":"x"}}"#]),
                NotRead::Release("DSTU2"),
            ),
            (
                bundle_of(&[r#"{"resourceType":"Condition","clinicalStatus":"active","code":{"text":"x"}}"#]),
                NotRead::Release("STU3"),
            ),
            (bundle_of(&vec![OVER; 100_000]), NotRead::TooMany),
            (bundle_of(&many.iter().map(String::as_str).collect::<Vec<_>>()), NotRead::TooMany),
        ] {
            let beginning: String = document.chars().take(60).collect();
            assert_eq!(refused(&document), why, "{beginning}");
        }
        assert!(matches!(look_through(&[b'{', 0xff, b'}'], &mine(), &[]), Err(NotRead::NotJson)));
    }

    #[test]
    fn only_what_still_holds_and_is_new_is_suggested() {
        let found = look(&bundle_of(&[
            r#"{"resourceType":"Patient","name":[{"family":"OSEI","given":["Amara"]}],"birthDate":"1971-05-04","telecom":[{"system":"email","value":"a@b.c"}]}"#,
            ALLERGY,
            OVER,
            WEIGHT,
            ALLERGY,
            r#"{"resourceType":"MedicationRequest","status":"stopped","medicationCodeableConcept":{"text":"Amoxicillin"}}"#,
        ]))
        .unwrap();
        assert_eq!(found.somebody_else, Vec::<&str>::new());
        let said: Vec<(String, Known, bool)> = found
            .findings
            .iter()
            .map(|finding| {
                let word = match &finding.what {
                    What::Fact(fact) => format!("{fact:?}"),
                    What::Item(item) => item.words.clone(),
                    What::Vitals { vital, measured, new } => format!("{} {}/{}", vital.word(), new, measured.len()),
                };
                (word, finding.known, finding.suggested)
            })
            .collect();
        assert_eq!(
            said,
            [
                ("Name(\"Amara OSEI\")".into(), Known::Already, false),
                ("BirthDate(\"1971-05-04\")".into(), Known::Already, false),
                ("Email(\"a@b.c\")".into(), Known::New, true),
                ("Allergy to penicillin".into(), Known::New, true),
                ("Pneumonia".into(), Known::New, false),
                ("Amoxicillin".into(), Known::New, false),
                ("Weight 1/1".into(), Known::New, true),
            ]
        );
    }

    #[test]
    fn what_is_kept_keeps_its_codes_and_is_known_the_next_time() {
        let document = bundle_of(&[ALLERGY, WEIGHT]);
        let found = look(&document).unwrap();
        let kept = found.keep(&mine(), &[0, 1], [7; 16]);
        let about = kept.about.unwrap();
        assert_eq!(about.emergency.allergies, ["Allergy to penicillin"]);
        assert!(about.document.contains("\"criticality\":\"high\"") && about.document.contains("91936005"));
        assert!(about.document.contains("\"patient\":{\"reference\":\"urn:uuid:"));
        assert!(kept.vitals.unwrap().contains(WEIGHT), "as it is written");
        assert_eq!(fhir::write(&about, [8; 16]), about.document, "told anew without a change it is the same");

        let known = crate::record_vitals::read_vitals(document.as_bytes());
        let again = look_through(document.as_bytes(), &about, &known).unwrap();
        assert!(again.findings.iter().all(|finding| finding.known == Known::Already && !finding.suggested));
        let nothing = found.keep(&mine(), &[], [7; 16]);
        assert!(nothing.about.is_none() && nothing.vitals.is_none());
    }

    #[test]
    fn somebody_elses_document_is_said_to_be_so_and_nothing_of_it_is_suggested() {
        let of = |patient: &str| look(&bundle_of(&[patient, ALLERGY])).unwrap();
        let other =
            of(r#"{"resourceType":"Patient","name":[{"text":"Jonas Berg"}],"birthDate":"1958-11-23","gender":"male"}"#);
        assert_eq!(other.somebody_else, ["name", "birth date", "sex"]);
        assert!(other.findings.iter().all(|finding| !finding.suggested));
        let same =
            of(r#"{"resourceType":"Patient","name":[{"given":["Amara","Joy"],"family":"Osei"}],"birthDate":"1971"}"#);
        assert!(same.somebody_else.is_empty());
        assert!(same.findings.iter().any(|finding| finding.suggested));
    }

    #[test]
    fn a_medicine_named_by_reference_is_found_under_its_name() {
        let document = bundle_of(&[
            r#"{"resourceType":"MedicationStatement","status":"active","medicationReference":{"reference":"Medication/m1"}}"#,
            r#"{"resourceType":"Medication","id":"m1","code":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"314076","display":"Lisinopril 10 MG"}]}}"#,
        ]);
        let found = look(&document).unwrap();
        let about = found.keep(&mine(), &[0], [7; 16]).about.unwrap();
        assert_eq!(about.emergency.medicines, ["Lisinopril 10 MG"]);
        assert!(about.document.contains("314076"));
    }

    #[test]
    fn a_blood_group_takes_the_place_of_the_one_that_was_told() {
        let group = r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"882-1"}]},"valueString":"A+"}"#;
        let mut about = mine();
        about.emergency.blood_group = "0−".into();
        let about = fhir::read(&fhir::write(&about, [7; 16])).unwrap();
        let found = look_through(bundle_of(&[group]).as_bytes(), &about, &[]).unwrap();
        assert_eq!((found.findings[0].known, found.findings[0].suggested), (Known::Otherwise, false));
        let kept = found.keep(&about, &[0], [7; 16]).about.unwrap();
        assert_eq!(kept.emergency.blood_group, "A+");
        assert!(!kept.document.contains("0−"));
    }

    #[test]
    fn markup_in_a_document_is_words() {
        let hostile = r#"{"resourceType":"Condition","code":{"text":"<img src=x onerror=alert(1)>\n\u0000\u202e"}}"#;
        let found = look(&bundle_of(&[hostile])).unwrap();
        let What::Item(item) = &found.findings[0].what else { panic!("no condition") };
        assert!(item.words.starts_with("<img src=x onerror=alert(1)>"));
        assert!(!item.words.contains(['\n', '\0']));
    }

    #[test]
    fn real_documents_are_looked_through() {
        let folder = std::env::var_os("MEDKEY_EXTRA_VECTORS").map(std::path::PathBuf::from);
        let files = folder.into_iter().flat_map(|folder| std::fs::read_dir(folder.join("fhir")).unwrap());
        for file in files {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            let found = look_through(&bytes, &AboutMe::default(), &[]).unwrap();
            let all: Vec<usize> = (0..found.findings.len()).collect();
            let kept = found.keep(&AboutMe::default(), &all, [7; 16]);
            let about = kept.about.unwrap();
            assert!(!about.name.is_empty() && !about.birth_date.is_empty() && !about.address.is_empty());
            assert_eq!(fhir::write(&about, [8; 16]), about.document);
            let vitals = crate::record_vitals::read_vitals(kept.vitals.unwrap().as_bytes());
            assert!(vitals.iter().any(|one| one.vital == Vital::Pressure && one.counted().is_some()));
            assert!(vitals.len() >= 10);
        }
    }
}
