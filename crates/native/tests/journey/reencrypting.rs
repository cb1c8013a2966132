//! Past records under new keys, because somebody who could read them no longer may: what the former key opens
//! afterwards, who reads on, and that the job goes on where it stopped.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use medkey_client::{
    add_record::PlainFile,
    fault::{Fault, Lie, RelayError},
    grant_access::Shared,
    list_records::Record,
    make_offer::Offering,
    ports::{Disconnected, Method, WalletError},
    reencrypt_records::{AT_ONCE, Along, Renewal},
};
use medkey_crypto::manifest::{Reader, open_manifest};
use medkey_native::world::World;
use medkey_protocol::{
    FolderId, Scope,
    blocks::{Block, Category, Manifest},
    ids::{DAG_PB, RAW},
};

use crate::{
    meddling::Fate,
    people::{
        DAY, DOCTOR, HOUR, Left, Member, QUIET, SECOND, amara, app_of, bytes, doctor, file, lab, patient, sent, titled,
        titles,
    },
};

const DECLINED: Fault = Fault::Wallet(WalletError::Declined);
const MIB: usize = 1 << 20;
const UNHEARD: &dyn Fn(Along) = &|_| {};

async fn due(patient: &Member) -> Vec<Renewal> {
    let (chart, records) = (patient.chart().await, patient.records().await);
    patient.app.due_records(&patient.me, &chart, &records.records).await.unwrap().renewals
}

/// How many records of the laboratory folder are due, and how many done.
async fn left(patient: &Member) -> (usize, usize) {
    let folder = patient.laboratory();
    let due = due(patient).await;
    due.iter().find(|renewal| renewal.folder == folder).map_or((0, 0), |renewal| (renewal.due.len(), renewal.done))
}

async fn reencrypt(patient: &Member, folder: FolderId) -> Result<(), Fault> {
    patient.app.reencrypt_folder(&patient.me, &amara(), folder, UNHEARD).await
}

/// How many blocks of files somebody has sent.
fn of_files(member: &Member) -> usize {
    member.wire().sent().iter().filter(|link| [RAW, DAG_PB].contains(&link.codec())).count()
}

fn manifest_of(patient: &Member, record: &Record, world: &World) -> Block<Manifest> {
    sent(patient, record.manifest, world)
}

