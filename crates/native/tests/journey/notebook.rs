//! What a member notes for itself: the same on every device, never an older one, nobody else's.

use std::cell::Cell;

use medkey_client::{
    fault::{Fault, Lie},
    keep_notebook::{Notebook, Team},
    ports::Method,
};
use medkey_native::world::World;
use medkey_protocol::{
    Address, Scope,
    api::{ErrorBody, ErrorCode},
};

use crate::{
    meddling::Fate,
    people::{DOCTOR, Member, doctor, patient},
};

const PATH: &str = "/v1/notebook";
const OLDER: Fault = Fault::Lie(Lie::Notebook);

fn team(hospital: u32) -> Team {
    let scopes = vec![Scope::from([7; 32])];
    Team { hospital, scopes, expiry: 1 << 33, given: vec![Address::repeat_byte(2)], passed: vec![], kept: vec![] }
}

async fn note(member: &Member, hospital: u32) -> Result<Notebook, Fault> {
    let noted = |notebook: &mut Notebook| {
        if notebook.teams.iter().all(|team| team.hospital != hospital) {
            notebook.teams.push(team(hospital));
        }
    };
    member.app.change_notebook(&member.me, noted).await
}

async fn hospitals(member: &Member) -> Vec<u32> {
    let notebook = member.notebook().await;
    notebook.teams.iter().map(|team| team.hospital).collect()
}

async fn lies(member: &Member) -> bool {
    matches!(member.app.read_notebook(&member.me).await, Err(Fault::Lie(Lie::Notebook)))
}

fn refusal(status: u16, code: ErrorCode) -> Fate {
    let body = ErrorBody { code, message: String::new(), data: None };
    Fate::Answered(status, serde_json::to_vec(&body).unwrap())
}

#[tokio::test]
async fn every_device_of_a_member_sees_it_and_nobody_else() {
    let world = World::start().await.unwrap();
    let (patient, doctor) = (patient(&world).await, doctor(&world, DOCTOR, "Dr. Lindqvist").await);
    assert_eq!(patient.notebook().await, Notebook::default());
    note(&patient, 1).await.unwrap();
    note(&doctor, 9).await.unwrap();
    let laptop = patient.elsewhere(&world).await;
    assert_eq!(laptop.notebook().await.teams, [team(1)]);
    assert_eq!(hospitals(&doctor).await, [9]);

    // What changes nothing is not written.
    let puts = Cell::new(0);
    laptop.wire().meddle(move |method, _| {
        puts.set(puts.get() + usize::from(method == Method::Put));
        assert_eq!(puts.get(), 0);
        Fate::Arrives
    });
    note(&laptop, 1).await.unwrap();
}

#[tokio::test]
async fn two_devices_that_write_at_once_do_not_undo_each_other() {
    let world = World::start().await.unwrap();
    let phone = patient(&world).await;
    note(&phone, 1).await.unwrap();
    let old = {
        phone.notebook().await;
        phone.wire().heard(PATH)
    };
    let laptop = phone.elsewhere(&world).await;
    let (first, second) = tokio::join!(note(&phone, 2), note(&laptop, 3));
    first.unwrap();
    second.unwrap();
    for device in [&phone, &laptop] {
        let mut both = hospitals(device).await;
        both.sort_unstable();
        assert_eq!(both, [1, 2, 3]);
    }

    // A new device that is shown an older one cannot know, and still writes nothing over what it was not shown.
    let tablet = phone.elsewhere(&world).await;
    let shown = Cell::new(false);
    tablet.wire().meddle(move |method, path| {
        let shows_old = method == Method::Get && path == PATH && !shown.replace(true);
        let old = old.clone();
        if shows_old { Fate::Becomes(Box::new(move |_| old)) } else { Fate::Arrives }
    });
    note(&tablet, 4).await.unwrap();
    assert_eq!(hospitals(&phone).await.len(), 4);
}

