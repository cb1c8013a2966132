//! A patient says who they are, measures, and takes over what other documents say.

use std::cell::Cell;

use medkey_client::{
    add_record::PlainFile,
    fault::Fault,
    grant_access::Shared,
    import_document::{Import, original_details},
    list_records::Record,
    ports::{Bytes, Method, WalletError},
    record_vitals::{Decimal, Measured, Sitting, Taken, Vital, read_vitals},
    tell_about_me::{
        AboutMe,
        found::{Found, look_through},
        is_about_me,
    },
};
use medkey_native::world::World;
use medkey_protocol::blocks::Category;

use crate::{
    meddling::Fate,
    people::{DAY, DOCTOR, Member, QUIET, amara, doctor, patient, titled, titles},
};

const DECLINED: Fault = Fault::Wallet(WalletError::Declined);

fn taken(vital: Vital, value: &str, second: Option<&str>) -> Taken {
    let decimal = |text: &str| Decimal::parse(text).unwrap();
    Taken { vital, value: decimal(value), second: second.map(decimal), unit: &vital.units()[0] }
}

fn morning() -> Sitting {
    let taken = vec![taken(Vital::Pressure, "128", Some("82")), taken(Vital::Weight, "72.50", None)];
    Sitting { at: "2026-11-20T07:12:00Z".into(), taken }
}

async fn vitals_of(member: &Member, record: &Record) -> Vec<Measured> {
    read_vitals(&member.bytes_of(record).await)
}

#[tokio::test]
async fn what_was_measured_at_once_is_one_record_that_can_be_put_right_and_removed() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    patient.app.record_vitals(&patient.me, &morning(), QUIET).await.unwrap();
    let records = patient.records().await;
    assert_eq!(titles(&records), ["Blood pressure, weight", "About me"]);
    let record = &records.records[0];
    assert_eq!(record.folder, patient.folder(Category::Vitals));
    assert_eq!(
        (record.meta.kind.code.as_str(), record.meta.effective.as_deref()),
        ("8716-3", Some("2026-11-20T07:12:00Z"))
    );
    let measured = vitals_of(&patient, record).await;
    assert_eq!(Sitting::of(&measured), Some(morning()));
    assert_eq!(measured[1].words(), "72.50");

    let right = Sitting { taken: vec![taken(Vital::Pressure, "138", Some("82"))], ..morning() };
    patient.app.correct_vitals(&patient.me, record, &right, QUIET).await.unwrap();
    let corrected = patient.records().await;
    assert_eq!(titles(&corrected), ["Blood pressure", "About me"]);
    assert_eq!(corrected.records[0].meta.amends, Some(record.id));
    assert_eq!(vitals_of(&patient, &corrected.records[0]).await[0].words(), "138/82");
    // Another device still shows the wrong entry.
    let late = patient.app.correct_vitals(&patient.me, record, &morning(), QUIET).await.unwrap_err();
    assert_eq!(late, Fault::RecordChanged);

    patient.app.remove_record(&patient.me, corrected.records[0].manifest, QUIET).await.unwrap();
    assert_eq!(titles(&patient.records().await), ["About me"]);
}

#[tokio::test]
async fn a_doctor_reads_what_is_measured_in_the_folder_that_was_shared() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.app.record_vitals(&patient.me, &morning(), QUIET).await.unwrap();
    patient.grant(&doctor, DAY).await.unwrap();
    assert!(titles(&doctor.open(&patient).await.unwrap().records).is_empty(), "the laboratory's folder only");
    let shared = Shared::Folder(patient.folder(Category::Vitals));
    patient.decide(&doctor, shared, DAY).await.unwrap();
    let chart = doctor.open(&patient).await.unwrap();
    let record = titled(&chart.records, "Blood pressure, weight");
    assert_eq!(Sitting::of(&vitals_of(&doctor, record).await), Some(morning()));
}

#[tokio::test]
async fn who_declines_has_measured_and_told_nothing_and_a_lost_connection_comes_back() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let before = patient.chart().await.entries;
    let more = AboutMe { email: "amara@example.org".into(), ..amara() };

    patient.hand().decline(true);
    assert_eq!(patient.app.record_vitals(&patient.me, &morning(), QUIET).await.unwrap_err(), DECLINED);
    let records = patient.records().await;
    assert_eq!(patient.app.tell_anew(&patient.me, &more, &records, QUIET).await.unwrap_err(), DECLINED);
    patient.hand().decline(false);
    assert_eq!(patient.chart().await.entries, before);
    assert_eq!(patient.app.read_about_me(&records).await.unwrap(), Some(amara()));

    // A part that is lost on the way up is sent once more.
    let first = Cell::new(true);
    patient.wire().meddle(
        move |method, _| {
            if method == Method::Put && first.replace(false) { Fate::Lost } else { Fate::Arrives }
        },
    );
    patient.app.tell_anew(&patient.me, &more, &records, QUIET).await.unwrap();
    assert_eq!(patient.app.read_about_me(&patient.records().await).await.unwrap(), Some(more));
}

