//! Rings, manifests, envelopes and reasons as the people of the journey use them.

use medkey_crypto::{
    FolderKey, IdentityKey, OpenError, PublicKey, RecordKey, SealError,
    envelope::{self, GrantedKey, HandedKey, Introduction},
    manifest::{self, Filing, Meta, Reader, RecordKind, Stored},
    notebook::Pages,
    reason::{self, Asking},
    ring::{self, FolderName},
};
use medkey_protocol::{
    Digest, FolderId, Link, Scope,
    blocks::{Block, Body, BodyLink, Manifest, Ring},
    ids::{DAG_PB, Fixed},
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{DEPLOYMENT, DOCTOR, LABORATORY, Stream, chart, root};

pub(crate) fn patient() -> IdentityKey {
    root(1).identity()
}

pub(crate) fn doctor() -> IdentityKey {
    root(2).identity()
}

pub(crate) fn laboratory() -> IdentityKey {
    root(3).identity()
}

pub(crate) fn folder() -> FolderId {
    [0x0f; 32].into()
}

pub(crate) fn meta(length: u64) -> Meta {
    Meta {
        title: "Lipid panel".into(),
        kind: RecordKind {
            system: "http://loinc.org".into(),
            code: "24331-1".into(),
            display: "Lipid 1996 panel".into(),
        },
        media_type: "application/pdf".into(),
        file_name: "lipids.pdf".into(),
        created: "2026-11-16T08:12:00Z".into(),
        effective: Some("2026-11-15T07:30:00Z".into()),
        length,
        salt: Fixed([0x5a; 32]),
        amends: None,
        answers: None,
        confirms: None,
    }
}

pub(crate) fn stored() -> Stored {
    Stored {
        id: [0x1d; 32].into(),
        body: BodyLink { link: Link::of(DAG_PB, b"body"), size: 618 },
        content: [0xcc; 32],
        origin: None,
    }
}

pub(crate) fn name() -> FolderName {
    FolderName { name: "Travel".into(), sensitive: true }
}

pub(crate) fn introduction() -> Introduction {
    Introduction { name: "Anna Berg".into(), birth_date: "1984-07-02".into(), request: Some(Digest::of(b"request")) }
}

pub(crate) fn asking() -> Asking {
    Asking { words: "Second opinion before the operation".into(), folders: vec![folder()], days: Some(30) }
}

pub(crate) fn pages() -> Pages {
    let mut pages = Pages::default();
    pages.write("renewed", &1234_u64).unwrap();
    pages.write("other", &"kept as it is").unwrap();
    pages
}

pub(crate) fn link<B: Body>(block: &Block<B>) -> Link {
    block.encode().unwrap().link()
}

pub(crate) fn first_ring(rng: &mut Stream) -> (Block<Ring>, FolderKey) {
    ring::make_ring(&chart(), &root(1), folder(), Some(&name()), rng).unwrap()
}

/// By the laboratory, into the folder's epoch, with a copy for itself.
pub(crate) fn delivered(folder_key: &PublicKey, key: &RecordKey, rng: &mut Stream) -> Block<Manifest> {
    let (context, owner, author) = (chart(), patient(), laboratory());
    let filing = Filing {
        context: &context,
        author: LABORATORY,
        folder: folder(),
        epoch: 0,
        owner_key: owner.public(),
        folder_key,
        author_key: Some(author.public()),
    };
    manifest::make_manifest(&filing, &stored(), key, &meta(80), rng).unwrap()
}

#[test]
fn readers_open_past_and_future_epochs_from_one_seed() {
    let mut rng = Stream::new("epochs");
    let (mut zero, key0) = first_ring(&mut rng);
    assert!(ring::open_ring(&zero, &doctor()).is_err());
    ring::add_reader(&mut zero, &key0, doctor().public(), &mut rng).unwrap();
    ring::add_reader(&mut zero, &key0, laboratory().public(), &mut rng).unwrap();
    ring::add_reader(&mut zero, &key0, doctor().public(), &mut rng).unwrap();
    assert_eq!(zero.body.seeds.len(), 2);
    assert_eq!(ring::open_ring(&zero, &doctor()).unwrap().public(), key0.public());

    // The laboratory is revoked.
    let readers = [doctor().public().clone()];
    let (one, key1) = ring::renew_ring(&root(1), &zero, link(&zero), &key0, &readers, &mut rng).unwrap();
    let (two, key2) = ring::renew_ring(&root(1), &one, link(&one), &key1, &readers, &mut rng).unwrap();
    assert_eq!((one.body.epoch, one.body.previous), (1, Some(link(&zero))));
    assert_eq!((two.body.epoch, two.body.previous), (2, Some(link(&one))));
    assert!(ring::open_ring(&one, &laboratory()).is_err());
    assert_eq!(ring::readers(&two.body).collect::<Vec<_>>(), [doctor().public().id()]);

    let newest = ring::open_ring(&two, &doctor()).unwrap();
    assert_eq!(newest.public(), key2.public());
    let before = ring::open_previous(&two, &newest, &one).unwrap();
    let first = ring::open_previous(&one, &before, &zero).unwrap();
    assert_eq!(first.public(), key0.public());
    assert!(ring::open_previous(&zero, &first, &zero).is_err());
    assert!(ring::open_previous(&two, &newest, &zero).is_err());
    assert!(ring::open_previous(&one, &newest, &zero).is_err());

    // The owner needs no seed, and a new root takes over from the old one.
    assert_eq!(ring::derive_key(&two.body, &root(1)).unwrap().public(), key2.public());
    assert!(ring::derive_key(&two.body, &root(9)).is_err());
    let (three, key3) = ring::renew_ring(&root(9), &two, link(&two), &key2, &[], &mut rng).unwrap();
    assert_eq!(ring::derive_key(&three.body, &root(9)).unwrap().public(), key3.public());
    assert_eq!(ring::open_previous(&three, &key3, &two).unwrap().public(), key2.public());
    assert_eq!(ring::open_name(&three, &key3), Ok(name()));
    assert_eq!(ring::public_key(&three.body).as_ref(), Ok(key3.public()));
}

#[test]
fn a_retried_epoch_has_another_key() {
    let mut rng = Stream::new("retry");
    let (zero, key) = first_ring(&mut rng);
    let (one, _) = ring::renew_ring(&root(1), &zero, link(&zero), &key, &[], &mut rng).unwrap();
    let (again, _) = ring::renew_ring(&root(1), &zero, link(&zero), &key, &[], &mut rng).unwrap();
    assert_eq!(one.body.epoch, again.body.epoch);
    assert_ne!(one.body.key, again.body.key);
}

#[test]
fn a_renamed_folder_keeps_its_epoch_and_its_readers() {
    let mut rng = Stream::new("rename");
    let (mut ring, key) = first_ring(&mut rng);
    ring::add_reader(&mut ring, &key, doctor().public(), &mut rng).unwrap();
    let before = ring.clone();
    let renamed = FolderName { name: "Journeys".into(), sensitive: false };
    ring::rename_ring(&mut ring, &key, &renamed, &mut rng).unwrap();
    assert_eq!(ring::open_name(&ring, &ring::open_ring(&ring, &doctor()).unwrap()), Ok(renamed.clone()));
    assert_eq!(ring.body.seeds, before.body.seeds);
    assert_eq!((ring.body.epoch, &ring.body.key), (before.body.epoch, &before.body.key));

    // The same name once more is other bytes of the same length, and so is any other.
    let once = ring.body.name.clone().unwrap();
    ring::rename_ring(&mut ring, &key, &renamed, &mut rng).unwrap();
    let again = ring.body.name.clone().unwrap();
    assert_ne!(once.enc, again.enc);
    assert_eq!(once.ct.0.len(), before.body.name.unwrap().ct.0.len());

    // It goes along to the next epoch, and not with the key of another folder.
    let (next, next_key) = ring::renew_ring(&root(1), &ring, link(&ring), &key, &[], &mut rng).unwrap();
    assert_eq!(ring::open_name(&next, &next_key), Ok(renamed.clone()));
    assert_eq!(ring::open_name(&next, &key), Err(OpenError));
    let mismatch = ring::rename_ring(&mut ring, &next_key, &renamed, &mut rng);
    assert!(matches!(mismatch, Err(SealError::Mismatch)));
}

#[test]
fn a_seed_for_another_ring_is_refused() {
    let mut rng = Stream::new("seeds");
    let (zero, key) = first_ring(&mut rng);
    let (mut other, other_key) = ring::make_ring(&chart(), &root(1), [1; 32].into(), None, &mut rng).unwrap();
    assert!(matches!(ring::add_reader(&mut other, &key, doctor().public(), &mut rng), Err(SealError::Mismatch)));
    let renewed = ring::renew_ring(&root(1), &zero, link(&zero), &other_key, &[], &mut rng);
    assert!(matches!(renewed, Err(SealError::Mismatch)));
    assert!(ring::check(&zero.body, &other_key).is_err());
    assert_eq!(ring::open_name(&other, &other_key), Err(OpenError));

    // A seed moved from one ring to another.
    ring::add_reader(&mut other, &other_key, doctor().public(), &mut rng).unwrap();
    let mut moved = zero.clone();
    moved.body.seeds = other.body.seeds;
    assert!(ring::open_ring(&moved, &doctor()).is_err());
}

#[test]
fn a_record_opens_for_owner_folder_author_and_its_own_key() {
    let mut rng = Stream::new("record");
    let (ring, folder_key) = first_ring(&mut rng);
    let key = RecordKey::make(&mut rng);
    let manifest = delivered(&ring::public_key(&ring.body).unwrap(), &key, &mut rng);
    let (owner, author) = (patient(), laboratory());
    let readers = [Reader::Owner(&owner), Reader::Folder(&folder_key), Reader::Author(&author), Reader::Record(&key)];
    for reader in readers {
        let opened = manifest::open_manifest(&manifest, reader).unwrap();
        assert_eq!(opened.key.expose(), key.expose());
        assert_eq!(opened.meta, meta(80));
    }
    assert!(manifest::folder_copy_agrees(&manifest, &folder_key));
    let stranger = doctor();
    let other = RecordKey::make(&mut rng);
    for reader in [Reader::Owner(&stranger), Reader::Author(&owner), Reader::Owner(&author), Reader::Record(&other)] {
        assert!(manifest::open_manifest(&manifest, reader).is_err());
    }
    assert!(manifest.encode().unwrap().bytes.len() < 6 << 10);
}

#[test]
fn an_author_who_gives_patient_and_folder_different_keys_is_noticed() {
    let mut rng = Stream::new("two keys");
    let (_, folder_key) = first_ring(&mut rng);
    let (one, other) = (RecordKey::make(&mut rng), RecordKey::make(&mut rng));
    let mut manifest = delivered(folder_key.public(), &one, &mut rng);
    manifest.body.keys.folder = delivered(folder_key.public(), &other, &mut rng).body.keys.folder;
    assert!(!manifest::folder_copy_agrees(&manifest, &folder_key));
    assert!(manifest::open_manifest(&manifest, Reader::Owner(&patient())).is_ok());
    assert!(manifest::open_manifest(&manifest, Reader::Folder(&folder_key)).is_err());
}

#[test]
fn a_record_is_sealed_again_and_filed_anew_over_the_same_body() {
    let mut rng = Stream::new("again");
    let (_, folder_key) = first_ring(&mut rng);
    let key = RecordKey::make(&mut rng);
    let first = delivered(folder_key.public(), &key, &mut rng);

    // The patient's card changed before the laboratory's transaction.
    let fresh = root(1).folder(folder().bytes(), 1, &[1; 32]);
    let owner = patient();
    let context = chart();
    let filing = Filing {
        context: &context,
        author: LABORATORY,
        folder: folder(),
        epoch: 1,
        owner_key: owner.public(),
        folder_key: fresh.public(),
        author_key: None,
    };
    let again = manifest::make_manifest(&filing, &Stored::of(&first.body), &key, &meta(80), &mut rng).unwrap();
    assert_eq!((again.body.body, again.body.content, again.body.origin), (first.body.body, first.body.content, None));
    assert_ne!(again.body.meta.salt, first.body.meta.salt);
    assert_eq!(manifest::open_manifest(&again, Reader::Folder(&fresh)).unwrap().meta, meta(80));
    assert!(manifest::open_manifest(&again, Reader::Folder(&folder_key)).is_err());
    assert!(manifest::open_manifest(&again, Reader::Author(&laboratory())).is_err());

    // The patient renames it, twice; the origin stays the laboratory's manifest.
    let filing = Filing { author: crate::support::PATIENT, ..filing };
    let renamed = Meta { title: "Cholesterol".into(), ..meta(80) };
    let stored = Stored::again(&first.body, link(&first));
    let second = manifest::make_manifest(&filing, &stored, &key, &renamed, &mut rng).unwrap();
    let third = Stored::again(&second.body, link(&second));
    assert_eq!((second.body.origin, third.origin), (Some(link(&first)), Some(link(&first))));
    let opened = manifest::open_manifest(&second, Reader::Owner(&owner)).unwrap();
    assert_eq!((opened.meta.title.as_str(), opened.key.expose()), ("Cholesterol", key.expose()));
}

#[test]
fn an_envelope_hands_a_folder_or_a_record_to_its_grantee() {
    let mut rng = Stream::new("grants");
    let (ring, folder_key) = first_ring(&mut rng);
    let record = RecordKey::make(&mut rng);
    let mut make = |scope: Scope, key: HandedKey<'_>| {
        let made = envelope::make_envelope(&chart(), DOCTOR, doctor().public(), scope, key, &introduction(), &mut rng);
        made.unwrap()
    };
    let folder_grant = make(folder().into(), HandedKey::Folder(&folder_key));
    let record_grant = make(stored().id.into(), HandedKey::Record(&record));

    let opened = envelope::open_envelope(&folder_grant, &doctor()).unwrap();
    assert_eq!(opened.introduction, introduction());
    let GrantedKey::Folder(key) = opened.key else { panic!("a folder's key") };
    assert_eq!(ring::check(&ring.body, &key), Ok(()));

    let opened = envelope::open_envelope(&record_grant, &doctor()).unwrap();
    let GrantedKey::Record(key) = opened.key else { panic!("a record's key") };
    assert_eq!(key.expose(), record.expose());

    assert!(envelope::open_envelope(&folder_grant, &laboratory()).is_err());
    let size = |block: &Block<_>| block.encode().unwrap().bytes.len();
    assert_eq!(size(&folder_grant), size(&record_grant));
}

