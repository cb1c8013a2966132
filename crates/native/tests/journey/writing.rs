//! A doctor writes several entries at once, and amends one: what is filed where, in how many transactions, and what each
//! resource says.

use medkey_client::{
    fault::{Fault, RelayError},
    list_records::Records,
    ports::{Method, WalletError},
    read_treatments::{How, TreatmentState},
    write_entries::{Certainty, Diagnosis, Entry, Note, Plan, Prescription, Standing, Writing},
};
use medkey_native::world::World;
use medkey_protocol::{
    Digest,
    blocks::Category,
    ids::{DAG_PB, RAW},
};
use serde_json::Value;

use crate::{
    meddling::Fate,
    people::{DOCTOR, Member, QUIET, doctor, patient, titled, titles},
};

fn note() -> Entry {
    Entry::Note(Note { title: "Visit".into(), text: "Pressure 168/101, twice.".into() })
}

fn diagnosis() -> Diagnosis {
    Diagnosis {
        name: "Arterial hypertension".into(),
        code: "I10".into(),
        onset: "2026-11-20".into(),
        ..Diagnosis::default()
    }
}

fn prescription() -> Prescription {
    Prescription {
        medicine: "Ramipril 5 mg".into(),
        dose: "1 tablet".into(),
        route: "by mouth".into(),
        frequency: "in the morning".into(),
        days: 90,
        advice: String::new(),
    }
}

fn plan() -> Plan {
    Plan { title: "Less pressure".into(), activities: vec!["Walk".into()], ..Plan::default() }
}

fn all(answers: Option<Digest>) -> Vec<Writing> {
    let private = Writing { category: Category::Private, ..Writing::new(Entry::Diagnosis(diagnosis()), None) };
    vec![
        Writing::new(Entry::Prescription(prescription()), answers),
        Writing::new(note(), answers),
        private,
        Writing::new(Entry::Plan(plan()), None),
    ]
}

async fn says(reader: &Member, records: &Records, title: &str) -> Value {
    serde_json::from_slice(&reader.bytes_of(titled(records, title)).await).unwrap()
}

/// How many blocks of files somebody has sent.
fn of_files(member: &Member) -> usize {
    member.wire().sent().iter().filter(|link| [RAW, DAG_PB].contains(&link.codec())).count()
}

#[tokio::test]
async fn what_was_written_in_one_sitting_is_filed_in_one_transaction() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let request = patient.ask(&[&doctor], &[]).await;

    let before = doctor.hand().transactions();
    let written = all(Some(request));
    let filed = doctor.app.write_entries(&doctor.me, patient.address(), &written, QUIET).await.unwrap();
    assert_eq!((filed.len(), doctor.hand().transactions()), (4, before + 1));

    let records = patient.records().await;
    for (title, category, kind) in [
        ("Ramipril 5 mg", Category::Prescriptions, "MedicationRequest"),
        ("Visit", Category::General, "DocumentReference"),
        ("Arterial hypertension", Category::Private, "Condition"),
        ("Less pressure", Category::Prescriptions, "CarePlan"),
    ] {
        let record = titled(&records, title);
        assert_eq!((record.folder, record.meta.kind.code.as_str()), (patient.folder(category), kind), "{title}");
        assert!(record.author == doctor.address() && !record.differs);
    }
    // Of the answers in one transaction the prescription says most, though the note came after it.
    let asked = patient.asked().await;
    assert_eq!(asked.state, TreatmentState::Answered(How::Prescribed));
    let answers: Vec<&str> = asked.answers.iter().map(|answer| answer.title.as_str()).collect();
    assert_eq!(answers, ["Ramipril 5 mg", "Visit"]);
    // A correction answers in the place of what it corrects.
    let former = titled(&records, "Ramipril 5 mg");
    let less = Entry::Prescription(Prescription { medicine: "Ramipril 2.5 mg".into(), ..prescription() });
    let copies = doctor.app.list_delivered(&doctor.me, &doctor.app.dealings().await.unwrap()).await.unwrap();
    let own = titled(&copies, "Ramipril 5 mg");
    assert_eq!(own.id, former.id);
    let stored = doctor.app.store_amended(&doctor.me, own, (&less, Standing::Holds), QUIET).await.unwrap();
    doctor.app.file_amendment(&doctor.me, own, &stored, QUIET).await.unwrap();
    let asked = patient.asked().await;
    assert_eq!(asked.state, TreatmentState::Answered(How::Prescribed));
    let answers: Vec<&str> = asked.answers.iter().map(|answer| answer.title.as_str()).collect();
    assert_eq!(answers, ["Visit", "Ramipril 2.5 mg"]);

    let condition = says(&patient, &records, "Arterial hypertension").await;
    assert_eq!(condition["code"]["text"], "Arterial hypertension");
    assert_eq!(condition["code"]["coding"][0]["system"], "http://hl7.org/fhir/sid/icd-10");
    assert_eq!(condition["clinicalStatus"]["coding"][0]["code"], "active");
    assert_eq!(condition["verificationStatus"]["coding"][0]["code"], "confirmed");
    assert_eq!(condition["onsetDateTime"], "2026-11-20");
    let medicine = says(&patient, &records, "Ramipril 5 mg").await;
    assert_eq!(medicine["dosageInstruction"][0]["route"]["text"], "by mouth");
    assert_eq!(medicine["subject"]["identifier"]["value"], patient.address().to_string());
}

