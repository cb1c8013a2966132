//! The story that Medkey is for, from the first hospital to the last revocation.

use medkey_client::{
    Asking,
    chart::Answer,
    connect::Known,
    fault::{Fault, Refusal, RelayError},
    grant_access::{Decision, Shared},
    people::Standing,
    read_timeline::Happening,
    register::Joining,
    tell_about_me::{AboutMe, Contact, Emergency},
    verify_member::Why,
    write_entries::{Entry, Note, Prescription},
};
use medkey_crypto::{
    manifest::{Reader, open_manifest},
    ring,
};
use medkey_native::world::World;
use medkey_protocol::{
    Scope, SolCall,
    api::{ErrorCode, Role, Status},
    blocks::{Category, Manifest, Ring},
    chart::ChartEvent,
    contract::ICharts,
};

use crate::people::{
    DAY, DOCTOR, LAB, Left, Member, PATIENT, QUIET, SECOND, amara, bytes, charite, complete, doctor, file, hand, join,
    kept_vault, lab, lab_report, patient, profile, sent, stranger, titled, titles,
};

#[tokio::test]
async fn somebody_registers_and_says_who_she_is() {
    let world = World::start().await.unwrap();
    let app = stranger(&world, PATIENT);
    assert_eq!(app.connect().await.unwrap(), Known::Stranger);

    let vault = app.make_vault();
    let third = vault.groups()[3].clone();
    let Err((vault, wrong)) = vault.typed_back([(3, &third), (5, "AAAAA")]) else { panic!("a wrong group was right") };
    assert_eq!(wrong, 5);
    let [_, second, .., last] = vault.groups();
    // As people type: in small letters, with blanks.
    let typed = format!(" {} ", second.to_lowercase());
    let Ok(vault) = vault.typed_back([(1, &typed), (7, &last)]) else { panic!("the right groups are wrong") };

    let prompts = std::cell::RefCell::new(Vec::new());
    let wallet = app.enrol_wallet(|prompt| prompts.borrow_mut().push(prompt)).await.unwrap();
    assert_eq!(*prompts.borrow(), [1, 2]);
    let me = app.register(&vault, &wallet, &Joining::Patient, QUIET).await.unwrap();
    assert_eq!((hand(&app).texts(), hand(&app).transactions()), (2, 1), "two signatures, one transaction");

    let Known::Member(Standing { role, status, card, .. }) = app.connect().await.unwrap() else { panic!("unknown") };
    assert_eq!((role, status, card), (Role::Patient, Status::Active, me.card().digest.short()));
    assert_eq!(app.folders(&me.card()).len(), Category::ALL.len());

    let member = Member { app, me };
    assert_eq!(member.app.read_about_me(&member.records().await).await.unwrap(), None);
    member.app.tell_about_me(&member.me, &amara(), QUIET).await.unwrap();
    assert_eq!(member.app.read_about_me(&member.records().await).await.unwrap(), Some(amara()));

    // Told anew, in one transaction, what was said before is gone.
    let emergency = Emergency {
        blood_group: "A+".into(),
        allergies: vec!["Penicillin, anaphylaxis".into()],
        contacts: vec![Contact { name: "Kofi Osei".into(), phone: "+49 151 0000".into(), ..Contact::default() }],
        ..Emergency::default()
    };
    let more = AboutMe { emergency, ..amara() };
    let before = member.hand().transactions();
    member.app.tell_anew(&member.me, &more, &member.records().await, QUIET).await.unwrap();
    assert_eq!(member.hand().transactions(), before + 1);
    let records = member.records().await;
    assert_eq!(titles(&records), ["About me"]);
    assert_eq!(member.app.read_about_me(&records).await.unwrap(), Some(more));

    // Once and for all.
    let (vault, _) = kept_vault(&member.app);
    let again = member.app.register(&vault, &wallet, &Joining::Patient, QUIET).await.unwrap_err();
    assert_eq!(again, Fault::Refused(Refusal::AlreadyRegistered));
}

