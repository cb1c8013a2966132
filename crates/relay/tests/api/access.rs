//! Who is handed what, as long as everybody plays by the rules.

use medkey_protocol::{
    Digest, FolderId, Link, RecordId,
    api::{ErrorCode, Page, RecordEntry, paths},
    contract::{ICharts, IMembers},
};

use crate::helpers::*;

const FOLDER: [u8; 32] = [0x11; 32];
const OTHER_FOLDER: [u8; 32] = [0x22; 32];

fn folder() -> FolderId {
    FOLDER.into()
}

fn record(byte: u8) -> RecordId {
    [byte; 32].into()
}

fn code<T: std::fmt::Debug>(answer: Result<T, No>) -> ErrorCode {
    answer.unwrap_err().code
}

#[tokio::test]
async fn a_grantee_reads_once_the_access_is_logged_and_the_patient_sees_it() {
    let world = World::start().await;
    let file = File::of("report", 9_000, 1_000);
    let manifest = world.file(&world.patient, &world.patient, folder(), record(1), &file).await;
    let envelope = world.grant(&world.patient, &world.doctor, folder().into(), DAY).await;
    world.reach().await;

    let doctor = world.sign_in(&world.doctor).await;
    for link in [manifest.link(), envelope.link(), file.body.link, file.leaf()] {
        assert_eq!(
            code(world.api().get(link, Some(&doctor)).await),
            ErrorCode::NoAccess,
            "before the access is logged"
        );
        assert_eq!(code(world.api().get(link, None).await), ErrorCode::NoSession);
    }

    world.log_access(&world.doctor, &world.patient, folder().into()).await;
    world.reach().await;
    assert_eq!(world.api().get(manifest.link(), Some(&doctor)).await.unwrap(), manifest.bytes);
    assert_eq!(world.api().get(envelope.link(), Some(&doctor)).await.unwrap(), envelope.bytes);
    assert_eq!(world.api().get(file.leaf(), Some(&doctor)).await.unwrap(), file.blocks[0].1);
    let car = world.api().get_car(file.body.link, Some(&doctor)).await.unwrap();
    assert_eq!(car.len(), file.blocks.len());
    assert_eq!(car[0].0, file.body.link, "the root comes first");
    let leaves: Vec<&Vec<u8>> = car.iter().filter(|(link, _)| link.codec() == 0x55).map(|(_, bytes)| bytes).collect();
    let sent: Vec<&Vec<u8>> =
        file.blocks.iter().filter(|(link, _)| link.codec() == 0x55).map(|(_, bytes)| bytes).collect();
    assert_eq!(leaves, sent, "leaves come in the order of the file");

    let words = world.words(&world.patient).await;
    let of = |link: Link, delivered: bool| {
        words.iter().filter(|word| word.block == link && word.delivered == delivered).count()
    };
    assert_eq!((of(manifest.link(), false), of(manifest.link(), true)), (1, 1));
    assert_eq!((of(file.body.link, false), of(file.body.link, true)), (1, 1));
    assert!(words.iter().all(|word| word.member == world.doctor.address));
    assert!(words.iter().filter(|word| word.delivered).all(|word| word.scope == Some(folder().into())));
    assert!(words.windows(2).all(|pair| pair[0].seq < pair[1].seq));
}

#[tokio::test]
async fn patient_and_author_always_read_and_nobody_else_sees_the_words() {
    let world = World::start().await;
    let file = File::of("report", 3_000, 1_000);
    let manifest = world.file(&world.lab, &world.patient, folder(), record(1), &file).await;
    world.reach().await;
    for reader in [&world.patient, &world.lab] {
        let session = world.sign_in(reader).await;
        world.api().get(manifest.link(), Some(&session)).await.unwrap();
        assert_eq!(world.api().get_car(file.body.link, Some(&session)).await.unwrap().len(), file.blocks.len());
    }
    let lab = world.sign_in(&world.lab).await;
    let path = format!("{}/{}/words", paths::CHARTS, world.patient.address);
    assert_eq!(code(world.api().json::<serde_json::Value>(&path, Some(&lab)).await), ErrorCode::NoAccess);
}

