//! Offers: a claim is a grant, and the offer's envelope goes to those who have claimed that very offer.

use medkey_protocol::{
    FolderId, Link, Scope,
    api::{ChartPage, ErrorCode, InboxEntry, Page, Session, paths},
    blocks::EncodedBlock,
    chart::{ChartEvent, fold_all},
    contract::{ICharts, IMembers},
};
use reqwest::StatusCode;

use crate::helpers::*;

const HOUR: u32 = 60 * 60;

fn folder() -> FolderId {
    [0x11; 32].into()
}

fn scope() -> Scope {
    folder().into()
}

/// A patient's record in the folder that is offered.
async fn record(world: &World) -> EncodedBlock {
    world.file(&world.patient, &world.patient, folder(), [1; 32].into(), &File::of("report", 500, 1_000)).await
}

async fn assert_refused(world: &World, links: &[Link], session: &Session, why: &str) {
    for link in links {
        let refusal = world.api().get(*link, Some(session)).await.map(|_| ()).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::NoAccess, "{why}");
    }
}

async fn assert_open(world: &World, blocks: &[&EncodedBlock], session: &Session) {
    for block in blocks {
        assert_eq!(world.api().get(block.link(), Some(session)).await.unwrap(), block.bytes);
    }
}

#[tokio::test]
async fn a_claim_is_a_grant_and_opens_the_envelope_of_its_offer() {
    let world = World::start().await;
    let record = record(&world).await;
    let offer = world.offer(&world.patient, scope(), HOUR).await;
    world.reach().await;
    let (patient, doctor) = (world.sign_in(&world.patient).await, world.sign_in(&world.doctor).await);
    assert_open(&world, &[&offer.envelope], &patient).await;
    assert_refused(&world, &[offer.envelope.link()], &doctor, "who holds the code has not claimed yet").await;
    assert_eq!(world.api().get(offer.envelope.link(), None).await.unwrap_err().code, ErrorCode::NoSession);

    let own = world.claim(&world.doctor, &offer).await;
    world.reach().await;
    let links = [offer.envelope.link(), own.link(), record.link()];
    assert_refused(&world, &links, &doctor, "claimed, and no access logged").await;
    world.log_access(&world.doctor, &world.patient, scope()).await;
    world.reach().await;
    assert_open(&world, &[&offer.envelope, &own, &record], &doctor).await;
    assert_open(&world, &[&offer.envelope, &own], &patient).await;

    let words = world.words(&world.patient).await;
    let delivered = words.iter().filter(|word| word.block == offer.envelope.link() && word.delivered);
    let delivered: Vec<_> = delivered.map(|word| (word.member, word.scope)).collect();
    assert_eq!(delivered, [(world.doctor.address, Some(scope()))], "the patient sees who was handed it");
}

#[tokio::test]
async fn nobody_but_a_claimer_of_that_offer_is_handed_its_envelope() {
    let world = World::start().await;
    let offer = world.offer(&world.patient, scope(), HOUR).await;
    let own = world.claim(&world.doctor, &offer).await;
    world.log_access(&world.doctor, &world.patient, scope()).await;

    // The stranger holds the same scope by the patient's hand, and has logged it; the laboratory claimed another offer
    // of the patient's with the same key, and one of another patient's with the same key and scope.
    world.grant(&world.patient, &world.stranger, scope(), DAY).await;
    world.log_access(&world.stranger, &world.patient, scope()).await;
    let elsewhere = Scope::from([0x22; 32]);
    for (chart, scope) in [(world.patient.address, elsewhere), (world.other.address, scope())] {
        let sealed = envelope(world.at(), chart, offer.key.address(), scope, 0x0e);
        let beside = Offer { chart, key: offer.key.clone(), scope, envelope: sealed };
        world.make_offer(&beside, beside.envelope.digest, HOUR).await;
        world.claim(&world.lab, &beside).await;
        let call = ICharts::logAccessCall { chart, scope: scope.into() };
        world.chain.send(world.lab.address, &call).await;
    }
    world.grant(&world.patient, &world.lab, scope(), DAY).await;
    world.log_access(&world.lab, &world.patient, scope()).await;
    world.reach().await;
    for person in [&world.stranger, &world.lab, &world.other] {
        let session = world.sign_in(person).await;
        assert_refused(&world, &[offer.envelope.link(), own.link()], &session, "no claim of this offer").await;
    }

    // A second claimer is handed the offer's envelope, and never the first one's own.
    let second = world.claim(&world.stranger, &offer).await;
    world.reach().await;
    let (doctor, stranger) = (world.sign_in(&world.doctor).await, world.sign_in(&world.stranger).await);
    assert_open(&world, &[&offer.envelope, &second], &stranger).await;
    assert_refused(&world, &[own.link()], &stranger, "the first claimer's").await;
    assert_refused(&world, &[second.link()], &doctor, "the second claimer's").await;
}

