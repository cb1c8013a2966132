//! Grants that end by themselves: the contract stops them, and the patient's device renews the keys they left behind.

use medkey_client::{fault::Fault, folders::Unfit};
use medkey_native::world::World;
use medkey_protocol::blocks::{Block, Category, Manifest};

use crate::people::{DOCTOR, HOUR, QUIET, SECOND, doctor, patient, titles};

#[tokio::test]
async fn an_expired_grant_is_noticed_and_renewed_away() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (first, second) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    patient.grant(&first, HOUR).await.unwrap();
    patient.grant(&second, 3 * HOUR).await.unwrap();
    assert_eq!(titles(&first.open(&patient).await.unwrap().records), ["Lipids"]);
    assert_eq!(patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap(), []);

    world.pass(2 * HOUR).await.unwrap();
    assert_eq!(first.open(&patient).await.unwrap_err(), Fault::NoKey);
    let read = patient.chart().await;
    assert_eq!(read.state.live_grants(read.time).count(), 1);
    let unfit = patient.app.unfit_folders(&patient.me, &read).await.unwrap();
    assert_eq!(unfit, [Unfit { folder: patient.laboratory(), surplus: true }]);

    let before = patient.hand().transactions();
    assert!(patient.app.mend_folders(&patient.me, QUIET).await.unwrap());
    assert!(!patient.app.mend_folders(&patient.me, QUIET).await.unwrap());
    assert_eq!(patient.hand().transactions(), before + 1);
    assert_eq!(patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap(), []);

    patient.add("HbA1c", b"5.4", Category::Laboratory).await;
    assert_eq!(titles(&second.open(&patient).await.unwrap().records), ["HbA1c", "Lipids"]);
    assert_eq!(first.open(&patient).await.unwrap_err(), Fault::NoKey);

    // Granted anew after its end it is a new grant.
    patient.grant(&first, HOUR).await.unwrap();
    assert_eq!(patient.chart().await.state.grants.len(), 3);
    assert_eq!(titles(&first.open(&patient).await.unwrap().records), ["HbA1c", "Lipids"]);
}

#[tokio::test]
async fn nothing_is_added_under_a_key_that_somebody_left_with() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.grant(&doctor, HOUR).await.unwrap();
    world.pass(2 * HOUR).await.unwrap();

    let before = patient.hand().transactions();
    let filed = patient.add("Lipids", b"3.4", Category::Laboratory).await;
    assert_eq!(patient.hand().transactions(), before + 1, "renewal and record in one transaction");
    let manifest: Block<Manifest> =
        Block::parse(&patient.wire().sent_block(filed.manifest.link()), &world.deployment()).unwrap();
    assert_eq!(manifest.body.epoch, 1);
    assert_eq!(patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap(), []);
    assert_eq!(titles(&patient.records().await), ["Lipids", "About me"]);
}

#[tokio::test]
async fn a_suspended_doctor_is_renewed_away_and_comes_back_when_reinstated() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let registrar = crate::people::stranger(&world, World::REGISTRAR);
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    patient.grant(&doctor, HOUR).await.unwrap();
    registrar.suspend_member(doctor.address(), medkey_client::verify_member::Why::Left, QUIET).await.unwrap();

    let unfit = patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap();
    assert_eq!(unfit, [Unfit { folder: patient.laboratory(), surplus: true }]);
    patient.app.mend_folders(&patient.me, QUIET).await.unwrap();
    doctor.open(&patient).await.unwrap_err();

    registrar.reinstate_member(doctor.address(), QUIET).await.unwrap();
    let unfit = patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap();
    assert_eq!(unfit, [Unfit { folder: patient.laboratory(), surplus: false }]);
    patient.app.mend_folders(&patient.me, QUIET).await.unwrap();
    assert_eq!(titles(&doctor.open(&patient).await.unwrap().records), ["Lipids"]);
}
