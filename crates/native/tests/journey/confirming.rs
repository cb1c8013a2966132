//! A doctor checks somebody else's record and says so: who sees it, and what it holds for.

use medkey_client::{
    add_record::PlainFile,
    list_records::{Record, Records},
};
use medkey_native::world::World;
use medkey_protocol::blocks::Category;

use crate::people::{DAY, DOCTOR, Member, QUIET, SECOND, doctor, file, lab, patient, titled};

/// The confirmations of a record among others.
fn checks<'a>(records: &'a Records, record: &Record) -> Vec<&'a Record> {
    records.records.iter().filter(|other| record.is_confirmed_by(other)).collect()
}

async fn replace(patient: &Member, record: &Record, bytes: &[u8]) {
    let PlainFile { source, details } = file("Lipids anew", bytes.to_vec());
    let with = PlainFile { source, details: details.in_place_of(record) };
    let stored = patient.app.store_file(patient.address(), with, QUIET).await.unwrap();
    patient.app.replace_record(&patient.me, record, &stored, QUIET).await.unwrap();
}

#[tokio::test]
async fn a_confirmation_stays_with_the_record_and_not_with_its_place() {
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    let first = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let second = doctor(&world, SECOND, "Dr. Sato").await;
    let report = file("Lipids", b"3.4".to_vec());
    lab.app.deliver_report(&lab.me, patient.address(), report, Category::Laboratory, QUIET).await.unwrap();
    patient.grant(&first, DAY).await.unwrap();
    patient.grant(&second, DAY).await.unwrap();

    let open = first.open(&patient).await.unwrap();
    let before = first.hand().transactions();
    first.app.confirm_record(&first.me, titled(&open.records, "Lipids"), QUIET).await.unwrap();
    assert_eq!(first.hand().transactions(), before + 1);

    // The patient sees it, and so does whoever reads the folder.
    let records = patient.records().await;
    let lipids = titled(&records, "Lipids");
    let [check] = checks(&records, lipids)[..] else { panic!() };
    assert_eq!(
        (check.author, check.folder, check.meta.title.as_str()),
        (first.address(), lipids.folder, "Checked: Lipids")
    );
    assert!(!lipids.is_confirmed_by(lipids) && !check.is_confirmed_by(lipids));
    let body: serde_json::Value = serde_json::from_slice(&patient.bytes_of(check).await).unwrap();
    assert_eq!(body["resourceType"], "Provenance");
    assert_eq!(body["target"][0]["reference"], format!("urn:medkey:record:{}", lipids.id));
    let open = second.open(&patient).await.unwrap();
    assert_eq!(checks(&open.records, titled(&open.records, "Lipids")).len(), 1);

    // Renamed and moved it is still what was looked at.
    patient.app.rename_record(&patient.me, lipids, "Lipid panel", QUIET).await.unwrap();
    let records = patient.records().await;
    let renamed = titled(&records, "Lipid panel");
    assert_eq!(checks(&records, renamed).len(), 1);
    let general = patient.folder(Category::General);
    patient.app.move_record(&patient.me, renamed, general, QUIET).await.unwrap();
    let records = patient.records().await;
    let moved = titled(&records, "Lipid panel");
    assert_eq!(checks(&records, moved).len(), 1);

    // Another file in its place is not.
    replace(&patient, moved, b"2.1").await;
    let records = patient.records().await;
    assert_eq!(checks(&records, titled(&records, "Lipids anew")).len(), 0);
}

#[tokio::test]
async fn nobody_confirms_what_is_one_s_own() {
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    let report = file("Lipids", b"3.4".to_vec());
    lab.app.deliver_report(&lab.me, patient.address(), report, Category::Laboratory, QUIET).await.unwrap();
    let delivered = lab.app.list_delivered(&lab.me, &lab.app.dealings().await.unwrap()).await.unwrap();
    lab.app.confirm_record(&lab.me, titled(&delivered, "Lipids"), QUIET).await.unwrap();
    patient.app.confirm_record(&patient.me, titled(&patient.records().await, "Lipids"), QUIET).await.unwrap();
    let records = patient.records().await;
    assert_eq!(checks(&records, titled(&records, "Lipids")).len(), 0);
}
