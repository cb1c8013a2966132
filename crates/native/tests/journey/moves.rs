//! A chart goes on under another account: the code proves the right, time passes, the new account takes over.

use medkey_client::{
    Medkey, Origin,
    connect::Known,
    fault::{Fault, Refusal},
    list_slots::{KnownSlot, Opens},
    recover::RecoverError,
    register::Joining,
};
use medkey_native::world::World;
use medkey_protocol::{api::Role, blocks::Category};

use crate::people::{
    App, DAY, DOCTOR, Member, PATIENT, QUIET, SECOND, amara, app_of, doctor, file, join, stranger, titles,
};

const NEW: u32 = 7;
const WAITING: u64 = 7 * DAY;

/// A patient with a record, her recovery code, and a doctor who may read it.
async fn before(world: &World) -> (Member, String, Member) {
    let (patient, code) = join(stranger(world, PATIENT), Joining::Patient).await;
    patient.app.tell_about_me(&patient.me, &amara(), QUIET).await.unwrap();
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    let doctor = doctor(world, DOCTOR, "Dr. Lindqvist").await;
    patient.grant(&doctor, 30 * DAY).await.unwrap();
    (patient, code, doctor)
}

/// Moves the chart to the account `NEW`, and opens it there.
async fn moved(world: &World, patient: &Member, code: &str) -> Member {
    let app = stranger(world, NEW);
    app.propose_move(patient.address(), code, QUIET).await.unwrap();
    world.pass(WAITING).await.unwrap();
    app.accept_move(patient.address(), QUIET).await.unwrap();
    let me = app.recover(patient.address(), code).await.unwrap();
    Member { app, me }
}

#[tokio::test]
async fn a_chart_moves_and_everything_lives_on() {
    let world = World::start().await.unwrap();
    let (patient, code, doctor) = before(&world).await;
    let chart = patient.address();
    let app = stranger(&world, NEW);
    let waiting = app.propose_move(chart, &code, QUIET).await.unwrap();
    assert_eq!(waiting.account, app.account());
    assert_eq!(waiting.effective, waiting.now + WAITING);
    assert_eq!(patient.chart().await.state.moving.map(|moving| moving.account), Some(app.account()));
    assert_eq!(app.accept_move(chart, QUIET).await.unwrap_err(), Refusal::MoveTooEarly.into());
    assert_eq!(app.connect().await.unwrap(), Known::Stranger);

    world.pass(WAITING).await.unwrap();
    app.accept_move(chart, QUIET).await.unwrap();
    let Known::Member(standing) = app.connect().await.unwrap() else { panic!("unknown") };
    assert_eq!(standing.role, Role::Patient);
    assert_eq!(app.member().await.unwrap(), chart);

    // The new wallet is enrolled, and unlocks like any other, on a new device too.
    let me = app.recover(chart, &code).await.unwrap();
    let wallet = app.enrol_wallet(|_| {}).await.unwrap();
    app.add_slot(&me, &wallet, QUIET).await.unwrap();
    assert_eq!(me.card().block.body.slots.len(), 1, "the former account's slot is gone");
    let new = Member { app, me }.elsewhere(&world).await;
    assert_eq!(new.address(), chart);
    assert_eq!(titles(&new.records().await), ["Lipids", "About me"]);

    // Old grants live on; new records are the patient's; grants are given and taken as before.
    assert_eq!(titles(&doctor.open(&patient).await.unwrap().records), ["Lipids"]);
    new.add("HbA1c", b"5.4", Category::Laboratory).await;
    let records = new.records().await;
    assert_eq!(titles(&records), ["HbA1c", "Lipids", "About me"]);
    assert!(records.records.iter().all(|record| record.author == chart));
    assert_eq!(titles(&doctor.open(&patient).await.unwrap().records), ["HbA1c", "Lipids"]);
    let second = crate::people::doctor(&world, SECOND, "Dr. Sato").await;
    new.grant(&second, DAY).await.unwrap();
    assert_eq!(titles(&second.open(&patient).await.unwrap().records), ["HbA1c", "Lipids"]);
    new.revoke(&doctor).await.unwrap();
    assert_eq!(doctor.open(&patient).await.unwrap_err(), Fault::NoKey);
}

