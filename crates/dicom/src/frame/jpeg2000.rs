//! JPEG 2000, lossless and not.

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use super::Samples;
use crate::{image::Layout, refused::Refused};

/// Where a code stream says whether its samples have a sign, and their precision (ISO/IEC 15444-1, A.5.1).
const SSIZ: usize = 42;

/// The frame; colours are red, green and blue.
pub(super) fn decode(bytes: &[u8], layout: &Layout) -> Result<Samples, Refused> {
    let settings = DecodeSettings { resolve_palette_indices: false, ..DecodeSettings::default() };
    let image = Image::new(bytes, &settings).map_err(|_| Refused::Damaged)?;
    if (image.width(), image.height()) != (layout.columns.into(), layout.rows.into()) {
        return Err(Refused::Damaged);
    }
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|_| Refused::Damaged)?;
    if decoded.components().iter().any(|component| component.samples().len() != layout.pixels()) {
        return Err(Refused::Damaged);
    }
    match (layout.samples, decoded.components()) {
        (1, [grey]) => {
            // The decoder lifts all values by half of their range, also those with a sign.
            let lifted = match bytes.get(SSIZ) {
                Some(said) if bytes.starts_with(&[0xff, 0x4f, 0xff, 0x51]) && said & 0x80 != 0 => {
                    1_i32 << (said & 0x1f)
                }
                _ => 0,
            };
            Ok(Samples::Single(grey.samples().iter().map(|value| value.round() as i32 - lifted).collect()))
        }
        (3, [_, _, _]) => Ok(Samples::Colours(decoded.data_u8())),
        _ => Err(Refused::Layout),
    }
}
