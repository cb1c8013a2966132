//! A vault that opens with a passkey: enrolled, used, lost, removed, on this site and on another.

use std::cell::RefCell;

use medkey_client::{
    Medkey, Origin,
    add_passkey::{EnrolPasskeyError, PasskeyPrompt},
    fault::Fault,
    list_slots::Opens,
    me::Me,
    ports::{PasskeyError, WalletError},
    register::Joining,
    unlock::{PasskeyWay, Prompt, UnlockError, Ways},
};
use medkey_native::world::World;
use medkey_protocol::blocks::Category;

use crate::{
    authenticator::{Authenticator, Mood},
    meddling::Person,
    people::{App, Member, PATIENT, QUIET, SECOND, app_of, hand, join, now, stranger, titles},
};

fn authenticator(app: &App) -> &Authenticator {
    &app.ports().authenticator
}

/// A patient with a record.
async fn patient(world: &World) -> (Member, String) {
    let (member, code) = join(stranger(world, PATIENT), Joining::Patient).await;
    member.add("Letter", b"letter", Category::General).await;
    (member, code)
}

/// Enrols a passkey, and says what the device was asked.
async fn add_passkey(member: &Member) -> Vec<PasskeyPrompt> {
    let prompts = RefCell::new(Vec::new());
    let enrolled = member.app.enrol_passkey(&member.me, |prompt| prompts.borrow_mut().push(prompt)).await.unwrap();
    member.app.add_passkey(&member.me, &enrolled, QUIET).await.unwrap();
    prompts.into_inner()
}

/// Unlocks with a passkey, and says what was asked.
async fn unlock(app: &App) -> (Result<Me, UnlockError>, Vec<Prompt>) {
    let prompts = RefCell::new(Vec::new());
    let before = hand(app).texts();
    let me = app.unlock_with_passkey(|prompt| prompts.borrow_mut().push(prompt)).await;
    let prompts = prompts.into_inner();
    let signed = prompts.iter().filter(|prompt| **prompt == Prompt::SignIn).count();
    assert_eq!(hand(app).texts() - before, signed, "the wallet is asked to sign in at most");
    (me, prompts)
}

/// The same person's page at another site.
fn at_another_site(world: &World, person: Person) -> App {
    let origin = Origin { domain: "other.example".into(), uri: "https://other.example".into() };
    Medkey::new(person, world.deployment(), origin)
}

#[tokio::test]
async fn a_passkey_opens_the_vault_and_the_wallet_is_asked_nothing() {
    let world = World::start().await.unwrap();
    let (member, _) = patient(&world).await;
    let before = member.hand().transactions();
    assert_eq!(add_passkey(&member).await, [PasskeyPrompt::Make, PasskeyPrompt::Check, PasskeyPrompt::Check]);
    assert_eq!(member.hand().transactions() - before, 1);
    let slots = member.app.list_slots(&member.me).await.unwrap();
    assert_eq!(
        slots.iter().map(|slot| (slot.opens, slot.here)).collect::<Vec<_>>(),
        [(Opens::Wallet(member.address()), true), (Opens::Passkey { used_here: true }, true)]
    );
    assert!(slots.iter().all(|slot| slot.made.is_some_and(|made| made <= now(&member.app))));

    member.app.lock().await.unwrap();
    assert_eq!(member.app.ways_in().await.unwrap(), Ways { wallet_is_known: true, passkey: PasskeyWay::Known });
    let (me, prompts) = unlock(&member.app).await;
    assert_eq!(prompts, [Prompt::Passkey]);
    let member = Member { app: member.app, me: me.unwrap() };
    assert_eq!(titles(&member.records().await), ["Letter"]);
    member.add("More", b"more", Category::General).await;
}

#[tokio::test]
async fn a_device_that_gives_the_secret_at_once_is_asked_for_it_once_more() {
    let world = World::start().await.unwrap();
    let (member, _) = patient(&world).await;
    authenticator(&member.app).behave(Mood::Quick);
    assert_eq!(add_passkey(&member).await, [PasskeyPrompt::Make, PasskeyPrompt::Check]);
    unlock(&member.app).await.0.unwrap();
}

