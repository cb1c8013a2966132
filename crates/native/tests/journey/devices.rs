//! Two devices of one patient, and others who act at the same time: what one takes away the other never gives back.

use medkey_client::{
    chart::Grant,
    fault::{Fault, Refusal, RelayError},
};
use medkey_crypto::{
    manifest::{Reader, open_manifest},
    ring,
};
use medkey_native::world::World;
use medkey_protocol::{
    Address, Digest, Link,
    blocks::{Block, Category, Manifest, Ring},
    ids::RAW,
};

use crate::people::{
    DAY, DOCTOR, Left, Member, QUIET, SECOND, bytes, doctor, file, lab, patient, sent, titled, titles,
};

/// The laboratory folder's epoch, and how many hold it besides the patient.
async fn holders(patient: &Member, world: &World) -> (u32, usize) {
    patient.app.refresh_card(&patient.me).await.unwrap();
    let path = format!("/ipfs/{}", patient.laboratory_ring());
    // Read through an app that has nothing in memory yet.
    let fresh = patient.elsewhere(world).await;
    let read = fresh.chart().await;
    fresh.app.unfit_folders(&fresh.me, &read).await.unwrap();
    let ring: Block<Ring> = Block::parse(&fresh.wire().heard(&path), &world.deployment()).unwrap();
    (ring.body.epoch, ring.body.seeds.len())
}

async fn grantees(patient: &Member) -> Vec<Address> {
    let read = patient.chart().await;
    let grants: Vec<&Grant> = read.state.live_grants(read.time).collect();
    grants.into_iter().map(|grant| grant.grantee).collect()
}

#[tokio::test]
async fn two_revocations_at_once_both_hold() {
    let world = World::start().await.unwrap();
    let (phone, first, second) = clinic(&world).await;
    let laptop = phone.elsewhere(&world).await;

    // The phone has sealed its new keys and waits in the wallet while the laptop revokes.
    let pause = phone.hand().pause();
    let (late, early) = tokio::join!(phone.revoke(&first), pause.meanwhile(laptop.revoke(&second)));
    early.unwrap();
    assert_eq!(late.unwrap_err(), Fault::Refused(Refusal::CardChanged));
    assert_eq!(grantees(&phone).await, [first.address()], "the phone's half has changed nothing");
    assert_eq!(holders(&phone, &world).await, (1, 1));

    phone.revoke(&first).await.unwrap();
    assert!(grantees(&phone).await.is_empty());
    assert_eq!(holders(&phone, &world).await, (2, 0));
    for doctor in [&first, &second] {
        assert_eq!(doctor.open(&phone).await.unwrap_err(), Fault::NoKey);
    }
}

#[tokio::test]
async fn a_grant_does_not_undo_a_revocation() {
    let world = World::start().await.unwrap();
    let (phone, first, second) = clinic(&world).await;
    phone.revoke(&second).await.unwrap();
    let laptop = phone.elsewhere(&world).await;

    let pause = phone.hand().pause();
    let (late, early) = tokio::join!(phone.grant(&second, DAY), pause.meanwhile(laptop.revoke(&first)));
    early.unwrap();
    assert_eq!(late.unwrap_err(), Fault::Refused(Refusal::CardChanged));
    assert!(grantees(&phone).await.is_empty());

    phone.grant(&second, DAY).await.unwrap();
    assert_eq!(grantees(&phone).await, [second.address()]);
    assert_eq!(holders(&phone, &world).await, (2, 1));
    assert_eq!(first.open(&phone).await.unwrap_err(), Fault::NoKey);
    assert_eq!(titles(&second.open(&phone).await.unwrap().records), ["Lipids"]);
}

