//! WebCrypto and the `aes-gcm` crate read each other's segments.

use getrandom::SysRng;
use medkey_browser::WebCryptoCipher;
use medkey_crypto::{
    RecordKey,
    floe::{Decryptor, Encryptor, Parameters, RustSegmentCipher, SegmentCipher},
};
use rand_core::UnwrapErr;
use wasm_bindgen_test::wasm_bindgen_test;

const AAD: &[u8] = b"This is AAD";
const SMALL: u32 = 64;

fn small() -> Parameters {
    Parameters::with_segment_length(SMALL).unwrap()
}

async fn seal(cipher: &impl SegmentCipher, key: &RecordKey, plain: &[u8]) -> Vec<u8> {
    let rng = &mut UnwrapErr(SysRng);
    let (mut sealing, header) = Encryptor::start(small(), &key.body(), AAD, rng);
    let mut sealed = header.to_vec();
    let mut pieces = plain.chunks(small().plain_segment()).peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_some() {
            sealed.extend(sealing.seal_segment(cipher, rng, piece).await.unwrap());
        } else {
            sealed.extend(sealing.seal_last(cipher, rng, piece).await.unwrap());
            break;
        }
    }
    sealed
}

async fn open(cipher: &impl SegmentCipher, key: &RecordKey, sealed: &[u8]) -> Option<Vec<u8>> {
    let (header, _) = sealed.split_at(medkey_crypto::floe::HEADER_LENGTH);
    let opening = Decryptor::start(small(), &key.body(), AAD, header, sealed.len() as u64).unwrap();
    let mut plain = Vec::new();
    for number in 0..opening.layout().segments() {
        let range = opening.layout().sealed_range(number);
        let segment = &sealed[range.start as usize..range.end as usize];
        plain.extend(opening.open_segment(cipher, number, segment).await.ok()?);
    }
    Some(plain)
}

#[wasm_bindgen_test]
async fn both_ciphers_read_each_other() {
    let rng = &mut UnwrapErr(SysRng);
    let web = WebCryptoCipher::default();
    for length in [1, small().plain_segment(), 100] {
        let plain: Vec<u8> = (0..length).map(|byte| byte as u8).collect();
        let key = RecordKey::make(rng);
        let by_web = seal(&web, &key, &plain).await;
        assert_eq!(open(&RustSegmentCipher, &key, &by_web).await.unwrap(), plain);
        let by_rust = seal(&RustSegmentCipher, &key, &plain).await;
        assert_eq!(open(&web, &key, &by_rust).await.unwrap(), plain);
    }
}

#[wasm_bindgen_test]
async fn bodies_in_turn_do_not_mix_up_their_keys() {
    let rng = &mut UnwrapErr(SysRng);
    let web = WebCryptoCipher::default();
    let (one, two) = (RecordKey::make(rng), RecordKey::make(rng));
    let (sealed_one, sealed_two) = (seal(&web, &one, b"one").await, seal(&web, &two, b"two").await);
    assert_eq!(open(&web, &one, &sealed_one).await.unwrap(), b"one");
    assert_eq!(open(&web, &two, &sealed_two).await.unwrap(), b"two");
    assert_eq!(open(&web, &one, &sealed_one).await.unwrap(), b"one");
}

#[wasm_bindgen_test]
async fn a_flipped_bit_is_refused() {
    let key = RecordKey::make(&mut UnwrapErr(SysRng));
    let web = WebCryptoCipher::default();
    let mut sealed = seal(&web, &key, b"plain").await;
    *sealed.last_mut().unwrap() ^= 1;
    assert_eq!(open(&web, &key, &sealed).await, None);
}