#[tokio::test]
async fn a_claim_ends_like_a_grant() {
    let world = World::start().await;
    let record = record(&world).await;
    let offer = world.offer(&world.patient, scope(), HOUR).await;
    let own = world.claim(&world.doctor, &offer).await;
    let blocks = [&offer.envelope, &own, &record];
    let links = blocks.map(EncodedBlock::link);
    world.log_access(&world.doctor, &world.patient, scope()).await;
    world.reach().await;
    let doctor = world.sign_in(&world.doctor).await;
    assert_open(&world, &blocks, &doctor).await;

    // Withdrawn: nobody claims it any more, and whoever has claimed it keeps what the claim gave.
    let key = offer.key.address();
    let call = ICharts::withdrawOfferCall { chart: offer.chart, key, scope: scope().into() };
    world.chain.send(offer.chart, &call).await;
    world.reach().await;
    assert_open(&world, &blocks, &doctor).await;

    let member = world.doctor.address;
    world.chain.send(world.registrar(), &IMembers::suspendCall { member, reason: 1 }).await;
    world.reach().await;
    assert_refused(&world, &links, &doctor, "suspended").await;
    world.chain.send(world.registrar(), &IMembers::reinstateCall { member }).await;
    world.reach().await;
    assert_open(&world, &blocks, &doctor).await;

    world.chain.pass(u64::from(HOUR)).await;
    world.reach().await;
    assert_refused(&world, &links, &doctor, "the grant of the claim has run out").await;

    // Extended by the patient's hand it lives again, revoked it does not.
    world.grant(&world.patient, &world.doctor, scope(), DAY).await;
    world.reach().await;
    assert_open(&world, &blocks, &doctor).await;
    world.revoke(&world.patient, &world.doctor, scope()).await;
    world.reach().await;
    assert_refused(&world, &links, &doctor, "revoked").await;
}

#[tokio::test]
async fn the_access_of_a_claimer_is_logged_within_a_day() {
    let world = World::start().await;
    let offer = world.offer(&world.patient, scope(), 72 * HOUR).await;
    let own = world.claim(&world.doctor, &offer).await;
    world.log_access(&world.doctor, &world.patient, scope()).await;
    world.chain.pass(DAY).await;
    world.reach().await;
    let doctor = world.sign_in(&world.doctor).await;
    assert_refused(&world, &[offer.envelope.link(), own.link()], &doctor, "logged a day ago").await;
    world.log_access(&world.doctor, &world.patient, scope()).await;
    world.reach().await;
    assert_open(&world, &[&offer.envelope, &own], &doctor).await;
}

#[tokio::test]
async fn a_claim_never_shortens_a_grant() {
    let world = World::start().await;
    let record = record(&world).await;
    world.grant(&world.patient, &world.doctor, scope(), 3 * DAY).await;
    let offer = world.offer(&world.patient, scope(), HOUR).await;
    world.claim(&world.doctor, &offer).await;
    world.chain.pass(u64::from(2 * HOUR)).await;
    world.log_access(&world.doctor, &world.patient, scope()).await;
    world.reach().await;
    let doctor = world.sign_in(&world.doctor).await;
    assert_open(&world, &[&offer.envelope, &record], &doctor).await;
}

