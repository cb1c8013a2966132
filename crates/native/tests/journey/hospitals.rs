//! What is shared with all doctors of a hospital: the patient is asked when one joins or leaves, and nothing happens
//! unasked.

use medkey_client::{
    fault::Fault,
    follow_hospitals::{Moved, TeamChange},
    grant_access::{Decision, Shared},
    ports::WalletError,
    verify_member::Why,
};
use medkey_native::world::World;
use medkey_protocol::{
    Address, Scope,
    api::{At, MemberEntry, Page},
    blocks::Category,
};

use crate::people::{
    DAY, DOCTOR, Member, QUIET, SECOND, amara, charite, doctor, patient, profile, stranger, titles, verify,
};

const CHARITE: u32 = 1;
const THIRD: u32 = 5;

/// A patient who shares the laboratory folder with the one doctor of a hospital, and a doctor of none.
async fn clinic(world: &World) -> (Member, Member, Member) {
    stranger(world, World::REGISTRAR).add_hospital(&charite(), QUIET).await.unwrap();
    let patient = patient(world).await;
    let (first, second) = (doctor(world, DOCTOR, "Dr. Lindqvist").await, doctor(world, SECOND, "Dr. Sato").await);
    move_to(world, &first, "Dr. Lindqvist", CHARITE).await;
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    share(&patient, &first).await;
    (patient, first, second)
}

async fn move_to(world: &World, doctor: &Member, name: &str, hospital: u32) {
    doctor.app.propose_profile(&doctor.me, &profile(name), hospital, QUIET).await.unwrap();
    verify(world, doctor.address()).await;
}

/// Gives the laboratory folder to a doctor as one of the hospital's, for a day.
async fn share(patient: &Member, doctor: &Member) {
    let expiry = patient.chart().await.time + DAY;
    let (doctors, scopes) = ([doctor.address()], [Scope::from(patient.laboratory())]);
    let shared = [Shared::Folder(patient.laboratory())];
    let decision = Decision { grantees: &doctors, shared: &shared, expiry, answers: None };
    patient.app.grant_access(&patient.me, &amara(), &decision, QUIET).await.unwrap();
    let noted = patient.app.change_notebook(&patient.me, |notebook| {
        notebook.note_team(CHARITE, &scopes, expiry, &doctors);
    });
    noted.await.unwrap();
}

async fn changes(patient: &Member) -> Vec<TeamChange> {
    let notebook = patient.notebook().await;
    patient.app.team_changes(&patient.chart().await, &notebook).await.unwrap()
}

/// Who joined or left, by address.
async fn asked(patient: &Member) -> Vec<(Moved, Vec<Address>)> {
    changes(patient).await.iter().map(|change| (change.moved, change.addresses())).collect()
}

async fn the_change(patient: &Member) -> TeamChange {
    let mut changes = changes(patient).await;
    assert_eq!(changes.len(), 1);
    changes.remove(0)
}

#[tokio::test]
async fn who_joins_is_given_the_same_only_when_the_patient_says_so() {
    let world = World::start().await.unwrap();
    let (patient, _, second) = clinic(&world).await;
    assert_eq!(asked(&patient).await, []);
    move_to(&world, &second, "Dr. Sato", CHARITE).await;
    assert_eq!(asked(&patient).await, [(Moved::Joined, vec![second.address()])]);
    assert_eq!(second.open(&patient).await.unwrap_err(), Fault::NoKey, "nothing is given unasked");

    let change = the_change(&patient).await;
    assert_eq!(change.scopes, [Scope::from(patient.laboratory())]);
    assert_eq!(change.doctors[0].profile.name, "Dr. Sato");
    let shared = [Shared::Folder(patient.laboratory())];
    let doctors = change.addresses();
    let decision = Decision { grantees: &doctors, shared: &shared, expiry: change.expiry, answers: None };
    patient.hand().decline(true);
    let declined = patient.app.grant_access(&patient.me, &amara(), &decision, QUIET).await.unwrap_err();
    assert_eq!(declined, Fault::Wallet(WalletError::Declined));
    assert_eq!(asked(&patient).await.len(), 1, "who declined is asked again");
    patient.hand().decline(false);
    patient.app.grant_access(&patient.me, &amara(), &decision, QUIET).await.unwrap();
    patient.app.note_answer(&patient.me, &change, true).await.unwrap();
    assert_eq!(titles(&second.open(&patient).await.unwrap().records), ["Lipids"]);
    // On another device neither.
    let laptop = patient.elsewhere(&world).await;
    assert_eq!(asked(&laptop).await, []);
}

#[tokio::test]
async fn not_now_is_remembered_on_every_device_and_for_this_doctor_alone() {
    let world = World::start().await.unwrap();
    let (patient, _, second) = clinic(&world).await;
    move_to(&world, &second, "Dr. Sato", CHARITE).await;
    patient.app.note_answer(&patient.me, &the_change(&patient).await, false).await.unwrap();
    let laptop = patient.elsewhere(&world).await;
    for device in [&patient, &laptop] {
        assert_eq!(asked(device).await, []);
    }
    let third = doctor(&world, THIRD, "Dr. Kern").await;
    move_to(&world, &third, "Dr. Kern", CHARITE).await;
    assert_eq!(asked(&laptop).await, [(Moved::Joined, vec![third.address()])]);
}

