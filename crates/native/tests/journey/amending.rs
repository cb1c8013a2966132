//! A doctor or a laboratory corrects what it filed itself: where the correction lies, who sees it, and what the patient
//! has done with the former record meanwhile.

use medkey_client::{
    add_record::{Filed, PlainFile},
    amend_record::Beside,
    fault::{Fault, Refusal, RelayError},
    list_records::{Record, Records},
    ports::WalletError,
};
use medkey_native::world::World;
use medkey_protocol::blocks::Category;

use crate::{
    meddling::Fate,
    people::{DAY, DOCTOR, Member, QUIET, SECOND, bytes, doctor, file, lab, patient, titled, titles},
};

async fn deliver(lab: &Member, patient: &Member) -> Filed {
    let report = file("Lipids", b"LDL 34".to_vec());
    lab.app.deliver_report(&lab.me, patient.address(), report, Category::Laboratory, QUIET).await.unwrap()
}

/// What somebody filed, opened with the own copies.
async fn delivered(author: &Member) -> Records {
    author.app.list_delivered(&author.me, &author.app.dealings().await.unwrap()).await.unwrap()
}

async fn amend(author: &Member, record: &Record, title: &str) -> Result<Filed, Fault> {
    author.app.amend_record(&author.me, record, file(title, b"LDL 3.4".to_vec()), QUIET).await
}

#[tokio::test]
async fn a_correction_lies_beside_what_it_amends_and_names_it() {
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    let reader = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    deliver(&lab, &patient).await;
    patient.grant(&reader, DAY).await.unwrap();

    // The laboratory reads nothing of the chart but its own copy.
    let copies = delivered(&lab).await;
    let before = lab.hand().transactions();
    let filed = amend(&lab, titled(&copies, "Lipids"), "Lipids, corrected").await.unwrap();
    assert_eq!(lab.hand().transactions(), before + 1);

    let records = patient.records().await;
    let (former, correction) = (titled(&records, "Lipids"), titled(&records, "Lipids, corrected"));
    assert_eq!((correction.id, correction.meta.amends), (filed.id, Some(former.id)));
    assert_eq!((correction.folder, correction.author), (former.folder, lab.address()));
    assert!(correction.corrects(former) && !former.corrects(correction) && !former.corrects(former));
    assert!(!correction.differs && patient.bytes_of(correction).await == b"LDL 3.4");
    assert_eq!(patient.bytes_of(former).await, b"LDL 34", "nothing is taken away");

    // Whoever reads the folder sees both, and the laboratory keeps a copy of each.
    let open = reader.open(&patient).await.unwrap();
    assert!(titled(&open.records, "Lipids, corrected").corrects(titled(&open.records, "Lipids")));
    let copies = delivered(&lab).await;
    assert_eq!(titles(&copies), ["Lipids, corrected", "Lipids"]);

    // A correction can be corrected in its turn.
    amend(&lab, titled(&copies, "Lipids, corrected"), "Lipids, final").await.unwrap();
    let records = patient.records().await;
    let newest = titled(&records, "Lipids, final");
    assert!(newest.corrects(titled(&records, "Lipids, corrected")) && !newest.corrects(titled(&records, "Lipids")));
}

#[tokio::test]
async fn only_who_wrote_a_record_amends_it() {
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    let reader = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    deliver(&lab, &patient).await;
    patient.add("Letter", b"letter", Category::Laboratory).await;
    patient.grant(&reader, DAY).await.unwrap();

    let open = reader.open(&patient).await.unwrap();
    for title in ["Lipids", "Letter"] {
        let (uploaded, asked) = (reader.wire().sent().len(), reader.hand().transactions());
        assert_eq!(amend(&reader, titled(&open.records, title), "Other").await.unwrap_err(), Fault::NotYours);
        assert_eq!((reader.wire().sent().len(), reader.hand().transactions()), (uploaded, asked));
    }
    // The patient puts another file in the place of an own record instead.
    let records = patient.records().await;
    assert_eq!(amend(&patient, titled(&records, "Letter"), "Other").await.unwrap_err(), Fault::NotYours);
    // That one has checked something is not amended.
    reader.app.confirm_record(&reader.me, titled(&open.records, "Lipids"), QUIET).await.unwrap();
    let open = reader.open(&patient).await.unwrap();
    let check = titled(&open.records, "Checked: Lipids");
    assert_eq!(amend(&reader, check, "Unchecked").await.unwrap_err(), Fault::NotYours);

    // Somebody who says that a record amends another's corrects nothing.
    let PlainFile { source, details } = file("Lipids, as I see it", b"LDL 0".to_vec());
    let claim = PlainFile { source, details: details.amending(titled(&open.records, "Lipids")) };
    reader.app.deliver_report(&reader.me, patient.address(), claim, Category::Laboratory, QUIET).await.unwrap();
    let records = patient.records().await;
    assert!(!titled(&records, "Lipids, as I see it").corrects(titled(&records, "Lipids")));
}

