//! A public key in four short words, for two people to compare by voice or in person.

use sha2::{Digest, Sha256};

use crate::{derive::transcript, hpke::PublicKey};

/// 256 English words: short, common, hard to confuse.
const WORDS: &str = include_str!("fingerprint/words.txt");

/// How often the digest is hashed, so that making a key with chosen words costs 2^16 times more.
const ROUNDS: usize = 1 << 16;

/// Three of 256 words and a number below 100: `amber-otter-violin-17`.
///
/// That is 30.6 bits, and each guess costs a forger 2^16 hashes, some 2^46 in all: hours of graphics cards, months of
/// one processor. It shows a key that was swapped by mistake or in passing; against a rich and patient forger the
/// card's digest on chain is the real check.
#[must_use]
pub fn fingerprint(key: &PublicKey) -> String {
    let mut digest = Sha256::digest(transcript("fingerprint", &[key.as_bytes()]));
    for _ in 0..ROUNDS {
        digest = Sha256::digest(digest);
    }
    let words: Vec<&str> = digest[..3].iter().filter_map(|byte| WORDS.lines().nth(usize::from(*byte))).collect();
    let number = digest[3..11].iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte)) % 100;
    format!("{}-{number:02}", words.join("-"))
}
