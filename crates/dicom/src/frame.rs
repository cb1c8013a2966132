//! One frame: found, decoded, and made a picture.

use std::borrow::Cow;

use crate::{
    header::Pixels,
    image::{Colours, Layout},
    refused::Refused,
    window::Window,
};

mod jpeg;
mod jpeg2000;
mod rle;

/// How frames are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    None { big_endian: bool },
    Rle,
    Jpeg,
    Jpeg2000,
}

/// Samples as they are stored, all of a pixel beside each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Samples {
    /// One value for each pixel.
    Single(Vec<i32>),
    /// Red, green, blue.
    Colours(Vec<u8>),
}

impl Samples {
    /// Decodes a frame.
    pub(crate) fn decode(
        bytes: &[u8],
        pixels: &Pixels,
        layout: &Layout,
        compression: Compression,
        frame: u32,
    ) -> Result<Self, Refused> {
        let (stored, planar, coloured) = match compression {
            Compression::None { big_endian } => {
                let mut stored = plain(bytes, pixels, layout, frame)?.to_vec();
                if big_endian && layout.allocated == 16 {
                    stored.chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
                }
                (stored, layout.planar, false)
            }
            Compression::Rle => (rle::decode(&compressed(bytes, pixels, layout, frame)?, layout)?, true, false),
            Compression::Jpeg => (jpeg::decode(&compressed(bytes, pixels, layout, frame)?, layout)?, false, true),
            Compression::Jpeg2000 => {
                let samples = jpeg2000::decode(&compressed(bytes, pixels, layout, frame)?, layout)?;
                return Ok(samples.narrowed(layout));
            }
        };
        if stored.len() != layout.frame_bytes() {
            return Err(Refused::Damaged);
        }
        if layout.samples == 1 {
            let values = if layout.allocated == 8 {
                stored.iter().map(|byte| i32::from(*byte)).collect()
            } else {
                stored.chunks_exact(2).map(|pair| i32::from(u16::from_le_bytes([pair[0], pair[1]]))).collect()
            };
            return Ok(Self::Single(values).narrowed(layout));
        }
        let mut beside = if planar { interleave(&stored, layout.pixels()) } else { stored };
        // The decoder of JPEG has done it already.
        if layout.colours == Colours::Ybr && !coloured {
            beside.chunks_exact_mut(3).for_each(rgb);
        }
        Ok(Self::Colours(beside))
    }

    /// Only the bits that are stored count; the highest is the sign, where there is one.
    fn narrowed(self, layout: &Layout) -> Self {
        let Self::Single(mut values) = self else { return self };
        let unused = 32 - u32::from(layout.stored);
        for value in &mut values {
            let high = (*value as u32) << unused;
            *value = if layout.signed { (high as i32) >> unused } else { (high >> unused) as i32 };
        }
        Self::Single(values)
    }

    /// The smallest and the largest value of a grey frame, after rescaling.
    pub(crate) fn range(&self, layout: &Layout) -> Option<(f64, f64)> {
        let (Self::Single(values), Colours::Grey { .. }) = (self, &layout.colours) else { return None };
        let seen = || values.iter().copied().filter(|value| Some(*value) != layout.padding);
        let (low, high) = match (seen().min(), seen().max()) {
            (Some(low), Some(high)) => (low, high),
            _ => (0, 0),
        };
        let ends = [low, high].map(|value| f64::from(value) * layout.slope + layout.intercept);
        Some((ends[0].min(ends[1]), ends[0].max(ends[1])))
    }

