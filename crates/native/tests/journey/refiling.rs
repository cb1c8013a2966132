//! A patient renames, moves, replaces and removes records: what changes, who reads what afterwards, and that nothing is
//! uploaded again that is there already.

use std::cell::Cell;

use medkey_client::{
    add_record::PlainFile,
    fault::{Fault, RelayError},
    grant_access::Shared,
    list_records::Record,
    ports::{Bytes, Disconnected, Method, WalletError},
};
use medkey_crypto::manifest::{Reader, open_manifest};
use medkey_native::world::World;
use medkey_protocol::{
    Digest,
    api::ErrorCode,
    blocks::{Category, Manifest},
    ids::{DAG_PB, RAW},
};

use crate::{
    meddling::Fate,
    people::{DAY, DOCTOR, Left, Member, QUIET, SECOND, bytes, doctor, file, lab, patient, sent, titled, titles},
};

const DECLINED: Fault = Fault::Wallet(WalletError::Declined);
const MIB: usize = 1 << 20;

async fn rename(patient: &Member, record: &Record, title: &str) -> Result<Digest, Fault> {
    patient.app.rename_record(&patient.me, record, title, QUIET).await.map(|filed| filed.manifest)
}

async fn move_to(patient: &Member, record: &Record, category: Category) -> Result<Digest, Fault> {
    let moved = patient.app.move_record(&patient.me, record, patient.folder(category), QUIET).await;
    moved.map(|filed| filed.manifest)
}

async fn replace(patient: &Member, record: &Record, title: &str, bytes: &[u8]) -> Result<Digest, Fault> {
    let PlainFile { source, details } = file(title, bytes.to_vec());
    let with: PlainFile<Bytes> = PlainFile { source, details: details.in_place_of(record) };
    let stored = patient.app.store_file(patient.address(), with, QUIET).await?;
    let replaced = patient.app.replace_record(&patient.me, record, &stored, QUIET).await;
    replaced.map(|filed| filed.manifest)
}

async fn remove(patient: &Member, record: &Record) -> Result<u64, Fault> {
    patient.app.remove_record(&patient.me, record.manifest, QUIET).await
}

/// How many blocks of files somebody has sent.
fn of_files(member: &Member) -> usize {
    member.wire().sent().iter().filter(|link| [RAW, DAG_PB].contains(&link.codec())).count()
}

fn is_refused<T: std::fmt::Debug>(answer: Result<T, Fault>) -> bool {
    matches!(answer, Err(Fault::Relay(RelayError::Refused { code: ErrorCode::NoAccess, .. })))
}

#[tokio::test]
async fn a_renamed_record_keeps_its_place_its_author_and_its_file() {
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let scan = bytes(3 * MIB);
    let report = file("LIPIDS_0047", scan.clone());
    lab.app.deliver_report(&lab.me, patient.address(), report, Category::Laboratory, QUIET).await.unwrap();
    world.pass(DAY).await.unwrap();
    patient.add("Letter", b"letter", Category::General).await;
    patient.grant(&doctor, DAY).await.unwrap();

    let before = patient.records().await;
    let old = titled(&before, "LIPIDS_0047");
    let (files, transactions) = (of_files(&patient), patient.hand().transactions());
    rename(&patient, old, "Lipid panel").await.unwrap();
    assert_eq!(of_files(&patient), files, "the file was not uploaded again");
    assert_eq!(patient.hand().transactions(), transactions + 1);

    let records = patient.records().await;
    assert_eq!(titles(&records), ["Letter", "Lipid panel", "About me"], "an old record stays where it was");
    let new = titled(&records, "Lipid panel");
    assert_eq!((new.id, new.folder, new.first), (old.id, old.folder, old.at));
    assert_eq!((new.author, new.origin), (patient.address(), Some(lab.address())));
    assert!(!new.differs && patient.bytes_of(new).await == scan);
    // Renamed again it still comes from the laboratory.
    rename(&patient, new, "Lipids, fasting").await.unwrap();
    let records = patient.records().await;
    let newest = titled(&records, "Lipids, fasting");
    assert_eq!((newest.origin, newest.first), (Some(lab.address()), old.at));

    let open = doctor.open(&patient).await.unwrap();
    let read = titled(&open.records, "Lipids, fasting");
    assert_eq!((read.author, read.origin), (patient.address(), Some(lab.address())));
    assert!(doctor.bytes_of(read).await == scan);
    // The laboratory keeps what it wrote.
    let delivered = lab.app.list_delivered(&lab.me, &lab.app.dealings().await.unwrap()).await.unwrap();
    assert_eq!(titles(&delivered), ["LIPIDS_0047"]);
    assert!(lab.bytes_of(&delivered.records[0]).await == scan);

    let chart = patient.chart().await;
    let history = patient.app.read_history(&patient.me, &chart, newest).await.unwrap();
    assert_eq!(titles(&history), ["Lipid panel", "LIPIDS_0047"]);
    assert_eq!(history.records[1].author, lab.address());
}

