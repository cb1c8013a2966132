//! What a device keeps is read again by the same member, and by nobody else.

use medkey_crypto::kept::KeptKey;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{Stream, chart, other_contexts, root};

const WORDS: &[u8] = b"Chest feels tight on stairs.";

fn key() -> KeptKey {
    KeptKey::derive(&root(1), &chart(), "draft treatment")
}

#[test]
fn what_is_kept_is_read_again() {
    let rng = &mut Stream::new("kept");
    for text in [&b""[..], WORDS, &[7; 3000]] {
        let sealed = key().seal(text, rng).unwrap();
        assert_eq!(*key().open(&sealed).unwrap(), text);
        // How much was written shows in steps only.
        assert_eq!((sealed.len() - 32 - 16) % 512, 0);
    }
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused() {
    let sealed = key().seal(WORDS, &mut Stream::new("kept")).unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut wrong = sealed.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        assert!(key().open(&wrong).is_err(), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert!(key().open(&sealed[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn another_member_deployment_or_thing_has_another_key_and_another_name() {
    let sealed = key().seal(WORDS, &mut Stream::new("kept")).unwrap();
    let others = other_contexts().map(|context| KeptKey::derive(&root(1), &context, "draft treatment"));
    let others = others.into_iter().chain([
        KeptKey::derive(&root(2), &chart(), "draft treatment"),
        KeptKey::derive(&root(1), &chart(), "index 0"),
    ]);
    for other in others {
        assert!(other.open(&sealed).is_err());
        assert_ne!(other.name(), key().name());
    }
}

#[test]
fn nothing_of_a_key_is_shown() {
    assert_eq!(format!("{:?}", key()), "KeptKey(secret)");
}