#[tokio::test]
async fn a_new_device_with_the_same_passkeys_signs_in_first() {
    let world = World::start().await.unwrap();
    let (member, _) = patient(&world).await;
    add_passkey(&member).await;
    let person = member.app.ports().elsewhere().with_authenticator(authenticator(&member.app).clone());
    let app = app_of(&world, person);
    assert_eq!(app.ways_in().await.unwrap(), Ways { wallet_is_known: false, passkey: PasskeyWay::Possible });
    let (me, prompts) = unlock(&app).await;
    assert_eq!(prompts, [Prompt::SignIn, Prompt::Passkey]);
    let new = Member { app, me: me.unwrap() };
    assert_eq!(titles(&new.records().await), ["Letter"]);
    new.app.lock().await.unwrap();
    assert_eq!(unlock(&new.app).await.1, [Prompt::Passkey], "from now on it is known");

    let fresh = app_of(&world, new.app.ports().elsewhere());
    hand(&fresh).decline(true);
    let (declined, prompts) = unlock(&fresh).await;
    assert_eq!(declined.unwrap_err(), UnlockError::Fault(Fault::Wallet(WalletError::Declined)));
    assert_eq!(prompts, [Prompt::SignIn]);
}

#[tokio::test]
async fn what_a_device_refuses_leaves_no_slot_and_says_why() {
    let world = World::start().await.unwrap();
    let (member, _) = patient(&world).await;
    let device = authenticator(&member.app).clone();
    let card = member.me.card();
    type Says = fn(&EnrolPasskeyError) -> bool;
    let cases: [(Mood, Says); 6] = [
        (Mood::Cancels, |error| *error == EnrolPasskeyError::Passkey(PasskeyError::Declined)),
        (Mood::CancelsLater, |error| *error == EnrolPasskeyError::Passkey(PasskeyError::Declined)),
        (Mood::NoSecret, |error| *error == EnrolPasskeyError::Passkey(PasskeyError::NoSecret)),
        (Mood::Absent, |error| *error == EnrolPasskeyError::Passkey(PasskeyError::Unsupported)),
        (Mood::Fickle, |error| matches!(error, EnrolPasskeyError::NotRepeatable(_))),
        (Mood::LongIds, |error| *error == EnrolPasskeyError::TooLong),
    ];
    for (mood, is_said) in cases {
        device.behave(mood);
        let refused = member.app.enrol_passkey(&member.me, |_| {}).await.unwrap_err();
        assert!(is_said(&refused), "{refused}");
        assert_eq!(device.holds(), 0, "{refused}: no passkey is left that opens nothing");
        member.app.refresh_card(&member.me).await.unwrap();
        assert_eq!(member.me.card(), card);
    }
    assert_eq!(member.app.ways_in().await.unwrap().passkey, PasskeyWay::None);

    // Whoever declines in the wallet tries the same passkey again.
    device.behave(Mood::Willing);
    let enrolled = member.app.enrol_passkey(&member.me, |_| {}).await.unwrap();
    member.hand().decline(true);
    let declined = member.app.add_passkey(&member.me, &enrolled, QUIET).await.unwrap_err();
    assert_eq!(declined, Fault::Wallet(WalletError::Declined));
    assert_eq!(member.app.ways_in().await.unwrap().passkey, PasskeyWay::None);
    member.hand().decline(false);
    member.app.add_passkey(&member.me, &enrolled, QUIET).await.unwrap();
    unlock(&member.app).await.0.unwrap();

    let twice = member.app.enrol_passkey(&member.me, |_| {}).await.unwrap_err();
    assert_eq!(twice, EnrolPasskeyError::Passkey(PasskeyError::Exists));
    assert_eq!(device.holds(), 1);

    // Whoever thinks better of it before the wallet has confirmed leaves nothing.
    let (second, _) = join(stranger(&world, SECOND), Joining::Patient).await;
    let enrolled = second.app.enrol_passkey(&second.me, |_| {}).await.unwrap();
    second.app.give_up_passkey(enrolled).await;
    assert_eq!(authenticator(&second.app).holds(), 0);
}

#[tokio::test]
async fn a_passkey_that_is_gone_or_another_opens_nothing_and_the_wallet_does() {
    let world = World::start().await.unwrap();
    let (member, _) = patient(&world).await;
    add_passkey(&member).await;
    let device = authenticator(&member.app).clone();
    member.app.lock().await.unwrap();

    device.behave(Mood::Cancels);
    assert_eq!(unlock(&member.app).await.0.unwrap_err(), UnlockError::Passkey(PasskeyError::Declined));
    device.behave(Mood::Willing);
    device.corrupt();
    assert_eq!(unlock(&member.app).await.0.unwrap_err(), UnlockError::OldPasskey);
    device.delete_all();
    assert_eq!(unlock(&member.app).await.0.unwrap_err(), UnlockError::Passkey(PasskeyError::Declined));
    let me = member.app.unlock(|_| {}).await.unwrap();
    assert_eq!(titles(&Member { app: member.app, me }.records().await), ["Letter"]);
}

