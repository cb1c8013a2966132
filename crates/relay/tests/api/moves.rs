//! Charts that move to another account: the chart's id stays, the account that acts changes.

use medkey_protocol::{
    Address, FolderId, acts,
    api::{ChartPage, ErrorCode, Proof, Reach, Session, paths},
    blocks::EncodedBlock,
    chart::{ChartEvent, fold_all},
    contract::{ICharts, IMembers},
    ids::Fixed,
    login,
};
use serde_json::{Value, json};

use crate::helpers::*;

const WEEK: u64 = 7 * DAY;

fn folder() -> FolderId {
    [0x11; 32].into()
}

/// A patient with a slot in the card, and that slot.
async fn with_slot(world: &mut World) -> (EncodedBlock, EncodedBlock) {
    let full = world.sign_in(&world.patient).await;
    let slot = slot(world.at(), world.patient.address);
    let card = world.patient.card(world.at(), &[], &[slot.link()]);
    for block in [&slot, &card] {
        world.api().put_block(block, Some(&full)).await.unwrap();
    }
    let call = IMembers::updateCardCall { previous: world.patient.card.into(), card: card.digest.into() };
    world.chain.send(world.patient.address, &call).await;
    world.patient.card = card.digest;
    world.reach().await;
    (slot, card)
}

/// Proposes that the patient's chart moves to `account`, with the key of the recovery code.
async fn propose(world: &World, card: &EncodedBlock, account: Address, nonce: u32) {
    let chart = world.patient.address;
    let (r, vs) = compact(&world.patient.recovery(), acts::move_digest(world.at(), chart, account, nonce));
    let call = ICharts::proposeMoveCall { chart, card: card.bytes.clone().into(), account, r, vs };
    // Whoever has the signature may send it.
    world.chain.send(world.stranger.address, &call).await;
}

/// Moves the patient's chart to `account`.
async fn move_to(world: &World, card: &EncodedBlock, account: Address, nonce: u32) {
    propose(world, card, account, nonce).await;
    world.chain.pass(WEEK).await;
    world.chain.send(account, &ICharts::acceptMoveCall { chart: world.patient.address }).await;
    world.reach().await;
}

/// Signs in as `member` with the wallet of `account`, over a text that names `named`.
async fn by_wallet(world: &World, member: Address, account: Address, named: Address) -> Result<Session, ErrorCode> {
    let challenge = world.api().challenge(member).await;
    let (domain, uri) = (&challenge.domain, &challenge.uri);
    let text = login::wallet_text(domain, uri, named, world.at(), &challenge.nonce, &challenge.issued_at);
    let signature = world.chain.personal_sign(account, &text).await.try_into().unwrap();
    let proof = Proof::Wallet { signature: Fixed(signature) };
    world.api().open(member, challenge.nonce, proof).await.map_err(|no| no.code)
}

#[tokio::test]
async fn after_a_move_the_new_account_opens_the_slots_and_the_old_one_nothing() {
    let mut world = World::start().await;
    let (slot, card) = with_slot(&mut world).await;
    let (me, fresh) = (world.patient.address, world.chain.accounts[8]);
    let old = by_wallet(&world, me, me, me).await.unwrap();
    let full = world.sign_in(&world.patient).await;
    world.api().get(slot.link(), Some(&old)).await.unwrap();

    propose(&world, &card, fresh, 0).await;
    world.reach().await;
    assert_eq!(by_wallet(&world, me, fresh, fresh).await.unwrap_err(), ErrorCode::WrongProof, "only proposed");
    world.api().get(slot.link(), Some(&old)).await.unwrap();

    world.chain.pass(WEEK).await;
    world.chain.send(fresh, &ICharts::acceptMoveCall { chart: me }).await;
    world.reach().await;
    let refusal = world.api().get(slot.link(), Some(&old)).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::NoSession, "the old wallet's session has ended");
    assert_eq!(by_wallet(&world, me, me, me).await.unwrap_err(), ErrorCode::WrongProof);
    assert_eq!(by_wallet(&world, me, me, fresh).await.unwrap_err(), ErrorCode::WrongProof);
    assert_eq!(by_wallet(&world, me, fresh, me).await.unwrap_err(), ErrorCode::WrongProof, "the text names who signs");
    let new = by_wallet(&world, me, fresh, fresh).await.unwrap();
    assert_eq!(new.reach, Reach::Slots);
    assert_eq!(world.api().get(slot.link(), Some(&new)).await.unwrap(), slot.bytes);
    // Sessions of the sign-in key go on: the card is the same.
    world.api().json::<Value>(paths::INBOX, Some(&full)).await.unwrap();
    world.sign_in(&world.patient).await;

    // The account itself is nobody.
    let no = world.api().json::<Value>(&format!("{}/{fresh}", paths::MEMBERS), None).await.unwrap_err();
    assert_eq!(no.code, ErrorCode::NotFound);
    assert_eq!(by_wallet(&world, fresh, fresh, fresh).await.unwrap_err(), ErrorCode::NotFound);

    // And on to a third account.
    let third = world.chain.accounts[9];
    move_to(&world, &card, third, 1).await;
    assert_eq!(world.api().get(slot.link(), Some(&new)).await.unwrap_err().code, ErrorCode::NoSession);
    assert_eq!(by_wallet(&world, me, fresh, fresh).await.unwrap_err(), ErrorCode::WrongProof);
    let last = by_wallet(&world, me, third, third).await.unwrap();
    world.api().get(slot.link(), Some(&last)).await.unwrap();
}