#[tokio::test]
async fn who_read_the_former_folder_gets_nothing_new_of_a_record_that_was_moved() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let first = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let second = doctor(&world, SECOND, "Dr. Sato").await;
    let report = bytes(70_000);
    patient.add("HIV test", &report, Category::Laboratory).await;
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    patient.grant(&first, DAY).await.unwrap();
    let records = patient.records().await;
    let shared = titled(&records, "HIV test");
    patient.decide(&second, Shared::Record(shared), DAY).await.unwrap();
    let seen = first.open(&patient).await.unwrap();
    assert_eq!(titles(&seen.records), ["Lipids", "HIV test"]);
    let left = Left::of(&first, &patient, &world).await;

    let files = of_files(&patient);
    let manifest = move_to(&patient, shared, Category::Private).await.unwrap();
    assert_eq!(of_files(&patient), files, "the file was not uploaded again");
    let records = patient.records().await;
    let moved = titled(&records, "HIV test");
    assert_eq!((moved.id, moved.folder), (shared.id, patient.folder(Category::Private)));
    assert!(patient.bytes_of(moved).await == report);

    // The server hands the folder's reader neither list entry nor file, new or old.
    assert_eq!(titles(&first.open(&patient).await.unwrap().records), ["Lipids"]);
    assert!(is_refused(first.app.open_record(titled(&seen.records, "HIV test")).await));
    // And the folder's key opens nothing of the new manifest, whoever hands it out.
    let block = sent::<Manifest>(&patient, manifest, &world);
    assert!(open_manifest(&block, Reader::Folder(&left.key)).is_err());
    // A grant for the record itself goes on.
    let open = second.open(&patient).await.unwrap();
    assert!(second.bytes_of(titled(&open.records, "HIV test")).await == report);

    // Back again it is there again.
    move_to(&patient, moved, Category::Laboratory).await.unwrap();
    assert_eq!(titles(&first.open(&patient).await.unwrap().records), ["Lipids", "HIV test"]);
}