#[tokio::test]
async fn who_leaves_reads_on_until_the_patient_revokes_or_keeps() {
    let world = World::start().await.unwrap();
    let (patient, first, second) = clinic(&world).await;
    move_to(&world, &second, "Dr. Sato", CHARITE).await;
    share(&patient, &second).await;
    move_to(&world, &first, "Dr. Lindqvist", 0).await;
    move_to(&world, &second, "Dr. Sato", 0).await;
    let change = the_change(&patient).await;
    assert_eq!((change.moved, change.addresses()), (Moved::Left, vec![first.address(), second.address()]));
    assert_eq!(titles(&first.open(&patient).await.unwrap().records), ["Lipids"], "nothing is taken unasked");

    // One stays, by the patient's word.
    let kept = TeamChange { doctors: change.doctors[..1].to_vec(), ..change.clone() };
    patient.app.note_answer(&patient.me, &kept, false).await.unwrap();
    let change = the_change(&patient).await;
    assert_eq!(change.addresses(), [second.address()]);

    // The other is revoked, and the folder has a new key for who stays.
    let grants = change.grants(&patient.chart().await);
    let before = patient.hand().transactions();
    patient.app.revoke_all(&patient.me, &grants, QUIET).await.unwrap();
    assert_eq!(patient.hand().transactions(), before + 1);
    patient.app.note_answer(&patient.me, &change, true).await.unwrap();
    assert_eq!(asked(&patient).await, []);
    patient.add("HbA1c", b"5.4", Category::Laboratory).await;
    assert_eq!(second.open(&patient).await.unwrap_err(), Fault::NoKey);
    assert_eq!(titles(&first.open(&patient).await.unwrap().records), ["HbA1c", "Lipids"]);
    assert!(patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap().is_empty());
}

#[tokio::test]
async fn several_who_left_are_revoked_in_one_transaction() {
    let world = World::start().await.unwrap();
    let (patient, first, second) = clinic(&world).await;
    move_to(&world, &second, "Dr. Sato", CHARITE).await;
    share(&patient, &second).await;
    for (doctor, name) in [(&first, "Dr. Lindqvist"), (&second, "Dr. Sato")] {
        move_to(&world, doctor, name, 0).await;
    }
    let change = the_change(&patient).await;
    let grants = change.grants(&patient.chart().await);
    assert_eq!(grants.len(), 2);
    let before = patient.hand().transactions();
    patient.app.revoke_all(&patient.me, &grants, QUIET).await.unwrap();
    assert_eq!(patient.hand().transactions(), before + 1);
    for doctor in [&first, &second] {
        assert_eq!(doctor.open(&patient).await.unwrap_err(), Fault::NoKey);
    }
}

#[tokio::test]
async fn nobody_is_asked_about_a_share_that_is_over() {
    let world = World::start().await.unwrap();
    let (patient, first, second) = clinic(&world).await;
    move_to(&world, &second, "Dr. Sato", CHARITE).await;
    patient.revoke(&first).await.unwrap();
    assert_eq!(asked(&patient).await, [], "everybody it was given to has lost it");
    share(&patient, &first).await;
    assert_eq!(asked(&patient).await.len(), 1);
    world.pass(2 * DAY).await.unwrap();
    assert_eq!(asked(&patient).await, []);
}

#[tokio::test]
async fn who_is_suspended_did_not_leave_the_hospital() {
    let world = World::start().await.unwrap();
    let (patient, first, _) = clinic(&world).await;
    let registrar = stranger(&world, World::REGISTRAR);
    registrar.suspend_member(first.address(), Why::Left, QUIET).await.unwrap();
    assert_eq!(asked(&patient).await, []);
}

#[tokio::test]
async fn a_relay_makes_nobody_join_or_leave() {
    let world = World::start().await.unwrap();
    let (patient, first, second) = clinic(&world).await;
    // It says that a stranger is of the hospital, and that the doctor is of none.
    let path = "/v1/members".to_owned();
    let (joins, leaves) = (second.address(), first.address());
    patient.wire().rewrite(path, move |answer| {
        if let Ok(mut page) = serde_json::from_slice::<Page<MemberEntry>>(&answer) {
            let of_second = page.items.iter().find(|entry| entry.member == leaves).cloned();
            page.items.extend(of_second.map(|entry| MemberEntry { member: joins, hospital: CHARITE, ..entry }));
            return serde_json::to_vec(&page).unwrap();
        }
        let mut entry: At<MemberEntry> = serde_json::from_slice(&answer).unwrap();
        entry.item.hospital = if entry.item.member == leaves { 0 } else { CHARITE };
        serde_json::to_vec(&entry).unwrap()
    });
    assert_eq!(asked(&patient).await, []);
    // One that leaves out who joined deprives the patient of the question, and gives nobody anything.
    patient.wire().leave_alone();
    move_to(&world, &second, "Dr. Sato", CHARITE).await;
    patient.wire().rewrite("/v1/members?", |answer| {
        let mut page: Page<MemberEntry> = serde_json::from_slice(&answer).unwrap();
        page.items.clear();
        serde_json::to_vec(&page).unwrap()
    });
    assert_eq!(asked(&patient).await, []);
}