#[tokio::test]
async fn a_moved_chart_goes_on_under_its_id() {
    let mut world = World::start().await;
    let (_, card) = with_slot(&mut world).await;
    let chart = world.patient.address;
    let before_file = File::of("before", 500, 1_000);
    let before = world.file(&world.patient, &world.patient, folder(), [1; 32].into(), &before_file).await;
    world.grant(&world.patient, &world.doctor, folder().into(), 30 * DAY).await;
    let fresh = world.chain.accounts[8];
    let mut listening = world.api().events(&format!("chart={chart}")).await;
    move_to(&world, &card, fresh, 0).await;
    listening.until(|live| live.charts == [chart]).await;

    // The patient signs in by key and sends as ever; the new account announces.
    let patient = world.sign_in(&world.patient).await;
    let file = File::of("after", 500, 1_000);
    world.upload(&file, &patient).await;
    let after = manifest(world.at(), chart, chart, folder(), [2; 32].into(), file.body, None);
    world.api().put_block(&after, Some(&patient)).await.unwrap();
    let call = ICharts::addRecordCall { chart, manifest: after.digest.into(), card: world.patient.card.into() };
    world.chain.send(fresh, &call).await;
    let next = world.patient.card(world.at(), &[], &[]);
    world.api().put_block(&next, Some(&patient)).await.unwrap();
    let call = IMembers::updateCardCall { previous: world.patient.card.into(), card: next.digest.into() };
    world.chain.send(fresh, &call).await;
    world.patient.card = next.digest;
    world.log_access(&world.doctor, &world.patient, folder().into()).await;
    world.reach().await;

    let page: ChartPage =
        world.api().json(&format!("{}/{chart}/entries", paths::CHARTS), Some(&patient)).await.unwrap();
    assert_eq!(page.head, fold_all(chart, &page.entries));
    assert_eq!(page.head, world.chain.head(chart).await);
    let events: Vec<_> = page.entries.iter().map(|entry| &entry.event).collect();
    assert!(matches!(
        events[..],
        [
            ChartEvent::RecordAdded { .. },
            ChartEvent::AccessGranted { .. },
            ChartEvent::MoveProposed { account: proposed, .. },
            ChartEvent::ChartMoved { account: moved },
            ChartEvent::RecordAdded { author, .. },
            ChartEvent::AccessLogged { .. },
        ] if [*proposed, *moved] == [fresh; 2] && *author == chart
    ));
    // Old and new records are read by the patient, and by whom the old account granted.
    let doctor = world.sign_in(&world.doctor).await;
    for session in [&patient, &doctor] {
        world.api().get(before.link(), Some(session)).await.unwrap();
        world.api().get(before_file.body.link, Some(session)).await.unwrap();
        world.api().get(after.link(), Some(session)).await.unwrap();
        world.api().get(file.body.link, Some(session)).await.unwrap();
    }
    assert_eq!(world.api().get(next.link(), None).await.unwrap(), next.bytes, "the card is still the patient's");
}

#[tokio::test]
async fn a_vetoed_move_changes_nothing() {
    let mut world = World::start().await;
    let (slot, card) = with_slot(&mut world).await;
    let (me, fresh) = (world.patient.address, world.chain.accounts[8]);
    propose(&world, &card, fresh, 0).await;
    world.chain.send(me, &ICharts::vetoMoveCall { chart: me }).await;
    world.reach().await;
    let full = world.sign_in(&world.patient).await;
    let page: ChartPage = world.api().json(&format!("{}/{me}/entries", paths::CHARTS), Some(&full)).await.unwrap();
    assert!(matches!(
        page.entries.iter().map(|entry| &entry.event).collect::<Vec<_>>()[..],
        [ChartEvent::MoveProposed { .. }, ChartEvent::MoveVetoed { account }] if *account == fresh
    ));
    assert_eq!(page.head, world.chain.head(me).await);
    let wallet = by_wallet(&world, me, me, me).await.unwrap();
    world.api().get(slot.link(), Some(&wallet)).await.unwrap();
}

#[tokio::test]
async fn a_move_that_a_reorganisation_takes_back_leaves_no_session() {
    let mut world = World::start().await;
    let (slot, card) = with_slot(&mut world).await;
    let (me, fresh) = (world.patient.address, world.chain.accounts[8]);
    propose(&world, &card, fresh, 0).await;
    world.chain.pass(WEEK).await;
    world.reach().await;
    let snapshot = world.chain.call("evm_snapshot", json!([])).await;
    world.chain.send(fresh, &ICharts::acceptMoveCall { chart: me }).await;
    world.reach().await;
    let new = by_wallet(&world, me, fresh, fresh).await.unwrap();
    world.api().get(slot.link(), Some(&new)).await.unwrap();

    world.chain.reorganise(snapshot, 4).await;
    world.chain.send(me, &ICharts::vetoMoveCall { chart: me }).await;
    world.reach().await;
    assert_eq!(world.api().get(slot.link(), Some(&new)).await.unwrap_err().code, ErrorCode::NoSession);
    assert_eq!(by_wallet(&world, me, fresh, fresh).await.unwrap_err(), ErrorCode::WrongProof);
    let wallet = by_wallet(&world, me, me, me).await.unwrap();
    world.api().get(slot.link(), Some(&wallet)).await.unwrap();
}
