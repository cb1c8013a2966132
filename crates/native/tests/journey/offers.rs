//! Offers: a patient shows or prints a code, a doctor scans it and reads at once.

use medkey_client::{
    chart::Offer,
    claim_offer::ClosedOffer,
    fault::{Fault, Refusal},
    folders::Unfit,
    grant_access::Shared,
    make_offer::Offering,
    people::Standing,
    tell_about_me::{AboutMe, Emergency},
};
use medkey_crypto::offer::QrError;
use medkey_native::world::World;
use medkey_protocol::{Scope, api::Status, blocks::Category};

use crate::people::{
    DAY, DOCTOR, HOUR, LAB, Member, QUIET, SECOND, amara, doctor, lab, patient, stranger, titled, titles,
};

const LENGTH: u32 = 7 * 24 * 60 * 60;

impl Member {
    async fn offer(&self, shared: Shared<'_>, claims: u32) -> String {
        let expiry = self.chart().await.time + DAY;
        let offering = Offering { shared, expiry, length: LENGTH, claims, emergency: false };
        self.app.make_offer(&self.me, &amara(), &offering, QUIET).await.unwrap().code.to_string()
    }

    async fn offers(&self) -> Vec<Offer> {
        self.chart().await.state.offers
    }

    async fn claim(&self, code: &str) -> Result<(), Fault> {
        let scanned = self.app.scan_offer(&self.me, code).await?;
        self.app.claim_offer(&self.me, &scanned, QUIET).await
    }
}

#[tokio::test]
async fn a_doctor_scans_a_code_and_reads_at_once() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    let folder = Shared::Folder(patient.laboratory());
    let code = patient.offer(folder, 2).await;

    let before = doctor.hand().transactions();
    let scanned = doctor.app.scan_offer(&doctor.me, &code).await.unwrap();
    assert_eq!((scanned.chart, scanned.offers.len(), scanned.granted.len()), (patient.address(), 1, 0));
    doctor.app.claim_offer(&doctor.me, &scanned, QUIET).await.unwrap();
    let chart = doctor.open(&patient).await.unwrap();
    assert_eq!(doctor.hand().transactions(), before + 1, "claim and visit in one transaction");
    assert_eq!(titles(&chart.records), ["Lipids"]);
    assert_eq!(chart.patient.introduction.name, amara().name);
    assert_eq!(doctor.bytes_of(titled(&chart.records, "Lipids")).await, b"3.4");

    let read = patient.chart().await;
    let grant = read.state.grant(doctor.address(), Scope::from(patient.laboratory())).unwrap();
    assert_eq!((grant.expiry, grant.opened.len()), (grant.since.time + u64::from(LENGTH), 1));
    let offers = patient.offers().await;
    assert_eq!(offers[0].claimed.iter().map(|(claimer, _)| *claimer).collect::<Vec<_>>(), [doctor.address()]);

    // With a live grant the scan opens the chart, and claims nothing again.
    let again = doctor.app.scan_offer(&doctor.me, &code).await.unwrap();
    assert_eq!((again.offers.len(), again.granted.len()), (0, 1));

    // On another device too, without the code.
    let elsewhere = doctor.elsewhere(&world).await;
    assert_eq!(titles(&elsewhere.open(&patient).await.unwrap().records), ["Lipids"]);
}

#[tokio::test]
async fn the_code_opens_what_is_added_later_until_the_ring_knows_the_claimer() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (first, second) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    let code = patient.offer(Shared::Folder(patient.laboratory()), 2).await;
    first.claim(&code).await.unwrap();
    patient.grant(&second, HOUR).await.unwrap();
    assert_eq!(patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap(), []);
    patient.revoke(&second).await.unwrap();
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    assert_eq!(titles(&first.open(&patient).await.unwrap().records), ["Lipids"]);

    // Used up, the code opens nothing new: its key is renewed away, and the claimers are in the ring themselves.
    second.claim(&code).await.unwrap();
    assert_eq!(
        patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap(),
        [Unfit { folder: patient.laboratory(), surplus: true }]
    );
    patient.add("HbA1c", b"5.4", Category::Laboratory).await;
    for doctor in [&first, &second] {
        assert_eq!(titles(&doctor.open(&patient).await.unwrap().records), ["HbA1c", "Lipids"]);
    }
}

