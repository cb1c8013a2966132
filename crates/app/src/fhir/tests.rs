//! Whole documents: an IPS, reports with a history, a plan, hostile ones, real ones, and real ones damaged at random.

use super::*;
use crate::{
    components::table::{Flag, Measurement},
    pages::document::Entry,
};

const IPS: &str = include_str!("../../vectors/fhir/ips.json");
const PLAN: &str = include_str!("../../vectors/fhir/care-plan.json");
const HOSTILE: &str = include_str!("../../vectors/fhir/hostile.json");
const REPORTS: [&str; 3] = [
    include_str!("../../vectors/fhir/metabolic-1.json"),
    include_str!("../../vectors/fhir/metabolic-2.json"),
    include_str!("../../vectors/fhir/metabolic-3.json"),
];

fn read(text: &str) -> Fhir {
    Fhir::read(text.as_bytes()).unwrap()
}

/// All measurements, wherever they stand.
fn rows(parts: &[RecordPart]) -> Vec<&Measurement> {
    let mut found = Vec::new();
    for part in parts {
        match part {
            RecordPart::Measurements { rows, .. } => found.extend(rows),
            RecordPart::Group { parts, .. } => found.extend(rows(parts)),
            _ => {}
        }
    }
    found
}
fn entries(parts: &[RecordPart]) -> Vec<&Entry> {
    let mut found = Vec::new();
    for part in parts {
        match part {
            RecordPart::Entries(entries) => found.extend(entries),
            RecordPart::Group { parts, .. } => found.extend(entries(parts)),
            _ => {}
        }
    }
    found
}

fn row<'a>(parts: &'a [RecordPart], name: &str) -> &'a Measurement {
    rows(parts).into_iter().find(|row| row.name == name).unwrap()
}

fn fact<'a>(facts: &'a [(String, String)], name: &str) -> &'a str {
    facts.iter().find(|(fact, _)| fact == name).map_or("", |(_, value)| value)
}

fn entry<'a>(parts: &'a [RecordPart], title: &str) -> &'a Entry {
    entries(parts).into_iter().find(|entry| entry.title == title).unwrap()
}

fn groups(parts: &[RecordPart]) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for part in parts {
        if let RecordPart::Group { title, note, .. } = part {
            found.push((title.as_str(), note.as_str()));
        }
    }
    found
}

#[test]
fn an_ips_has_its_sections_in_order_and_what_is_in_none_after_them() {
    let parts = read(IPS).parts(&[], None);
    let titles: Vec<&str> = groups(&parts).into_iter().map(|(title, _)| title).collect();
    assert_eq!(
        titles,
        [
            "Medicines",
            "Allergies and intolerances",
            "Problems",
            "Vaccinations",
            "Results",
            "Procedures",
            "Advance directives",
            "Procedures",
            "People and places",
        ]
    );
    let RecordPart::Facts { rows: head, .. } = &parts[0] else { panic!() };
    assert_eq!(fact(head, "Document"), "Patient summary");
    assert_eq!((fact(head, "By"), fact(head, "Kept by")), ("Dr. Paul Lindqvist", "Marienhospital"));
    let RecordPart::Facts { rows: patient, .. } = &parts[1] else { panic!() };
    assert_eq!(fact(patient, "Name"), "Amara Osei");
    assert_eq!(fact(patient, "Other names"), "Amara Mensah (maiden)");
    assert_eq!(fact(patient, "Address"), "Weserstraße 7, 12047 Berlin, DE");
}