#[tokio::test]
async fn the_former_key_opens_nothing_of_the_new_file_and_who_stays_reads_on() {
    let world = World::start().await.unwrap();
    let (patient, lab) = (patient(&world).await, lab(&world).await);
    let (leaving, staying) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    let scan = bytes(3 * MIB + 17);
    let report = file("Lipids", scan.clone());
    lab.app.deliver_report(&lab.me, patient.address(), report, Category::Laboratory, QUIET).await.unwrap();
    world.pass(60).await.unwrap();
    patient.add("HbA1c", b"5.4", Category::Laboratory).await;
    patient.grant(&leaving, DAY).await.unwrap();
    patient.grant(&staying, DAY).await.unwrap();
    let seen = leaving.open(&patient).await.unwrap();
    let gone = Left::of(&leaving, &patient, &world).await;
    assert_eq!(due(&patient).await, []);

    patient.revoke(&leaving).await.unwrap();
    assert_eq!(left(&patient).await, (2, 0));
    let before = patient.records().await;
    let transactions = patient.hand().transactions();
    reencrypt(&patient, patient.laboratory()).await.unwrap();
    assert_eq!(patient.hand().transactions(), transactions + 1, "several records in one transaction");
    assert_eq!(due(&patient).await, []);

    // The order, the ids and who filed them stay.
    let after = patient.records().await;
    assert_eq!(titles(&after), ["HbA1c", "Lipids", "About me"]);
    for (old, new) in before.records.iter().zip(&after.records).take(2) {
        assert_eq!((old.id, old.folder, old.first, &old.meta), (new.id, new.folder, new.first, &new.meta));
    }
    let lipids = titled(&after, "Lipids");
    assert_eq!((lipids.author, lipids.origin, lipids.differs), (patient.address(), Some(lab.address()), false));
    assert!(patient.bytes_of(lipids).await == scan);

    // What was kept from before opens nothing of it: neither the folder's former key nor the records'.
    for old in ["Lipids", "HbA1c"] {
        let new = manifest_of(&patient, titled(&after, old), &world);
        assert!(open_manifest(&new, Reader::Folder(&gone.key)).is_err());
        let by = if old == "Lipids" { &lab } else { &patient };
        let former = manifest_of(by, titled(&before, old), &world);
        let key = open_manifest(&former, Reader::Folder(&gone.key)).unwrap().key;
        assert!(open_manifest(&new, Reader::Record(&key)).is_err());
        assert_ne!(former.body.body.link, new.body.body.link);
        assert_eq!(former.body.content, new.body.content);
    }
    assert_eq!(leaving.open(&patient).await.unwrap_err(), Fault::NoKey);
    leaving.app.open_record(titled(&seen.records, "HbA1c")).await.unwrap_err();

    let open = staying.open(&patient).await.unwrap();
    let read = titled(&open.records, "Lipids");
    assert_eq!((read.author, read.origin), (patient.address(), Some(lab.address())), "by the laboratory still");
    assert!(staying.bytes_of(read).await == scan);
    // Its author keeps what it wrote.
    let delivered = lab.app.list_delivered(&lab.me, &lab.app.dealings().await.unwrap()).await.unwrap();
    assert!(lab.bytes_of(&delivered.records[0]).await == scan);
    let history = patient.app.read_history(&patient.me, &patient.chart().await, lipids).await.unwrap();
    assert_eq!(titles(&history), ["Lipids"]);
}

#[tokio::test]
async fn who_holds_one_record_alone_is_handed_its_new_key_and_its_codes_are_withdrawn() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (leaving, single) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    patient.add("HbA1c", b"5.4", Category::Laboratory).await;
    patient.grant(&leaving, DAY).await.unwrap();
    let records = patient.records().await;
    let lipids = titled(&records, "Lipids");
    patient.decide(&single, Shared::Record(lipids), DAY).await.unwrap();
    let expiry = patient.chart().await.time + DAY;
    let offering = Offering { shared: Shared::Record(lipids), expiry, length: 3600, claims: 2, emergency: false };
    let made = patient.app.make_offer(&patient.me, &amara(), &offering, QUIET).await.unwrap();
    let until = patient.chart().await.state.grant(single.address(), Scope::from(lipids.id)).unwrap().expiry;

    patient.revoke(&leaving).await.unwrap();
    let chart = patient.chart().await;
    let renewal = due(&patient).await.remove(0);
    assert_eq!(
        (renewal.codes(&patient.records().await.records, &chart.state, chart.time), renewal.confirmations()),
        (1, 1)
    );
    let transactions = patient.hand().transactions();
    reencrypt(&patient, patient.laboratory()).await.unwrap();
    assert_eq!(patient.hand().transactions(), transactions + 1, "all of it in one transaction");

    let read = patient.chart().await;
    let grant = read.state.grant(single.address(), Scope::from(lipids.id)).unwrap();
    assert_eq!((grant.expiry, grant.revoked), (until, None), "the grant goes on as it was");
    let open = single.open(&patient).await.unwrap();
    assert_eq!(titles(&open.records), ["Lipids"]);
    assert_eq!(single.bytes_of(&open.records.records[0]).await, b"3.4");
    assert!(read.state.offer(made.key, Scope::from(lipids.id)).unwrap().withdrawn.is_some());
}

