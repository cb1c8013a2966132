//! Bodies of records: one pass, padded, bound to chart and record.

use medkey_crypto::{
    Context, OpenError, RecordKey, SealError,
    body::{self, BodyOpener, BodySealer},
    content::ContentHasher,
    floe::{HEADER_LENGTH, RustSegmentCipher},
    padding,
};
use medkey_protocol::RecordId;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{Stream, chart, other_contexts, pattern, ready};

const SALT: [u8; 32] = [9; 32];

fn id() -> RecordId {
    [5; 32].into()
}

fn seal(key: &RecordKey, plaintext: &[u8], rng: &mut Stream) -> (Vec<u8>, [u8; 32]) {
    let (mut sealer, header) = BodySealer::start(&chart(), &id(), key, plaintext.len() as u64, &SALT, rng);
    let mut sealed = header.to_vec();
    let mut rest = plaintext;
    while let Some(wanted) = sealer.wanted() {
        let (segment, tail) = rest.split_at(wanted);
        sealed.extend(ready(sealer.seal(&RustSegmentCipher, rng, segment)).unwrap());
        rest = tail;
    }
    (sealed, sealer.finish().unwrap())
}

fn open(context: &Context, id: &RecordId, key: &RecordKey, sealed: &[u8], length: u64) -> Result<Vec<u8>, OpenError> {
    let opener = BodyOpener::start(context, id, key, &sealed[..HEADER_LENGTH], sealed.len() as u64, length)?;
    let mut plaintext = Vec::new();
    for number in 0..opener.segments() {
        let range = opener.sealed_range(number);
        let segment = &sealed[range.start as usize..range.end as usize];
        plaintext.extend(ready(opener.open(&RustSegmentCipher, number, segment))?);
    }
    Ok(plaintext)
}

#[test]
fn every_kind_of_length_comes_back() {
    let mut rng = Stream::new("bodies");
    let key = RecordKey::make(&mut rng);
    for length in [0, 1, 511, 512, 513, 262_111, 262_112, 262_113, 600_000, 3 << 20] {
        let plaintext = pattern(length);
        let (sealed, content) = seal(&key, &plaintext, &mut rng);
        assert_eq!(sealed.len() as u64, body::sealed_length(length as u64));
        let opened = open(&chart(), &id(), &key, &sealed, length as u64).unwrap();
        assert_eq!(opened, plaintext, "{length}");
        let mut hasher = ContentHasher::new(&SALT);
        opened.chunks(1000).for_each(|chunk| hasher.update(chunk));
        assert_eq!(body::check_content(hasher, &content), Ok(()));
    }
}

#[test]
fn a_body_opens_only_as_its_own_record() {
    let mut rng = Stream::new("own");
    let key = RecordKey::make(&mut rng);
    let (sealed, content) = seal(&key, b"report", &mut rng);
    for context in other_contexts() {
        assert_eq!(open(&context, &id(), &key, &sealed, 6), Err(OpenError));
    }
    assert_eq!(open(&chart(), &[6; 32].into(), &key, &sealed, 6), Err(OpenError));
    assert_eq!(open(&chart(), &id(), &RecordKey::make(&mut rng), &sealed, 6), Err(OpenError));
    // A length that pads to another size, and one that would show padding as text or hide text as padding.
    assert_eq!(open(&chart(), &id(), &key, &sealed, 513), Err(OpenError));
    assert_eq!(open(&chart(), &id(), &key, &sealed, 5), Err(OpenError));
    let mut hasher = ContentHasher::new(&SALT);
    hasher.update(b"report!");
    assert_eq!(body::check_content(hasher, &content), Err(OpenError));
}

#[test]
fn content_depends_on_salt_and_bytes_but_not_on_how_they_arrive() {
    let digest = |salt: u8, bytes: &[u8], step: usize| {
        let mut hasher = ContentHasher::new(&[salt; 32]);
        bytes.chunks(step).for_each(|chunk| hasher.update(chunk));
        hasher.finish()
    };
    let bytes = pattern((2 << 20) + 7);
    let whole = digest(1, &bytes, bytes.len());
    assert_eq!(digest(1, &bytes, 1 << 20), whole);
    assert_eq!(digest(1, &bytes, 99_991), whole);
    assert_ne!(digest(2, &bytes, 1 << 20), whole);
    assert_ne!(digest(1, &bytes[1..], 1 << 20), whole);
}

#[test]
fn a_sealer_takes_what_it_asked_for_and_nothing_else() {
    let mut rng = Stream::new("asked");
    let key = RecordKey::make(&mut rng);
    let (mut sealer, _) = BodySealer::start(&chart(), &id(), &key, 6, &SALT, &mut rng);
    assert_eq!(sealer.wanted(), Some(6));
    assert_eq!(ready(sealer.seal(&RustSegmentCipher, &mut rng, b"short")), Err(SealError::WrongPiece));
    ready(sealer.seal(&RustSegmentCipher, &mut rng, b"report")).unwrap();
    assert_eq!(sealer.wanted(), None);
    assert_eq!(ready(sealer.seal(&RustSegmentCipher, &mut rng, b"")), Err(SealError::WrongPiece));
    let (unfinished, _) = BodySealer::start(&chart(), &id(), &key, 6, &SALT, &mut rng);
    assert_eq!(unfinished.finish(), Err(SealError::WrongPiece));
}

#[test]
fn padded_lengths_are_few_and_near() {
    // Worked from the definition in the paper.
    let known = [(0, 512), (1, 512), (512, 512), (513, 544), (1 << 20, 1 << 20), ((1 << 20) + 1, 1_081_344)];
    for (length, padded) in known {
        assert_eq!(padding::body_length(length), padded, "{length}");
    }
    let mut before = 0;
    for length in (0..5_000_000).step_by(997) {
        let padded = padding::body_length(length);
        assert!(padded >= length && padded >= before);
        assert!(length < 512 || (padded - length) * 100 <= length * 12);
        assert_eq!(padding::body_length(padded), padded);
        before = padded;
    }
}