#[tokio::test]
async fn a_replaced_file_is_read_in_the_folder_and_the_old_one_by_patient_and_author() {
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    let first = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let second = doctor(&world, SECOND, "Dr. Sato").await;
    let blurred = file("Scan", b"blurred".to_vec());
    lab.app.deliver_report(&lab.me, patient.address(), blurred, Category::Laboratory, QUIET).await.unwrap();
    patient.grant(&first, DAY).await.unwrap();
    let records = patient.records().await;
    let old = titled(&records, "Scan");
    patient.decide(&second, Shared::Record(old), DAY).await.unwrap();
    let seen = second.open(&patient).await.unwrap();
    let kept = titled(&seen.records, "Scan");

    let manifest = replace(&patient, old, "Scan, sharp", b"sharp").await.unwrap();
    let records = patient.records().await;
    assert_eq!(titles(&records), ["Scan, sharp", "About me"]);
    let new = titled(&records, "Scan, sharp");
    assert_eq!((new.meta.amends, new.folder), (Some(old.id), old.folder));
    assert_ne!(new.id, old.id);
    assert_eq!((new.author, new.origin), (patient.address(), None), "it is the patient's, not the laboratory's");
    assert_eq!(patient.bytes_of(new).await, b"sharp");

    let open = first.open(&patient).await.unwrap();
    assert_eq!(first.bytes_of(titled(&open.records, "Scan, sharp")).await, b"sharp");
    // Who was given the old record alone holds its key, which opens neither the new file nor the old any more.
    assert_eq!(titles(&second.open(&patient).await.unwrap().records), Vec::<&str>::new());
    assert!(is_refused(second.app.open_record(kept).await));
    let block = sent::<Manifest>(&patient, manifest, &world);
    let old_block = sent::<Manifest>(&lab, old.manifest, &world);
    let old_key = open_manifest(&old_block, Reader::Author(&lab.identity().await)).unwrap().key;
    assert!(open_manifest(&old_block, Reader::Record(&old_key)).is_ok());
    assert!(open_manifest(&block, Reader::Record(&old_key)).is_err());

    let chart = patient.chart().await;
    let history = patient.app.read_history(&patient.me, &chart, new).await.unwrap();
    assert_eq!(titles(&history), ["Scan"]);
    assert_eq!(patient.bytes_of(&history.records[0]).await, b"blurred");
    let delivered = lab.app.list_delivered(&lab.me, &lab.app.dealings().await.unwrap()).await.unwrap();
    assert_eq!(lab.bytes_of(&delivered.records[0]).await, b"blurred");
}

#[tokio::test]
async fn a_removed_record_is_gone_for_all_but_patient_and_author_and_stays_gone() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    patient.grant(&doctor, DAY).await.unwrap();
    let seen = doctor.open(&patient).await.unwrap();
    let records = patient.records().await;
    let record = titled(&records, "Lipids");
    let renamed = rename(&patient, record, "Lipid panel").await.unwrap();

    // The list of before the change names a manifest that does not stand any more.
    let transactions = patient.hand().transactions();
    assert_eq!(remove(&patient, record).await.unwrap_err(), Fault::RecordChanged);
    assert_eq!(patient.hand().transactions(), transactions, "the wallet was not even asked");

    patient.app.remove_record(&patient.me, renamed, QUIET).await.unwrap();
    assert_eq!(titles(&patient.records().await), ["About me"]);
    assert!(titles(&doctor.open(&patient).await.unwrap().records).is_empty());
    assert!(is_refused(doctor.app.open_record(titled(&seen.records, "Lipids")).await));
    for act in [rename(&patient, record, "Back").await, replace(&patient, record, "Back", b"0").await] {
        assert_eq!(act.unwrap_err(), Fault::RecordChanged);
    }
    assert_eq!(titles(&patient.records().await), ["About me"]);
}

#[tokio::test]
async fn who_declines_or_loses_the_connection_has_changed_nothing() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    let records = patient.records().await;
    let record = titled(&records, "Lipids");
    let before = patient.chart().await.entries;

    patient.hand().decline(true);
    assert_eq!(rename(&patient, record, "Lipid panel").await.unwrap_err(), DECLINED);
    assert_eq!(move_to(&patient, record, Category::Private).await.unwrap_err(), DECLINED);
    assert_eq!(remove(&patient, record).await.unwrap_err(), DECLINED);
    let PlainFile { source, details } = file("Lipids", bytes(2 * MIB));
    let with = PlainFile { source, details: details.in_place_of(record) };
    let stored = patient.app.store_file(patient.address(), with, QUIET).await.unwrap();
    let again = async || patient.app.replace_record(&patient.me, record, &stored, QUIET).await;
    assert_eq!(again().await.unwrap_err(), DECLINED);
    patient.hand().decline(false);
    assert_eq!(patient.chart().await.entries, before);

    let puts = Cell::new(0);
    patient.wire().meddle(move |method, _| {
        puts.set(puts.get() + usize::from(method == Method::Put));
        if method == Method::Put && puts.get() == 1 { Fate::Lost } else { Fate::Arrives }
    });
    let lost = rename(&patient, record, "Lipid panel").await.unwrap_err();
    assert_eq!(lost, Fault::Relay(RelayError::Disconnected(Disconnected)));
    assert_eq!(patient.chart().await.entries, before);

    // Too long for a manifest, a title is refused before anybody is asked.
    let transactions = patient.hand().transactions();
    let long = rename(&patient, record, &"x".repeat(20_000)).await.unwrap_err();
    assert!(matches!(long, Fault::TooLong(_)), "{long:?}");
    assert_eq!(patient.hand().transactions(), transactions);

    let files = of_files(&patient);
    again().await.unwrap();
    assert_eq!(of_files(&patient), files, "what was uploaded before was not uploaded again");
    assert!(patient.bytes_of(titled(&patient.records().await, "Lipids")).await == bytes(2 * MIB));
}

