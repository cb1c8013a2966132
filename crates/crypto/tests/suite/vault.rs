//! The vault's slots: messages, signatures, locks and root generations.

use k256::ecdsa::SigningKey;
use medkey_crypto::{
    OpenError,
    card::{is_root_of, make_card, make_slot, open_former, open_slot, recover_root, renew_card},
    vault::{
        self, PasskeyKey, RecoveryCode, WalletKey,
        passkey::NotRepeatable,
        wallet::{self, SignatureError, Site, SiteError, recover_signer, unlock_message},
    },
};
use medkey_protocol::{Address, B256, ids::Fixed, login};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{DEPLOYMENT, PATIENT, Stream, chart, flips, other_contexts, root};

pub(crate) fn site() -> Site<'static> {
    Site {
        domain: "medkey.example",
        uri: "https://medkey.example",
        chain: DEPLOYMENT.chain,
        contract: DEPLOYMENT.contract,
    }
}

/// What a wallet with the private key of 32 bytes 0x07 answers to `personal_sign`.
pub(crate) fn sign(message: &str) -> (Address, [u8; 65]) {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let hash = alloy_primitives::eip191_hash_message(message);
    let (signature, recovery) = key.sign_prehash_recoverable(hash.as_slice());
    let mut bytes = [0; 65];
    bytes[..64].copy_from_slice(&signature.to_bytes());
    bytes[64] = 27 + recovery.to_byte();
    let point = key.verifying_key().to_sec1_point(false);
    (Address::from_raw_public_key(&point.as_bytes()[1..]), bytes)
}

/// What the PRF of a passkey gives.
pub(crate) fn passkey_key() -> PasskeyKey {
    PasskeyKey::from_output(&[8; 32]).unwrap()
}

fn wallet_key() -> WalletKey {
    let (account, _) = sign("");
    let message = unlock_message(&site(), account).unwrap();
    let (account, signature) = sign(&message);
    WalletKey::from_signature(&message, account, &signature).unwrap()
}

#[test]
fn the_unlock_message_is_always_the_same() {
    let message = unlock_message(&site(), PATIENT).unwrap();
    assert_eq!(
        message,
        "medkey.example wants you to sign in with your Ethereum account:\n\
         0x0101010101010101010101010101010101010101\n\
         \n\
         Unlock my Medkey vault. Whoever has this signature can open my records: sign it only on the site named above.\n\
         \n\
         URI: https://medkey.example\n\
         Version: 1\n\
         Chain ID: 31337\n\
         Nonce: medkeyunlock1\n\
         Issued At: 2026-01-01T00:00:00Z\n\
         Resources:\n\
         - eip155:31337:0xC0C0c0c0C0C0c0c0c0C0c0C0C0C0C0C0C0C0c0c0"
    );
}

#[test]
fn no_login_message_reads_like_an_unlock_message() {
    let site = site();
    let nonce = Fixed([0x5a; 32]);
    let hostile = "2026-01-01T00:00:00Z\n\nUnlock my Medkey vault.";
    let login = login::wallet_text(site.domain, site.uri, PATIENT, &DEPLOYMENT, &nonce, hostile);
    let unlock = unlock_message(&site, PATIENT).unwrap();
    let statement = |message: &str| message.lines().nth(3).map(str::to_owned);
    assert_ne!(statement(&login), statement(&unlock));
}

#[test]
fn a_site_that_would_break_the_lines_is_refused() {
    for text in ["", "two words", "line\nbreak", "umläut.example"] {
        assert_eq!(unlock_message(&Site { domain: text, ..site() }, PATIENT), Err(SiteError));
        assert_eq!(unlock_message(&Site { uri: text, ..site() }, PATIENT), Err(SiteError));
    }
}

