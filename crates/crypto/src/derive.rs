//! Every derived key and every context string of the specification comes from the two functions here.

use hkdf::Hkdf;
use sha2::Sha256;

use crate::secret::SecretBytes;

/// The one version of all formats in this crate.
pub const VERSION: u8 = 1;

/// `lp("medkey") || lp(version) || lp(purpose) || lp(field)…`, where `lp(x)` is the length of `x` in four big-endian
/// bytes followed by `x` (SPEC.md, section 2). No two different lists of fields give the same bytes.
pub(crate) fn transcript(purpose: &str, fields: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for field in [b"medkey".as_slice(), &[VERSION], purpose.as_bytes()].iter().chain(fields) {
        push(&mut out, field);
    }
    out
}

/// Appends one length-prefixed field.
pub(crate) fn push(out: &mut Vec<u8>, field: &[u8]) {
    // Fields are keys, ids and short texts; none comes near four gigabytes.
    out.extend_from_slice(&(field.len() as u32).to_be_bytes());
    out.extend_from_slice(field);
}

/// HKDF-SHA256 (RFC 5869), extract and expand.
#[expect(clippy::expect_used, reason = "the length is checked when compiling")]
pub(crate) fn hkdf<const N: usize>(secret: &[u8], salt: &[u8], info: &[u8]) -> SecretBytes<N> {
    const { assert!(N <= 255 * 32, "HKDF-SHA256 gives at most 8160 bytes") };
    let mut out = SecretBytes::zeroed();
    Hkdf::<Sha256>::new(Some(salt), secret).expand(info, out.expose_mut()).expect("length was checked above");
    out
}
