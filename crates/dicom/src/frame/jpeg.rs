//! JPEG: baseline, extended, and lossless by prediction.

use jpeg_decoder::{ColorTransform, Decoder, PixelFormat};

use crate::{
    image::{Colours, Layout},
    refused::Refused,
};

/// The frame as it would be stored without compression; colours are red, green and blue.
pub(super) fn decode(bytes: &[u8], layout: &Layout) -> Result<Vec<u8>, Refused> {
    let mut decoder = Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(layout.frame_bytes());
    if layout.samples == 3 {
        let said = if layout.colours == Colours::Rgb { ColorTransform::RGB } else { ColorTransform::YCbCr };
        decoder.set_color_transform(said);
    }
    decoder.read_info().map_err(refused)?;
    let info = decoder.info().ok_or(Refused::Damaged)?;
    let bits = match info.pixel_format {
        PixelFormat::L8 if layout.samples == 1 => 8,
        PixelFormat::L16 if layout.samples == 1 => 16,
        PixelFormat::RGB24 if layout.samples == 3 => 8,
        _ => return Err(Refused::Layout),
    };
    if (info.width, info.height) != (layout.columns, layout.rows) {
        return Err(Refused::Damaged);
    }
    let decoded = decoder.decode().map_err(refused)?;
    // The decoder's pairs are in the order of the machine, as all of this is in little endian.
    Ok(match (bits, layout.allocated) {
        (8, 16) => decoded.into_iter().flat_map(|byte| [byte, 0]).collect(),
        (16, 8) => return Err(Refused::Layout),
        (16, _) => {
            decoded.chunks_exact(2).flat_map(|pair| u16::from_ne_bytes([pair[0], pair[1]]).to_le_bytes()).collect()
        }
        _ => decoded,
    })
}

fn refused(error: jpeg_decoder::Error) -> Refused {
    match error {
        jpeg_decoder::Error::Unsupported(_) => Refused::Compression("a kind of JPEG".to_owned()),
        _ => Refused::Damaged,
    }
}