#[tokio::test]
async fn the_registrar_keeps_hospitals_and_verifies_professionals() {
    let world = World::start().await.unwrap();
    let registrar = stranger(&world, World::REGISTRAR);
    assert_eq!(registrar.connect().await.unwrap(), Known::Registrar);
    registrar.add_hospital(&charite(), QUIET).await.unwrap();
    let hospitals = registrar.hospitals().await.unwrap();
    assert_eq!(hospitals.iter().map(|hospital| (hospital.id, hospital.open)).collect::<Vec<_>>(), [(1, true)]);
    assert_eq!(hospitals[0].page, charite());

    let (doctor, _) = join(stranger(&world, DOCTOR), Joining::Doctor(profile("Dr. Lindqvist"), 1)).await;
    let (lab, _) = join(stranger(&world, LAB), Joining::Lab(profile("Labor Berlin"), 0)).await;
    let patient = patient(&world).await;
    let asking = Asking { words: "Check-up".into(), folders: vec![], days: None };
    let pending = doctor.app.request_access(&doctor.me, patient.address(), &asking, QUIET).await.unwrap_err();
    assert_eq!(pending, Fault::Refused(Refusal::NotVerified));

    let candidates = registrar.candidates().await.unwrap();
    let waiting: Vec<_> = candidates.iter().map(|one| (one.entry.member, one.entry.role, one.hospital)).collect();
    assert_eq!(waiting, [(doctor.address(), Role::Doctor, 1), (lab.address(), Role::Lab, 0)]);
    assert_eq!(candidates[0].profile, Some(profile("Dr. Lindqvist")));
    for candidate in &candidates {
        registrar.verify_member(candidate, QUIET).await.unwrap();
    }
    assert!(registrar.candidates().await.unwrap().is_empty());

    let shown = patient.app.professional(doctor.address()).await.unwrap();
    assert_eq!((shown.profile, shown.hospital), (profile("Dr. Lindqvist"), Some(charite())));
    let doctors = patient.app.professionals(Role::Doctor, None).await.unwrap();
    assert_eq!(doctors.iter().map(|doctor| doctor.member).collect::<Vec<_>>(), [doctor.address()]);
    assert_eq!(patient.app.professionals(Role::Doctor, Some(1)).await.unwrap(), doctors);
    assert_eq!(patient.app.professionals(Role::Doctor, Some(2)).await.unwrap(), []);

    // A changed profile is shown once it is verified, and not before.
    let changed = profile("Prof. Lindqvist");
    doctor.app.propose_profile(&doctor.me, &changed, 1, QUIET).await.unwrap();
    assert_eq!(patient.app.professional(doctor.address()).await.unwrap().profile, profile("Dr. Lindqvist"));
    let candidates = registrar.candidates().await.unwrap();
    registrar.verify_member(&candidates[0], QUIET).await.unwrap();
    assert_eq!(patient.app.professional(doctor.address()).await.unwrap().profile, changed);

    let page = medkey_protocol::blocks::HospitalPage { phone: "+49 30 1".into(), ..charite() };
    registrar.edit_hospital(1, &page, QUIET).await.unwrap();
    registrar.close_hospital(1, QUIET).await.unwrap();
    let hospital = patient.app.hospital(1).await.unwrap();
    assert_eq!((hospital.page, hospital.open), (page, false));

    registrar.suspend_member(lab.address(), Why::Licence, QUIET).await.unwrap();
    let report = file("Lipids", lab_report());
    let suspended =
        lab.app.deliver_report(&lab.me, patient.address(), report, Category::Laboratory, QUIET).await.unwrap_err();
    assert_eq!(suspended, Fault::Refused(Refusal::NotVerified));
    registrar.reinstate_member(lab.address(), QUIET).await.unwrap();
    let report = file("Lipids", lab_report());
    lab.app.deliver_report(&lab.me, patient.address(), report, Category::Laboratory, QUIET).await.unwrap();

    let mallory = stranger(&world, SECOND);
    let nobody = mallory.add_hospital(&charite(), QUIET).await.unwrap_err();
    assert_eq!(nobody, Fault::Refused(Refusal::NotRegistrar));
}

