//! What is filed comes back byte for byte, whatever its length; what is on the way is progress.

use std::{
    cell::RefCell,
    fs,
    io::{Cursor, Read},
    path::PathBuf,
};

use medkey_client::{
    chain::Step,
    export_chart::{Archive, BUNDLE, Said},
    find_twin::find_twin,
    open_record::SHOWN_AT_MOST,
    ports::Bytes,
};
use medkey_native::world::World;
use medkey_protocol::{blocks::Category, ids::RAW};
use serde_json::json;
use zip::ZipArchive;

use crate::people::{QUIET, amara, bytes, file, lab, lab_report, patient, titled, titles};

const MIB: usize = 1 << 20;

#[tokio::test]
async fn files_of_every_length_come_back() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let pdf = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".as_slice(), &bytes(40_000), b"\n%%EOF\n"].concat();
    let files = [
        ("empty", vec![]),
        ("one byte", vec![7]),
        ("report", lab_report()),
        ("letter", pdf),
        ("a whole leaf", bytes(MIB)),
        ("scan", bytes(3 * MIB + 17)),
    ];
    for (title, content) in &files {
        patient.add(title, content, Category::Imaging).await;
    }
    let records = patient.records().await;
    let newest_first: Vec<&str> = files.iter().rev().map(|(title, _)| *title).chain(["About me"]).collect();
    assert_eq!(titles(&records), newest_first);
    for (title, content) in &files {
        let record = titled(&records, title);
        assert!(patient.bytes_of(record).await == *content, "{title}");
        assert_eq!(record.meta.length, content.len() as u64);
        assert!(!record.differs, "{title}");
    }
}

/// The files of the browser's tests, and further ones from the folders `fhir` and `dicom` in `MEDKEY_EXTRA_VECTORS`.
fn real_files() -> Vec<PathBuf> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../e2e/files");
    let extra = std::env::var_os("MEDKEY_EXTRA_VECTORS").map(PathBuf::from);
    let extra = extra.iter().flat_map(|folder| ["fhir", "dicom"].map(|kind| folder.join(kind)));
    let in_folder = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_record = |path: &PathBuf| {
        let endings = ["json", "pdf", "png", "dcm"];
        path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| endings.contains(&ending))
    };
    std::iter::once(own).chain(extra).flat_map(in_folder).filter(is_record).collect()
}

#[tokio::test]
async fn real_files_come_back() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let files: Vec<(String, Vec<u8>)> =
        real_files().iter().map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect();
    assert!(files.len() >= 4, "a report, a picture, a bundle and a DICOM image at least");
    for (name, content) in &files {
        patient.add(name, content, Category::General).await;
    }
    let records = patient.records().await;
    for (name, content) in &files {
        assert!(patient.bytes_of(titled(&records, name)).await == *content, "{name}");
    }
}

#[tokio::test]
async fn a_long_file_goes_up_leaf_by_leaf_and_says_how_far_it_is() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let content = bytes(20 * MIB);
    let steps = RefCell::new(Vec::new());
    let folder = patient.folder(Category::Imaging);
    let before = patient.wire().sent().len();
    let scan = file("scan", content.clone());
    patient.app.add_record(&patient.me, scan, folder, &|step| steps.borrow_mut().push(step)).await.unwrap();

    let steps = steps.into_inner();
    let sealed: Vec<(u64, u64)> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Sealing { sealed, stored, total } => {
                assert!(stored <= sealed && sealed <= total && *total == content.len() as u64);
                Some((*sealed, *stored))
            }
            _ => None,
        })
        .collect();
    assert!(sealed.is_sorted(), "progress never goes back");
    assert_eq!(sealed.last(), Some(&(content.len() as u64, content.len() as u64)));
    assert!(matches!(steps[steps.len() - 3..], [Step::Confirm, Step::Sent(_), Step::Included(_)]));

    let sent = patient.wire().sent().split_off(before);
    let leaves = sent.iter().filter(|link| link.codec() == RAW).count();
    assert_eq!(leaves, 21, "20 MiB padded and encrypted, a leaf a MiB, each sent once");

    let records = patient.records().await;
    let mut read = Vec::new();
    patient.app.read_record(titled(&records, "scan"), |piece| read.extend_from_slice(piece)).await.unwrap();
    assert!(read == content);
    assert!(titled(&records, "scan").meta.length < SHOWN_AT_MOST);
}