#[tokio::test]
async fn who_declines_files_nothing_and_uploads_nothing_again() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let written = all(None);

    // A part that is lost on the way up is sent once more.
    let lose_one =
        |member: &Member| {
            let first = std::cell::Cell::new(true);
            member.wire().meddle(move |method, _| {
                if method == Method::Put && first.replace(false) { Fate::Lost } else { Fate::Arrives }
            });
        };
    lose_one(&doctor);
    let stored = doctor.app.store_entries(patient.address(), &written, QUIET).await.unwrap();
    let uploaded = of_files(&doctor);
    let file = async || doctor.app.file_entries(&doctor.me, patient.address(), (&written, &stored), QUIET).await;

    doctor.hand().decline(true);
    assert_eq!(file().await.unwrap_err(), Fault::Wallet(WalletError::Declined));
    doctor.hand().decline(false);
    assert_eq!(titles(&patient.records().await), ["About me"]);

    lose_one(&doctor);
    let cut_off = file().await.unwrap_err();
    assert!(matches!(cut_off, Fault::Relay(RelayError::Disconnected(_))), "{cut_off:?}");
    file().await.unwrap();
    assert_eq!(of_files(&doctor), uploaded);
    assert_eq!(patient.records().await.records.len(), 5);
}

#[tokio::test]
async fn an_amended_entry_names_the_former_one_as_fhir_does() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    doctor.app.write_entries(&doctor.me, patient.address(), &all(None), QUIET).await.unwrap();
    let copies = doctor.app.list_delivered(&doctor.me, &doctor.app.dealings().await.unwrap()).await.unwrap();
    let amend = async |title: &str, entry: Entry, standing: Standing| {
        let former = titled(&copies, title);
        let (says, was) = Entry::read(&doctor.bytes_of(former).await).unwrap();
        assert_eq!((says.title(), was), (title, Standing::Holds));
        let stored = doctor.app.store_amended(&doctor.me, former, (&entry, standing), QUIET).await.unwrap();
        doctor.app.file_amendment(&doctor.me, former, &stored, QUIET).await.unwrap();
        former.id.to_string()
    };

    let more = Note { title: "Visit, with the ECG".into(), text: "No findings.".into() };
    let note = amend("Visit", Entry::Note(more), Standing::Holds).await;
    let refuted = Diagnosis { name: "White coat".into(), certainty: Certainty::Refuted, ..diagnosis() };
    let condition = amend("Arterial hypertension", Entry::Diagnosis(refuted), Standing::Holds).await;
    let less = Prescription { medicine: "Ramipril 2.5 mg".into(), ..prescription() };
    let medicine = amend("Ramipril 5 mg", Entry::Prescription(less), Standing::Stopped).await;
    let other = Plan { title: "Other plan".into(), ..plan() };
    let plan = amend("Less pressure", Entry::Plan(other), Standing::Mistaken).await;

    let records = patient.records().await;
    let urn = |id: &str| format!("urn:medkey:record:{id}");
    let said = says(&patient, &records, "Visit, with the ECG").await;
    assert_eq!(said["relatesTo"][0]["code"], "replaces");
    assert_eq!(said["relatesTo"][0]["target"]["reference"], urn(&note));
    assert_eq!((&said["status"], &said["docStatus"]), (&"current".into(), &"amended".into()));
    let said = says(&patient, &records, "White coat").await;
    assert_eq!((&said["identifier"][0]["use"], &said["identifier"][0]["value"]), (&"old".into(), &condition.into()));
    assert_eq!(said["verificationStatus"]["coding"][0]["code"], "refuted");
    let said = says(&patient, &records, "Ramipril 2.5 mg").await;
    assert_eq!((&said["priorPrescription"]["reference"], &said["status"]), (&urn(&medicine).into(), &"stopped".into()));
    let said = says(&patient, &records, "Other plan").await;
    assert_eq!((&said["replaces"][0]["reference"], &said["status"]), (&urn(&plan).into(), &"entered-in-error".into()));
    for (new, old) in [("Visit, with the ECG", "Visit"), ("White coat", "Arterial hypertension")] {
        let (new, old) = (titled(&records, new), titled(&records, old));
        assert!(new.corrects(old) && new.folder == old.folder);
    }
}