#[tokio::test]
async fn after_a_move_the_former_wallets_slots_go_and_all_others_stay() {
    let world = World::start().await.unwrap();
    let (patient, code, _) = before(&world).await;
    let passkey = patient.app.enrol_passkey(&patient.me, |_| {}).await.unwrap();
    patient.app.add_passkey(&patient.me, &passkey, QUIET).await.unwrap();
    let authenticator = patient.app.ports().authenticator.clone();
    let chart = patient.address();
    let new = moved(&world, &patient, &code).await;

    // On the first site: the former wallet's slot goes, the passkey stays.
    let wallet = new.app.enrol_wallet(|_| {}).await.unwrap();
    new.app.add_slot(&new.me, &wallet, QUIET).await.unwrap();
    let opens = |slots: Vec<KnownSlot>| slots.into_iter().map(|slot| slot.opens).collect::<Vec<_>>();
    let (used_here, account) = (false, new.app.account());
    let listed = opens(new.app.list_slots(&new.me).await.unwrap());
    assert_eq!(listed, [Opens::Passkey { used_here }, Opens::Wallet(account)]);

    // On a second site the new wallet has a slot of its own, beside the first.
    let origin = Origin { domain: "other.example".into(), uri: "https://other.example".into() };
    let there = Medkey::new(new.app.ports().elsewhere(), world.deployment(), origin);
    let me = there.recover(chart, &code).await.unwrap();
    let wallet = there.enrol_wallet(|_| {}).await.unwrap();
    there.add_slot(&me, &wallet, QUIET).await.unwrap();
    let listed = opens(there.list_slots(&me).await.unwrap());
    assert_eq!(listed, [Opens::Passkey { used_here }, Opens::Wallet(account), Opens::Wallet(account)]);
    for app in [&new.app, &there] {
        app.lock().await.unwrap();
        assert_eq!(app.unlock(|_| {}).await.unwrap().address, chart);
    }

    // The passkey opens over the new wallet, which signs in.
    let app = app_of(&world, new.app.ports().elsewhere().with_authenticator(authenticator));
    assert_eq!(app.unlock_with_passkey(|_| {}).await.unwrap().address, chart);
}

#[tokio::test]
async fn the_old_account_can_do_nothing_any_more() {
    let world = World::start().await.unwrap();
    let (patient, code, doctor) = before(&world).await;
    let new = moved(&world, &patient, &code).await;
    let records = new.records().await.records.len();

    assert_eq!(patient.app.connect().await.unwrap(), Known::MovedAway);
    assert_eq!(patient.app.member().await.unwrap_err(), Refusal::MovedAway.into());
    let laboratory = patient.laboratory();
    let added = patient.app.add_record(&patient.me, file("Late", vec![1]), laboratory, QUIET).await;
    assert_eq!(added.unwrap_err(), Refusal::NotPatient.into());
    assert_eq!(patient.revoke(&doctor).await.unwrap_err(), Refusal::NotPatient.into());
    assert_eq!(patient.app.veto_move(&patient.me, QUIET).await.unwrap_err(), Refusal::NotPatient.into());
    let fresh = app_of(&world, patient.app.ports().elsewhere());
    assert!(fresh.unlock(|_| {}).await.is_err());
    let (vault, _) = crate::people::kept_vault(&patient.app);
    let wallet = patient.app.enrol_wallet(|_| {}).await.unwrap();
    let again = patient.app.register(&vault, &wallet, &Joining::Patient, QUIET).await.unwrap_err();
    assert_eq!(again, Refusal::AlreadyRegistered.into());
    assert_eq!(new.records().await.records.len(), records);
}

#[tokio::test]
async fn the_account_that_acts_stops_a_move() {
    let world = World::start().await.unwrap();
    let (patient, code, _) = before(&world).await;
    let chart = patient.address();
    let app: App = stranger(&world, NEW);
    app.propose_move(chart, &code, QUIET).await.unwrap();
    patient.app.veto_move(&patient.me, QUIET).await.unwrap();
    assert_eq!(app.waiting_move(chart).await.unwrap(), None);
    assert_eq!(patient.chart().await.state.moving, None);
    world.pass(WAITING).await.unwrap();
    assert_eq!(app.accept_move(chart, QUIET).await.unwrap_err(), Refusal::NoMove.into());

    // The code's holder may begin again, and waits again.
    app.propose_move(chart, &code, QUIET).await.unwrap();
    assert_eq!(app.accept_move(chart, QUIET).await.unwrap_err(), Refusal::MoveTooEarly.into());
}

#[tokio::test]
async fn only_the_code_moves_a_chart_and_only_to_a_fresh_account() {
    let world = World::start().await.unwrap();
    let (patient, code, doctor) = before(&world).await;
    let (_, other) = join(stranger(&world, SECOND), Joining::Patient).await;
    let chart = patient.address();
    let app: App = stranger(&world, NEW);
    assert_eq!(app.propose_move(chart, &other, QUIET).await.unwrap_err(), RecoverError::OtherVault);
    let mistyped = app.propose_move(chart, &code[1..], QUIET).await.unwrap_err();
    assert!(matches!(mistyped, RecoverError::Code(_)), "{mistyped}");
    let taken = doctor.app.propose_move(chart, &code, QUIET).await.unwrap_err();
    assert_eq!(taken, RecoverError::Fault(Refusal::AccountTaken.into()));
    assert_eq!(app.waiting_move(chart).await.unwrap(), None);
}