#[tokio::test]
async fn who_declines_or_reloads_uploads_nothing_twice() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let leaving = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.add("Scan", &bytes(2 * MIB), Category::Laboratory).await;
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    patient.grant(&leaving, DAY).await.unwrap();
    patient.revoke(&leaving).await.unwrap();
    let before = patient.chart().await.entries;

    patient.hand().decline(true);
    assert_eq!(reencrypt(&patient, patient.laboratory()).await.unwrap_err(), DECLINED);
    assert_eq!(patient.chart().await.entries, before, "nothing was changed");
    let files = of_files(&patient);
    assert_eq!(reencrypt(&patient, patient.laboratory()).await.unwrap_err(), DECLINED);
    assert_eq!(of_files(&patient), files);

    // The page is loaded anew.
    let app = app_of(&world, patient.app.ports().reloaded());
    let me = app.unlock(|_| {}).await.unwrap();
    let again = Member { app, me };
    reencrypt(&again, again.laboratory()).await.unwrap();
    assert_eq!(of_files(&again), 0);
    assert_eq!(due(&again).await, []);
    assert!(again.bytes_of(titled(&again.records().await, "Scan")).await == bytes(2 * MIB));

    // What was prepared under a key that somebody left with since is not used.
    again.grant(&leaving, DAY).await.unwrap();
    again.revoke(&leaving).await.unwrap();
    again.hand().decline(true);
    assert_eq!(reencrypt(&again, again.laboratory()).await.unwrap_err(), DECLINED);
    again.hand().decline(false);
    again.grant(&leaving, DAY).await.unwrap();
    again.revoke(&leaving).await.unwrap();
    let files = of_files(&again);
    reencrypt(&again, again.laboratory()).await.unwrap();
    assert!(of_files(&again) > files);
    assert_eq!(due(&again).await, []);
}

#[tokio::test]
async fn stopped_in_the_middle_it_goes_on_at_another_device() {
    let world = World::start().await.unwrap();
    let phone = patient(&world).await;
    let leaving = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let titles: Vec<String> = (0..AT_ONCE + 3).map(|at| format!("Report {at}")).collect();
    let folder = phone.laboratory();
    let mut stored = Vec::new();
    for title in &titles {
        let PlainFile { source, details } = file(title, title.clone().into_bytes());
        let plain = PlainFile { source, details };
        stored.push(phone.app.store_file(phone.address(), plain, QUIET).await.unwrap());
    }
    let records: Vec<_> = stored.iter().map(|record| (record, folder)).collect();
    phone.app.file_records(&phone.me, &records, QUIET).await.unwrap();
    phone.grant(&leaving, DAY).await.unwrap();
    phone.revoke(&leaving).await.unwrap();
    assert_eq!(left(&phone).await, (AT_ONCE + 3, 0));
    assert_eq!(due(&phone).await[0].confirmations(), 2);

    // The connection goes while the second part is on its way.
    let heard = Rc::new(RefCell::new(Vec::new()));
    let hears = Rc::clone(&heard);
    let gone = Rc::new(Cell::new(false));
    let goes = Rc::clone(&gone);
    phone.wire().meddle(move |method, path| {
        if goes.get() && method == Method::Get && path.contains("format=car") { Fate::Lost } else { Fate::Arrives }
    });
    let along = move |along: Along| {
        hears.borrow_mut().push((along.done, along.ready, along.all));
        gone.set(along.done > 0 && along.ready > 0);
    };
    let lost = phone.app.reencrypt_folder(&phone.me, &amara(), folder, &along).await.unwrap_err();
    assert_eq!(lost, Fault::Relay(RelayError::Disconnected(Disconnected)));
    phone.wire().leave_alone();
    assert_eq!(left(&phone).await, (3, AT_ONCE));
    assert!(heard.borrow().iter().all(|(.., all)| *all == AT_ONCE + 3));
    assert!(heard.borrow().contains(&(0, AT_ONCE, AT_ONCE + 3)));

    let laptop = phone.elsewhere(&world).await;
    assert_eq!(left(&laptop).await, (3, AT_ONCE));
    let transactions = laptop.hand().transactions();
    reencrypt(&laptop, folder).await.unwrap();
    assert_eq!(laptop.hand().transactions(), transactions + 1, "only the rest");
    assert_eq!((left(&phone).await, left(&laptop).await), ((0, 0), (0, 0)));
    let records = phone.records().await;
    assert_eq!(records.records.len(), AT_ONCE + 4);
    assert_eq!(phone.bytes_of(titled(&records, "Report 7")).await, b"Report 7");
}

