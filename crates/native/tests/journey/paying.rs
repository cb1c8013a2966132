//! A relay that pays: members sign what they do, see it laid out in the wallet, and need no funds.

use medkey_client::{
    Asking,
    fault::{Fault, Lie, Refusal, RelayError},
    ports::{Disconnected, Ports, ReadAt, Wallet, WalletError},
    register::Joining,
};
use medkey_native::world::World;
use medkey_protocol::{
    SolCall,
    api::{ActsSent, Info, paths},
    blocks::Category,
    contract::IActs,
};

use crate::{
    meddling::Fate,
    people::{DAY, DOCTOR, Member, PATIENT, QUIET, amara, doctor, file, join, kept_vault, patient, stranger, titles},
};

/// An account without funds.
const POOR: u32 = 60;
const MANY: u64 = 100;

impl Member {
    /// The nonce of the account at the contract.
    async fn nonce(&self, world: &World) -> u64 {
        let call = IActs::noncesCall { account: self.app.account() }.abi_encode();
        let wallet = self.app.ports().wallet();
        let answer = wallet.call(world.deployment().contract, call, ReadAt::Newest).await.unwrap();
        IActs::noncesCall::abi_decode_returns(&answer).unwrap().to()
    }

    /// What happens to what is signed.
    fn meddle_with_acts(&self, fate: impl Fn() -> Fate + 'static) {
        self.wire().meddle(move |_, path| if path == paths::ACTS { fate() } else { Fate::Arrives });
    }
}

#[tokio::test]
async fn nobody_needs_funds() {
    let world = World::start_paying(MANY).await.unwrap();
    let (patient, _) = join(stranger(&world, POOR), Joining::Patient).await;
    assert_eq!((patient.hand().typed(), patient.hand().transactions()), (1, 0));
    patient.app.tell_about_me(&patient.me, &amara(), QUIET).await.unwrap();
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    let doctor = doctor(&world, POOR + 1, "Dr. Lindqvist").await;
    let asking = Asking { words: "Check-up".into(), folders: vec![patient.laboratory()], days: None };
    doctor.app.request_access(&doctor.me, patient.address(), &asking, QUIET).await.unwrap();

    // Grant and new card, one signature.
    let before = patient.hand().typed();
    patient.grant(&doctor, DAY).await.unwrap();
    assert_eq!(patient.hand().typed(), before + 1);
    assert_eq!(titles(&doctor.open(&patient).await.unwrap().records), ["Lipids"]);
    patient.revoke(&doctor).await.unwrap();
    assert_eq!(doctor.open(&patient).await.unwrap_err(), Fault::NoKey);
    assert_eq!((patient.hand().transactions(), doctor.hand().transactions()), (0, 0));
    assert_eq!(titles(&patient.records().await), ["Lipids", "About me"]);
}

#[tokio::test]
async fn of_two_acts_at_once_the_second_waits_for_the_first() {
    let world = World::start_paying(MANY).await.unwrap();
    let (patient, _) = join(stranger(&world, POOR), Joining::Patient).await;
    let folder = patient.laboratory();
    let add = async |title| patient.app.add_record(&patient.me, file(title, vec![1]), folder, QUIET).await;
    let (first, second) = tokio::join!(add("Lipids"), add("HbA1c"));
    first.unwrap();
    second.unwrap();
    assert_eq!((patient.hand().typed(), patient.hand().transactions()), (3, 0));
    assert_eq!(patient.records().await.records.len(), 2);
}

#[tokio::test]
async fn where_the_relay_does_not_pay_the_account_does() {
    let world = World::start().await.unwrap();
    let patient = patient(&world).await;
    assert_eq!(patient.hand().typed(), 0);
    assert_eq!(patient.hand().transactions(), 2);
}

#[tokio::test]
async fn beyond_the_quota_the_account_pays() {
    let world = World::start_paying(1).await.unwrap();
    let (patient, _) = join(stranger(&world, PATIENT), Joining::Patient).await;
    assert_eq!((patient.hand().typed(), patient.hand().transactions()), (1, 0));
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    assert_eq!((patient.hand().typed(), patient.hand().transactions()), (2, 1));
    assert_eq!(patient.nonce(&world).await, 2, "what was signed in vain is worthless");
    assert_eq!(titles(&patient.records().await), ["Lipids"]);
}

#[tokio::test]
async fn who_declines_has_done_nothing() {
    let world = World::start_paying(MANY).await.unwrap();
    let (patient, _) = join(stranger(&world, POOR), Joining::Patient).await;
    patient.hand().decline(true);
    let laboratory = patient.laboratory();
    let declined = patient.app.add_record(&patient.me, file("Lipids", vec![1]), laboratory, QUIET).await.unwrap_err();
    assert_eq!(declined, Fault::Wallet(WalletError::Declined));
    assert_eq!(patient.nonce(&world).await, 1);
    patient.hand().decline(false);
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    assert_eq!(titles(&patient.records().await), ["Lipids"]);
}

#[tokio::test]
async fn what_the_contract_refuses_is_told_and_not_sent() {
    let world = World::start_paying(MANY).await.unwrap();
    let (patient, _) = join(stranger(&world, POOR), Joining::Patient).await;
    let (vault, _) = kept_vault(&patient.app);
    let wallet = patient.app.enrol_wallet(|_| {}).await.unwrap();
    let again = patient.app.register(&vault, &wallet, &Joining::Patient, QUIET).await.unwrap_err();
    assert_eq!(again, Refusal::AlreadyRegistered.into());
    assert_eq!(patient.nonce(&world).await, 1);
}

#[tokio::test]
async fn a_relay_that_names_another_transaction_is_caught() {
    let world = World::start_paying(MANY).await.unwrap();
    let (patient, _) = join(stranger(&world, POOR), Joining::Patient).await;
    let before = patient.wire().heard(paths::ACTS);
    let before: ActsSent = serde_json::from_slice(&before).unwrap();
    // A transaction that did succeed is named in the place of the right one.
    let laboratory = patient.laboratory();
    patient.meddle_with_acts(move || Fate::Becomes(Box::new(move |_| serde_json::to_vec(&before).unwrap())));
    let caught = patient.app.add_record(&patient.me, file("Lipids", vec![1]), laboratory, QUIET).await.unwrap_err();
    assert_eq!(caught, Lie::Payment.into());
}

#[tokio::test]
async fn what_was_signed_and_held_back_cannot_come_after_what_is_done_later() {
    let world = World::start_paying(MANY).await.unwrap();
    let patient = patient(&world).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    let nonce = patient.nonce(&world).await;
    patient.meddle_with_acts(|| Fate::Lost);
    let lost = patient.grant(&doctor, DAY).await.unwrap_err();
    assert_eq!(lost, Fault::Relay(RelayError::Disconnected(Disconnected)));

    // The relay pays no more; the patient does something else herself.
    patient.wire().rewrite(paths::INFO, |answer| {
        let info: Info = serde_json::from_slice(&answer).unwrap();
        serde_json::to_vec(&Info { pays: false, ..info }).unwrap()
    });
    let before = patient.hand().transactions();
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    assert_eq!(patient.hand().transactions(), before + 1, "in the same transaction");
    assert_eq!(patient.nonce(&world).await, nonce + 1);
}