#[tokio::test]
async fn a_file_that_the_chart_holds_is_found_whatever_it_is_called_there() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let content = bytes(2 * MIB + 5);
    patient.add("Scan", &content, Category::Imaging).await;
    patient.add("Other", &bytes(100), Category::General).await;
    patient.add("Empty", b"", Category::General).await;
    let records = patient.records().await;
    patient.app.rename_record(&patient.me, titled(&records, "Scan"), "MRI", QUIET).await.unwrap();

    let records = patient.records().await.records;
    let twin = async |bytes: Vec<u8>| {
        let found = find_twin(&records, &mut Bytes::from(bytes)).await.unwrap();
        found.map(|at| records[at].meta.title.as_str())
    };
    assert_eq!(twin(content.clone()).await, Some("MRI"));
    assert_eq!(twin(vec![]).await, Some("Empty"));
    let mut changed = content.clone();
    changed[2 * MIB] ^= 1;
    assert_eq!(twin(changed).await, None);
    assert_eq!(twin(content[1..].to_vec()).await, None);
}

#[tokio::test]
async fn everything_comes_along_in_one_archive_with_a_bundle_that_says_what_it_is() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let lab = lab(&world).await;
    let scan = bytes(3 * MIB + 17);
    patient.add("Scan", &scan, Category::Imaging).await;
    let report = file("Lipids", lab_report());
    lab.app.deliver_report(&lab.me, patient.address(), report, Category::Laboratory, QUIET).await.unwrap();
    // Two files of one name in one folder, one of them with a name that is a way out.
    patient.add("../Lipids", b"second", Category::Laboratory).await;
    patient.add("lipids", b"third", Category::Laboratory).await;

    let records = patient.records().await;
    let (mut archive, mut whole) = (Archive::default(), Vec::new());
    for record in &records.records {
        let folder = if record.folder == patient.laboratory() { "Laboratory" } else { "Others" };
        archive.begin(record, Said { folder, author: "Somebody" }).unwrap();
        let mut kept = Ok(());
        patient.app.read_record(record, |piece| kept = kept.and_then(|()| archive.write(piece))).await.unwrap();
        kept.unwrap();
        whole.extend(archive.take());
    }
    whole.extend(archive.finish(Some(&amara())).unwrap());

    let mut opened = ZipArchive::new(Cursor::new(whole)).unwrap();
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        opened.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    assert!(read("Others/Scan.bin") == scan);
    assert_eq!(read("Laboratory/lipids.bin"), b"third");
    assert_eq!(read("Laboratory/Lipids (3).bin"), lab_report());
    assert_eq!(read("Laboratory/Lipids (2).bin"), b"second");
    let bundle: serde_json::Value = serde_json::from_slice(&read(BUNDLE)).unwrap();
    assert_eq!((&bundle["resourceType"], &bundle["type"]), (&json!("Bundle"), &json!("collection")));
    let entries = bundle["entry"].as_array().unwrap();
    assert_eq!(entries[0]["resource"]["name"][0]["text"], "Amara Osei");
    let documents: Vec<_> = entries[1..].iter().map(|entry| &entry["resource"]).collect();
    assert_eq!(documents.len(), records.records.len());
    for (document, record) in documents.iter().zip(&records.records) {
        assert_eq!((&document["resourceType"], &document["status"]), (&json!("DocumentReference"), &json!("current")));
        assert_eq!(document["description"], record.meta.title.as_str());
        let attachment = &document["content"][0]["attachment"];
        assert_eq!(attachment["size"], record.meta.length);
        assert_eq!(read(attachment["url"].as_str().unwrap()).len() as u64, record.meta.length);
    }
}
