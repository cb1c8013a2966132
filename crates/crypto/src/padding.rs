//! Padding hides how long things are: bodies grow to a few coarse lengths, everything small to multiples of 512.

use zeroize::Zeroizing;

use crate::{OpenError, SealError};

/// Small sealed things are padded to multiples of this many bytes.
pub const BLOCK: usize = 512;

/// No body is shorter than this once padded, so that very short notes look alike.
pub const SHORTEST_BODY: u64 = 512;

/// The length to which a body of `length` bytes is padded with zeros: Padmé, and at least [`SHORTEST_BODY`].
///
/// Padmé (Nikitin et al., *Reducing Metadata Leakage from Encrypted Files and Communication with PURBs*, 2019) leaks
/// O(log log n) bits of the length n and adds at most 12 %.
#[must_use]
pub fn body_length(length: u64) -> u64 {
    padme(length).max(SHORTEST_BODY)
}

/// Rounds up so that the last `E - S` bits are zero, `E` being the exponent of the length and `S` the bits of `E`.
fn padme(length: u64) -> u64 {
    if length < 2 {
        return length;
    }
    let exponent = length.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1_u64 << exponent.saturating_sub(kept)) - 1;
    // Lengths within 2^58 of the largest number cannot be rounded up; no such file exists.
    length.saturating_add(mask) & !mask
}

/// `length (4 bytes, big-endian) || bytes || zeros`, up to the next multiple of [`BLOCK`].
pub(crate) fn pad(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let length = u32::try_from(bytes.len()).map_err(|_| SealError::TooLong)?;
    let total = (4 + bytes.len()).next_multiple_of(BLOCK);
    let mut out = Zeroizing::new(Vec::with_capacity(total));
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
    out.resize(total, 0);
    Ok(out)
}

/// Undoes [`pad`]; refuses every other way to pad the same bytes.
pub(crate) fn unpad(padded: &[u8]) -> Result<&[u8], OpenError> {
    let (length, rest) = padded.split_first_chunk::<4>().ok_or(OpenError)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| OpenError)?;
    let (bytes, zeros) = rest.split_at_checked(length).ok_or(OpenError)?;
    let exact = padded.len() == (4 + length).next_multiple_of(BLOCK);
    if exact && zeros.iter().all(|byte| *byte == 0) { Ok(bytes) } else { Err(OpenError) }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn padme_gives_the_lengths_of_the_paper() {
        let known =
            [(0, 0), (1, 1), (2, 2), (8, 8), (9, 10), (17, 18), (100, 104), (1000, 1024), (1_000_001, 1_015_808)];
        for (length, padded) in known {
            assert_eq!(padme(length), padded, "{length}");
        }
    }

    #[test]
    fn padding_comes_off_in_one_way_only() {
        for length in 0..1100 {
            let bytes = vec![7; length];
            let padded = pad(&bytes).unwrap();
            assert_eq!(padded.len() % BLOCK, 0);
            assert_eq!(unpad(&padded), Ok(&bytes[..]));
            let longer = [&padded[..], &[0; BLOCK]].concat();
            assert_eq!(unpad(&longer), Err(OpenError));
            assert_eq!(unpad(&padded[..padded.len() - 1]), Err(OpenError));
        }
        let mut padded = pad(b"text").unwrap().to_vec();
        padded[511] = 1;
        assert_eq!(unpad(&padded), Err(OpenError));
        padded[..4].fill(0xff);
        assert_eq!(unpad(&padded), Err(OpenError));
        assert_eq!(unpad(&[]), Err(OpenError));
    }
}