#[tokio::test]
async fn a_doctor_asks_reads_and_loses_access_again() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let second = crate::people::doctor(&world, SECOND, "Dr. Sato").await;
    let lab = lab(&world).await;
    let report = lab_report();
    patient.add("Lipids", &report, Category::Laboratory).await;
    let letter = [b"%PDF-1.7\n".as_slice(), &bytes(9_000)].concat();
    patient.add("Letter", &letter, Category::General).await;

    // The doctor asks, the patient reads why and grants.
    let asking = Asking {
        words: "Your lipids before the stress test".into(),
        folders: vec![patient.laboratory()],
        days: Some(30),
    };
    let reason = doctor.app.request_access(&doctor.me, patient.address(), &asking, QUIET).await.unwrap();
    let requests = patient.app.read_requests(&patient.me, &patient.chart().await).await.unwrap();
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].asking.as_ref(), requests[0].asked.answer), (Some(&asking), Answer::Open));
    assert_eq!(requests[0].asked.requester, doctor.address());

    let refused = doctor.open(&patient).await.unwrap_err();
    assert_eq!(refused, Fault::NoKey, "nothing is shared yet");
    let expiry = patient.chart().await.time + 30 * DAY;
    let shared = Shared::Folder(patient.laboratory());
    let decision = Decision { grantees: &[doctor.address()], shared: &[shared], expiry, answers: Some(reason) };
    let before = patient.hand().transactions();
    patient.app.grant_access(&patient.me, &amara(), &decision, QUIET).await.unwrap();
    assert_eq!(patient.hand().transactions(), before + 1, "keys and grant in one transaction");
    assert!(matches!(patient.chart().await.state.requests[0].answer, Answer::Granted(_)));

    // The doctor sees whose chart it is, opens it and reads what is in the folder.
    let dealings = doctor.app.dealings().await.unwrap();
    assert_eq!(dealings.len(), 1);
    assert!(matches!(dealings[0].entries[0].event, ChartEvent::AccessGranted { .. }));
    let before = doctor.hand().transactions();
    let open = doctor.open(&patient).await.unwrap();
    assert_eq!(doctor.hand().transactions(), before + 1, "the visit is logged");
    let told = &open.patient.introduction;
    assert_eq!(
        (told.name.as_str(), told.birth_date.as_str(), told.request),
        ("Amara Osei", "1984-07-02", Some(reason))
    );
    assert_eq!(titles(&open.records), ["Lipids"]);
    assert_eq!(open.records.records[0].author, patient.address());
    assert_eq!(doctor.bytes_of(&open.records.records[0]).await, report);

    // The patient sees it.
    let read = patient.chart().await;
    let timeline = patient.app.read_timeline(&read).await.unwrap();
    let opened = |happening: &Happening| {
        matches!(happening, Happening::Entry(entry)
            if matches!(entry.event, ChartEvent::AccessLogged { grantee, .. } if grantee == doctor.address()))
    };
    let delivered = |happening: &Happening| {
        matches!(happening, Happening::Word(word)
            if word.delivered && word.member == doctor.address() && word.block.digest() == open.records.records[0].manifest)
    };
    assert!(timeline.iter().any(opened) && timeline.iter().any(delivered), "{timeline:?}");

    // The laboratory delivers; the doctor reads it at once, without a new grant or a prompt.
    let fresh = bytes(70_000);
    let delivery = file("HbA1c", fresh.clone());
    lab.app.deliver_report(&lab.me, patient.address(), delivery, Category::Laboratory, QUIET).await.unwrap();
    let before = doctor.hand().transactions();
    let open = doctor.open(&patient).await.unwrap();
    assert_eq!(doctor.hand().transactions(), before, "logged within a day");
    assert_eq!(titles(&open.records), ["HbA1c", "Lipids"]);
    assert_eq!(doctor.bytes_of(&open.records.records[0]).await, fresh);
    assert_eq!(open.records.records[0].author, lab.address());
    let delivered = lab.app.list_delivered(&lab.me, &lab.app.dealings().await.unwrap()).await.unwrap();
    assert_eq!(titles(&delivered), ["HbA1c"]);
    assert_eq!(lab.bytes_of(&delivered.records[0]).await, fresh, "the author keeps a copy");
    let records = patient.records().await;
    assert_eq!(patient.bytes_of(titled(&records, "HbA1c")).await, fresh);
    assert!(records.records.iter().all(|record| !record.differs));

    // Two hold the folder; one of them no more.
    patient.grant(&second, DAY).await.unwrap();
    assert_eq!(titles(&second.open(&patient).await.unwrap().records), ["HbA1c", "Lipids"]);
    let before = patient.hand().transactions();
    patient.revoke(&doctor).await.unwrap();
    assert_eq!(patient.hand().transactions(), before + 1, "revocation and new keys in one transaction");
    assert_eq!(patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap(), []);
    assert_eq!(doctor.open(&patient).await.unwrap_err(), Fault::NoKey);
    let late = doctor.app.open_record(&open.records.records[0]).await.unwrap_err();
    assert!(matches!(late, Fault::Relay(RelayError::Refused { code: ErrorCode::NoAccess, .. })), "{late:?}");
    let words = patient.app.read_timeline(&patient.chart().await).await.unwrap();
    let refused = |happening: &&Happening| matches!(happening, Happening::Word(word) if !word.delivered);
    assert_eq!(words.iter().filter(refused).count(), 1, "the patient sees the attempt");

    // What comes now is closed to the one who left, even with a relay that hands out everything.
    let filed = patient.add("Troponin", b"0.01 ng/mL", Category::Laboratory).await;
    let manifest = sent::<Manifest>(&patient, filed.manifest, &world);
    assert_eq!(manifest.body.epoch, 1);
    let left = Left::of(&doctor, &patient, &world).await;
    assert!(open_manifest(&manifest, Reader::Folder(&left.key)).is_err());
    let ring = sent::<Ring>(&patient, patient.laboratory_ring().digest(), &world);
    assert!(ring::open_ring(&ring, &left.identity).is_err());
    assert!(ring::check(&ring.body, &left.key).is_err());
    let old = sent::<Manifest>(&patient, titled(&records, "Lipids").manifest, &world);
    assert!(open_manifest(&old, Reader::Folder(&left.key)).is_ok(), "what could be read cannot be recalled");

    // The one who stays reads old and new.
    let open = second.open(&patient).await.unwrap();
    assert_eq!(titles(&open.records), ["Troponin", "HbA1c", "Lipids"]);
    assert_eq!(second.bytes_of(&open.records.records[0]).await, b"0.01 ng/mL");
    assert_eq!(second.bytes_of(&open.records.records[2]).await, report);

    // And may come back.
    patient.grant(&doctor, DAY).await.unwrap();
    let open = doctor.open(&patient).await.unwrap();
    assert_eq!(titles(&open.records), ["Troponin", "HbA1c", "Lipids"]);
}

