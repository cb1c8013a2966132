//! Words of keys, read aloud and remembered; and an account taken off a device.

use medkey_client::{
    fault::Fault,
    ports::{Device, Ports},
    register::Joining,
};
use medkey_native::world::World;
use medkey_protocol::blocks::Category;

use crate::people::{DOCTOR, PATIENT, SECOND, doctor, join, now, stranger, titles};

#[tokio::test]
async fn words_match_until_the_key_is_another() {
    let world = World::start().await.unwrap();
    let (patient, _) = join(stranger(&world, PATIENT), Joining::Patient).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let words = doctor.app.words_of(patient.address()).await.unwrap();
    assert_eq!(words, patient.me.card().fingerprint().unwrap(), "both see the same");
    assert_ne!(words, patient.app.words_of(doctor.address()).await.unwrap());
    let nobody = stranger(&world, SECOND).account();
    assert_eq!(doctor.app.words_of(nobody).await.unwrap_err(), Fault::NoMember(nobody));

    assert_eq!(doctor.app.compared(&doctor.me, patient.address(), &words).await, None);
    let remembered = doctor.app.remember_compared(&doctor.me, patient.address(), &words).await.unwrap();
    assert!(remembered.same && remembered.at <= now(&doctor.app));
    assert_eq!(doctor.app.compared(&doctor.me, patient.address(), &words).await, Some(remembered));

    let (patient, _) = patient.renewed().await;
    let anew = doctor.app.words_of(patient.address()).await.unwrap();
    assert_ne!(anew, words);
    let compared = doctor.app.compared(&doctor.me, patient.address(), &anew).await.unwrap();
    assert!(!compared.same, "a new key has to be compared anew");
}

#[tokio::test]
async fn an_account_taken_off_a_device_leaves_nothing_there_and_the_record_as_it_is() {
    let world = World::start().await.unwrap();
    let (patient, _) = join(stranger(&world, PATIENT), Joining::Patient).await;
    patient.add("Letter", b"letter", Category::General).await;
    let words = patient.me.card().fingerprint().unwrap();
    patient.app.remember_compared(&patient.me, patient.address(), &words).await.unwrap();
    patient.app.hold(&patient.me, now(&patient.app) + 60).await.unwrap();
    patient.app.ports().device().keep("of somebody else", b"kept").await.unwrap();

    patient.app.leave_device(&patient.me).await.unwrap();
    assert!(patient.app.resume().await.unwrap().is_none());
    assert!(!patient.app.ways_in().await.unwrap().wallet_is_known);
    assert_eq!(patient.app.compared(&patient.me, patient.address(), &words).await, None);
    assert!(patient.app.ports().device().load("of somebody else").await.unwrap().is_some());
    let again = patient.elsewhere(&world).await;
    assert_eq!(titles(&again.records().await), ["Letter"]);
}