#[test]
fn entries_are_found_by_every_kind_of_reference() {
    let parts = read(IPS).parts(&[], None);
    // A medicine that its statement contains.
    let medicine = entry(&parts, "Atorvastatin 20 mg tablet");
    assert_eq!(fact(&medicine.facts, "Dose"), "1 tablet, once a day, in the evening");
    assert_eq!(fact(&medicine.facts, "Taken"), "since November 2024");
    let inhaler = entry(&parts, "Salbutamol 100 µg inhaler");
    assert_eq!(fact(&inhaler.facts, "Dose"), "1 – 2 puffs, as needed for shortness of breath");
    assert_eq!(fact(&inhaler.facts, "At most"), "8 puffs per 1 day");
    // What the Composition contains, and what is not there.
    let asthma = entry(&parts, "Asthma");
    assert_eq!(fact(&asthma.facts, "Since"), "as a child");
    assert_eq!(fact(&asthma.facts, "Code"), "SNOMED CT 195967001");
    assert_eq!(entry(&parts, "Migraine").sub, "Not in this document");
    let lipids = entry(&parts, "High cholesterol");
    assert_eq!(fact(&lipids.facts, "Since"), "at the age of 53 years");
    assert!(lipids.badges.iter().any(|badge| badge.text == "Provisional"));
    assert_eq!(fact(&entry(&parts, "Tetanus and diphtheria").facts, "Given"), "May 2019");
    assert_eq!(fact(&entry(&parts, "Tetanus and diphtheria").facts, "Dose"), "3 of 3");
    let allergy = entry(&parts, "Penicillin");
    assert_eq!(fact(&allergy.facts, "Reactions"), "Hives, Swelling of the face (severe, June 1983)");
    assert!(allergy.badges.iter().any(|badge| badge.text == "High risk"));
    let mistake = entry(&parts, "Electrocardiogram");
    assert_eq!(mistake.alarm.as_ref().unwrap().text, "This was entered in error. Do not rely on it.");
    assert_eq!(row(&parts, "Blood group").value, "A Rh positive");
}

#[test]
fn a_blood_pressure_is_one_and_its_worse_half_is_flagged() {
    let parts = read(IPS).parts(&[], None);
    let pressure = row(&parts, "Blood pressure");
    assert_eq!((pressure.value.as_str(), pressure.unit.as_str()), ("138/92", "mmHg"));
    assert_eq!((pressure.flag, pressure.reference.as_str()), (Some(Flag::High), "upper under 140, lower under 90"));
}

#[test]
fn narratives_are_plain_text() {
    let parts = read(IPS).parts(&[], None);
    let in_group = |name: &str, at: usize| {
        parts.iter().find_map(|part| match part {
            RecordPart::Group { title, parts, .. } if title == name => parts.get(at).cloned(),
            _ => None,
        })
    };
    let said = "• Atorvastatin 20 mg, one tablet in the evening\n• Salbutamol when short of breath";
    assert_eq!(in_group("Medicines", 1), Some(RecordPart::Narrative(said.to_owned())));
    let words = |text: &str| Some(RecordPart::Words { title: String::new(), text: text.to_owned() });
    assert_eq!(in_group("Procedures", 0), words("Appendix removed in 1989."));
    assert_eq!(in_group("Advance directives", 0), words("Nothing here: Not asked."));
}

#[test]
fn a_report_is_one_table_in_its_own_order() {
    let parts = read(REPORTS[2]).parts(&[], None);
    let RecordPart::Measurements { title, rows, .. } = &parts[0] else { panic!() };
    assert_eq!(title, "Metabolic panel");
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Cholesterol, total",
            "LDL cholesterol",
            "HDL cholesterol",
            "Glucose",
            "C-reactive protein",
            "Ferritin",
            "Measles antibodies",
            "Thyrotropin",
            "Electrolytes",
            "Sodium",
            "Potassium",
            "Vitamin D",
        ]
    );
    let said = |name: &str| {
        let row = row(&parts, name);
        (row.value.as_str(), row.flag, row.reference.as_str())
    };
    assert_eq!(said("Cholesterol, total"), ("6.30", Some(Flag::High), "3.0 – 5.2"));
    // Two ranges for different people: none of them is taken for the patient's.
    assert_eq!(said("HDL cholesterol"), ("1.42", None, "over 1.2 (women); over 1.0 (men)"));
    assert_eq!(said("C-reactive protein"), ("under 5", None, "under 5"));
    assert_eq!(said("Ferritin"), ("Not measured", None, ""));
    assert_eq!(row(&parts, "Ferritin").notes, ["The sample was too small."]);
    assert_eq!(said("Measles antibodies").0, "1 : 128");
    assert_eq!(row(&parts, "Measles antibodies").state.as_ref().unwrap().text, "Positive");
    assert_eq!(said("Thyrotropin").0, "0.0000001");
    assert_eq!(row(&parts, "Thyrotropin").state.as_ref().unwrap().text, "Entered in error");
    assert_eq!(said("Sodium"), ("141", None, "135 to 145 in adults"));
    assert_eq!(said("Potassium"), ("6.90", Some(Flag::Critical), "3.5 – 5.1"));
    assert_eq!(said("Electrolytes").0, "");
    assert_eq!(said("Vitamin D").0, "Not in this document");
    let RecordPart::Facts { rows: about, .. } = &parts[1] else { panic!() };
    assert_eq!(fact(about, "By"), "Nordlab Diagnostics");
    assert_eq!(fact(about, "Collected"), "3 March 2026, 07:40");
    assert_eq!(fact(about, "Specimen"), "Venous blood");
    assert!(fact(about, "Conclusion").starts_with("LDL cholesterol has risen."));
}

