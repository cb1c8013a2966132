//! Ways around the access rule, each of which must lead nowhere.

use medkey_protocol::{
    Address, Digest, FolderId, Link, RecordId,
    api::{ErrorCode, Session},
    blocks::BodyLink,
    contract::{ICharts, IMembers},
};

use crate::helpers::*;

fn folder() -> FolderId {
    [0x11; 32].into()
}

fn record() -> RecordId {
    [1; 32].into()
}

/// A patient's record in the chart, and the links that nobody else may follow.
async fn secret(world: &World) -> (Digest, File, Vec<Link>) {
    let file = File::of("secret", 5_000, 1_000);
    let manifest = world.file(&world.patient, &world.patient, folder(), record(), &file).await;
    world.reach().await;
    let links = vec![manifest.link(), file.body.link, file.leaf()];
    (manifest.digest, file, links)
}

async fn assert_closed(world: &World, links: &[Link], sessions: &[&Session]) {
    world.reach().await;
    for link in links {
        let refusal = world.api().get(*link, None).await.unwrap_err();
        assert_eq!(refusal.code, ErrorCode::NoSession);
        for session in sessions {
            for refusal in [
                world.api().get(*link, Some(session)).await.map(|_| ()).unwrap_err(),
                world.api().get_car(*link, Some(session)).await.map(|_| ()).unwrap_err(),
            ] {
                assert_eq!(refusal.code, ErrorCode::NoAccess);
            }
        }
    }
}

#[tokio::test]
async fn announcing_anothers_manifest_as_ones_own_opens_nothing() {
    let world = World::start().await;
    let (digest, _, links) = secret(&world).await;
    let stranger = world.sign_in(&world.stranger).await;
    let accomplice = world.sign_in(&world.other).await;
    let readers = [&stranger, &accomplice];

    // As a record: of the stranger in the accomplice's chart, of the accomplice himself, and in the victim's chart.
    world.announce(&world.stranger, &world.other, digest).await;
    world.announce(&world.other, &world.other, digest).await;
    world.announce(&world.stranger, &world.patient, digest).await;
    assert_closed(&world, &links, &readers).await;

    // As the replacement of a record of his own.
    let own = world.file(&world.other, &world.other, folder(), record(), &File::of("own", 100, 1_000)).await;
    let chart = world.other.address;
    let (previous, card) = (own.digest.into(), world.other.card.into());
    let call = ICharts::replaceRecordCall { chart, previous, manifest: digest.into(), card };
    world.chain.send(chart, &call).await;
    assert_closed(&world, &links, &readers).await;

    // As a profile and as a card.
    let call = IMembers::proposeProfileCall { profile: digest.into(), hospital: 0 };
    world.chain.send(world.stranger.address, &call).await;
    let call = IMembers::updateCardCall { previous: world.other.card.into(), card: digest.into() };
    world.chain.send(world.other.address, &call).await;
    world.reach().await;
    for link in &links {
        assert_eq!(world.api().get(*link, None).await.unwrap_err().code, ErrorCode::NoSession);
        assert_eq!(world.api().get(*link, Some(&stranger)).await.unwrap_err().code, ErrorCode::NoAccess);
    }
    // The accomplice's card is not one any more, and his session ended with it.
    assert_eq!(world.api().get(links[0], Some(&accomplice)).await.unwrap_err().code, ErrorCode::NoSession);
}

#[tokio::test]
async fn naming_anothers_manifest_as_ring_envelope_reason_or_page_opens_nothing() {
    let world = World::start().await;
    let (digest, _, links) = secret(&world).await;
    let stranger = world.sign_in(&world.stranger).await;
    let accomplice = world.sign_in(&world.other).await;

    // As a ring of his card.
    let card = world.other.card(world.at(), &[(folder(), digest.link())], &[]);
    world.api().put_block(&card, Some(&accomplice)).await.unwrap();
    let call = IMembers::updateCardCall { previous: world.other.card.into(), card: card.digest.into() };
    world.chain.send(world.other.address, &call).await;

    // As an envelope to the stranger, who logs the access.
    let scope = folder().into();
    let expiry = (world.chain.newest().await.time + DAY).try_into().unwrap();
    let call = ICharts::grantAccessCall {
        chart: world.other.address,
        grantee: world.stranger.address,
        scope,
        expiry,
        envelope: digest.into(),
    };
    world.chain.send(world.other.address, &call).await;
    world.log_access(&world.stranger, &world.other, folder().into()).await;

    // As a reason to ask, and as the page of a hospital.
    let call = ICharts::requestAccessCall { chart: world.other.address, reason: digest.into() };
    world.chain.send(world.stranger.address, &call).await;
    world.chain.send(world.registrar(), &IMembers::addHospitalCall { page: digest.into() }).await;

    assert_closed(&world, &links, &[&stranger, &accomplice]).await;
}

#[tokio::test]
async fn a_grant_in_ones_own_chart_over_anothers_folder_opens_nothing() {
    let world = World::start().await;
    let (_, _, links) = secret(&world).await;
    // The folder's id is no secret: the accomplice grants the same scope in his own chart.
    world.grant(&world.other, &world.stranger, folder().into(), DAY).await;
    world.log_access(&world.stranger, &world.other, folder().into()).await;
    let stranger = world.sign_in(&world.stranger).await;
    assert_closed(&world, &links, &[&stranger]).await;
}

