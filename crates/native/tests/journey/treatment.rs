//! A patient asks doctors for treatment, and they answer: both sides see the same.

use medkey_client::{
    RecordKind,
    add_record::{Details, Filed, PlainFile, StoredRecord},
    ask_for_treatment::{Asked, Complaint, is_treatment},
    fault::{Fault, Refusal},
    grant_access::Shared,
    ports::{Bytes, Ports, WalletError},
    read_treatments::{How, Treatment, TreatmentState, treatments},
    tell_about_me::{FHIR_JSON, FHIR_TYPES},
    verify_member::Why,
    write_entries::{Entry, Note, Plan, Prescription},
};
use medkey_native::world::World;
use medkey_protocol::{Address, Digest, FolderId, Scope, blocks::Category, ids::RAW};

use crate::people::{DAY, DOCTOR, Member, QUIET, SECOND, amara, app_of, doctor, patient, stranger, titles};

const THIRD: u32 = 8;

fn complaint() -> Complaint {
    Complaint {
        words: "Chest feels tight on stairs since last week.\nIt goes away when I rest.".into(),
        since: "last week".into(),
        specialty: "Cardiology".into(),
        hospital: "Charité".into(),
    }
}

impl Member {
    async fn stored(&self) -> StoredRecord {
        self.app.store_complaint(&self.me, &amara(), &complaint(), QUIET).await.unwrap()
    }

    async fn send(&self, record: &StoredRecord, doctors: &[&Member], folders: &[FolderId]) -> Result<Filed, Fault> {
        let doctors: Vec<Address> = doctors.iter().map(|doctor| doctor.address()).collect();
        let expiry = self.chart().await.time + DAY;
        let asked = Asked { doctors: &doctors, folders, expiry };
        self.app.ask_for_treatment(&self.me, &amara(), record, &asked, QUIET).await
    }

    /// Asks, and gives what an answer names.
    pub async fn ask(&self, doctors: &[&Member], folders: &[FolderId]) -> Digest {
        let filed = self.send(&self.stored().await, doctors, folders).await.unwrap();
        filed.manifest
    }

    /// The only request, as the patient sees it.
    pub async fn asked(&self) -> Treatment {
        let read = self.chart().await;
        let records = self.app.list_records(&self.me, &read).await.unwrap();
        let mut found = self.app.list_treatments(&self.me, &read, &records).await.unwrap();
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    /// What became of the only request that this doctor sees.
    async fn sees(&self, patient: &Member) -> TreatmentState {
        let opened = self.open(patient).await.unwrap();
        let found = treatments(&opened.read, &opened.records);
        assert_eq!(found.len(), 1);
        found[0].state
    }

    async fn prescribes(&self, patient: &Member, request: Digest) {
        let prescription = Prescription { medicine: "Ramipril 5 mg".into(), ..Prescription::default() };
        let prescription = Entry::Prescription(prescription);
        self.app.write_entry(&self.me, patient.address(), prescription, Some(request), QUIET).await.unwrap();
    }

    async fn notes(&self, patient: &Member, title: &str, request: Option<Digest>) -> Result<Filed, Fault> {
        let note = Note { title: title.into(), text: "Please come in on Thursday.".into() };
        self.app.write_entry(&self.me, patient.address(), Entry::Note(note), request, QUIET).await
    }
}

/// The blocks of bodies that were sent, each as often as it was.
fn bodies(member: &Member) -> usize {
    member.wire().sent().iter().filter(|link| link.codec() == RAW).count()
}

#[tokio::test]
async fn a_request_is_one_transaction_and_only_those_who_are_asked_read_it() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (asked, other) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    patient.add("Letter", b"Dear colleague", Category::General).await;
    let general = patient.folder(Category::General);
    patient.decide(&other, Shared::Folder(general), DAY).await.unwrap();

    let record = patient.stored().await;
    let before = patient.hand().transactions();
    patient.send(&record, &[&asked], &[general]).await.unwrap();
    assert_eq!(patient.hand().transactions(), before + 1);

    let opened = asked.open(&patient).await.unwrap();
    let title = complaint().title();
    assert_eq!(titles(&opened.records), [title.as_str(), "Letter", "About me"]);
    let request = opened.records.records.iter().find(|record| is_treatment(record)).unwrap();
    assert_eq!(request.folder, patient.folder(Category::Private));
    let document = serde_json::from_slice(&asked.bytes_of(request).await).unwrap();
    assert_eq!(Complaint::from_fhir(&document), Some(complaint()));

    // Somebody who reads the folder General reads the letter, and nothing of the complaint.
    let opened = other.open(&patient).await.unwrap();
    assert_eq!(titles(&opened.records), ["Letter", "About me"]);
    assert!(treatments(&opened.read, &opened.records).is_empty());
    assert!(patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap().is_empty());
}

