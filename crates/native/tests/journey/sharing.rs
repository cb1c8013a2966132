//! Several folders, several doctors: one decision, one transaction.

use medkey_client::{
    Asking, FolderName,
    chart::{Answer, Asked},
    fault::Refusal,
    grant_access::{Decision, Shared},
    register::Joining,
};
use medkey_native::world::World;
use medkey_protocol::blocks::Category;

use crate::people::{DAY, DOCTOR, QUIET, SECOND, amara, doctor, join, patient, profile, stranger, titles};

const THIRD: u32 = 8;

#[tokio::test]
async fn folders_are_shared_with_all_doctors_of_a_hospital_at_once() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (first, second) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    patient.add("MRI knee", b"image", Category::Imaging).await;
    patient.add("Diary", b"today", Category::Private).await;
    let expiry = patient.chart().await.time + DAY;
    let shared = [Shared::Folder(patient.laboratory()), Shared::Folder(patient.folder(Category::Imaging))];
    let decision = Decision { grantees: &[first.address(), second.address()], shared: &shared, expiry, answers: None };
    let before = patient.hand().transactions();
    patient.app.grant_access(&patient.me, &amara(), &decision, QUIET).await.unwrap();
    assert_eq!(patient.hand().transactions(), before + 1);
    assert_eq!(patient.chart().await.state.live_grants(expiry - 1).count(), 4);

    // Both read both, what is added later too, and nothing else.
    patient.add("HbA1c", b"5.4", Category::Laboratory).await;
    for doctor in [&first, &second] {
        let opened = doctor.open(&patient).await.unwrap();
        assert_eq!(titles(&opened.records), ["HbA1c", "MRI knee", "Lipids"]);
        assert_eq!(doctor.bytes_of(&opened.records.records[1]).await, b"image");
    }
    assert!(patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap().is_empty());

    // One of them leaves; the other reads on.
    patient.revoke(&first).await.unwrap();
    patient.add("TSH", b"2.1", Category::Laboratory).await;
    assert_eq!(titles(&first.open(&patient).await.unwrap().records), ["MRI knee"]);
    assert_eq!(titles(&second.open(&patient).await.unwrap().records), ["TSH", "HbA1c", "MRI knee", "Lipids"]);
}

#[tokio::test]
async fn what_a_doctor_asked_for_twice_is_answered_once() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let gone = patient.app.plan_folder(FolderName { name: "Travel".into(), sensitive: false });
    patient.app.make_folder(&patient.me, &gone, QUIET).await.unwrap();
    let ask = async |words: &str, folder| {
        let asking = Asking { words: words.into(), folders: vec![folder], days: Some(30) };
        doctor.app.request_access(&doctor.me, patient.address(), &asking, QUIET).await.unwrap()
    };
    ask("Your blood", patient.laboratory()).await;
    ask("Your journeys", gone.id).await;
    patient.app.remove_folder(&patient.me, gone.id, QUIET).await.unwrap();

    // Both are denied in one transaction.
    let transactions = patient.hand().transactions();
    let asked = patient.chart().await.state.requests;
    patient.app.deny_requests(&patient.me, &asked, QUIET).await.unwrap();
    assert_eq!(patient.hand().transactions(), transactions + 1);
    let answers = |requests: &[Asked]| requests.iter().map(|one| one.answer).collect::<Vec<_>>();
    let requests = patient.chart().await.state.requests;
    assert!(answers(&requests).iter().all(|answer| matches!(answer, Answer::Denied(_))));

    // Whoever asked for a folder that is gone can be given another; that answers all that was asked.
    ask("Please", gone.id).await;
    ask("Your blood, please", patient.laboratory()).await;
    patient.grant(&doctor, DAY).await.unwrap();
    let requests = patient.chart().await.state.requests;
    assert!(answers(&requests[2..]).iter().all(|answer| matches!(answer, Answer::Granted(_))));
    let read = patient.chart().await;
    let words: Vec<_> = patient.app.read_requests(&patient.me, &read).await.unwrap();
    assert_eq!(words[1].asking.as_ref().unwrap().folders, [gone.id]);
}

#[tokio::test]
async fn one_among_them_who_is_not_verified_stops_it_before_anything_is_sent() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let verified = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let (pending, _) = join(stranger(&world, THIRD), Joining::Doctor(profile("Dr. Nobody"), 0)).await;
    let expiry = patient.chart().await.time + DAY;
    let before = patient.hand().transactions();
    let decision = Decision {
        grantees: &[verified.address(), pending.address()],
        shared: &[Shared::Folder(patient.laboratory())],
        expiry,
        answers: None,
    };
    let refused = patient.app.grant_access(&patient.me, &amara(), &decision, QUIET).await.unwrap_err();
    assert_eq!(refused, Refusal::NotVerified.into());
    assert_eq!(patient.hand().transactions(), before);
    assert_eq!(patient.chart().await.state.live_grants(expiry - 1).count(), 0);
}