#[tokio::test]
async fn a_scope_opens_its_folder_or_its_record_and_nothing_beside() {
    let world = World::start().await;
    let inside = world.file(&world.patient, &world.patient, folder(), record(1), &File::of("a", 500, 1_000)).await;
    let beside_file = File::of("b", 500, 1_000);
    let beside = world.file(&world.patient, &world.patient, OTHER_FOLDER.into(), record(2), &beside_file).await;
    let single =
        world.file(&world.patient, &world.patient, OTHER_FOLDER.into(), record(3), &File::of("c", 500, 1_000)).await;
    for scope in [folder().into(), record(3).into()] {
        world.grant(&world.patient, &world.doctor, scope, DAY).await;
        world.log_access(&world.doctor, &world.patient, scope).await;
    }
    world.reach().await;

    let doctor = world.sign_in(&world.doctor).await;
    world.api().get(inside.link(), Some(&doctor)).await.unwrap();
    world.api().get(single.link(), Some(&doctor)).await.unwrap();
    assert_eq!(code(world.api().get(beside.link(), Some(&doctor)).await), ErrorCode::NoAccess);
    assert_eq!(code(world.api().get(beside_file.body.link, Some(&doctor)).await), ErrorCode::NoAccess);

    let path = format!("{}/{}/records", paths::CHARTS, world.patient.address);
    let records: Page<RecordEntry> = world.api().json(&path, Some(&doctor)).await.unwrap();
    let listed: Vec<_> = records.items.iter().map(|entry| entry.manifest).collect();
    assert_eq!(listed, [inside.digest, single.digest]);
    assert_eq!(records.items[1].scopes, [OTHER_FOLDER.into(), record(3).into()]);
    let patient = world.sign_in(&world.patient).await;
    let first: Page<RecordEntry> = world.api().json(&format!("{path}?limit=2"), Some(&patient)).await.unwrap();
    assert_eq!(first.items.len(), 2);
    let rest: Page<RecordEntry> =
        world.api().json(&format!("{path}?after={}", first.next.unwrap()), Some(&patient)).await.unwrap();
    assert_eq!(rest.items.len(), 1);
    assert_eq!(rest.next, None);
}

#[tokio::test]
async fn grants_end_by_time_revocation_and_suspension() {
    let world = World::start().await;
    let file = File::of("report", 500, 1_000);
    let manifest = world.file(&world.patient, &world.patient, folder(), record(1), &file).await;
    let doctor = world.sign_in(&world.doctor).await;
    let read = async || world.api().get(manifest.link(), Some(&doctor)).await.map(|_| ());
    let scope = folder().into();

    world.grant(&world.patient, &world.doctor, scope, 3 * DAY).await;
    world.log_access(&world.doctor, &world.patient, scope).await;
    world.reach().await;
    read().await.unwrap();

    world.chain.pass(DAY).await;
    world.reach().await;
    assert_eq!(code(read().await), ErrorCode::NoAccess, "the access was logged more than a day ago");
    world.log_access(&world.doctor, &world.patient, scope).await;
    world.reach().await;
    read().await.unwrap();

    let registrar = world.registrar();
    let member = world.doctor.address;
    world.chain.send(registrar, &IMembers::suspendCall { member, reason: 1 }).await;
    world.reach().await;
    assert_eq!(code(read().await), ErrorCode::NoAccess, "a suspended doctor reads nothing");
    world.chain.send(registrar, &IMembers::reinstateCall { member }).await;
    world.reach().await;
    read().await.unwrap();

    world.revoke(&world.patient, &world.doctor, scope).await;
    world.reach().await;
    assert_eq!(code(read().await), ErrorCode::NoAccess, "revoked");

    world.grant(&world.patient, &world.doctor, scope, 100).await;
    world.log_access(&world.doctor, &world.patient, scope).await;
    world.reach().await;
    read().await.unwrap();
    world.chain.pass(101).await;
    world.reach().await;
    assert_eq!(code(read().await), ErrorCode::NoAccess, "expired, although the access was logged a moment ago");
}