#[tokio::test]
async fn it_turns_from_pending_to_what_answers_it_on_both_sides() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let request = patient.ask(&[&doctor], &[]).await;
    assert_eq!(patient.asked().await.request, request);
    assert_eq!(
        (patient.asked().await.state, doctor.sees(&patient).await),
        (TreatmentState::Pending, TreatmentState::Pending)
    );

    // What answers nothing changes nothing.
    doctor.notes(&patient, "Something else", None).await.unwrap();
    assert_eq!(patient.asked().await.state, TreatmentState::Pending);

    doctor.notes(&patient, "Come in", Some(request)).await.unwrap();
    assert_eq!(patient.asked().await.state, TreatmentState::Answered(How::Answered));
    let plan = Plan { title: "Less strain".into(), activities: vec!["Walk".into()], ..Plan::default() };
    doctor.app.write_entry(&doctor.me, patient.address(), Entry::Plan(plan), Some(request), QUIET).await.unwrap();
    assert_eq!(patient.asked().await.state, TreatmentState::Answered(How::Planned));
    doctor.prescribes(&patient, request).await;
    let now = patient.asked().await;
    assert_eq!(now.state, TreatmentState::Answered(How::Prescribed));
    let by: Vec<_> = now.answers.iter().map(|answer| (answer.title.as_str(), answer.author)).collect();
    let me = doctor.address();
    assert_eq!(by, [("Come in", me), ("Less strain", me), ("Ramipril 5 mg", me)]);

    // The doctor reads neither folder, and knows the own answers by the copies that every author keeps.
    let opened = doctor.open(&patient).await.unwrap();
    let mut records = opened.records;
    let dealings = doctor.app.dealings().await.unwrap();
    records.records.extend(doctor.app.list_delivered(&doctor.me, &dealings).await.unwrap().records);
    assert_eq!(treatments(&opened.read, &records)[0].state, TreatmentState::Answered(How::Prescribed));
}

#[tokio::test]
async fn a_plan_is_a_care_plan_with_what_to_do() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let plan = Plan {
        title: "Less strain".into(),
        activities: vec!["Walk every day".into(), "Less salt".into()],
        until: "2027-03-01".into(),
        advice: "Call when it gets worse.".into(),
    };
    doctor.app.write_entry(&doctor.me, patient.address(), Entry::Plan(plan), None, QUIET).await.unwrap();
    let records = patient.records().await;
    let record = &records.records[0];
    assert_eq!((record.folder, record.meta.kind.code.as_str()), (patient.folder(Category::Prescriptions), "CarePlan"));
    let document: serde_json::Value = serde_json::from_slice(&patient.bytes_of(record).await).unwrap();
    assert_eq!(document["title"], "Less strain");
    assert_eq!(document["activity"][1]["detail"]["description"], "Less salt");
    assert_eq!(document["period"]["end"], "2027-03-01");
    assert_eq!(document["note"][0]["text"], "Call when it gets worse.");
}

#[tokio::test]
async fn of_two_who_are_asked_one_answers() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (first, second) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    let general = patient.folder(Category::General);
    let before = patient.hand().transactions();
    let request = patient.ask(&[&first, &second], &[general]).await;
    assert_eq!(patient.hand().transactions(), before + 1);
    assert_eq!(patient.asked().await.asked.len(), 2);
    second.notes(&patient, "Come in", Some(request)).await.unwrap();
    // Both read the folder that the note is in, so that all three see it.
    for state in [patient.asked().await.state, first.sees(&patient).await, second.sees(&patient).await] {
        assert_eq!(state, TreatmentState::Answered(How::Answered));
    }
    assert_eq!(patient.asked().await.answers[0].author, second.address());
}

#[tokio::test]
async fn nobody_answers_who_was_not_asked() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (asked, other) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    let general = patient.folder(Category::General);
    let request = patient.ask(&[&asked], &[general]).await;

    // Another doctor, who learnt the digest from the chain.
    other.notes(&patient, "Not asked", Some(request)).await.unwrap();
    // The patient herself, with a record of her own.
    let details = Details {
        title: "Forged".into(),
        kind: RecordKind {
            system: FHIR_TYPES.into(),
            code: "MedicationRequest".into(),
            display: "Prescription".into(),
        },
        media_type: FHIR_JSON.into(),
        file_name: "prescription.json".into(),
        effective: None,
        amends: None,
        answers: Some(request),
    };
    let file = PlainFile { source: Bytes::from(b"{}".to_vec()), details };
    patient.app.add_record(&patient.me, file, general, QUIET).await.unwrap();
    assert_eq!(patient.asked().await.state, TreatmentState::Pending);
    assert_eq!(asked.sees(&patient).await, TreatmentState::Pending);

    // Somebody who is asked only afterwards has not answered before.
    let read = patient.chart().await;
    let records = patient.app.list_records(&patient.me, &read).await.unwrap();
    let record = records.records.iter().find(|record| is_treatment(record)).unwrap();
    patient.decide(&other, Shared::Record(record), DAY).await.unwrap();
    assert_eq!(patient.asked().await.state, TreatmentState::Pending);
    other.notes(&patient, "Asked now", Some(request)).await.unwrap();
    assert_eq!(patient.asked().await.answers.len(), 1);
}