#[test]
fn a_reason_is_for_the_patient_alone_and_hides_its_length() {
    let mut rng = Stream::new("reasons");
    let mut make =
        |asking: &Asking| reason::make_reason(&chart(), DOCTOR, patient().public(), asking, &mut rng).unwrap();
    let block = make(&asking());
    assert_eq!(reason::open_reason(&block, &patient()), Ok(asking()));
    assert_eq!(reason::open_reason(&block, &doctor()), Err(OpenError));
    let short = make(&Asking { words: String::new(), folders: vec![], days: None });
    assert_eq!(block.encode().unwrap().bytes.len(), short.encode().unwrap().bytes.len());
    assert_eq!(reason::open_reason(&short, &patient()).unwrap().days, None);
    let long = make(&Asking { words: "x".repeat(600), ..asking() });
    assert_eq!(long.encode().unwrap().bytes.len() - block.encode().unwrap().bytes.len(), 512);
}

#[test]
fn blocks_read_back_after_encoding() {
    let mut rng = Stream::new("coding");
    let (mut ring, key) = first_ring(&mut rng);
    ring::add_reader(&mut ring, &key, doctor().public(), &mut rng).unwrap();
    let manifest = delivered(key.public(), &RecordKey::make(&mut rng), &mut rng);
    let bytes = ring.encode().unwrap().bytes;
    assert_eq!(Block::parse(&bytes, &DEPLOYMENT), Ok(ring));
    let bytes = manifest.encode().unwrap().bytes;
    assert_eq!(Block::parse(&bytes, &DEPLOYMENT), Ok(manifest));
}