#[tokio::test]
async fn a_replaced_or_removed_record_goes_to_patient_and_author_alone() {
    let world = World::start().await;
    let file = File::of("report", 3_000, 1_000);
    let first = world.file(&world.lab, &world.patient, folder(), record(1), &file).await;
    let scope = folder().into();
    world.grant(&world.patient, &world.doctor, scope, DAY).await;
    world.log_access(&world.doctor, &world.patient, scope).await;
    world.reach().await;
    let (patient, lab, doctor) =
        (world.sign_in(&world.patient).await, world.sign_in(&world.lab).await, world.sign_in(&world.doctor).await);

    // The patient files the laboratory's report anew, over a body that the patient never sent.
    let again = manifest(
        world.at(),
        world.patient.address,
        world.patient.address,
        OTHER_FOLDER.into(),
        record(1),
        file.body,
        Some(first.link()),
    );
    world.api().put_block(&again, Some(&patient)).await.unwrap();
    let (chart, previous) = (world.patient.address, first.digest.into());
    let card = world.patient.card.into();
    world.chain.send(chart, &ICharts::replaceRecordCall { chart, previous, manifest: again.digest.into(), card }).await;
    world.reach().await;

    assert_eq!(code(world.api().get(first.link(), Some(&doctor)).await), ErrorCode::NoAccess);
    assert_eq!(code(world.api().get(again.link(), Some(&doctor)).await), ErrorCode::NoAccess, "another folder now");
    assert_eq!(code(world.api().get(file.body.link, Some(&doctor)).await), ErrorCode::NoAccess);
    for session in [&patient, &lab] {
        world.api().get(first.link(), Some(session)).await.unwrap();
        world.api().get(file.body.link, Some(session)).await.unwrap();
    }
    assert_eq!(code(world.api().get(again.link(), Some(&lab)).await), ErrorCode::NoAccess, "not the laboratory's");

    // In the scope of the record itself the new manifest leads to its origin, to that block alone.
    let scope = record(1).into();
    world.grant(&world.patient, &world.doctor, scope, DAY).await;
    world.log_access(&world.doctor, &world.patient, scope).await;
    world.reach().await;
    world.api().get(again.link(), Some(&doctor)).await.unwrap();
    world.api().get(first.link(), Some(&doctor)).await.unwrap();
    world.api().get(file.leaf(), Some(&doctor)).await.unwrap();

    world.chain.send(chart, &ICharts::removeRecordCall { chart, manifest: again.digest.into() }).await;
    world.reach().await;
    for link in [again.link(), first.link(), file.body.link, file.leaf()] {
        assert_eq!(code(world.api().get(link, Some(&doctor)).await), ErrorCode::NoAccess);
    }
    // What was removed stays removed, however often it is announced.
    world.announce(&world.patient, &world.patient, again.digest).await;
    world.reach().await;
    assert_eq!(code(world.api().get(again.link(), Some(&doctor)).await), ErrorCode::NoAccess);
    world.api().get(again.link(), Some(&patient)).await.unwrap();
}