/// The example of eth-account's documentation.
#[test]
fn a_published_signature_recovers_to_its_signer() {
    let mut signature = alloy_primitives::hex!(
        "e6ca9bba58c88611fad66a6ce8f996908195593807c4b38bd528d2cff09d4eb33e5bfbbf4d3e39b1a2fd816a7680c19ebebaf3a141b239934ad43cb33fcec8ce1c"
    );
    let signer: Address = "0x5ce9454909639D2D17A3F753ce7d93fa0b9aB12E".parse().unwrap();
    assert_eq!(recover_signer("I♥SF", &signature), Ok(signer));
    signature[64] = 1;
    assert_eq!(recover_signer("I♥SF", &signature), Ok(signer));
    assert_ne!(recover_signer("I♥NY", &signature), Ok(signer));
    for v in [2, 26, 29, 37, 255] {
        signature[64] = v;
        assert_eq!(recover_signer("I♥SF", &signature), Err(SignatureError::Form));
    }
    assert_eq!(recover_signer("I♥SF", &signature[..64]), Err(SignatureError::Form));
    assert_eq!(recover_signer("I♥SF", &[1; 96]), Err(SignatureError::Form));
    assert_eq!(recover_signer("I♥SF", &[0; 65]), Err(SignatureError::Form));
}

#[test]
fn a_wallet_is_enrolled_only_if_it_signs_the_same_twice() {
    let message = unlock_message(&site(), sign("").0).unwrap();
    let (account, signature) = sign(&message);
    assert!(WalletKey::enrol(&message, account, &signature, &signature).is_ok());
    let zero_based = {
        let mut same = signature;
        same[64] -= 27;
        same
    };
    assert!(WalletKey::enrol(&message, account, &signature, &zero_based).is_ok());

    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let hash = alloy_primitives::eip191_hash_message(&message);
    let (salted, recovery) =
        key.sign_prehash_recoverable_with_rng(&mut Stream::new("salted"), hash.as_slice()).unwrap();
    let mut other = [0; 65];
    other[..64].copy_from_slice(&salted.to_bytes());
    other[64] = 27 + recovery.to_byte();
    let refused = WalletKey::enrol(&message, account, &signature, &other).map(|_| ());
    assert_eq!(refused, Err(SignatureError::NotRepeatable));

    let refused = WalletKey::enrol(&message, PATIENT, &signature, &signature).map(|_| ());
    assert_eq!(refused, Err(SignatureError::OtherSigner));
    let refused = WalletKey::from_signature("another", account, &signature).map(|_| ());
    assert_eq!(refused, Err(SignatureError::OtherSigner));
}

#[test]
fn a_passkey_is_enrolled_only_if_it_gives_the_same_twice() {
    let other = PasskeyKey::from_output(&[9; 32]).unwrap();
    assert_eq!(PasskeyKey::enrol(passkey_key(), &passkey_key()).unwrap().expose(), &[8; 32]);
    assert_eq!(PasskeyKey::enrol(passkey_key(), &other).map(|_| ()), Err(NotRepeatable));
    for length in [0, 16, 31, 33, 64] {
        assert!(PasskeyKey::from_output(&vec![8; length]).is_none());
    }
    assert_eq!(format!("{other:?}"), "PasskeyKey(secret)");
}

#[test]
fn a_slot_opens_with_what_it_was_made_for() {
    let mut rng = Stream::new("kinds of slots");
    // The same bytes for another kind of slot are another key.
    let newer = root(8);
    assert_eq!(newer.expose(), passkey_key().expose());
    let passkeys = make_slot(&chart(), "medkey.example", &root(1), &passkey_key(), &mut rng);
    assert_eq!(open_slot(&passkeys, &passkey_key()).unwrap().expose(), &[1; 32]);
    assert!(open_slot(&passkeys, &newer).is_err());
    assert!(open_slot(&passkeys, &wallet_key()).is_err());
    let wallets = make_slot(&chart(), "medkey.example", &root(1), &wallet_key(), &mut rng);
    assert!(open_slot(&wallets, &passkey_key()).is_err());
}