#[tokio::test]
async fn naming_anothers_block_in_a_claim_or_an_offer_opens_nothing() {
    let world = World::start().await;
    let record = record(&world).await;
    let of_doctor = world.grant(&world.patient, &world.doctor, scope(), DAY).await;
    let first = world.offer(&world.patient, scope(), HOUR).await;
    world.claim(&world.doctor, &first).await;
    let stranger = world.sign_in(&world.stranger).await;
    let links = [of_doctor.link(), first.envelope.link(), record.link()];

    // In a claim of an offer by an accomplice: the scope is the same, for folders' ids are no secret.
    for (at, digest) in [of_doctor.digest, first.envelope.digest, record.digest].into_iter().enumerate() {
        let key = secp256k1(&format!("accomplice {at}"));
        let sealed = envelope(world.at(), world.other.address, key.address(), scope(), 0x0e);
        let offer = Offer { chart: world.other.address, key, scope: scope(), envelope: sealed };
        world.make_offer(&offer, digest, HOUR).await;
        world.claim_naming(&world.stranger, &offer, digest).await;
    }
    let call = ICharts::logAccessCall { chart: world.other.address, scope: scope().into() };
    world.chain.send(world.stranger.address, &call).await;
    world.reach().await;
    assert_refused(&world, &links, &stranger, "named in another chart").await;

    // In a claim of another offer in the same chart, whose scope is another.
    let elsewhere = Scope::from([0x22; 32]);
    let beside = world.offer(&world.patient, elsewhere, HOUR).await;
    world.claim_naming(&world.stranger, &beside, of_doctor.digest).await;
    world.log_access(&world.stranger, &world.patient, elsewhere).await;
    world.reach().await;
    assert_refused(&world, &links, &stranger, "named in a claim").await;
    assert_open(&world, &[&beside.envelope], &stranger).await;
}

#[tokio::test]
async fn an_offers_envelope_counts_only_for_its_own_key_and_scope() {
    let world = World::start().await;
    let patient = world.sign_in(&world.patient).await;
    let chart = world.patient.address;
    let key = secp256k1("offer");
    let elsewhere = Scope::from([0x22; 32]);
    let file = File::of("report", 500, 1_000);
    world.upload(&file, &patient).await;
    let wrong = [
        envelope(world.at(), chart, key.address(), elsewhere, 1),
        envelope(world.at(), chart, secp256k1("another").address(), scope(), 2),
        manifest(world.at(), chart, chart, folder(), [1; 32].into(), file.body, None),
    ];
    for (at, block) in wrong.iter().enumerate() {
        world.api().put_block(block, Some(&patient)).await.unwrap();
        let key = if at == 0 { key.clone() } else { secp256k1(&format!("offer {at}")) };
        let offer = Offer { chart, key, scope: scope(), envelope: block.clone() };
        world.make_offer(&offer, block.digest, HOUR).await;
        world.claim(&world.doctor, &offer).await;
    }
    // The doctor also claims what the first of them says it opens: an offer that names another envelope.
    let right = envelope(world.at(), chart, key.address(), elsewhere, 3);
    world.api().put_block(&right, Some(&patient)).await.unwrap();
    let offer = Offer { chart, key, scope: elsewhere, envelope: right };
    world.make_offer(&offer, offer.envelope.digest, HOUR).await;
    world.claim(&world.doctor, &offer).await;
    for scope in [scope(), elsewhere] {
        world.log_access(&world.doctor, &world.patient, scope).await;
    }
    world.reach().await;
    let doctor = world.sign_in(&world.doctor).await;
    assert_open(&world, &[&offer.envelope], &doctor).await;
    for session in [&doctor, &patient] {
        for block in &wrong {
            assert_eq!(world.api().get(block.link(), Some(session)).await.unwrap_err().code, ErrorCode::NotFound);
        }
    }
}