#[tokio::test]
async fn a_manifest_over_anothers_body_is_refused() {
    let world = World::start().await;
    let (_, file, links) = secret(&world).await;
    let stranger = world.sign_in(&world.stranger).await;
    let me = world.stranger.address;
    let over = |body: BodyLink, chart: Address| manifest(world.at(), chart, me, folder(), record(), body, None);

    // Over the body itself, in the victim's chart and in another.
    for chart in [world.patient.address, world.other.address] {
        let refusal = world.api().put_block(&over(file.body, chart), Some(&stranger)).await.unwrap_err();
        assert_eq!(refusal.code, ErrorCode::MissingBlock);
    }
    // Over a single leaf.
    let leaf = BodyLink { link: file.leaf(), size: 1_000 };
    let refusal = world.api().put_block(&over(leaf, me), Some(&stranger)).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::MissingBlock);

    // Over a fresh root of one's own, with leaves that one never sent.
    let nodes = file.blocks.iter().filter(|(link, _)| link.codec() == 0x70);
    for (link, bytes) in nodes {
        world.api().put(*link, bytes, Some(&stranger)).await.unwrap();
    }
    let refusal = world.api().put_block(&over(file.body, me), Some(&stranger)).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::MissingBlock);
    assert_closed(&world, &links, &[&stranger]).await;

    // Another patient cannot claim it as his own record's body either.
    let accomplice = world.sign_in(&world.other).await;
    let own = world.other.address;
    let claim = manifest(world.at(), own, own, folder(), record(), file.body, None);
    let refusal = world.api().put_block(&claim, Some(&accomplice)).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::MissingBlock);
}

#[tokio::test]
async fn a_revoked_doctor_who_files_the_old_body_again_gets_nothing() {
    let world = World::start().await;
    let (old, file, links) = secret(&world).await;
    world.grant(&world.patient, &world.doctor, folder().into(), DAY).await;
    world.log_access(&world.doctor, &world.patient, folder().into()).await;
    world.reach().await;
    let doctor = world.sign_in(&world.doctor).await;
    world.api().get(links[0], Some(&doctor)).await.unwrap();

    world.revoke(&world.patient, &world.doctor, folder().into()).await;
    world.reach().await;
    let (chart, author) = (world.patient.address, world.doctor.address);
    let again = manifest(world.at(), chart, author, folder(), record(), file.body, Some(old.link()));
    let refusal = world.api().put_block(&again, Some(&doctor)).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::MissingBlock);
    // He announces it all the same, with the old digest too; and names the old manifest as the origin of one of his
    // own, which only a patient's manifest may lead to.
    world.announce(&world.doctor, &world.patient, again.digest).await;
    world.announce(&world.doctor, &world.patient, old).await;
    let own_file = File::of("his own", 100, 1_000);
    world.upload(&own_file, &doctor).await;
    let own = manifest(world.at(), chart, author, folder(), record(), own_file.body, Some(old.link()));
    world.api().put_block(&own, Some(&doctor)).await.unwrap();
    world.announce(&world.doctor, &world.patient, own.digest).await;
    assert_closed(&world, &links, &[&doctor]).await;
    world.api().get(own.link(), Some(&doctor)).await.unwrap();
}

#[tokio::test]
async fn blocks_in_anothers_name_are_refused() {
    let world = World::start().await;
    let stranger = world.sign_in(&world.stranger).await;
    let patient = world.patient.address;
    let file = File::of("mine", 100, 1_000);
    world.upload(&file, &stranger).await;
    let in_anothers_name = [
        manifest(world.at(), patient, patient, folder(), record(), file.body, None),
        envelope(world.at(), patient, world.doctor.address, folder().into(), 1),
        reason(world.at(), patient, world.doctor.address),
        world.patient.card(world.at(), &[], &[]),
        ring(world.at(), patient, folder(), 0, None),
        slot(world.at(), patient),
        profile(world.at(), patient, "Somebody"),
    ];
    for block in &in_anothers_name {
        let refusal = world.api().put_block(block, Some(&stranger)).await.unwrap_err();
        assert_eq!(refusal.code, ErrorCode::WrongBlock);
    }
    for block in &in_anothers_name[..3] {
        assert_eq!(world.api().put_block(block, None).await.unwrap_err().code, ErrorCode::NoSession);
    }
}

#[tokio::test]
async fn a_body_that_does_not_add_up_is_refused() {
    let world = World::start().await;
    let patient = world.sign_in(&world.patient).await;
    let me = world.patient.address;
    let file = File::of("report", 5_000, 1_000);
    world.upload(&file, &patient).await;
    let wrong = BodyLink { size: file.body.size + 1, ..file.body };
    let block = manifest(world.at(), me, me, folder(), record(), wrong, None);
    assert_eq!(world.api().put_block(&block, Some(&patient)).await.unwrap_err().code, ErrorCode::WrongBlock);
    // A ring is no file.
    let ring = ring(world.at(), me, folder(), 0, None);
    world.api().put_block(&ring, Some(&patient)).await.unwrap();
    let wrong = BodyLink { link: ring.link(), size: ring.bytes.len() as u64 };
    let block = manifest(world.at(), me, me, folder(), record(), wrong, None);
    assert_eq!(world.api().put_block(&block, Some(&patient)).await.unwrap_err().code, ErrorCode::WrongBlock);
}