    /// Red, green, blue and opacity of each pixel.
    pub(crate) fn picture(&self, layout: &Layout, window: Window) -> Vec<u8> {
        let turned = |[red, green, blue]: [u8; 3]| match window.inverted {
            true => [255 - red, 255 - green, 255 - blue, 255],
            false => [red, green, blue, 255],
        };
        match (self, &layout.colours) {
            (Self::Single(values), Colours::Palette(palette)) => {
                values.iter().flat_map(|value| turned(palette.colour(*value))).collect()
            }
            (Self::Single(values), colours) => {
                let negative = matches!(colours, Colours::Grey { white_first: true });
                let window = Window { inverted: window.inverted != negative, ..window };
                let grey = |value: &i32| window.grey(f64::from(*value) * layout.slope + layout.intercept);
                values.iter().map(grey).flat_map(|grey| [grey, grey, grey, 255]).collect()
            }
            (Self::Colours(bytes), _) => {
                bytes.chunks_exact(3).flat_map(|pixel| turned([pixel[0], pixel[1], pixel[2]])).collect()
            }
        }
    }
}

fn plain<'a>(bytes: &'a [u8], pixels: &Pixels, layout: &Layout, frame: u32) -> Result<&'a [u8], Refused> {
    let Pixels::Plain(range) = pixels else { return Err(Refused::Damaged) };
    let start = (layout.frame_bytes() as u64).checked_mul(frame.into()).and_then(|start| usize::try_from(start).ok());
    let all = bytes.get(range.clone()).ok_or(Refused::Truncated)?;
    let rest = start.and_then(|start| all.get(start..)).ok_or(Refused::Truncated)?;
    rest.get(..layout.frame_bytes()).ok_or(Refused::Truncated)
}

/// The parts of one frame, put together.
fn compressed<'a>(bytes: &'a [u8], pixels: &Pixels, layout: &Layout, frame: u32) -> Result<Cow<'a, [u8]>, Refused> {
    /// Each part has a tag and a length before it.
    const BEFORE: usize = 8;
    let Pixels::Parts { offsets, parts } = pixels else { return Err(Refused::Damaged) };
    let (at, frames) = (frame as usize, layout.frames as usize);
    let mine = if frames == 1 {
        &parts[..]
    } else if parts.len() == frames {
        parts.get(at..=at).ok_or(Refused::Truncated)?
    } else if offsets.len() == frames {
        let zero = parts.first().map(|part| part.start - BEFORE).ok_or(Refused::Truncated)?;
        let index = |offset: &u32| parts.partition_point(|part| part.start - BEFORE < zero + *offset as usize);
        let start = offsets.get(at).map(index).ok_or(Refused::Truncated)?;
        let end = offsets.get(at + 1).map_or(parts.len(), index);
        parts.get(start..end).ok_or(Refused::Damaged)?
    } else {
        return Err(Refused::Truncated);
    };
    let part = |range: &std::ops::Range<usize>| bytes.get(range.clone()).ok_or(Refused::Truncated);
    match mine {
        [] => Err(Refused::Truncated),
        [one] => part(one).map(Cow::Borrowed),
        several => {
            let all: Result<Vec<&[u8]>, Refused> = several.iter().map(part).collect();
            Ok(Cow::Owned(all?.concat()))
        }
    }
}

/// First all red, then all green, then all blue: put beside each other.
fn interleave(planes: &[u8], pixels: usize) -> Vec<u8> {
    let (red, rest) = planes.split_at(pixels.min(planes.len()));
    let (green, blue) = rest.split_at(pixels.min(rest.len()));
    red.iter().zip(green).zip(blue).flat_map(|((red, green), blue)| [*red, *green, *blue]).collect()
}

/// YCbCr of ITU-R BT.601 at full range (PS3.3, C.7.6.3.1.2).
fn rgb(pixel: &mut [u8]) {
    let [y, cb, cr] = [pixel[0], pixel[1], pixel[2]].map(f32::from);
    let (cb, cr) = (cb - 128.0, cr - 128.0);
    let colours = [y + 1.402 * cr, y - 0.344_14 * cb - 0.714_14 * cr, y + 1.772 * cb];
    // Numbers outside of a byte become its ends.
    pixel.iter_mut().zip(colours).for_each(|(byte, colour)| *byte = colour.round() as u8);
}
