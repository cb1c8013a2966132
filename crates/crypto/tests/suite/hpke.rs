//! HPKE written out by hand from RFC 9180 and SPEC.md, to show that the specification suffices to interoperate.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use medkey_crypto::reason;
use medkey_protocol::blocks::Sealed;
use sha2::{Digest, Sha256};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use x_wing::{Decapsulate, Decapsulator, KeyExport};

use crate::{
    blocks::{asking, patient},
    support::{DOCTOR, Stream, chart},
};

fn lp(fields: &[&[u8]]) -> Vec<u8> {
    fields.iter().flat_map(|field| [&(field.len() as u32).to_be_bytes(), *field].concat()).collect()
}

/// KEM 0x647a, KDF 0x0001, AEAD 0x0002.
const SUITE: &[u8] = b"HPKE\x64\x7a\x00\x01\x00\x02";

fn labeled_extract(salt: &[u8], label: &[u8], ikm: &[u8]) -> Hkdf<Sha256> {
    Hkdf::new(Some(salt), &[b"HPKE-v1", SUITE, label, ikm].concat())
}

fn extracted(salt: &[u8], label: &[u8], ikm: &[u8]) -> Vec<u8> {
    Hkdf::<Sha256>::extract(Some(salt), &[b"HPKE-v1", SUITE, label, ikm].concat()).0.to_vec()
}

fn labeled_expand<const N: usize>(prk: &Hkdf<Sha256>, label: &[u8], context: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    prk.expand(&[&(N as u16).to_be_bytes(), b"HPKE-v1".as_slice(), SUITE, label, context].concat(), &mut out).unwrap();
    out
}

/// SetupBaseR and one Open.
fn open_by_hand(seed: [u8; 32], info: &[u8], aad: &[u8], sealed: &Sealed) -> Vec<u8> {
    let private = x_wing::DecapsulationKey::from(seed);
    let public = private.encapsulation_key().to_bytes();
    assert_eq!(sealed.key.0, Sha256::digest(public)[..8]);
    let shared = private.decapsulate(&sealed.enc.0.as_slice().try_into().unwrap());
    let context = [&[0][..], &extracted(b"", b"psk_id_hash", b""), &extracted(b"", b"info_hash", info)].concat();
    let secret = labeled_extract(&shared, b"secret", b"");
    let key: [u8; 32] = labeled_expand(&secret, b"key", &context);
    let nonce: [u8; 12] = labeled_expand(&secret, b"base_nonce", &context);
    let payload = Payload { msg: &sealed.ct.0, aad };
    Aes256Gcm::new(&key.into()).decrypt(&nonce.into(), payload).unwrap()
}

#[test]
fn a_reason_opens_by_the_letter_of_the_specification() {
    let mut rng = Stream::new("by hand");
    let block = reason::make_reason(&chart(), DOCTOR, patient().public(), &asking(), &mut rng).unwrap();

    let mut seed = [0; 32];
    Hkdf::<Sha256>::new(None, &[1; 32]).expand(&lp(&[b"medkey", &[1], b"identity"]), &mut seed).unwrap();
    let at = chart();
    let chain = at.chain.to_be_bytes();
    let place: [&[u8]; 3] = [&chain, at.contract.as_slice(), at.subject.as_slice()];
    let info = lp(&[&[b"medkey".as_slice(), &[1], b"seal reason"], &place[..]].concat());
    let aad = lp(&[&[b"medkey".as_slice(), &[1], b"reason"], &place[..], &[DOCTOR.as_slice()]].concat());

    let padded = open_by_hand(seed, &info, &aad, &block.body.sealed);
    assert_eq!(padded.len() % 512, 0);
    let length = u32::from_be_bytes(padded[..4].try_into().unwrap()) as usize;
    assert_eq!(padded[4], 0xa3, "a DAG-CBOR map of three");
    assert!(padded[4..4 + length].windows(14).any(|text| text == b"Second opinion"));
    assert!(padded[4 + length..].iter().all(|byte| *byte == 0));
}