#[tokio::test]
async fn whoever_never_made_one_is_told_so() {
    let world = World::start().await.unwrap();
    let (member, _) = patient(&world).await;
    assert_eq!(member.app.ways_in().await.unwrap().passkey, PasskeyWay::None, "the wallet's slot is the only one");
    let (none, prompts) = unlock(&member.app).await;
    assert_eq!((none.unwrap_err(), prompts.as_slice()), (UnlockError::NoPasskey, [Prompt::SignIn].as_slice()));
}

#[tokio::test]
async fn a_removed_passkey_opens_nothing_on_any_device() {
    let world = World::start().await.unwrap();
    let (member, _) = patient(&world).await;
    add_passkey(&member).await;
    let device = authenticator(&member.app).clone();
    let app = app_of(&world, member.app.ports().elsewhere().with_authenticator(device.clone()));
    unlock(&app).await.0.unwrap();

    let slots = member.app.list_slots(&member.me).await.unwrap();
    member.hand().decline(true);
    let declined = member.app.remove_slot(&member.me, slots[1].link, QUIET).await.unwrap_err();
    assert_eq!(declined, Fault::Wallet(WalletError::Declined));
    assert_eq!(device.holds(), 1);
    member.hand().decline(false);
    member.app.remove_slot(&member.me, slots[1].link, QUIET).await.unwrap();
    assert_eq!(member.app.list_slots(&member.me).await.unwrap(), slots[..1]);
    assert_eq!(device.holds(), 0, "the device was told");
    // Once more changes nothing.
    member.app.remove_slot(&member.me, slots[1].link, QUIET).await.unwrap();

    app.lock().await.unwrap();
    assert_eq!(unlock(&app).await.0.unwrap_err(), UnlockError::NoPasskey);
    app.unlock(|_| {}).await.unwrap();
}

#[tokio::test]
async fn a_renewed_vault_wants_its_passkeys_anew() {
    let world = World::start().await.unwrap();
    let (member, _) = patient(&world).await;
    add_passkey(&member).await;
    let (member, _) = member.renewed().await;
    assert_eq!(member.me.card().block.body.slots.len(), 1);
    member.app.lock().await.unwrap();
    assert_eq!(member.app.ways_in().await.unwrap().passkey, PasskeyWay::None);
    let me = member.app.unlock(|_| {}).await.unwrap();
    let member = Member { app: member.app, me };
    add_passkey(&member).await;
    assert_eq!(authenticator(&member.app).holds(), 1, "in the place of the one before");
    member.app.lock().await.unwrap();
    assert_eq!(unlock(&member.app).await.1, [Prompt::Passkey]);
}

#[tokio::test]
async fn slots_of_two_sites_and_a_passkey_stand_side_by_side() {
    let world = World::start().await.unwrap();
    let (here, code) = patient(&world).await;
    add_passkey(&here).await;
    let device = authenticator(&here.app).clone();

    // The recovery code opens at another site, where neither the wallet nor the passkey do.
    let person = here.app.ports().elsewhere().with_authenticator(device.clone());
    let app = at_another_site(&world, person);
    let me = app.recover(here.address(), &code).await.unwrap();
    assert!(app.list_slots(&me).await.unwrap().iter().all(|slot| !slot.here));
    let wallet = app.enrol_wallet(|_| {}).await.unwrap();
    app.add_slot(&me, &wallet, QUIET).await.unwrap();
    let there = Member { app, me };
    assert_eq!(add_passkey(&there).await.len(), 3, "a passkey is for one site");
    let listed = there.app.list_slots(&there.me).await.unwrap();
    assert_eq!(listed.iter().map(|slot| slot.here).collect::<Vec<_>>(), [false, false, true, true]);
    assert_eq!(listed[0].domain, world.origin().domain);

    for app in [&here.app, &there.app] {
        app.lock().await.unwrap();
        app.unlock(|_| {}).await.unwrap();
        app.lock().await.unwrap();
        assert_eq!(unlock(app).await.1, [Prompt::Passkey]);
    }

    // The same wallet on the same site again takes the place of what it had, and of nothing else.
    let wallet = there.app.enrol_wallet(|_| {}).await.unwrap();
    there.app.add_slot(&there.me, &wallet, QUIET).await.unwrap();
    let again = there.app.list_slots(&there.me).await.unwrap();
    let links = |slots: &[medkey_client::list_slots::KnownSlot]| slots.iter().map(|slot| slot.link).collect::<Vec<_>>();
    assert_eq!(links(&again)[..3], [links(&listed)[0], links(&listed)[1], links(&listed)[3]]);
    assert_eq!(again.len(), 4);
}