#[tokio::test]
async fn request_and_answer_stay_what_they_are_when_the_patient_files_them_anew() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.ask(&[&doctor], &[patient.folder(Category::General)]).await;
    let records = patient.records().await;
    let record = records.records.iter().find(|record| is_treatment(record)).unwrap();
    patient.app.rename_record(&patient.me, record, "My chest", QUIET).await.unwrap();
    let renamed = patient.asked().await;
    assert_eq!(renamed.title, "My chest");
    assert_ne!(renamed.manifest, renamed.request);

    // Who answers names the first manifest, whatever it is called now; the doctor reads it where it is now.
    let opened = doctor.open(&patient).await.unwrap();
    let seen = treatments(&opened.read, &opened.records);
    assert_eq!((seen[0].title.as_str(), seen[0].request), ("My chest", renamed.request));
    doctor.notes(&patient, "Come in", Some(seen[0].request)).await.unwrap();
    let records = patient.records().await;
    let answer = records.records.iter().find(|record| record.meta.title == "Come in").unwrap();
    patient.app.move_record(&patient.me, answer, patient.folder(Category::Vitals), QUIET).await.unwrap();
    let now = patient.asked().await;
    assert_eq!(now.state, TreatmentState::Answered(How::Answered));
    assert_eq!(now.answers[0].author, doctor.address());

    // Another note of the doctor's does not become an answer by being filed anew.
    doctor.notes(&patient, "Unrelated", None).await.unwrap();
    let records = patient.records().await;
    let unrelated = records.records.iter().find(|record| record.meta.title == "Unrelated").unwrap();
    patient.app.rename_record(&patient.me, unrelated, "Renamed", QUIET).await.unwrap();
    assert_eq!(patient.asked().await.answers.len(), 1);
}

#[tokio::test]
async fn a_request_is_withdrawn_with_what_came_along_or_without() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let (general, laboratory) = (patient.folder(Category::General), patient.laboratory());
    // The laboratory was shared before, and longer.
    patient.decide(&doctor, Shared::Folder(laboratory), 30 * DAY).await.unwrap();
    patient.ask(&[&doctor], &[general, laboratory]).await;
    let longer = patient.chart().await.state.grant(doctor.address(), Scope::from(laboratory)).unwrap().expiry;
    assert!(longer > patient.chart().await.time + 20 * DAY, "nobody loses time by a request");
    doctor.open(&patient).await.unwrap();

    let request = patient.asked().await;
    let came_along: Vec<Scope> = request.came_along(&patient.chart().await.state).map(|grant| grant.scope).collect();
    assert_eq!(came_along, [Scope::from(general)]);
    let before = patient.hand().transactions();
    patient.app.withdraw_treatment(&patient.me, &request, true, QUIET).await.unwrap();
    assert_eq!(patient.hand().transactions(), before + 1);
    assert!(matches!(patient.asked().await.state, TreatmentState::Withdrawn(Some(_))));
    let opened = doctor.open(&patient).await.unwrap();
    assert!(opened.records.records.is_empty());
    let live: Vec<Scope> =
        patient.chart().await.state.live_grants(patient.chart().await.time).map(|one| one.scope).collect();
    assert_eq!(live, [Scope::from(laboratory)]);
    // The folder has a key that the doctor does not hold.
    assert!(patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap().is_empty());
    // What is gone is not taken back twice.
    let again = patient.app.withdraw_treatment(&patient.me, &request, true, QUIET).await.unwrap_err();
    assert_eq!(again, Fault::RecordChanged);
    // Whoever answers what was withdrawn answers nothing.
    doctor.notes(&patient, "Too late", Some(request.request)).await.unwrap();
    assert!(matches!(patient.asked().await.state, TreatmentState::Withdrawn(_)));
}

