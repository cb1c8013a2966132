//! Keys differ by everything that they should differ by, and show nothing of themselves.

use medkey_crypto::{
    Context, RecordKey, RootSecret,
    content::ContentHasher,
    envelope,
    fingerprint::fingerprint,
    floe,
    manifest::OpenedManifest,
    vault::{self, RecoveryCode, WalletKey, wallet},
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{Stream, chart, root};

#[test]
fn a_root_gives_the_same_keys_again_and_another_root_others() {
    let (one, other) = (root(1), root(2));
    assert_eq!(one.identity().public(), root(1).identity().public());
    assert_ne!(one.identity().public(), other.identity().public());
    assert_eq!(one.sign_in().public(), root(1).sign_in().public());
    assert_ne!(one.sign_in().public(), other.sign_in().public());
}

#[test]
fn a_folders_key_depends_on_id_epoch_and_salt() {
    let key = |id: u8, epoch, salt: u8| root(1).folder(&[id; 32], epoch, &[salt; 32]).public().clone();
    assert_eq!(key(1, 0, 1), key(1, 0, 1));
    let keys = [key(1, 0, 1), key(2, 0, 1), key(1, 1, 1), key(1, 0, 2), root(1).identity().public().clone()];
    for (at, one) in keys.iter().enumerate() {
        assert!(keys[at + 1..].iter().all(|other| one != other));
    }
}

#[test]
fn the_sign_in_key_signs_challenges() {
    use ed25519_dalek::{Signature, VerifyingKey};
    let key = root(1).sign_in();
    let public = VerifyingKey::from_bytes(&key.public()).unwrap();
    let signature = Signature::from_bytes(&key.sign(b"challenge"));
    assert!(public.verify_strict(b"challenge", &signature).is_ok());
    assert!(public.verify_strict(b"another", &signature).is_err());
}

#[test]
fn nothing_secret_is_printed() {
    let mut rng = Stream::new("debug");
    let root = RootSecret::make(&mut rng);
    let record = RecordKey::make(&mut rng);
    let code = RecoveryCode::make(&mut rng);
    let context: Context = chart();
    let locked = vault::lock(&root, &code, &context, &mut rng);
    let folder = root.folder(&[1; 32], 0, &[1; 32]);
    let (encryptor, header) = floe::Encryptor::start(floe::Parameters::MEDKEY, &record.body(), b"", &mut rng);
    let decryptor = floe::Decryptor::start(floe::Parameters::MEDKEY, &record.body(), b"", &header, 200).unwrap();
    let message = wallet::unlock_message(&crate::vault::site(), crate::support::PATIENT).unwrap();
    let (account, signature) = crate::vault::sign(&message);
    let wallet = WalletKey::from_signature(&message, account, &signature).unwrap();
    let shown = [
        format!("{root:?}"),
        format!("{:?}", root.identity()),
        format!("{:?}", root.sign_in()),
        format!("{folder:?}"),
        format!("{record:?}"),
        format!("{:?}", record.body()),
        format!("{code:?}"),
        format!("{:?}", code.signing_key()),
        format!("{:?}", root.offer(&[1; 32])),
        format!("{wallet:?}"),
        format!("{encryptor:?}"),
        format!("{decryptor:?}"),
        format!("{:?}", envelope::GrantedKey::Folder(folder)),
        format!("{:?}", OpenedManifest { key: record, meta: crate::blocks::meta(1) }.key),
        format!("{locked:?}").split(',').next_back().unwrap().trim().to_owned(),
    ];
    let expected = [
        "RootSecret(secret)",
        "IdentityKey(secret)",
        "SignInKey(secret)",
        "FolderKey(secret)",
        "RecordKey(secret)",
        "BodyKey(secret)",
        "RecoveryCode(secret)",
        "ChainKey(secret)",
        "OfferSecret(secret)",
        "WalletKey(secret)",
        "Encryptor { next: 0, .. }",
        "Decryptor { layout: Layout { segment: 262144, segments: 1, sealed: 200 }, .. }",
        "Folder(FolderKey(secret))",
        "RecordKey(secret)",
        "ct: 48 bytes }",
    ];
    assert_eq!(shown.each_ref().map(String::as_str), expected);
}

#[test]
fn the_content_hasher_prints_no_plaintext() {
    let mut hasher = ContentHasher::new(&[0; 32]);
    hasher.update(b"anamnesis");
    assert!(!format!("{hasher:?}").contains("anamnesis"));
}

#[test]
fn words_of_a_key_are_four_and_its_own() {
    let one = fingerprint(root(1).identity().public());
    assert_eq!(one, fingerprint(root(1).identity().public()));
    assert_ne!(one, fingerprint(root(2).identity().public()));
    let parts: Vec<&str> = one.split('-').collect();
    assert_eq!(parts.len(), 4);
    assert!(parts[..3].iter().all(|word| (3..=8).contains(&word.len())));
    assert!(parts[3].len() == 2 && parts[3].parse::<u8>().is_ok());
}

#[test]
fn the_word_list_has_256_different_words() {
    let mut words: Vec<&str> = include_str!("../../src/fingerprint/words.txt").lines().collect();
    assert_eq!(words.len(), 256);
    assert!(words.is_sorted());
    words.dedup();
    assert_eq!(words.len(), 256);
    assert!(words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())));
}