#[test]
fn trends_are_of_the_same_code_system_and_unit() {
    let known: Vec<Known> = REPORTS[..2].iter().flat_map(|report| read(report).known(None)).collect();
    let parts = read(REPORTS[2]).parts(&known, None);
    let ldl = &row(&parts, "LDL cholesterol").courses[0];
    let written: Vec<&str> = ldl.points.iter().map(|point| point.written.as_str()).collect();
    assert_eq!(written, ["3.62", "3.91", "4.05"]);
    assert_eq!((ldl.high, ldl.points[0].when.as_str()), (Some(3.4), "11 March 2025"));
    // The first was measured in mg/dL: it is another number and stays out of the line.
    let glucose = &row(&parts, "Glucose").courses[0];
    assert_eq!(glucose.points.len(), 2);
    assert!(row(&parts, "C-reactive protein").courses.is_empty());
    // Nothing that was a mistake is part of a trend.
    assert!(!known.iter().chain(&read(REPORTS[2]).known(None)).any(|one| one.point.written == "0.0000001"));
    // However many there are, they are held once.
    let every_hour = |hour: usize| {
        format!(
            r#"{{"resource":{{"resourceType":"Observation","status":"final","code":{{"text":"Glucose"}},
            "effectiveDateTime":"2026-{:02}-{:02}T{:02}:00:00Z","valueQuantity":{{"value":{},"unit":"mmol/L"}}}}}}"#,
            hour / 24 / 28 % 12 + 1,
            hour / 24 % 28 + 1,
            hour % 24,
            4 + hour % 5
        )
    };
    let entries = (0..5_000).map(every_hour).collect::<Vec<_>>().join(",");
    let many = read(&format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}"#));
    let parts_of_many = many.parts(&[], None);
    let all = rows(&parts_of_many);
    assert_eq!(all.len(), 5_000);
    assert!(std::sync::Arc::ptr_eq(&all[0].courses[0].points, &all[4_999].courses[0].points));
    // A document that is among the known ones is not counted twice.
    let again: Vec<Known> = read(REPORTS[2]).known(None);
    assert!(row(&read(REPORTS[2]).parts(&again, None), "LDL cholesterol").courses.is_empty());
}

#[test]
fn a_plan_says_what_is_to_be_done() {
    let parts = read(PLAN).parts(&[], None);
    let facts = |at: usize| match &parts[at] {
        RecordPart::Facts { rows, .. } => rows,
        other => panic!("{other:?}"),
    };
    let at = |name: &str| (0..parts.len()).find(|at| facts(*at)[0].0 == name).unwrap();
    let plan = facts(at("Plan"));
    assert_eq!(fact(plan, "Goals"), "LDL cholesterol under 2.6 mmol/L");
    assert_eq!(
        fact(plan, "To do").lines().collect::<Vec<_>>(),
        [
            "Brisk walking: in progress, 5 times a week, for 30 minutes each time, by Amara Osei",
            "Less saturated fat: in progress",
            "Atorvastatin 20 mg",
            "Grapefruit: not to be done, scheduled",
        ]
    );
    assert_eq!(fact(plan, "When"), "4 March 2026 to September 2026");
    assert_eq!(fact(plan, "Note"), "Call if muscles ache. (Dr. Paul Lindqvist, 4 March 2026)");
    let medicine = facts(at("Medicine"));
    assert_eq!(
        fact(medicine, "Dose"),
        "Half a tablet for the first 7 days\n1 tablet, once a day, in the evening, for 90 days"
    );
    assert_eq!(fact(medicine, "Dispensed"), "90 tablets, for 90 days, 3 repeats");
    assert_eq!(fact(medicine, "Another product"), "Must not be given instead (Tolerated well)");
    assert_eq!((fact(medicine, "For"), fact(medicine, "To know")), ("High cholesterol", "Not with grapefruit"));
    assert_eq!(fact(facts(at("Goal")), "Target"), "LDL cholesterol, under 2.6 mmol/L, by 4 September 2026");
}