#[test]
fn a_locked_root_opens_only_with_its_key_in_its_place() {
    let mut rng = Stream::new("locks");
    let (wallet, code) = (wallet_key(), RecoveryCode::make(&mut rng));
    let locked = vault::lock(&root(1), &wallet, &chart(), &mut rng);
    assert_eq!(vault::unlock(&locked, &wallet, &chart()).unwrap().expose(), root(1).expose());
    for context in other_contexts() {
        assert!(vault::unlock(&locked, &wallet, &context).is_err());
    }
    assert!(vault::unlock(&locked, &code, &chart()).is_err());
    for ct in flips(&locked.ct.0) {
        let mut flipped = locked.clone();
        flipped.ct.0 = ct;
        assert!(vault::unlock(&flipped, &wallet, &chart()).is_err());
    }
    for salt in flips(&locked.salt.0) {
        let mut flipped = locked.clone();
        flipped.salt.0 = salt.try_into().unwrap();
        assert!(vault::unlock(&flipped, &wallet, &chart()).is_err());
    }
    for length in 0..locked.ct.0.len() {
        let mut short = locked.clone();
        short.ct.0.truncate(length);
        assert!(vault::unlock(&short, &wallet, &chart()).is_err());
    }
    let again = vault::lock(&root(1), &wallet, &chart(), &mut rng);
    assert_ne!((again.salt, again.ct), (locked.salt, locked.ct));
}

#[test]
fn a_card_gives_the_root_to_the_code_and_a_slot_to_the_wallet() {
    let mut rng = Stream::new("card");
    let code = RecoveryCode::make(&mut rng);
    let card = make_card(&chart(), &root(1), &code, &mut rng);
    assert_eq!(card.header.party, Some(code.signing_key().address()));
    assert_eq!(recover_root(&card, &code).unwrap().expose(), root(1).expose());
    let stranger = RecoveryCode::make(&mut rng);
    assert_eq!(recover_root(&card, &stranger).map(|_| ()), Err(OpenError));

    let slot = make_slot(&chart(), "medkey.example", &root(1), &wallet_key(), &mut rng);
    assert!(is_root_of(&card.body, &open_slot(&slot, &wallet_key()).unwrap()));

    // A card that shows other keys than those of the locked root.
    let mut swapped = card.clone();
    swapped.body.identity = make_card(&chart(), &root(2), &code, &mut rng).body.identity;
    assert_eq!(recover_root(&swapped, &code).map(|_| ()), Err(OpenError));
    assert!(!is_root_of(&swapped.body, &root(1)));
}

#[test]
fn former_roots_open_under_the_newest_alone() {
    let mut rng = Stream::new("generations");
    let code = RecoveryCode::make(&mut rng);
    let first = make_card(&chart(), &root(1), &code, &mut rng);
    let second = renew_card(&first, [&root(1)], &root(2), &code, &mut rng).unwrap();
    let newest = RecoveryCode::make(&mut rng);
    let third = renew_card(&second, [&root(2), &root(1)], &root(3), &newest, &mut rng).unwrap();
    assert_eq!([&first, &second, &third].map(|card| card.body.generation), [0, 1, 2]);

    let former = open_former(&third, &root(3)).unwrap();
    assert_eq!(former.iter().map(|root| *root.expose()).collect::<Vec<_>>(), [[2; 32], [1; 32]]);
    assert!(open_former(&third, &root(2)).is_err());
    assert!(open_former(&third, &root(1)).is_err());

    assert!(is_root_of(&third.body, &recover_root(&third, &newest).unwrap()));
    assert_eq!(recover_root(&third, &code).map(|_| ()), Err(OpenError), "the old code opens nothing of the new card");
    assert!(!is_root_of(&third.body, &root(2)));
}

#[test]
fn a_recovered_signature_is_the_codes_own() {
    let code = RecoveryCode::make(&mut Stream::new("move"));
    let key = code.signing_key();
    for byte in 0..32 {
        let hash = [byte; 32];
        let (r, vs) = key.sign(hash.into());
        assert_eq!(wallet::recover_from_hash(&hash, &expanded(r, vs)), Ok(key.address()));
    }
}

/// `r || s || v` of a signature in the compact form of EIP-2098.
pub(crate) fn expanded(r: B256, mut vs: B256) -> [u8; 65] {
    let odd = vs[0] >> 7;
    vs[0] &= 0x7f;
    let mut signature = [0; 65];
    signature[..32].copy_from_slice(r.as_slice());
    signature[32..64].copy_from_slice(vs.as_slice());
    signature[64] = 27 + odd;
    signature
}