/// What the other device told is not overwritten by what this one read before.
#[tokio::test]
async fn of_two_devices_that_tell_at_once_the_second_is_told() {
    let world = World::start().await.unwrap();
    let phone = patient(&world).await;
    let laptop = phone.elsewhere(&world).await;
    let seen = phone.records().await;
    let on_laptop = AboutMe { phone: "112".into(), ..amara() };
    laptop.app.tell_anew(&laptop.me, &on_laptop, &laptop.records().await, QUIET).await.unwrap();
    let late = phone.app.tell_anew(&phone.me, &AboutMe { email: "a@b.c".into(), ..amara() }, &seen, QUIET).await;
    assert_eq!(late.unwrap_err(), Fault::RecordChanged);
    let records = phone.records().await;
    assert_eq!(phone.app.read_about_me(&records).await.unwrap(), Some(on_laptop));
    assert_eq!(records.records.iter().filter(|record| is_about_me(record)).count(), 1);
}

const DOCUMENT: &str = r#"{"resourceType":"Bundle","type":"document","entry":[
    {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","name":[{"given":["Amara"],"family":"Osei"}],
        "birthDate":"1984-07-02","address":[{"line":["Am Markt 4"],"city":"Hamburg"}]}},
    {"resource":{"resourceType":"AllergyIntolerance","patient":{"reference":"urn:uuid:p"},"criticality":"high",
        "code":{"coding":[{"system":"http://snomed.info/sct","code":"91936005","display":"Allergy to penicillin"}]}}},
    {"resource":{"resourceType":"Condition","subject":{"reference":"urn:uuid:p"},"code":{"text":"Pneumonia"},
        "clinicalStatus":{"coding":[{"code":"resolved"}]}}},
    {"resource":{"resourceType":"Observation","status":"final","subject":{"reference":"urn:uuid:p"},
        "code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"effectiveDateTime":"2019-05-01",
        "valueQuantity":{"value":71.80,"unit":"kg","code":"kg"}}}]}"#;

fn suggested(found: &Found) -> Vec<usize> {
    (0..found.findings.len()).filter(|at| found.findings[*at].suggested).collect()
}

#[tokio::test]
async fn a_document_is_taken_over_in_one_transaction_and_nothing_of_it_is_lost() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let about = patient.app.read_about_me(&patient.records().await).await.unwrap().unwrap();
    let found = look_through(DOCUMENT.as_bytes(), &about, &[]).unwrap();
    let chosen = suggested(&found);
    assert_eq!(chosen.len(), 3, "address, allergy, weight");
    let details = original_details("summary.json".into());
    let plain = PlainFile { source: Bytes::from(DOCUMENT.as_bytes().to_vec()), details };
    let original = patient.app.store_file(patient.address(), plain, QUIET).await.unwrap();
    let import = Import { found: &found, chosen: &chosen, about: &about, original: Some(&original) };
    let take_over = async || {
        let records = patient.records().await;
        patient.app.import_document(&patient.me, import, &records, QUIET).await
    };
    patient.hand().decline(true);
    assert_eq!(take_over().await.unwrap_err(), DECLINED);
    patient.hand().decline(false);
    let transactions = patient.hand().transactions();
    take_over().await.unwrap();
    assert_eq!(patient.hand().transactions(), transactions + 1);

    let records = patient.records().await;
    let mut all = titles(&records);
    all.sort_unstable();
    assert_eq!(all, ["About me", "Imported health record", "Imported measurements"]);
    let kept = titled(&records, "Imported health record");
    assert_eq!(kept.folder, patient.folder(Category::Private));
    assert_eq!(patient.bytes_of(kept).await, DOCUMENT.as_bytes());
    let vitals = titled(&records, "Imported measurements");
    assert_eq!(vitals.folder, patient.folder(Category::Vitals));
    assert_eq!(vitals_of(&patient, vitals).await[0].words(), "71.80");
    let told = patient.app.read_about_me(&records).await.unwrap().unwrap();
    assert_eq!((told.name.as_str(), told.address.as_str()), ("Amara Osei", "Am Markt 4, Hamburg"));
    assert_eq!(told.emergency.allergies, ["Allergy to penicillin"]);
    assert!(told.document.contains("91936005") && !told.document.contains("Pneumonia"));

    // Another field is told anew: the allergy keeps its code.
    let moved = AboutMe { phone: "112".into(), ..told };
    patient.app.tell_anew(&patient.me, &moved, &records, QUIET).await.unwrap();
    let told = patient.app.read_about_me(&patient.records().await).await.unwrap().unwrap();
    assert!(told.document.contains("91936005") && told.document.contains("\"criticality\":\"high\""));
    let again = look_through(DOCUMENT.as_bytes(), &told, &vitals_of(&patient, vitals).await).unwrap();
    assert!(suggested(&again).is_empty(), "all of it is known by now");
}
