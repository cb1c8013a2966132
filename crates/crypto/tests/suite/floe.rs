//! FLOE: published answers, every tampering, and the segment jobs behind the port.

use std::{cell::RefCell, convert::Infallible};

use medkey_crypto::{
    BodyKey, OpenError, SealError,
    floe::{
        CipherError, Decryptor, Encryptor, HEADER_LENGTH, Parameters, RustSegmentCipher, SEGMENT_OVERHEAD,
        SegmentCipher, SegmentJob,
    },
};
use rand_core::{TryCryptoRng, TryRng};
use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{Stream, pattern, ready, unhex};

const AAD: &[u8] = b"This is AAD";

fn parameters(segment: u32) -> Parameters {
    Parameters::with_segment_length(segment).unwrap()
}

fn key() -> BodyKey {
    BodyKey::from_bytes(&[0; 32])
}

/// Seals as the online interface does: full segments, then a last one that is empty only for an empty plaintext.
pub(crate) fn seal(parameters: Parameters, key: &BodyKey, aad: &[u8], plaintext: &[u8], rng: &mut Stream) -> Vec<u8> {
    let (mut encryptor, header) = Encryptor::start(parameters, key, aad, rng);
    let mut sealed = header.to_vec();
    let mut rest = plaintext;
    while rest.len() > parameters.plain_segment() {
        let (segment, tail) = rest.split_at(parameters.plain_segment());
        sealed.extend(ready(encryptor.seal_segment(&RustSegmentCipher, rng, segment)).unwrap());
        rest = tail;
    }
    sealed.extend(ready(encryptor.seal_last(&RustSegmentCipher, rng, rest)).unwrap());
    sealed
}

pub(crate) fn open(parameters: Parameters, key: &BodyKey, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let header = sealed.get(..HEADER_LENGTH).ok_or(OpenError)?;
    let decryptor = Decryptor::start(parameters, key, aad, header, sealed.len() as u64)?;
    let mut plaintext = Vec::new();
    for number in 0..decryptor.layout().segments() {
        let range = decryptor.layout().sealed_range(number);
        let segment = &sealed[range.start as usize..range.end as usize];
        plaintext.extend(ready(decryptor.open_segment(&RustSegmentCipher, number, segment))?);
    }
    Ok(plaintext)
}

#[test]
fn published_answers_open() {
    let published: Value = serde_json::from_str(include_str!("../../vectors/floe-published.json")).unwrap();
    let vectors = published["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 3);
    for vector in vectors {
        let parameters = parameters(vector["segment"].as_u64().unwrap() as u32);
        let key = BodyKey::from_bytes(&unhex(&vector["key"]).try_into().unwrap());
        let opened = open(parameters, &key, &unhex(&vector["aad"]), &unhex(&vector["ciphertext"]));
        assert_eq!(opened, Ok(unhex(&vector["plaintext"])), "{}", vector["name"]);
    }
}

/// Gives back the IV and the nonces of a published answer, in the order they are asked for.
struct Replay(Vec<u8>);

impl TryRng for Replay {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        panic!("FLOE asks for bytes only")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        panic!("FLOE asks for bytes only")
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        let rest = self.0.split_off(out.len());
        out.copy_from_slice(&std::mem::replace(&mut self.0, rest));
        Ok(())
    }
}

impl TryCryptoRng for Replay {}

#[test]
fn published_answers_are_made() {
    let published: Value = serde_json::from_str(include_str!("../../vectors/floe-published.json")).unwrap();
    for vector in published["vectors"].as_array().unwrap() {
        let parameters = parameters(vector["segment"].as_u64().unwrap() as u32);
        let (ciphertext, plaintext) = (unhex(&vector["ciphertext"]), unhex(&vector["plaintext"]));
        let (header, segments) = ciphertext.split_at(HEADER_LENGTH);
        let segments: Vec<&[u8]> = segments.chunks(parameters.sealed_segment()).collect();
        let nonces: Vec<u8> = segments.iter().flat_map(|segment| segment[4..16].to_vec()).collect();
        let mut rng = Replay([&header[10..42], &nonces].concat());
        let (mut encryptor, made) = Encryptor::start(parameters, &key(), &unhex(&vector["aad"]), &mut rng);
        assert_eq!(made, header);
        let mut pieces = plaintext.chunks(parameters.plain_segment());
        let (last, full) = segments.split_last().unwrap();
        for segment in full {
            let piece = pieces.next().unwrap();
            assert_eq!(ready(encryptor.seal_segment(&RustSegmentCipher, &mut rng, piece)).unwrap(), *segment);
        }
        let piece = pieces.next().unwrap_or_default();
        assert_eq!(ready(encryptor.seal_last(&RustSegmentCipher, &mut rng, piece)).unwrap(), *last);
    }
}