#[tokio::test]
async fn an_envelope_comes_from_the_patient_or_from_whom_it_names() {
    let world = World::start().await;
    let (chart, key) = (world.patient.address, secp256k1("offer").address());
    let (patient, doctor) = (world.sign_in(&world.patient).await, world.sign_in(&world.doctor).await);
    let stranger = world.sign_in(&world.stranger).await;
    let offered = envelope(world.at(), chart, key, scope(), 1);
    let claimed = envelope(world.at(), chart, world.doctor.address, scope(), 2);
    for block in [&offered, &claimed] {
        let no = world.api().put_block(block, Some(&stranger)).await.unwrap_err();
        assert_eq!(no.code, ErrorCode::WrongBlock);
        assert_eq!(world.api().put_block(block, None).await.unwrap_err().code, ErrorCode::NoSession);
    }
    let no = world.api().put_block(&offered, Some(&doctor)).await.unwrap_err();
    assert_eq!(no.code, ErrorCode::WrongBlock);
    assert_eq!(world.api().put_block(&claimed, Some(&doctor)).await, Ok(StatusCode::CREATED));
    assert_eq!(world.api().put_block(&offered, Some(&patient)).await, Ok(StatusCode::CREATED));
    // What nobody announced is not there, for whoever sent it either.
    for (block, session) in [(&claimed, &doctor), (&offered, &patient)] {
        assert_eq!(world.api().get(block.link(), Some(session)).await.unwrap_err().code, ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn offers_and_claims_are_entries_and_a_claimer_finds_them_in_the_inbox() {
    let world = World::start().await;
    let chart = world.patient.address;
    let mut listening = world.api().events(&format!("chart={chart}&member={}", world.doctor.address)).await;
    let offer = world.offer(&world.patient, scope(), HOUR).await;
    listening.until(|live| live.charts == [chart] && live.members.is_empty()).await;
    let own = world.claim(&world.doctor, &offer).await;
    let claimed = world.chain.newest().await;
    listening.until(|live| live.charts == [chart] && live.members == [world.doctor.address]).await;
    let key = offer.key.address();
    let call = ICharts::withdrawOfferCall { chart, key, scope: scope().into() };
    world.chain.send(chart, &call).await;
    world.reach().await;

    let patient = world.sign_in(&world.patient).await;
    let page: ChartPage =
        world.api().json(&format!("{}/{chart}/entries", paths::CHARTS), Some(&patient)).await.unwrap();
    assert_eq!(page.head, fold_all(chart, &page.entries));
    assert_eq!(page.head, world.chain.head(chart).await);
    let events: Vec<_> = page.entries.iter().map(|entry| &entry.event).collect();
    let claim = ChartEvent::OfferClaimed {
        claimer: world.doctor.address,
        key,
        scope: scope(),
        expiry: claimed.time + u64::from(HOUR),
        envelope: own.digest,
    };
    assert!(matches!(
        events[..],
        [
            ChartEvent::OfferMade { claims: 3, length: HOUR, emergency: false, .. },
            found,
            ChartEvent::OfferWithdrawn { .. },
        ] if *found == claim
    ));
    let doctor = world.sign_in(&world.doctor).await;
    let inbox: Page<InboxEntry> = world.api().json(paths::INBOX, Some(&doctor)).await.unwrap();
    let inbox: Vec<_> = inbox.items.into_iter().map(|entry| (entry.chart, entry.entry.event)).collect();
    assert_eq!(inbox, [(chart, claim)]);
}

#[tokio::test]
async fn a_reorganisation_takes_a_claim_back() {
    let world = World::start().await;
    let record = record(&world).await;
    let offer = world.offer(&world.patient, scope(), HOUR).await;
    world.reach().await;
    let snapshot = world.chain.call("evm_snapshot", serde_json::json!([])).await;
    let own = world.claim(&world.doctor, &offer).await;
    world.log_access(&world.doctor, &world.patient, scope()).await;
    world.reach().await;
    let doctor = world.sign_in(&world.doctor).await;
    assert_open(&world, &[&offer.envelope, &own, &record], &doctor).await;

    world.chain.reorganise(snapshot, 4).await;
    world.reach().await;
    // Granted by hand on the new chain, the doctor has still not claimed the offer.
    world.grant(&world.patient, &world.doctor, scope(), DAY).await;
    world.log_access(&world.doctor, &world.patient, scope()).await;
    world.reach().await;
    assert_open(&world, &[&record], &doctor).await;
    assert_refused(&world, &[offer.envelope.link()], &doctor, "the claim never was").await;
    let refusal = world.api().get(own.link(), Some(&doctor)).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::NotFound, "no event names the claimer's envelope");
}
