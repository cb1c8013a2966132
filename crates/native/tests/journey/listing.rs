//! A list that is long: what was opened once is opened no more, and what was read is not fetched again.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use medkey_client::{
    add_record::PlainFile,
    fault::{Fault, Lie},
    list_records::Records,
    ports::{Bytes, Device, Ports},
};
use medkey_crypto::{Context, kept::KeptKey};
use medkey_native::world::World;
use medkey_protocol::{FolderId, api::ChartPage, blocks::Category};

use crate::{
    meddling::Fate,
    people::{DAY, DOCTOR, Member, QUIET, app_of, doctor, file, lab, now, patient, titled, titles},
};

/// The paths that somebody asks for from now on.
fn asked(member: &Member) -> Rc<RefCell<Vec<String>>> {
    let paths = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&paths);
    member.wire().meddle(move |_, path| {
        seen.borrow_mut().push(path.to_owned());
        Fate::Arrives
    });
    paths
}

fn of_blocks(paths: &RefCell<Vec<String>>) -> usize {
    paths.borrow().iter().filter(|path| path.starts_with("/ipfs/")).count()
}

/// Adds so many small records in one transaction.
async fn add_many(patient: &Member, folder: FolderId, titles: impl Iterator<Item = String>) {
    let mut stored = Vec::new();
    for title in titles {
        let file: PlainFile<Bytes> = file(&title, title.clone().into_bytes());
        stored.push(patient.app.store_file(patient.address(), file, QUIET).await.unwrap());
    }
    let records: Vec<_> = stored.iter().map(|record| (record, folder)).collect();
    patient.app.file_records(&patient.me, &records, QUIET).await.unwrap();
}

/// The same person at the same device after a reload, the vault open.
async fn reloaded(world: &World, member: &Member) -> Member {
    let app = app_of(world, member.app.ports().reloaded());
    let me = app.unlock(|_| {}).await.unwrap();
    Member { app, me }
}

async fn listed(member: &Member) -> Records {
    let read = member.app.read_my_chart(&member.me).await.unwrap();
    member.app.list_records(&member.me, &read).await.unwrap()
}

/// Under which name the device keeps a piece of the index.
async fn name_of(member: &Member, piece: usize) -> String {
    let now = now(&member.app);
    member.app.hold(&member.me, now + 60).await.unwrap();
    let root = member.app.ports().device().held(member.address(), now).await.unwrap().unwrap();
    let context = Context::new(member.app.deployment(), member.address());
    KeptKey::derive(&root, &context, &format!("index {piece}")).name()
}

/// What the device keeps of the index, piece by piece.
async fn pieces(member: &Member) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    while let Some(piece) = member.app.ports().device().load(&name_of(member, pieces.len()).await).await.unwrap() {
        pieces.push(piece);
    }
    pieces
}

#[tokio::test]
async fn what_was_opened_once_is_there_after_the_next_unlock() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let lab = lab(&world).await;
    add_many(&patient, patient.laboratory(), (0..10).map(|at| format!("Report {at}"))).await;
    let report = file("From the laboratory", b"3.4".to_vec());
    lab.app.deliver_report(&lab.me, patient.address(), report, Category::Laboratory, QUIET).await.unwrap();
    let before = listed(&patient).await;
    assert_eq!(before.records.len(), 12);

    let again = reloaded(&world, &patient).await;
    let paths = asked(&again);
    let after = listed(&again).await;
    assert_eq!(titles(&after), titles(&before));
    assert_eq!(of_blocks(&paths), 0, "{:?}", paths.borrow());
    // Its file opens with the key that was kept.
    assert_eq!(*again.app.open_record(titled(&after, "Report 7")).await.unwrap(), b"Report 7");

    // Only what is new is fetched.
    patient.add("Newer", b"newer", Category::General).await;
    paths.borrow_mut().clear();
    let newer = listed(&again).await;
    assert_eq!(newer.records[0].meta.title, "Newer");
    let manifest = format!("/ipfs/{}", newer.records[0].manifest.link());
    let fetched: Vec<_> = paths.borrow().iter().filter(|path| path.starts_with(&manifest)).cloned().collect();
    assert_eq!(fetched.len(), 1, "{:?}", paths.borrow());
}

