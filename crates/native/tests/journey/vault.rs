//! Locked and unlocked: with the wallet, after a reload, with the recovery code.

use std::cell::RefCell;

use medkey_client::{
    fault::Fault,
    me::Me,
    ports::WalletError,
    recover::RecoverError,
    register::Joining,
    unlock::{Prompt, UnlockError},
};
use medkey_crypto::vault::recovery::CodeError;
use medkey_native::world::World;
use medkey_protocol::blocks::Category;

use crate::people::{
    App, DAY, DOCTOR, HOUR, Member, PATIENT, QUIET, SECOND, app_of, doctor, hand, join, kept_vault, now, stranger,
    titles,
};

/// Unlocks, and says what the wallet was asked.
async fn unlock(app: &App) -> (Result<Me, UnlockError>, Vec<Prompt>) {
    let prompts = RefCell::new(Vec::new());
    let before = hand(app).texts();
    let me = app.unlock(|prompt| prompts.borrow_mut().push(prompt)).await;
    assert_eq!(hand(app).texts() - before, prompts.borrow().len(), "each prompt is announced");
    (me, prompts.into_inner())
}

#[tokio::test]
async fn a_known_device_asks_once_and_a_new_one_twice() {
    let world = World::start().await.unwrap();
    let (member, _) = join(stranger(&world, PATIENT), Joining::Patient).await;
    member.add("Letter", b"letter", Category::General).await;
    member.app.lock().await.unwrap();
    let (app, card) = (member.app, member.me.card());
    drop(member.me);

    let (me, prompts) = unlock(&app).await;
    assert_eq!(prompts, [Prompt::Unlock]);
    let me = me.unwrap();
    assert_eq!(me.card(), card);
    let known = Member { app, me };
    assert_eq!(titles(&known.records().await), ["Letter"]);

    let app = app_of(&world, known.app.ports().elsewhere());
    let (me, prompts) = unlock(&app).await;
    assert_eq!(prompts, [Prompt::SignIn, Prompt::Unlock]);
    let new = Member { app, me: me.unwrap() };
    assert_eq!(titles(&new.records().await), ["Letter"]);
    new.app.lock().await.unwrap();
    assert_eq!(unlock(&new.app).await.1, [Prompt::Unlock], "from now on it is known");
}

#[tokio::test]
async fn a_reload_within_the_time_asks_nothing() {
    let world = World::start().await.unwrap();
    let (member, _) = join(stranger(&world, PATIENT), Joining::Patient).await;
    member.add("Letter", b"letter", Category::General).await;
    assert!(member.app.resume().await.unwrap().is_none(), "nothing is held unasked");
    member.app.hold(&member.me, now(&member.app) + HOUR).await.unwrap();

    let app = app_of(&world, member.app.ports().reloaded());
    let me = app.resume().await.unwrap().unwrap();
    let reloaded = Member { app, me };
    assert_eq!(titles(&reloaded.records().await), ["Letter"]);
    assert_eq!(reloaded.hand().texts(), 0);

    reloaded.app.lock().await.unwrap();
    assert!(reloaded.app.resume().await.unwrap().is_none(), "locking wipes it");
    member.app.hold(&member.me, now(&member.app) + HOUR).await.unwrap();
    world.pass(HOUR).await.unwrap();
    assert!(reloaded.app.resume().await.unwrap().is_none(), "and so does time");
}

#[tokio::test]
async fn the_recovery_code_opens_on_a_fresh_device_and_lets_the_wallet_in_again() {
    let world = World::start().await.unwrap();
    let (member, code) = join(stranger(&world, PATIENT), Joining::Patient).await;
    member.add("Letter", b"letter", Category::General).await;
    let address = member.address();

    // Any wallet will do to look at the chain.
    let borrowed = stranger(&world, SECOND);
    let me = borrowed.recover(address, &code.to_lowercase().replace('-', " ")).await.unwrap();
    let recovered = Member { app: borrowed, me };
    assert_eq!(titles(&recovered.records().await), ["Letter"]);
    assert_eq!((recovered.hand().texts(), recovered.hand().transactions()), (0, 0));

    // On the own wallet a new slot takes the place of the one that it had on this site.
    let app = app_of(&world, member.app.ports().elsewhere());
    let me = app.recover(address, &code).await.unwrap();
    let wallet = app.enrol_wallet(|_| {}).await.unwrap();
    app.add_slot(&me, &wallet, QUIET).await.unwrap();
    assert_eq!(me.card().block.body.slots.len(), 1);
    app.lock().await.unwrap();
    let (me, prompts) = unlock(&app).await;
    assert_eq!((prompts.as_slice(), me.unwrap().card().block.body.slots.len()), ([Prompt::Unlock].as_slice(), 1));
    // The device that had the one before signs in once more.
    member.app.lock().await.unwrap();
    assert_eq!(unlock(&member.app).await.1, [Prompt::SignIn, Prompt::Unlock]);
}

#[tokio::test]
async fn a_wrong_code_opens_nothing_and_says_where_it_is_wrong() {
    let world = World::start().await.unwrap();
    let (member, code) = join(stranger(&world, PATIENT), Joining::Patient).await;
    let app = app_of(&world, member.app.ports().elsewhere());
    let address = member.address();

    let groups: Vec<&str> = code.split('-').collect();
    let mut swapped = groups.clone();
    swapped.swap(2, 5);
    let wrong = app.recover(address, &swapped.join("-")).await.unwrap_err();
    assert_eq!(wrong, RecoverError::Code(CodeError::Groups { groups: vec![3, 6] }));
    let short = app.recover(address, &groups[..7].join("-")).await.unwrap_err();
    assert_eq!(short, RecoverError::Code(CodeError::Length { found: 35 }));

    let (_, other) = kept_vault(&app);
    assert_eq!(app.recover(address, &other).await.unwrap_err(), RecoverError::OtherVault);
    let nobody = app.recover(stranger(&world, SECOND).account(), &code).await.unwrap_err();
    assert!(matches!(nobody, RecoverError::Fault(Fault::NoMember(_))), "{nobody:?}");
}

