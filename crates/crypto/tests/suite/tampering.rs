//! Whatever is changed in a block, whoever it is meant for notices.

use medkey_crypto::{
    Context, RecordKey,
    card::{is_root_of, make_card, make_slot, open_former, open_slot, recover_root},
    envelope::{self, HandedKey},
    manifest::{self, Reader},
    notebook, offer, reason, ring,
    vault::{self, RecoveryCode},
};
use medkey_protocol::{
    blocks::{Block, Body, Card, Envelope, Header, Manifest, Notebook, Passkey, Reason, Ring, Slot},
    ids::{Fixed, Octets},
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::{
    blocks::{asking, delivered, doctor, first_ring, folder, introduction, laboratory, link, patient},
    support::{DEPLOYMENT, DOCTOR, LABORATORY, Stream, chart, other_contexts, root, some_flips},
};

/// Asserts that `opens` is true of the block, and of no block with a flipped bit or moved elsewhere.
fn only_whole<B: Body + Clone + PartialEq + std::fmt::Debug>(block: &Block<B>, opens: impl Fn(&Block<B>) -> bool) {
    assert!(opens(block));
    let bytes = block.encode().unwrap().bytes;
    for flipped in some_flips(&bytes) {
        if let Ok(read) = Block::parse(&flipped, &DEPLOYMENT) {
            assert!(!opens(&read), "{read:?}");
        }
    }
    for context in other_contexts() {
        let Context { chain, contract, subject } = context;
        let moved = Block { header: Header { chain, contract, subject, ..block.header }, body: block.body.clone() };
        assert!(!opens(&moved));
    }
    if let Some(party) = block.header.party {
        let other = if party == DOCTOR { LABORATORY } else { DOCTOR };
        let moved = Block { header: block.header.with_party(other), body: block.body.clone() };
        assert!(!opens(&moved));
    }
}

#[test]
fn of_a_slot() {
    let mut rng = Stream::new("tampered slot");
    let message = vault::wallet::unlock_message(&crate::vault::site(), crate::vault::sign("").0).unwrap();
    let (account, signature) = crate::vault::sign(&message);
    let key = vault::WalletKey::from_signature(&message, account, &signature).unwrap();
    let slot: Block<Slot> = make_slot(&chart(), "medkey.example", &root(1), &key, &mut rng);
    // The domain only tells which message to sign: with another, the wallet's signature would not fit.
    only_whole(&slot, |slot| {
        slot.body.domain == "medkey.example" && open_slot(slot, &key).is_ok_and(|opened| opened.expose() == &[1; 32])
    });
}

#[test]
fn of_a_passkeys_slot() {
    let mut rng = Stream::new("tampered passkey slot");
    let key = crate::vault::passkey_key();
    let mut slot: Block<Slot> = make_slot(&chart(), "medkey.example", &root(1), &key, &mut rng);
    slot.body.passkey = Some(Passkey { id: Octets(vec![7; 16]), salt: Fixed([6; 32]) });
    slot.body.made = Some(1_795_161_600);
    let whole = slot.body.clone();
    // Domain, id and salt only tell which passkey is asked for what: with others, its secret would not fit.
    only_whole(&slot, |slot| {
        let Slot { domain, account, passkey, made, .. } = &slot.body;
        let asks = (domain, account, passkey, made) == (&whole.domain, &None, &whole.passkey, &whole.made);
        asks && open_slot(slot, &key).is_ok_and(|opened| opened.expose() == &[1; 32])
    });
}

#[test]
fn of_a_card() {
    let mut rng = Stream::new("tampered card");
    let code = RecoveryCode::make(&mut rng);
    let mut card: Block<Card> = make_card(&chart(), &root(1), &code, &mut rng);
    card.body.former = vec![vault::lock(&root(2), &root(1), &chart(), &mut rng)];
    only_whole(&card, |card| {
        let unchanged = card.body.generation == 0;
        let former = open_former(card, &root(1));
        unchanged && former.is_ok() && recover_root(card, &code).is_ok_and(|opened| is_root_of(&card.body, &opened))
    });
}

#[test]
fn of_a_ring() {
    let mut rng = Stream::new("tampered ring");
    let (mut zero, key0) = first_ring(&mut rng);
    ring::add_reader(&mut zero, &key0, doctor().public(), &mut rng).unwrap();
    let readers = [doctor().public().clone()];
    let (one, key1) = ring::renew_ring(&root(1), &zero, link(&zero), &key0, &readers, &mut rng).unwrap();
    let reader = doctor();
    only_whole(&one, |one: &Block<Ring>| {
        ring::derive_key(&one.body, &root(1)).is_ok()
            && ring::open_ring(one, &reader).is_ok()
            && ring::open_name(one, &key1).is_ok()
            && ring::open_previous(one, &key1, &zero).is_ok()
    });
}

#[test]
fn of_a_manifest() {
    let mut rng = Stream::new("tampered manifest");
    let (_, folder_key) = first_ring(&mut rng);
    let block = delivered(folder_key.public(), &RecordKey::make(&mut rng), &mut rng);
    let (owner, author) = (patient(), laboratory());
    only_whole(&block, |block: &Block<Manifest>| {
        manifest::open_manifest(block, Reader::Owner(&owner)).is_ok()
            && manifest::open_manifest(block, Reader::Folder(&folder_key)).is_ok()
            && manifest::open_manifest(block, Reader::Author(&author)).is_ok()
    });
}

#[test]
fn of_an_envelope() {
    let mut rng = Stream::new("tampered envelope");
    let (_, key) = first_ring(&mut rng);
    let grantee = doctor();
    let block: Block<Envelope> = envelope::make_envelope(
        &chart(),
        DOCTOR,
        grantee.public(),
        folder().into(),
        HandedKey::Folder(&key),
        &introduction(),
        &mut rng,
    )
    .unwrap();
    only_whole(&block, |block| envelope::open_envelope(block, &grantee).is_ok());
}

#[test]
fn of_an_offer() {
    let mut rng = Stream::new("tampered offer");
    let (_, key) = first_ring(&mut rng);
    let (id, handed) = (crate::offer::ID, HandedKey::Folder(&key));
    let block: Block<Envelope> =
        offer::make_offer(&chart(), &root(1), id, folder().into(), handed, &introduction(), &mut rng).unwrap();
    only_whole(&block, |block| offer::open_offer(block, &root(1).offer(&id)).is_ok());
}

#[test]
fn of_a_claim() {
    let mut rng = Stream::new("tampered claim");
    let (grantee, secret) = (doctor(), root(1).offer(&crate::offer::ID));
    let block: Block<Envelope> =
        offer::make_claim(&chart(), DOCTOR, grantee.public(), folder().into(), &secret, &mut rng).unwrap();
    only_whole(&block, |block| offer::open_claim(block, &grantee).is_ok());
}

#[test]
fn of_a_reason() {
    let mut rng = Stream::new("tampered reason");
    let owner = patient();
    let block: Block<Reason> = reason::make_reason(&chart(), DOCTOR, owner.public(), &asking(), &mut rng).unwrap();
    only_whole(&block, |block| reason::open_reason(block, &owner).is_ok());
}

#[test]
fn of_a_notebook() {
    let mut rng = Stream::new("tampered notebook");
    let pages = crate::blocks::pages();
    let block: Block<Notebook> = notebook::make_notebook(&chart(), &root(1), (3, 7), &pages, &mut rng).unwrap();
    only_whole(&block, |block| notebook::open_notebook(block, &root(1)).is_ok());
    assert!(notebook::open_notebook(&block, &root(2)).is_err());

    // Neither counter nor generation can be made to look newer.
    for (generation, counter) in [(3, 8), (4, 7)] {
        let mut newer = block.clone();
        (newer.body.generation, newer.body.counter) = (generation, counter);
        assert!(notebook::open_notebook(&newer, &root(1)).is_err());
    }
}

#[test]
fn one_sealed_key_is_not_taken_for_another() {
    let mut rng = Stream::new("swaps");
    let (_, folder_key) = first_ring(&mut rng);
    let key = RecordKey::make(&mut rng);
    let block = delivered(folder_key.public(), &key, &mut rng);
    let (owner, author) = (patient(), laboratory());
    let mut swapped = block.clone();
    swapped.body.keys.author = Some(block.body.keys.owner.clone());
    swapped.body.keys.owner = block.body.keys.author.clone().unwrap();
    assert!(manifest::open_manifest(&swapped, Reader::Owner(&author)).is_err());
    assert!(manifest::open_manifest(&swapped, Reader::Author(&owner)).is_err());

    // Meta and keys of another manifest over the same record.
    let again = delivered(folder_key.public(), &RecordKey::make(&mut rng), &mut rng);
    let mut swapped = block.clone();
    swapped.body.meta = again.body.meta;
    assert!(manifest::open_manifest(&swapped, Reader::Owner(&owner)).is_err());
    let mut swapped = block;
    swapped.body.keys = again.body.keys;
    assert!(manifest::open_manifest(&swapped, Reader::Owner(&owner)).is_err());
}