#[tokio::test]
async fn a_device_shows_no_title_and_what_it_spoils_is_made_anew() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    patient.add("Hepatitis serology", b"negative", Category::Private).await;
    listed(&patient).await;
    let kept = pieces(&patient).await;
    assert_eq!(kept.len(), 1);
    for word in [b"Hepatitis".as_slice(), b"serology", b"About me"] {
        assert!(!kept[0].windows(word.len()).any(|part| part == word));
    }

    // One bit, half of it, somebody else's.
    let mut flipped = kept[0].clone();
    *flipped.last_mut().unwrap() ^= 1;
    for spoilt in [flipped, kept[0][..kept[0].len() / 2].to_vec(), b"index".to_vec(), Vec::new()] {
        let device = patient.app.ports().device();
        device.keep(&name_of(&patient, 0).await, &spoilt).await.unwrap();
        let again = reloaded(&world, &patient).await;
        assert_eq!(titles(&listed(&again).await), ["Hepatitis serology", "About me"]);
    }

    let again = reloaded(&world, &patient).await;
    again.app.leave_device(&again.me).await.unwrap();
    assert!(pieces(&again).await.is_empty());
}

#[tokio::test]
async fn many_pieces_become_one() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let mut most = 0;
    for at in 0..20 {
        patient.add(&format!("Record {at}"), b"x", Category::General).await;
        listed(&patient).await;
        most = most.max(pieces(&patient).await.len());
    }
    assert_eq!(most, 15);
    assert!(pieces(&patient).await.len() < 15);
    let again = reloaded(&world, &patient).await;
    let paths = asked(&again);
    assert_eq!(listed(&again).await.records.len(), 21);
    assert_eq!(of_blocks(&paths), 0);
}

#[tokio::test]
async fn a_long_list_is_there_in_part_before_all_of_it_is_opened() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    add_many(&patient, patient.laboratory(), (0..30).map(|at| format!("Report {at}"))).await;
    let read = patient.app.read_my_chart(&patient.me).await.unwrap();
    let mut listing = patient.app.begin_listing(&patient.me, &read).await;
    assert_eq!((listing.records().records.len(), listing.records().pending), (0, 31));
    patient.app.go_on_listing(&patient.me, &mut listing, 10).await.unwrap();
    let part = listing.records();
    assert_eq!((part.records.len(), part.pending), (10, 21));
    assert!(part.records.iter().all(|record| record.meta.title.starts_with("Report")), "the newest come first");
    patient.app.go_on_listing(&patient.me, &mut listing, 100).await.unwrap();
    let whole = listing.records();
    assert_eq!((whole.records.len(), whole.pending), (31, 0));
    assert_eq!(titles(&whole), titles(&patient.records().await));
}

#[tokio::test]
async fn a_chart_is_read_on_from_where_it_was_read() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    let before = patient.app.read_my_chart(&patient.me).await.unwrap();
    patient.add("Iron", b"12", Category::Laboratory).await;
    let paths = asked(&patient);
    let after = patient.app.read_my_chart(&patient.me).await.unwrap();
    let asked: Vec<String> = paths.borrow().iter().filter(|path| path.contains("/entries")).cloned().collect();
    assert!(
        asked.iter().all(|path| path.ends_with(&format!("after={}", before.entries.len() + 1))
            || path.ends_with(&format!("after={}", before.entries.len()))),
        "{asked:?}"
    );
    patient.wire().leave_alone();
    // It comes to the same as reading everything.
    let whole = patient.app.read_chart(patient.address()).await.unwrap();
    assert_eq!((after.head, &after.state, &after.entries), (whole.head, &whole.state, &whole.entries));
}

#[tokio::test]
async fn reading_on_catches_a_lie_and_begins_again_where_the_server_rolled_back() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    patient.app.read_my_chart(&patient.me).await.unwrap();
    patient.grant(&doctor, 30 * DAY).await.unwrap();

    // The grant is left out of what is new, and then of everything.
    patient.wire().rewrite("/entries", |answer| {
        let mut page: ChartPage = serde_json::from_slice(&answer).unwrap();
        page.entries.pop();
        serde_json::to_vec(&page).unwrap()
    });
    assert_eq!(patient.app.read_my_chart(&patient.me).await.unwrap_err(), Fault::Lie(Lie::Chart));
    patient.wire().leave_alone();
    let whole = patient.app.read_my_chart(&patient.me).await.unwrap();
    assert_eq!(whole, patient.app.read_chart(patient.address()).await.unwrap());

    // With the node out of reach the server's own word for its head is enough to read everything anew.
    let lied = Cell::new(false);
    patient.wire().rewrite("/entries?limit=1000&after=", move |answer| {
        if lied.replace(true) {
            return answer;
        }
        let mut page: ChartPage = serde_json::from_slice(&answer).unwrap();
        page.head = Default::default();
        serde_json::to_vec(&page).unwrap()
    });
    patient.hand().cut_off(usize::MAX);
    let unchecked = patient.app.read_my_chart(&patient.me).await.unwrap();
    assert_eq!(unchecked.entries, whole.entries);
    let asked_anew = patient.wire().heard("/entries?limit=1000");
    assert!(serde_json::from_slice::<ChartPage>(&asked_anew).unwrap().entries.len() == whole.entries.len());
}