#[tokio::test]
async fn a_wallet_that_is_not_the_members_opens_nothing() {
    let world = World::start().await.unwrap();
    let nobody = stranger(&world, SECOND);
    let (unknown, prompts) = unlock(&nobody).await;
    assert!(matches!(unknown, Err(UnlockError::Fault(Fault::NoMember(_)))));
    assert_eq!(prompts, [], "and is asked nothing");

    let (member, _) = join(stranger(&world, PATIENT), Joining::Patient).await;
    member.app.lock().await.unwrap();
    member.hand().decline(true);
    let declined = member.app.unlock(|_| {}).await.unwrap_err();
    assert_eq!(declined, UnlockError::Fault(Fault::Wallet(WalletError::Declined)));
    member.hand().decline(false);
    member.app.unlock(|_| {}).await.unwrap();
}

#[tokio::test]
async fn a_renewed_vault_opens_with_the_new_code_alone_and_keeps_everything() {
    let world = World::start().await.unwrap();
    let (patient, old_code) = join(stranger(&world, PATIENT), Joining::Patient).await;
    patient.add("Lipids", b"3.4", Category::Laboratory).await;
    let doctor = doctor(&world, DOCTOR, "Dr. Lindqvist").await;
    patient.grant(&doctor, 30 * DAY).await.unwrap();
    let other_device = patient.elsewhere(&world).await;
    let address = patient.address();
    let before = patient.me.card();
    assert_eq!(patient.app.renewed_in(&patient.me, &patient.notebook().await).await, 0);

    let (patient, code) = patient.renewed().await;
    let card = patient.me.card();
    assert_ne!(patient.app.renewed_in(&patient.me, &patient.notebook().await).await, 0);
    assert_eq!((card.block.body.generation, card.block.body.slots.len(), card.block.body.former.len()), (1, 1, 1));
    assert_ne!(card.block.body.identity, before.block.body.identity);
    for (folder, earlier) in card.block.body.folders.iter().zip(&before.block.body.folders) {
        assert_eq!(folder.id, earlier.id);
        assert_ne!(folder.ring, earlier.ring, "every folder has a new key");
    }

    // What was there stays readable, and so is what comes, for the patient and for who may read.
    patient.add("HbA1c", b"5.4", Category::Laboratory).await;
    let records = patient.records().await;
    assert_eq!(titles(&records), ["HbA1c", "Lipids"]);
    assert_eq!(patient.bytes_of(&records.records[1]).await, b"3.4");
    let opened = doctor.open(&patient).await.unwrap();
    assert_eq!(titles(&opened.records), ["HbA1c", "Lipids"]);
    assert_eq!(doctor.bytes_of(&opened.records.records[0]).await, b"5.4");
    assert!(patient.app.unfit_folders(&patient.me, &patient.chart().await).await.unwrap().is_empty());

    // The old code, and what is still unlocked elsewhere, open nothing any more.
    let app = stranger(&world, SECOND);
    assert_eq!(app.recover(address, &old_code).await.unwrap_err(), RecoverError::OtherVault);
    assert_eq!(app.recover(address, &code).await.unwrap().address, address);
    assert_eq!(other_device.app.refresh_card(&other_device.me).await.unwrap_err(), Fault::VaultRenewed);
    other_device.app.lock().await.unwrap();
    let again = other_device.elsewhere(&world).await;
    assert_eq!(titles(&again.records().await), ["HbA1c", "Lipids"]);

    // And once more: all the roots before are kept.
    let (patient, _) = patient.renewed().await;
    assert_eq!(patient.me.card().block.body.former.len(), 2);
    assert_eq!(titles(&patient.records().await), ["HbA1c", "Lipids"]);
    assert_eq!(titles(&doctor.open(&patient).await.unwrap().records), ["HbA1c", "Lipids"]);
}

#[tokio::test]
async fn who_declines_keeps_the_old_vault_and_may_try_the_same_new_code_again() {
    let world = World::start().await.unwrap();
    let (member, old_code) = join(stranger(&world, PATIENT), Joining::Patient).await;
    member.add("Letter", b"letter", Category::General).await;
    let (vault, code) = kept_vault(&member.app);
    let wallet = member.app.enrol_wallet(|_| {}).await.unwrap();
    member.hand().decline(true);
    let declined = member.app.renew_vault(&member.me, &vault, &wallet, QUIET).await.unwrap_err();
    assert_eq!(declined, Fault::Wallet(WalletError::Declined));
    member.hand().decline(false);
    assert_eq!(titles(&member.records().await), ["Letter"]);
    let app = stranger(&world, SECOND);
    assert_eq!(app.recover(member.address(), &old_code).await.unwrap().address, member.address());

    let me = member.app.renew_vault(&member.me, &vault, &wallet, QUIET).await.unwrap();
    let renewed = Member { app: member.app, me };
    assert_eq!(titles(&renewed.records().await), ["Letter"]);
    assert_eq!(app.recover(renewed.address(), &code).await.unwrap().address, renewed.address());
}