#[tokio::test]
async fn grants_are_extended_cut_short_and_given_for_one_record() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.add("Lipids", &lab_report(), Category::Laboratory).await;
    patient.add("Letter", b"letter", Category::General).await;
    patient.grant(&doctor, DAY).await.unwrap();
    doctor.open(&patient).await.unwrap();

    let card = patient.me.card().digest;
    patient.grant(&doctor, 30 * DAY).await.unwrap();
    let read = patient.chart().await;
    assert_eq!(read.state.grants.len(), 1, "an extension is no new grant");
    assert!(read.state.grants[0].expiry > read.time + 29 * DAY);
    assert_eq!(patient.me.card().digest, card, "and needs no new keys");
    world.pass(2 * DAY).await.unwrap();
    let before = doctor.hand().transactions();
    assert_eq!(titles(&doctor.open(&patient).await.unwrap().records), ["Lipids"]);
    assert_eq!(doctor.hand().transactions(), before + 1, "a day later the visit is logged anew");

    // One record of another folder, and nothing else of that.
    let records = patient.records().await;
    let letter = titled(&records, "Letter");
    patient.decide(&doctor, Shared::Record(letter), DAY).await.unwrap();
    let open = doctor.open(&patient).await.unwrap();
    assert_eq!(titles(&open.records), ["Letter", "Lipids"]);
    assert_eq!(doctor.bytes_of(titled(&open.records, "Letter")).await, b"letter");

    let scope = Scope::from(letter.id);
    patient.app.revoke_access(&patient.me, doctor.address(), scope, &[], QUIET).await.unwrap();
    assert_eq!(titles(&doctor.open(&patient).await.unwrap().records), ["Lipids"]);

    let past = patient.grant(&doctor, 0).await.unwrap_err();
    assert_eq!(past, Fault::Refused(Refusal::ExpiryPassed));
}

