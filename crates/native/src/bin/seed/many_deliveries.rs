//! One laboratory with very many deliveries.

use medkey_client::{
    RecordKind,
    add_record::{Details, PlainFile, StoredRecord},
    ports::Bytes,
    register::Joining,
};
use medkey_protocol::{Address, blocks::Category};

use crate::{Done, Member, Place, profile, verify_all};

/// Patients to whom is delivered, in turn.
const PATIENTS: u32 = 40;
/// Reports of one transaction.
const TOGETHER: usize = 125;
const TITLES: [&str; 5] = ["Complete blood count", "Lipid panel", "Liver enzymes", "HbA1c", "Thyroid panel"];

/// Makes the laboratory, some patients, and so many deliveries to them.
pub(crate) async fn make(place: &Place, deliveries: u32) -> Done {
    let laboratory = profile("Nordlab Diagnostics", "Diagnostic laboratory", "Clinical chemistry", "HH-LAB-0417");
    let nordlab = place.join(4, Joining::Lab(laboratory, 0)).await?;
    verify_all(&place.client(0)?).await?;
    let patients = place
        .crowd("delivery patient", PATIENTS, |_| Joining::Patient, async |_, patient| Ok(patient.me.address))
        .await?;
    let mut delivered = 0;
    for (at, patient) in (0_u32..).zip(patients) {
        let share = deliveries / PATIENTS + u32::from(at < deliveries % PATIENTS);
        let numbers: Vec<u32> = (delivered..delivered + share).collect();
        for some in numbers.chunks(TOGETHER) {
            let mut stored = Vec::new();
            for number in some {
                stored.push(store(&nordlab, patient, *number).await?);
            }
            let filed: Vec<(&StoredRecord, Category)> =
                stored.iter().map(|record| (record, Category::Laboratory)).collect();
            nordlab.client.deliver_stored(&nordlab.me, patient, &filed, &|_| {}).await?;
        }
        delivered += share;
        println!("{delivered} of {deliveries} deliveries");
    }
    Ok(())
}

async fn store(nordlab: &Member, patient: Address, number: u32) -> Done<StoredRecord> {
    let title = TITLES[number as usize % TITLES.len()];
    let details = Details {
        title: format!("{title}, no. {}", number + 1),
        kind: RecordKind {
            system: "http://loinc.org".to_owned(),
            code: "11502-2".to_owned(),
            display: "Laboratory report".to_owned(),
        },
        media_type: "text/plain".to_owned(),
        file_name: format!("report-{}.txt", number + 1),
        effective: Some(format!("2026-{:02}-{:02}T08:00:00Z", 1 + number / 28 % 11, 1 + number % 28)),
        amends: None,
        answers: None,
    };
    let source = Bytes::from(format!("{title}, number {}\n", number + 1).into_bytes());
    Ok(nordlab.client.store_file(patient, PlainFile { source, details }, &|_| {}).await?)
}