#[tokio::test]
async fn an_offer_of_one_record_shows_that_record() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let lab = lab(&world).await;
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    patient.add("HbA1c", b"5.4", Category::Laboratory).await;
    let records = patient.records().await;
    let code = patient.offer(Shared::Record(titled(&records, "HbA1c")), 1).await;
    lab.claim(&code).await.unwrap();
    assert_eq!(titles(&lab.open(&patient).await.unwrap().records), ["HbA1c"]);
}

#[tokio::test]
async fn whoever_uses_the_emergency_card_reads_what_the_patient_told_at_once() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let emergency = Emergency { allergies: vec!["Penicillin".into()], ..Emergency::default() };
    let about = AboutMe { emergency, ..amara() };
    patient.app.tell_anew(&patient.me, &about, &patient.records().await, QUIET).await.unwrap();
    let shared = Shared::Folder(patient.folder(Category::General));
    let expiry = patient.chart().await.time + DAY;
    let offering = Offering { shared, expiry, length: LENGTH, claims: 3, emergency: true };
    let code = patient.app.make_offer(&patient.me, &about, &offering, QUIET).await.unwrap().code;
    doctor.claim(&code).await.unwrap();
    let chart = doctor.open(&patient).await.unwrap();
    assert_eq!(doctor.app.read_about_me(&chart.records).await.unwrap(), Some(about));

    // The patient is told that it was the emergency card.
    let offers = patient.offers().await;
    assert!(offers[0].emergency && offers[0].is_claimed_by(doctor.address()));
}

#[tokio::test]
async fn a_code_can_be_shown_again_on_every_device() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let code = patient.offer(Shared::Folder(patient.laboratory()), 1).await;
    let elsewhere = patient.elsewhere(&world).await;
    let offer = elsewhere.offers().await.remove(0);
    assert_eq!(*elsewhere.app.show_offer(&elsewhere.me, &offer).await.unwrap(), code);
}

#[tokio::test]
async fn a_renewed_vault_withdraws_every_offer_as_its_code_follows_from_the_old_root() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let code = patient.offer(Shared::Folder(patient.laboratory()), 1).await;
    let before = patient.hand().transactions();
    let (patient, _) = patient.renewed().await;
    assert_eq!(patient.hand().transactions(), before + 1);
    let chart = patient.chart().await;
    assert_eq!(chart.state.live_offers(chart.time).count(), 0);
    assert_eq!(doctor.claim(&code).await.unwrap_err(), ClosedOffer::Withdrawn.into());
}

#[tokio::test]
async fn a_withdrawn_offer_grants_nothing_and_its_code_learns_nothing_new() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (first, second) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    let code = patient.offer(Shared::Folder(patient.laboratory()), 2).await;
    first.claim(&code).await.unwrap();
    let Offer { key, scope, .. } = patient.offers().await.remove(0);
    let (before, ring) = (patient.hand().transactions(), patient.laboratory_ring());
    patient.app.withdraw_offer(&patient.me, key, scope, QUIET).await.unwrap();
    assert_eq!(patient.hand().transactions(), before + 1, "withdrawal and renewal in one transaction");
    assert_ne!(patient.laboratory_ring(), ring);

    assert_eq!(second.claim(&code).await.unwrap_err(), ClosedOffer::Withdrawn.into());
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    assert_eq!(titles(&first.open(&patient).await.unwrap().records), ["Lipids"], "what was claimed lives on");
    patient.revoke(&first).await.unwrap();
    assert_eq!(first.open(&patient).await.unwrap_err(), Fault::NoKey);
    assert_eq!(first.claim(&code).await.unwrap_err(), Refusal::AlreadyClaimed.into());
}