#[tokio::test]
async fn a_file_that_was_changed_on_the_way_is_not_encrypted_anew() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let leaving = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    patient.grant(&leaving, DAY).await.unwrap();
    patient.revoke(&leaving).await.unwrap();
    let before = patient.chart().await.entries;
    patient.wire().rewrite("format=car", |mut car| {
        *car.last_mut().unwrap() ^= 1;
        car
    });
    assert_eq!(reencrypt(&patient, patient.laboratory()).await.unwrap_err(), Fault::Lie(Lie::Block));
    assert_eq!(patient.chart().await.entries, before);
    patient.wire().leave_alone();
    reencrypt(&patient, patient.laboratory()).await.unwrap();
}

#[tokio::test]
async fn a_key_that_somebody_left_with_is_renewed_first() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (first, second) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    patient.grant(&first, DAY).await.unwrap();
    patient.grant(&second, 60).await.unwrap();
    patient.revoke(&first).await.unwrap();
    world.pass(120).await.unwrap();
    let expired = Left::of(&second, &patient, &world).await;
    reencrypt(&patient, patient.laboratory()).await.unwrap();
    assert_eq!(due(&patient).await, []);
    let records = patient.records().await;
    let new = manifest_of(&patient, titled(&records, "Lipids"), &world);
    assert_eq!(new.body.epoch, 2);
    assert!(open_manifest(&new, Reader::Folder(&expired.key)).is_err());
}

#[tokio::test]
async fn a_record_that_was_moved_here_is_due_with_the_folder_it_came_from() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let leaving = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.add("HIV test", b"negative", Category::Laboratory).await;
    patient.grant(&leaving, DAY).await.unwrap();
    let records = patient.records().await;
    let private = patient.folder(Category::Private);
    patient.app.move_record(&patient.me, titled(&records, "HIV test"), private, QUIET).await.unwrap();
    assert_eq!(due(&patient).await, []);
    patient.revoke(&leaving).await.unwrap();
    let renewals = due(&patient).await;
    assert_eq!(renewals.iter().map(|renewal| renewal.folder).collect::<Vec<_>>(), [private]);
    reencrypt(&patient, private).await.unwrap();
    assert_eq!(due(&patient).await, []);
}

#[tokio::test]
async fn a_record_that_somebody_held_alone_is_due_once_that_grant_has_ended() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (first, second) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    patient.add("HbA1c", b"5.4", Category::Laboratory).await;
    let records = patient.records().await;
    let lipids = titled(&records, "Lipids");
    patient.decide(&first, Shared::Record(lipids), DAY).await.unwrap();
    patient.decide(&second, Shared::Record(lipids), HOUR).await.unwrap();
    assert_eq!(due(&patient).await, []);
    patient.app.revoke_access(&patient.me, first.address(), lipids.id.into(), &[], QUIET).await.unwrap();
    assert_eq!(left(&patient).await, (1, 0));
    reencrypt(&patient, patient.laboratory()).await.unwrap();
    assert_eq!(due(&patient).await, []);
    world.pass(2 * HOUR).await.unwrap();
    assert_eq!(left(&patient).await, (1, 0), "the other held the new key until its time was over");
    reencrypt(&patient, patient.laboratory()).await.unwrap();
    assert_eq!(due(&patient).await, []);
    assert_eq!(patient.bytes_of(titled(&patient.records().await, "Lipids")).await, b"3.4");
}