/// Further answers from a folder `floe` in `MEDKEY_EXTRA_VECTORS`: pairs of `…_ct.txt` and `…_pt.txt` in hex.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn further_answers_open() {
    let Some(folder) = std::env::var_os("MEDKEY_EXTRA_VECTORS") else { return };
    let mut opened = 0;
    for entry in std::fs::read_dir(std::path::Path::new(&folder).join("floe")).unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = path.to_str().unwrap().strip_suffix("_ct.txt") else { continue };
        let read = |end| {
            alloy_primitives::hex::decode(std::fs::read_to_string(format!("{name}{end}")).unwrap().trim()).unwrap()
        };
        let segment = if name.contains("lastSeg") { 40 } else { 64 };
        assert_eq!(open(parameters(segment), &key(), AAD, &read("_ct.txt")), Ok(read("_pt.txt")), "{name}");
        opened += 1;
    }
    assert!(opened > 0, "the folder holds no answers");
}

#[test]
fn every_length_comes_back() {
    let mut rng = Stream::new("lengths");
    for segment in [33, 40, 64] {
        for length in 0..=140 {
            let plaintext = pattern(length);
            let sealed = seal(parameters(segment), &key(), AAD, &plaintext, &mut rng);
            assert_eq!(sealed.len() as u64, parameters(segment).sealed_length(length as u64));
            assert_eq!(open(parameters(segment), &key(), AAD, &sealed), Ok(plaintext));
        }
    }
}

#[test]
fn every_flipped_bit_is_refused() {
    let sealed = seal(parameters(64), &key(), AAD, &pattern(80), &mut Stream::new("flips"));
    for flipped in crate::support::flips(&sealed) {
        assert_eq!(open(parameters(64), &key(), AAD, &flipped), Err(OpenError));
    }
}

#[test]
fn every_truncation_and_extension_is_refused() {
    let sealed = seal(parameters(64), &key(), AAD, &pattern(80), &mut Stream::new("truncations"));
    for length in 0..sealed.len() {
        assert_eq!(open(parameters(64), &key(), AAD, &sealed[..length]), Err(OpenError));
    }
    let again = [&sealed[..], &sealed[HEADER_LENGTH..]].concat();
    for length in sealed.len() + 1..=again.len() {
        assert_eq!(open(parameters(64), &key(), AAD, &again[..length]), Err(OpenError));
    }
}

#[test]
fn segments_keep_their_place_and_their_body() {
    let mut rng = Stream::new("places");
    let parameters = parameters(64);
    let one = seal(parameters, &key(), AAD, &pattern(96), &mut rng);
    let other = seal(parameters, &key(), AAD, &pattern(96), &mut rng);
    let segment = |sealed: &[u8], number: usize| sealed[HEADER_LENGTH + 64 * number..][..64].to_vec();
    let put = |numbers: [usize; 3], from: &[u8]| {
        let mut whole = one[..HEADER_LENGTH].to_vec();
        numbers.iter().for_each(|number| whole.extend(segment(from, *number)));
        open(parameters, &key(), AAD, &whole)
    };
    assert_eq!(put([0, 1, 2], &one), Ok(pattern(96)));
    for numbers in [[1, 0, 2], [0, 0, 2], [0, 2, 1], [0, 1, 1]] {
        assert_eq!(put(numbers, &one), Err(OpenError));
    }
    assert_eq!(put([0, 1, 2], &other), Err(OpenError));
}