#[tokio::test]
async fn a_revocation_takes_along_the_code_with_which_the_doctor_would_come_back() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (first, second) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    let scope = Scope::from(patient.laboratory());
    let code = patient.offer(Shared::Folder(patient.laboratory()), 3).await;
    let claimable = async |member: &Member| {
        let read = patient.chart().await;
        read.state.claimable_by(member.address(), scope, read.time).map(|offer| offer.key).collect::<Vec<_>>()
    };
    patient.grant(&first, HOUR).await.unwrap();
    second.claim(&code).await.unwrap();
    assert!(claimable(&second).await.is_empty(), "nobody claims twice");
    let keys = claimable(&first).await;
    assert_eq!(keys, [patient.offers().await[0].key]);

    let (before, ring) = (patient.hand().transactions(), patient.laboratory_ring());
    patient.app.revoke_access(&patient.me, first.address(), scope, &keys, QUIET).await.unwrap();
    assert_eq!(patient.hand().transactions(), before + 1, "revocation, withdrawal and renewal in one transaction");
    assert_ne!(patient.laboratory_ring(), ring);
    assert_eq!(patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap(), []);
    assert!(claimable(&first).await.is_empty());
    assert_eq!(first.claim(&code).await.unwrap_err(), ClosedOffer::Withdrawn.into());
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    assert_eq!(titles(&second.open(&patient).await.unwrap().records), ["Lipids"], "who claimed before reads on");
}

#[tokio::test]
async fn offers_run_out_and_are_renewed_away() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let code = patient.offer(Shared::Folder(patient.laboratory()), 1).await;
    world.pass(DAY).await.unwrap();
    assert_eq!(doctor.claim(&code).await.unwrap_err(), ClosedOffer::Expired.into());
    let unfit = patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap();
    assert_eq!(unfit, [Unfit { folder: patient.laboratory(), surplus: true }]);
    assert!(patient.app.mend_folders(&patient.me, QUIET).await.unwrap());
    assert_eq!(patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap(), []);
}

#[tokio::test]
async fn who_is_not_verified_claims_nothing() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let code = patient.offer(Shared::Folder(patient.laboratory()), 1).await;
    let pending = crate::people::join(
        stranger(&world, LAB),
        medkey_client::register::Joining::Lab(crate::people::profile("Labor Berlin"), 0),
    )
    .await
    .0;
    let Some(Standing { status: Status::Pending, .. }) = pending.app.look_up(pending.address()).await.unwrap() else {
        panic!("not pending")
    };
    assert_eq!(pending.claim(&code).await.unwrap_err(), Refusal::NotVerified.into());
}

#[tokio::test]
async fn other_codes_are_refused_with_a_sentence() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let code = patient.offer(Shared::Folder(patient.laboratory()), 1).await;
    let elsewhere = code.replacen(":31337:", ":1:", 1);
    for text in ["", "MEDKEY-RECOVERY:1:31337:00:00:00", &elsewhere] {
        assert_eq!(doctor.claim(text).await.unwrap_err(), Fault::Code(QrError::NotAnOffer), "{text}");
    }
    assert_eq!(doctor.claim(&code.replacen(":1:", ":2:", 1)).await.unwrap_err(), Fault::Code(QrError::Version));
    // Right in form, but of no offer.
    let mut other = code.clone();
    let last = if other.pop() == Some('0') { '1' } else { '0' };
    other.push(last);
    assert_eq!(doctor.claim(&other).await.unwrap_err(), ClosedOffer::Unknown.into());
}

#[tokio::test]
async fn two_claim_the_last_one_and_one_is_told() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    let (first, second) = (doctor(&world, DOCTOR, "Dr. Lindqvist").await, doctor(&world, SECOND, "Dr. Sato").await);
    let code = patient.offer(Shared::Folder(patient.laboratory()), 1).await;
    let scanned = first.app.scan_offer(&first.me, &code).await.unwrap();
    second.claim(&code).await.unwrap();
    let late = first.app.claim_offer(&first.me, &scanned, QUIET).await.unwrap_err();
    assert_eq!(late, Refusal::NoLiveOffer.into(), "found out by the contract");
    assert_eq!(first.claim(&code).await.unwrap_err(), ClosedOffer::UsedUp.into());
}