#[tokio::test]
async fn a_patient_says_no() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let asking = Asking { words: "Curious".into(), folders: vec![patient.laboratory()], days: None };
    doctor.app.request_access(&doctor.me, patient.address(), &asking, QUIET).await.unwrap();
    let asked = patient.chart().await.state.requests[0].clone();
    patient.app.deny_requests(&patient.me, std::slice::from_ref(&asked), QUIET).await.unwrap();
    let read = complete(doctor.app.read_chart(patient.address()).await.unwrap());
    assert!(matches!(read.state.requests[0].answer, Answer::Denied(_)));
    assert_eq!(doctor.open(&patient).await.unwrap_err(), Fault::NoKey);

    let note = Entry::Note(Note { title: "Unasked".into(), text: "…".into() });
    let write = async || doctor.app.write_entry(&doctor.me, patient.address(), note.clone(), None, QUIET).await;
    patient.app.block_author(&patient.me, doctor.address(), true, QUIET).await.unwrap();
    assert_eq!(write().await.unwrap_err(), Fault::Refused(Refusal::Blocked));
    patient.app.block_author(&patient.me, doctor.address(), false, QUIET).await.unwrap();
    write().await.unwrap();

    // Only the patient decides about a chart, whatever a client sends.
    let call = ICharts::grantAccessCall {
        chart: patient.address(),
        grantee: doctor.address(),
        scope: Scope::from(patient.laboratory()).into(),
        expiry: medkey_protocol::Uint40::MAX,
        envelope: asked.reason.into(),
    };
    let contract = world.deployment().contract;
    let forced = medkey_client::ports::Wallet::send(doctor.hand(), contract, call.abi_encode()).await.unwrap_err();
    assert_eq!(Fault::from(forced), Fault::Refused(Refusal::NotPatient));
}

#[tokio::test]
async fn a_doctor_writes_and_prescribes() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let note = Note { title: "Visit".into(), text: "Pain on exertion; ECG without findings.".into() };
    doctor.app.write_entry(&doctor.me, patient.address(), Entry::Note(note), None, QUIET).await.unwrap();
    let prescription = Prescription {
        medicine: "Atorvastatin 20 mg".into(),
        dose: "1 tablet".into(),
        route: "by mouth".into(),
        frequency: "once a day, in the evening".into(),
        days: 90,
        advice: "Tell me of muscle pain.".into(),
    };
    let prescription = Entry::Prescription(prescription);
    doctor.app.write_entry(&doctor.me, patient.address(), prescription, None, QUIET).await.unwrap();

    let records = patient.records().await;
    assert_eq!(titles(&records), ["Atorvastatin 20 mg", "Visit", "About me"]);
    for (title, folder, kind, said) in [
        ("Visit", Category::General, "DocumentReference", "ECG without findings"),
        ("Atorvastatin 20 mg", Category::Prescriptions, "MedicationRequest", "once a day, in the evening"),
    ] {
        let record = titled(&records, title);
        assert_eq!((record.author, record.folder), (doctor.address(), patient.folder(folder)));
        assert_eq!((record.meta.kind.code.as_str(), record.differs), (kind, false));
        let text = String::from_utf8(patient.bytes_of(record).await).unwrap();
        assert!(text.contains(said), "{text}");
    }
    let written = doctor.app.list_delivered(&doctor.me, &doctor.app.dealings().await.unwrap()).await.unwrap();
    assert_eq!(titles(&written), ["Atorvastatin 20 mg", "Visit"]);
    assert_eq!(patient.app.read_about_me(&records).await.unwrap(), Some(amara()), "a doctor's record is no “about me”");
}