#[tokio::test]
async fn an_old_list_gives_no_key_back() {
    let world = World::start().await.unwrap();
    let (phone, first, _) = clinic(&world).await;
    let laptop = phone.elsewhere(&world).await;
    phone.chart().await;
    let old = phone.wire().heard("/entries");
    laptop.revoke(&first).await.unwrap();

    // A relay that stays with what was before the revocation.
    phone.wire().rewrite("/entries", move |_| old.clone());
    let before = phone.wire().sent().len();
    let mended = phone.app.mend_folders(&phone.me, QUIET).await.unwrap_err();
    assert_eq!(mended, Fault::Relay(RelayError::Behind));
    let folder = phone.laboratory();
    let added = phone.app.add_record(&phone.me, file("Note", b"note".to_vec()), folder, QUIET).await.unwrap_err();
    assert_eq!(added, Fault::Relay(RelayError::Behind));
    let rings = phone.wire().sent()[before..].iter().filter(|link| link.codec() != RAW).count();
    assert_eq!(rings, 0, "no ring was made from it");

    phone.wire().leave_alone();
    assert!(!phone.app.mend_folders(&phone.me, QUIET).await.unwrap(), "everything fits already");
    assert_eq!(holders(&phone, &world).await, (1, 1));
}

#[tokio::test]
async fn a_report_sealed_to_old_keys_is_sealed_again_and_not_sent_again() {
    let world = World::start().await.unwrap();
    let (patient, first, second) = clinic(&world).await;
    let lab = lab(&world).await;
    let content = bytes(3 << 20);
    let before = lab.hand().transactions();

    let pause = lab.hand().pause();
    let report = file("Genome", content.clone());
    let deliver = lab.app.deliver_report(&lab.me, patient.address(), report, Category::Laboratory, QUIET);
    let (filed, revoked) = tokio::join!(deliver, pause.meanwhile(patient.revoke(&first)));
    revoked.unwrap();
    let filed = filed.unwrap();
    assert_eq!(lab.hand().transactions(), before + 1, "the one that failed was never sent");

    let manifests = sealed_again(&lab, 0, &world);
    assert_eq!(manifests[1].1, filed.manifest);

    let open = second.open(&patient).await.unwrap();
    assert_eq!(open.records.records[0].manifest, filed.manifest);
    assert!(second.bytes_of(titled(&open.records, "Genome")).await == content);
    assert!(!titled(&patient.records().await, "Genome").differs);
}

#[tokio::test]
async fn an_own_record_sealed_to_old_keys_is_sealed_again_and_not_sent_again() {
    let world = World::start().await.unwrap();
    let (phone, first, second) = clinic(&world).await;
    let laptop = phone.elsewhere(&world).await;
    let content = bytes(3 << 20);
    let (already, before) = (phone.wire().sent().len(), phone.hand().transactions());

    // The phone's record waits in the wallet while the laptop revokes.
    let pause = phone.hand().pause();
    let add = phone.app.add_record(&phone.me, file("Genome", content.clone()), phone.laboratory(), QUIET);
    let (filed, revoked) = tokio::join!(add, pause.meanwhile(laptop.revoke(&first)));
    revoked.unwrap();
    let filed = filed.unwrap();
    assert_eq!(phone.hand().transactions(), before + 1, "the one that failed was never sent");
    let [(in_vain, _), (manifest, digest)] = sealed_again(&phone, already, &world);
    assert_eq!(digest, filed.manifest);
    assert_eq!(holders(&phone, &world).await, (1, 1), "the revocation stands");

    // The one who left opens only what was never filed, even with a relay that hands out everything.
    let left = Left::of(&first, &phone, &world).await;
    let ring = sent::<Ring>(&laptop, phone.laboratory_ring().digest(), &world);
    assert!(open_manifest(&in_vain, Reader::Folder(&left.key)).is_ok());
    assert!(open_manifest(&manifest, Reader::Folder(&left.key)).is_err());
    assert!(ring::open_ring(&ring, &left.identity).is_err());
    assert_eq!(first.open(&phone).await.unwrap_err(), Fault::NoKey);
    assert_eq!(titles(&phone.records().await), ["Genome", "Lipids", "About me"], "filed once");

    let open = second.open(&phone).await.unwrap();
    assert_eq!(titles(&open.records), ["Genome", "Lipids"]);
    assert!(second.bytes_of(titled(&open.records, "Genome")).await == content);
    assert!(!titled(&phone.records().await, "Genome").differs);
}

