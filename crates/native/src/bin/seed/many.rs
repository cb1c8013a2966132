//! One patient with a very long chart: what the figures of `cargo xtask scale` are measured on.

use medkey_client::{
    RecordKind,
    add_record::{Details, PlainFile, StoredRecord},
    ports::Bytes,
    register::Joining,
};
use medkey_protocol::{FolderId, blocks::Category};

use crate::{Done, Member, Place, about};

/// Records of one transaction: half of what one may cost.
const TOGETHER: u32 = 250;
/// Months over which they are spread.
const MONTHS: u32 = 240;

/// What such a record is: title, LOINC code, what it is called, and the folder.
const KINDS: [(&str, &str, &str, Category); 6] = [
    ("Complete blood count", "11502-2", "Laboratory report", Category::Laboratory),
    ("Lipid panel", "11502-2", "Laboratory report", Category::Laboratory),
    ("Chest X-ray", "18748-4", "Imaging", Category::Imaging),
    ("Discharge letter", "18842-5", "Letter", Category::General),
    ("Atorvastatin 20 mg", "57833-6", "Prescription", Category::Prescriptions),
    ("Blood pressure diary", "85354-9", "Vital signs", Category::Vitals),
];

/// Makes the patient and so many records.
pub(crate) async fn make(place: &Place, records: u32) -> Done {
    let amara = place.join(5, Joining::Patient).await?;
    amara.client.tell_about_me(&amara.me, &about("Amara Osei", "1971-05-04", "female"), &|_| {}).await?;
    for first in (0..records).step_by(TOGETHER as usize) {
        let mut stored: Vec<(StoredRecord, FolderId)> = Vec::new();
        for number in first..records.min(first + TOGETHER) {
            stored.push(store(&amara, number, records).await?);
        }
        let filed: Vec<_> = stored.iter().map(|(record, folder)| (record, *folder)).collect();
        amara.client.file_records(&amara.me, &filed, &|_| {}).await?;
        println!("{} of {records} records", records.min(first + TOGETHER));
    }
    Ok(())
}

async fn store(amara: &Member, number: u32, records: u32) -> Done<(StoredRecord, FolderId)> {
    let (title, code, display, category) = KINDS[number as usize % KINDS.len()];
    let month = number * MONTHS / records;
    let date = format!("{}-{:02}-{:02}T08:00:00Z", 2006 + month / 12, 1 + month % 12, 1 + number % 28);
    let details = Details {
        title: format!("{title}, no. {}", number + 1),
        kind: RecordKind { system: "http://loinc.org".to_owned(), code: code.to_owned(), display: display.to_owned() },
        media_type: "text/plain".to_owned(),
        file_name: format!("record-{}.txt", number + 1),
        effective: Some(date),
        amends: None,
        answers: None,
    };
    let source = Bytes::from(format!("{title}, number {}\n", number + 1).into_bytes());
    let file = PlainFile { source, details };
    let stored = amara.client.store_file(amara.me.address, file, &|_| {}).await?;
    Ok((stored, amara.folder(category)?))
}