#[test]
fn another_key_aad_or_segment_length_is_refused() {
    let sealed = seal(parameters(64), &key(), AAD, &pattern(80), &mut Stream::new("contexts"));
    assert_eq!(open(parameters(64), &BodyKey::from_bytes(&[1; 32]), AAD, &sealed), Err(OpenError));
    assert_eq!(open(parameters(64), &key(), b"This is AAE", &sealed), Err(OpenError));
    assert_eq!(open(parameters(64), &key(), b"", &sealed), Err(OpenError));
    assert_eq!(open(parameters(65), &key(), AAD, &sealed), Err(OpenError));
}

#[test]
fn pieces_of_the_wrong_length_are_not_sealed() {
    let mut rng = Stream::new("pieces");
    let (mut encryptor, _) = Encryptor::start(parameters(64), &key(), AAD, &mut rng);
    for length in [0, 31, 33] {
        let sealed = ready(encryptor.seal_segment(&RustSegmentCipher, &mut rng, &pattern(length)));
        assert_eq!(sealed, Err(SealError::WrongPiece));
    }
    let sealed = ready(encryptor.seal_last(&RustSegmentCipher, &mut rng, &pattern(33)));
    assert_eq!(sealed, Err(SealError::WrongPiece));
}

#[test]
fn the_layout_of_a_body_follows_from_its_length() {
    let medkey = Parameters::MEDKEY;
    assert_eq!(medkey.plain_segment(), 262_112);
    assert_eq!(HEADER_LENGTH, 74);
    for plain in [0_u64, 1, 262_111, 262_112, 262_113, 200 << 20] {
        let layout = medkey.layout(medkey.sealed_length(plain)).unwrap();
        assert_eq!(layout.plain_length(), plain);
        assert_eq!(layout.segments(), plain.div_ceil(262_112).max(1));
        let last = layout.segments() - 1;
        assert!(layout.is_last(last));
        assert_eq!(layout.sealed_range(last).end, medkey.sealed_length(plain));
        assert!(layout.sealed_range(last + 1).is_empty());
        assert_eq!(layout.segment_of(plain.saturating_sub(1)), last);
    }
    let impossible = [0, 73, 74, 74 + SEGMENT_OVERHEAD as u64 - 1, u64::MAX];
    assert!(impossible.iter().all(|length| medkey.layout(*length) == Err(OpenError)));
    assert_eq!(Parameters::with_segment_length(32), None);
    assert_eq!(Parameters::with_segment_length(u32::MAX), None);
}

/// Notes the key of every job instead of opening it.
#[derive(Default)]
struct Noting(RefCell<Vec<[u8; 32]>>);

impl SegmentCipher for Noting {
    async fn seal(&self, _: SegmentJob<'_>) -> Result<Vec<u8>, CipherError> {
        Err(CipherError)
    }

    async fn open(&self, job: SegmentJob<'_>) -> Result<Vec<u8>, CipherError> {
        self.0.borrow_mut().push(*job.key.expose());
        Ok(Vec::new())
    }
}

#[test]
fn the_key_changes_every_2_to_the_20_segments() {
    let (_, header) = Encryptor::start(parameters(64), &key(), AAD, &mut Stream::new("rotation"));
    let sealed = HEADER_LENGTH as u64 + 64 * ((1 << 21) + 1);
    let decryptor = Decryptor::start(parameters(64), &key(), AAD, &header, sealed).unwrap();
    let cipher = Noting::default();
    let mut segment = [0; 64];
    segment[..4].fill(0xff);
    for number in [0, (1 << 20) - 1, 1 << 20, (1 << 21) - 1] {
        ready(decryptor.open_segment(&cipher, number, &segment)).unwrap();
    }
    let keys = cipher.0.into_inner();
    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[1], keys[2]);
    assert_eq!(keys[2], keys[3]);
}

#[test]
fn a_cipher_that_fails_seals_nothing() {
    let mut rng = Stream::new("failing");
    let (encryptor, _) = Encryptor::start(parameters(64), &key(), AAD, &mut rng);
    let sealed = ready(encryptor.seal_last(&Noting::default(), &mut rng, b"plain"));
    assert_eq!(sealed, Err(SealError::Cipher));
}