#[test]
fn what_must_not_be_overlooked_is_found() {
    let found = read(IPS).findings(None);
    assert_eq!(found.allergies, ["Penicillin"]);
    assert_eq!(found.medicines, ["Atorvastatin 20 mg tablet", "Salbutamol 100 µg inhaler"]);
    assert_eq!(found.conditions, ["High cholesterol"]);
    assert_eq!(found.blood_group.as_deref(), Some("A Rh positive"));
    let names: Vec<&str> = found.measurements.iter().map(|taken| taken.measurement.name.as_str()).collect();
    assert_eq!(names, ["Systolic blood pressure", "Diastolic blood pressure"]);
    let mistaken = r#"{"resourceType":"AllergyIntolerance","code":{"text":"Nuts"},
        "verificationStatus":{"coding":[{"system":"x","code":"unconfirmed"},{"code":"entered-in-error"}]}}"#;
    assert!(read(mistaken).findings(None).allergies.is_empty());
}

#[test]
fn what_is_void_is_said_loudly() {
    let alarm = |text: &str| match &read(text).parts(&[], None)[0] {
        RecordPart::Facts { alarm, .. } | RecordPart::Measurements { alarm, .. } => {
            alarm.as_ref().map(|alarm| alarm.text.clone()).unwrap_or_default()
        }
        other => panic!("{other:?}"),
    };
    let request = |more: &str| {
        format!(r#"{{"resourceType":"MedicationRequest","medicationCodeableConcept":{{"text":"X"}},{more}}}"#)
    };
    assert_eq!(alarm(&request(r#""status":"entered-in-error""#)), "This was entered in error. Do not rely on it.");
    assert_eq!(alarm(&request(r#""status":"draft""#)), "This is a draft. It is not in force.");
    assert_eq!(alarm(&request(r#""status":"cancelled""#)), "This was cancelled. It is not in force.");
    assert_eq!(alarm(&request(r#""status":"active","doNotPerform":true"#)), "Do not give this medicine.");
    assert_eq!(alarm(&request(r#""status":"active""#)), "");
    let report = REPORTS[0].replacen("\"status\": \"final\"", "\"status\": \"preliminary\"", 1);
    assert_eq!(alarm(&report), "This report is not final yet. It may still change.");
}

#[test]
fn every_type_of_value_is_said() {
    let said = |value: &str| {
        let text = format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"X"}},{value}}}"#);
        row(&read(&text).parts(&[], None), "X").value.clone()
    };
    assert_eq!(said(r#""valueQuantity":{"value":120000000000000000001}"#), "120000000000000000001");
    assert_eq!(said(r#""valueQuantity":{"value":1e-7}"#), "1e-7");
    assert_eq!(said(r#""valueInteger":3"#), "3");
    assert_eq!(said(r#""valueBoolean":false"#), "No");
    assert_eq!(said(r#""valueString":"a < b""#), "a < b");
    assert_eq!(said(r#""valueTime":"07:40:00""#), "07:40");
    assert_eq!(said(r#""valueDateTime":"2019-05""#), "May 2019");
    assert_eq!(said(r#""valuePeriod":{"start":"2019","end":"2020"}"#), "2019 to 2020");
    assert_eq!(
        said(r#""valueRange":{"low":{"value":1.0,"unit":"mg"},"high":{"value":3.00,"unit":"mg"}}"#),
        "1.0 – 3.00 mg"
    );
    assert_eq!(
        said(r#""valueSampledData":{"origin":{"value":0},"period":10,"dimensions":1,"data":"1 2 3"}"#),
        "A curve of 3 values, one every 10 ms; it is in the file and not drawn here"
    );
    assert_eq!(said(r#""dataAbsentReason":{"coding":[{"code":"asked-declined"}]}"#), "Asked, not answered");
    assert_eq!(said(r#""note":[]"#), "No value");
}

#[test]
fn a_single_resource_of_an_unknown_kind_shows_its_fields() {
    let text = r#"{"resourceType":"Flag","status":"active","code":{"text":"Falls"},"period":{"start":"2019"},
        "identifier":[{"system":"urn:x","value":"7.10"}],"extension":[{"url":"u"}]}"#;
    let parts = read(text).parts(&[], None);
    let RecordPart::Facts { rows, badges, .. } = &parts[0] else { panic!() };
    assert_eq!((fact(rows, "Flag"), fact(rows, "Period")), ("Falls", "since 2019"));
    assert_eq!(fact(rows, "Identifier: value"), "7.10");
    assert_eq!(badges[0].text, "Active");
}

#[test]
fn what_is_no_fhir_is_refused_with_a_sentence() {
    let refused = |text: &str| Fhir::read(text.as_bytes()).unwrap_err();
    assert_eq!(refused("hello"), Refused::NotJson);
    assert_eq!(refused("{}"), Refused::NotFhir);
    assert_eq!(refused("[1]"), Refused::NotFhir);
    assert_eq!(refused(r#"{"resourceType":["Patient"]}"#), Refused::NotFhir);
    assert_eq!(refused(&format!(r#"{{"resourceType":"Patient","x":{}"#, "[".repeat(100_000))), Refused::Deep);
    assert_eq!(Fhir::read(b"\xff\xfe").unwrap_err(), Refused::NotJson);
    assert_eq!(Fhir::read(&vec![b' '; LONGEST + 1]).unwrap_err(), Refused::Long);
}

#[test]
fn a_hostile_document_is_shown_as_what_is_written_in_it() {
    let document = read(HOSTILE);
    let parts = document.parts(&document.known(None), None);
    let shown = format!("{parts:?}");
    // Its markup is text and stands as such; what was a narrative's script is gone.
    assert!(shown.contains("<img src=x onerror=alert(1)>"));
    assert!(shown.contains("120000000000000000001"));
    assert!(shown.contains("<script>alert(6)</script>"));
    assert!(shown.contains("nobody said what this is"));
    assert!(shown.contains("Another with the same id"));
    // Two with one id are not told apart by guessing.
    assert!(!shown.contains("Family doctor"));
    assert!(shown.contains("Three entries in the file hold nothing that is shown."));
    // Each of three that refer to each other in a circle is drawn once.
    assert_eq!(rows(&parts).iter().filter(|row| row.name.starts_with("<img")).count(), 3);
    drop(document.findings(None));
}

/// The real documents of the folder `fhir` in `MEDKEY_EXTRA_VECTORS`.
fn real() -> Vec<String> {
    let Some(folder) = std::env::var_os("MEDKEY_EXTRA_VECTORS").map(std::path::PathBuf::from) else {
        return Vec::new();
    };
    let files = std::fs::read_dir(folder.join("fhir")).unwrap();
    files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

#[test]
fn hundreds_of_resources_are_grouped_and_none_is_lost() {
    for text in real() {
        let document = read(&text);
        let parts = document.parts(&[], None);
        let plain: serde_json::Value = serde_json::from_str(&text).unwrap();
        let number = |kind: &str| {
            let all = plain["entry"].as_array().unwrap().iter();
            all.filter(|entry| entry["resource"]["resourceType"] == kind).count()
        };
        let titles: Vec<&str> = groups(&parts).into_iter().map(|(title, _)| title).collect();
        assert!(titles.starts_with(&["Patient"]), "{titles:?}");
        assert!(titles.contains(&"Conditions") && titles.contains(&"Results") && titles.contains(&"Visits"));
        let kinds = [
            "AllergyIntolerance",
            "Condition",
            "MedicationRequest",
            "Immunization",
            "CarePlan",
            "Goal",
            "Procedure",
            "Encounter",
            "Practitioner",
            "Organization",
            "Claim",
            "ExplanationOfBenefit",
        ];
        assert_eq!(entries(&parts).len(), kinds.iter().map(|kind| number(kind)).sum::<usize>());
        // A blood pressure is one row; everything else is one for each value.
        assert_eq!(rows(&parts).iter().filter(|row| !row.value.is_empty()).count(), number("Observation"));
        let visits = parts.iter().find_map(|part| match part {
            RecordPart::Group { title, parts, .. } if title == "Visits" => Some(entries(parts)),
            _ => None,
        });
        let years: Vec<i32> = visits.unwrap().iter().map(|visit| year(&visit.sub)).collect();
        assert!(years.is_sorted_by(|a, b| a >= b), "{years:?}");
    }
}

fn year(sub: &str) -> i32 {
    let day = sub.split(" · ").next().unwrap();
    day.split(' ').next_back().unwrap().parse().unwrap()
}

/// A small generator of its own: the same damage on every machine.
struct Dice(u64);

impl Dice {
    /// Xorshift (Marsaglia, "Xorshift RNGs").
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % sides.max(1)
    }
}

/// Puts something else in the place of one value somewhere in a document.
fn damage(value: &mut serde_json::Value, dice: &mut Dice, depth: usize) {
    use serde_json::{Value, json};
    let inside = match value {
        Value::Array(list) if !list.is_empty() && dice.roll(8) > 0 => {
            let at = dice.roll(list.len());
            list.get_mut(at)
        }
        Value::Object(fields) if !fields.is_empty() && dice.roll(8) > 0 => {
            let at = dice.roll(fields.len());
            fields.values_mut().nth(at)
        }
        _ => None,
    };
    if let Some(inside) = inside.filter(|_| depth < 40) {
        return damage(inside, dice, depth + 1);
    }
    let before = value.take();
    *value = match dice.roll(12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!("a text"),
        3 => json!(-1),
        4 => json!([]),
        5 => json!({}),
        6 => json!([before]),
        7 => json!([before, before, "x", 1e300]),
        8 => json!({ "reference": "#x", "coding": before, "value": before, "start": "2019-02-31T99:99" }),
        9 => json!("\u{202e}é".repeat(5)),
        10 => json!({ "resourceType": "Observation", "hasMember": before }),
        _ => json!("9999999999999999999999-13-32T"),
    };
}

#[test]
fn no_damage_makes_it_panic() {
    let mut documents: Vec<String> = [IPS, PLAN, HOSTILE].into_iter().chain(REPORTS).map(str::to_owned).collect();
    documents.extend(real().into_iter().filter(|text| text.len() < 300_000));
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for text in &documents {
        let whole: serde_json::Value = serde_json::from_str(&text.replace("1e99999", "1e99")).unwrap();
        let rounds = if text.len() < 50_000 { 600 } else { 20 };
        for _ in 0..rounds {
            let mut damaged = whole.clone();
            for _ in 0..=dice.roll(4) {
                damage(&mut damaged, &mut dice, 0);
            }
            if let Ok(document) = Fhir::read(damaged.to_string().as_bytes()) {
                let known = document.known(Some(0));
                drop(document.parts(&known, None));
                drop(document.findings(Some(i64::MAX)));
            }
        }
    }
}

#[test]
fn no_cut_or_changed_byte_makes_it_panic() {
    let mut dice = Dice(7);
    for _ in 0..2_000 {
        let mut bytes = IPS.as_bytes().to_vec();
        for _ in 0..=dice.roll(3) {
            let at = dice.roll(bytes.len());
            bytes[at] = u8::try_from(dice.roll(256)).unwrap();
        }
        bytes.truncate(bytes.len() - dice.roll(2) * dice.roll(bytes.len()));
        if let Ok(document) = Fhir::read(&bytes) {
            drop(document.parts(&[], Some(0)));
        }
    }
}