#[tokio::test]
async fn what_the_patient_has_filed_anew_is_corrected_where_nobody_else_reads() {
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    let author = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let reader = doctor(&world, SECOND, "Dr. Sato").await;
    let (laboratory, private) = (patient.laboratory(), patient.folder(Category::Private));
    deliver(&lab, &patient).await;
    let letter = file("Test result", b"positive".to_vec());
    author.app.deliver_report(&author.me, patient.address(), letter, Category::Laboratory, QUIET).await.unwrap();
    let (of_lab, of_author) = (delivered(&lab).await, delivered(&author).await);
    let (lipids, result) = (titled(&of_lab, "Lipids"), titled(&of_author, "Test result"));
    assert_eq!(lab.app.beside(&lab.me, lipids).await.unwrap(), Beside::Folder(laboratory));
    patient.grant(&reader, DAY).await.unwrap();

    // Moved away from a reader: the correction does not bring it back before that reader.
    let records = patient.records().await;
    let general = patient.folder(Category::General);
    patient.app.move_record(&patient.me, titled(&records, "Test result"), general, QUIET).await.unwrap();
    assert_eq!(author.app.beside(&author.me, result).await.unwrap(), Beside::Private(private));
    amend(&author, result, "Test result, corrected").await.unwrap();
    let records = patient.records().await;
    let correction = titled(&records, "Test result, corrected");
    assert!(correction.folder == private && correction.corrects(titled(&records, "Test result")));
    assert_eq!(titles(&reader.open(&patient).await.unwrap().records), ["Lipids"]);
    // The author reads it where it is now, and amends it there.
    patient.decide(&author, medkey_client::grant_access::Shared::Folder(general), DAY).await.unwrap();
    let open = author.open(&patient).await.unwrap();
    let moved = titled(&open.records, "Test result");
    assert_eq!((moved.author, moved.written_by()), (patient.address(), author.address()));
    amend(&author, moved, "Test result, corrected again").await.unwrap();
    let records = patient.records().await;
    assert_eq!(titled(&records, "Test result, corrected again").folder, general);

    // Renamed: who wrote it cannot tell that from moved.
    patient.app.rename_record(&patient.me, titled(&records, "Lipids"), "Blood fats", QUIET).await.unwrap();
    amend(&lab, lipids, "Lipids, corrected").await.unwrap();
    let records = patient.records().await;
    let correction = titled(&records, "Lipids, corrected");
    assert!(correction.folder == private && correction.corrects(titled(&records, "Blood fats")));
    // Removed: the patient still learns of it.
    let manifest = titled(&records, "Blood fats").manifest;
    patient.app.remove_record(&patient.me, manifest, QUIET).await.unwrap();
    amend(&lab, lipids, "Lipids, corrected again").await.unwrap();
    assert_eq!(titled(&patient.records().await, "Lipids, corrected again").folder, private);
}

#[tokio::test]
async fn who_reads_nothing_any_more_still_corrects_unless_the_patient_says_no() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let author = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let letter = file("Letter", b"left knee".to_vec());
    author.app.deliver_report(&author.me, patient.address(), letter, Category::Laboratory, QUIET).await.unwrap();
    patient.grant(&author, DAY).await.unwrap();
    let open = author.open(&patient).await.unwrap();
    let letter = titled(&open.records, "Letter");
    patient.revoke(&author).await.unwrap();
    assert_eq!(author.open(&patient).await.unwrap_err(), Fault::NoKey);

    amend(&author, letter, "Letter, right knee").await.unwrap();
    let records = patient.records().await;
    let correction = titled(&records, "Letter, right knee");
    assert!(correction.corrects(titled(&records, "Letter")) && correction.folder == patient.laboratory());
    assert_eq!(titles(&delivered(&author).await), ["Letter, right knee", "Letter"]);

    patient.app.block_author(&patient.me, author.address(), true, QUIET).await.unwrap();
    let refused = amend(&author, letter, "Letter once more").await.unwrap_err();
    assert_eq!(refused, Fault::Refused(Refusal::Blocked));
}

#[tokio::test]
async fn a_correction_that_was_declined_or_cut_off_is_filed_with_the_next_try() {
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    deliver(&lab, &patient).await;
    let copies = delivered(&lab).await;
    let lipids = titled(&copies, "Lipids");
    let PlainFile { source, details } = file("Lipids, corrected", bytes(3 << 20));
    let correction = PlainFile { source, details: details.amending(lipids) };
    let stored = lab.app.store_file(patient.address(), correction, QUIET).await.unwrap();
    let uploaded = lab.wire().sent().len();

    lab.hand().decline(true);
    let declined = lab.app.file_amendment(&lab.me, lipids, &stored, QUIET).await.unwrap_err();
    assert_eq!(declined, Fault::Wallet(WalletError::Declined));
    lab.hand().decline(false);
    // Without the relay nobody knows whether the former record stands, and the wallet is not asked.
    lab.wire().meddle(|_, path| if path.contains("/entries") { Fate::Lost } else { Fate::Arrives });
    let cut_off = lab.app.file_amendment(&lab.me, lipids, &stored, QUIET).await.unwrap_err();
    assert!(matches!(cut_off, Fault::Relay(RelayError::Disconnected(_))), "{cut_off:?}");
    lab.wire().leave_alone();
    assert_eq!(titles(&patient.records().await), ["Lipids", "About me"]);

    // The patient's keys change while the wallet waits: the manifest is sealed again, the file is not sent again.
    let reader = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let pause = lab.hand().pause();
    let (filed, granted) = tokio::join!(
        lab.app.file_amendment(&lab.me, lipids, &stored, QUIET),
        pause.meanwhile(patient.grant(&reader, DAY))
    );
    granted.unwrap();
    assert_eq!(lab.wire().sent().len(), uploaded + 3, "nothing but a manifest for each try");
    let records = patient.records().await;
    assert_eq!(titles(&records), ["Lipids, corrected", "Lipids", "About me"]);
    assert_eq!(titled(&records, "Lipids, corrected").id, filed.unwrap().id);
    assert!(!titled(&records, "Lipids, corrected").differs);
    let open = reader.open(&patient).await.unwrap();
    assert!(reader.bytes_of(titled(&open.records, "Lipids, corrected")).await == bytes(3 << 20));
}