#[tokio::test]
async fn of_two_devices_that_change_a_record_at_once_the_second_is_told() {
    let world = World::start().await.unwrap();
    let phone = patient(&world).await;
    phone.add("Lipids", b"3.4", Category::Laboratory).await;
    let laptop = phone.elsewhere(&world).await;
    let records = phone.records().await;
    let record = titled(&records, "Lipids");

    // The phone has sealed its manifest and waits in the wallet while the laptop renames.
    let pause = phone.hand().pause();
    let on_laptop = laptop.records().await;
    let renamed = rename(&laptop, titled(&on_laptop, "Lipids"), "Lipid panel");
    let (late, early) = tokio::join!(move_to(&phone, record, Category::Private), pause.meanwhile(renamed));
    early.unwrap();
    assert_eq!(late.unwrap_err(), Fault::RecordChanged);
    let records = phone.records().await;
    assert_eq!(titles(&records), ["Lipid panel", "About me"]);
    assert_eq!(records.records[0].folder, phone.laboratory());

    // Nor is a record said to be gone that lives on under another manifest.
    let pause = phone.hand().pause();
    let on_laptop = laptop.records().await;
    let renamed = rename(&laptop, titled(&on_laptop, "Lipid panel"), "Lipids, fasting");
    let (late, early) = tokio::join!(remove(&phone, &records.records[0]), pause.meanwhile(renamed));
    early.unwrap();
    assert_eq!(late.unwrap_err(), Fault::RecordChanged);
    assert_eq!(titles(&phone.records().await), ["Lipids, fasting", "About me"]);
}

#[tokio::test]
async fn keys_that_change_meanwhile_are_sealed_to_anew() {
    let world = World::start().await.unwrap();
    let phone = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    phone.add("Lipids", b"3.4", Category::Laboratory).await;
    phone.grant(&doctor, DAY).await.unwrap();
    let laptop = phone.elsewhere(&world).await;
    let left = Left::of(&doctor, &phone, &world).await;
    let records = phone.records().await;

    let pause = phone.hand().pause();
    let renaming = rename(&phone, titled(&records, "Lipids"), "Lipid panel");
    let (renamed, revoked) = tokio::join!(renaming, pause.meanwhile(laptop.revoke(&doctor)));
    revoked.unwrap();
    let block = sent::<Manifest>(&phone, renamed.unwrap(), &world);
    assert_eq!(block.body.epoch, 1);
    assert!(open_manifest(&block, Reader::Folder(&left.key)).is_err());
    assert_eq!(titles(&phone.records().await), ["Lipid panel", "About me"]);
}

#[tokio::test]
async fn only_the_patient_changes_a_chart() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let lab = lab(&world).await;
    let report = file("Lipids", b"3.4".to_vec());
    lab.app.deliver_report(&lab.me, patient.address(), report, Category::Laboratory, QUIET).await.unwrap();
    let delivered = lab.app.list_delivered(&lab.me, &lab.app.dealings().await.unwrap()).await.unwrap();
    let own = &delivered.records[0];
    rename(&lab, own, "Changed").await.unwrap_err();
    lab.app.remove_record(&lab.me, own.manifest, QUIET).await.unwrap_err();
    assert_eq!(titles(&patient.records().await), ["Lipids", "About me"]);
}