#[tokio::test]
async fn revoking_everybody_withdraws_and_time_that_ran_out_can_be_given_again() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let general = patient.folder(Category::General);
    let request = patient.ask(&[&doctor], &[general]).await;
    world.pass(2 * DAY).await.unwrap();
    assert_eq!(patient.asked().await.state, TreatmentState::Ended);

    let ended = patient.asked().await;
    let records = patient.records().await;
    let record = records.records.iter().find(|record| is_treatment(record)).unwrap();
    let expiry = patient.chart().await.time + DAY;
    let before = patient.hand().transactions();
    patient.app.extend_treatment(&patient.me, &amara(), (&ended, record), expiry, QUIET).await.unwrap();
    assert_eq!(patient.hand().transactions(), before + 1);
    assert_eq!(
        (patient.asked().await.state, doctor.sees(&patient).await),
        (TreatmentState::Pending, TreatmentState::Pending)
    );
    let until = patient.chart().await.state.grant(doctor.address(), Scope::from(general)).unwrap().expiry;
    assert_eq!(until, expiry);

    let scope = patient.asked().await.scope();
    patient.app.revoke_access(&patient.me, doctor.address(), scope, &[], QUIET).await.unwrap();
    assert!(matches!(patient.asked().await.state, TreatmentState::Withdrawn(Some(_))));
    doctor.notes(&patient, "Too late", Some(request)).await.unwrap();
    assert!(matches!(patient.asked().await.state, TreatmentState::Withdrawn(_)));
}

#[tokio::test]
async fn who_declined_tries_again_and_uploads_nothing_twice() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let record = patient.stored().await;
    let uploaded = bodies(&patient);
    patient.hand().decline(true);
    let declined = patient.send(&record, &[&doctor], &[patient.laboratory()]).await.unwrap_err();
    assert_eq!(declined, Fault::Wallet(WalletError::Declined));
    assert!(patient.chart().await.state.grants.is_empty());
    patient.hand().decline(false);
    patient.send(&record, &[&doctor], &[patient.laboratory()]).await.unwrap();
    assert_eq!(bodies(&patient), uploaded);
    assert_eq!(patient.asked().await.state, TreatmentState::Pending);
}

#[tokio::test]
async fn a_card_that_changes_on_another_device_meanwhile_is_sealed_to_anew() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (doctor, other) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    let elsewhere = patient.elsewhere(&world).await;
    let record = patient.stored().await;
    let pause = patient.hand().pause();
    let laboratory = patient.laboratory();
    let private = patient.folder(Category::Private);
    let (doctors, folders) = ([&doctor], [laboratory]);
    let sending = patient.send(&record, &doctors, &folders);
    let (sent, _) = tokio::join!(sending, pause.meanwhile(elsewhere.decide(&other, Shared::Folder(laboratory), DAY)));
    sent.unwrap();
    assert_eq!(doctor.sees(&patient).await, TreatmentState::Pending);
    assert!(patient.records().await.records.iter().any(|record| record.folder == private && is_treatment(record)));
    // Both doctors hold the folder.
    patient.add("TSH", b"2.1", Category::Laboratory).await;
    for reader in [&doctor, &other] {
        let opened = reader.open(&patient).await.unwrap();
        assert!(opened.records.records.iter().any(|record| record.meta.title == "TSH"));
    }
}

#[tokio::test]
async fn somebody_who_is_suspended_meanwhile_cannot_be_asked() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (well, suspended) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, THIRD, "Dr. Gone").await);
    let record = patient.stored().await;
    let registrar = stranger(&world, World::REGISTRAR);
    registrar.suspend_member(suspended.address(), Why::Licence, QUIET).await.unwrap();
    let before = patient.hand().transactions();
    let refused = patient.send(&record, &[&well, &suspended], &[]).await.unwrap_err();
    assert_eq!(refused, Refusal::NotVerified.into());
    assert_eq!(patient.hand().transactions(), before);
    patient.send(&record, &[&well], &[]).await.unwrap();
    assert_eq!(patient.asked().await.asked.len(), 1);
}

#[tokio::test]
async fn a_draft_outlives_a_reload_and_a_renewed_vault_and_says_nothing_to_the_device() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let words = complaint().words;
    patient.app.keep_draft(&patient.me, "treatment", words.as_bytes()).await.unwrap();
    patient.app.keep_draft(&patient.me, "another", b"else").await.unwrap();
    let (app, me) = (app_of(&world, patient.app.ports().reloaded()), patient.app.unlock(|_| {}).await.unwrap());
    assert_eq!(app.open_draft(&me, "treatment").await.unwrap().unwrap().as_slice(), words.as_bytes());

    // Neither the names on the device nor the bytes under them tell anything.
    let kept = format!("{:?}", app.ports().device());
    let bytes = format!("{:?}", b"Chest");
    assert!(kept.contains("kept ") && !kept.contains("treatment"));
    assert!(!kept.contains(bytes.trim_matches(['[', ']'])));
    let (patient, _) = patient.renewed().await;
    let kept = patient.app.open_draft(&patient.me, "treatment").await.unwrap();
    assert_eq!(kept.unwrap().as_slice(), words.as_bytes());
    patient.app.forget_draft(&patient.me, "treatment").await.unwrap();
    assert_eq!(patient.app.open_draft(&patient.me, "treatment").await.unwrap(), None);
    assert_eq!(patient.app.open_draft(&patient.me, "another").await.unwrap().unwrap().as_slice(), b"else");
}
