//! Run lengths (PS3.5, annex G): each byte of each sample is a segment of its own.

use crate::{image::Layout, refused::Refused};

const HEADER: usize = 64;

/// The frame with its samples one plane after the other, each as little endian.
pub(super) fn decode(bytes: &[u8], layout: &Layout) -> Result<Vec<u8>, Refused> {
    let (pixels, wide) = (layout.pixels(), usize::from(layout.allocated / 8));
    let segments = usize::from(layout.samples) * wide;
    let word = |at: usize| {
        let word = bytes.get(4 * at..4 * at + 4)?;
        Some(u32::from_le_bytes([word[0], word[1], word[2], word[3]]) as usize)
    };
    if word(0) != Some(segments) || segments > 15 {
        return Err(Refused::Damaged);
    }
    let mut frame = vec![0; layout.frame_bytes()];
    for segment in 0..segments {
        let start = word(1 + segment).filter(|start| *start >= HEADER).ok_or(Refused::Damaged)?;
        let end = if segment + 1 < segments { word(2 + segment).ok_or(Refused::Damaged)? } else { bytes.len() };
        let packed = bytes.get(start..end).ok_or(Refused::Truncated)?;
        // The most significant byte comes first; here it goes last.
        let (sample, place) = (segment / wide, wide - 1 - segment % wide);
        let plane = frame.get_mut(sample * pixels * wide..(sample + 1) * pixels * wide).ok_or(Refused::Damaged)?;
        unpack(packed, plane.iter_mut().skip(place).step_by(wide)).ok_or(Refused::Truncated)?;
    }
    Ok(frame)
}

/// Fills all places, or says that there is too little.
fn unpack<'a>(mut packed: &[u8], mut places: impl ExactSizeIterator<Item = &'a mut u8>) -> Option<()> {
    while places.len() > 0 {
        let (control, rest) = packed.split_first()?;
        // In two's complement.
        match i8::from_le_bytes([*control]) {
            -128 => packed = rest,
            literal @ 0.. => {
                let count = literal as usize + 1;
                let (bytes, rest) = rest.split_at_checked(count)?;
                for (place, byte) in places.by_ref().take(count).zip(bytes) {
                    *place = *byte;
                }
                packed = rest;
            }
            repeated => {
                let (byte, rest) = rest.split_first()?;
                places.by_ref().take(1 + usize::from(repeated.unsigned_abs())).for_each(|place| *place = *byte);
                packed = rest;
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked(packed: &[u8], length: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; length];
        unpack(packed, bytes.iter_mut())?;
        Some(bytes)
    }

    #[test]
    fn literals_and_runs() {
        assert_eq!(unpacked(&[2, 7, 8, 9, 0xfe, 5, 0x80, 0, 1], 7), Some(vec![7, 8, 9, 5, 5, 5, 1]));
    }

    #[test]
    fn a_run_ends_with_the_frame_and_too_little_is_refused() {
        assert_eq!(unpacked(&[0x81, 3], 4), Some(vec![3; 4]));
        assert_eq!(unpacked(&[2, 7, 8], 3), None);
        assert_eq!(unpacked(&[0xff], 2), None);
        assert_eq!(unpacked(&[], 1), None);
    }
}