#[tokio::test]
async fn two_devices_that_renew_at_once_lose_no_record() {
    let world = World::start().await.unwrap();
    let (phone, _, _) = clinic(&world).await;
    let laptop = phone.elsewhere(&world).await;
    world.pass(2 * DAY).await.unwrap();

    // Both see that the grants have ended; the laptop's renewal comes first.
    let before = phone.hand().transactions();
    let pause = phone.hand().pause();
    let add = phone.app.add_record(&phone.me, file("Genome", bytes(100)), phone.laboratory(), QUIET);
    let (filed, mended) = tokio::join!(add, pause.meanwhile(laptop.app.mend_folders(&laptop.me, QUIET)));
    assert!(mended.unwrap());
    filed.unwrap();
    assert_eq!(phone.hand().transactions(), before + 1, "the one that failed was never sent");
    assert_eq!(titles(&laptop.records().await), ["Genome", "Lipids", "About me"]);
    assert_eq!(holders(&phone, &world).await, (1, 0));
}

#[tokio::test]
async fn keys_that_change_after_the_signature_are_no_dead_end() {
    let world = World::start().await.unwrap();
    let (patient, first, second) = clinic(&world).await;
    let lab = lab(&world).await;

    let pause = lab.hand().pause();
    lab.hand().hurry(world.chain().address());
    let before = lab.hand().transactions();
    let report = file("Genome", bytes(100_000));
    let deliver = lab.app.deliver_report(&lab.me, patient.address(), report, Category::Laboratory, QUIET);
    let (filed, revoked) = tokio::join!(deliver, pause.meanwhile(patient.revoke(&first)));
    revoked.unwrap();
    filed.unwrap();
    assert_eq!(lab.hand().transactions(), before + 2, "one in vain, one with the new keys");
    assert_eq!(titles(&second.open(&patient).await.unwrap().records), ["Genome", "Lipids"]);
    assert!(!titled(&patient.records().await, "Genome").differs);
}

/// The two manifests of a file of three MiB whose folder was renewed in between, of what was sent after so many blocks.
fn sealed_again(author: &Member, already: usize, world: &World) -> [(Block<Manifest>, Digest); 2] {
    let links = author.wire().sent().split_off(already);
    let mut leaves: Vec<_> = links.iter().filter(|link| link.codec() == RAW).collect();
    assert_eq!(leaves.len(), 4, "three MiB, padded");
    leaves.sort();
    leaves.dedup();
    assert_eq!(leaves.len(), 4, "each once");
    let manifest = |link: Link| Block::parse(&author.wire().sent_block(link), &world.deployment()).ok();
    let sealed: Vec<_> = links.into_iter().filter_map(|link| Some((manifest(link)?, link.digest()))).collect();
    assert_eq!(
        sealed.iter().map(|(manifest, _): &(Block<Manifest>, _)| manifest.body.epoch).collect::<Vec<_>>(),
        [0, 1]
    );
    sealed.try_into().unwrap()
}

/// A patient with a report that two doctors may read.
async fn clinic(world: &World) -> (Member, Member, Member) {
    let patient = patient(world).await;
    let first = doctor(world, DOCTOR, "Dr. Lindqvist").await;
    let second = doctor(world, SECOND, "Dr. Sato").await;
    patient.add("Lipids", b"LDL 3.4 mmol/L", Category::Laboratory).await;
    patient.grant(&first, DAY).await.unwrap();
    patient.grant(&second, DAY).await.unwrap();
    (patient, first, second)
}