#[tokio::test]
async fn an_older_one_somebody_elses_or_half_of_one_is_a_lie() {
    let world = World::start().await.unwrap();
    let (patient, doctor) = (patient(&world).await, doctor(&world, DOCTOR, "Dr. Lindqvist").await);
    note(&patient, 1).await.unwrap();
    hospitals(&patient).await;
    let old = patient.wire().heard(PATH);
    note(&patient, 2).await.unwrap();
    note(&doctor, 9).await.unwrap();
    hospitals(&doctor).await;
    let other = doctor.wire().heard(PATH);

    let older = old.clone();
    patient.wire().rewrite(PATH, move |_| older.clone());
    assert!(lies(&patient).await);
    patient.wire().rewrite(PATH, move |_| other.clone());
    assert!(lies(&patient).await);
    for cut in [0, 1, 100] {
        patient.wire().rewrite(PATH, move |whole| whole[..whole.len() - 1 - cut].to_vec());
        assert!(lies(&patient).await);
    }
    patient.wire().rewrite(PATH, |mut whole| {
        *whole.last_mut().unwrap() ^= 1;
        whole
    });
    assert!(lies(&patient).await);
    // A device that has never seen one notices these too.
    let laptop = patient.elsewhere(&world).await;
    laptop.wire().rewrite(PATH, |whole| whole[..whole.len() - 1].to_vec());
    assert!(lies(&laptop).await);
    assert_eq!(note(&laptop, 5).await.unwrap_err(), OLDER);

    // Who is shown an older one goes on from what it knows itself.
    patient.wire().rewrite(PATH, move |_| old.clone());
    note(&patient, 3).await.unwrap();
    patient.wire().leave_alone();
    assert_eq!(hospitals(&patient).await, [1, 2, 3]);
}

#[tokio::test]
async fn one_that_the_relay_lost_comes_back_and_one_it_keeps_back_is_a_lie() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    note(&patient, 1).await.unwrap();

    // It says that there is none, and that there is a newer one.
    patient.wire().meddle(|method, path| match (method, path) {
        (Method::Get, PATH) => refusal(404, ErrorCode::NotFound),
        _ => Fate::Arrives,
    });
    assert!(lies(&patient).await);
    assert_eq!(note(&patient, 2).await.map(|notebook| notebook.teams.len()), Ok(2), "a newer one it does take");

    // It has lost it: this device gives it back.
    let given = std::rc::Rc::new(Cell::new(0));
    let gives = std::rc::Rc::clone(&given);
    patient.wire().meddle(move |method, path| match (method, path) {
        (Method::Get, PATH) => refusal(404, ErrorCode::NotFound),
        (Method::Put, PATH) => {
            gives.set(gives.get() + 1);
            Fate::Answered(204, Vec::new())
        }
        _ => Fate::Arrives,
    });
    assert_eq!(hospitals(&patient).await, [1, 2]);
    assert_eq!(given.get(), 1);
    // A device that never saw one has no conveniences then, and nothing else is missing.
    let laptop = patient.elsewhere(&world).await;
    laptop.wire().meddle(|_, path| if path == PATH { refusal(404, ErrorCode::NotFound) } else { Fate::Arrives });
    assert_eq!(hospitals(&laptop).await, Vec::<u32>::new());
    assert_eq!(laptop.records().await.records.len(), 1);
}

#[tokio::test]
async fn a_new_vault_opens_the_old_one_and_writes_it_anew() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    note(&patient, 1).await.unwrap();
    let laptop = patient.elsewhere(&world).await;
    let before = laptop.notebook().await;
    let old = laptop.wire().heard(PATH);
    assert_eq!(laptop.app.renewed_in(&laptop.me, &before).await, 0);

    let (phone, _) = patient.renewed().await;
    let laptop = laptop.elsewhere(&world).await;
    let notebook = laptop.notebook().await;
    assert_eq!(notebook.teams, [team(1)]);
    let block = phone.app.renewed_in(&phone.me, &Notebook::default()).await;
    assert!(block > 0);
    assert_eq!(laptop.app.renewed_in(&laptop.me, &notebook).await, block, "the other device knows");

    // The one from before the renewal is not taken for it.
    laptop.wire().rewrite(PATH, move |_| old.clone());
    assert!(lies(&laptop).await);
}

#[tokio::test]
async fn a_renewal_that_the_relay_did_not_note_is_noted_later() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    note(&patient, 1).await.unwrap();
    patient.wire().meddle(|_, path| if path == PATH { Fate::Lost } else { Fate::Arrives });
    let (phone, _) = patient.renewed().await;
    phone.wire().leave_alone();
    let laptop = phone.elsewhere(&world).await;
    // Still under the former root, and still open.
    assert_eq!(hospitals(&laptop).await, [1]);
    let notebook = phone.notebook().await;
    assert_eq!(notebook.renewed, 0);
    let block = phone.app.renewed_in(&phone.me, &notebook).await;
    assert_eq!(laptop.notebook().await.renewed, block);
}

#[tokio::test]
async fn what_is_too_long_is_refused_before_it_is_sent() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let crowd = |notebook: &mut Notebook| {
        let given = (0..4000).map(|at| Address::left_padding_from(&u32::to_be_bytes(at))).collect();
        notebook.teams = vec![Team { given, ..team(1) }];
    };
    let long = patient.app.change_notebook(&patient.me, crowd).await.unwrap_err();
    assert!(matches!(long, Fault::TooLong(_)), "{long:?}");
    assert_eq!(hospitals(&patient).await, Vec::<u32>::new());
}