#[tokio::test]
async fn a_record_put_in_its_own_place_or_in_that_of_nothing_changes_nothing() {
    let world = World::start().await;
    let file = File::of("report", 3_000, 1_000);
    let first = world.file(&world.patient, &world.patient, folder(), record(1), &file).await;
    world.grant(&world.patient, &world.doctor, folder().into(), DAY).await;
    world.log_access(&world.doctor, &world.patient, folder().into()).await;
    let (patient, doctor) = (world.sign_in(&world.patient).await, world.sign_in(&world.doctor).await);
    let (chart, card) = (world.patient.address, world.patient.card.into());
    let replace = async |previous: Digest, manifest: Digest| {
        let call = ICharts::replaceRecordCall { chart, previous: previous.into(), manifest: manifest.into(), card };
        world.chain.send(chart, &call).await;
        world.reach().await;
    };

    replace(first.digest, first.digest).await;
    world.api().get(first.link(), Some(&doctor)).await.unwrap();
    world.api().get(file.leaf(), Some(&doctor)).await.unwrap();

    // Two devices put something in the place of the same manifest: the second changes nothing.
    let at = world.at();
    let again = |folder: FolderId| manifest(at, chart, chart, folder, record(1), file.body, Some(first.link()));
    let (moved, late) = (again(OTHER_FOLDER.into()), again([0x33; 32].into()));
    for block in [&moved, &late] {
        world.api().put_block(block, Some(&patient)).await.unwrap();
    }
    replace(first.digest, moved.digest).await;
    replace(first.digest, late.digest).await;
    for link in [first.link(), moved.link(), file.leaf()] {
        assert_eq!(code(world.api().get(link, Some(&doctor)).await), ErrorCode::NoAccess);
    }
    assert_eq!(code(world.api().get(late.link(), Some(&patient)).await), ErrorCode::NotFound, "nothing names it");
    let path = format!("{}/{}/records", paths::CHARTS, chart);
    let records: Page<RecordEntry> = world.api().json(&path, Some(&patient)).await.unwrap();
    assert_eq!(records.items.iter().map(|entry| entry.manifest).collect::<Vec<_>>(), [moved.digest]);
}

#[tokio::test]
async fn rings_of_present_and_former_cards_are_public() {
    let mut world = World::start().await;
    let patient = world.sign_in(&world.patient).await;
    let old = ring(world.at(), world.patient.address, folder(), 0, None);
    let new = ring(world.at(), world.patient.address, folder(), 1, Some(old.link()));
    let unlisted = ring(world.at(), world.patient.address, OTHER_FOLDER.into(), 7, None);
    for block in [&old, &new, &unlisted] {
        world.api().put_block(block, Some(&patient)).await.unwrap();
    }
    assert_eq!(code(world.api().get(old.link(), None).await), ErrorCode::NotFound, "no card names it yet");

    let card = world.patient.card(world.at(), &[(folder(), new.link())], &[]);
    world.api().put_block(&card, Some(&patient)).await.unwrap();
    let call = IMembers::updateCardCall { previous: world.patient.card.into(), card: card.digest.into() };
    world.chain.send(world.patient.address, &call).await;
    world.patient.card = card.digest;
    world.reach().await;
    assert_eq!(world.api().get(card.link(), None).await.unwrap(), card.bytes);
    assert_eq!(world.api().get(new.link(), None).await.unwrap(), new.bytes);
    assert_eq!(world.api().get(old.link(), None).await.unwrap(), old.bytes, "the epoch before");
    assert_eq!(code(world.api().get(unlisted.link(), None).await), ErrorCode::NotFound);

    // The next card drops the folder; whoever was given its past still needs the ring.
    let next = world.patient.card(world.at(), &[(OTHER_FOLDER.into(), unlisted.link())], &[]);
    world.api().put_block(&next, Some(&patient)).await.unwrap();
    let call = IMembers::updateCardCall { previous: world.patient.card.into(), card: next.digest.into() };
    world.chain.send(world.patient.address, &call).await;
    world.reach().await;
    world.api().get(new.link(), None).await.unwrap();
    world.api().get(unlisted.link(), None).await.unwrap();
}

#[tokio::test]
async fn a_reason_goes_to_patient_and_requester() {
    let world = World::start().await;
    let doctor = world.sign_in(&world.doctor).await;
    let reason = reason(world.at(), world.patient.address, world.doctor.address);
    world.api().put_block(&reason, Some(&doctor)).await.unwrap();
    let call = ICharts::requestAccessCall { chart: world.patient.address, reason: reason.digest.into() };
    world.chain.send(world.doctor.address, &call).await;
    world.reach().await;
    let patient = world.sign_in(&world.patient).await;
    let stranger = world.sign_in(&world.stranger).await;
    world.api().get(reason.link(), Some(&doctor)).await.unwrap();
    world.api().get(reason.link(), Some(&patient)).await.unwrap();
    assert_eq!(code(world.api().get(reason.link(), Some(&stranger)).await), ErrorCode::NoAccess);
}
